"""Decisions about parts of a receipt, at risk and by concession (LOT-11, REL-4, REL-6)."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.actions.begin_signing import BeginSigning, begin_signing
from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.domain.certificates import CertificateRecord
from backend.domain.errors import Stale
from backend.domain.genealogy import Consumption
from backend.domain.lots import Hold, Lot, Portion, Receipt
from backend.domain.ncrs import Ncr
from backend.domain.notices import Notice
from backend.domain.part_decisions import parts_of, undecided
from backend.domain.receiving import Received
from backend.domain.releases import Component
from backend.domain.shares import Share
from backend.domain.signatures import Disposition, Release, Signature
from backend.store import deciding
from backend.store.reader import Reader
from backend.views.lot_cards import lot_card
from backend.views.releases import release_sheet
from backend.views.worklist import waiting_releases
from tests.actions.floor import Floor, codes, on_record, refusal
from tests.actions.test_production import consumed, finished, started

NEEDLES = "0412/2"
"""4 000 pieces."""
DAY = date(2026, 11, 28)


async def portions(floor: Floor, received: Received) -> list[Portion]:
    return await floor.store.read.all(Portion, "receipt_id = $1 order by id", received.receipt_id)


async def part(floor: Floor, received: Received, quantity: str, status: str = "inspecting") -> list[Share]:
    """So much of the portion with this status."""
    found = next(p for p in await portions(floor, received) if p.status == status)
    return [Share(found.id, quantity)]


async def decide(
    floor: Floor, received: Received, quantity: str, meaning: Disposition = "release", **terms: Any
) -> Release:
    shares = await part(floor, received, quantity)
    done = await floor.shift.sign(received.receipt_id, meaning, shares=shares, **terms)
    return await floor.store.read.get(Release, done.release_id)


async def lies(floor: Floor, received: Received) -> dict[str, Decimal]:
    """Quantities by status."""
    found: dict[str, Decimal] = {}
    for portion in await portions(floor, received):
        found[portion.status] = found.get(portion.status, Decimal(0)) + portion.quantity
    return found


@pytest.mark.proves("LOT-11", "LOT-9", "REL-6")
async def test_a_part_is_released_and_the_rest_stays_undecided(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    first = await decide(floor, received, "1500")
    assert (first.number, first.quantity) == (1, Decimal(1500))
    assert await lies(floor, received) == {"inspecting": Decimal(2500), "released": Decimal(1500)}
    assert (await floor.lot(received)).status == "inspecting"
    # What is signed names the part, and what stays undecided.
    signature = await floor.store.read.get(Signature, first.signature_id)
    record = msgspec.convert(signature.record, CertificateRecord)
    decided = next(p for p in await portions(floor, received) if p.status == "released")
    assert decided.release_id == first.id
    assert [p.quantity for p in record.decision.parts] == ["1500"] and record.decision.left == "2500"
    assert "1500 pcs" in record.signature.statement
    # Production draws on the part and on nothing else.
    lot = await started(floor)
    assert await codes(consumed(floor, lot, received.lot_number, "1501")) == ["not_enough_released"]
    await consumed(floor, lot, received.lot_number, "1500")
    # The receipt still waits, with what is left; the rest is rejected by a second decision.
    waiting = await waiting_releases(floor.store.read, floor.site_id)
    assert [w.quantity for w in waiting if w.receipt_id == received.receipt_id] == [Decimal(2500)]
    second = await decide(floor, received, "2500", "reject")
    assert (second.number, second.decision) == (2, "reject")
    zhou = (await floor.sign_in("zhou")).who
    assert await codes(floor.begin(zhou, received.receipt_id)) == ["decided_already"]
    card = await lot_card(floor.store.read, floor.site_id, received.lot_number)
    line = next(each for each in card.receipts if each.id == received.receipt_id)
    assert [(r.decision, r.quantity) for r in line.releases] == [
        ("release", Decimal(1500)),
        ("reject", Decimal(2500)),
    ]
    assert line.undecided == 0
    today = floor.clock.now.date().isoformat()
    sheet = await release_sheet(floor.store.read, received.receipt_id, zhou, today)
    assert sheet.decided is not None and len(sheet.decisions) == 2 and sheet.parts == []


async def test_a_decision_about_everything_names_no_parts(floor: Floor) -> None:
    """So the record of a whole receipt is what it was before decisions could be about parts."""
    received = await floor.inspected(NEEDLES)
    done = await floor.shift.sign(received.receipt_id)
    release = await floor.store.read.get(Release, done.release_id)
    signature = await floor.store.read.get(Signature, release.signature_id)
    assert signature.record["decision"] == {"disposition": "release", "quantity": "4000", "unit": "pcs"}


PORTION = Portion("p", "s", "l", "r", Decimal(10), "inspecting", "x")
AT_RISK = msgspec.structs.replace(PORTION, id="q", quantity=Decimal(4), status="conditional")
NOT_PARTS: list[tuple[list[Share], list[tuple[str, str]]]] = [
    ([Share("p", "11")], [("quantity_over_portion", "shares.0.quantity")]),
    ([Share("p", "0")], [("quantity_not_positive", "shares.0.quantity")]),
    ([Share("p", "-1")], [("quantity_not_positive", "shares.0.quantity")]),
    ([Share("p", "ten")], [("quantity_not_positive", "shares.0.quantity")]),
    ([Share("p", "NaN")], [("quantity_not_positive", "shares.0.quantity")]),
    ([Share("z", "1")], [("portion_not_undecided", "shares.0")]),
    ([Share("p", "1"), Share("p", "1")], [("portion_twice", "shares.1")]),
    ([Share("q", "3")], [("portion_at_risk_whole", "shares.0.quantity")]),
    (
        [Share("z", "1"), Share("p", "12")],
        [("portion_not_undecided", "shares.0"), ("quantity_over_portion", "shares.1.quantity")],
    ),
]


@pytest.mark.proves("LOT-9", "REL-1")
@pytest.mark.parametrize(("shares", "expected"), NOT_PARTS)
async def test_what_is_no_part(shares: list[Share], expected: list[tuple[str, str]]) -> None:
    async def asked() -> object:
        return parts_of([PORTION, AT_RISK], {"q": Decimal(6)}, shares)

    reasons = (await refusal(asked())).reasons
    assert [(reason.code, reason.field) for reason in reasons] == expected


def naive_parts(portion: Portion, shares: list[Share]) -> bool:
    """The broken twin of LOT-9: each share alone fits."""
    return all(Decimal(share.quantity) <= portion.quantity for share in shares)


@pytest.mark.proves("LOT-9")
async def test_shares_that_fit_one_by_one_do_not_fit_together(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    shares = [*await part(floor, received, "3000"), *await part(floor, received, "3000")]
    sun = (await floor.sign_in("sun")).who
    before = await on_record(floor.store)
    assert await codes(floor.begin(sun, received.receipt_id, shares=shares)) == ["portion_twice"]
    assert await on_record(floor.store) == before
    assert naive_parts((await portions(floor, received))[0], shares), "the twin decides on 6 000 of 4 000"


@pytest.mark.proves("REL-4")
async def test_two_at_once_on_the_same_stock_give_one_decision(floor: Floor) -> None:
    """Each has 2 500 of the 4 000 on the screen: together more than there is."""
    received = await floor.inspected(NEEDLES)
    presses = []
    for login in ("sun", "zhou"):
        who = (await floor.sign_in(login)).who
        begun = await floor.begin(who, received.receipt_id, shares=await part(floor, received, "2500"))
        presses.append((who, floor.by_password(who, received.receipt_id, begun)))
    results = await asyncio.gather(*(floor.sign(*each) for each in presses), return_exceptions=True)
    lost = [each for each in results if isinstance(each, Stale)]
    assert len(lost) == 1 and lost[0].reasons[0].code == "record_changed", results
    assert await lies(floor, received) == {"inspecting": Decimal(1500), "released": Decimal(2500)}
    assert await floor.count("release where receipt_id = $1", received.receipt_id) == 1


async def made_at_risk(floor: Floor) -> tuple[Received, Received]:
    """Needles that are used before their results are in, and the sets made of them, inspected."""
    needles = await floor.receive(NEEDLES)
    await floor.shift.sign(needles.receipt_id, "conditional", condition="line 1 stands still")
    lot = await started(floor)
    await consumed(floor, lot, needles.lot_number, "1000")
    sets = await finished(floor, lot)
    assert sets.inspection is not None
    await floor.shift.inspect(sets.inspection.id, "garcia")
    return needles, sets


@pytest.mark.proves("REL-6", "LOT-11")
async def test_what_is_used_at_risk_holds_up_what_is_made_of_it(floor: Floor) -> None:
    needles, sets = await made_at_risk(floor)
    assert (await floor.lot(needles)).status == "conditional"
    zhou = (await floor.sign_in("zhou")).who
    assert await codes(floor.begin(zhou, sets.receipt_id)) == ["component_not_released"]
    # The results come in; the final decision is about all of it, what was used included, and ends the first.
    assert needles.inspection is not None
    await floor.shift.inspect(needles.inspection.id, "li")
    done = await floor.shift.sign(needles.receipt_id)
    final = await floor.store.read.get(Release, done.release_id)
    assert (final.number, final.quantity) == (2, Decimal(4000))
    record = (await floor.store.read.get(Signature, final.signature_id)).record["decision"]
    assert isinstance(record, dict)
    assert [(p["quantity"], p["used"]) for p in record["parts"]] == [("3000", "1000")]  # type: ignore[index, call-overload, union-attr]
    in_force = await floor.store.read.all(
        Release, "receipt_id = $1 and superseded_at is null", needles.receipt_id
    )
    assert [each.id for each in in_force] == [final.id]
    assert (await floor.shift.sign(sets.receipt_id)).decision == "release"


async def used_up_and_rejected(floor: Floor) -> None:
    """What was made of stock at risk waits for its decision, and is held when that is a rejection."""
    needles = await floor.receive(NEEDLES)
    await floor.shift.sign(needles.receipt_id, "conditional", condition="line 1 stands still")
    lot = await started(floor)
    await consumed(floor, lot, needles.lot_number, "4000")
    sets = await finished(floor, lot)
    assert sets.inspection is not None
    await floor.shift.inspect(sets.inspection.id, "garcia")
    zhou = (await floor.sign_in("zhou")).who
    assert await codes(floor.begin(zhou, sets.receipt_id)) == ["component_not_released"]
    done = await floor.shift.sign(needles.receipt_id, "reject")
    assert (await floor.store.read.get(Release, done.release_id)).quantity == Decimal(4000)
    assert (await floor.lot(sets)).status == "held"
    hold = await floor.store.read.first(Hold, "lot_id = $1 and lifted_at is null", sets.lot_id)
    assert hold is not None and hold.code == "component_rejected"
    told = await floor.store.read.all(
        Notice, "code = 'component_rejected' and subject_id = $1", sets.lot_number
    )
    assert told
    assert "on_hold" in await codes(floor.begin(zhou, sets.receipt_id))


@pytest.mark.proves("REL-6", "LOT-5")
async def test_used_up_at_risk_and_rejected_holds_what_was_made_of_it(floor: Floor) -> None:
    await used_up_and_rejected(floor)


async def naive_components(read: Reader, lot_id: str) -> list[Component]:
    """The broken twin of REL-6: looks at what still lies there of a component."""
    edges = await read.all(Consumption, "child_lot_id = $1 order by id", lot_id)
    lots = [await read.get(Lot, edge.parent_lot_id) for edge in edges]
    return [Component(lot.number, lot.status, edge.quantity) for lot, edge in zip(lots, edges, strict=True)]


@pytest.mark.proves("REL-6")
async def test_looking_at_what_still_lies_there_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "components", naive_components)
    with pytest.raises(AssertionError):
        await used_up_and_rejected(floor)


async def used_as_it_is(floor: Floor) -> Received:
    received = await floor.receive(NEEDLES)
    assert received.inspection is not None
    await floor.shift.inspect(received.inspection.id, "li", {"TIP-0": "1"})
    ncr = await floor.store.read.first(Ncr, "receipt_id = $1", received.receipt_id)
    assert ncr is not None
    novak = await floor.who("novak")
    await contain_ncr(
        floor.store, novak, ContainNcr(id=floor.new_id(), ncr_id=ncr.id, containment="Set aside.")
    )
    dispose = DisposeNcr(id=floor.new_id(), ncr_id=ncr.id, disposition="use_as_is", justification="Fits.")
    await dispose_ncr(floor.store, novak, dispose)
    return received


@pytest.mark.proves("REL-6", "LOT-11")
async def test_nonconforming_stock_passes_by_concession_only_and_only_until_its_end(floor: Floor) -> None:
    received = await used_as_it_is(floor)
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, received.receipt_id)) == ["concession_needed"]
    wish = BeginSigning(id=floor.new_id(), subject_id=received.receipt_id, meaning="concession")
    assert await codes(begin_signing(floor.store, sun, wish)) == ["condition_missing", "end_day_wrong"]
    ends_on = (floor.clock.now + timedelta(days=10)).date().isoformat()
    release = await decide(floor, received, "1000", "concession", condition="line 1", ends_on=ends_on)
    assert (release.condition, release.ends_on) == ("line 1", ends_on)
    lot = await started(floor)
    await consumed(floor, lot, received.lot_number, "400")
    assert await codes(consumed(floor, lot, received.lot_number, "601")) == ["not_enough_released"]
    floor.clock.forward(floor.clock.now + timedelta(days=12))
    assert await codes(consumed(floor, lot, received.lot_number, "1")) == ["not_enough_released"]


@pytest.mark.proves("REL-6")
async def test_what_conforms_is_not_conceded(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    sun = (await floor.sign_in("sun")).who
    terms = {"condition": "x", "ends_on": "2099-12-31"}
    assert await codes(floor.begin(sun, received.receipt_id, "concession", **terms)) == ["nothing_to_concede"]


async def test_a_decision_from_before_parts_covers_the_receipt() -> None:
    """Rows of an older database have neither number nor portions that name them."""
    old = Release("d", "s", "l", "r", "release", "sig", "who", "2026-01-01T00:00:00.000000Z")
    released = msgspec.structs.replace(PORTION, status="released")
    assert undecided([released], [old]) == []
    assert undecided([msgspec.structs.replace(PORTION, status="rejected")], [old]) == []
    assert undecided([PORTION], []) == [PORTION]


async def test_a_receipt_keeps_its_version_however_it_is_decided(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    await decide(floor, received, "10")
    assert (await floor.store.read.get(Receipt, received.receipt_id)).version == 1
