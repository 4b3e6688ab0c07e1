"""What a person typed, read as a number or as a count: read exactly or asked about (RES-2, RES-4).

typed                                what it becomes
3.2  3,2  ３．２  3。2  - 3.2  −3.2   the value, digits kept as typed
<0.05  ≤0.05  >10                    value and qualifier
1,234  1,234.5  1 234  5.            `number_ambiguous` with the readings it may have
12 N/15mm                            the value, if that is the unit
0.32 cm, where mm is asked           `unit_mismatch`; where units convert, exactly 3.2 and the unit that was typed
3.2 N, where mm is asked             `unit_mismatch`; where units convert, `unit_other_dimension`
n.d.  <LOD  未检出  <LOQ  >ULOQ       less than LOD, than LOQ, more than ULOQ, where the plan has that limit;
                                     otherwise `detection_limit_expected`: "not detected" is not 0.0
(empty)                              `reading_missing`
1e999                                `number_out_of_range`
anything else                        `number_expected`
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import msgspec

from backend.domain.errors import Refused, refuse
from backend.domain.result_kinds import Detection, DetectionLimit, Qualifier
from backend.domain.units import convert, convertible, decimal_of, is_unit, same_unit

_QUALIFIERS: dict[str, Qualifier] = {"": "", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_LONGEST = 100  # characters of a reading; a person types fewer
_MOST_DIGITS = 30
_MOST_EXPONENT = 30
_MINUS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7\u2043\u207b\u2796\ufe58\ufe63\u00ad"
_SPACES = "\u00a0\u2007\u2009\u202f\u200a\u2002\u2003\u3000\t"
_INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff"  # what pasting brings along
_CHARACTERS: dict[int, str | None] = {
    **{ord(nothing): None for nothing in _INVISIBLE},
    **{ord(minus): "-" for minus in _MINUS},
    **{ord(space): " " for space in _SPACES},
    **{ord(less): "<=" for less in "≤≦⩽"},
    **{ord(more): ">=" for more in "≥≧⩾"},
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width forms of ASCII
    ord("\u3002"): ".",  # the full stop of a Chinese keyboard
}
_BEYOND: tuple[tuple[re.Pattern[str], DetectionLimit, Qualifier], ...] = (
    (re.compile(r"(?i)n\.?\s?d\.?|not detected|未检出|未檢出|bdl|<\s?(lod|检出限)"), "lod", "<"),
    (re.compile(r"(?i)bloq|blq|<\s?(ll?oq|定量下?限)"), "loq", "<"),
    (re.compile(r"(?i)aloq|>\s?(uloq|定量上限)"), "uloq", ">"),
)
_OF_A_LIMIT = re.compile(r"(?i)[<>]=?\s?(lod|loq|lloq|uloq|检出限|定量[上下]?限)")
_NUMBER = re.compile(
    r"(?P<qualifier><=|>=|<|>)? *(?P<sign>[+-])? *"
    r"(?P<body>[0-9][0-9.,' ]*|[.,][0-9]+)(?P<exponent> ?[eE] ?[+-]?[0-9]+)?"
)
_GROUPED = re.compile(
    r"[0-9]{1,3}(?P<separator>[,.' ])[0-9]{3}(?:(?P=separator)[0-9]{3})*(?P<rest>[.,][0-9]+)?"
)


class Entered(msgspec.Struct, frozen=True):
    """A number as it was typed: the text itself, the value with the digits given, and what qualifies it.

    `limit`: the plan's limit that the words name. `unit`: the one that was typed, where the value is converted.
    """

    text: str
    value: Decimal
    qualifier: Qualifier = ""
    limit: DetectionLimit | None = None
    unit: str | None = None


def parse_number(
    text: str,
    *,
    unit: str = "",
    resolution: Decimal | None = None,
    detection: Detection | None = None,
    converts: bool = False,
) -> Entered:
    """Read a typed number in `unit` ("" for a bare number).

    `resolution` only orders the readings of an ambiguous text, the likelier first; it rounds and refuses
    nothing. `converts`: another unit of the same dimension is converted, and the caller has it confirmed.
    Refuses with one of the codes in this file's table.
    """
    if not text.strip():
        raise refuse("reading_missing")
    plain = _plain(text) if len(text) <= _LONGEST else ""
    if (beyond := _beyond(plain, text, detection)) is not None:
        return beyond
    found = _NUMBER.match(plain)
    if found is None:
        raise refuse("number_expected", text=text[:_LONGEST])
    typed = plain[found.end() :]
    other = _other_unit(typed, unit, text, converts)
    readings, certain = _readings(found["body"].rstrip(" "), resolution)
    if not readings:
        raise refuse("number_expected", text=text)
    qualifier, sign = found["qualifier"] or "", (found["sign"] or "").replace("+", "")
    numbers = [sign + reading + (found["exponent"] or "").replace(" ", "") for reading in readings]
    if not certain:
        raise refuse("number_ambiguous", text=text, readings=[qualifier + number for number in numbers])
    value = _bounded(numbers[0], text)
    if other is not None:
        value = decimal_of(convert(value, other, unit))
    return Entered(text, value, _QUALIFIERS[qualifier], unit=other)


def split_typed(text: str) -> tuple[str, str]:
    """A typed quantity as its number and its unit; no unit: "". What begins with no number is all number."""
    plain = _plain(text) if len(text) <= _LONGEST else ""
    found = _NUMBER.match(plain)
    return (plain[: found.end()], plain[found.end() :].strip()) if found is not None else (text, "")


def parse_count(text: str, n: int) -> int:
    """Read a count of nonconforming units among `n`; refuses as `parse_number`, and `count_out_of_range`."""
    entered = parse_number(text)
    if entered.qualifier or entered.value != entered.value.to_integral_value():
        raise refuse("count_expected", text=text)
    if not 0 <= entered.value <= n:
        raise refuse("count_out_of_range", count=str(entered.value), n=n)
    return int(entered.value)


def _plain(text: str) -> str:
    """Digits of every script, full-width forms, minus signs and spaces as ASCII; nothing else changes.

    Not NFKC: that reads 10² as 102.
    """
    if text.isascii():
        return text.replace("\t", " ").strip()
    ascii_digits = "".join(
        str(unicodedata.decimal(letter)) if unicodedata.category(letter) == "Nd" else letter
        for letter in text
    )
    return ascii_digits.translate(_CHARACTERS).strip()


def _beyond(plain: str, text: str, detection: Detection | None) -> Entered | None:
    """Words for a result beyond what the method sees; None: it is no such word."""
    for words, name, qualifier in _BEYOND:
        if words.fullmatch(plain):
            limit = detection.limit(name) if detection is not None else None
            if limit is None:
                raise refuse("detection_limit_expected", text=text)
            return Entered(text, limit, qualifier, name)
    if _OF_A_LIMIT.fullmatch(plain):
        raise refuse("detection_limit_expected", text=text)
    return None


def _other_unit(typed: str, unit: str, text: str, converts: bool) -> str | None:
    """The unit that was typed, where it is another one and converts; None: it is the one that is asked for."""
    if not typed or same_unit(typed, unit):
        return None
    if typed[0] in "0123456789.,'-+<>=" or re.search(r"[\s.,+-][0-9]", typed):
        raise refuse("number_expected", text=text)
    named = typed.strip()
    if converts and convertible(named, unit):
        return named
    raise _foreign(named, unit, converts)


def _foreign(typed: str, unit: str, converts: bool) -> Refused:
    if converts and is_unit(typed):
        return refuse("unit_other_dimension", typed=typed, expected=unit)
    return refuse("unit_mismatch", typed=typed, expected=unit)


def _readings(body: str, resolution: Decimal | None) -> tuple[list[str], bool]:
    """What the digits may mean, likeliest first; whether the first is certain. Empty: no number."""
    if grouped := _GROUPED.fullmatch(body):
        return _grouped_readings(body, grouped["separator"], grouped["rest"] or "", resolution)
    point = body.replace(",", ".")
    if re.fullmatch(r"[0-9]*\.[0-9]+|[0-9]+", point):
        return [point], True
    return ([point[:-1]], False) if re.fullmatch(r"[0-9]+\.", point) else ([], False)


def _grouped_readings(
    body: str, separator: str, rest: str, resolution: Decimal | None
) -> tuple[list[str], bool]:
    """Digits in groups of three: thousands, or a decimal fraction of three digits.

    A point alone is the decimal sign, as both languages of the product write it; an apostrophe never is one.
    """
    whole = body.removesuffix(rest).replace(separator, "") + rest.replace(",", ".")
    if rest or body.count(separator) > 1:
        return [whole], False
    decimal = body.replace(separator, ".")
    if separator == "'":
        return [whole], True
    if separator == "." or body.startswith("0"):  # no thousands begin with a zero
        return [decimal], True
    fine = resolution is not None and resolution <= Decimal("0.001")
    return ([decimal, whole] if fine else [whole, decimal]), False


def _bounded(number: str, text: str) -> Decimal:
    value = Decimal(number)
    digits, exponent = value.as_tuple().digits, value.adjusted()
    if len(digits) > _MOST_DIGITS or abs(exponent) > _MOST_EXPONENT:
        raise refuse("number_out_of_range", text=text)
    plain = Decimal(format(value, "f"))  # 1E+3 is stored as 1000
    return plain.copy_abs() if plain.is_zero() else plain
