"""The canonical form against an independent implementation of RFC 8785."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.canonical import EXACT, NotCanonical, canonical

words = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF))
plain = st.none() | st.booleans() | st.integers(1 - EXACT, EXACT - 1) | words
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@settings(max_examples=300)
@given(values)
def test_the_same_bytes_as_the_reference(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_every_character_of_the_first_plane_and_beyond() -> None:
    every = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    text = "".join(every) + "\U0001f600\U00020000"
    assert canonical(text) == rfc8785.dumps(text)
    assert canonical(dict.fromkeys(every[:0x3000:7], 1)) == rfc8785.dumps(dict.fromkeys(every[:0x3000:7], 1))


class Reading(msgspec.Struct):
    value: Decimal
    unit: str | None


def test_a_decimal_keeps_its_digits() -> None:
    assert canonical(Reading(Decimal("12.340"), "mm")) == b'{"unit":"mm","value":"12.340"}'


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        [0.5],
        {"a": float("nan")},
        EXACT,
        -EXACT,
        b"raw",
        {1: 2},
        {"\U0001f600": 1},
        "\ud800",
        {"a": "\udfff"},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def naive(value: Any) -> bytes:
    """The broken twin: sorted keys and the standard library's escapes."""
    import json

    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def test_the_naive_form_differs() -> None:
    assert naive({"名": "\x7f"}) != rfc8785.dumps({"名": "\x7f"}) == canonical({"名": "\x7f"})
