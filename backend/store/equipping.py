"""Whether what is made may be made on these lines and machines."""

from __future__ import annotations

from collections.abc import Iterable

from backend.domain.days import day_of
from backend.domain.equipment import Equipment, EquipmentKind, Use, against_use
from backend.domain.errors import Refused
from backend.domain.sites import Site
from backend.store.change import Change


async def may_be_used(
    tx: Change, site_id: str, begun_at: str, stated: Iterable[tuple[EquipmentKind, str, str]]
) -> None:
    """Refuses what is not kept, stopped or overdue when the work began. `stated`: kind, code, field."""
    used = [each for each in stated if each[1]]
    if not used:
        return
    kept = await tx.all(Equipment, "site_id = $1 order by code", site_id)
    if not kept:
        return
    begun_on = day_of(begun_at, (await tx.get(Site, site_id)).zone).isoformat()
    reasons = [
        reason
        for kind, code, field in used
        for reason in against_use(Use(kind, code, begun_at, begun_on, field), kept)
    ]
    if reasons:
        raise Refused(*reasons)
