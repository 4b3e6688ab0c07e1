"""Say that a promise was kept, and with what outcome (QUA-1)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import NotAllowed, Reason, Stale, refuse
from backend.domain.lots import Receipt
from backend.domain.ncrs import FollowUp
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.escalating import ask_again
from backend.store.promising import matter_of
from backend.store.verb import verb


class CompleteFollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """Which, and what came of it."""

    id: str
    follow_up_id: str
    outcome: str
    device_at: str | None = None


@verb
async def complete_follow_up(tx: Change, who: Who, command: CompleteFollowUp) -> FollowUp:
    """Done by its owner, or by quality for them, or by whoever sent the release back for it."""
    follow_up = await tx.get(FollowUp, command.follow_up_id)
    mine = who.person_id in (follow_up.owner_id, follow_up.asked_by)
    if not mine and not {"quality_engineer", "quality_manager"} & set(who.roles):
        raise NotAllowed(Reason("not_the_owner"))
    if follow_up.done_at is not None:
        raise Stale(Reason("follow_up_done_already", {"at": follow_up.done_at}))
    if not command.outcome.strip():
        raise refuse("outcome_missing", field="outcome")
    done = tx.update(follow_up, done_at=tx.now, outcome=command.outcome.strip())
    (kind, id), matter = follow_up.matter, await matter_of(tx, follow_up)
    if kind == "receipt":
        await ask_again(tx, done)
        lot_id = (await tx.get(Receipt, id)).lot_id
        tx.record(
            "release_answered", "lot", lot_id, reason=done.outcome, lot=matter.number, follow_up=done.id
        )
        return done
    if matter.owner_id is not None and matter.owner_id != who.person_id:
        tx.tell(matter.owner_id, "follow_up_done", kind, id, ncr=matter.number, what=follow_up.what)
    tx.record("follow_up_completed", kind, id, ncr=matter.number, follow_up=follow_up.id)
    return done
