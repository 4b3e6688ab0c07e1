"""Showing an inspection in chat: the item at hand, what is asked back, the result; and going from item to item."""

from __future__ import annotations

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
    result_screen,
)
from bot.screens import Screen
from bot.talk import Asked, Doubted, Evidence, Finished, Judging
from bot.turn import Turn


async def open_inspection(turn: Turn, inspection_id: str, later: list[str] | None = None) -> None:
    """Go to the first item without an answer, or to the result."""
    go_on(turn, await inspection_sheet(turn.read, inspection_id, turn.who.person_id), later or [])


def go_on(turn: Turn, sheet: InspectionSheet, later: list[str]) -> None:
    """The next step of an inspection."""
    parked, turn.talk.parked = turn.talk.parked, None
    if parked is not None and parked.at.inspection == sheet.id and _waits(sheet, parked.at.item):
        turn.talk.step = parked
        return
    turn.talk.step, only_later = next_step(sheet, later)
    if only_later:
        turn.tell("later_all")


def _waits(sheet: InspectionSheet, key: str) -> bool:
    return any(item.key == key and item.reading is None for item in sheet.items)


async def show_asked(turn: Turn, step: Asked) -> Screen:
    """The item; where another front has answered it meanwhile, the next one."""
    sheet = await inspection_sheet(turn.read, step.at.inspection, turn.who.person_id)
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
    return doubted_screen(
        turn.wording, await inspection_sheet(turn.read, step.at.inspection, turn.who.person_id), step
    )


async def show_judging(turn: Turn, step: Judging) -> Screen:
    """The inspector's own verdict on words is asked for."""
    return judging_screen(
        turn.wording, await inspection_sheet(turn.read, step.at.inspection, turn.who.person_id), step
    )


async def show_evidence(turn: Turn, step: Evidence) -> Screen:
    """Photo and reason of a failing answer are asked for."""
    return evidence_screen(
        turn.wording, await inspection_sheet(turn.read, step.at.inspection, turn.who.person_id), step
    )


async def show_finished(turn: Turn, step: Finished) -> Screen:
    """The result, with every report that the inspection opened."""
    sheet = await inspection_sheet(turn.read, step.inspection, turn.who.person_id)
    ncrs = await ncr_lines(turn, await ncrs_of(turn.read, step.inspection))
    return result_screen(turn.wording, sheet, [line for line in ncrs if line not in turn.above])


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
