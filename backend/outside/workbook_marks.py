"""What a value of a sheet can't be trusted for: where the file says more than a reader of values is told."""

from __future__ import annotations

import re
from typing import NamedTuple

Cell = tuple[int, int]
"""Row and column from 0."""
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_WORD = re.compile(r"[^\W\d_]")


class Marks(NamedTuple):
    """By address formulas, errors, and numbers that are shown as others; lines (from 1), places (from 0) and merged
    ranges, both corners; how far the filled cells reach."""

    formulas: set[str]
    errors: set[str]
    shown: set[str]
    hidden_rows: set[int]
    hidden_columns: set[int]
    merged: list[tuple[Cell, Cell]]
    height: int = 0
    width: int = 0


def unmarked() -> Marks:
    """Of a sheet about which nothing is known yet: a reader adds to it."""
    return Marks(set(), set(), set(), set(), set(), [])


def place_of(name: str) -> int:
    """`AB` is 27."""
    place = 0
    for letter in name:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def shows_otherwise(code: str) -> bool:
    """Whether a number format shows a number as another: 000123, 50%, 5箱 (ECMA-376 part 1, 18.8.30); a day is none."""
    first = code.split(";")[0]
    quoted = re.findall(r'"([^"]*)"|\\(.)', first)
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", first)
    if re.search(r"[ymdhs年月日]", bare, re.IGNORECASE) or bare in {"General", "@"}:
        return False
    words = "".join(one or other for one, other in quoted)
    return (
        "%" in first
        or bare.startswith("00")
        or bool(_WORD.search(words))
        or bool(_WORD.search(re.sub(r"General|[eE][+-]", "", bare)))
    )


def attributes(tag: str) -> dict[str, str]:
    """Of an XML tag, by name, in either kind of quotes; references in them stay as they are."""
    return {name: one or other for name, one, other in _ATTRIBUTE.findall(tag)}
