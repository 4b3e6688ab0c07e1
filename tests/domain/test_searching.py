"""How a typed text is folded, cut into trigrams, and fits a name."""

from __future__ import annotations

import pytest

from backend.domain.searching import LONGEST, folded, grams, rank_of


@pytest.mark.parametrize(
    ("text", "name", "rank"),
    [
        ("L26-000123", "L26-000123", "exact"),
        ("l26-0", "L26-000123", "prefix"),
        ("123", "L26-000123", "part"),
        (" 000 ", "L26-000123", "part"),
        ("23", "L26-000123", None),
        ("L2", "L26-000123", "prefix"),
        ("124", "L26-000123", None),
        ("硅胶管", "医用硅胶管", "part"),
    ],
)
def test_a_text_fits_a_name(text: str, name: str, rank: str | None) -> None:
    assert rank_of(folded(text), folded(name)) == rank


def test_only_ascii_letters_are_folded_as_both_engines_do_it() -> None:
    assert folded("aé ß\u0131z") == "Aé ß\u0131Z"
    assert len(folded("x" * 500)) == LONGEST


def test_trigrams_are_each_named_once() -> None:
    assert grams("00000") == ["000"]
    assert grams("L26-") == ["L26", "26-"]
    assert grams("L2") == []
