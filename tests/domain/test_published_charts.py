"""Charts and tests from the raw data of books, to the last digit that they print. Facts alone are taken.

Montgomery goes on from means that he has rounded as he prints them; where that shows, so does the test.
"""

from __future__ import annotations

from statistics import fmean, stdev

import pytest

from backend.domain.control_charts import (
    Pooled,
    averages_and_deviations,
    averages_and_ranges,
    capability,
    capability_interval,
    constants,
    deviation_factors,
    deviations_limits,
    individuals,
    pooled,
    ranges_limits,
    signals,
)
from backend.domain.distributions import f_tail, t_tails
from backend.domain.drift import equal_spreads, holm, two_groups, unequal_spreads

# Montgomery, Introduction to Statistical Quality Control, 7th ed.
FLOW_WIDTHS = """\
1.3235 1.4128 1.6744 1.4573 1.6914 / 1.4314 1.3592 1.6075 1.4666 1.6109 / 1.4284 1.4871 1.4932 1.4324 1.5674
1.5028 1.6352 1.3841 1.2831 1.5507 / 1.5604 1.2735 1.5265 1.4363 1.6441 / 1.5955 1.5451 1.3574 1.3281 1.4198
1.6274 1.5064 1.8366 1.4177 1.5144 / 1.4190 1.4303 1.6637 1.6067 1.5519 / 1.3884 1.7277 1.5355 1.5176 1.3688
1.4039 1.6697 1.5089 1.4627 1.5220 / 1.4158 1.7667 1.4278 1.5928 1.4181 / 1.5821 1.3355 1.5777 1.3908 1.7559
1.2856 1.4106 1.4447 1.6398 1.1928 / 1.4951 1.4036 1.5893 1.6458 1.4969 / 1.3589 1.2863 1.5996 1.2497 1.5471
1.5747 1.5301 1.5171 1.1839 1.8662 / 1.3680 1.7269 1.3957 1.5014 1.4449 / 1.4163 1.3864 1.3057 1.6210 1.5573
1.5796 1.4185 1.6541 1.5116 1.7247 / 1.7106 1.4412 1.2361 1.3820 1.7601 / 1.4371 1.5051 1.3485 1.5670 1.4880
1.4738 1.5936 1.6583 1.4973 1.4720 / 1.5917 1.4333 1.5551 1.5295 1.6866 / 1.6399 1.5243 1.5705 1.5563 1.5530
1.5797 1.3663 1.6240 1.3732 1.6887"""  # table 6.1
LATER_WIDTHS = """\
1.4483 1.5458 1.4538 1.4303 1.6206 / 1.5435 1.6899 1.5830 1.3358 1.4187 / 1.5175 1.3446 1.4723 1.6657 1.6661
1.5454 1.0931 1.4072 1.5039 1.5264 / 1.4418 1.5059 1.5124 1.4620 1.6263 / 1.4301 1.2725 1.5945 1.5397 1.5252
1.4981 1.4506 1.6174 1.5837 1.4962 / 1.3009 1.5060 1.6231 1.5831 1.6454 / 1.4132 1.4603 1.5808 1.7111 1.7313
1.3817 1.3135 1.4953 1.4894 1.4596 / 1.5765 1.7014 1.4026 1.2773 1.4541 / 1.4936 1.4373 1.5139 1.4808 1.5293
1.5729 1.6738 1.5048 1.5651 1.7473 / 1.8089 1.5513 1.8250 1.4389 1.6558 / 1.6236 1.5393 1.6738 1.8698 1.5036
1.4120 1.7931 1.7345 1.6391 1.7791 / 1.7372 1.5663 1.4910 1.7809 1.5504 / 1.5971 1.7394 1.6832 1.6677 1.7974
1.4295 1.6536 1.9134 1.7272 1.4370 / 1.6217 1.8220 1.7915 1.6744 1.9404"""  # table 6.2
RINGS = """74.030 74.002 74.019 73.992 74.008 / 73.995 73.992 74.001 74.011 74.004 / 73.988 74.024 74.021 74.005 74.002
74.002 73.996 73.993 74.015 74.009 / 73.992 74.007 74.015 73.989 74.014 / 74.009 73.994 73.997 73.985 73.993
73.995 74.006 73.994 74.000 74.005 / 73.985 74.003 73.993 74.015 73.988 / 74.008 73.995 74.009 74.005 74.004
73.998 74.000 73.990 74.007 73.995 / 73.994 73.998 73.994 73.995 73.990 / 74.004 74.000 74.007 74.000 73.996
73.983 74.002 73.998 73.997 74.012 / 74.006 73.967 73.994 74.000 73.984 / 74.012 74.014 73.998 73.999 74.007
74.000 73.984 74.005 73.998 73.996 / 73.994 74.012 73.986 74.005 74.007 / 74.006 74.010 74.018 74.003 74.000
73.984 74.002 74.003 74.005 73.997 / 74.000 74.010 74.013 74.020 74.003 / 73.982 74.001 74.015 74.005 73.996
74.004 73.999 73.990 74.006 74.009 / 74.010 73.989 73.990 74.009 74.014 / 74.015 74.008 73.993 74.000 74.010
73.982 73.984 73.995 74.017 74.013"""  # table 6.3
MEASURED = (5, 3, 5, 5, 5, 4, 4, 5, 4, 5, 5, 5, 3, 5, 3, 5, 4, 5, 5, 3, 5, 5, 5, 5, 5)
"""Of each sample of rings in table 6.4: the first so many of table 6.3."""
COSTS = (310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304)
"""Of processing a mortgage loan, table 6.6."""
FACTORS = """2 .7979 2.659 0 3.267; 3 .8862 1.954 0 2.568; 4 .9213 1.628 0 2.266; 5 .9400 1.427 0 2.089;
6 .9515 1.287 .030 1.970; 7 .9594 1.182 .118 1.882; 8 .9650 1.099 .185 1.815; 9 .9693 1.032 .239 1.761;
10 .9727 .975 .284 1.716; 11 .9754 .927 .321 1.679; 12 .9776 .886 .354 1.646; 13 .9794 .850 .382 1.618;
14 .9810 .817 .406 1.594; 15 .9823 .789 .428 1.572; 16 .9835 .763 .448 1.552; 17 .9845 .739 .466 1.534;
18 .9854 .718 .482 1.518; 19 .9862 .698 .497 1.503; 20 .9869 .680 .510 1.490; 21 .9876 .663 .523 1.477;
22 .9882 .647 .534 1.466; 23 .9887 .633 .545 1.455; 24 .9892 .619 .555 1.445; 25 .9896 .606 .565 1.435"""
"""n, c4, A3, B3, B4: appendix VI."""


