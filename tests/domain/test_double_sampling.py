"""Double plans of MIL-STD-105E: published examples, and every cell by the structure of its table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.double_sampling import DoublePlan, double_plan, double_table
from backend.domain.errors import Refused
from backend.domain.operating_characteristic import Stage, chances
from backend.domain.sampling import AQLS, LEVELS, SEVERITIES, SamplingSeverity, single_plan, table

# Numbers of each diagonal below the single plan of the same place: Ac1/Re1 Ac2/Re2.
NUMBERS: dict[SamplingSeverity, dict[str, str]] = {
    "normal": {
        "1": "0/2 1/2", "2": "0/3 3/4", "3": "1/4 4/5", "5": "2/5 6/7", "7": "3/7 8/9", "10": "5/9 12/13",
        "14": "7/11 18/19", "21": "11/16 26/27", "30": "17/22 37/38", "44": "25/31 56/57",
    },
    "tightened": {
        "1": "0/2 1/2", "2": "0/3 3/4", "3": "1/4 4/5", "5": "2/5 6/7", "8": "3/7 11/12", "12": "6/10 15/16",
        "18": "9/14 23/24", "27": "15/20 34/35", "41": "23/29 52/53",
    },
    "reduced": {
        "0/2": "0/2 0/2", "1/3": "0/3 0/4", "1/4": "0/4 1/5", "2/5": "0/4 3/6", "3/6": "1/5 4/7",
        "5/8": "2/7 6/9", "7/10": "3/8 8/12", "10/13": "5/10 12/16", "14/17": "7/12 18/22",
        "21/24": "11/17 26/30",
    },
}  # fmt: skip
NONE = {"normal": "A", "tightened": "A", "reduced": "ABC"}  # letters too small for two samples


def expected_cell(severity: SamplingSeverity, letter: str, single: str) -> str:
    """What stands in the double table where the single table has `single`."""
    if single in ("v", "^", "."):
        return single
    return "*" if single == "0" or letter in NONE[severity] else NUMBERS[severity][single]


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_cell_stands_where_its_single_plan_does(severity: SamplingSeverity) -> None:
    double, single = double_table(severity), table(severity, "z1.4")
    assert double.letters == single.letters
    for row, letter in enumerate(double.letters):
        for column, cell in enumerate(single.cells[row]):
            first, second = double.firsts[row][column], double.seconds[row][column]
            found = f"{first} {second}" if "/" in first else first
            wanted = expected_cell(severity, letter, cell)
            if severity == "reduced" and letter == "C" and cell == "^":
                wanted = "^"
            assert found == wanted, (letter, AQLS[column])


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize("severity", SEVERITIES)
def test_each_sample_is_that_of_the_letter_before(severity: SamplingSeverity) -> None:
    double, single = double_table(severity), table(severity, "z1.4")
    sizes = dict(zip(single.letters, single.sizes, strict=True))
    letters = single.letters
    for letter, size in zip(double.letters, double.sizes, strict=True):
        before = 0 if letter in NONE[severity] else sizes[letters[letters.index(letter) - 1]]
        assert size == before, letter


def written(plan: DoublePlan) -> str:
    return " ".join(f"{stage.n}:{stage.accept}/{stage.reject}" for stage in plan.stages)


PUBLISHED = [
    # UK Measuring Instruments regulations 1996/2636, schedule 2: plans like single 80/1 and 125/2
    (1000, "II", "0.65", "normal", "50:0/2 50:1/2"),
    (2000, "II", "0.65", "normal", "80:0/3 80:3/4"),
    (600, "II", "1.5", "normal", "50:1/4 50:4/5"),
    (600, "II", "1.0", "tightened", "50:0/2 50:1/2"),
    (600, "II", "1.0", "reduced", "20:0/3 20:0/4"),
    (8, "II", "25", "normal", "2:1/2"),  # letter A has none: its single plan
    (8, "II", "10", "normal", "3:0/2 3:1/2"),
    (10_000, "II", "0.010", "normal", "1250:0/1"),
    (600_000, "II", "0.025", "tightened", "2000:0/2 2000:1/2"),
    (25, "II", "1000", "normal", "2:25/31 2:56/57"),
    (20, "II", "15", "reduced", "2:1/3"),
]


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(("lot_size", "level", "aql", "severity", "plan"), PUBLISHED)
def test_published_plans(lot_size: int, level: str, aql: str, severity: str, plan: str) -> None:
    assert written(double_plan(lot_size, level, aql, severity)) == plan


@pytest.mark.proves("SMP-2")
@given(
    lot_size=st.integers(2, 2_000_000),
    level=st.sampled_from(LEVELS),
    aql=st.sampled_from(AQLS),
    severity=st.sampled_from(SEVERITIES),
)
def test_a_double_plan_protects_as_its_single_plan_does(
    lot_size: int, level: str, aql: str, severity: SamplingSeverity
) -> None:
    """At the quality where the single plan accepts half of the lots, the double one accepts nearly half."""
    double = double_plan(lot_size, level, aql, severity)
    single = single_plan(lot_size, level, aql, severity, "z1.4")
    assert double.inspect_all == (sum(stage.n for stage in double.stages) >= lot_size)
    if len(double.stages) == 1:
        assert written(double) == f"{single.sample_size}:{single.accept}/{single.reject}"
        return
    assert double.code_letter == single.code_letter
    half = (single.reject - 1 / 3) / single.sample_size  # nonconformities a unit that half of the lots pass
    one = chances([Stage(single.sample_size, single.reject - 1, single.reject)], half, "poisson")
    last = double.stages[-1]
    two = chances([double.stages[0], Stage(last.n, last.reject - 1, last.reject)], half, "poisson")
    assert abs(one.accepted - two.accepted) < 0.2
    assert two.sample_number < 1.3 * single.sample_size


@pytest.mark.parametrize("standard", ["iso2859-1", "gb-t2828.1"])
def test_an_edition_that_is_not_held_is_refused(standard: str) -> None:
    with pytest.raises(Refused, match="not_offered") as refused:
        double_plan(1200, "II", "1.0", "normal", standard)
    assert refused.value.reasons[0].facts["supported"] == ["z1.4"]


@pytest.mark.proves("SMP-3")
def test_a_lot_of_one_and_what_is_not_printed() -> None:
    assert written(double_plan(1, "II", "1.0")) == "1:0/1"
    for asked in [(0, "II", "1.0"), (500, "IV", "1.0"), (500, "II", "0.3")]:
        with pytest.raises(Refused):
            double_plan(*asked)
