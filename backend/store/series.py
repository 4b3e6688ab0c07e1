"""Series in the database: where one stands, kept beside its inspections; telling when one switches or was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from backend.domain.inspections import ClassSampling, Inspection, Stage
from backend.domain.lots import Lot
from backend.domain.plans import Severity
from backend.domain.sampling_rules import draw_below
from backend.domain.series import (
    PastInspection,
    SeriesAct,
    SeriesClass,
    SeriesState,
    WrongPlan,
    act_on,
    count_in,
    decided_places,
    opened_under,
    wrong_plans,
)
from backend.domain.skip_lot import SkipLotRule, checks_of_lot, state_after
from backend.domain.switching import SeriesSeverity, harder
from backend.store.aliases import joined_at, kept_id, same_ids
from backend.store.change import Change
from backend.store.database import Row
from backend.store.many import among
from backend.store.reader import Reader

TOLD = ("quality_engineer",)
_SAMPLING = msgspec.json.Decoder(list[ClassSampling])
_PAST = (
    "select inspection.id, lot.number, opened_at, coalesce(repeats, purpose), sampling from lot "
    "join inspection on inspection.lot_id = lot.id where sampling is not null and "
)
_ORDER = " order by opened_at, inspection.id"
_OF_IDS = {
    "sqlite": "inspection.id in (select value from json_each($1))",
    "postgres": "inspection.id in (select json_array_elements_text($1::json))",
}


async def past_of(read: Reader, lot: Lot, stage: Stage) -> list[PastInspection]:
    """The inspections of the lot's material and supplier, their aliases with them, at a stage, the oldest first."""
    which = among(read, "lot.item_id", await same_ids(read, lot.item_id), 2)
    of_lot = f"lot.site_id = $1 and {which.where} and stage = $3 and "
    if lot.supplier_id is None:
        rows = await read.rows(
            f"{_PAST}{of_lot}lot.supplier_id is null{_ORDER}", lot.site_id, which.argument, stage
        )
    else:
        whose = among(read, "lot.supplier_id", await same_ids(read, lot.supplier_id), 4)
        rows = await read.rows(
            f"{_PAST}{of_lot}{whose.where}{_ORDER}", lot.site_id, which.argument, stage, whose.argument
        )
    return [_past(row) for row in rows]


async def acts_of(read: Reader, lot: Lot, stage: Stage) -> list[SeriesAct]:
    """What people did to the series of the lot's material and supplier, their aliases with them, the oldest first."""
    whose = among(read, "supplier_id", await same_ids(read, lot.supplier_id) if lot.supplier_id else [""], 3)
    which = among(read, "item_id", await same_ids(read, lot.item_id), 2)
    where = f"site_id = $1 and {which.where} and {whose.where} and stage = $4 order by at, id"
    return await read.all(SeriesAct, where, lot.site_id, which.argument, whose.argument, stage)


async def alias_changed(tx: Change, *ids: str) -> None:
    """What is one supplier, or one item, has changed: each of their series is counted anew when it is opened next."""
    whose, which = among(tx, "supplier_id", ids), among(tx, "item_id", ids)
    known = await tx.all(SeriesState, f"{whose.where} or {which.where} order by id", whose.argument)
    for each in [*known, *tx.pending(SeriesState)]:
        now = await tx.get(SeriesState, each.id)
        if not now.stale:
            tx.update(now, stale=True)


class Joining(NamedTuple):
    """The series that become one: where its classes stand in each of them, and under which names it goes on."""

    item_id: str
    supplier_id: str
    stage: Stage
    severities: dict[Severity, list[SeriesSeverity]]

    @property
    def stopped(self) -> bool:
        """Whether inspection of one of them is discontinued."""
        return any("discontinued" in each for each in self.severities.values())


async def series_joining(tx: Change, kept: str, other: str) -> list[Joining]:
    """The series of two suppliers, or of two items, that become one when these do, all verdicts counted up to now."""
    ids = (kept, other)
    whose, which = among(tx, "supplier_id", ids), among(tx, "item_id", ids)
    found: dict[tuple[str, str, Stage], Joining] = {}
    for each in await tx.all(SeriesState, f"{whose.where} or {which.where} order by id", whose.argument):
        lot = await a_lot_of(tx, each)
        state = await series_now(tx, lot, each.stage) if lot is not None else each
        item_id, supplier_id = (kept if id == other else id for id in (state.item_id, state.supplier_id))
        of = found.setdefault(
            (item_id, supplier_id, each.stage), Joining(item_id, supplier_id, each.stage, {})
        )
        for one in state.classes:
            of.severities.setdefault(one.of, []).append(one.standing.severity)
    return list(found.values())


