"""Opening stock from a spreadsheet: a lot that was released on paper is used only once a person has signed for it,
and is marked for ever as what it is (IMP-1, LOT-1, LOT-9, REL-2..4, REL-9, AUD-1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.actions.begin_take_over import BeginTakeOver, ListBegun, begin_take_over
from backend.actions.consume_lot import ConsumeLot, consume_lot
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.inspect_opening import InspectOpening, inspect_opening
from backend.actions.sign_take_over import SignTakeOver, sign_take_over
from backend.actions.start_production import StartProduction, start_production
from backend.demo.people import BY_LOGIN
from backend.domain.certificates import CertificateRecord
from backend.domain.errors import NotAllowed
from backend.domain.inspections import Inspection
from backend.domain.items import Item
from backend.domain.lots import USABLE, Hold, Lot
from backend.domain.people import Who
from backend.domain.recalls import Basis
from backend.domain.signatures import Release, Signature
from backend.domain.sites import Location
from backend.store import taking_over
from backend.verify.lotgate_verify import Finding, check_evidence
from backend.views.decisions import days_decided, decisions_of
from backend.views.lot_cards import lot_card
from backend.views.opening_stock import opening_stock
from backend.views.recalls import recall_preview
from backend.views.record_exports import lot_export
from backend.views.search import search
from backend.views.traces import trace
from tests.actions.floor import PARTY, Floor, codes, digest_of, last_event, on_record, refusal
from tests.actions.opening import RELEASED, Stock, stock_of


@pytest.fixture
async def stock(floor: Floor) -> Stock:
    return await stock_of(floor)


async def usable(stock: Stock) -> int:
    marks = ", ".join(f"'{status}'" for status in USABLE)
    return await stock.floor.count(
        f"portion where status in ({marks}) and receipt_id in (select receipt_id from taken_over)"
    )


@pytest.mark.proves("IMP-1", "LOT-1", "LOT-9", "LOT-14", "AUD-1")
async def test_each_row_is_a_receipt_in_quarantine_or_on_hold_and_the_same_file_again_changes_nothing(
    stock: Stock,
) -> None:
    floor = stock.floor
    rows = [
        stock.row("A-1"),
        stock.row("A-2", "待检"),
        stock.row("A-3", "冻结", note="包装破损"),
        stock.row("A-4", "待检", lot="V-A-1", quantity="5"),
    ]
    done = await stock.take(*rows)
    assert (done.new, done.changed, done.same) == (4, 0, 0)
    event = await last_event(floor.store)
    assert (event["facts"]["as_released"], event["facts"]["as_quarantine"], event["facts"]["as_blocked"]) == (
        1,
        2,
        1,
    )
    assert await usable(stock) == 0
    assert [(await stock.portion(f"A-{n}")).status for n in (1, 2, 3, 4)] == [
        "quarantine", "quarantine", "held", "quarantine",
    ]  # fmt: skip
    one, four = await stock.taken("A-1"), await stock.taken("A-4")
    assert one.lot_id == four.lot_id, "one lot of the supplier under two old numbers is one lot of ours"
    lots = {(await stock.taken(f"A-{n}")).lot_id for n in (1, 2, 3)}
    numbers = [(await floor.store.read.get(Lot, id)).number for id in lots]
    assert len(set(numbers)) == 3 and all(number.startswith("L") for number in numbers)
    hold = await floor.store.read.first(Hold, "receipt_id = $1", (await stock.taken("A-3")).receipt_id)
    assert hold is not None and hold.code == "blocked_before"
    for number in numbers:
        card = await lot_card(floor.store.read, floor.site_id, number)
        assert card.ledger.difference == 0
        assert all(each.taken_over is not None for each in card.receipts)
    before = await on_record(floor.store)
    again = await stock.take(*rows)
    assert (again.new, again.changed, again.same) == (0, 0, 4)
    assert await on_record(floor.store) == before
    hits = (await search(floor.store.read, floor.site_id, "A-4", floor.clock.now.date())).hits
    assert one.lot_id in {hit.id for hit in hits}, "the number on the old label finds it"


@pytest.mark.proves("IMP-1", "LBL-5")
@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ({"item": "NOPE"}, "item", "material_unknown"),
        ({"supplier": "NOPE"}, "supplier", "supplier_unknown"),
        ({"supplier": ""}, "supplier", "opening_supplier_missing"),
        ({"lot": ""}, "supplier_lot", "supplier_lot_missing"),
        ({"unit": "吨"}, "unit", "opening_unit_differs"),
        ({"quantity": "0"}, "quantity", "quantity_not_positive"),
        ({"quantity": "0.5"}, "quantity", "quantity_not_whole"),
        ({"quantity": "1.250"}, "quantity", "cell_number_unsure"),
        ({"location": "NOPE"}, "location", "location_unknown"),
        ({"said": "已放行,,2026-03-02,QR-1"}, "released_by", "release_evidence_missing"),
        ({"said": "已放行,陈一,,QR-1"}, "released_on", "release_evidence_missing"),
        ({"said": "已放行,陈一,2026-03-02,"}, "reference", "release_evidence_missing"),
        ({"said": "已放行,陈一,2098-03-02,QR-1"}, "released_on", "day_in_future"),
        ({"said": "大概可以"}, "status", "cell_no_choice"),
        ({"made": "2027-12-31"}, "made_on", "day_in_future"),
        ({"expires": "2025-12-31"}, "expires_on", "expires_before_made"),
        ({"lot": "V-GOOD", "expires": "2028-02-02"}, "expires_on", "opening_lot_differs"),
    ],
)
async def test_a_wrong_cell_is_named_and_nothing_is_written(
    stock: Stock, row: dict[str, str], field: str, code: str
) -> None:
    before = await on_record(stock.floor.store)
    rows = [stock.row("GOOD"), stock.row("BAD", **row)]
    trial = await stock.trial(*rows)
    assert [(each.line, each.field, each.reason.code) for each in trial.faults] == [(3, field, code)]
    assert await codes(stock.take(*rows)) == [code]
    assert await on_record(stock.floor.store) == before


@pytest.mark.proves("IMP-1")
async def test_a_row_that_is_there_is_not_changed_by_a_sheet_of_another_day(stock: Stock) -> None:
    await stock.take(stock.row("A-1"))
    trial = await stock.trial(
        stock.row("A-1", quantity="121"), stock.row("A-2"), stock.row("A-2", quantity="7")
    )
    assert [(each.line, each.field, each.reason.code) for each in trial.faults] == [
        (2, "quantity", "opening_known"),
        (4, "old_number", "row_twice"),
    ]


async def put_by(stock: Stock, old: str, login: str = "sun") -> Release:
    """Taken over by a signature."""
    floor = stock.floor
    who = (await floor.sign_in(login)).who
    receipt = (await stock.taken(old)).receipt_id
    begun = await floor.begin(who, receipt, "take_over")
    done = await floor.sign(who, floor.by_password(who, receipt, begun))
    return await floor.store.read.get(Release, done.release_id)


@pytest.mark.proves("REL-2", "SIG-1", "SIG-2", "LOT-14", "AUD-4")
async def test_a_signature_takes_it_over_as_what_it_was_and_says_so_for_ever(stock: Stock) -> None:
    floor = stock.floor
    shelf = await floor.store.read.first(
        Location, "kind = 'released' and site_id = $1 order by code desc", floor.site_id
    )
    assert shelf is not None
    await stock.take(stock.row("A-1", location=shelf.code))
    quarantined = await floor.store.read.get(Location, (await stock.portion("A-1")).location_id)
    assert quarantined.kind == "quarantine", "on the shelf of released stock only what was signed for counts"
    release = await put_by(stock, "A-1")
    portion = await stock.portion("A-1")
    assert (release.decision, portion.status, portion.location_id) == ("take_over", "released", shelf.id)
    signature = await floor.store.read.get(Signature, release.signature_id)
    record = msgspec.convert(signature.record, CertificateRecord)
    said = record.decision.taken_over
    assert said is not None and record.verdict == "not_inspected" and record.inspections == []
    assert (said.old_number, said.released_by, said.released_on, said.reference) == (
        "A-1",
        "陈一",
        "2026-03-02",
        "QR-0301",
    )
    assert (said.file, said.line, said.imported_by) == ("期初库存.csv", 2, "Anna Novak")
    assert "陈一" in record.signature.statement and "QR-0301" in record.signature.statement
    lot = await floor.store.read.get(Lot, release.lot_id)
    card = await lot_card(floor.store.read, floor.site_id, lot.number)
    assert (card.status, card.ledger.released, card.ledger.difference) == ("released", Decimal(120), 0)
    assert [each.decision for each in card.receipts[0].releases] == ["take_over"]
    export = await lot_export(floor.store.read, floor.site_id, lot.number, "", "")
    assert "QR-0301" in {field.value for field in export.fields}
    days, _ = await days_decided(floor.store.read, floor.site_id, -1)
    listed = [row for day in days for row in await decisions_of(floor.store.read, floor.site_id, day)]
    assert [row[1] for row in listed if row[2] == lot.number] == ["take_over"]


@pytest.mark.proves("REL-2", "REL-8")
@pytest.mark.parametrize(
    ("said", "cells", "expected"),
    [
        ("待检", {}, ["nothing_to_take_over", "inspection_missing"]),
        ("冻结", {}, ["nothing_to_take_over", "on_hold"]),
        (RELEASED, {"expires": "2026-05-01"}, ["lot_expired"]),
    ],
)
async def test_what_the_gate_says_of_what_is_not_to_be_taken_over(
    stock: Stock, said: str, cells: dict[str, str], expected: list[str]
) -> None:
    await stock.take(stock.row("A-1", said, **cells))
    sun = (await stock.floor.sign_in("sun")).who
    found = await codes(stock.floor.begin(sun, (await stock.taken("A-1")).receipt_id, "take_over"))
    assert set(expected) - {"inspection_missing"} <= set(found)
    assert await usable(stock) == 0


@pytest.mark.proves("REL-3", "REL-2")
async def test_nobody_takes_over_what_they_imported_and_a_plain_release_still_wants_an_inspection(
    stock: Stock,
) -> None:
    floor = stock.floor
    await stock.take(stock.row("A-1"), login="zhou")
    receipt = (await stock.taken("A-1")).receipt_id
    zhou, sun = (await floor.sign_in("zhou")).who, (await floor.sign_in("sun")).who
    assert await codes(floor.begin(zhou, receipt, "take_over")) == ["own_import"]
    assert await codes(floor.begin(sun, receipt)) == ["inspection_missing"]
    begun = await floor.begin(sun, receipt, "take_over")
    await floor.sign(sun, floor.by_password(sun, receipt, begun))
    assert await codes(floor.begin(sun, receipt, "take_over")) == ["decided_already"]


@pytest.mark.proves("REL-2", "REL-6")
async def test_once_it_is_inspected_here_its_results_decide_and_the_paper_no_more(stock: Stock) -> None:
    floor = stock.floor
    await stock.take(stock.row("A-1"), stock.row("A-2", "待检"))
    one, two = (await stock.taken("A-1")).receipt_id, (await stock.taken("A-2")).receipt_id
    await run_jobs(floor)
    assert await floor.store.read.first(Inspection, "receipt_id = $1", one) is None
    assert await floor.store.read.first(Inspection, "receipt_id = $1", two) is not None, (
        "quarantine is inspected"
    )
    novak = await floor.who("novak")
    command = InspectOpening(id=floor.new_id(), receipt_id=one, reason="证书找不到")
    opened = await inspect_opening(floor.store, novak, command)
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, one, "take_over")) == ["items_missing"]
    twice = InspectOpening(id=floor.new_id(), receipt_id=one, reason="again")
    assert await codes(inspect_opening(floor.store, novak, twice)) == ["inspection_there"]
    await floor.shift.inspect(opened.id, "li")
    assert (await floor.shift.sign(one)).decision == "release"


async def run_jobs(floor: Floor) -> None:
    from backend.actions.do_job import DoJob, do_job
    from backend.domain.security import system
    from backend.views.due import due_jobs

    for job in await due_jobs(floor.store.read, floor.store.clock()):
        if job.kind == "inspect_opening":
            await do_job(floor.store, system(job.site_id), DoJob(id=floor.new_id(), job_id=job.id))


@pytest.mark.proves("REL-2", "IMP-1")
@pytest.mark.parametrize("naive", [False, True])
async def test_no_row_makes_a_lot_usable_without_a_person_s_signature(
    stock: Stock, naive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin believes the sheet: what it calls released lies there released."""
    floor = stock.floor
    if naive:
        lay = taking_over._lay

        def believe(tx, each, receipt, quarantine, held):  # type: ignore[no-untyped-def]
            portion = lay(tx, each, receipt, quarantine, held)
            released = each.row.values["status"] == "released" and not held
            return tx.update(portion, status="released") if released else portion

        monkeypatch.setattr(taking_over, "_lay", believe)
    said = [RELEASED, "待检", "冻结"]
    await stock.take(*(stock.row(f"B-{place}", each) for place, each in enumerate(said)))
    unsigned = await floor.count(
        "portion where status in ('released', 'conditional', 'conceded') and release_id is null "
        "and receipt_id in (select receipt_id from taken_over)"
    )
    lots = await floor.store.read.rows("select distinct lot_id from taken_over")
    usable_lots = [id for (id,) in lots if (await floor.store.read.get(Lot, id)).status in USABLE]
    assert (unsigned > 0, bool(usable_lots)) == (naive, naive)
    assert await usable(stock) == (1 if naive else 0)


