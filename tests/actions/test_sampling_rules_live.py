"""Every sampling rule of a plan in live inspections: double, variables, limiting quality, skip-lot (SMP-2, SMP-7)."""

from __future__ import annotations

import pytest

from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.domain.answering import Recorded
from backend.domain.inspections import Inspection, Reading, Sample
from backend.domain.ncrs import Ncr
from backend.domain.sampling_rules import ByLimitingQuality, Double, Fixed, Variables
from backend.domain.skip_lot import SkipLotRule
from backend.store import inspecting
from backend.store.deciding import dossier
from backend.views.inspections import InspectionSheet, inspection_sheet
from tests.actions.floor import Floor, codes
from tests.actions.plans_in_force import LABEL, line, put_in_force

TUBING = "0411/1"


async def opened(floor: Floor, quantity: str) -> InspectionSheet:
    received = await floor.receive(TUBING, quantity=quantity)
    assert received.inspection is not None
    return await sheet(floor, received.inspection.id)


async def sheet(floor: Floor, inspection_id: str) -> InspectionSheet:
    return await inspection_sheet(floor.store.read, inspection_id)


async def record(floor: Floor, inspection_id: str, **answers: str) -> Recorded:
    """Answers by item key, `_` for `-` and `__` for `.`; confirmed where they fail."""
    entries = [
        Entry(item_key=key.replace("__", ".").replace("_", "-"), entered=entered, confirmed=True)
        for key, entered in answers.items()
    ]
    command = RecordResults(id=floor.new_id(), inspection_id=inspection_id, entries=entries)
    return await record_results(floor.store, await floor.who("li"), command)


async def correct(floor: Floor, inspection_id: str, key: str, entered: str) -> Recorded:
    reading = await floor.store.read.first(
        Reading, "inspection_id = $1 and item_key = $2 and status = 'current'", inspection_id, key
    )
    assert reading is not None
    command = CorrectResult(
        id=floor.new_id(), reading_id=reading.id, entered=entered, reason="counted again", confirmed=True
    )
    return await correct_result(floor.store, await floor.who("li"), command)


DOUBLE = line("SUR", Double("II", "2.5"))
"""Of 500: letter H, 32 units each; first 1/4, both 4/5."""


def keys(of: InspectionSheet) -> list[str]:
    return [item.key for item in of.items]


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(
    ("count", "status"), [("0", "passed"), ("1", "passed"), ("4", "failed"), ("9", "failed")]
)
async def test_a_first_sample_that_decides_asks_for_no_second(floor: Floor, count: str, status: str) -> None:
    await put_in_force(floor, "TUB-30", [DOUBLE])
    inspection = await opened(floor, "500")
    [item] = inspection.items
    assert (item.n, item.accept, item.reject, item.sample, item.more) == (32, 1, 4, 1, True)
    assert inspection.sample_size == 32
    assert (await record(floor, inspection.id, SUR_0=count)).inspection_status == status
    assert keys(await sheet(floor, inspection.id)) == ["SUR-0"]


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("2", "2", "passed"),
        ("2", "3", "failed"),
        ("3", "1", "passed"),
        ("3", "2", "failed"),
        ("2", "0", "passed"),
    ],
)
async def test_between_ac_and_re_a_second_sample_appears_and_the_sum_decides(
    floor: Floor, first: str, second: str, status: str
) -> None:
    await put_in_force(floor, "TUB-30", [DOUBLE])
    inspection = await opened(floor, "500")
    recorded = await record(floor, inspection.id, SUR_0=first)
    assert (recorded.inspection_status, recorded.verdicts, recorded.ncrs) == (
        "in_progress",
        ["undecidable"],
        [],
    )
    after = await sheet(floor, inspection.id)
    assert (keys(after), after.next, after.total) == (["SUR-0", "SUR-0.2"], "SUR-0.2", 2)
    more = after.items[1]
    left = 4 - int(first)
    assert (more.n, more.accept, more.reject, more.sample, more.more) == (32, left, left + 1, 2, False)
    assert after.sample_size == 64, "further units were pulled"
    recorded = await record(floor, inspection.id, SUR_0__2=second)
    assert recorded.inspection_status == status
    assert len(recorded.ncrs) == (status == "failed")
    kept = await floor.store.read.get(Inspection, inspection.id)
    file = await dossier(floor.store.read, kept.receipt_id)
    case = file.case("nobody", "2026-11-28")
    assert (case.missing_items, case.undecidable_items) == ([], []), "the sum has decided"


