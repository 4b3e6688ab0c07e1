"""Which characters our font has, so that nothing is left out of a print unseen.

A printed record that silently drops a character is not the record. What the font lacks, and what has no shape
(controls, zero-width and direction marks), is printed as its code point: [U+20BB7].
"""

from __future__ import annotations

import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
FAMILY = "Noto Sans SC"
FONT = FONTS / "NotoSansSC-Lotgate.ttf"
_SHAPELESS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@cache
def ranges() -> list[tuple[int, int]]:
    """First and last code point of each run of characters in the font, ascending.

    Source: OpenType `cmap`, subtable format 12 (deploy/make_font.py writes no other).
    """
    data = FONT.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * number) for number in range(tables))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (inner,) = struct.unpack_from(">I", data, cmap + 8)
    kind, _, _, _, groups = struct.unpack_from(">HHIII", data, cmap + inner)
    if kind != 12:
        raise ValueError("the font's cmap is not of format 12")
    start = cmap + inner + 16
    return [struct.unpack_from(">II", data, start + 12 * number) for number in range(groups)]


@cache
def has(character: str) -> bool:
    """Is there a visible shape (or a plain space) for the character?"""
    code = ord(character)
    place = bisect_right(ranges(), (code, 0x110000)) - 1
    return place >= 0 and code <= ranges()[place][1] and unicodedata.category(character) not in _SHAPELESS


def printable(text: str) -> str:
    """The text with every character that can't be shown written as [U+XXXX]."""
    return "".join(one if has(one) else f"[U+{ord(one):04X}]" for one in text)
