"""A characteristic's sampling rule, and which units are pulled."""

import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Reason, Refused
from backend.domain.operating_characteristic import Stage
from backend.domain.sampling import SamplingSeverity
from backend.domain.sampling_rules import (
    ByAql,
    ByLimitingQuality,
    Double,
    Every,
    Fixed,
    Rule,
    SampleSize,
    Variables,
    ZeroAcceptance,
    draw_below,
    edition_of_rule,
    pull,
    pull_nested,
    sample_size,
)

SEED = bytes(range(16))


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(
    ("rule", "lot_size", "expected"),
    [
        (ByAql("II", "1.0"), 500, SampleSize(50, 1, 2, False)),
        (ByAql("II", "0.10"), 80, SampleSize(80, 0, 1, True)),
        (ByAql("II", "0.10"), 125, SampleSize(125, 0, 1, True)),
        (ByAql("II", "0.10"), 126, SampleSize(125, 0, 1, False)),
        (ByAql("I", "6.5"), 1, SampleSize(1, 0, 1, True)),
        (Fixed(5), 500, SampleSize(5, 0, 1, False)),
        (Fixed(5), 3, SampleSize(3, 0, 1, True)),
        (Every(), 42, SampleSize(42, 0, 1, True)),
        (ZeroAcceptance(13), 500, SampleSize(13, 0, 1, False)),
        (ByLimitingQuality("5"), 50, SampleSize(27, 0, 1, False)),
        (ByLimitingQuality("5", "0.05"), 50, SampleSize(31, 0, 1, False)),
        (ByLimitingQuality("5"), 10, SampleSize(9, 0, 1, False)),
        (ByLimitingQuality("100"), 10, SampleSize(1, 0, 1, False)),
    ],
)
def test_a_rule_says_how_many_units(rule: Rule, lot_size: int, expected: SampleSize) -> None:
    assert sample_size(rule, lot_size) == expected


@pytest.mark.parametrize(
    "rule",
    [
        ByAql("II", "1.0"),
        ByAql("II", "1.0", "z1.4"),
        Double("II", "1.0"),
        Variables("II", "1.0"),
        Fixed(5),
        Every(),
        ZeroAcceptance(5),
        ByLimitingQuality("5"),
    ],
)
def test_a_rule_survives_its_json(rule: Rule) -> None:
    assert msgspec.json.decode(msgspec.json.encode(rule), type=Rule) == rule


@pytest.mark.parametrize("rule", [Fixed(0), ZeroAcceptance(-1)])
def test_a_sample_of_nothing_is_refused(rule: Fixed | ZeroAcceptance) -> None:
    with pytest.raises(Refused) as refused:
        sample_size(rule, 500)
    assert refused.value.reasons == (Reason("sample_size_invalid", {"n": rule.n}, "n"),)


@pytest.mark.parametrize("rule", [Every(), Fixed(5), ByAql("II", "1.0")])
def test_a_lot_without_units_is_refused(rule: Rule) -> None:
    with pytest.raises(Refused) as refused:
        sample_size(rule, 0)
    assert refused.value.reasons == (Reason("lot_size_invalid", {"lot_size": 0}, "lot_size"),)


@pytest.mark.proves("SMP-6")
@given(seed=st.binary(min_size=16, max_size=40), lot_size=st.integers(1, 10**9), n=st.integers(0, 200))
def test_pulled_units_are_different_units_of_the_lot(seed: bytes, lot_size: int, n: int) -> None:
    units = pull(seed, lot_size, min(n, lot_size))
    assert units == sorted(set(units))
    assert len(units) == min(n, lot_size)
    assert all(1 <= unit <= lot_size for unit in units)


@pytest.mark.proves("SMP-6")
def test_the_same_seed_pulls_the_same_units_for_ever() -> None:
    assert pull(SEED, 500, 8) == pull(SEED, 500, 8)
    assert pull(SEED, 500, 8) == [18, 68, 71, 209, 211, 338, 367, 433]
    assert pull(SEED, 3, 3) == [1, 2, 3]


