"""Answering an inspection in chat: one item at a time, each answer recorded at once."""

from __future__ import annotations

import msgspec

from backend.actions.record_results import Entry, RecordResults, record_results
from backend.domain.answering import Recorded
from backend.domain.errors import Refused, Stale
from backend.views.inspections import inspection_sheet
from bot.dialogues.inspecting import chooses_gauge, echo, item_of, too_many
from bot.handlers.inspection_screens import go_on, open_inspection, tell_ncrs
from bot.talk import Asked, At, Doubted, Evidence, Home, Judging, ReadOff
from bot.turn import Turn

DOUBTS = ("unit_converted", "value_implausible", "value_out_of_limits", "number_ambiguous")


async def typed_answer(turn: Turn, step: Asked, text: str) -> None:
    """A reading, a count, or words that still need a verdict; before them a gauge's code where one is asked for."""
    sheet = await inspection_sheet(turn.read, step.at.inspection, turn.who.person_id)
    if not chooses_gauge(item_of(sheet, step.at.item), step.at):
        await answer(turn, step.at, text)
        return
    code = text.strip().casefold()
    gauge = next((each for each in sheet.gauges if each.code.casefold() == code), None)
    if gauge is None:
        turn.tell("gauge_unknown", text=text)
    else:
        turn.talk.step = msgspec.structs.replace(step, at=msgspec.structs.replace(step.at, gauge=gauge.id))


async def choose_gauge(turn: Turn, gauge_id: str) -> None:
    """The gauge for this answer, and for those that follow; "" to choose another."""
    step = turn.talk.step
    if isinstance(step, Asked):
        turn.talk.step = msgspec.structs.replace(step, at=msgspec.structs.replace(step.at, gauge=gauge_id))


async def answer(turn: Turn, at: At, entered: str) -> None:
    """Record what was entered; a failing count goes on to photo and reason first."""
    sheet = await inspection_sheet(turn.read, at.inspection, turn.who.person_id)
    item = item_of(sheet, at.item)
    kind = item.characteristic.kind
    if kind == "text" and entered.strip():
        turn.talk.step = Judging(at, entered)
    elif kind == "attribute" and item.reading is None and too_many(item, entered):
        turn.talk.step = Evidence(at, entered)
    else:
        await record(turn, at, entered)


async def retyped(turn: Turn, step: Doubted, text: str) -> None:
    """Typed instead of pressed: it is the reading again."""
    await answer(turn, msgspec.structs.replace(step.at), text)


async def typed_reason(turn: Turn, step: Evidence, text: str) -> None:
    """The reason of a failing answer."""
    await record(turn, step.at, step.entered, confirmed=True, conforming=step.conforming, note=text)


async def judged_again(turn: Turn, step: Judging, text: str) -> None:
    """Typed instead of pressed: the words again."""
    turn.talk.step = Judging(step.at, text)


async def record(
    turn: Turn,
    at: At,
    entered: str,
    *,
    confirmed: bool = False,
    conforming: bool = True,
    note: str | None = None,
) -> None:
    """Record one answer and go on; what the rules question is asked back."""
    entry = Entry(
        item_key=at.item,
        entered=entered,
        confirmed=confirmed,
        conforming=conforming,
        attachments=at.photos,
        note=note,
        gauge_id=at.gauge or None,
    )
    command = RecordResults(id=turn.command_id("record"), inspection_id=at.inspection, entries=[entry])
    try:
        recorded = await record_results(turn.store, turn.who, command)
    except Refused as refused:
        question(turn, at, entered, conforming, refused)
    except Stale as stale:
        await moved_on(turn, at, stale)
    else:
        await recorded_well(turn, at, recorded)