def groups(text: str) -> list[list[float]]:
    return [[float(value) for value in row.split()] for row in text.replace("\n", " / ").split(" / ")]


def test_flow_widths_from_their_raw_data() -> None:
    """Example 6.1: x-bar-bar 1.5056, R-bar 0.32521, limits of both (of the rounded means, as printed); Cp 1.192."""
    chart = averages_and_ranges(groups(FLOW_WIDTHS))
    assert (f"{chart.position.centre:.4f}", f"{chart.spread.centre:.5f}") == ("1.5056", "0.32521")
    as_printed = ranges_limits(round(chart.position.centre, 4), round(chart.spread.centre, 5), 5)
    assert [f"{x:.5f}" for x in (as_printed[0].lower, as_printed[0].upper)] == ["1.31795", "1.69325"]
    assert (as_printed[1].lower, f"{as_printed[1].upper:.5f}") == (0.0, "0.68749")
    assert f"{chart.sigma:.4f}" == "0.1398"
    assert f"{capability(chart.position.centre, chart.sigma, chart.sigma, 1.0, 2.0).cp:.3f}" == "1.192"
    assert signals(chart.positions, chart.position) == []


def test_later_flow_widths_leave_the_limits_of_the_first() -> None:
    """Table 6.2 on the limits of table 6.1, figure 6.4: the points run up, sample 43 is the first beyond the limit."""
    first = averages_and_ranges(groups(FLOW_WIDTHS))
    means = [fmean(group) for group in groups(LATER_WIDTHS)]
    found = {(signal.rule, signal.point + 26) for signal in signals(means, first.position)}
    assert min(point for rule, point in found if rule == 1) == 43


