"""A characteristic's sampling rule, and which units are pulled."""

import random
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Refused
from backend.domain.sampling_rules import (
    ByAql,
    ByLimitingQuality,
    Every,
    Fixed,
    Rule,
    SampleSize,
    ZeroAcceptance,
    pull,
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
        (ByLimitingQuality("5"), 10, SampleSize(9, 0, 1, False)),
        (ByLimitingQuality("100"), 10, SampleSize(1, 0, 1, False)),
    ],
)
def test_a_rule_says_how_many_units(rule: Rule, lot_size: int, expected: SampleSize) -> None:
    assert sample_size(rule, lot_size) == expected


@pytest.mark.parametrize(
    "rule", [ByAql("II", "1.0"), Fixed(5), Every(), ZeroAcceptance(5), ByLimitingQuality("5")]
)
def test_a_rule_survives_its_json(rule: Rule) -> None:
    assert msgspec.json.decode(msgspec.json.encode(rule), type=Rule) == rule


@pytest.mark.parametrize("rule", [Fixed(0), ZeroAcceptance(-1)])
def test_a_sample_of_nothing_is_refused(rule: Rule) -> None:
    with pytest.raises(Refused, match="sample_size_invalid"):
        sample_size(rule, 500)


@pytest.mark.parametrize("rule", [Every(), Fixed(5), ByAql("II", "1.0")])
def test_a_lot_without_units_is_refused(rule: Rule) -> None:
    with pytest.raises(Refused, match="lot_size_invalid"):
        sample_size(rule, 0)


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
    ("seed", "n", "code"), [(b"short", 3, "seed_too_short"), (SEED, 501, "sample_size_invalid")]
)
def test_a_weak_seed_and_too_large_a_sample_are_refused(seed: bytes, n: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        pull(seed, 500, n)
