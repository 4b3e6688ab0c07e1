"""The chart of a signal as a drawing: the newest lots up to the one that was told of."""

from __future__ import annotations

from backend.domain.chart_signals import ChartSignal
from backend.domain.early_warning import Watch
from backend.store.reader import Reader
from backend.views.charts import signal_sheet
from backend.views.drawings import Lot, live_svg

NEWEST = 30


async def signal_svg(read: Reader, signal_id: str, language: str, watch: Watch) -> str | None:
    """SVG; None where the chart has no lots to draw any more."""
    signal = await read.get(ChartSignal, signal_id)
    sheet = (await signal_sheet(read, signal_id, watch)).chart
    places = [each.inspection_id for each in sheet.points]
    if not places:
        return None
    end = places.index(signal.inspection_id) + 1 if signal.inspection_id in places else len(places)
    of_spread = all(each.part == "spread" for each in signal.shown)
    newest = sheet.points[max(0, end - NEWEST) : end]
    lots = [Lot(each.lot, each.position, each.limits, each.rules) for each in newest]
    if of_spread:
        lots = [
            Lot(each.lot, each.spread, each.spread_limits, each.spread_rules)
            for each in newest
            if each.spread is not None and each.spread_limits is not None
        ]
    if not lots:
        return None
    specified = (None, None) if of_spread else (sheet.lower, sheet.upper)
    name = sheet.name.in_language(language)
    unit = f" ({sheet.unit})" if sheet.unit else ""
    who = f" · {sheet.supplier.name}" if sheet.supplier else ""
    return live_svg(f"{name}{unit} · {sheet.item}{who}", lots, specified)
