"""Inspect again a lot whose retest date has passed or draws near; its first results stay (REL-8)."""

from __future__ import annotations

from typing import Any

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot, Receipt
from backend.domain.people import Who
from backend.domain.retests import due, speaks_for
from backend.domain.retests import untested as retests_missing
from backend.store.change import Change
from backend.store.openings import Marks, effective, open_for, stage_of
from backend.store.retesting import hold_when_due, lying_of, retests_of
from backend.store.stock import lot_named
from backend.store.verb import verb


class OpenRetest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lot; `plan_id`: by another plan of the material than the one that it came in by."""

    id: str
    lot_number: str
    plan_id: str | None = None
    device_at: str | None = None


@verb
async def open_retest(tx: Change, who: Who, command: OpenRetest) -> Inspection:
    """Open one about each entry of which something lies here and that has none yet (LOT-2); the oldest is returned.
    What is due is held now, if it was not yet."""
    lot = await lot_named(tx, command.lot_number)
    stage = await stage_of(tx, lot)
    lying, retests = await lying_of(tx, lot), await retests_of(tx, lot)
    untested = retests_missing(lot, lying, retests)
    reasons = _against(tx, lot, lying, retests, untested)
    if await effective(tx, lot, stage, command.plan_id) is None:
        reasons.append(Reason("plan_not_effective", {"lot": lot.number}, "plan_id"))
    if reasons:
        raise Refused(*reasons)
    await hold_when_due(tx, lot)
    marks = Marks("retest", retest_for=lot.retest_on, plan_id=command.plan_id)
    opened = [await open_for(tx, lot, receipt, stage, marks=marks) for receipt in untested]
    inspections = [await tx.get(Inspection, each.id) for each in opened if each is not None]
    first, *others = inspections
    facts: dict[str, Any] = {"lot": lot.number, "inspection": first.number, "retest_on": lot.retest_on}
    if others:
        facts["others"] = [each.number for each in others]
    tx.record("retest_opened", "inspection", first.id, **facts)
    return first


def _against(
    tx: Change, lot: Lot, lying: list[Receipt], retests: list[Inspection], untested: list[Receipt]
) -> list[Reason]:
    if not lying:
        return [Reason("nothing_to_retest", {"lot": lot.number}, "lot_number")]
    if lot.retest_on is None:
        return [Reason("retest_day_missing", {"lot": lot.number}, "lot_number")]
    reasons = [reason for reason in due(lot, tx.today.isoformat()) if reason.code == "lot_expired"]
    if not untested:
        numbers = [each.number for each in retests if any(speaks_for(each, lot, of) for of in lying)]
        reasons.append(Reason("retest_open_already", {"inspection": numbers[-1]}, "lot_number"))
    return reasons