@pytest.mark.proves("SMP-2")
async def test_both_samples_in_one_command(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [DOUBLE])
    inspection = await opened(floor, "500")
    assert (await record(floor, inspection.id, SUR_0="2", SUR_0__2="1")).inspection_status == "passed"


@pytest.mark.proves("SMP-2")
async def test_a_second_sample_that_is_not_due_is_not_asked(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [DOUBLE])
    inspection = await opened(floor, "500")
    assert await codes(record(floor, inspection.id, SUR_0__2="0")) == ["item_unknown"]
    assert await codes(record(floor, inspection.id, SUR_0="1", SUR_0__2="0")) == ["item_unknown"]


async def test_the_naive_judge_would_pass_what_the_sum_rejects(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin judges the first sample alone, up to its Re."""
    monkeypatch.setattr(inspecting, "asked_after", lambda document, first, readings: first)
    await put_in_force(floor, "TUB-30", [DOUBLE])
    inspection = await opened(floor, "500")
    recorded = await record(floor, inspection.id, SUR_0="3")
    assert keys(await sheet(floor, inspection.id)) == ["SUR-0"]
    assert recorded.inspection_status == "in_progress", "nothing more is asked and nothing is decided"


@pytest.mark.proves("SMP-2")
async def test_the_second_sample_is_of_other_units_and_by_the_same_seed(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [line("LEN", Double("II", "2.5"), "numeric")])
    inspection = await opened(floor, "500")
    before = {item.key: item.unit_position for item in inspection.items}
    assert len(before) == 32
    good = {f"LEN_{place}": "10" for place in range(1, 31)}
    await record(floor, inspection.id, **good, LEN_31="12", LEN_32="8")
    after = await sheet(floor, inspection.id)
    units = [item.unit_position for item in after.items]
    assert len(units) == 64 == len(set(units))
    assert {item.key: item.unit_position for item in after.items[:32]} == before
    assert [item.sample for item in after.items] == [1] * 32 + [2] * 32
    samples = await floor.store.read.all(Sample, "inspection_id = $1", inspection.id)
    assert sorted(sample.number for sample in samples) == list(range(1, 65))
    more = {f"LEN_{place}": "10" for place in range(33, 62)}
    await record(floor, inspection.id, **more, LEN_62="12", LEN_63="12")
    recorded = await record(floor, inspection.id, LEN_64="12")
    assert recorded.inspection_status == "failed", "two and three are five: Re"


@pytest.mark.proves("SMP-2")
async def test_a_first_sample_corrected_leaves_the_second_in_force(floor: Floor) -> None:
    """Nobody makes what was found in a second sample go away by correcting the first."""
    await put_in_force(floor, "TUB-30", [DOUBLE])
    inspection = await opened(floor, "500")
    await record(floor, inspection.id, SUR_0="2", SUR_0__2="3")
    corrected = await correct(floor, inspection.id, "SUR-0", "1")
    assert corrected.inspection_status == "passed", "one and three are four"
    assert keys(await sheet(floor, inspection.id)) == ["SUR-0", "SUR-0.2"]
    assert (await correct(floor, inspection.id, "SUR-0", "3")).inspection_status == "failed"
    assert (await correct(floor, inspection.id, "SUR-0", "5")).inspection_status == "failed"


@pytest.mark.proves("SMP-2")
async def test_a_small_lot_is_inspected_whole(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [DOUBLE])
    inspection = await opened(floor, "4")
    assert [(item.n, item.more) for item in inspection.items] == [(4, False)]


@pytest.mark.proves("SMP-2")
async def test_isolated_lots_are_sampled_by_limiting_quality(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [line("SUR", ByLimitingQuality("5.0"))])
    inspection = await opened(floor, "500")
    assert [(item.n, item.accept) for item in inspection.items] == [(43, 0)]
    kept = await floor.store.read.get(Inspection, inspection.id)
    assert kept.sampling is None, "a lot that comes alone belongs to no series"


BY_VARIABLES = line("LEN", Variables("II", "1.0"), "numeric")
"""Of 40: letter D, 5 units, M 3.33 %."""


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(
    ("values", "status"),
    [
        (("10.0", "10.2", "9.8", "10.1", "9.9"), "passed"),
        (("10.6", "10.9", "10.3", "10.8", "10.9"), "failed"),  # none outside, and far too close to the limit
        (("10.0", "10.0", "10.0", "10.0", "10.0"), "passed"),
    ],
)
async def test_by_variables_the_whole_sample_decides(
    floor: Floor, values: tuple[str, ...], status: str
) -> None:
    await put_in_force(floor, "TUB-30", [BY_VARIABLES])
    inspection = await opened(floor, "40")
    assert [str(item.most_outside) for item in inspection.items] == ["3.33"] * 5
    for place, value in enumerate(values, start=1):
        recorded = await record(floor, inspection.id, **{f"LEN_{place}": value})
        assert (place < 5) == (recorded.inspection_status == "in_progress")
    assert recorded.inspection_status == status
    assert len(await floor.store.read.all(Ncr, "inspection_id = $1", inspection.id)) == (status == "failed")


@pytest.mark.proves("SMP-2", "RES-2")
async def test_by_variables_a_value_that_is_no_value_is_refused(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [BY_VARIABLES])
    inspection = await opened(floor, "40")
    assert await codes(record(floor, inspection.id, LEN_1="<10")) == ["value_qualified"]


SKIPPING = SkipLotRule(clearance=10, one_in=2)


async def delivered(
    floor: Floor, odd: dict[str, str] | None = None, odd_where_skipped: dict[str, str] | None = None
) -> Inspection:
    """One delivery, received and inspected."""
    received = await floor.receive(TUBING, quantity="20")
    assert received.inspection is not None
    opened = await floor.store.read.get(Inspection, received.inspection.id)
    await floor.shift.inspect(opened.id, "li", odd_where_skipped if opened.skipped else odd)
    return await floor.store.read.get(Inspection, opened.id)


@pytest.mark.proves("SMP-7")
async def test_proven_lots_are_skipped_but_for_what_no_lot_is_spared(floor: Floor) -> None:
    certificate = line("COA", Fixed(1), "text", check="certificate")
    critical = line("PRT", Fixed(3), severity="critical")
    plan = [LABEL, certificate, critical, line("SUR", Fixed(5)), line("LEN", Fixed(5), "numeric")]
    await put_in_force(floor, "TUB-30", plan, SKIPPING)
    await delivered(floor, {"SUR-0": "1"})  # whatever came before counts no more
    for _ in range(10):
        assert (await delivered(floor)).skipped is None
    later = [await delivered(floor) for _ in range(14)]
    skipped = [each for each in later if each.skipped]
    assert 0 < len(skipped) < 14, "one in two, drawn"
    asked = keys(await sheet(floor, skipped[0].id))
    assert asked == ["LBL-0", "COA-1", "PRT-0"]
    while not (failed := await delivered(floor, None, {"LBL-0": "1"})).skipped:
        pass
    assert failed.status == "failed", "a check that no lot is spared fails on a lot that was skipped"
    assert [(await delivered(floor)).skipped for _ in range(10)] == [None] * 10, "the first failure ends it"


@pytest.mark.proves("SMP-7")
async def test_one_failure_among_the_qualifying_lots_begins_anew(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [LABEL, line("SUR", Fixed(5))], SKIPPING)
    for place in range(20):
        odd = {"SUR-0": "1"} if place in (0, 9) else None
        assert (await delivered(floor, odd)).skipped is None
