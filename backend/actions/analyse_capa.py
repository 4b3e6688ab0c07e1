"""Say what the cause is, and what it was found by: five whys, the bones of a fishbone (QUA-2)."""

from __future__ import annotations

import msgspec

from backend.domain.capas import CAPA_STEPS, Capa, Cause, against_analysis
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.verb import verb


class AnalyseCapa(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The chain of whys, possible causes by bone, and the root cause in words."""

    id: str
    capa_id: str
    whys: list[str] = []
    causes: list[Cause] = []
    root_cause: str
    version: int | None = None
    device_at: str | None = None


@verb
async def analyse_capa(tx: Change, who: Who, command: AnalyseCapa) -> Capa:
    """Keep the analysis; until a plan is made it can be said anew."""
    capa = await as_read(tx, Capa, "capa", command.capa_id, command.version)
    status = take(CAPA_STEPS, "analyse", capa.status)
    if found := against_analysis(command.whys, command.causes, command.root_cause):
        raise Refused(*found)
    changed = tx.update(
        capa,
        status=status,
        whys=[why.strip() for why in command.whys if why.strip()],
        causes=command.causes,
        root_cause=command.root_cause.strip(),
    )
    tx.record("capa_analysed", "capa", capa.id, reason=changed.root_cause, capa=capa.number)
    return changed
