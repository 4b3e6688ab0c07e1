"""Labels printed = used + destroyed + returned; a difference blocks the release (QUA-9)."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from backend.actions.accept_missing_labels import AcceptMissingLabels, accept_missing_labels
from backend.actions.print_labels import PrintLabels, print_labels
from backend.actions.reconcile_labels import ReconcileLabels, reconcile_labels
from backend.domain.errors import Reason
from backend.domain.label_counts import LabelBalance, difference
from backend.domain.lots import Lot, ScannedCode
from backend.views.lot_labels import label_balance, lot_label
from backend.views.releases import release_sheet
from backend.views.scans import scan
from tests.actions.floor import Floor, codes, last_event, on_record


async def printed(floor: Floor, number: str, copies: int, id: str | None = None) -> LabelBalance:
    """The warehouse prints."""
    command = PrintLabels(
        id=id or floor.new_id(), lot_number=number, copies=copies, media="roll-57x32", quantity="500"
    )
    return await print_labels(floor.store, await floor.who("wang"), command)


async def counted(floor: Floor, lot_id: str, **fates: object) -> LabelBalance:
    """The warehouse counts."""
    command = ReconcileLabels(id=floor.new_id(), lot_id=lot_id, **fates)  # type: ignore[arg-type]
    return await reconcile_labels(floor.store, await floor.who("wang"), command)


async def lost(floor: Floor, lot_id: str, login: str, count: int, reason: str) -> LabelBalance:
    """Somebody accepts that so many are missing."""
    command = AcceptMissingLabels(id=floor.new_id(), lot_id=lot_id, count=count, reason=reason)
    return await accept_missing_labels(floor.store, await floor.who(login), command)


@pytest.mark.proves("QUA-9")
async def test_missing_labels_block_until_somebody_else_accepts_them_and_are_signed(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    lot = await floor.lot(received)
    await printed(floor, lot.number, 5)
    await counted(floor, lot.id, used=3)
    fates = ReconcileLabels(id=floor.new_id(), lot_id=lot.id, missing=2, reason="not in the waste bin")
    await reconcile_labels(floor.store, await floor.who("sun"), fates)
    sun = (await floor.sign_in("sun")).who
    before = await on_record(floor.store)
    assert await codes(floor.begin(sun, received.receipt_id)) == ["labels_missing"]
    assert await codes(lost(floor, lot.id, "sun", 2, "mine")) == ["label_own_count"]
    assert await codes(lost(floor, lot.id, "novak", 1, "one")) == ["label_missing_changed"]
    assert await codes(lost(floor, lot.id, "novak", 2, " ")) == ["label_acceptance_reason"]
    assert await on_record(floor.store) == before
    await lost(floor, lot.id, "novak", 2, "torn by the applicator, seen on its film")
    assert await codes(lost(floor, lot.id, "novak", 2, "again")) == ["label_missing_changed"]
    sheet = await release_sheet(
        floor.store.read.of_site(floor.site_id), received.receipt_id, sun, "2026-11-25"
    )
    assert sheet.missing_labels is not None and sheet.blockers == []
    signed = (await floor.begin(sun, received.receipt_id)).record["decision"]["missing_labels"]
    assert (signed["count"], signed["printed"]) == (2, 5)
    assert signed["reasons"] == ["not in the waste bin", "torn by the applicator, seen on its film"]
    assert len(signed["accepted_by"]) == 1


@pytest.mark.proves("QUA-9")
async def test_a_gate_for_which_a_reason_closes_the_difference_lets_it_be_signed(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: who counts them as missing needs nobody else."""

    def naive(labels: LabelBalance) -> list[Reason]:
        return [one for one in difference(labels) if one.code != "labels_missing"]

    received = await floor.inspected("0412/2")
    lot = await floor.lot(received)
    await printed(floor, lot.number, 1)
    await counted(floor, lot.id, missing=1, reason="lost")
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, received.receipt_id)) == ["labels_missing"]
    monkeypatch.setattr("backend.domain.releases.difference", naive)
    assert (await floor.begin(sun, received.receipt_id)).record


