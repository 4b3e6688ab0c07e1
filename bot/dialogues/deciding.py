"""The screens of a nonconformity report and of a follow-up: contain, decide, promise, keep. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from backend.domain.ncrs import DISPOSITION_STEP
from backend.views.lots import LotLine
from backend.views.ncrs import NcrReport, PersonRef
from backend.views.worklist import FollowUpLine
from bot.screens import Button, Screen, rows_of
from bot.talk import NcrShown
from bot.words.wording import Wording

DUE_DAYS = (3, 7, 14)
PEOPLE_A_PAGE = 5


def ncr_text(w: Wording, ncr: NcrReport) -> str:
    """What is known of it."""
    if ncr.reading is None or ncr.limits is None or ncr.characteristic is None:
        said = w.say(
            "ncr_reported",
            number=ncr.number,
            severity=w.one_of("severity", ncr.severity),
            status=w.one_of("status", ncr.status),
            item=w.name(ncr.item.name),
            lot=ncr.lot_number,
            quantity=ncr.quantity,
            unit=ncr.unit,
            what=ncr.what,
            by=ncr.opened_by,
            due=ncr.due_on,
        )
        return "\n".join([said, *_done(w, ncr)])
    lines: list[str] = [
        w.say(
            "ncr",
            number=ncr.number,
            severity=w.one_of("severity", ncr.severity),
            status=w.one_of("status", ncr.status),
            item=w.name(ncr.item.name),
            lot=ncr.lot_number,
            quantity=ncr.quantity,
            unit=ncr.unit,
            characteristic=w.name(ncr.characteristic),
            entered=ncr.reading.entered,
            reading_unit=ncr.limits.unit,
            limits=w.limits(ncr.limits.lower, ncr.limits.upper),
            by=ncr.reading.by,
            due=ncr.due_on,
        )
    ]
    return "\n".join([*lines, *_done(w, ncr)])


def _done(w: Wording, ncr: NcrReport) -> list[str]:
    """What was done about it so far."""
    lines: list[str] = []
    if ncr.owner:
        lines.append(w.say("ncr_owner", owner=ncr.owner))
    if ncr.containment:
        lines.append(w.say("ncr_containment", text=ncr.containment))
    if ncr.disposition:
        word = w.one_of("disposition", ncr.disposition)
        lines.append(w.say("ncr_disposition", disposition=word, text=ncr.justification))
    for each in ncr.follow_ups:
        done = "✔️" if each.done_at else ""
        lines.append(
            w.say("ncr_follow_up", what=each.what, owner=each.owner.name, due=each.due_on, done=done)
        )
    return lines


def ncr_screen(w: Wording, ncr: NcrReport, step: NcrShown, today: date) -> Screen:
    """The report, and what is asked next."""
    asking = _ASKING.get(step.asking)
    text = ncr_text(w, ncr)
    if asking is None:
        return Screen(text, _ways(w, ncr))
    question, rows = asking(w, ncr, step, today)
    planned = [
        w.say("ncr_follow_up", what=p.what, owner=_name(ncr.people, p.owner_id), due=p.due_on, done="…")
        for p in step.planned
    ]
    rows = [*rows, [Button(w.say("button_stop"), ("ncr", ncr.id))]]
    return Screen("\n".join([text, *planned, "", question]), rows)


def _ways(w: Wording, ncr: NcrReport) -> list[list[Button]]:
    """What can be done with it now."""
    contain = Button(w.say("button_contain"), ("contain", ncr.id))
    decide = Button(w.say("button_decide"), ("decide", ncr.id))
    close = Button(w.say("button_close_ncr"), ("close", ncr.id))
    by_status = {"open": [contain, decide], "contained": [decide], "disposed": [close]}
    first = by_status.get(ncr.status, [])
    return [*([first] if first else []), [Button(w.say("button_home"), ("home",))]]


Question = tuple[str, list[list[Button]]]


def _containment(w: Wording, ncr: NcrReport, step: NcrShown, today: date) -> Question:
    return w.say("ask_containment"), []


def _disposition(w: Wording, ncr: NcrReport, step: NcrShown, today: date) -> Question:
    choices = [Button(w.one_of("disposition", each), ("disposition", each)) for each in DISPOSITION_STEP]
    return w.say("ask_disposition", quantity=ncr.quantity, unit=ncr.unit), rows_of(choices)


def _justification(w: Wording, ncr: NcrReport, step: NcrShown, today: date) -> Question:
    return w.say("ask_justification", disposition=w.one_of("disposition", step.disposition or "")), []


def _more(w: Wording, ncr: NcrReport, step: NcrShown, today: date) -> Question:
    yes = Button(w.say("button_follow_up_yes"), ("promise",))
    no = Button(w.say("button_no_follow_up"), ("dispose",))
    return w.say("ask_follow_up"), [[yes], [no]]


def _what(w: Wording, ncr: NcrReport, step: NcrShown, today: date) -> Question:
    return w.say("ask_what"), []


def _owner(w: Wording, ncr: NcrReport, step: NcrShown, today: date) -> Question:
    first = step.first if step.first < len(ncr.people) else 0
    page = ncr.people[first : first + PEOPLE_A_PAGE]
    rows = rows_of([Button(person.name, ("owner", person.id)) for person in page])
    if len(ncr.people) > PEOPLE_A_PAGE:
        rows.append([Button(w.say("button_more"), ("owners", str(first + PEOPLE_A_PAGE)))])
    return w.say("ask_owner", what=step.what), rows


def _due(w: Wording, ncr: NcrReport, step: NcrShown, today: date) -> Question:
    days = [(count, (today + timedelta(days=count)).isoformat()) for count in DUE_DAYS]
    rows = rows_of([Button(w.say("button_days", days=c, day=day), ("due", day)) for c, day in days])
    return w.say("ask_due", what=step.what, owner=_name(ncr.people, step.owner)), rows


_ASKING = {
    "containment": _containment,
    "disposition": _disposition,
    "justification": _justification,
    "more": _more,
    "what": _what,
    "owner": _owner,
    "due": _due,
}


def _name(people: list[PersonRef], person_id: str) -> str:
    return next((person.name for person in people if person.id == person_id), "?")


def outcome_screen(w: Wording, promise: FollowUpLine) -> Screen:
    """What came of it?"""
    text = w.say("ask_outcome", what=promise.what, ncr=promise.ncr_number)
    return Screen(text, [[Button(w.say("button_later"), ("home",))]])


def missing_screen(w: Wording, lot: LotLine) -> Screen:
    """What is missing before the release can be decided on?"""
    text = w.say("ask_missing", lot=lot.number, item=w.name(lot.item.name))
    return Screen(text, [[Button(w.say("button_later"), ("home",))]])
