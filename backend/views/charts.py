"""A control chart as quality reads it: its lots, what they say and are worth; and a signal with its chart."""

from __future__ import annotations

from typing import Any

import msgspec

from backend.domain.chart_signals import ChartProposal, ChartSignal, Shown
from backend.domain.control_charts import Limits
from backend.domain.early_warning import Ability, LiveChart, Subgroup, Watch, ability, live_chart
from backend.domain.errors import NotFound, Reason
from backend.domain.inspections import Stage
from backend.domain.items import Item, Supplier
from backend.domain.plans import Characteristic
from backend.domain.words import Words
from backend.store.charting import FIRST_LOOK, Begun, ChartKey, begun, invalid_of, subgroups_of
from backend.store.inspecting import document_of
from backend.store.reader import Reader
from backend.views.chart_drift import Drift, drift_of
from backend.views.chart_lists import ChartLine, ChartSupplier, chart_material, item_of, measured_of
from backend.views.chart_signals import SignalLine, signals
from backend.views.lots import SupplierRef

OWN = "own"
"""In addresses: no supplier, our own production."""


class PointShown(msgspec.Struct, frozen=True):
    """A lot on a chart, with the rules that it meets."""

    inspection_id: str
    inspection: str
    lot: str
    at: str
    values: list[float]
    left_out: int
    corrected: int
    position: float
    limits: Limits
    spread: float | None
    spread_limits: Limits | None
    rules: list[int]
    spread_rules: list[int]


class LeftOut(msgspec.Struct, frozen=True):
    """What is not drawn, or stands for something else, and is said beneath the chart."""

    censored: int
    invalid: int
    corrected: int
    repeated: int
    """Inspections that look at a lot once more: after a rework, by a re-sample, at its retest date."""
    before: int
    """Lots before the process was changed on purpose."""


class ChartSheet(msgspec.Struct, frozen=True):
    """One chart. `points` are those of the period; limits, signals and capability those of the whole chart.

    `kind` None: too few lots, or no spread, for a chart yet; `lots` says how many there are.
    """

    item_id: str
    item: str
    item_name: Words
    stage: str
    characteristic: str
    name: Words
    unit: str
    plan_id: str | None
    lower: float | None
    upper: float | None
    target: float | None
    digits: int
    """Decimals that a value is read with."""
    suppliers: list[ChartSupplier]
    supplier: SupplierRef | None
    lots: int
    kind: str | None
    between: bool
    baseline: int
    frozen: bool
    rules: list[int]
    wanted: int
    least: int
    points: list[PointShown]
    ability: Ability | None
    left_out: LeftOut
    drift: Drift
    signals: list[SignalLine]


class SignalSheet(msgspec.Struct, frozen=True):
    """A signal with its chart: what was proposed, by which setting, and what a person said (RES-11)."""

    signal: SignalLine
    shown: list[Shown]
    lots: dict[str, str]
    """Numbers of the lots that the rules looked at, by inspection."""
    proposal: ChartProposal
    rule_set: str
    reason: str | None
    ncr: str | None
    answered_by: str | None
    answered_at: str | None
    version: int
    chart: ChartSheet


async def chart_sheet(
    read: Reader,
    site_id: str,
    item_code: str,
    stage: Stage,
    characteristic: str,
    watch: Watch,
    *,
    supplier_id: str | None = None,
    since: str = "",
    until: str = "",
) -> ChartSheet:
    """One chart; `supplier_id` None: of whoever delivered last. Days are ISO, both inclusive, "" none."""
    item = await item_of(read, site_id, item_code)
    line = await chart_line(read, site_id, item, stage, characteristic)
    chosen = await _chosen(read, item, stage, line, supplier_id)
    keys = {
        each.supplier.id if each.supplier else "": ChartKey(
            site_id, item.id, each.supplier.id if each.supplier else "", stage, characteristic, line.unit
        )
        for each in line.suppliers
    }
    key = keys.get(chosen) or ChartKey(site_id, item.id, chosen, stage, characteristic, line.unit)
    start = await begun(read, key)
    groups = await subgroups_of(read, key, start)
    chart = live_chart(groups, watch)
    of, plan_id = await _in_force(read, site_id, item, stage, characteristic)
    everything = {id: await subgroups_of(read, each, Begun()) for id, each in keys.items() if id != chosen}
    lower, upper = _number(of.lower if of else None), _number(of.upper if of else None)
    return ChartSheet(
        item_id=item.id,
        item=item.code,
        item_name=item.name,
        stage=stage,
        characteristic=characteristic,
        name=of.name if of else line.name,
        unit=line.unit,
        plan_id=plan_id,
        lower=lower,
        upper=upper,
        target=_number(of.target if of else None),
        digits=_digits(of),
        suppliers=line.suppliers,
        supplier=next(
            (each.supplier for each in line.suppliers if each.supplier and each.supplier.id == chosen), None
        ),
        lots=sum(bool(each.values) for each in groups),
        kind=chart.kind if chart else None,
        between=chart.between if chart else False,
        baseline=chart.baseline if chart else 0,
        frozen=chart.frozen if chart else False,
        rules=list(watch.rules),
        wanted=watch.baseline,
        least=watch.least,
        points=_points(chart, since, until),
        ability=ability(chart, lower, upper) if chart else None,
        left_out=await _left_out(read, key, groups, start),
        drift=drift_of(groups, everything, line.suppliers, watch.baseline),
        signals=await signals(
            read,
            "chart_signal.site_id = $1 and chart_signal.item_id = $2 and chart_signal.supplier_id = $3 "
            "and chart_signal.stage = $4 and chart_signal.characteristic = $5 and chart_signal.unit = $6",
            *key,
        ),
    )


