"""China's MA codes (issued by ZIIOT): an identifier of five parts, then a letter for each further one.

part                       what it is                                 source
MA.156.M0.100472.11103316  issuer, country, trade, registrant, item   secondary: public readers of these codes
                           (item: package digit, product, check)
.L .S                      lot, serial number                         the same
.M .P                      day of manufacture; P in codes until 2020  the same
.E .V                      day of expiry; last day of use             the same
.D .Y .C                   lot of sterilisation, insurance code, check the same

Days are YYMMDD or YYYYMMDD. The code tables of the issuer are not public. A check digit that readers of these codes
compute (letters as two-digit numbers, then modulo 10) holds for some published codes and not for others, so a wrong
one refuses nothing here. Letters of other parts are kept as they are.
"""

from __future__ import annotations

import re
from datetime import date

from backend.domain.errors import Reason
from backend.domain.gs1 import Element
from backend.domain.label_identity import Identity, Said, full_day

_FORM = re.compile(
    r"(MA\.[0-9]{3}\.[A-Z][0-9]\.[0-9A-Za-z]{6}\.([0-9A-Za-z])[0-9A-Za-z\-]{2,20})((?:\.[A-Z][^.\x00-\x20]*)*)"
)
DAYS = ("M", "P", "E", "V")


def is_ma(text: str) -> bool:
    """Whether the text has the form of an MA code."""
    return _FORM.fullmatch(text) is not None


def read_ma(text: str, today: date) -> Said:
    """Read one code: `ai_repeated`, `ai_value_invalid` for an empty part, `date_impossible`."""
    found = _FORM.fullmatch(text)
    if found is None:
        return Said([], error=Reason("not_a_label"))
    elements = [Element("MA", found[1]), *(Element(part[0], part[1:]) for part in found[3].split(".")[1:])]
    if reason := fault(elements, DAYS, today):
        return Said(elements, error=reason)
    values = {element.ai: element.value for element in elements}
    days = {ai: full_day(values[ai], today) for ai in DAYS if ai in values}
    identity = Identity(
        found[1],
        values.get("L"),
        values.get("S"),
        days.get("M") or days.get("P"),
        days.get("E") or days.get("V"),
        package_level=found[2],
    )
    return Said(elements, identity)


def fault(elements: list[Element], dated: tuple[str, ...], today: date) -> Reason | None:
    """What is wrong with elements of one letter each: said twice, empty, or no day."""
    for place, element in enumerate(elements):
        facts: dict[str, str | int | bool | list[str] | None] = {"ai": element.ai, "value": element.value}
        if any(each.ai == element.ai for each in elements[:place]):
            return Reason("ai_repeated", {"ai": element.ai})
        if not element.value or (
            element.ai in dated and not re.fullmatch(r"[0-9]{6}([0-9]{2})?", element.value)
        ):
            return Reason("ai_value_invalid", facts)
        if element.ai in dated and full_day(element.value, today) is None:
            return Reason("date_impossible", facts)
    return None
