"""Production: what may be consumed, what it leaves in ledger and genealogy, what is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from backend.actions.consume_lot import Consumed, ConsumeLot, consume_lot
from backend.actions.finish_production import FinishProduction, finish_production
from backend.actions.move_portion import MovePortion, move_portion
from backend.actions.start_production import StartProduction, start_production
from backend.domain.genealogy import Consumption
from backend.domain.inspections import Inspection
from backend.domain.items import Item
from backend.domain.lots import Lot, Movement, Portion, Receipt
from backend.domain.receiving import Received
from backend.domain.releases import blockers
from backend.domain.sampling_rules import Fixed
from backend.domain.sites import Location
from backend.store.deciding import dossier
from tests.actions.floor import Floor, codes, on_record
from tests.actions.plans_in_force import line, put_in_force


async def started(floor: Floor, item_code: str = "SET-20", order: str = "MO-1") -> Lot:
    item = await floor.store.read.first(Item, "code = $1", item_code)
    assert item is not None
    command = StartProduction(id=floor.new_id(), item_id=item.id, production_order=order)
    return await start_production(floor.store, await floor.who("zhao"), command)


async def consumed(floor: Floor, child: Lot, parent: str, quantity: str) -> Consumed:
    command = ConsumeLot(id=floor.new_id(), lot_id=child.id, parent_number=parent, quantity=quantity)
    return await consume_lot(floor.store, await floor.who("zhao"), command)


async def finished(floor: Floor, lot: Lot, quantity: str = "500", made_on: str | None = None) -> Received:
    made_on = made_on or floor.clock.now.date().isoformat()
    command = FinishProduction(id=floor.new_id(), lot_id=lot.id, quantity=quantity, made_on=made_on)
    return await finish_production(floor.store, await floor.who("zhao"), command)


async def released(floor: Floor, order: str = "0412/2") -> Lot:
    received = await floor.inspected(order)
    await floor.shift.sign(received.receipt_id)
    return await floor.lot(received)


async def test_consumption_takes_from_stock_and_stays_in_the_genealogy(floor: Floor) -> None:
    needles, lot = await released(floor), await started(floor)
    first = await consumed(floor, lot, needles.number, "1500")
    assert (first.parent.status, first.quantity) == ("released", Decimal(1500))
    last = await consumed(floor, lot, needles.number, "2500 pcs")
    assert last.parent.status == "consumed"
    edges = await floor.store.read.all(Consumption, "child_lot_id = $1 order by id", lot.id)
    assert [(each.parent_lot_id, each.quantity) for each in edges] == [
        (needles.id, Decimal(1500)),
        (needles.id, Decimal(2500)),
    ]
    ledger = await floor.store.read.all(Movement, "lot_id = $1 order by at, id", needles.id)
    balance = {"received": Decimal(1), "consumed": Decimal(-1), "moved": Decimal(0)}
    assert sum(line.quantity * balance[line.kind] for line in ledger) == 0


def naive_may_consume(lot: Lot) -> bool:
    """The broken twin of LOT-11: some of the lot was released once, so the lot is."""
    return lot.supplier_lot is not None


@pytest.mark.proves("LOT-11", "LOT-2")
async def test_only_released_portions_are_consumed(floor: Floor) -> None:
    first = await floor.inspected("0411/1")
    lot = await started(floor)
    number = first.lot_number
    assert await codes(consumed(floor, lot, number, "1")) == ["not_enough_released"]
    await floor.shift.sign(first.receipt_id)
    await floor.receive("0414/1")
    before = await on_record(floor.store)
    assert await codes(consumed(floor, lot, number, "3001")) == ["not_enough_released"]
    assert await on_record(floor.store) == before
    assert naive_may_consume(await floor.lot(first)), "the twin would take the delivery in quarantine too"
    taken = await consumed(floor, lot, number, "3000")
    assert taken.parent.status == "quarantine"
    left = await floor.store.read.all(Portion, "lot_id = $1", first.lot_id)
    assert sorted((each.status, each.quantity) for each in left) == [
        ("quarantine", Decimal(1200)),
        ("released", Decimal(0)),
    ]


REFUSED = [
    (None, "1", "lot_unknown"),
    ("rejected", "1", "not_enough_released"),
    ("held", "1", "not_enough_released"),
    ("inspecting", "1", "not_enough_released"),
    ("released", "0", "quantity_not_positive"),
    ("released", "-1", "quantity_not_positive"),
    ("released", "a few", "number_expected"),
    ("released", "1,000", "number_ambiguous"),
]


@pytest.mark.proves("LOT-11", "REL-1")
async def test_what_cannot_be_consumed(floor: Floor) -> None:
    lot = await started(floor)
    before = await on_record(floor.store)
    for status, quantity, expected in REFUSED:
        parent = await floor.store.read.first(Lot, "status = $1 order by number", status) if status else None
        number = parent.number if parent else "L00-000000"
        assert await codes(consumed(floor, lot, number, quantity)) == [expected], (status, quantity)
    assert await on_record(floor.store) == before


async def test_an_expired_lot_is_not_consumed(floor: Floor) -> None:
    needles, lot = await released(floor), await started(floor)
    floor.clock.forward(floor.clock.now + timedelta(days=3 * 366))
    assert await codes(consumed(floor, lot, needles.number, "1")) == ["lot_expired"]


def naive_edge(edges: set[tuple[str, str]], parent: str, child: str) -> bool:
    """The broken twin of LOT-10: refuses only a lot consumed into itself and the edge turned round."""
    return parent != child and (child, parent) not in edges


@pytest.mark.proves("LOT-10")
async def test_a_lot_never_goes_into_what_it_was_made_of(floor: Floor) -> None:
    """Sets are packed into sets into sets; the last back into the first would close the circle."""
    needles = await released(floor)
    chain = [await started(floor, order=f"MO-{place}") for place in range(3)]
    await consumed(floor, chain[0], needles.number, "10")
    site = floor.site_id
    operator = await floor.who("zhao")
    edges = set()
    for parent, child in pairwise(chain):
        await put_edge(floor, site, operator.person_id, parent, child)
        edges.add((parent.id, child.id))
    await make_released(floor, chain[2])
    assert await codes(consumed(floor, chain[0], chain[2].number, "1")) == ["genealogy_cycle"]
    assert naive_edge(edges, chain[2].id, chain[0].id), "the twin looks one edge far"
    await make_released(floor, chain[0])
    assert await codes(consumed(floor, chain[0], chain[0].number, "1")) == ["genealogy_cycle"]


async def put_edge(floor: Floor, site: str, person: str, parent: Lot, child: Lot) -> None:
    """A genealogy as another system may have handed it over: straight into the table."""
    async with floor.store.database.writing() as writer:
        await writer.fetch(
            "insert into consumption (id, site_id, parent_lot_id, child_lot_id, portion_id, quantity, person_id, at) "
            "select $1, $2, $3, $4, id, quantity, $5, '2026-01-01T00:00:00.000000Z' from portion limit 1",
            floor.new_id(), site, parent.id, child.id, person,
        )  # fmt: skip


async def make_released(floor: Floor, lot: Lot) -> None:
    """A released portion of a lot that is still in production, straight into the table."""
    async with floor.store.database.writing() as writer:
        await writer.fetch(
            "insert into portion (id, site_id, lot_id, receipt_id, quantity, status, location_id, version) "
            "select $1, site_id, $2, receipt_id, quantity, 'released', location_id, 1 from portion "
            "where status = 'released' and lot_id <> $2 limit 1",
            floor.new_id(), lot.id,
        )  # fmt: skip


async def test_a_finished_lot_enters_quarantine_with_its_final_inspection(floor: Floor) -> None:
    lot = await started(floor)
    assert await codes(finished(floor, lot)) == ["nothing_consumed"]
    await consumed(floor, lot, (await released(floor)).number, "500")
    assert await codes(finished(floor, lot, "0")) == ["quantity_not_positive"]
    assert await codes(finished(floor, lot, made_on="yesterday")) == ["day_wrong"]
    done = await finished(floor, lot)
    made = await floor.store.read.get(Lot, lot.id)
    today = floor.clock.now.date()
    days = (made.status, made.made_on, made.expires_on)
    assert days == ("quarantine", today.isoformat(), (today + timedelta(1095)).isoformat())
    assert done.inspection is not None
    assert await codes(finished(floor, lot)) == ["lot_not_in_production"]
    assert await codes(consumed(floor, lot, made.number, "1")) == ["lot_not_in_production"]
    await floor.shift.inspect(done.inspection.id, "garcia")
    await floor.shift.sign(done.receipt_id)
    assert (await floor.store.read.get(Lot, lot.id)).status == "released"


async def test_only_what_is_made_here_is_started(floor: Floor) -> None:
    assert await codes(started(floor, "TUB-30")) == ["item_not_made_here"]
    assert await codes(started(floor, order=" ")) == ["production_order_missing"]


@pytest.mark.proves("LOT-14")
async def test_stock_in_quarantine_stands_apart_from_released_stock(floor: Floor) -> None:
    received, wang = await floor.receive("0412/2"), await floor.who("wang")
    portion = await floor.store.read.first(Portion, "lot_id = $1", received.lot_id)
    assert portion is not None

    async def moved(kind: str) -> Portion:
        place = await floor.store.read.first(Location, "kind = $1 order by code desc", kind)
        assert place is not None
        command = MovePortion(id=floor.new_id(), portion_id=portion.id, location_id=place.id)
        return await move_portion(floor.store, wang, command)

    for kind in ("released", "shipping", "production"):
        assert await codes(moved(kind)) == ["location_for_released_only"]
    assert (await moved("quarantine")).location_id != portion.location_id


async def in_process(floor: Floor, quantity: str = "500") -> tuple[Lot, Inspection]:
    """A lot of sets begun under a plan that looks at them while they are made."""
    await put_in_force(floor, "SET-20", [line("GLU", Fixed(3))], stage="in_process")
    item = await floor.store.read.first(Item, "code = 'SET-20'")
    assert item is not None
    command = StartProduction(id=floor.new_id(), item_id=item.id, production_order="MO-1", quantity=quantity)
    lot = await start_production(floor.store, await floor.who("zhao"), command)
    inspection = await floor.store.read.first(Inspection, "lot_id = $1 and stage = 'in_process'", lot.id)
    assert inspection is not None
    return lot, inspection


@pytest.mark.proves("SMP-1", "SMP-6")
async def test_an_operation_opens_its_in_process_inspection_and_is_not_finished_without_it(
    floor: Floor,
) -> None:
    needles = await released(floor)
    lot, inspection = await in_process(floor)
    assert (inspection.lot_size, inspection.status) == (500, "open")
    await consumed(floor, lot, needles.number, "500")
    assert await codes(finished(floor, lot)) == ["in_process_open"]
    await floor.shift.inspect(inspection.id, "li")
    done = await finished(floor, lot, "480")
    assert done.receipt_id == inspection.receipt_id, "one entry into stock, with both inspections"
    receipt = await floor.store.read.get(Receipt, done.receipt_id)
    assert receipt.quantity == 480
    file = await dossier(floor.store.read, done.receipt_id)
    assert sorted(case.inspection.stage for case in file.cases) == ["final", "in_process"]
    assert (await floor.lot(done)).status == "quarantine"


@pytest.mark.proves("SMP-1")
async def test_what_fails_in_process_enters_stock_on_hold(floor: Floor) -> None:
    needles = await released(floor)
    lot, inspection = await in_process(floor)
    await consumed(floor, lot, needles.number, "500")
    await floor.shift.inspect(inspection.id, "li", {"GLU-0": "1"})
    done = await finished(floor, lot)
    assert (await floor.lot(done)).status == "held"
    portions = await floor.store.read.all(Portion, "receipt_id = $1", done.receipt_id)
    assert [portion.status for portion in portions] == ["held"]
    blocking = blockers((await dossier(floor.store.read, done.receipt_id)).case("nobody", "2026-11-28"))
    assert {"inspection_failed", "ncr_open"} <= {reason.code for reason in blocking}


@pytest.mark.proves("SMP-1")
@pytest.mark.parametrize(
    ("quantity", "code"), [("", "planned_quantity_missing"), ("0", "quantity_not_positive")]
)
async def test_without_a_planned_quantity_nothing_can_be_sampled(
    floor: Floor, quantity: str, code: str
) -> None:
    await put_in_force(floor, "SET-20", [line("GLU", Fixed(3))], stage="in_process")
    item = await floor.store.read.first(Item, "code = 'SET-20'")
    assert item is not None
    command = StartProduction(id=floor.new_id(), item_id=item.id, production_order="MO-1", quantity=quantity)
    assert await codes(start_production(floor.store, await floor.who("zhao"), command)) == [code]
