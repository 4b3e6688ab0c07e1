"""Withdraw a recall that nobody has signed second: nothing was blocked, nothing has to be undone (QUA-6)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.recalls import RECALL_STEPS, Recall
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.verb import verb


class WithdrawRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and why."""

    id: str
    recall_id: str
    reason: str
    device_at: str | None = None


@verb
async def withdraw_recall(tx: Change, who: Who, command: WithdrawRecall) -> Recall:
    """One that is in force can't be withdrawn: it is carried to its end."""
    recall = await tx.get(Recall, command.recall_id)
    status = take(RECALL_STEPS, "withdraw", recall.status)
    why = command.reason.strip()
    if not why:
        raise refuse("reason_missing", field="reason")
    ended = tx.update(recall, status=status, ended_by=who.person_id, ended_at=tx.now, conclusion=why)
    tx.record("recall_withdrawn", "recall", recall.id, reason=why, recall=recall.number)
    return ended