def question(turn: Turn, at: At, entered: str, conforming: bool, refused: Refused) -> None:
    """Ask back what can be answered with a button; say the rest."""
    reason = refused.reasons[0]
    if reason.code in DOUBTS:
        readings = reason.facts.get("readings")
        listed = [str(each) for each in readings] if isinstance(readings, list) else []
        turn.talk.step = Doubted(
            at,
            entered,
            reason.code,
            listed,
            also=[each.code for each in refused.reasons[1:]],
            value=str(reason.facts.get("value", "")),
            failing=reason.facts.get("verdict", "conforming") != "conforming",
        )
        return
    if reason.code == "photo_required":
        turn.talk.step = Evidence(at, entered, conforming)
        return
    turn.trouble(refused)
    if reason.code.startswith("gauge_"):
        turn.talk.step = Asked(msgspec.structs.replace(at, gauge=""))
    elif not isinstance(turn.talk.step, Asked):
        turn.talk.step = Asked(at)


async def moved_on(turn: Turn, at: At, stale: Stale) -> None:
    """Somebody was faster at this item: say who and what, and go on (DUP-2)."""
    sheet = await inspection_sheet(turn.read, at.inspection, turn.who.person_id)
    reason = stale.reasons[0]
    if reason.code == "item_answered":
        name = turn.wording.name(item_of(sheet, at.item).characteristic.name)
        turn.tell("item_moved_on", name=name, by=reason.facts.get("by"), entered=reason.facts.get("entered"))
    else:
        turn.trouble(stale)
    go_on(turn, sheet, at.later)


async def recorded_well(turn: Turn, at: At, recorded: Recorded) -> None:
    """Echo it, say what a failure brought, and go on."""
    sheet = await inspection_sheet(turn.read, at.inspection, turn.who.person_id)
    item = item_of(sheet, at.item)
    if item.reading is not None:
        turn.above.append(echo(turn.wording, item, item.reading))
    await tell_ncrs(turn, recorded.ncrs)
    go_on(turn, sheet, at.later)


async def all_conform(turn: Turn) -> None:
    """The whole sample was looked at, none nonconforming."""
    step = turn.talk.step
    if isinstance(step, Asked):
        await record(turn, step.at, "0")


async def some_do_not(turn: Turn) -> None:
    """Ask how many."""
    step = turn.talk.step
    if isinstance(step, Asked):
        turn.talk.step = msgspec.structs.replace(step, counting=True)


async def confirm(turn: Turn) -> None:
    """Meant as typed: a failing reading goes on to photo and reason, any other is recorded."""
    step = turn.talk.step
    if not isinstance(step, Doubted):
        return
    if step.failing:
        turn.talk.step = Evidence(step.at, step.entered)
    else:
        await record(turn, step.at, step.entered, confirmed=True)


async def choose_reading(turn: Turn, reading: str) -> None:
    """One of the ways to read it."""
    step = turn.talk.step
    if isinstance(step, Doubted):
        await record(turn, step.at, reading)


async def retype(turn: Turn) -> None:
    """Back to the question."""
    step = turn.talk.step
    if isinstance(step, Doubted | Judging | Evidence | ReadOff):
        turn.talk.step = Asked(step.at)


async def judged(turn: Turn, verdict: str) -> None:
    """The inspector's verdict on words."""
    step = turn.talk.step
    if isinstance(step, Judging) and verdict == "yes":
        await record(turn, step.at, step.entered)
    elif isinstance(step, Judging):
        turn.talk.step = Evidence(step.at, step.entered, conforming=False)


async def record_as_is(turn: Turn) -> None:
    """A failing answer without a reason."""
    step = turn.talk.step
    if isinstance(step, Evidence):
        await record(turn, step.at, step.entered, confirmed=True, conforming=step.conforming)


async def put_off(turn: Turn) -> None:
    """This item later, the next one now."""
    step = turn.talk.step
    if isinstance(step, Asked | Doubted | Judging | Evidence | ReadOff):
        await open_inspection(turn, step.at.inspection, [*step.at.later, step.at.item])


async def stop(turn: Turn) -> None:
    """Put the inspection aside; every answer so far is on record."""
    step = turn.talk.step
    if isinstance(step, Asked | Doubted | Judging | Evidence | ReadOff):
        sheet = await inspection_sheet(turn.read, step.at.inspection, turn.who.person_id)
        turn.tell("stopped", inspection=sheet.number, answered=sheet.answered, total=sheet.total)
    turn.talk.step = Home()
