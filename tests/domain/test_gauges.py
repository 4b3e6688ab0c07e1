"""A gauge that must not measure is refused with every reason; a bad one puts in doubt what it measured since."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.gauges import (
    ASSESSMENT_STEPS,
    GAUGE_STEPS,
    Calibration,
    Found,
    Gauge,
    Use,
    check_calibration,
    check_gauge,
    due_after,
    faults,
    in_doubt,
    last_good,
    standing,
)
from backend.domain.inspections import Reading
from backend.domain.plans import Characteristic, Method
from backend.domain.sampling_rules import Fixed
from backend.domain.words import Words

TODAY = "2026-06-15"
GAUGE = Gauge(
    id="g",
    site_id="s",
    code="G-1",
    type="calliper",
    name=Words("Calliper", "卡尺"),
    unit="mm",
    lower=Decimal(0),
    upper=Decimal(150),
    resolution=Decimal("0.01"),
    interval_days=365,
    status="in_use",
    calibrated_on="2026-01-10",
    due_on="2026-12-31",
)
LENGTH = Characteristic(
    code="LEN",
    name=Words("Length", "长度"),
    kind="numeric",
    severity="major",
    method=Method("WI", "A"),
    sampling=Fixed(1),
    unit="mm",
    lower=Decimal("24.5"),
    resolution=Decimal("0.1"),
    instrument_type="calliper",
)
UNFIT = [
    ({"type": "micrometer"}, {}, "25", ["gauge_wrong_type"]),
    ({"due_on": "2026-06-14"}, {}, "25", ["gauge_overdue"]),
    ({"status": "locked_out"}, {}, "25", ["gauge_not_in_use"]),
    ({"status": "out_of_tolerance"}, {}, "25", ["gauge_not_in_use"]),
    ({"status": "retired"}, {}, "25", ["gauge_not_in_use"]),
    ({"resolution": Decimal("0.2")}, {}, "25", ["gauge_too_coarse"]),
    ({}, {"resolution": Decimal("0.001")}, "25", ["gauge_too_coarse"]),
    ({}, {}, "150.1", ["gauge_out_of_range"]),
    ({}, {}, "-0.1", ["gauge_out_of_range"]),
    ({"unit": "in", "resolution": Decimal("0.01")}, {}, "25", ["gauge_too_coarse"]),
    ({"unit": "cm", "upper": Decimal(2)}, {}, "25", ["gauge_out_of_range"]),
    ({"unit": "N"}, {}, "25", ["gauge_other_unit"]),
    (
        {"type": "x", "due_on": "2026-01-01", "resolution": Decimal(1), "upper": Decimal(20)},
        {},
        "25",
        ["gauge_wrong_type", "gauge_overdue", "gauge_too_coarse", "gauge_out_of_range"],
    ),
]
FIT = [
    ({}, {}, "0"),
    ({}, {}, "150"),
    ({"due_on": TODAY}, {}, "25"),
    ({"resolution": Decimal("0.1")}, {}, "25"),
    ({"unit": "in", "resolution": Decimal("0.001"), "upper": Decimal(6)}, {}, "25"),
    ({}, {"resolution": None}, "25"),
    ({"type": "any"}, {"instrument_type": None}, "25"),
    ({"unit": "N"}, {"kind": "attribute"}, "1"),
]


@pytest.mark.proves("RES-6")
@pytest.mark.parametrize(("gauge", "of", "value", "codes"), UNFIT)
def test_an_unfit_gauge_is_refused_with_every_reason(
    gauge: dict[str, object], of: dict[str, object], value: str, codes: list[str]
) -> None:
    use = Use(msgspec.structs.replace(LENGTH, **of), Decimal(value))
    found = faults(msgspec.structs.replace(GAUGE, **gauge), use, TODAY)
    assert [reason.code for reason in found] == codes
    assert {(reason.facts["rule"], reason.facts["gauge"]) for reason in found} == {("RES-6", "G-1")}


@pytest.mark.proves("RES-6")
@pytest.mark.parametrize(("gauge", "of", "value"), FIT)
def test_a_fit_gauge_measures(gauge: dict[str, object], of: dict[str, object], value: str) -> None:
    use = Use(msgspec.structs.replace(LENGTH, **of), Decimal(value))
    assert faults(msgspec.structs.replace(GAUGE, **gauge), use, TODAY) == []


@pytest.mark.parametrize(
    ("due_on", "status", "expected"),
    [
        ("2026-06-14", "in_use", "overdue"),
        ("2026-06-15", "in_use", "due_soon"),
        ("2026-06-29", "in_use", "due_soon"),
        ("2026-06-30", "in_use", "in_use"),
        ("2026-06-14", "retired", "retired"),
    ],
)
def test_a_gauge_stands_as_its_days_say(due_on: str, status: str, expected: str) -> None:
    assert standing(msgspec.structs.replace(GAUGE, due_on=due_on, status=status), TODAY) == expected


def calibration(
    day: str, left: Found = "in_tolerance", found: Found = "in_tolerance", at: str = ""
) -> Calibration:
    at = at or f"{day}T08:00:00.000000Z"
    return Calibration(f"{day}{left}{at}", "s", "g", day, found, left, "C-1", day, "p", at)


def reading(at: str, device_at: str | None = None) -> Reading:
    return Reading(
        id=at,
        site_id="s",
        inspection_id="i",
        sample_id=None,
        item_key="LEN-1",
        characteristic="LEN",
        entered="25",
        value=Decimal(25),
        qualifier=None,
        verdict="conforming",
        status="current",
        person_id="p",
        source="phone",
        at=at,
        device_at=device_at,
        attachments=[],
    )


def days(found: list[Reading]) -> list[str]:
    return [each.id[:10] for each in found]


GOOD, ADJUSTED, BAD = (
    calibration("2026-02-01"),
    calibration("2026-03-01", "in_tolerance", "out_of_tolerance"),
    calibration("2026-05-01", "out_of_tolerance", "out_of_tolerance"),
)
USED = [reading(f"2026-{month:02}-{day:02}T04:00:00.000000Z") for month in range(1, 8) for day in (1, 15)]


@pytest.mark.proves("RES-7")
def test_what_is_in_doubt_begins_with_the_last_good_calibration() -> None:
    assert days(in_doubt(USED, [GOOD, BAD], BAD, "UTC")) == [
        "2026-02-01", "2026-02-15", "2026-03-01", "2026-03-15", "2026-04-01", "2026-04-15", "2026-05-01",
        "2026-05-15", "2026-06-01", "2026-06-15", "2026-07-01", "2026-07-15",
    ]  # fmt: skip
    assert days(in_doubt(USED, [GOOD, ADJUSTED], ADJUSTED, "UTC")) == [
        "2026-02-01",
        "2026-02-15",
        "2026-03-01",
    ]
    assert days(in_doubt(USED, [GOOD, ADJUSTED, BAD], BAD, "UTC"))[0] == "2026-03-01", "set right in March"
    assert in_doubt(USED, [BAD], BAD, "UTC") == USED, "never known to be good: all of it"


@pytest.mark.proves("RES-7")
def test_a_reading_that_waited_on_a_phone_is_in_doubt_by_either_day() -> None:
    before = reading("2026-03-02T02:00:00.000000Z", "2026-02-28T02:00:00+00:00")
    assert in_doubt([before], [GOOD, ADJUSTED], ADJUSTED, "UTC") == [before], (
        "measured before it was set right"
    )
    late = reading("2026-02-01T02:00:00.000000Z", "2026-01-30T02:00:00+00:00")
    assert in_doubt([late], [GOOD, ADJUSTED], ADJUSTED, "UTC") == [late]
    night = reading("2026-01-31T16:30:00.000000Z")
    assert in_doubt([night], [GOOD, ADJUSTED], ADJUSTED, "UTC") == []
    assert in_doubt([night], [GOOD, ADJUSTED], ADJUSTED, "Asia/Shanghai") == [night], "1 February at the site"


def since_the_last_calibration(
    readings: list[Reading], calibrations: list[Calibration], failed: Calibration
) -> list[Reading]:
    """The broken twin: begins at the calibration before, whatever it said of the gauge."""
    before = max((each.done_on for each in calibrations if each.done_on < failed.done_on), default="")
    return [each for each in readings if each.at[:10] >= before]


@pytest.mark.proves("RES-7")
def test_the_twin_that_begins_at_any_calibration_misses_results() -> None:
    again = calibration("2026-06-10", "out_of_tolerance", "out_of_tolerance")
    chain = [GOOD, BAD, again]
    assert last_good(chain, again) == GOOD
    missed = set(days(in_doubt(USED, chain, again, "UTC"))) - set(
        days(since_the_last_calibration(USED, chain, again))
    )
    assert missed == {"2026-02-01", "2026-02-15", "2026-03-01", "2026-03-15", "2026-04-01", "2026-04-15"}


CALIBRATIONS = st.lists(
    st.builds(
        calibration,
        st.sampled_from([f"2026-0{month}-{day}" for month in range(1, 8) for day in ("05", "20")]),
        st.sampled_from(["in_tolerance", "out_of_tolerance"]),
    ),
    max_size=6,
    unique_by=lambda each: each.done_on,
)


@given(CALIBRATIONS)
def test_no_result_between_the_last_good_day_and_the_failure_is_left_out(chain: list[Calibration]) -> None:
    failed = calibration("2026-06-10", "out_of_tolerance", "out_of_tolerance")
    good = [
        each.done_on for each in chain if each.as_left == "in_tolerance" and each.done_on < failed.done_on
    ]
    start = max(good, default="")
    found = set(days(in_doubt(USED, [*chain, failed], failed, "UTC")))
    assert {day for day in days(USED) if start <= day <= failed.done_on} <= found
    assert not {day for day in found if day < start}


def test_a_gauge_and_a_calibration_are_checked_at_once() -> None:
    wrong = msgspec.structs.replace(GAUGE, code=" ", unit="foo", lower=Decimal(200))
    assert [reason.code for reason in check_gauge(wrong, True)] == [
        "text_missing",
        "gauge_code_taken",
        "unit_unknown",
        "gauge_range_invalid",
    ]
    assert check_gauge(GAUGE, False) == []
    assert [r.code for r in check_calibration("2026-06-16", " ", 0, TODAY)] == [
        "calibration_day_wrong",
        "certificate_missing",
        "interval_invalid",
    ]
    assert check_calibration(TODAY, "C", 365, TODAY) == []
    assert due_after("2026-02-28", 1) == "2026-03-01"


def test_nothing_returns_a_gauge_out_of_tolerance_but_a_calibration() -> None:
    ways = {
        step.name for step in GAUGE_STEPS if "out_of_tolerance" in step.sources and step.target == "in_use"
    }
    assert ways == {"calibrate_good"}
    assert [step.name for step in GAUGE_STEPS if "retired" in step.sources] == []
    assert [(step.name, step.target) for step in ASSESSMENT_STEPS] == [("close", "closed")]
