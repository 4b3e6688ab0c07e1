"""HIBC supplier labels (ANSI/HIBC 2.6): primary, secondary, both in one, and what is added to them.

part             what it is                                          elements
+ A999 12345 0   primary: labeler, product or catalogue number,      LIC PCN U/M
                 unit of measure (0 the single item, 1-9 packages)
$ $+             lot, serial number                                  LOT, SN
$$ $$+           the same behind a date of expiry of a form          $$2 LOT, $$+3 SN, ...
$$8 $$9          the same behind a quantity of 2 or 5 digits         $$8 $$2 LOT
YYJJJ            the day of expiry, then the lot                     YYJJJ LOT
/S /16D /14D /Q  serial, day of manufacture, of expiry, quantity     S 16D 14D Q
last sign        check character, modulo 43 over all before it;      CHECK
                 a space is printed as _
the one before   link in a secondary that stands alone: the check    LINK
                 character of its primary

DATES is the table of the date flags. A date without a day (MMYY) is the last day of its month. The device
identifier is LIC, PCN and U/M without the + and the check character, as device databases list it. Codes of the
Provider Applications Standard (+/) name no product and are no labels.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from backend.domain.errors import Reason
from backend.domain.gs1 import Element
from backend.domain.label_identity import Identity, Said, century_of

FLAG = "+"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
"""The 43 signs of Code 39, each worth its place."""
DATES = {
    "0": "MMYY",
    "1": "MMYY",
    "2": "MMDDYY",
    "3": "YYMMDD",
    "4": "YYMMDDHH",
    "5": "YYJJJ",
    "6": "YYJJJHH",
    "7": "",
}
"""Flag behind $$ -> the date that follows; 0 and 1 are digits of the month themselves, 7 says there is none."""
ADDED = {"S": r"[A-Z0-9.\- ]{1,20}", "16D": r"[0-9]{8}", "14D": r"[0-9]{8}", "Q": r"[0-9]{1,5}"}
_FORMS = {"YYJJJ": "YYJJJ", "$$": "MMYY", "$$+": "MMYY"}
_FORMS |= {flag + digit: DATES[digit] for digit in "23456" for flag in ("$$", "$$+")}
_PRIMARY = re.compile(r"([A-Z][A-Z0-9]{3})([A-Z0-9]{1,18})([0-9])")
_LOT = re.compile(r"[A-Z0-9.\- ]{0,18}")
_SIZES = {"8": 2, "9": 5}


class _Wrong(Exception):
    """Ends the reading of a code; carries the reason."""

    def __init__(self, code: str, ai: str, value: str) -> None:
        super().__init__(code)
        self.reason = Reason(code, {"ai": ai, "value": value})


def is_hibc(text: str) -> bool:
    """Whether the text has the flag of a supplier's label."""
    return re.match(r"\*?\+[A-Z0-9$]", text) is not None


def check_character(text: str) -> str:
    """The modulo 43 check character of everything before it, flag included."""
    return SIGNS[sum(SIGNS.index(sign) for sign in text) % len(SIGNS)]


def read_hibc(text: str, today: date) -> Said:
    """Read one code. `not_a_label`, `check_digit_wrong`, or the field that breaks its rule.

    `label_ambiguous` where only a space at the end would make the check character right: it was lost on the way, or a
    sign was read wrong, which nothing but the print can tell.
    """
    body = text[1:-1] if text.startswith("*") and text.endswith("*") else text
    if len(body) < 4 or any(sign not in SIGNS for sign in body.removesuffix("_")):
        return Said([], error=Reason("not_a_label"))
    if body.endswith("_"):
        body = body[:-1] + " "
    elif body.endswith(" ") and check_character(body[:-1]) != " ":
        body = body[:-1]
    expected = check_character(body[:-1])
    if expected != body[-1] and check_character(body) == " ":
        return Said([], error=Reason("label_ambiguous", {"readings": [body + "_"]}))
    if expected != body[-1]:
        return Said([], error=Reason("check_digit_wrong", {"value": body, "expected": expected}))
    elements: list[Element] = []
    try:
        for element in _elements(body[1:-1], body[-1]):
            if any(each.ai == element.ai for each in elements):
                raise _Wrong("ai_repeated", element.ai, element.value)
            elements.append(element)
        return Said(elements, _identity({element.ai: element.value for element in elements}, today))
    except _Wrong as wrong:
        return Said(elements, error=wrong.reason)


def _identity(values: dict[str, str], today: date) -> Identity:
    """The same field from two parts must say the same, as a date in $$ and one in /14D."""
    days = [_expiry(ai, value, today) for ai, value in values.items() if ai in _FORMS]
    identifier = values.get("LIC", "") + values.get("PCN", "") + values.get("U/M", "")
    return Identity(
        identifier or None,
        values.get("LOT"),
        _one("S", values.get("SN"), values.get("S")),
        _iso(values.get("16D")),
        _one("14D", days[0] if days else None, _iso(values.get("14D"))),
        _one("Q", _count(values.get("$$8", values.get("$$9"))), _count(values.get("Q"))),
        values.get("U/M"),
    )


