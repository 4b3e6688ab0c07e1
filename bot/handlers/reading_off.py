"""The photo of a gauge's display is an answer too: read, echoed, and recorded only when its person says so."""

from __future__ import annotations

import msgspec

from backend.domain.displays import numbers_on, seen
from backend.views.inspections import inspection_sheet
from bot.dialogues.inspecting import chooses_gauge, item_of, read_off_screen
from bot.handlers import inspecting
from bot.screens import Screen
from bot.talk import Asked, At, Doubted, Evidence, Judging, ReadOff
from bot.turn import Turn
from scanner.print_text import PrintedLine
from scanner.problems import UnreadablePicture


async def show_read_off(turn: Turn, step: ReadOff) -> Screen:
    """The numbers that were found."""
    sheet = await inspection_sheet(turn.read, step.at.inspection, turn.who.person_id)
    return read_off_screen(turn.wording, sheet, step)


async def photo(
    turn: Turn, step: Asked | Evidence | Doubted | Judging | ReadOff, sha256: str, data: bytes
) -> None:
    """A picture for the item at hand; where a number is asked for, the number on it is proposed."""
    at = msgspec.structs.replace(step.at, photos=[*step.at.photos, sha256])
    if isinstance(step, Asked | ReadOff):
        found = await _numbers(turn, at, data)
        turn.talk.step = ReadOff(at, found) if found else Asked(at)
    else:
        turn.talk.step = msgspec.structs.replace(step, at=at)


async def _numbers(turn: Turn, at: At, data: bytes) -> list[str]:
    """None where no number is asked for, nothing reads print here, or none was found, which is said."""
    sheet = await inspection_sheet(turn.read, at.inspection, turn.who.person_id)
    item = item_of(sheet, at.item)
    of = item.characteristic
    if of.kind != "numeric" or chooses_gauge(item, at) or turn.hands.read_print is None:
        return []
    try:
        lines = await turn.hands.read_print(data)
    except UnreadablePicture:
        lines = []
    known = seen([(line.text, line.as_lies, _height(line), line.score) for line in lines])
    found = numbers_on(known, of.lower, of.upper)
    if not found:
        turn.tell("display_unread")
    return found


def _height(line: PrintedLine) -> float:
    (x, y), (below_x, below_y) = line.box[0], line.box[3]
    return float(((below_x - x) ** 2 + (below_y - y) ** 2) ** 0.5)


async def take(turn: Turn, reading: str) -> None:
    """It is this one: from here on as if it had been typed."""
    step = turn.talk.step
    if isinstance(step, ReadOff) and reading in step.readings:
        await inspecting.answer(turn, step.at, reading)


async def typed(turn: Turn, step: ReadOff, text: str) -> None:
    """Typed instead: it counts, and the photo stays with it."""
    await inspecting.answer(turn, step.at, text)
