"""End a CAPA that turns out not to be needed, with the reason (QUA-2)."""

from __future__ import annotations

import msgspec

from backend.domain.capas import CAPA_STEPS, Capa
from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.promising import promises_of
from backend.store.verb import verb


class WithdrawCapa(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and why."""

    id: str
    capa_id: str
    reason: str
    version: int | None = None
    device_at: str | None = None


@verb
async def withdraw_capa(tx: Change, who: Who, command: WithdrawCapa) -> Capa:
    """Withdraw it; what was promised for it is not asked for any more."""
    capa = await as_read(tx, Capa, "capa", command.capa_id, command.version)
    status = take(CAPA_STEPS, "withdraw", capa.status)
    why = command.reason.strip()
    if not why:
        raise refuse("reason_missing", field="reason")
    for each in await promises_of(tx, "capa", capa.id):
        if each.done_at is None:
            tx.update(each, done_at=tx.now, outcome=why)
    changed = tx.update(capa, status=status, evidence=why, closed_at=tx.now)
    tx.record("capa_withdrawn", "capa", capa.id, reason=why, capa=capa.number)
    return changed