async def list_begun(stock: Stock, olds: list[str], login: str = "sun") -> tuple[Who, list[str], ListBegun]:
    floor = stock.floor
    who = (await floor.sign_in(login)).who
    receipts = [(await stock.taken(old)).receipt_id for old in olds]
    command = BeginTakeOver(id=floor.new_id(), receipt_ids=receipts, passkey=False)
    return who, receipts, await begin_take_over(floor.store, who, command)


def by_password(floor: Floor, who: Who, receipts: list[str], begun: ListBegun, **fields: Any) -> SignTakeOver:
    right = {
        "id": floor.new_id(),
        "receipt_ids": receipts,
        "nonce": begun.request.nonce,
        "digest": digest_of(begun.request.record),
        "password": BY_LOGIN[who.login].password,
        "totp": floor.totp(who.login),
        "accountability_accepted": True,
    }
    return SignTakeOver(**(right | fields))


@pytest.mark.proves("REL-2", "REL-4", "SIG-2", "SIG-8", "DUP-1", "AUD-7")
async def test_one_signature_takes_a_list_over_and_each_lot_has_its_own_that_is_proved_alone(
    stock: Stock,
) -> None:
    floor = stock.floor
    olds = [f"C-{place}" for place in range(5)]
    await stock.take(*(stock.row(old) for old in olds))
    who, receipts, begun = await list_begun(stock, olds)
    assert [record["decision"]["taken_over"]["old_number"] for record in begun.records] == olds
    command = by_password(floor, who, receipts, begun)
    done = await sign_take_over(floor.store, who, command, PARTY)
    assert (done.taken, done.left) == (5, [])
    again = await sign_take_over(floor.store, who, command, PARTY)
    assert again == done
    assert await floor.count("\"release\" where decision = 'take_over'") == 5
    replayed = by_password(floor, who, receipts, begun)
    assert await codes(sign_take_over(floor.store, who, replayed, PARTY)) == ["nonce_used"]
    for old, receipt in zip(olds, receipts, strict=True):
        assert (await stock.portion(old)).status == "released"
        release = await floor.store.read.first(Release, "receipt_id = $1", receipt)
        assert release is not None
        signature = await floor.store.read.get(Signature, release.signature_id)
        assert (signature.subject_id, signature.meaning) == (receipt, "take_over")
        check_evidence(signature.record, signature.evidence)
        others = [each for each in olds if each != old]
        assert not any(f'"{each}"' in str(signature.evidence).replace("'", '"') for each in others), (
            "of no other"
        )
    first, second = [
        await floor.store.read.get(Signature, release.signature_id)
        for release in await floor.store.read.all(Release, "decision = 'take_over' order by id limit 2")
    ]
    with pytest.raises(Finding, match="not_in_list"):  # SIG-2: copied to another record it fails
        check_evidence(second.record, first.evidence)
    with pytest.raises(Finding, match="not_in_list"):
        check_evidence(
            {**first.record, "corrections": {"count": 1, "changed_since_first_entry": True}}, first.evidence
        )
    with pytest.raises(Finding, match="signer_differs"):
        signing = {**first.record["signature"], "meaning": "release"}  # type: ignore[dict-item]
        check_evidence({**first.record, "signature": signing}, first.evidence)
    told = "event where type = 'release_signed' and subject_id in (select lot_id from taken_over)"
    assert await floor.count(told) == 5, "each lot has an event of its own"


