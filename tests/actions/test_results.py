"""Recording and correcting results: judged at once, questioned where odd, held where they fail."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.domain.answering import Recorded
from backend.domain.errors import Stale
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Hold, Portion
from backend.domain.ncrs import Ncr
from backend.domain.notices import Notice
from backend.domain.people import Person
from backend.domain.receiving import Received
from backend.domain.signatures import Release
from backend.store.inspecting import case_of
from tests.actions.floor import Floor, codes, last_event, on_record, refusal

NEEDLES = {"LBL-0": "0", "TIP-0": "0", "LEN-1": "25.0", "COA-1": "CoA 77/26"}


async def answer(floor: Floor, received: Received, login: str, **entry: object) -> Recorded:
    """One entry by one person."""
    assert received.inspection is not None
    command = RecordResults(
        id=floor.new_id(),
        inspection_id=received.inspection.id,
        entries=[Entry(**entry)],  # type: ignore[arg-type]
    )
    return await record_results(floor.store, await floor.who(login), command)


async def inspection_of(floor: Floor, received: Received) -> Inspection:
    assert received.inspection is not None
    return await floor.store.read.get(Inspection, received.inspection.id)


def naive_passed(readings: list[Reading]) -> bool:
    """The broken twin of RES-1: nothing failed, so it passed."""
    return all(reading.verdict == "conforming" for reading in readings)


@pytest.mark.proves("RES-1", "RES-9")
async def test_an_inspection_passes_with_its_last_item_and_not_before(floor: Floor) -> None:
    received = await floor.receive("0412/2")
    statuses, naive = [], []
    for key, entered in NEEDLES.items():
        recorded = await answer(floor, received, "li", item_key=key, entered=entered)
        statuses.append(recorded.inspection_status)
        naive.append(naive_passed((await case_of(floor.store.read, recorded.inspection_id)).readings))
    assert statuses == ["in_progress", "in_progress", "in_progress", "passed"]
    assert naive == [True] * 4, "the twin passes with one item of four"
    assert (await floor.lot(received)).status == "inspecting"
    li = await floor.who("li")
    readings = await floor.store.read.all(Reading, "inspection_id = $1 order by id", recorded.inspection_id)
    assert [(each.item_key, each.entered) for each in readings] == list(NEEDLES.items())
    assert {(each.person_id, each.source) for each in readings} == {(li.person_id, "phone")}
    assert [each.sample_id is None for each in readings] == [True, True, False, False]


QUESTIONED = [
    ("LEN-1", "", "reading_missing"),
    ("LEN-1", "long", "number_expected"),
    ("LEN-1", "2,500", "number_ambiguous"),
    ("LEN-1", "2.5 cm", "unit_converted"),
    ("LEN-1", "2.5 N", "unit_other_dimension"),
    ("LEN-1", "2.5 abc", "unit_mismatch"),
    ("LEN-1", "n.d.", "detection_limit_expected"),
    ("LEN-1", "250", "value_implausible"),
    ("LEN-1", "25.6", "value_out_of_limits"),
    ("TIP-0", "14", "count_out_of_range"),
    ("TIP-0", "0.5", "count_expected"),
    ("TIP-0", "-1", "count_out_of_range"),
    ("COA-1", "   ", "reading_missing"),
    ("XXX-1", "1", "item_unknown"),
]


@pytest.mark.proves("RES-1", "RES-4")
async def test_what_cannot_be_read_or_looks_wrong_is_asked_about(floor: Floor) -> None:
    received = await floor.receive("0412/2")
    before = await on_record(floor.store)
    for key, entered, expected in QUESTIONED:
        assert await codes(answer(floor, received, "li", item_key=key, entered=entered)) == [expected], (
            entered
        )
    assert await on_record(floor.store) == before


@pytest.mark.proves("RES-4")
async def test_a_number_is_read_as_people_type_it(floor: Floor) -> None:
    typed = {"0412/2": "25,1", "0415/1": "２５．１", "0416/1": "25.1 mm"}
    for order, entered in typed.items():
        recorded = await answer(floor, await floor.receive(order), "li", item_key="LEN-1", entered=entered)
        reading = await floor.store.read.get(Reading, recorded.readings[0])
        assert (reading.entered, reading.value, reading.verdict) == (entered, Decimal("25.1"), "conforming")


@pytest.mark.proves("RES-10", "QUA-1")
async def test_the_first_failure_holds_the_lot_and_opens_one_ncr_once(floor: Floor) -> None:
    received = await floor.receive("0411/1")
    first = await answer(floor, received, "li", item_key="OD-1", entered="4.31", confirmed=True)
    assert first.verdicts == ["nonconforming"] and len(first.ncrs) == 1
    assert (await floor.lot(received)).status == "held"
    second = await answer(floor, received, "li", item_key="OD-2", entered="4.32", confirmed=True)
    assert second.ncrs == [], "the same characteristic of the same lot: no second report"
    other = await answer(floor, received, "li", item_key="KNK-0", entered="1", confirmed=True)
    assert len(other.ncrs) == 1, "another characteristic: its own report"
    ncrs = await floor.store.read.all(Ncr, "lot_id = $1 order by number", received.lot_id)
    assert [(each.characteristic, each.severity, each.status) for each in ncrs] == [
        ("OD", "major", "open"),
        ("KNK", "major", "open"),
    ]
    assert {each.quantity for each in ncrs} == {Decimal(3000)}
    holds = await floor.store.read.all(Hold, "lot_id = $1 and lifted_at is null", received.lot_id)
    assert {each.ncr_id for each in holds} == {each.id for each in ncrs}
    novak = await floor.who("novak")
    told = await floor.store.read.all(
        Notice, "person_id = $1 and subject_id = $2", novak.person_id, ncrs[0].id
    )
    assert [each.code for each in told] == ["ncr_opened"]


async def test_two_failures_of_one_command_get_two_numbers(floor: Floor) -> None:
    received = await floor.receive("0411/1")
    assert received.inspection is not None
    entries = [
        Entry(item_key="OD-1", entered="4.31", confirmed=True),
        Entry(item_key="KNK-0", entered="2", confirmed=True),
    ]
    command = RecordResults(id=floor.new_id(), inspection_id=received.inspection.id, entries=entries)
    recorded = await record_results(floor.store, await floor.who("li"), command)
    numbers = {(await floor.store.read.get(Ncr, each)).number for each in recorded.ncrs}
    assert len(numbers) == 2


async def naive_record(kept: dict[str, str], item_key: str, entered: str) -> bool:
    """The broken twin of DUP-2: reads, waits for something, writes. True: told that the entry counts."""
    free = item_key not in kept
    await asyncio.sleep(0)
    if free:
        kept[item_key] = entered
    return free


@pytest.mark.proves("DUP-2")
async def test_two_phones_at_one_item_give_one_reading_and_one_explained_refusal(floor: Floor) -> None:
    received = await floor.receive("0412/2")
    answers = [
        answer(floor, received, "li", item_key="LEN-1", entered="25.0"),
        answer(floor, received, "garcia", item_key="LEN-1", entered="25.2"),
    ]
    results = await asyncio.gather(*answers, return_exceptions=True)
    stale = [each for each in results if isinstance(each, Stale)]
    assert len(stale) == 1 and len([each for each in results if isinstance(each, Recorded)]) == 1
    reason = stale[0].reasons[0]
    assert (reason.code, reason.facts["item"]) == ("item_answered", "LEN-1")
    kept = await floor.store.read.all(
        Reading,
        "inspection_id = $1 and status = 'current'",
        received.inspection.id,  # type: ignore[union-attr]
    )
    assert [each.entered for each in kept] == [reason.facts["entered"]]
    event = await last_event(floor.store)
    assert event["facts"]["kind"] == "Stale", "the second entry's attempt stays in the log"
    twin: dict[str, str] = {}
    told = await asyncio.gather(*(naive_record(twin, "LEN-1", each) for each in ("25.0", "25.2")))
    assert told == [True, True] and len(twin) == 1, "the twin tells both that their entry counts"


async def test_one_command_cannot_answer_an_item_twice(floor: Floor) -> None:
    received = await floor.receive("0412/2")
    assert received.inspection is not None
    twice = [Entry(item_key="LEN-1", entered="25.0"), Entry(item_key="LEN-1", entered="25.1")]
    command = RecordResults(id=floor.new_id(), inspection_id=received.inspection.id, entries=twice)
    assert await codes(record_results(floor.store, await floor.who("li"), command)) == ["item_twice"]


@pytest.mark.proves("REL-1")
async def test_a_finished_inspection_takes_no_more_answers(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    again = answer(floor, received, "garcia", item_key="LEN-1", entered="25.0")
    assert (await refusal(again)).reasons[0].code == "item_answered"


async def test_a_critical_nonconformity_fails_the_inspection_whatever_the_tally(floor: Floor) -> None:
    received = await floor.receive("0412/2")
    await answer(floor, received, "li", item_key="TIP-0", entered="1", confirmed=True)
    for key in ("LBL-0", "LEN-1", "COA-1"):
        recorded = await answer(floor, received, "li", item_key=key, entered=NEEDLES[key])
    assert recorded.inspection_status == "failed"


async def test_a_text_that_the_inspector_calls_wrong_is_nonconforming(floor: Floor) -> None:
    received = await floor.receive("0412/2")
    recorded = await answer(floor, received, "li", item_key="COA-1", entered="other lot", conforming=False)
    assert recorded.verdicts == ["nonconforming"] and (await floor.lot(received)).status == "held"


def naive_correct(rows: dict[str, str], key: str, entered: str) -> None:
    """The broken twin of RES-5: overwrites."""
    rows[key] = entered


@pytest.mark.proves("RES-5", "AUD-1")
async def test_a_correction_keeps_the_old_value_and_judges_again(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    before = await inspection_of(floor, received)
    old = await floor.store.read.first(Reading, "inspection_id = $1 and item_key = 'LEN-1'", before.id)
    assert old is not None and before.status == "passed"
    garcia = await floor.who("garcia")

    def correct(entered: str, reason: str, **more: bool) -> CorrectResult:
        return CorrectResult(id=floor.new_id(), reading_id=old.id, entered=entered, reason=reason, **more)

    assert await codes(correct_result(floor.store, garcia, correct("25.8", " "))) == ["reason_missing"]
    doubtful = correct("25.8", "misread the scale")
    assert await codes(correct_result(floor.store, garcia, doubtful)) == ["value_out_of_limits"]
    done = await correct_result(floor.store, garcia, correct("25.8", "misread the scale", confirmed=True))
    assert done.inspection_status == "failed" and len(done.ncrs) == 1
    kept = await floor.store.read.get(Reading, old.id)
    new = await floor.store.read.get(Reading, done.readings[0])
    assert (kept.entered, kept.status) == (old.entered, "superseded")
    assert (new.entered, new.status, new.corrects, new.reason) == (
        "25.8",
        "current",
        old.id,
        "misread the scale",
    )
    assert (await floor.lot(received)).status == "held"
    event = await last_event(floor.store)
    assert (event["type"], event["reason"]) == ("result_corrected", "misread the scale")
    assert (event["facts"]["old"], event["facts"]["new"]) == (old.entered, "25.8")
    again = await refusal(correct_result(floor.store, garcia, correct("25.0", "again")))
    assert isinstance(again, Stale) and again.reasons[0].code == "reading_superseded"
    twin = {"LEN-1": old.entered}
    naive_correct(twin, "LEN-1", "25.8")
    assert old.entered not in twin.values(), "the twin has lost the first value"


@pytest.mark.proves("RES-5", "REL-5")
async def test_a_correction_of_what_was_signed_ends_the_decision(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    signed = await floor.shift.sign(received.receipt_id)
    inspection = await inspection_of(floor, received)
    reading = await floor.store.read.first(
        Reading, "inspection_id = $1 and item_key = 'LEN-1'", inspection.id
    )
    assert reading is not None
    command = CorrectResult(id=floor.new_id(), reading_id=reading.id, entered="25.1", reason="late thought")
    await correct_result(floor.store, await floor.who("li"), command)
    release = await floor.store.read.get(Release, signed.release_id)
    assert release.superseded_at is not None
    assert (await floor.lot(received)).status == "inspecting"
    portion = await floor.store.read.first(Portion, "receipt_id = $1", received.receipt_id)
    assert portion is not None and portion.release_id is None
    told = await floor.store.read.all(Notice, "code = 'release_suspended'")
    assert {notice.subject_id for notice in told} == {received.receipt_id}
    people = {(await floor.store.read.get(Person, notice.person_id)).login for notice in told}
    assert {"sun", "zhou"} <= people
    # Decided anew, as the second decision of the receipt; the first stays readable.
    again = await floor.shift.sign(received.receipt_id)
    assert (await floor.store.read.get(Release, again.release_id)).number == 2
    assert (await floor.lot(received)).status == "released"
