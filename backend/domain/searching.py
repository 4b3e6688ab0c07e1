"""Finding by a number or a part of it: what is looked through, how a typed text is read, which hit comes first."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.words import Words

MOST = 20
"""Hits of one answer."""
GRAM = 3
"""Characters from which a text is looked for inside of names; a shorter one only at their beginning."""
LONGEST = 80
"""Characters of a typed text that count."""

Kind = Literal[
    "lot", "item", "inspection", "ncr", "recall", "mock_recall", "gauge", "supplier", "consignee", "shipment",
    "capa", "change_request", "complaint",
]  # fmt: skip
Rank = Literal["code", "exact", "prefix", "part"]
RANKS: tuple[Rank, ...] = ("code", "exact", "prefix", "part")
"""The best first: named by a scanned code, written just so, begins so, has it inside."""

_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FOLD = str.maketrans(_LOWER, _UPPER)


class SearchName(msgspec.Struct, frozen=True):
    """One name of a row, folded; kept by the database itself, in the order in which the names came."""

    place: int
    site_id: str
    kind: Kind
    subject_id: str
    field: str
    name: str


class Hit(msgspec.Struct, frozen=True):
    """One row that was found: its own number, what of it fits, how well, and what it is about."""

    kind: Kind
    id: str
    number: str
    rank: Rank
    field: str
    found: str
    """The name that fits, as it is kept."""
    name: Words | None = None
    status: str | None = None
    lot: str | None = None
    """Of an inspection or NCR: the number of its lot."""


class Findings(msgspec.Struct, frozen=True):
    """The answer; `more`: there may be others that fit as well as the last."""

    text: str
    hits: list[Hit]
    more: bool


def folded(text: str) -> str:
    """As names are compared: ASCII letters large, as both engines do it; spaces around it gone."""
    return text.strip()[:LONGEST].translate(_FOLD)


def grams(text: str) -> list[str]:
    """Every three characters of a text, each once."""
    return list(dict.fromkeys(text[start : start + GRAM] for start in range(len(text) - GRAM + 1)))


def rank_of(text: str, name: str) -> Rank | None:
    """How a folded text fits a folded name."""
    if name == text:
        return "exact"
    if name.startswith(text):
        return "prefix"
    return "part" if len(text) >= GRAM and text in name else None
