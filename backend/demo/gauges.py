"""The gauges of the demo factory: two that measure, one due soon, one overdue, one too coarse for what it is near."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from backend.actions.add_gauge import AddGauge, add_gauge
from backend.demo.shift import Shift
from backend.domain.words import Words


class DemoGauge(NamedTuple):
    """A gauge: what it is, its range and resolution, the days from today until it is due, its interval in days."""

    code: str
    type: str
    name: Words
    unit: str
    span: tuple[str, str]
    resolution: str
    due_in: int
    interval: int


GAUGES = (
    DemoGauge("G-CAL-01", "calliper",
              Words("Digital calliper 150 mm", "数显卡尺 150 mm"), "mm", ("0", "150"), "0.01", 160, 365),
    DemoGauge("G-CAL-02", "calliper",
              Words("Digital calliper 150 mm", "数显卡尺 150 mm"), "mm", ("0", "150"), "0.01", -1, 365),
    DemoGauge("G-CAL-03", "calliper",
              Words("Vernier calliper 200 mm", "游标卡尺 200 mm"), "mm", ("0", "200"), "0.05", 90, 365),
    DemoGauge("G-PRS-01", "pressure_gauge",
              Words("Pressure gauge 100 mbar", "压力计 100 mbar"), "mbar", ("0", "100"), "0.1", 9, 180),
    DemoGauge("G-BAL-01", "balance",
              Words("Balance 220 g", "电子天平 220 g"), "g", ("0", "220"), "0.001", 200, 365),
)  # fmt: skip


async def add_gauges(shift: Shift, today: date) -> None:
    """Each with its certificate, by the quality engineer."""
    who = await shift.who("novak")
    for each in GAUGES:
        calibrated = today + timedelta(each.due_in - each.interval)
        await add_gauge(
            shift.store,
            who,
            AddGauge(
                id=shift.store.new_id(),
                code=each.code,
                type=each.type,
                name=each.name,
                unit=each.unit,
                lower=Decimal(each.span[0]),
                upper=Decimal(each.span[1]),
                resolution=Decimal(each.resolution),
                interval_days=each.interval,
                calibrated_on=calibrated.isoformat(),
                certificate=f"CNAS-{calibrated:%y%m}-{each.code[2:]}",
            ),
        )
