"""State with what a lot was made: line, equipment, operators, parameters, recipe version (LOT-12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from backend.domain.equipment import EquipmentKind
from backend.domain.errors import Reason, Refused, refuse
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.domain.process_facts import ProcessFact, StatedFact, against_stating
from backend.store.change import Change
from backend.store.equipping import may_be_used
from backend.store.verb import verb


class StateProcess(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a lot that is made here."""

    id: str
    lot_id: str
    facts: list[StatedFact]
    device_at: str | None = None


def _used(facts: Sequence[StatedFact]) -> Iterator[tuple[EquipmentKind, str, str]]:
    for place, fact in enumerate(facts):
        if fact.kind == "line" or fact.kind == "equipment":
            yield fact.kind, fact.code.strip(), f"facts.{place}.code"


@verb
async def state_process(tx: Change, who: Who, command: StateProcess) -> Lot:
    """Write the facts. What was stated stays; what is stated later stands beside it."""
    lot = await tx.get(Lot, command.lot_id)
    if lot.production_order is None:
        raise refuse("lot_not_made_here", lot=lot.number)
    if reasons := against_stating(command.facts):
        raise Refused(*reasons)
    known = {
        (each.kind, each.code, each.value, each.unit)
        for each in await tx.all(ProcessFact, "lot_id = $1 order by id", lot.id)
    }
    new = dict.fromkeys(
        (fact.kind, fact.code.strip(), fact.value.strip(), fact.unit.strip()) for fact in command.facts
    )
    stated = [fact for fact in new if fact not in known]
    if not stated:
        raise Refused(Reason("facts_known", {"lot": lot.number}))
    await may_be_used(tx, who.site_id, lot.created_at, _used(command.facts))
    for fact in stated:
        tx.insert(ProcessFact(tx.new_id(), who.site_id, lot.id, *fact, who.person_id, tx.now))
    tx.record(
        "process_stated",
        "lot",
        lot.id,
        lot=lot.number,
        facts=[" ".join(part for part in fact if part) for fact in stated],
    )
    return lot
