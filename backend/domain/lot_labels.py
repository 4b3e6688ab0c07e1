"""Our own lot labels: what their code says, what stands beside it, and on which media they are printed.

| the lot is                          | code                        | what a scan of it finds      |
|-------------------------------------|-----------------------------|------------------------------|
| made by us, its item has our GTIN   | (01) GTIN (17) expiry (10) our lot number | the lot         |
| bought, or without a GTIN           | LG1: our lot number         | the lot                      |

A supplier's GTIN beside our number would be a new lot of that supplier to every reader, ours included.
"""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused, refuse
from backend.domain.gs1_identifiers import check_digit
from backend.domain.label_counts import MOST
from backend.domain.labels import INTERNAL
from backend.domain.words import Words

LONGEST_GS1_LOT = 20


class LotLabel(msgspec.Struct, frozen=True):
    """What is printed. `text` in GS1's bracket form, or as it stands; quantity as text, None where none is to stand."""

    text: str
    number: str
    item_code: str
    item: Words
    supplier_lot: str | None
    expires_on: str | None
    quantity: str | None
    unit: str
    said: str | None = None
    """`3 box`, where the quantity was said in another unit; both are printed."""


class Sheet(msgspec.Struct, frozen=True):
    """Labels on a sheet, in mm: the paper, where the first begins, from one to the next."""

    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    pitch_x: float
    pitch_y: float


class Media(msgspec.Struct, frozen=True):
    """A label's size in mm, on a roll or on a sheet."""

    name: str
    width: float
    height: float
    sheet: Sheet | None = None


MEDIA = (
    Media("roll-57x32", 57, 32),
    Media("roll-100x50", 100, 50),
    Media("sheet-a4-3x8", 70, 37, Sheet(210, 297, 3, 8, 0, 0.5, 70, 37)),
    Media("sheet-letter-3x10", 66.675, 25.4, Sheet(215.9, 279.4, 3, 10, 4.7625, 12.7, 69.85, 25.4)),
)
RESOLUTIONS = (203, 300, 600)
"""Dots an inch of thermal printers."""


def own_text(number: str, own_gtin: str | None, expires_on: str | None) -> str:
    """What the code says."""
    gtin = own_gtin or ""
    if len(gtin) != 14 or check_digit(gtin[:-1]) != gtin[-1] or len(number) > LONGEST_GS1_LOT:
        return f"{INTERNAL}{number}"
    expiry = f"(17){expires_on[2:4]}{expires_on[5:7]}{expires_on[8:10]}" if expires_on else ""
    return f"(01){gtin}{expiry}(10){number}"


def media_named(name: str, format: str, copies: int, dpi: int) -> Media:
    """The media, if this can be printed on it. Raises Refused."""
    found = next((each for each in MEDIA if each.name == name), None)
    if found is None:
        raise refuse("label_media_unknown", field="media", media=name, known=[each.name for each in MEDIA])
    reasons = []
    if format not in ("pdf", "zpl"):
        reasons.append(Reason("label_format_unknown", {"format": format}, "format"))
    if format == "zpl" and found.sheet is not None:
        reasons.append(Reason("label_media_needs_pdf", {"media": name}, "media"))
    if dpi not in RESOLUTIONS:
        known = [str(each) for each in RESOLUTIONS]
        reasons.append(Reason("label_resolution_unknown", {"dpi": dpi, "known": known}, "dpi"))
    if not 1 <= copies <= MOST:
        reasons.append(Reason("label_copies_wrong", {"copies": copies, "most": MOST}, "copies"))
    if reasons:
        raise Refused(*reasons)
    return found
