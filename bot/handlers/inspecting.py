"""Answering an inspection in chat: one item at a time, each answer recorded at once."""

from __future__ import annotations

import msgspec

from backend.actions.record_results import Entry, RecordResults, record_results
from backend.domain.answering import Recorded
from backend.domain.errors import Refused, Stale
from backend.views.chat import ncrs_of, told_about
from backend.views.inspections import InspectionSheet, inspection_sheet
from backend.views.ncrs import ncr_line
from bot.dialogues.inspecting import (
    asked_screen,
    doubted_screen,
    echo,
    evidence_screen,
    item_of,
    judging_screen,
    next_step,
    outside,
    result_screen,
    too_many,
)
from bot.screens import Screen
from bot.talk import Asked, At, Doubted, Evidence, Finished, Home, Judging
from bot.turn import Turn

DOUBTS = ("value_implausible", "value_out_of_limits", "number_ambiguous")


async def open_inspection(turn: Turn, inspection_id: str, later: list[str] | None = None) -> None:
    """Go to the first item without an answer, or to the result."""
    go_on(turn, await inspection_sheet(turn.read, inspection_id), later or [])


def go_on(turn: Turn, sheet: InspectionSheet, later: list[str]) -> None:
    """The next step of an inspection."""
    turn.talk.step, only_later = next_step(sheet, later)
    if only_later:
        turn.tell("later_all")


async def show_asked(turn: Turn, step: Asked) -> Screen:
    """The item; where another front has answered it meanwhile, the next one."""
    sheet = await inspection_sheet(turn.read, step.at.inspection)
    item = item_of(sheet, step.at.item)
    if item.reading is None:
        return asked_screen(turn.wording, sheet, step)
    turn.above.append(echo(turn.wording, item, item.reading))
    go_on(turn, sheet, step.at.later)
    following = turn.talk.step
    if isinstance(following, Asked):
        return asked_screen(turn.wording, sheet, following)
    return await show_finished(turn, Finished(sheet.id))


async def show_doubted(turn: Turn, step: Doubted) -> Screen:
    """What was typed is asked back."""
    return doubted_screen(turn.wording, await inspection_sheet(turn.read, step.at.inspection), step)


async def show_judging(turn: Turn, step: Judging) -> Screen:
    """The inspector's own verdict on words is asked for."""
    return judging_screen(turn.wording, await inspection_sheet(turn.read, step.at.inspection), step)


async def show_evidence(turn: Turn, step: Evidence) -> Screen:
    """Photo and reason of a failing answer are asked for."""
    return evidence_screen(turn.wording, await inspection_sheet(turn.read, step.at.inspection), step)


async def show_finished(turn: Turn, step: Finished) -> Screen:
    """The result, with every report that the inspection opened."""
    sheet = await inspection_sheet(turn.read, step.inspection)
    ncrs = await ncr_lines(turn, await ncrs_of(turn.read, step.inspection))
    return result_screen(turn.wording, sheet, [line for line in ncrs if line not in turn.above])


async def typed_answer(turn: Turn, step: Asked, text: str) -> None:
    """A reading, a count, or words that still need a verdict."""
    await answer(turn, step.at, text)


async def answer(turn: Turn, at: At, entered: str) -> None:
    """Record what was entered; a failing count goes on to photo and reason first."""
    sheet = await inspection_sheet(turn.read, at.inspection)
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
        turn.talk.step = Doubted(at, entered, reason.code, listed)
        return
    if reason.code == "photo_required":
        turn.talk.step = Evidence(at, entered, conforming)
        return
    turn.trouble(refused)
    if not isinstance(turn.talk.step, Asked):
        turn.talk.step = Asked(at)


async def moved_on(turn: Turn, at: At, stale: Stale) -> None:
    """Somebody was faster at this item: say who and what, and go on (DUP-2)."""
    sheet = await inspection_sheet(turn.read, at.inspection)
    reason = stale.reasons[0]
    if reason.code == "item_answered":
        name = turn.wording.name(item_of(sheet, at.item).characteristic.name)
        turn.tell("item_moved_on", name=name, by=reason.facts.get("by"), entered=reason.facts.get("entered"))
    else:
        turn.trouble(stale)
    go_on(turn, sheet, at.later)


async def recorded_well(turn: Turn, at: At, recorded: Recorded) -> None:
    """Echo it, say what a failure brought, and go on."""
    sheet = await inspection_sheet(turn.read, at.inspection)
    item = item_of(sheet, at.item)
    if item.reading is not None:
        turn.above.append(echo(turn.wording, item, item.reading))
    await tell_ncrs(turn, recorded.ncrs)
    go_on(turn, sheet, at.later)


async def tell_ncrs(turn: Turn, ncr_ids: list[str]) -> None:
    """Which reports were opened just now, and who was told."""
    turn.above += await ncr_lines(turn, ncr_ids)


async def ncr_lines(turn: Turn, ncr_ids: list[str]) -> list[str]:
    """A line for each report: its number, the lot that it holds, who was told."""
    lines: list[str] = []
    for ncr_id in ncr_ids:
        line = await ncr_line(turn.read, ncr_id)
        told = await told_about(turn.read, "ncr_opened", ncr_id)
        names: object = told or turn.wording.say("nobody")
        said = turn.wording.say("ncr_opened_here", ncr=line.number, lot=line.lot_number, told=names)
        lines.append(said)
    return lines


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
    sheet = await inspection_sheet(turn.read, step.at.inspection)
    if outside(item_of(sheet, step.at.item), step.entered):
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
    if isinstance(step, Doubted | Judging | Evidence):
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
    if isinstance(step, Asked | Doubted | Judging | Evidence):
        await open_inspection(turn, step.at.inspection, [*step.at.later, step.at.item])


async def stop(turn: Turn) -> None:
    """Put the inspection aside; every answer so far is on record."""
    step = turn.talk.step
    if isinstance(step, Asked | Doubted | Judging | Evidence):
        sheet = await inspection_sheet(turn.read, step.at.inspection)
        turn.tell("stopped", inspection=sheet.number, answered=sheet.answered, total=sheet.total)
    turn.talk.step = Home()


async def photo(turn: Turn, step: Asked | Evidence | Doubted | Judging, sha256: str) -> None:
    """A picture for the item at hand."""
    at = msgspec.structs.replace(step.at, photos=[*step.at.photos, sha256])
    turn.talk.step = msgspec.structs.replace(step, at=at)