def counts(choose: Callable[[int], list[int]], rounds: int) -> Counter[tuple[int, ...]]:
    return Counter(tuple(choose(number)) for number in range(rounds))


def chi_square(seen: Counter[tuple[int, ...]], cells: int) -> float:
    expected = seen.total() / cells
    return sum((count - expected) ** 2 for count in seen.values()) / expected + (cells - len(seen)) * expected


@pytest.mark.proves("SMP-6")
def test_every_set_of_units_is_equally_likely() -> None:
    """2 of 6 units: 15 sets; chance exceeds 36.1 once in a thousand (14 degrees of freedom)."""
    seen = counts(lambda number: pull(number.to_bytes(16, "big"), 6, 2), 3000)
    assert chi_square(seen, 15) < 36.1
    skewed = counts(lambda number: sorted({(unit * unit + number) % 6 + 1 for unit in (1, 2)}), 3000)
    assert chi_square(skewed, 15) > 36.1


@pytest.mark.proves("SMP-6")
def test_the_units_can_not_be_told_from_the_record() -> None:
    """The lot number and the counts are on the label: what follows from them alone can be prepared."""

    def pulled_by_record(lot_number: str, _seed: bytes) -> list[int]:
        return sorted(random.Random(lot_number).sample(range(1, 501), 8))

    def pulled_by_seed(_lot_number: str, seed: bytes) -> list[int]:
        return pull(seed, 500, 8)

    def predictable(choose: Callable[[str, bytes], list[int]]) -> bool:
        seeds = [number.to_bytes(16, "big") for number in range(50)]
        return len({tuple(choose("L-2026-0042", seed)) for seed in seeds}) < 50

    assert predictable(pulled_by_record)
    assert not predictable(pulled_by_seed)


