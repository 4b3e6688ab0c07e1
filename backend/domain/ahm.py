"""China's AHM codes (issued by Ali Health): maker and product, then fields of two letters.

field  what it is                  source
AHM    maker and product code      secondary: the three issuers compared; 30 records in the national database, 2022
BN     lot                         the same
SN     serial number               the same
MD     day of manufacture          the same
ED BD  day of expiry, best before  the same

The issuer's own tables are not public, nor is what stands between the fields: a full stop, comma, semicolon, bar or
brackets around the name are taken. Days are YYMMDD or YYYYMMDD.
"""

from __future__ import annotations

import re
from datetime import date

from backend.domain.errors import Reason
from backend.domain.gs1 import Element
from backend.domain.label_identity import Identity, Said, full_day
from backend.domain.ma import fault

FIELDS = ("BN", "SN", "MD", "BD", "ED")
DAYS = ("MD", "BD", "ED")
_MARK = r"[.,;|]"
_NAMED = re.compile(rf"(?:{_MARK}|(\())(BN|SN|MD|BD|ED)(?(1)\))")
_PRODUCT = re.compile(rf"[0-9A-Za-z\-]+(?:{_MARK}[0-9A-Za-z\-]+)*")


def is_ahm(text: str) -> bool:
    """Whether the text says that it is an AHM code: in brackets, or with a mark or a digit behind it."""
    return re.match(r"\(AHM\)|AHM[0-9.,;|]", text) is not None


def read_ahm(text: str, today: date) -> Said:
    """Read one code: `not_a_label` without a product, `ai_repeated`, `ai_value_invalid`, `date_impossible`."""
    product, *rest = _NAMED.split(re.sub(r"^(?:AHM|\(AHM\))", "", text))
    product = re.sub(rf"^{_MARK}", "", product)
    if not _PRODUCT.fullmatch(product):
        return Said([], error=Reason("not_a_label"))
    named = [Element(name, value) for name, value in zip(rest[1::3], rest[2::3], strict=True)]
    elements = [Element("AHM", product), *named]
    if reason := fault(elements, DAYS, today):
        return Said(elements, error=reason)
    values = {element.ai: element.value for element in elements}
    days = {ai: full_day(values[ai], today) for ai in DAYS if ai in values}
    identity = Identity(
        product, values.get("BN"), values.get("SN"), days.get("MD"), days.get("ED") or days.get("BD")
    )
    return Said(elements, identity)