def _one(ai: str, first: str | None, second: str | None) -> str | None:
    if first and second and first != second:
        raise _Wrong("ai_repeated", ai, second)
    return first or second


def _iso(digits: str | None) -> str | None:
    return day_of("YYYYMMDD", digits, 0) if digits else None


def _count(digits: str | None) -> str | None:
    return str(int(digits)) if digits else None


def _expiry(ai: str, digits: str, today: date) -> str:
    form = _FORMS[ai]
    year = century_of(int(_picked(form, digits, "Y")), today)
    day = day_of(form, digits, year // 100 * 100)
    if day is None:
        raise _Wrong("date_impossible", ai, digits)
    return day


def linked(first: list[Element], second: list[Element]) -> bool:
    """Whether the link of each secondary is the check character of the primary beside it; true where none has one."""
    ends = [
        {each.ai: each.value for each in elements if each.ai in ("LINK", "CHECK")}
        for elements in (first, second)
    ]
    return all(
        one.get("LINK", other.get("CHECK")) == other.get("CHECK") or "LINK" in other
        for one, other in (ends, ends[::-1])
    )


def _elements(text: str, check: str) -> Iterator[Element]:
    first, *others = text.split("/")
    alone = not first[:1].isalpha()
    if alone:
        text, link = text[:-1], text[-1:]
        others = text.split("/")
    else:
        yield from _primary(first)
    for place, segment in enumerate(others):
        follows = place == 0 and re.match(r"\$|[0-9]{5}", segment)
        yield from _secondary(segment) if follows else _added(segment)
    if alone:
        yield Element("LINK", link)
    yield Element("CHECK", check)


def _primary(text: str) -> Iterator[Element]:
    found = _PRIMARY.fullmatch(text)
    if found is None:
        raise _Wrong("ai_value_invalid", "LIC", text)
    yield from map(Element, ("LIC", "PCN", "U/M"), found.groups())


def _secondary(text: str) -> Iterator[Element]:
    rest = text.removeprefix("$").removeprefix("$")
    dollars = len(text) - len(rest)
    serial = dollars > 0 and rest.startswith("+")
    rest = rest.removeprefix("+") if serial else rest
    if dollars == 0:
        yield _dated("YYJJJ", "YYJJJ", rest)
        rest = rest[5:]
    elif dollars == 2:
        if not serial and rest[:1] in _SIZES:
            size = _SIZES[rest[0]]
            yield _quantity("$$" + rest[0], rest[1 : 1 + size], size)
            rest = rest[1 + size :]
        form = DATES.get(rest[:1])
        if form is None and rest:
            raise _Wrong("ai_value_invalid", "$$", text)
        rest = rest if form == "MMYY" else rest[1:]
        if form:
            flag = "$$+" if serial else "$$"
            yield _dated(flag if form == "MMYY" else flag + text[len(text) - len(rest) - 1], form, rest)
            rest = rest[len(form) :]
    if not _LOT.fullmatch(rest):
        raise _Wrong("ai_value_invalid", "SN" if serial else "LOT", rest)
    if rest:
        yield Element("SN" if serial else "LOT", rest)


def _added(text: str) -> Iterator[Element]:
    name = next((name for name in ADDED if text.startswith(name)), None)
    if name is None:
        raise _Wrong("ai_unknown", text[:3], text)
    value = text.removeprefix(name)
    if not re.fullmatch(ADDED[name], value):
        raise _Wrong("ai_value_invalid", name, value)
    if name in ("14D", "16D") and day_of("YYYYMMDD", value, 0) is None:
        raise _Wrong("date_impossible", name, value)
    yield Element(name, value)


def _quantity(name: str, digits: str, size: int) -> Element:
    if not re.fullmatch(f"[0-9]{{{size}}}", digits):
        raise _Wrong("ai_value_invalid", name, digits)
    return Element(name, digits)


def _dated(ai: str, form: str, text: str) -> Element:
    digits = text[: len(form)]
    if not re.fullmatch(f"[0-9]{{{len(form)}}}", digits):
        raise _Wrong("ai_value_invalid", ai, digits)
    if day_of(form, digits, 2000) is None:
        raise _Wrong("date_impossible", ai, digits)
    return Element(ai, digits)


def day_of(form: str, digits: str, century: int) -> str | None:
    """The ISO day that `digits` are in this form; None for a day that never comes. MMYY is its month's last day."""
    part = {letter: int(_picked(form, digits, letter) or 0) for letter in "YMDJH"}
    year = part["Y"] if form.startswith("YYYY") else century + part["Y"]
    if part["H"] > 23 or year < 1:
        return None
    if "J" in form:
        day = date(year, 1, 1) + timedelta(part["J"] - 1)
        return day.isoformat() if day.year == year else None
    if not 1 <= part["M"] <= 12:
        return None
    last = monthrange(year, part["M"])[1]
    day_number = part["D"] if "D" in form else last
    return f"{year:04}-{part['M']:02}-{day_number:02}" if 1 <= day_number <= last else None


def _picked(form: str, digits: str, letter: str) -> str:
    return "".join(digit for digit, place in zip(digits, form, strict=True) if place == letter)