@pytest.mark.parametrize(
    ("seed", "n", "reason"),
    [
        (b"short", 3, Reason("seed_too_short", {"length": 5, "least": 16})),
        (SEED, 501, Reason("sample_size_invalid", {"n": 501, "lot_size": 500}, "n")),
        (SEED, -1, Reason("sample_size_invalid", {"n": -1, "lot_size": 500}, "n")),
    ],
)
def test_a_weak_seed_and_too_large_a_sample_are_refused(seed: bytes, n: int, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        pull(seed, 500, n)
    assert refused.value.reasons == (reason,)


@pytest.mark.proves("SMP-6")
def test_the_first_n_of_nested_units_are_as_random_as_any_n() -> None:
    """Every unit of the lot is among the first 5 of 20 as often as any other."""
    chance, counts = random.Random(11), Counter[int]()
    for _ in range(4000):
        units = pull_nested(chance.randbytes(16), 40, [5, 20])
        assert len(units) == 20 == len(set(units))
        assert units[:5] == sorted(units[:5])
        assert units[5:] == sorted(units[5:])
        counts.update(units[:5])
    assert set(counts) == set(range(1, 41))
    expected = 4000 * 5 / 40
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 73, (
        "chi-squared, 39, p 0.001"
    )


def twin_that_takes_the_first_of_the_sorted(seed: bytes, lot_size: int, sizes: list[int]) -> list[int]:
    """The naive way: one sorted sample; whoever needs few takes the lowest numbers."""
    return pull(seed, lot_size, max(sizes))


def test_the_lowest_units_of_a_sorted_sample_are_not_random() -> None:
    chance = random.Random(11)
    lowest = [
        twin_that_takes_the_first_of_the_sorted(chance.randbytes(16), 40, [5, 20])[:5] for _ in range(400)
    ]
    assert max(unit for units in lowest for unit in units) < 30


@pytest.mark.proves("SMP-6")
@given(seed=st.binary(min_size=16, max_size=16), sizes=st.lists(st.integers(1, 60), min_size=1, max_size=4))
def test_further_units_are_those_that_were_not_pulled(seed: bytes, sizes: list[int]) -> None:
    before = pull_nested(seed, 60, sizes[:1])
    more = pull_nested(seed, 60, sizes, before)
    assert not set(before) & set(more)
    assert set(before) | set(more) == set(pull(seed, 60, max(sizes)))


@pytest.mark.proves("SMP-7")
def test_which_lot_is_skipped_is_drawn_evenly_and_apart_from_the_units() -> None:
    chance = random.Random(5)
    counts = Counter(draw_below(chance.randbytes(16), "skip-lot", 4) for _ in range(4000))
    assert set(counts) == {0, 1, 2, 3}
    assert max(counts.values()) - min(counts.values()) < 200
    assert draw_below(SEED, "skip-lot", 4) == draw_below(SEED, "skip-lot", 4)
    assert {draw_below(SEED, purpose, 1000) for purpose in ("a", "b")} != {draw_below(SEED, "a", 1000)}


@pytest.mark.proves("SMP-6")
def test_what_would_favour_the_small_numbers_is_drawn_again() -> None:
    """Of a bound that is three quarters of what is drawn from, the last quarter would double the first third."""
    bound, seeds = 3 << 62, [place.to_bytes(16, "big") for place in range(900)]
    thirds = Counter((draw_below(seed, "any", bound) * 3 // bound,) for seed in seeds)
    twin = Counter((draw_below(seed, "any", 1 << 64) % bound * 3 // bound,) for seed in seeds)
    assert chi_square(thirds, 3) < 13.8, "2 degrees of freedom, p 0.001"
    assert chi_square(twin, 3) > 13.8
    first = next(drawn for seed in seeds if (drawn := draw_below(seed, "any", 1 << 64)) > 1 << 63)
    seed = next(seed for seed in seeds if draw_below(seed, "any", 1 << 64) == first)
    assert draw_below(seed, "any", first) != 0, "the first number that is one too many"


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(
    ("rule", "lot_size", "severity", "expected"),
    [
        (Double("II", "2.5"), 500, "normal", SampleSize(32, 1, 4, False, Stage(32, 4, 5))),
        (Double("II", "2.5"), 500, "reduced", SampleSize(13, 0, 4, False, Stage(13, 1, 5))),
        (Double("II", "0.25"), 500, "normal", SampleSize(50, 0, 1, False)),  # `*`: the single plan
        (Double("II", "2.5"), 4, "normal", SampleSize(4, 0, 1, True)),
        (Double("III", "2.5"), 25, "normal", SampleSize(5, 0, 1, False)),
        (Variables("II", "1.0"), 40, "normal", SampleSize(5, 0, 1, False, most_outside=Decimal("3.33"))),
        (Variables("II", "1.0"), 40, "tightened", SampleSize(5, 0, 1, False, most_outside=Decimal("1.34"))),
        (Variables("II", "1.0"), 1, "normal", SampleSize(1, 0, 1, True)),
        (Variables("II", "1.0"), 4, "normal", SampleSize(4, 0, 1, True)),
        (ByAql("II", "2.5", "z1.4"), 500, "reduced", SampleSize(20, 1, 4, False)),
        (ByAql("II", "2.5"), 500, "reduced", SampleSize(20, 2, 3, False)),
    ],
)
def test_rules_with_more_than_one_number(
    rule: Rule, lot_size: int, severity: SamplingSeverity, expected: SampleSize
) -> None:
    assert sample_size(rule, lot_size, severity) == expected


@pytest.mark.proves("SMP-4")
def test_each_rule_that_switches_has_its_edition() -> None:
    assert edition_of_rule(ByAql("II", "1.0")) == "iso2859-1"
    assert edition_of_rule(ByAql("II", "1.0", "gb-t2828.1")) == "gb-t2828.1"
    assert edition_of_rule(Double("II", "1.0")) == "z1.4"
    assert edition_of_rule(Variables("II", "1.0")) == "z1.9"
