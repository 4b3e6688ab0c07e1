"""What a cell of an imported sheet says, in one form, or why that can't be told (IMP-1).

form       a cell is read as
code       text without blanks at its ends; a whole number stands for its digits. Asked about: what a spreadsheet
           has made of a code, a day of 3-5 or 6.94E+12 of a long number
text       any text that can be seen, on one line
prose      what somebody said, with its lines, up to 4 000 characters
count      a whole number, 0 or more
quantity   a plain decimal above 0; `1,200`, `10 kg` and, typed as text, `1.250` are asked about
day        2026-11-28, 2026/11/28, 2026.11.28, 20261128, 2026年11月28日, at midnight where it has a time, from 1950
           to 2150; anything else is asked about
choice     one of the words of `import_kinds.CHOICES`
gtin       8, 12, 13 or 14 digits with their check digit (GS1 General Specifications 7.9); kept as 14
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from backend.domain.errors import Reason
from backend.domain.gs1_values import check_digit
from backend.domain.import_kinds import CHOICES, Column, ImportKind
from backend.domain.sheets import Typed, header_name

MOST_TEXT = 200
MOST_PROSE = 4_000
YEARS = range(1950, 2151)
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
_DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))"
)
_MIDNIGHT = re.compile(r"[ T]+0?0:00(?::00(?:\.0+)?)?$")
_QUANTITY = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{2,3}", re.IGNORECASE)
_GTIN_SIZES = (8, 12, 13, 14)


def alike(text: str) -> str:
    """What two codes have in common that differ by case, width or blanks only."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(plain.casefold().split())


def read_cell(kind: ImportKind, column: Column, text: str) -> str | Reason:
    """What a cell says in the one form, or why it can't be told."""
    most = MOST_PROSE if column.form == "prose" else MOST_TEXT
    if len(text) > most:
        return Reason("cell_too_long", {"most": most})
    held = text.kind if isinstance(text, Typed) else "text"
    text = str(text)
    plain = unicodedata.normalize("NFKC", text)
    if plain.startswith("#") and plain.upper().startswith(ERRORS):
        return Reason("cell_error", {"text": text})
    match column.form:
        case "text" | "code":
            return _lost(held, plain, column.form) or _seen(plain if column.form == "code" else text)
        case "prose":
            return _lost(held, plain, column.form) or _lines(text)
        case "count":
            return (
                str(int(plain))
                if re.fullmatch("[0-9]{1,9}", plain)
                else Reason("cell_no_count", {"text": text})
            )
        case "quantity":
            return _quantity(plain, held == "number")
        case "day":
            return _day(plain)
        case "gtin":
            return _gtin(plain)
        case "country":
            return _country(plain)
        case "choice":
            choices = CHOICES[kind, column.field]
            known = choices.get(header_name(plain))
            return known or Reason("cell_no_choice", {"text": text, "choices": _said(kind, column.field)})


def _said(kind: ImportKind, field: str) -> str:
    """Each choice once, with a Chinese word for it."""
    words = dict[str, str]()
    for word, choice in CHOICES[kind, field].items():
        if not word.isascii():
            words.setdefault(choice, word)
    return ", ".join(f"{choice} {words[choice]}" for choice in sorted(words))


def _lost(held: str, text: str, form: str) -> Reason | None:
    """Whether a spreadsheet has made something else of what was typed; `held`: as what it holds it."""
    if held == "day":
        return Reason("cell_code_day", {"text": text})
    if form == "code" and (held == "truth" or (held == "number" and not text.isdigit())):
        return Reason("cell_code_number", {"text": text})
    if "+" in text and _SHORTENED.fullmatch(text):
        return Reason("cell_code_number", {"text": text})
    if form == "code" and text.startswith("'"):
        return Reason("cell_apostrophe", {"text": text})
    return None


def _seen(text: str) -> str | Reason:
    """On one line, with one blank between words; a tab in a code is no blank that anybody typed."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    folded = " ".join(re.split(r"[\r\n\u2028\u2029]+|[ \u00a0\u3000]+", text.strip()))
    return folded if folded.isprintable() else Reason("cell_unprintable")


def _lines(text: str) -> str | Reason:
    """Line by line as it was written, without blank lines at either end."""
    said = [_seen(line.replace("\t", " ")) for line in text.strip().splitlines()]
    wrong = next((each for each in said if isinstance(each, Reason)), None)
    return wrong or "\n".join(map(str, said))


def _quantity(text: str, number: bool) -> str | Reason:
    if not _QUANTITY.fullmatch(text):
        return Reason("cell_no_quantity", {"text": text})
    if not number and _GROUPED.fullmatch(text):
        facts = {"text": text, "grouped": text.replace(".", ""), "plain": text.rstrip("0").rstrip(".")}
        return Reason("cell_number_unsure", facts)  # type: ignore[arg-type]
    value = Decimal(text)
    return format(value, "f") if value > 0 else Reason("quantity_not_positive", {"quantity": text})


def _day(text: str) -> str | Reason:
    bare = _MIDNIGHT.sub("", re.sub(r" *([年月日]) *", r"\1", text))
    match = _DAY.fullmatch(bare)
    if match is not None:
        year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
        try:
            said = date(year, month, day)
        except ValueError:
            return Reason("cell_no_such_day", {"text": text})
        if said.year in YEARS:
            return said.isoformat()
        return Reason("cell_day_far", {"text": text, "first": YEARS[0], "last": YEARS[-1]})
    return Reason("cell_no_day", {"text": text})


def _country(text: str) -> str | Reason:
    """ISO 3166-1, two letters; the two names that stand in most of our readers' sheets."""
    code = {"中国": "CN", "CHINA": "CN"}.get(text.upper(), text.upper())
    return code if re.fullmatch("[A-Z]{2}", code) else Reason("cell_no_country", {"text": text})


def _gtin(text: str) -> str | Reason:
    if not re.fullmatch("[0-9]+", text) or len(text) not in _GTIN_SIZES:
        return Reason("cell_no_gtin", {"text": text})
    digit = check_digit(text[:-1])
    if digit != text[-1]:
        return Reason("check_digit_wrong", {"value": text, "expected": digit})
    return text.zfill(14)
