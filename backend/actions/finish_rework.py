"""Say that a rework is done: what was done to how much, where; the stock is inspected again from now on (LOT-6)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Refused
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Lot, Receipt
from backend.domain.ncrs import Ncr
from backend.domain.people import Who
from backend.domain.reworks import REWORK_STEPS, Rework, against_finishing
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.equipping import may_be_used
from backend.store.openings import open_for
from backend.store.verb import verb


class FinishRework(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was done, to how much of it (stock unit), on which line and equipment where that matters."""

    id: str
    rework_id: str
    done: str
    quantity: Decimal
    line: str | None = None
    equipment: str | None = None
    device_at: str | None = None


@verb
async def finish_rework(tx: Change, who: Who, command: FinishRework) -> Rework:
    """Finish it. Results that were entered before show the stock as it was: it is inspected once more."""
    rework = await tx.get(Rework, command.rework_id)
    status = take(REWORK_STEPS, "finish", rework.status)
    if found := against_finishing(rework, command.done, command.quantity):
        raise Refused(*found)
    line, equipment = (command.line or "").strip(), (command.equipment or "").strip()
    await may_be_used(
        tx, who.site_id, tx.now, [("line", line, "line"), ("equipment", equipment, "equipment")]
    )
    done = tx.update(
        rework,
        status=status,
        done=command.done.strip(),
        reworked=command.quantity,
        line=line or None,
        equipment=equipment or None,
        done_by=who.person_id,
        done_at=tx.now,
    )
    ncr = await tx.get(Ncr, rework.ncr_id)
    lot = await tx.get(Lot, rework.lot_id)
    await _inspect_what_was_inspected_too_early(tx, rework, lot)
    facts = {"rework": rework.number, "ncr": ncr.number, "lot": lot.number}
    await tx.tell_role(("inspector", "supervisor"), "rework_done", "ncr", ncr.id, **facts)
    tx.record("rework_finished", "ncr", ncr.id, reason=done.done, **facts)
    return done


async def _inspect_what_was_inspected_too_early(tx: Change, rework: Rework, lot: Lot) -> None:
    repeated = await tx.all(Inspection, "repeats = $1 order by opened_at, id", rework.inspection_id)
    for early in repeated:
        later = await tx.first(Inspection, "repeats = $1", early.id)
        if later is None and await tx.first(Reading, "inspection_id = $1", early.id) is not None:
            await open_for(tx, lot, await tx.get(Receipt, early.receipt_id), early.stage, early)
