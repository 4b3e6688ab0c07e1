"""A label's text becomes an identity: device identifier, lot, serial, dates, quantity (LBL-1, 2, 3, 4, 7).

what was read                        scheme
GS1 element strings, raw             gs1               FNC1 as \\x1d; symbology id in front or beside
(01)...(17)...(10)...                gs1
https://any.host/01/.../10/...       gs1_digital_link
8, 12, 13 or 14 digits               gtin
+A999123450..., +$$3...              hibc              primary, secondary, both in one
MA.156.M0.<registrant>.<item>...     ma
AHM...                               ahm
LG1:<lot number>                     internal          our own lots
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

import msgspec

from backend.domain.ahm import is_ahm, read_ahm
from backend.domain.errors import Reason
from backend.domain.gs1 import FNC1, Element, Elements, checked, in_brackets, read_brackets, read_message
from backend.domain.gs1_digital_link import is_address, read_address
from backend.domain.gs1_identifiers import check_digit
from backend.domain.hibc import is_hibc, linked, read_hibc
from backend.domain.label_identity import Said, iso_day
from backend.domain.label_identity import century_of as century_of
from backend.domain.ma import is_ma, read_ma

Scheme = Literal["gs1", "gs1_digital_link", "gtin", "hibc", "ma", "ahm", "internal", "unknown"]

INTERNAL = "LG1:"
_GS1_SYMBOLOGIES = ("]d2", "]C1", "]Q3", "]e0", "]e1", "]e2", "]J1")
_RETAIL_LENGTHS = {"]E0": (12, 13), "]E4": (8,), "]I1": (14,)}
"""UPC-E is none of these: its eight digits are not those of a GTIN-8, and readers give it as twelve or thirteen."""
_LONGEST = 4_000  # more than any symbol holds
_IDENTITY = ("device_identifier", "lot", "serial", "production_date", "expiry", "quantity")
_DIFFERENT = "\0"  # in no reading
_GTIN_LENGTHS = (8, 12, 13, 14)
_ONE_FAMILY = {"gs1", "gs1_digital_link", "gtin"}
_OTHERS: tuple[tuple[Scheme, Callable[[str], bool], Callable[[str, date], Said]], ...] = (
    ("hibc", is_hibc, read_hibc),
    ("ma", is_ma, read_ma),
    ("ahm", is_ahm, read_ahm),
)
_DAYS = ("11", "17", "7003", "8008")
LACKING = "ai_companion_missing"
"""The reason that a label's other code may settle."""


class LabelReading(msgspec.Struct, frozen=True):
    """What one code says. Dates are ISO days without a time zone; `device_identifier` has the 14 digits of a GTIN or
    its own scheme's form.

    `valid`: everything was read and checked. `ambiguous`: a person must choose among
    `error.facts["readings"]`, texts that `read_label` reads exactly; the fields then hold only what all
    readings share. `symbology_id` is kept as it was handed in or found in front of the text. `package_level`:
    the digit that says so ("0" the item itself), or `logistic_unit`.
    """

    scheme: Scheme
    device_identifier: str | None = None
    lot: str | None = None
    serial: str | None = None
    production_date: str | None = None
    expiry: str | None = None
    quantity: str | None = None
    elements: list[Element] = []
    valid: bool = False
    ambiguous: bool = False
    error: Reason | None = None
    symbology_id: str = ""
    package_level: str | None = None


def read_label(text: str, symbology_id: str = "", *, today: date, whole: bool = False) -> LabelReading:
    """Read one code's text; never raises. `today` (the site's day) decides only the century of two-digit years.

    `whole`: the label has no other code, so that what GS1 wants beside a value must be there even in a code
    that names no product.

    Error codes: `not_a_label`, `label_ambiguous`, `check_digit_wrong` (with the expected digit),
    `date_impossible`, `ai_unknown`, `ai_value_invalid`, `ai_repeated`, `ai_pair_excluded`,
    `ai_companion_missing` (the label's other code may hold it), `link_attribute`, `link_compressed`.
    """
    body = text.strip("\r\n\t ").replace("\u241d", FNC1).replace("{GS}", FNC1)
    if in_front := re.match(r"\][A-Za-z][0-9A-Za-z]", body):
        symbology_id, body = in_front[0], body[3:]
    if not body or len(body) > _LONGEST:
        return _failed("not_a_label", symbology_id)
    if body.startswith(INTERNAL):
        return _internal(body.removeprefix(INTERNAL), symbology_id)
    for scheme, is_of_it, read in _OTHERS:
        if is_of_it(body):
            ended = body + " " if scheme == "hibc" and text.rstrip("\r\n\t").endswith(" ") else body
            return _schemed(scheme, read(ended, today), symbology_id)
    if is_address(body):
        return _reading("gs1_digital_link", read_address(body), symbology_id, today)
    if body[0] in "(\uff08":
        brackets = body.replace("\uff08", "(").replace("\uff09", ")")
        return _reading("gs1", read_brackets(brackets, whole=whole), symbology_id, today)
    body, composite = _without_composite(body, symbology_id)
    if symbology_id in _GS1_SYMBOLOGIES or FNC1 in body or composite:
        said = read_message(body, whole=whole, exact_separators=bool(symbology_id))
        return _reading("gs1", said, symbology_id, today)
    if len(body) in _RETAIL_LENGTHS.get(symbology_id, _GTIN_LENGTHS) and re.fullmatch(r"[0-9]+", body):
        return _gtin(body, symbology_id)
    if symbology_id in _RETAIL_LENGTHS:
        return _failed("not_a_label", symbology_id)
    return _unmarked(body, symbology_id, today)