@pytest.mark.proves("QUA-9")
async def test_a_difference_blocks_the_release_until_every_label_is_accounted_for(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    lot = await floor.lot(received)
    assert (await printed(floor, lot.number, 12)).open == 12
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, received.receipt_id)) == ["labels_unreconciled"]
    await counted(floor, lot.id, used=8, destroyed=1)
    assert await codes(floor.begin(sun, received.receipt_id)) == ["labels_unreconciled"]
    # Signed for what was shown; a label printed meanwhile stops it at the gate as well.
    await counted(floor, lot.id, returned=2, missing=1, reason="fell behind the press, searched twice")
    assert (await last_event(floor.store))["reason"] == "fell behind the press, searched twice"
    assert await codes(floor.begin(sun, received.receipt_id)) == ["labels_missing"]
    assert (
        await lost(floor, lot.id, "sun", 1, "one of a roll of 500; the press was cleared")
    ).unaccepted == 0
    begun = await floor.begin(sun, received.receipt_id)
    await printed(floor, lot.number, 1)
    assert await codes(floor.sign(sun, floor.by_password(sun, received.receipt_id, begun))) == [
        "labels_unreconciled"
    ]
    await counted(floor, lot.id, destroyed=1)
    begun = await floor.begin(sun, received.receipt_id)
    assert (await floor.sign(sun, floor.by_password(sun, received.receipt_id, begun))).decision == "release"
    assert await label_balance(floor.store.read, lot.id) == LabelBalance(13, 8, 2, 2, 1, 1)


@pytest.mark.proves("QUA-9")
async def test_a_lot_without_labels_is_not_held_up_and_a_rejection_never_is(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    sun = (await floor.sign_in("sun")).who
    assert (await floor.begin(sun, received.receipt_id)).record
    await printed(floor, (await floor.lot(received)).number, 3)
    begun = await floor.begin(sun, received.receipt_id, "reject")
    assert (await floor.sign(sun, floor.by_password(sun, received.receipt_id, begun))).decision == "reject"


REFUSED = [
    ({}, ["label_count_nothing"]),
    ({"used": -1, "destroyed": 1}, ["label_count_negative"]),
    ({"used": 5, "destroyed": 1}, ["label_count_over"]),
    ({"missing": 1}, ["label_reason_missing"]),
    ({"missing": 1, "reason": "  "}, ["label_reason_missing"]),
    ({"used": 5, "missing": 1}, ["label_count_over", "label_reason_missing"]),
]


@pytest.mark.proves("QUA-9")
async def test_a_wrong_count_changes_nothing(floor: Floor) -> None:
    lot = await floor.lot(await floor.receive("0412/2"))
    await printed(floor, lot.number, 5)
    before = await on_record(floor.store)
    for fates, expected in REFUSED:
        assert await codes(counted(floor, lot.id, **fates)) == expected, fates
    assert await codes(printed(floor, "L99-1", 1)) == ["lot_unknown"]
    assert await codes(printed(floor, lot.number, 0)) == ["label_copies_wrong"]
    assert await on_record(floor.store) == before


@pytest.mark.proves("QUA-9", "DUP-1")
async def test_a_print_that_is_asked_for_again_counts_once_and_two_counters_never_overdraw(
    floor: Floor,
) -> None:
    lot = await floor.lot(await floor.receive("0412/2"))
    id = floor.new_id()
    await asyncio.gather(*(printed(floor, lot.number, 5, id) for _ in range(3)))
    assert (await label_balance(floor.store.read, lot.id)).printed == 5
    tries = await asyncio.gather(*(counted(floor, lot.id, used=3) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(one, LabelBalance) for one in tries) == 1
    assert (await label_balance(floor.store.read, lot.id)).open == 2


async def test_a_scan_of_our_own_label_finds_the_lot_whatever_form_it_has(floor: Floor) -> None:
    read = floor.store.read
    finished = await read.first(Lot, "site_id = $1 and supplier_id is null order by number", floor.site_id)
    assert finished is not None
    bought = await floor.lot(await floor.receive("0412/2"))
    for lot, form in ((finished, "(01)"), (bought, "LG1:")):
        label = await lot_label(read, floor.site_id, lot.number, None, floor.store.clock())
        assert label.text.startswith(form)
        found = await scan(read, floor.site_id, [ScannedCode(label.text)], date(2026, 11, 25))
        assert (found.kind, found.lot and found.lot.number) == ("internal_lot", lot.number)
