"""With what the lots of a chart were made and measured, ranked by how much of their variation goes with it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from backend.domain.factors import LEAST, SURE, Candidate, FactorKind, Ranking, rank
from backend.domain.inspections import Stage
from backend.domain.words import Words
from backend.store.charting import Begun, ChartKey, subgroups_of
from backend.store.many import among
from backend.store.reader import Reader
from backend.views.chart_lists import item_of
from backend.views.charts import chart_line

SHIFTS = ((6, "06-14"), (14, "14-22"), (22, "22-06"))
"""Hours of the site's clocks at which a shift begins."""
MOST = 2000
"""Newest lots that are looked at."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
Values = dict[tuple[FactorKind, str, str], dict[str, str | float]]


class FactorSheet(msgspec.Struct, frozen=True):
    """One characteristic and its factors. `least`: lots under which nothing is ranked; `sure`: the chance below which
    a factor is pointed out."""

    item: str
    item_name: Words
    stage: str
    characteristic: str
    name: Words
    unit: str
    least: int
    sure: float
    ranking: Ranking


async def factor_sheet(
    read: Reader, site_id: str, item_code: str, stage: Stage, characteristic: str
) -> FactorSheet:
    """Over all suppliers, of first looks at lots. Refuses `factors_too_few_lots` and `factors_no_spread`."""
    item = await item_of(read, site_id, item_code)
    line = await chart_line(read, site_id, item, stage, characteristic)
    suppliers = [each.supplier.id if each.supplier else "" for each in line.suppliers]
    keys = [ChartKey(site_id, item.id, each, stage, characteristic, line.unit) for each in suppliers]
    groups = [group for key in keys for group in await subgroups_of(read, key, Begun()) if group.values]
    groups = sorted(groups, key=lambda each: each.at)[-MOST:]
    means = {each.inspection_id: fmean(each.values) for each in groups}
    values = await _values(read, site_id, list(means), characteristic)
    names = {each.supplier.id: each.supplier.name for each in line.suppliers if each.supplier}
    values["supplier", "", ""] = {
        each.inspection_id: names[each.supplier_id] for each in groups if each.supplier_id in names
    }
    candidates = [Candidate(*key, of) for key, of in sorted(values.items()) if of]
    ranking = rank(means, candidates)
    return FactorSheet(
        item.code, item.name, stage, characteristic, line.name, line.unit, LEAST, SURE, ranking
    )


async def _values(read: Reader, site_id: str, inspections: list[str], characteristic: str) -> Values:
    """By factor, by inspection: what it was. A lot that had several of a kind (two operators) says nothing of it."""
    found: dict[tuple[FactorKind, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for inspection, kind, code, value, unit in await _rows(read, _PROCESS, inspections):
        of = code if kind in ("line", "equipment", "operator") else value
        name = "" if kind in ("line", "equipment", "operator") else code
        found[kind, name, unit if kind == "parameter" else ""][inspection].add(of)
    for inspection, item, supplier in await _rows(read, _PARTS, inspections):
        found["part_supplier", item, ""][inspection].add(supplier)
    for inspection, of, person, gauge in await _rows(read, _READ, inspections):
        if of == characteristic:
            found["inspector", "", ""][inspection].add(person)
            if gauge is not None:
                found["gauge", "", ""][inspection].add(gauge)
    zone = (await read.rows("select zone from site where id = $1", site_id))[0][0]
    for inspection, made_here, created_at in await _rows(read, _MADE, inspections):
        if made_here:
            found["shift", "", ""][inspection].add(shift_of(created_at, zone))
    made: Values = {
        key: _as_numbers({lot: next(iter(of)) for lot, of in values.items() if len(of) == 1}, key[0])
        for key, values in found.items()
    }
    for inspection, quantity, unit, mean in await _rows(read, _AROUND, inspections):
        made.setdefault(("environment", quantity, unit), {})[inspection] = float(mean)
    return made


def _as_numbers(values: Mapping[str, str], kind: FactorKind) -> dict[str, str | float]:
    """A parameter whose every value is a plain number is one."""
    if kind == "parameter" and all(_NUMBER.fullmatch(value) for value in values.values()):
        return {lot: float(value) for lot, value in values.items()}
    return dict(values)


def shift_of(at: str, zone: str) -> str:
    """The shift in which something was begun."""
    hour = datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).hour
    return next((name for begins, name in reversed(SHIFTS) if hour >= begins), SHIFTS[-1][1])


async def _rows(read: Reader, sql: str, inspections: list[str]) -> list[tuple[Any, ...]]:
    chosen = among(read, "inspection.id", inspections)
    return [tuple(row) for row in await read.rows(sql.format(chosen=chosen.where), chosen.argument)]


_PROCESS = (
    "select inspection.id, process_fact.kind, code, process_fact.value, process_fact.unit from inspection "
    "join process_fact on process_fact.lot_id = inspection.lot_id where {chosen}"
)
_PARTS = (
    "select distinct inspection.id, item.code, supplier.name from inspection "
    "join consumption on consumption.child_lot_id = inspection.lot_id "
    "join lot on lot.id = consumption.parent_lot_id join item on item.id = lot.item_id "
    "join supplier on supplier.id = lot.supplier_id where {chosen}"
)
_READ = (
    "select distinct reading.inspection_id, reading.characteristic, person.printed_name, gauge.code from reading "
    "join inspection on inspection.id = reading.inspection_id "
    "join person on person.id = reading.person_id left join gauge on gauge.id = reading.gauge_id "
    "where reading.status = 'current' and {chosen}"
)
_MADE = (
    "select inspection.id, lot.production_order, lot.created_at from inspection "
    "join lot on lot.id = inspection.lot_id where {chosen}"
)
_AROUND = (
    "select inspection.id, environment_value.quantity, environment_value.unit, avg(environment_value.value) "
    "from inspection join lot on lot.id = inspection.lot_id "
    "join environment_value on environment_value.site_id = lot.site_id "
    "and environment_value.place in (select code from process_fact where process_fact.lot_id = lot.id "
    "and kind in ('line', 'equipment')) and environment_value.at >= lot.created_at "
    "and environment_value.at <= coalesce((select max(received_at) from receipt where receipt.lot_id = lot.id "
    "and source = 'production'), inspection.opened_at) "
    "where {chosen} group by inspection.id, environment_value.quantity, environment_value.unit"
)
"""The mean of each quantity at the places that a lot names, from its start to its end."""