def _without_composite(body: str, symbology_id: str) -> tuple[str, bool]:
    """A composite symbol's two parts as one message, and whether it was one; a retail number becomes its (01)."""
    linear, bar, second = body.partition("|]e0")
    if not bar:
        return body, False
    if symbology_id in _RETAIL_LENGTHS:
        wrong = len(linear) not in _RETAIL_LENGTHS[symbology_id] or not linear.isdecimal()
        return ("" if wrong else "01" + linear.zfill(14) + FNC1 + second), True
    return linear + FNC1 + second, True


def merge(first: LabelReading, second: LabelReading) -> LabelReading | None:
    """Two codes of one label as one reading; None if they can't be of one product, or neither says which.

    What GS1 wants or excludes beside a value is judged over both: what one lacked may stand in the other.
    """
    if not (_mergeable(first) and _mergeable(second) and linked(first.elements, second.elements)):
        return None
    if {first.scheme, second.scheme} - _ONE_FAMILY and first.scheme != second.scheme:
        return None
    identity = {field: _either(getattr(first, field), getattr(second, field)) for field in _IDENTITY}
    if _DIFFERENT in identity.values() or identity["device_identifier"] is None:
        return None
    elements = [*first.elements, *(each for each in second.elements if each not in first.elements)]
    scheme = first.scheme if second.scheme == "gtin" else second.scheme
    error = checked(elements).error if scheme in _ONE_FAMILY else None
    level = first.package_level if first.device_identifier else second.package_level
    both = LabelReading(scheme, elements=elements, valid=error is None, error=error, package_level=level)
    return msgspec.structs.replace(both, **identity)


def _code(reading: LabelReading) -> str | None:
    return reading.error.code if reading.error else None


def _mergeable(reading: LabelReading) -> bool:
    return reading.scheme != "internal" and (reading.valid or _code(reading) == LACKING)


def _either(one: str | None, other: str | None) -> str | None:
    if one is None or one == other:
        return other
    return one if other is None else _DIFFERENT


def _schemed(scheme: Scheme, said: Said, symbology_id: str) -> LabelReading:
    """A code of another scheme: right, wrong for a reason, or one whose last sign was lost."""
    if said.error is not None and said.error.code == "not_a_label":
        return _failed("not_a_label", symbology_id)
    known = msgspec.structs.asdict(said.identity)
    code = said.error.code if said.error else None
    return LabelReading(
        scheme,
        elements=said.elements,
        valid=code is None,
        ambiguous=code == "label_ambiguous",
        error=said.error,
        symbology_id=symbology_id,
        **known,
    )


def _reading(scheme: Scheme, read: Elements, symbology_id: str, today: date) -> LabelReading:
    """The identity in the elements; where there is an error, only what is certain in an ambiguous message."""
    code = read.error.code if read.error else None
    if code is not None and code not in ("label_ambiguous", LACKING):
        failed = "unknown" if code == "not_a_label" else scheme
        return LabelReading(failed, elements=read.elements, error=read.error, symbology_id=symbology_id)
    values = {element.ai: element.value for element in read.elements}
    days = {ai: iso_day(values[ai][:6], today) for ai in _DAYS if ai in values}
    if impossible := next((ai for ai, day in days.items() if day is None), None):
        reason = Reason("date_impossible", {"ai": impossible, "value": values[impossible]})
        return LabelReading(scheme, elements=read.elements, error=reason, symbology_id=symbology_id)
    count = values.get("37", values.get("30"))
    named = next((values[ai] for ai in ("01", "02", "03") if ai in values), None)
    return LabelReading(
        scheme,
        device_identifier=named,
        lot=values.get("10"),
        serial=values.get("21"),
        production_date=days.get("11") or days.get("8008"),
        expiry=days.get("17") or days.get("7003"),
        quantity=str(int(count)) if count else None,
        elements=read.elements,
        valid=code is None,
        ambiguous=code == "label_ambiguous",
        error=read.error,
        symbology_id=symbology_id,
        package_level=_level(values, named),
    )


def _level(values: dict[str, str], named: str | None) -> str | None:
    """A logistic unit where there is an SSCC or the content of one, else the indicator digit of the GTIN."""
    if "00" in values or "02" in values:
        return "logistic_unit"
    return named[0] if named else None


def _unmarked(body: str, symbology_id: str, today: date) -> LabelReading:
    """Text that nothing marks as GS1: a label if a checked key begins it, a question if it only may be one."""
    read = read_message(body)
    keyed = re.match(r"0[012][0-9]{14}", body) is not None
    if read.error is not None and read.error.code != "label_ambiguous" and not keyed:
        return _failed("not_a_label", symbology_id)
    if read.error is None and not keyed:
        readings = [in_brackets(read.elements)]
        read = Elements([], Reason("label_ambiguous", {"readings": readings}), readings)
    return _reading("gs1", read if keyed else msgspec.structs.replace(read, elements=[]), symbology_id, today)


def _gtin(digits: str, symbology_id: str) -> LabelReading:
    if (expected := check_digit(digits[:-1])) != digits[-1]:
        facts: dict[str, str | int | bool | list[str] | None] = {"value": digits, "expected": expected}
        return LabelReading("gtin", error=Reason("check_digit_wrong", facts), symbology_id=symbology_id)
    full = digits.zfill(14)
    return LabelReading(
        "gtin",
        device_identifier=full,
        elements=[Element("01", full)],
        valid=True,
        symbology_id=symbology_id,
        package_level=full[0],
    )


def _internal(number: str, symbology_id: str) -> LabelReading:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}", number):
        return _failed("not_a_label", symbology_id)
    return LabelReading("internal", lot=number, valid=True, symbology_id=symbology_id)


def _failed(code: str, symbology_id: str) -> LabelReading:
    return LabelReading("unknown", error=Reason(code), symbology_id=symbology_id)