async def join_series(tx: Change, joining: Sequence[Joining], why: str) -> None:
    """From now on each is inspected as hard as the harder of those that it was made of: joining eases nothing."""
    for each in joining:
        for of, severities in each.severities.items():
            if (act := harder(severities)) is not None:
                tx.insert(
                    SeriesAct(
                        tx.new_id(), tx.who.site_id, each.item_id, each.supplier_id, each.stage, of, act, why,
                        tx.who.person_id, tx.now,
                    )
                )  # fmt: skip


async def a_lot_of(read: Reader, series: SeriesState) -> Lot | None:
    """Any lot of a series, under any name of its material and supplier."""
    which = among(read, "item_id", await same_ids(read, series.item_id), 2)
    sellers = await same_ids(read, series.supplier_id) if series.supplier_id else [""]
    whose = among(read, "coalesce(supplier_id, '')", sellers, 3)
    where = f"site_id = $1 and {which.where} and {whose.where} order by id"
    return await read.first(Lot, where, series.site_id, which.argument, whose.argument)


async def _past_among(read: Reader, ids: list[str]) -> list[PastInspection]:
    if not ids:
        return []
    rows = await read.rows(f"{_PAST}{_OF_IDS[read.dialect]}{_ORDER}", msgspec.json.encode(ids).decode())
    return [_past(row) for row in rows]


def _past(row: Row) -> PastInspection:
    return PastInspection(row[0], row[1], row[2], row[3] is None, _SAMPLING.decode(row[4]))


async def series_now(tx: Change, lot: Lot, stage: Stage) -> SeriesState:
    """Where the series of a lot stand, with every verdict counted that was given before this moment."""
    kept = await _kept(tx, lot, stage)
    if kept is None:
        key = await _key(tx, lot, stage)
        new = SeriesState(tx.new_id(), *key, [], [], [])
        return tx.insert(await _counted_anew(tx, new, lot))
    past = await _past_among(tx, kept.waiting)
    places = decided_places(past, tx.now)
    if kept.stale or any(place <= kept.counted_to for place in places.values()):
        anew = await _counted_anew(tx, kept, lot)
        return tx.update(
            kept, classes=anew.classes, waiting=anew.waiting, counted_to=anew.counted_to, stale=False
        )
    if not places:
        return kept
    return tx.update(
        kept,
        classes=count_in(kept.classes, past, tx.now),
        waiting=[id for id in kept.waiting if id not in places],
        counted_to=max(places.values()),
    )


async def _key(tx: Change, lot: Lot, stage: Stage) -> tuple[str, str, str, Stage]:
    """A supplier or an item that is an alias has no series of its own."""
    supplier_id = await kept_id(tx, lot.supplier_id) if lot.supplier_id else ""
    return (lot.site_id, await kept_id(tx, lot.item_id), supplier_id, stage)


async def _kept(tx: Change, lot: Lot, stage: Stage) -> SeriesState | None:
    key = await _key(tx, lot, stage)
    for new in tx.pending(SeriesState):
        if (new.site_id, new.item_id, new.supplier_id, new.stage) == key:
            return new
    where = "site_id = $1 and item_id = $2 and supplier_id = $3 and stage = $4"
    found = await tx.first(SeriesState, where, *key)
    return await tx.get(SeriesState, found.id) if found is not None else None


async def _counted_anew(tx: Change, state: SeriesState, lot: Lot) -> SeriesState:
    past, now = await past_of(tx, lot, state.stage), tx.now
    places = decided_places(past, now)
    classes = count_in([], past, now, await acts_of(tx, lot, state.stage))
    for each in past:
        classes = opened_under(classes, each.sampling)
    return msgspec.structs.replace(
        state,
        classes=classes,
        waiting=[each.inspection for each in past if each.inspection not in places],
        counted_to=max(places.values(), default=[]),
        stale=False,
    )


