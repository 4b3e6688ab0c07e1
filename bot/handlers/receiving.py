"""Receiving in chat: a photo of the label, what it is, and one press to take it in."""

from __future__ import annotations

import hashlib

import msgspec

from backend.actions.add_attachment import AddAttachment, add_attachment
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.domain.errors import LotgateError, Reason, Refused
from backend.domain.lots import ScannedCode
from backend.domain.printed_fields import Proposal, proposals_of
from backend.domain.receiving import Received
from backend.views.lots import lot_line
from backend.views.scans import Scan, scan
from bot.dialogues.labels import label_screen, readings_of
from bot.screens import Screen
from bot.talk import Card, Label, Step
from bot.turn import Turn
from bot.words.wording import Markup
from scanner.problems import UnreadablePicture

MEDIA_TYPES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"RIFF": "image/webp",
    b"BM": "image/bmp",
}


async def keep_picture(turn: Turn, data: bytes, printed: list[Proposal] | None = None) -> str:
    """Put a picture on record, and what was read of its print; its SHA-256 (hex)."""
    media_type = next((kind for start, kind in MEDIA_TYPES.items() if data.startswith(start)), None)
    if media_type is None:
        raise Refused(Reason("picture_kind_not_supported"))
    sha256 = await turn.hands.keep_file(data)
    command = AddAttachment(
        id=turn.command_id("attach"),
        sha256=sha256,
        media_type=media_type,
        size=len(data),
        printed=printed,
    )
    return (await add_attachment(turn.store, turn.who, command)).id


async def label_picture(turn: Turn, step: Step, data: bytes) -> None:
    """Read the codes on it; only confirmed ones count."""
    turn.fresh = True
    try:
        found = await turn.hands.read_picture(data)
    except UnreadablePicture as unreadable:
        raise Refused(Reason(unreadable.code, dict(unreadable.facts))) from unreadable
    picture = hashlib.sha256(data).hexdigest()
    codes = [ScannedCode(code.text, code.symbology_id, picture) for code in found if code.confirmed]
    if not codes:
        turn.tell("no_code")
        return
    await keep_picture(turn, data, await _printed(turn, data))
    turn.talk.step = Label(codes)


async def _printed(turn: Turn, data: bytes) -> list[Proposal] | None:
    """What the print proposes; None where it is not read here, or could not be, which is said."""
    if turn.hands.read_print is None:
        return None
    try:
        return proposals_of(await turn.hands.read_print(data), turn.today)
    except UnreadablePicture:
        turn.tell("reason.print_unread")
        return None


async def _scan(turn: Turn, step: Label) -> Scan:
    return await scan(turn.read, turn.who.site_id, step.codes, turn.today)


async def show_label(turn: Turn, step: Label) -> Screen:
    """What it is."""
    return label_screen(turn.wording, await _scan(turn, step), step)


async def choose_code(turn: Turn, place: str) -> None:
    """The reading of an ambiguous code that is printed beside it."""
    step = turn.talk.step
    if isinstance(step, Label):
        readings = readings_of(await _scan(turn, step))
        picture = step.codes[0].picture if step.codes else None
        turn.talk.step = Label([ScannedCode(readings[int(place)], "", picture)])


async def receive(turn: Turn, line_id: str) -> None:
    """Take it in against this delivery; what the label does not say is asked first."""
    step = turn.talk.step
    if not isinstance(step, Label):
        return
    seen = await _scan(turn, step)
    if not (seen.reading.lot or step.supplier_lot):
        turn.talk.step = msgspec.structs.replace(step, asking="supplier_lot", line=line_id)
        return
    await take_in(turn, step, line_id)


async def take_in(turn: Turn, step: Label, line_id: str) -> None:
    """Receive; a refusal leaves the label on screen with every reason."""
    pictures = sorted({code.picture for code in step.codes if code.picture})
    command = ReceiveLot(
        id=turn.command_id("receive"),
        codes=step.codes,
        order_line_id=line_id,
        quantity=step.quantity or None,
        supplier_lot=step.supplier_lot or None,
        attachments=pictures,
        print_reason=step.print_reason or None,
        print_looked=step.print_looked,
    )
    try:
        received = await receive_lot(turn.store, turn.who, command)
    except LotgateError as error:
        turn.trouble(error)
        turn.talk.step = msgspec.structs.replace(step, asking="", supplier_lot="", quantity="")
    else:
        await received_well(turn, received)


async def received_well(turn: Turn, received: Received) -> None:
    """What was received, the inspection that it opened, and its card."""
    line = await lot_line(turn.read, received.lot_id)
    turn.tell(
        "received",
        lot=received.lot_number,
        quantity=received.quantity,
        unit=line.item.unit + (f" ({received.entered.said})" if received.entered else ""),
        item=turn.wording.name(line.item.name),
    )
    if received.not_qualified:
        why = " ".join(turn.wording.reason(reason) for reason in received.not_qualified)
        turn.tell("received_held", why=Markup(why))
    if received.inspection is not None:
        size = received.inspection.sample_size
        turn.tell("received_inspection", inspection=received.inspection.number, size=size)
    else:
        turn.tell("received_no_plan")
    turn.talk.step = Card(received.lot_number)


async def ask_quantity(turn: Turn, line_id: str) -> None:
    """Another quantity than the label or the order says."""
    step = turn.talk.step
    if isinstance(step, Label):
        turn.talk.step = msgspec.structs.replace(step, asking="quantity", line=line_id)


async def back_to_label(turn: Turn) -> None:
    """Ask nothing."""
    step = turn.talk.step
    if isinstance(step, Label):
        turn.talk.step = msgspec.structs.replace(step, asking="", line="")


async def ask_print_reason(turn: Turn) -> None:
    """Why the code is believed although the print says otherwise."""
    step = turn.talk.step
    if isinstance(step, Label):
        turn.talk.step = msgspec.structs.replace(step, asking="print_reason")


async def print_is_the_same(turn: Turn) -> None:
    """A person looked."""
    step = turn.talk.step
    if isinstance(step, Label):
        turn.talk.step = msgspec.structs.replace(step, print_looked=True)


async def typed(turn: Turn, step: Label, text: str) -> None:
    """What the label did not say."""
    text = text.strip()
    if not text:
        return
    if step.asking == "supplier_lot":
        filled = msgspec.structs.replace(step, supplier_lot=text, asking="", line="")
        await take_in(turn, filled, step.line)
    elif step.asking == "print_reason":
        turn.talk.step = msgspec.structs.replace(step, print_reason=text, asking="")
    else:
        turn.talk.step = msgspec.structs.replace(step, quantity=text, asking="")