async def signal_sheet(read: Reader, signal_id: str, watch: Watch) -> SignalSheet:
    """One signal, its chart as it stands now, and what was proposed then."""
    signal = await read.get(ChartSignal, signal_id)
    line = (await signals(read, "chart_signal.id = $1", signal.id))[0]
    item = await read.get(Item, signal.item_id)
    looked_at = sorted({each for shown in signal.shown for each in shown.inspections})
    marks = ", ".join(f"${place + 1}" for place in range(len(looked_at)))
    lots = await read.rows(
        "select inspection.id, lot.number from inspection join lot on lot.id = inspection.lot_id "
        f"where inspection.id in ({marks})",
        *looked_at,
    )
    return SignalSheet(
        signal=line,
        shown=signal.shown,
        lots=dict(lots),
        proposal=signal.proposal,
        rule_set=signal.rule_set,
        reason=signal.reason,
        ncr=await _text(read, "select number from ncr where id = $1", signal.ncr_id),
        answered_by=await _text(read, "select printed_name from person where id = $1", signal.answered_by),
        answered_at=signal.answered_at,
        version=signal.version,
        chart=await chart_sheet(
            read,
            signal.site_id,
            item.code,
            signal.stage,
            signal.characteristic,
            watch,
            supplier_id=signal.supplier_id or OWN,
        ),
    )


async def _text(read: Reader, sql: str, id: str | None) -> str | None:
    rows = await read.rows(sql, id) if id else []
    return str(rows[0][0]) if rows else None


async def chart_line(read: Reader, site_id: str, item: Item, stage: str, code: str) -> ChartLine:
    """The newest form of a characteristic that lots were inspected by."""
    material = await chart_material(read, site_id, item.code)
    for line in material.charts:
        if (line.stage, line.characteristic) == (stage, code):
            return line
    of, _ = await _in_force(read, site_id, item, stage, code)
    if of is None:
        raise NotFound(Reason("not_found", {"kind": "characteristic", "id": code}))
    return ChartLine(stage, code, of.name, of.unit, [])


async def _chosen(read: Reader, item: Item, stage: str, line: ChartLine, supplier_id: str | None) -> str:
    if supplier_id == OWN:
        return ""
    if supplier_id:
        return (await read.get(Supplier, supplier_id)).id
    rows = await read.rows(
        "select coalesce(lot.supplier_id, '') from lot join inspection on inspection.lot_id = lot.id "
        f"where lot.item_id = $1 and inspection.stage = $2 and {FIRST_LOOK} "
        "order by inspection.opened_at desc limit 1",
        item.id,
        stage,
    )
    if rows:
        return str(rows[0][0])
    return line.suppliers[0].supplier.id if line.suppliers and line.suppliers[0].supplier else ""


async def _in_force(
    read: Reader, site_id: str, item: Item, stage: str, code: str
) -> tuple[Characteristic | None, str | None]:
    rows = await read.rows(
        "select plan.id, plan_version.id from plan join plan_version on plan_version.plan_id = plan.id "
        "where plan.site_id = $1 and item_id = $2 and stage = $3 and plan_version.status = 'effective'",
        site_id,
        item.id,
        stage,
    )
    if not rows:
        return None, None
    document = await document_of(read, rows[0][1])
    measured = measured_of(document.characteristics)
    return next((each for each in measured if each.code == code), None), rows[0][0]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _digits(of: Characteristic | None) -> int:
    exponent = of.resolution.as_tuple().exponent if of and of.resolution is not None else -2
    return max(0, -exponent) if isinstance(exponent, int) else 2


def _points(chart: LiveChart | None, since: str, until: str) -> list[PointShown]:
    return [
        PointShown(
            inspection_id=point.subgroup.inspection_id,
            inspection=point.subgroup.inspection,
            lot=point.subgroup.lot,
            at=point.subgroup.at,
            values=point.subgroup.values,
            left_out=point.subgroup.left_out,
            corrected=point.subgroup.corrected,
            position=point.position,
            limits=point.limits,
            spread=point.spread,
            spread_limits=point.spread_limits,
            rules=point.rules,
            spread_rules=point.spread_rules,
        )
        for point in (chart.points if chart else [])
        if since <= point.subgroup.at[:10] <= (until or "9999")
    ]


async def _left_out(read: Reader, key: ChartKey, groups: list[Subgroup], start: Begun) -> LeftOut:
    rows = await read.rows(
        f"select coalesce(sum(case when {FIRST_LOOK} then 0 else 1 end), 0), coalesce(sum(case when {FIRST_LOOK} "
        "and (inspection.opened_at, inspection.id) < ($5, $6) then 1 else 0 end), 0) "
        "from lot join inspection on inspection.lot_id = lot.id where lot.site_id = $1 "
        "and lot.item_id = $2 and coalesce(lot.supplier_id, '') = $3 and inspection.stage = $4",
        *key[:4],
        *start,
    )
    return LeftOut(
        censored=sum(each.left_out for each in groups),
        invalid=await invalid_of(read, key, start),
        corrected=sum(each.corrected for each in groups),
        repeated=int(rows[0][0]),
        before=int(rows[0][1]),
    )