async def skips_this_lot(
    tx: Change, lot: Lot, stage: Stage, rule: SkipLotRule, sampling: list[ClassSampling], seed: bytes
) -> bool:
    """Whether the next lot is spared all but what no lot is spared (SMP-7); `seed` is not known before.

    A series that is inspected tightened, or not at all, spares nothing. One that was made of two proves itself anew:
    the good lots of one name say nothing of those that came under the other.
    """
    if any(each.severity == "tightened" for each in sampling):
        return False
    failed = (
        "(inspection.status = 'failed' or exists (select 1 from ncr where ncr.inspection_id = inspection.id))"
    )
    same = await same_ids(tx, lot.supplier_id) if lot.supplier_id else [""]
    whose = among(tx, "coalesce(lot.supplier_id, '')", same, 3)
    items = await same_ids(tx, lot.item_id)
    which = among(tx, "lot.item_id", items, 2)
    rows = await tx.rows(
        f"select case when {failed} then 0 else 1 end from lot join inspection on inspection.lot_id = lot.id "
        f"where lot.site_id = $1 and {which.where} and {whose.where} and stage = $4 "
        f"and repeats is null and purpose is null and ({failed} or (inspection.status = 'passed' and skipped is null)) "
        "and coalesce(finished_at, opened_at) > $6 "
        "order by coalesce(finished_at, opened_at) desc, inspection.id desc limit $5",
        lot.site_id,
        which.argument,
        whose.argument,
        stage,
        rule.clearance,
        await joined_at(tx, [items[0], same[0]]),
    )
    state = state_after(rule, [bool(row[0]) for row in rows])
    drawn = draw_below(seed, "skip-lot", rule.one_in)
    return "characteristic" not in checks_of_lot(state, rule, drawn)


def opened_in(tx: Change, series: SeriesState, inspection: Inspection) -> None:
    """Keep that an inspection was opened in a series."""
    if inspection.sampling:
        classes = opened_under(series.classes, inspection.sampling)
        tx.update(series, classes=classes, waiting=[*series.waiting, inspection.id])


def acted_on(tx: Change, series: SeriesState, act: SeriesAct) -> SeriesState:
    """Keep what a person did to a class; `series` has everything counted that was decided before."""
    return tx.update(series, classes=act_on(series.classes, tx.insert(act)))


async def verdict_changed(tx: Change, lot: Lot, before: Inspection, after: Inspection) -> None:
    """A verdict that was given before is another one now: what was counted of it is stale."""
    if before.sampling != after.sampling and any(each.decided_at for each in before.sampling or ()):
        await count_anew(tx, lot, after.stage)


async def count_anew(tx: Change, lot: Lot, stage: Stage) -> None:
    """The history of a series is not what was counted: the next opening counts all of it."""
    kept = await _kept(tx, lot, stage)
    if kept is not None and not kept.stale:
        tx.update(kept, stale=True)


async def tell_switches(
    tx: Change, lot: Lot, inspection: Inspection, classes: list[SeriesClass], item: dict[str, str]
) -> None:
    """Tell the quality engineers of each class that this lot is the first of to be inspected otherwise.

    `classes`: where the series stood before it was opened.
    """
    before = {each.of: (each.inspected, each.stopped) for each in classes if each.inspected}
    for each in inspection.sampling or ():
        last = before.get(each.of)
        if (each.severity, each.stopped) == last if last else each.since is None:
            continue
        await tx.tell_role(
            TOLD,
            "sampling_switched",
            "inspection",
            inspection.id,
            lot=lot.number,
            item=item,
            severity=each.of,
            sampling="discontinued" if each.stopped else each.severity,
            since=each.since or "",
        )
    for series in classes:
        if series.standing.may_reduce and not series.offered:
            await tx.tell_role(
                TOLD,
                "reduced_possible",
                "inspection",
                inspection.id,
                lot=lot.number,
                item=item,
                severity=series.of,
            )


async def tell_wrong_plans(tx: Change, before: Inspection, after: Inspection) -> list[WrongPlan]:
    """Lots that a corrected verdict shows to have been inspected under a wrong plan; engineers are told (SMP-4)."""
    if before.sampling == after.sampling:
        return []
    lot = await tx.get(Lot, after.lot_id)
    past, acts = await past_of(tx, lot, after.stage), await acts_of(tx, lot, after.stage)
    known = set(wrong_plans([_with(each, before) for each in past], acts))
    new = [wrong for wrong in wrong_plans([_with(each, after) for each in past], acts) if wrong not in known]
    if new:
        await tx.tell_role(
            TOLD,
            "plans_were_wrong",
            "inspection",
            after.id,
            inspection=after.number,
            lots=sorted({wrong.lot for wrong in new}),
        )
    return new


def _with(past: PastInspection, inspection: Inspection) -> PastInspection:
    if past.inspection != inspection.id:
        return past
    return msgspec.structs.replace(past, sampling=inspection.sampling or [])
