"""Going back: the last answer of one's own is corrected, with a reason, and judged again (RES-5)."""

from __future__ import annotations

import msgspec

from backend.actions.correct_result import CorrectResult, correct_result
from backend.domain.answering import Recorded
from backend.domain.errors import Refused, Stale
from backend.views.inspections import ItemView, inspection_sheet
from bot.dialogues.inspecting import correcting_screen, item_of, latest_of
from bot.handlers.inspection_screens import open_inspection, tell_ncrs
from bot.screens import Screen
from bot.talk import Asked, Correcting, Doubted, Evidence, Finished, Judging, ReadOff
from bot.turn import Turn


async def show_correcting(turn: Turn, step: Correcting) -> Screen:
    """Why, then what it should be."""
    return correcting_screen(
        turn.wording, await inspection_sheet(turn.read, step.inspection, turn.who.person_id), step
    )


async def back(turn: Turn) -> None:
    """To the answer that this person gave last."""
    step = turn.talk.step
    if isinstance(step, Asked | Doubted | Judging | Evidence | ReadOff):
        inspection = step.at.inspection
    elif isinstance(step, Finished):
        inspection = step.inspection
    else:
        return
    item = latest_of(await inspection_sheet(turn.read, inspection, turn.who.person_id), turn.who.printed_name)
    if item is None or item.reading is None:
        turn.tell("nothing_before")
        return
    turn.talk.step = Correcting(inspection, item.key, item.reading.id)


async def typed(turn: Turn, step: Correcting, text: str) -> None:
    """First the reason, then the value."""
    if not text.strip():
        return
    if not step.reason:
        turn.talk.step = msgspec.structs.replace(step, reason=text.strip())
    else:
        await correct(turn, step, text)


async def confirm(turn: Turn) -> None:
    """The doubtful value is meant."""
    step = turn.talk.step
    if isinstance(step, Correcting) and step.entered:
        await correct(turn, step, step.entered, confirmed=True)


async def correct(turn: Turn, step: Correcting, entered: str, confirmed: bool = False) -> None:
    """Correct it, or ask back."""
    command = CorrectResult(
        id=turn.command_id("correct"),
        reading_id=step.reading,
        entered=entered,
        reason=step.reason,
        confirmed=confirmed,
        attachments=step.photos,
    )
    before = item_of(await inspection_sheet(turn.read, step.inspection, turn.who.person_id), step.item)
    try:
        recorded = await correct_result(turn.store, turn.who, command)
    except Refused as refused:
        code, facts = refused.reasons[0].code, refused.reasons[0].facts
        if code in ("unit_converted", "value_implausible", "value_out_of_limits"):
            value = str(facts.get("value", ""))
            turn.talk.step = msgspec.structs.replace(step, entered=entered, doubt=code, value=value)
        else:
            turn.trouble(refused)
        return
    except Stale as stale:
        turn.trouble(stale)
    else:
        await corrected_well(turn, before, entered, recorded)
    await open_inspection(turn, step.inspection)


async def corrected_well(turn: Turn, before: ItemView, entered: str, recorded: Recorded) -> None:
    """Old and new beside each other, and what the new one brought."""
    turn.tell(
        "corrected",
        name=turn.wording.name(before.characteristic.name),
        old=before.reading.entered if before.reading else "",
        entered=entered,
        verdict=turn.wording.one_of("verdict", recorded.verdicts[0]),
    )
    await tell_ncrs(turn, recorded.ncrs)


async def leave(turn: Turn) -> None:
    """Correct nothing."""
    step = turn.talk.step
    if isinstance(step, Correcting):
        await open_inspection(turn, step.inspection)


async def photo(turn: Turn, step: Correcting, sha256: str, _: bytes) -> None:
    """A picture for the corrected answer."""
    turn.talk.step = msgspec.structs.replace(step, photos=[*step.photos, sha256])
