"""Say that every action of a CAPA is done; from now on its effect is waited for (QUA-2)."""

from __future__ import annotations

import msgspec

from backend.domain.capas import CAPA_STEPS, Capa, against_carrying_out
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.promising import promises_of
from backend.store.verb import verb


class CarryOutCapa(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, as it was read."""

    id: str
    capa_id: str
    version: int | None = None
    device_at: str | None = None


@verb
async def carry_out_capa(tx: Change, who: Who, command: CarryOutCapa) -> Capa:
    """Wait for its effect; refused while an action is open."""
    capa = await as_read(tx, Capa, "capa", command.capa_id, command.version)
    status = take(CAPA_STEPS, "carry_out", capa.status)
    if found := against_carrying_out(await promises_of(tx, "capa", capa.id)):
        raise Refused(*found)
    changed = tx.update(capa, status=status)
    tx.due("capa_effect_due", capa.id, f"{capa.waits_until}T00:00:00.000000Z")
    tx.record("capa_carried_out", "capa", capa.id, capa=capa.number, until=capa.waits_until)
    return changed
