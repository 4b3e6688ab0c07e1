"""The worklist as a screen: what waits, six at a time, the commonest work first. Pure."""

from __future__ import annotations

from typing import NamedTuple

from backend.views.worklist import Worklist
from bot.screens import Button, Screen
from bot.words.wording import Wording

A_PAGE = 6


class Entry(NamedTuple):
    """One thing that waits: its line, and the button that leads there."""

    line: str
    button: Button


def entries(w: Wording, work: Worklist, base_url: str) -> list[Entry]:
    """Everything that waits, in the order of the roles' daily work."""
    found = []
    for each in work.inspections:
        item = w.name(each.item.name)
        line = w.say(
            "home_inspection", number=each.number, item=item, lot=each.lot_number, answered=each.answered
        )
        text = f"🔎 {each.number} · {each.item.name.in_language(w.language)}"
        found.append(Entry(line, Button(text, ("inspection", each.id))))
    for promise in work.follow_ups:
        line = w.say("home_follow_up", ncr=promise.ncr_number, what=promise.what, due=promise.due_on)
        text = w.say("button_follow_up", ncr=promise.ncr_number)
        found.append(Entry(line, Button(text, ("follow_up", promise.id))))
    for ncr in work.ncrs:
        line = w.say(
            "home_ncr",
            number=ncr.number,
            item=w.name(ncr.item.name),
            characteristic=w.name(ncr.characteristic),
            status=w.one_of("status", ncr.status),
        )
        found.append(Entry(line, Button(f"❗ {ncr.number}", ("ncr", ncr.id))))
    for release in work.releases:
        line = w.say(
            "home_release",
            lot=release.lot_number,
            item=w.name(release.item.name),
            quantity=release.quantity,
            unit=release.unit,
            ready=w.say("release_ready" if release.ready else "release_blocked"),
        )
        url = release_address(base_url, release.receipt_id)
        found.append(Entry(line, Button(f"✍️ {release.lot_number}", url=url)))
    return found


def release_address(base_url: str, receipt_id: str) -> str:
    """The page where a receipt is decided on."""
    return f"{base_url}/#/receipts/{receipt_id}/release"


def home_screen(w: Wording, work: Worklist, first: int, base_url: str) -> Screen:
    """Six of them, from a place."""
    found = entries(w, work, base_url)
    if not found:
        return Screen(w.say("home_empty"))
    first = first if first < len(found) else 0
    page = found[first : first + A_PAGE]
    text = "\n".join([w.say("home"), *(entry.line for entry in page)])
    rows = [[entry.button] for entry in page]
    if first + A_PAGE < len(found):
        rows.append([Button(w.say("button_more"), ("home", str(first + A_PAGE)))])
    elif first:
        rows.append([Button(w.say("button_first"), ("home",))])
    return Screen(text, rows)
