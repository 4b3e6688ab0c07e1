"""Note that a consignee was written to, or called, about a recall (QUA-6)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.recalls import CHANNELS, Recall, RecallConsignee
from backend.store.change import Change
from backend.store.verb import verb


class NoteRecallLetter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom, and by which way (see `CHANNELS`)."""

    id: str
    recall_id: str
    consignee_id: str
    channel: str
    device_at: str | None = None


@verb
async def note_recall_letter(tx: Change, who: Who, command: NoteRecallLetter) -> RecallConsignee:
    """The first time counts; what was sent again is in the log."""
    recall = await tx.get(Recall, command.recall_id)
    to = await tx.first(
        RecallConsignee, "recall_id = $1 and consignee_id = $2", recall.id, command.consignee_id
    )
    if to is None:
        raise refuse("consignee_not_of_recall", recall=recall.number)
    if recall.status != "in_force":
        raise refuse("recall_not_in_force", recall=recall.number, status=recall.status)
    if command.channel not in CHANNELS:
        raise refuse("channel_unknown", field="channel", channel=command.channel)
    noted = tx.update(
        to,
        letter_at=to.letter_at or tx.now,
        letter_by=to.letter_by or who.person_id,
        channel=to.channel or command.channel,
    )
    tx.record(
        "recall_letter_noted", "recall", recall.id, recall=recall.number, consignee=to.consignee_id,
        channel=command.channel,
    )  # fmt: skip
    return noted