@pytest.mark.proves("REL-2", "REL-3")
async def test_a_list_with_one_lot_that_may_not_be_taken_over_is_refused_whole_and_names_it(
    stock: Stock,
) -> None:
    floor = stock.floor
    await stock.take(stock.row("C-1"), stock.row("C-2", expires="2026-05-01"), stock.row("C-3", "冻结"))
    sun = (await floor.sign_in("sun")).who
    listed = await opening_stock(floor.store.read, sun, floor.clock.now.date().isoformat())
    assert [(each.taken_over.old_number, [one.code for one in each.blockers]) for each in listed.lines] == [
        ("C-1", []),
        ("C-2", ["lot_expired"]),
    ]
    error = await refusal(list_begun(stock, ["C-1", "C-2"]))
    numbers = [reason.facts["of_lot"] for reason in error.reasons]
    assert numbers == [listed.lines[1].lot_number]
    assert await codes(list_begun(stock, ["C-1", "C-3"])) == ["nothing_to_take_over", "on_hold"]
    assert await codes(list_begun(stock, ["C-1", "C-1"])) == ["list_too_long"]


@pytest.mark.proves("REL-1", "REL-5", "REL-10")
async def test_what_has_changed_since_it_was_shown_is_not_taken_over(stock: Stock) -> None:
    floor = stock.floor
    await stock.take(stock.row("C-1"), stock.row("C-2"))
    who, receipts, begun = await list_begun(stock, ["C-1", "C-2"])
    novak = await floor.who("novak")
    lot = await floor.store.read.get(Lot, (await stock.taken("C-2")).lot_id)
    await hold_lot(floor.store, novak, HoldLot(id=floor.new_id(), lot_number=lot.number, reason="nass"))
    before = await on_record(floor.store)
    assert await codes(sign_take_over(floor.store, who, by_password(floor, who, receipts, begun), PARTY)) == [
        "on_hold"
    ]
    assert {**await on_record(floor.store), "person": []} == {**before, "person": []}
    assert await usable(stock) == 0
    who, receipts, begun = await list_begun(stock, ["C-1"])
    wrong = by_password(floor, who, receipts, begun, password="wrong")
    assert await codes(sign_take_over(floor.store, who, wrong, PARTY)) == ["password_wrong"]
    li = (await floor.sign_in("li")).who
    mine = BeginTakeOver(id=floor.new_id(), receipt_ids=receipts, passkey=False)
    shown = await begin_take_over(floor.store, li, mine)
    with pytest.raises(NotAllowed):
        await sign_take_over(floor.store, li, by_password(floor, li, receipts, shown), PARTY)
    assert await usable(stock) == 0


