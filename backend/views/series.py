"""Where the series of a site stand, and what people did to them (SMP-4)."""

from __future__ import annotations

import msgspec

from backend.domain.series import SeriesClass
from backend.domain.switching import ACTS, Act, may_act
from backend.store.reader import Reader
from backend.views.lots import ItemRef, item_ref


class SeriesClassView(msgspec.Struct, frozen=True):
    """One severity class: how its next lot is inspected, since which lot, what counts, what a person may do now."""

    of: str
    sampling: str
    since: str | None
    score: int
    accepted_in_row: int
    rejected: int
    may: list[Act]


class SeriesActView(msgspec.Struct, frozen=True):
    """What was done, by whom, why."""

    of: str
    act: str
    reason: str
    by: str
    at: str


class SeriesLine(msgspec.Struct, frozen=True):
    """The series of one material, supplier (None where we make it) and stage."""

    id: str
    item: ItemRef
    supplier: str | None
    stage: str
    classes: list[SeriesClassView]
    acts: list[SeriesActView]


_CLASSES = msgspec.json.Decoder(list[SeriesClass])


async def list_series(read: Reader, site_id: str) -> list[SeriesLine]:
    """As they were counted at the last opening or act; those that want a person first."""
    rows = await read.rows(
        "select series_state.id, item.id, item.code, item.name, item.unit, item.kind, supplier.name, stage, classes, "
        "item_id, series_state.supplier_id from series_state join item on item.id = item_id "
        "left join supplier on supplier.id = series_state.supplier_id "
        "where series_state.site_id = $1 and not exists (select 1 from alias where undone_at is null "
        "and alias_id in (series_state.supplier_id, series_state.item_id)) order by item.code, stage, supplier.name",
        site_id,
    )
    acts: dict[tuple[str, ...], list[SeriesActView]] = {}
    for row in await read.rows(
        'select item_id, supplier_id, stage, "of", act, reason, person.printed_name, at from series_act '
        "join person on person.id = person_id where series_act.site_id = $1 order by at desc",
        site_id,
    ):
        acts.setdefault(tuple(row[:3]), []).append(SeriesActView(*row[3:]))
    lines = [
        SeriesLine(
            row[0],
            item_ref(row[1:6]),
            row[6],
            row[7],
            [_class(each) for each in _CLASSES.decode(row[8])],
            acts.get((row[9], row[10], row[7]), []),
        )
        for row in rows
    ]
    return sorted(
        lines, key=lambda line: not any("end_reduced" not in each.may and each.may for each in line.classes)
    )


def _class(of: SeriesClass) -> SeriesClassView:
    standing = of.standing
    return SeriesClassView(
        of.of,
        standing.severity,
        of.since,
        standing.score,
        standing.in_row,
        standing.rejected,
        [act for act in ACTS if may_act(standing, act)],
    )