def test_rings_by_standard_deviations() -> None:
    """Example 6.3: 74.001, s-bar 0.0094, limits of both, sigma 0.01."""
    chart = averages_and_deviations(groups(RINGS))
    assert (f"{chart.position.centre:.3f}", f"{chart.spread.centre:.4f}") == ("74.001", "0.0094")
    as_printed = deviations_limits(round(chart.position.centre, 3), round(chart.spread.centre, 4), 5)
    assert [f"{x:.3f}" for x in (as_printed[0].lower, as_printed[0].upper)] == ["73.988", "74.014"]
    assert (as_printed[1].lower, f"{as_printed[1].upper:.4f}") == (0.0, "0.0196")
    assert f"{chart.sigma:.2f}" == "0.01"


def test_rings_in_samples_of_three_to_five() -> None:
    """Example 6.4: weighted mean 74.001, pooled s 0.0103; first sample 73.986 to 74.016, s up to 0.022."""
    samples = [group[:n] for group, n in zip(groups(RINGS), MEASURED, strict=True)]
    common = pooled(samples)
    assert sum(MEASURED) == 113
    assert (f"{common.mean:.3f}", f"{common.deviation:.4f}") == ("74.001", "0.0103")
    as_printed = Pooled(round(common.mean, 3), round(common.deviation, 4), common.freedom)
    found = {}
    for n in (3, 4, 5):
        position, spread = as_printed.limits(n)
        assert spread is not None
        found[n] = [f"{x:.3f}" for x in (position.lower, position.upper, spread.lower, spread.upper)]
    assert found == {
        3: ["73.981", "74.021", "0.000", "0.026"],
        4: ["73.984", "74.018", "0.000", "0.023"],
        5: ["73.986", "74.016", "0.000", "0.022"],
    }


def test_costs_one_by_one() -> None:
    """Example 6.5: 300.5, moving range 7.79; 279.78 to 321.22, range up to 25.45."""
    chart = individuals(COSTS)
    assert (f"{chart.position.centre:.1f}", f"{chart.spread.centre:.2f}") == ("300.5", "7.79")
    assert (f"{chart.position.lower:.2f}", f"{chart.position.upper:.2f}") == ("279.78", "321.22")
    assert f"{chart.spread.upper:.2f}" == "25.45"


@pytest.mark.parametrize("row", FACTORS.split(";"))
def test_factors_of_s_as_printed_are_computed(row: str) -> None:
    n, *printed = row.split()
    of_n = constants(int(n))
    assert (of_n.c4, of_n.a3, of_n.b3, of_n.b4) == tuple(float(each) for each in printed)


@pytest.mark.parametrize("n", [26, 100, 1000])
def test_factors_of_large_samples_follow_the_books_approximation(n: int) -> None:
    """Appendix VI for n > 25: c4 = 4(n - 1) / (4n - 3)."""
    of_n = deviation_factors(n)
    assert of_n.c4 == pytest.approx(4 * (n - 1) / (4 * n - 3), abs=5e-5)
    assert of_n.b3 + of_n.b4 == pytest.approx(2)


def test_the_interval_of_a_capability() -> None:
    """NIST e-Handbook 6.1.6; Montgomery 8.3.5, example 8.5: Cpk 1.33 of 20 values, 0.88 to 1.78."""
    low, high = capability_interval(1.33, 20)
    assert (f"{low:.2f}", f"{high:.2f}") == ("0.88", "1.78")


# --- tests of difference

SILICON = """196.3052 196.1240 196.1890 196.2569 196.3403 / 196.3042 196.3825 196.1669 196.3257 196.0422
196.1303 196.2005 196.2889 196.0343 196.1811 / 196.2795 196.1748 196.1494 196.1485 195.9885
196.2119 196.1051 196.1850 196.0052 196.2090"""
SPRAYS = """10 7 20 14 14 12 10 23 17 20 14 13 / 11 17 21 11 16 14 17 17 19 21 7 13 / 0 1 7 2 3 1 2 1 3 0 1 4
3 5 12 6 4 3 5 5 5 5 2 4 / 3 5 3 5 3 6 1 1 3 2 6 4 / 11 9 15 22 15 16 13 10 26 26 24 13"""