@pytest.mark.proves("LOT-12", "QUA-6", "LOT-11")
async def test_what_is_made_of_it_is_traced_to_it_and_recalled_with_it(stock: Stock) -> None:
    floor = stock.floor
    await stock.take(stock.row("D-1"), stock.row("D-2"))
    taken = await stock.taken("D-1")
    raw = await floor.store.read.get(Lot, taken.lot_id)
    zhao = await floor.who("zhao")
    product = await floor.store.read.first(
        Item, "kind = 'finished' and site_id = $1 order by code", floor.site_id
    )
    assert product is not None
    started = await start_production(
        floor.store,
        zhao,
        StartProduction(id=floor.new_id(), item_id=product.id, production_order="WO-OPEN-1"),
    )

    def draw() -> ConsumeLot:
        return ConsumeLot(id=floor.new_id(), lot_id=started.id, parent_number=raw.number, quantity="20")

    assert await codes(consume_lot(floor.store, zhao, draw())) == ["not_enough_released"], (
        "before anybody signed"
    )
    await put_by(stock, "D-1")
    await consume_lot(floor.store, zhao, draw())
    for number, other, way in ((raw.number, started.number, "down"), (started.number, raw.number, "up")):
        tree = await trace(floor.store.read, floor.site_id, number, way)  # type: ignore[arg-type]
        assert other in {each.number for each in tree.nodes}
    basis = Basis(kind="supplier_lot", value="V-D-1")
    reached = await recall_preview(floor.store.read, floor.site_id, basis)
    assert {raw.number, started.number} <= {each.number for each in reached.lots}
    card = await lot_card(floor.store.read, floor.site_id, raw.number)
    assert (card.ledger.consumed, card.ledger.released, card.ledger.difference) == (20, 100, 0)
    told = "notice where code = 'opening_waits'"
    assert await floor.count(told) > 0
