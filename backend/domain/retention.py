"""How long a record is kept, by class of record (AUD-10).

| class | what is in it | kept at least | why |
|---|---|---|---|
| lot | one lot: receipts, inspections, readings, NCRs, decisions, movements, labels | the device's lifetime, and two
  years from each release | ISO 13485 4.2.5; 21 CFR 820.180(b), since 2026-02-02 ISO 13485 by 21 CFR 820.10; CN GMP |
| distribution | shipments, consignees, returns, recalls | two years beyond the lifetime; five years from the last of it
  where no lifetime is stated | ISO 13485 7.5.9; CN rules for adverse events (2019), for sales |
| design | items, units, plans and their versions | as long as any lot made or inspected under it | ISO 13485 4.2.4 |
| measuring | gauges, equipment and their histories | as long as any lot measured or made with it | ISO 13485 6.3, 7.6 |
| system | people, roles, rights, partners, series, and whatever is named in no other class | no end | ISO 13485 4.2.5 |
| log | events, signatures, proofs | no end: a log of which a part is gone proves nothing | 21 CFR 11.10(c), (e) |

The lifetime of a device is what its maker says: here the expiry of the lot, or else its shelf life from the day when it
was made. Where neither is stated there is no end. A lot that went into others is kept as long as the longest of them.
These are the least: a market may ask for more (EU 2017/745 10(8): ten years, fifteen for implants, for the documents).

Nothing is deleted at the end either: Lotgate has no way to delete a record. What an end is good for is to know until
when an archive has to be readable. Only files of reports that were made by themselves go: copies, see `report_keeping`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

import msgspec

from backend.domain.errors import Reason

RecordClass = Literal["lot", "distribution", "design", "measuring", "system", "log"]

CLASSES: dict[RecordClass, tuple[str, ...]] = {
    "lot": (
        "lot", "receipt", "portion", "serial_unit", "movement", "hold", "label_count", "inspection", "sample",
        "reading", "judgement", "proposal", "ncr", "follow_up", "rework", "release", "revocation", "consumption",
        "process_fact", "attachment", "capa", "legal_hold", "taken_over",
    ),
    "distribution": (
        "consignee", "shipment", "shipment_line", "customer_return", "epcis_event", "epcis_mention",
        "recall", "recall_lot", "recall_consignee",
        "recall_line", "mock_recall", "complaint",
    ),
    "design": ("item", "item_identifier", "item_unit", "plan", "plan_version", "change_request"),
    "measuring": ("gauge", "calibration", "assessment", "equipment", "service"),
    "log": ("event", "signature"),
}  # fmt: skip
_CLASS_OF = {table: name for name, tables in CLASSES.items() for table in tables}
FROM_RELEASE, BEYOND_LIFETIME, WITHOUT_LIFETIME = 2, 2, 5
"""Years."""


def class_of(table: str) -> RecordClass:
    """Of a table's rows; what is named nowhere is kept without an end."""
    return _CLASS_OF.get(table, "system")


class Kept(NamedTuple):
    """What is known of a lot, or of one that it went into. Days are ISO; `open`: what is not concluded about it."""

    lot: str
    expires_on: str | None
    made_on: str | None
    shelf_life_days: int | None
    released_on: str | None
    shipped_on: str | None
    open: tuple[Reason, ...] = ()


class LegalHold(msgspec.Struct, frozen=True):
    """A person's word that a lot's records must not be removed; over once it is lifted."""

    id: str
    site_id: str
    lot_id: str
    reason: str
    set_by: str
    set_at: str
    lifted_by: str | None = None
    lifted_at: str | None = None
    lift_reason: str | None = None
    version: int = 1


class LegalHoldLine(msgspec.Struct, frozen=True):
    """One in force, on the lot itself or on one that it went into."""

    id: str
    lot: str
    reason: str
    by: str
    set_at: str


class Term(msgspec.Struct, frozen=True):
    """One rule at work on one lot: from which day, and until which day it keeps the record."""

    rule: Literal["lifetime", "from_release", "beyond_lifetime", "without_lifetime"]
    record: RecordClass
    lot: str
    since: str
    until: str
    clause: str


class Keeping(msgspec.Struct, frozen=True):
    """Until which day a lot's record is kept; None: without an end, for the reasons in `open`."""

    lot: str
    until: str | None
    terms: list[Term]
    """The latest first."""
    open: list[Reason]
    holds: list[LegalHoldLine]


CLAUSES = {
    "lifetime": "ISO 13485:2016 4.2.5; 21 CFR 820.180(b); 医疗器械生产质量管理规范(2014)第二十七条",
    "from_release": "ISO 13485:2016 4.2.5; 21 CFR 820.180(b); 医疗器械生产质量管理规范(2014)第二十七条",
    "beyond_lifetime": "ISO 13485:2016 7.5.9; 医疗器械不良事件监测和再评价管理办法(2019)第二十二条",
    "without_lifetime": "ISO 13485:2016 7.5.9; 医疗器械不良事件监测和再评价管理办法(2019)第二十二条",
}


def years_after(day: str, years: int) -> str:
    """The same day so many years on; of a 29th of February the next day."""
    given = date.fromisoformat(day)
    try:
        return given.replace(year=given.year + years).isoformat()
    except ValueError:
        return date(given.year + years, 3, 1).isoformat()


def lifetime_end(kept: Kept) -> str | None:
    """The last day of the device's life as its maker stated it; None: not stated."""
    if kept.expires_on is not None:
        return kept.expires_on
    if kept.made_on is not None and kept.shelf_life_days:
        return (date.fromisoformat(kept.made_on) + timedelta(days=kept.shelf_life_days)).isoformat()
    return None


def keeping_of(lot: str, reached: Iterable[Kept], holds: Sequence[LegalHoldLine] = ()) -> Keeping:
    """`reached`: the lot itself and everything that it went into; `holds`: legal holds in force on any of these."""
    terms: list[Term] = []
    doubts = [Reason("legal_hold", {"lot": each.lot, "why": each.reason}) for each in holds]
    for kept in reached:
        terms += _terms(kept)
        doubts += kept.open
        if lifetime_end(kept) is None:
            doubts.append(Reason("lifetime_not_stated", {"lot": kept.lot}))
    terms.sort(key=lambda term: term.until, reverse=True)
    return Keeping(lot, terms[0].until if terms and not doubts else None, terms, doubts, list(holds))


def _terms(kept: Kept) -> list[Term]:
    found: list[Term] = []
    end = lifetime_end(kept)

    def add(
        rule: Literal["lifetime", "from_release", "beyond_lifetime", "without_lifetime"],
        record: RecordClass,
        since: str,
        years: int,
    ) -> None:
        until = years_after(since, years) if years else since
        found.append(Term(rule, record, kept.lot, since, until, CLAUSES[rule]))

    if end is not None:
        add("lifetime", "lot", end, 0)
    if kept.released_on is not None:
        add("from_release", "lot", kept.released_on, FROM_RELEASE)
    if kept.shipped_on is not None and end is not None:
        add("beyond_lifetime", "distribution", end, BEYOND_LIFETIME)
    elif kept.shipped_on is not None:
        add("without_lifetime", "distribution", kept.shipped_on, WITHOUT_LIFETIME)
    return found