def test_nists_certified_analysis_of_variance() -> None:
    """StRD SiRstv: F 1.18046237440255, R squared 0.190999039051129, certified to 15 digits; ours to 12."""
    found = equal_spreads(groups(SILICON))
    assert (found.between, found.within) == (4, 20)
    assert f"{found.f:.11f}" == "1.18046237440"
    assert f"{found.explained:.11f}" == "0.19099903905"


def test_nists_handbook_analysis_of_variance() -> None:
    """7.4.3.4: F 9.59 with 2 and 12 degrees of freedom."""
    found = equal_spreads(groups("6.9 5.4 5.8 4.6 4.0 / 8.3 6.8 7.8 9.2 6.5 / 8.0 10.5 8.1 6.9 9.3"))
    assert f"{found.f:.2f}" == "9.59" and (found.between, found.within) == (2, 12)


def test_nists_assembly_times_differ() -> None:
    """7.3.1: means 36.0909 and 32.2222, deviations 4.9082 and 2.5386; t 2.269 with 15.533 degrees of freedom."""
    old, new = groups("32 37 35 28 41 44 35 31 34 38 42 / 36 31 30 31 34 36 29 32 31")
    assert [f"{x:.4f}" for x in (fmean(old), stdev(old), fmean(new), stdev(new))] == [
        "36.0909",
        "4.9082",
        "32.2222",
        "2.5386",
    ]
    found = two_groups(old, new)
    assert (f"{found.t:.3f}", f"{found.freedom:.3f}") == ("2.269", "15.533")


def test_students_sleep_by_welch() -> None:
    """Student 1908; R's t.test prints t -1.8608, df 17.776, p 0.07939."""
    found = two_groups(
        *groups("0.7 -1.6 -0.2 -1.2 -0.1 3.4 3.7 0.8 0.0 2.0 / 1.9 0.8 1.1 0.1 -0.1 4.4 5.5 1.6 4.6 3.4")
    )
    assert (f"{found.t:.4f}", f"{found.freedom:.3f}", f"{found.p:.5f}") == ("-1.8608", "17.776", "0.07939")


def test_insect_sprays_by_welch() -> None:
    """Beall 1942; R's oneway.test prints F 36.065, 5 and 30.043 degrees of freedom, p 7.999e-12."""
    found = unequal_spreads(groups(SPRAYS))
    assert (f"{found.f:.3f}", f"{found.within:.3f}", f"{found.p:.3e}") == ("36.065", "30.043", "7.999e-12")


def test_two_groups_are_welchs_analysis_of_two() -> None:
    first, second = groups("1 2 4 3 5 / 2 6 7 4 9 5")
    pair, many = two_groups(first, second), unequal_spreads([first, second])
    assert many.f == pytest.approx(pair.t**2) and many.p == pytest.approx(pair.p)
    assert many.within == pytest.approx(pair.freedom)


@pytest.mark.parametrize(
    ("tail", "printed"),
    [
        (t_tails(2.228, 10), 0.05),  # NIST e-Handbook 1.3.6.7.2
        (t_tails(12.706, 1), 0.05),
        (t_tails(2.576, 100_000), 0.01),
        (f_tail(3.326, 5, 10), 0.05),  # 1.3.6.7.3
        (f_tail(5.636, 5, 10), 0.01),
        (f_tail(161.448, 1, 1), 0.05),
    ],
)
def test_tails_at_the_printed_critical_values(tail: float, printed: float) -> None:
    assert tail == pytest.approx(printed, rel=2e-3)


def test_holms_correction_keeps_the_order_and_never_falls() -> None:
    """0.01, 0.04, 0.03, 0.005 of four: R's p.adjust gives 0.03, 0.06, 0.06, 0.02."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0] and holm([]) == []
