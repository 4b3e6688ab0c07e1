"""Tables for other programs: CSV in which no cell is a formula (LBL-8).

A spreadsheet takes a cell that begins with = + - @, a tab or a return for a formula (OWASP, CSV Injection). Such a text
gets an apostrophe in front, which the spreadsheet does not show; a plain number with a minus stays a number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def writable(text: str) -> str:
    """A text that every form can hold: what XML 1.0 has no way to write (a separator of a scanned code, a carriage
    return) is given as its code point, [U+001D]."""
    return _UNWRITABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def cell(value: object) -> str:
    """A value as the text of a cell that nobody runs."""
    text = "" if value is None else format(value, "f") if hasattr(value, "as_tuple") else str(value)
    plain = text.lstrip(" \u00a0\u3000")
    return f"'{text}" if plain.startswith(_ACTIVE) and not _NUMBER.fullmatch(text) else text


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The CSV (RFC 4180), with a mark that tells spreadsheets that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([cell(each) for each in head])
    writer.writerows([cell(each) for each in row] for row in rows)
    return "\ufeff" + text.getvalue()
