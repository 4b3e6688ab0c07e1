"""Close a recall: every consignee has answered, every unit is accounted for, its effect is concluded (QUA-6)."""

from __future__ import annotations

import msgspec

from backend.domain.consignees import Consignee
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.recalls import RECALL_STEPS, Recall, RecallConsignee, against_closing
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.recalling import standings
from backend.store.verb import verb


class CloseRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and what is concluded of its effect."""

    id: str
    recall_id: str
    conclusion: str
    device_at: str | None = None


@verb
async def close_recall(tx: Change, who: Who, command: CloseRecall) -> Recall:
    """Close it. What was blocked stays recalled: it leaves by scrapping or back to its supplier."""
    recall = await tx.get(Recall, command.recall_id)
    status = take(RECALL_STEPS, "close", recall.status)
    waiting = await tx.all(RecallConsignee, "recall_id = $1 and answered_at is null order by id", recall.id)
    names = [(await tx.get(Consignee, each.consignee_id)).name for each in waiting]
    if reasons := against_closing(names, await standings(tx, recall), command.conclusion):
        raise Refused(*reasons)
    closed = tx.update(
        recall, status=status, ended_by=who.person_id, ended_at=tx.now, conclusion=command.conclusion.strip()
    )
    tx.record("recall_closed", "recall", recall.id, reason=command.conclusion.strip(), recall=recall.number)
    return closed
