"""The worklist as a screen: what waits, six at a time, the commonest work first. Pure."""

from __future__ import annotations

from typing import NamedTuple

from backend.views.ncrs import NcrLine
from backend.views.worklist import FollowUpLine, InspectionLine, ReleaseLine, Worklist
from bot.screens import Button, Screen
from bot.words.wording import Wording

A_PAGE = 6


class Entry(NamedTuple):
    """One thing that waits: its line, and the button that leads there."""

    line: str
    button: Button


def entries(w: Wording, work: Worklist, base_url: str) -> list[Entry]:
    """Everything that waits, in the order of the roles' daily work."""
    return [
        *(_inspection(w, each) for each in work.inspections),
        *(_follow_up(w, each) for each in work.follow_ups),
        *(_ncr(w, each) for each in work.ncrs),
        *(_release(w, each, base_url) for each in work.releases),
    ]


def _inspection(w: Wording, of: InspectionLine) -> Entry:
    item = w.name(of.item.name)
    key = "home_inspection_mine" if of.mine else "home_inspection"
    line = w.say(key, number=of.number, item=item, lot=of.lot_number, answered=of.answered)
    text = w.say("button_inspection", number=of.number, item=item)
    return Entry(line, Button(text, ("inspection", of.id)))


def _follow_up(w: Wording, of: FollowUpLine) -> Entry:
    line = w.say("home_follow_up", ncr=of.ncr_number, what=of.what, due=of.due_on)
    return Entry(line, Button(w.say("button_follow_up", ncr=of.ncr_number), ("follow_up", of.id)))


def _ncr(w: Wording, of: NcrLine) -> Entry:
    line = w.say(
        "home_ncr",
        number=of.number,
        item=w.name(of.item.name),
        characteristic=w.name(of.characteristic) if of.characteristic is not None else of.what,
        status=w.one_of("status", of.status),
    )
    return Entry(line, Button(w.say("button_ncr", number=of.number), ("ncr", of.id)))


def _release(w: Wording, of: ReleaseLine, base_url: str) -> Entry:
    line = w.say(
        "home_release",
        lot=of.lot_number,
        item=w.name(of.item.name),
        quantity=of.quantity,
        unit=of.unit,
        ready=w.say("release_ready" if of.ready else "release_blocked"),
    )
    url = release_address(base_url, of.receipt_id)
    return Entry(line, Button(w.say("button_release", lot=of.lot_number), url=url))


def release_address(base_url: str, receipt_id: str) -> str:
    """The page where a receipt is decided on."""
    return f"{base_url}/#/receipts/{receipt_id}/release"


def home_screen(w: Wording, work: Worklist, first: int, base_url: str) -> Screen:
    """Six of them, from a place."""
    found = entries(w, work, base_url)
    if not found:
        ways = [Button(w.say("button_wishes"), ("wishes",)), Button(w.say("button_language"), ("languages",))]
        return Screen(w.say("home_empty"), [ways])
    first = first if first < len(found) else 0
    page = found[first : first + A_PAGE]
    text = "\n".join([w.say("home"), *(entry.line for entry in page)])
    rows = [[entry.button] for entry in page]
    if first + A_PAGE < len(found):
        rows.append([Button(w.say("button_more"), ("home", str(first + A_PAGE)))])
    else:
        if work.inspections_more:
            text += "\n" + w.say("home_more", more=work.inspections_more)
        if first:
            rows.append([Button(w.say("button_first"), ("home",))])
    return Screen(text, rows)
