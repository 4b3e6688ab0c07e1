"""Suppliers: what a suspension reaches, what holds a receipt, who is reminded of what ends, what a sheet may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.actions import receive_lot as receive_module
from backend.actions import suspend_qualification as suspend_module
from backend.actions.add_supplier_certificate import AddSupplierCertificate, add_supplier_certificate
from backend.actions.do_job import DoJob, do_job
from backend.actions.import_sheet import ImportSheet, import_sheet
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.qualify_supplier import QualifySupplier, qualify_supplier
from backend.actions.suspend_qualification import SuspendQualification, suspend_qualification
from backend.domain.errors import Reason
from backend.domain.imports import read_import
from backend.domain.items import Supplier
from backend.domain.lots import Lot
from backend.domain.notices import Job
from backend.domain.qualifications import Qualification, SupplierCertificate
from backend.domain.releases import blockers
from backend.domain.security import system
from backend.domain.sheets import Table
from backend.store import qualifying
from backend.store.deciding import dossier
from backend.store.qualifying import SuspendedStock
from tests.actions.floor import Floor, codes, last_event
from tests.actions.test_dividing import lot_of, split
from tests.actions.test_production import consumed, finished, released, started


def in_days(floor: Floor, days: int) -> str:
    return (floor.clock.now.date() + timedelta(days=days)).isoformat()


async def qualified(floor: Floor, lot: Lot, days: int = 400) -> Qualification:
    """The supplier of a lot for its material."""
    assert lot.supplier_id is not None
    command = QualifySupplier(
        id=floor.new_id(),
        supplier_id=lot.supplier_id,
        item_id=lot.item_id,
        expires_on=in_days(floor, days),
        reason="audit A-7",
    )
    return await qualify_supplier(floor.store, await floor.who("zhou"), command)


async def suspended(floor: Floor, given: Qualification, **fields: Any) -> SuspendedStock:
    right = {
        "id": floor.new_id(),
        "qualification_id": given.id,
        "step": "suspend",
        "reason": "moved its plant",
    }
    command = SuspendQualification(**(right | fields))
    return await suspend_qualification(floor.store, await floor.who("novak"), command)


async def everything_open_is_held(floor: Floor) -> None:
    """A released lot, what was split off it, and what it went into; all of another lot was used up."""
    needles = await released(floor)
    part = (await split(floor, needles.number, "1000")).child
    lot = await started(floor)
    await consumed(floor, lot, needles.number, "500")
    product = await finished(floor, lot, "50")
    given = await qualified(floor, needles)
    stock = await suspended(floor, given)
    assert {needles.number, part.number} <= set(stock.held) and not set(stock.held) & set(stock.past)
    for number in (needles.number, part.number):
        assert (await lot_of(floor, number)).status == "held", number
    assert (await floor.lot(product)).status != "held", "its supplier says nothing about the product"
    assert (await last_event(floor.store))["facts"]["held"] == stock.held
    assert await codes(suspended(floor, given)) == ["step_not_allowed"]
    # Withdrawn for good: nothing is held twice.
    again = await suspended(floor, given, step="withdraw")
    assert again.held == stock.held
    where = "hold where code = 'supplier_suspended' and lifted_at is null"
    assert await floor.count(where) == len(stock.held)
    # Quality lifts with a reason, and the log says that the supplier is not qualified still.
    lift = LiftHold(
        id=floor.new_id(), lot_number=part.number, code="supplier_suspended", reason="made before"
    )
    freed = await lift_hold(floor.store, await floor.who("novak"), lift)
    assert freed.status == "released"
    assert (await last_event(floor.store))["facts"]["not_qualified"] == ["qualification_withdrawn"]


@pytest.mark.proves("LOT-13")
async def test_a_suspension_holds_every_open_lot_and_its_parts_and_lists_the_past(floor: Floor) -> None:
    await everything_open_is_held(floor)


async def naive_hold_stock(tx: Any, supplier: Supplier, *_: object) -> SuspendedStock:
    """The broken twin of LOT-13: lists what there is and stops nothing."""
    lots = await tx.all(Lot, "supplier_id = $1 order by number", supplier.id)
    return SuspendedStock([lot.number for lot in lots], [])


@pytest.mark.proves("LOT-13")
async def test_a_suspension_that_only_lists_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspend_module, "hold_stock", naive_hold_stock)
    with pytest.raises(AssertionError):
        await everything_open_is_held(floor)


async def what_nobody_qualified_is_held(floor: Floor) -> None:
    needles = await released(floor)
    await qualified(floor, needles)
    tubing = await floor.receive("0412/1")
    assert (await floor.lot(tubing)).status == "held"
    assert [reason.code for reason in tubing.not_qualified] == ["qualification_missing"]


@pytest.mark.proves("LOT-13")
async def test_a_receipt_that_nobody_qualified_its_supplier_for_is_held(floor: Floor) -> None:
    await what_nobody_qualified_is_held(floor)


@pytest.mark.proves("LOT-13")
async def test_a_rule_that_asks_only_whom_it_knows_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def naive(read: Any, site_id: str, supplier_id: str, item_id: str, today: str) -> list[Reason]:
        """The broken twin: who has no qualification is asked for none."""
        supplier = await read.get(Supplier, supplier_id)
        if await qualifying.qualification_of(read, supplier, item_id) is None:
            return []
        return await qualifying.against_delivery(read, site_id, supplier_id, item_id, today)

    monkeypatch.setattr(receive_module, "against_delivery", naive)
    with pytest.raises(AssertionError):
        await what_nobody_qualified_is_held(floor)


async def certificate(floor: Floor, lot: Lot, number: str, days: int) -> SupplierCertificate:
    """Of the supplier of a lot."""
    assert lot.supplier_id is not None
    command = AddSupplierCertificate(
        id=floor.new_id(),
        supplier_id=lot.supplier_id,
        kind="ISO 13485",
        number=number,
        valid_until=in_days(floor, days),
    )
    return await add_supplier_certificate(floor.store, await floor.who("novak"), command)


async def due(floor: Floor, kind: str, subject_id: str) -> Job:
    """The one that waits."""
    (job,) = await floor.store.read.all(
        Job, "kind = $1 and subject_id = $2 and done_at is null", kind, subject_id
    )
    return job


async def done(floor: Floor, job: Job) -> None:
    await do_job(floor.store, system(floor.site_id), DoJob(id=floor.new_id(), job_id=job.id))


@pytest.mark.proves("QUA-5")
async def test_what_ends_is_asked_for_a_month_ahead_and_the_day_after_unless_it_was_renewed(
    floor: Floor,
) -> None:
    needles = await released(floor)
    given = await qualified(floor, needles, 60)
    first = await due(floor, "qualification_expiry", given.id)
    assert first.due_at[:10] in (in_days(floor, 29), in_days(floor, 30))
    told = "notice where code = 'supplier_qualification_ends'"
    floor.clock.now += timedelta(days=31)
    await done(floor, first)
    people = await floor.count(told)
    assert people >= 2, "engineers and the manager"
    second = await due(floor, "qualification_expiry", given.id)
    assert second.due_at > f"{given.expires_on}T"[:11]
    # Renewed: its own clock is wound, and the old one says nothing any more.
    await qualified(floor, needles, 700)
    await done(floor, second)
    assert await floor.count(told) == people

    old = await certificate(floor, needles, "MD 1", 5)
    ending = await due(floor, "certificate_expiry", old.id)
    assert ending.due_at <= floor.clock(), "its month has begun already"
    await done(floor, ending)
    told = "notice where code = 'supplier_certificate_ends'"
    people = await floor.count(told)
    assert people >= 2
    await certificate(floor, needles, "MD 2", 900)
    await done(floor, await due(floor, "certificate_expiry", old.id))
    assert await floor.count(told) == people


@pytest.mark.proves("LOT-13", "IMP-1")
async def test_a_sheet_that_blocks_holds_what_lies_here_and_none_takes_a_block_back(floor: Floor) -> None:
    needles = await released(floor)
    assert needles.supplier_id is not None
    maker = await floor.store.read.get(Supplier, needles.supplier_id)

    async def imported(status: str) -> Any:
        rows = [(1, ["code", "name", "status"]), (2, [maker.code, maker.name, status])]
        sheet = read_import("suppliers", Table(rows))
        command = ImportSheet(id=floor.new_id(), sheet=sheet, name="suppliers.csv", sha256="0" * 64)
        return await import_sheet(floor.store, await floor.who("novak"), command)

    assert (await imported("blocked")).changed == 1
    assert needles.number in (await last_event(floor.store))["facts"]["held"]
    assert (await lot_of(floor, needles.number)).status == "held"
    assert await codes(imported("approved")) == ["supplier_block_stands"]


@pytest.mark.proves("QUA-5", "REL-2")
@pytest.mark.parametrize(
    ("step", "days", "stands"),
    [(None, 0, False), (None, 401, True), ("suspend", 0, True), ("withdraw", 0, True)],
)
async def test_the_gate_is_shut_while_a_qualification_that_was_given_counts_no_more(
    floor: Floor, step: str | None, days: int, stands: bool
) -> None:
    """Even where every hold was lifted."""
    received = await floor.inspected("0412/2")
    given = await qualified(floor, await floor.lot(received), 400)
    if step:
        await suspended(floor, given, step=step)
        number = received.lot_number
        lift = LiftHold(id=floor.new_id(), lot_number=number, code="supplier_suspended", reason="looked at")
        await lift_hold(floor.store, await floor.who("novak"), lift)
    today = in_days(floor, days)
    sun = (await floor.who("sun")).person_id
    case = (await dossier(floor.store.read, received.receipt_id, sun, today)).case(sun, today)
    found = [reason.code for reason in blockers(case) if reason.code != "retest_due"]
    assert found == (["supplier_blocked"] if stands else [])
