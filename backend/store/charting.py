"""Stored results as the subgroups of a control chart, and what the log says of new ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from backend.domain.chart_signals import ChartSignal
from backend.domain.early_warning import Subgroup, Watch
from backend.domain.inspections import ClassSampling, Inspection, Stage
from backend.domain.lots import Lot
from backend.domain.plans import Characteristic, sample_of
from backend.domain.result_kinds import Basis
from backend.domain.series import severities_of
from backend.store.change import Change
from backend.store.database import Row
from backend.store.door import Store
from backend.store.inspecting import document_of
from backend.store.log_marks import end_of_log, mark_up_to, read_up_to
from backend.store.reader import Reader

MARK = "charts"
NEWEST = 60
"""Lots that a look at news reads beside those that may make the baseline; no rule looks at more than 15."""
EVENTS = 500
"""A look at the log at once."""
_BASIS = msgspec.json.Decoder(Basis)
_SAMPLING = msgspec.json.Decoder(list[ClassSampling])
FIRST_LOOK = "coalesce(inspection.repeats, inspection.purpose) is null"
"""Not of a lot that is looked at once more: after a rework, by a re-sample, at its retest date."""
_OF = (
    "lot.site_id = $1 and lot.item_id = $2 and coalesce(lot.supplier_id, '') = $3 and inspection.stage = $4 "
    f"and {FIRST_LOOK} and (inspection.opened_at, inspection.id) >= ($5, $6)"
)
_READINGS = (
    "select inspection.id, inspection.number, inspection.status, lot.number, inspection.opened_at, "
    "inspection.plan_version_id, inspection.lot_size, inspection.sampling, reading.value, reading.qualifier, "
    "reading.corrects, reading.basis from inspection join lot on lot.id = inspection.lot_id "
    "join reading on reading.inspection_id = inspection.id where reading.status = 'current' and "
)
_ORDER = " order by inspection.opened_at, inspection.id, reading.sample_id, reading.item_key"
_ALL = f"{_READINGS}{_OF} and reading.characteristic = $7{_ORDER}"
_AMONG = {
    "sqlite": f"{_READINGS}inspection.id in (select value from json_each($1)) and reading.characteristic = $2{_ORDER}",
    "postgres": f"{_READINGS}inspection.id in (select json_array_elements_text($1::json)) "
    f"and reading.characteristic = $2{_ORDER}",
}


class ChartKey(NamedTuple):
    """Which chart: of one material, supplier ("" our own production), stage, characteristic and unit."""

    site_id: str
    item_id: str
    supplier_id: str
    stage: Stage
    characteristic: str
    unit: str


class Begun(NamedTuple):
    """From which inspection on a chart counts; the earliest of all where nobody began anew."""

    opened_at: str = ""
    inspection_id: str = ""


async def begun(read: Reader, key: ChartKey) -> Begun:
    """The newest lot at which a person said that the process was changed on purpose."""
    rows = await read.rows(
        "select opened_at, inspection.id from chart_signal join inspection on inspection.id = inspection_id "
        "where chart_signal.site_id = $1 and item_id = $2 and supplier_id = $3 and chart_signal.stage = $4 "
        "and characteristic = $5 and chart_signal.unit = $6 and chart_signal.status = 'rebased' "
        "order by opened_at desc, inspection.id desc limit 1",
        *key,
    )
    return Begun(*rows[0]) if rows else Begun()


async def subgroups_of(read: Reader, key: ChartKey, start: Begun) -> list[Subgroup]:
    """All lots of a chart, in the order in which their inspections opened. A lot not yet measured through is none."""
    rows = await read.rows(_ALL, *_args(key, start))
    return await _grouped(read, key, rows)


class Ends(NamedTuple):
    """The inspections at both ends of a series, of the oldest on: where the baseline lies, and the newest."""

    head: list[str]
    tail: list[str]


async def ends_of(read: Reader, key: ChartKey, start: Begun, watch: Watch) -> Ends:
    """All charts of a material, supplier and stage that begin alike have the same."""
    asked = (
        f"select inspection.id from lot join inspection on inspection.lot_id = lot.id where {_OF} order by "
    )
    args = _args(key, start)[:6]
    head = await read.rows(f"{asked} inspection.opened_at, inspection.id limit {2 * watch.baseline}", *args)
    tail = await read.rows(f"{asked} inspection.opened_at desc, inspection.id desc limit {NEWEST}", *args)
    return Ends([row[0] for row in head], [row[0] for row in reversed(tail)])


async def invalid_of(read: Reader, key: ChartKey, start: Begun) -> int:
    """Readings of a chart that were declared invalid."""
    rows = await read.rows(
        "select count(*) from reading join inspection on inspection.id = reading.inspection_id "
        f"join lot on lot.id = inspection.lot_id where {_OF} and reading.characteristic = $7 "
        "and reading.status = 'invalid'",
        *_args(key, start),
    )
    return int(rows[0][0])


async def newest_subgroups(
    read: Reader, key: ChartKey, start: Begun, watch: Watch, ends: Ends
) -> list[Subgroup]:
    """The lots that make the baseline and the newest ones: as much however long the history is."""
    chosen = msgspec.json.encode(list(dict.fromkeys([*ends.head, *ends.tail]))).decode()
    rows = await read.rows(_AMONG[read.dialect], chosen, key.characteristic)
    found = await _grouped(read, key, rows)
    whole = len(ends.head) < 2 * watch.baseline or bool(set(ends.head) & set(ends.tail))
    first = set(ends.head)
    if not whole and sum(bool(each.values) for each in found if each.inspection_id in first) < watch.baseline:
        return await subgroups_of(read, key, start)
    return found


def _args(key: ChartKey, start: Begun) -> list[str]:
    return [key.site_id, key.item_id, key.supplier_id, key.stage, *start, key.characteristic]


async def _grouped(read: Reader, key: ChartKey, rows: Sequence[Row]) -> list[Subgroup]:
    found = []
    for readings in (list(group) for _, group in groupby(rows, key=lambda row: row[0])):
        id, number, status, lot, opened_at, version, lot_size, sampling = readings[0][:8]
        document = await document_of(read, version)
        of = next((each for each in document.characteristics if each.code == key.characteristic), None)
        if of is None or of.kind != "numeric" or of.unit != key.unit:
            continue
        if status not in ("passed", "failed") and len(readings) < _asked(of, lot_size, sampling):
            continue
        read_as = [_numbers(row) for row in readings]
        numbers = [value for values in read_as for value in values if value is not None]
        found.append(
            Subgroup(
                inspection_id=id,
                inspection=number,
                lot=lot,
                supplier_id=key.supplier_id,
                at=opened_at,
                values=numbers,
                left_out=sum(value is None for values in read_as for value in values),
                corrected=sum(row[10] is not None for row in readings),
            )
        )
    return found


def _numbers(row: Row) -> list[float | None]:
    """Of a reading: its value; where several readings of a sample stand each for itself, all of them. None: censored,
    or not to be computed."""
    value, qualifier, basis = row[8], row[9], row[11]
    if value is not None and not qualifier:
        return [float(value)]
    made = _BASIS.decode(basis) if value is None and basis is not None else None
    if made is None or made.rule != "each":
        return [None]
    return [None if part.qualifier else float(part.value) for part in made.parts]


def _asked(of: Characteristic, lot_size: int, sampling: str | None) -> int:
    if of.formula is not None and of.formula.over == "all":
        return 1
    severities = severities_of(_SAMPLING.decode(sampling) if sampling is not None else None)
    return sample_of(of, lot_size, severities.get(of.severity, "normal")).n


class _Row(msgspec.Struct):
    characteristic: str | None = None


class _RowChange(msgspec.Struct):
    table: str
    new: _Row


class _Changes(msgspec.Struct):
    changes: list[_RowChange]


_BODY = msgspec.json.Decoder(_Changes)


class News(NamedTuple):
    """Characteristics with new readings, by inspection, up to `seq` of the log."""

    touched: dict[str, set[str]]
    seq: int


async def news_since(read: Reader, seq: int) -> News:
    """What the log says after an event; the log has no other listener that may lag behind."""
    rows = await read.rows(
        "select seq, subject_kind, subject_id from event where seq > $1 order by seq limit $2", seq, EVENTS
    )
    touched: dict[str, set[str]] = {}
    for at, kind, inspection_id in rows:
        if kind != "inspection":
            continue
        body = (await read.rows("select body from event where seq = $1", at))[0][0]
        for change in _BODY.decode(body).changes:
            if change.table == "reading" and change.new.characteristic is not None:
                touched.setdefault(inspection_id, set()).add(change.new.characteristic)
    return News(touched, rows[-1][0] if rows else seq)


async def marked(store: Store) -> int:
    """Up to where the log was watched; at first its end: what lies before is on the charts, and told to nobody."""
    seq = await read_up_to(store.read, MARK)
    if seq is None:
        seq = await end_of_log(store.read)
        await watched_up_to(store, seq)
    return seq


async def watched_up_to(store: Store, seq: int) -> None:
    """Keep it."""

    async def keep(tx: Change) -> None:
        await mark_up_to(tx, MARK, seq)

    await store.keep(keep)


async def keys_of(read: Reader, inspection_id: str, characteristics: set[str]) -> list[ChartKey]:
    """The charts that an inspection gives to; none where it looks at a lot once more."""
    inspection = await read.get(Inspection, inspection_id)
    if inspection.repeats is not None or inspection.purpose is not None:
        return []
    lot = await read.get(Lot, inspection.lot_id)
    document = await document_of(read, inspection.plan_version_id)
    return [
        ChartKey(lot.site_id, lot.item_id, lot.supplier_id or "", inspection.stage, of.code, of.unit)
        for of in document.characteristics
        if of.code in characteristics and of.kind == "numeric"
    ]


async def signals_of_chart(read: Reader, key: ChartKey) -> list[ChartSignal]:
    """What was told of a chart, the newest first."""
    return await read.all(
        ChartSignal,
        "site_id = $1 and item_id = $2 and supplier_id = $3 and stage = $4 and characteristic = $5 and unit = $6 "
        "order by at desc, id desc",
        *key,
    )
