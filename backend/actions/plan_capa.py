"""Plan a CAPA: actions with owners and days, why they do no harm, how it will be seen that they worked (QUA-2)."""

from __future__ import annotations

import msgspec

from backend.domain.capas import CAPA_STEPS, Capa, against_plan
from backend.domain.errors import Refused
from backend.domain.ncrs import PlannedFollowUp
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.promising import against_promises, promise, promises_of
from backend.store.verb import verb


class PlanCapa(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Actions that come to those planned already; `waits_until`: from which ISO day on the effect can be judged."""

    id: str
    capa_id: str
    actions: list[PlannedFollowUp] = []
    adverse: str
    criterion: str
    waits_until: str
    version: int | None = None
    device_at: str | None = None


@verb
async def plan_capa(tx: Change, who: Who, command: PlanCapa) -> Capa:
    """Plan it; each owner is told and reminded."""
    capa = await as_read(tx, Capa, "capa", command.capa_id, command.version)
    status = take(CAPA_STEPS, "plan", capa.status)
    waiting = [each for each in await promises_of(tx, "capa", capa.id) if each.done_at is None]
    days = [*(each.due_on for each in waiting), *(each.due_on for each in command.actions)]
    found = await against_promises(tx, command.actions, "actions")
    found += against_plan(
        len(days),
        command.adverse,
        command.criterion,
        command.waits_until,
        max(days, default=""),
        tx.today.isoformat(),
    )
    if found:
        raise Refused(*found)
    for each in command.actions:
        promise(tx, "capa", capa.id, capa.number, each)
    changed = tx.update(
        capa,
        status=status,
        adverse=command.adverse.strip(),
        criterion=command.criterion.strip(),
        waits_until=command.waits_until,
    )
    tx.record("capa_planned", "capa", capa.id, capa=capa.number, actions=len(days))
    return changed
