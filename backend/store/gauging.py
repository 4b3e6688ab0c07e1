"""Which gauge a reading is taken with: named by the person, or remembered; checked at every use (RES-6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from backend.domain.errors import Refused, refuse
from backend.domain.gauges import RULE, Gauge, Use, faults
from backend.domain.inspections import Reading
from backend.domain.plans import Characteristic, PlanDocument
from backend.store.change import Change


def remembered(
    document: PlanDocument, readings: Iterable[Reading], person_id: str, instrument_type: str
) -> str | None:
    """The gauge of this type that the person used last in this inspection: asked once, then kept."""
    types = {each.code: each.instrument_type for each in document.characteristics}
    mine = [
        each
        for each in readings
        if each.person_id == person_id and each.gauge_id and types.get(each.characteristic) == instrument_type
    ]
    return max(mine, key=lambda each: (each.at, each.id)).gauge_id if mine else None


async def gauge_of(
    tx: Change,
    document: PlanDocument,
    readings: Iterable[Reading],
    characteristic: Characteristic,
    named: str | None,
) -> Gauge | None:
    """The gauge to be used now; None where the plan asks for none. Refuses `gauge_needed` and what `faults` finds."""
    wanted = characteristic.instrument_type
    if named is None and wanted is not None:
        named = remembered(document, readings, tx.who.person_id, wanted)
        if named is None:
            raise refuse("gauge_needed", field="gauge_id", type=wanted, rule=RULE)
    if named is None:
        return None
    gauge = await tx.get(Gauge, named)
    check_use(tx, gauge, characteristic, [None])
    return gauge


def check_use(
    tx: Change, gauge: Gauge | None, characteristic: Characteristic, values: Sequence[Decimal | None]
) -> None:
    """Refuse with every reason why this gauge must not give these values today."""
    for value in values if gauge is not None else ():
        found = faults(gauge, Use(characteristic, value), tx.today.isoformat()) if gauge is not None else []
        if found:
            raise Refused(*found)


def with_gauge(reading: Reading, gauge: Gauge | None) -> Reading:
    """The reading, with the gauge as it is at use."""
    if gauge is None:
        return reading
    return msgspec.structs.replace(
        reading, gauge_id=gauge.id, gauge_due_on=gauge.due_on, gauge_resolution=gauge.resolution
    )
