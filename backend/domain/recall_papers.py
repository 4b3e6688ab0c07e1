"""What is printed of a recall: the letter to a consignee with its answer form, and the report (QUA-6, QUA-7).

Quantities are text in the lot's stock unit; instants are UTC as stored, printed in the site's zone.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.certificates import Language, Site
from backend.domain.words import Words


class PaperLot(msgspec.Struct, frozen=True):
    """What somebody has of a lot, and what became of it; empty where nothing is known yet."""

    lot: str
    item: str
    name: Words
    unit: str
    quantity: str
    shipments: str
    returned: str = ""
    destroyed: str = ""
    used: str = ""
    lost: str = ""
    came_back: str = ""


class PaperStock(msgspec.Struct, frozen=True):
    """A lot in the house: blocked or on the books, and what lies or was found there."""

    lot: str
    item: str
    name: Words
    unit: str
    blocked: str
    found: str
    disposed: str


class PaperParty(msgspec.Struct, frozen=True):
    """A consignee in the report."""

    code: str
    name: str
    contacts: list[str]
    letter_at: str | None
    answered_at: str | None
    answer: str | None
    lots: list[PaperLot]


class PaperSignature(msgspec.Struct, frozen=True):
    """A printed name and when; the signature's own digest."""

    name: str
    at: str
    digest: str | None = None


class RecallPaper(msgspec.Struct, frozen=True):
    """A letter, a report, or the report of an exercise. `figures`: (code of the line, its value)."""

    kind: Literal["letter", "report", "mock"]
    recall: str
    maker: Words
    site: Site
    reason: str
    basis: str
    at: str
    language: Language
    code: str = ""
    name: str = ""
    address: str = ""
    contacts: list[str] = []
    due_on: str = ""
    lots: list[PaperLot] = []
    stock: list[PaperStock] = []
    parties: list[PaperParty] = []
    figures: list[tuple[str, str]] = []
    signatures: list[PaperSignature] = []
    ended_at: str | None = None
    conclusion: str | None = None
