"""Reports: which there are, what each may be asked for, and the right that it takes (AUD-4).

| report          | about                                  | asks for                                   | right    |
|-----------------|----------------------------------------|--------------------------------------------|----------|
| lot_history     | one lot, with every event              | lot                                        | read_log |
| batch_record    | one production order                   | order                                      |          |
| supplier_report | one supplier in a period               | supplier; since, until                     |          |
| audit_extract   | events of the log, checkable           | since, until, lot, person, type            | read_log |
| trace_list      | lots around one, both ways             | lot                                        |          |
| recall_report   | one recall, as its paper says it       | recall                                     |          |
| mock_recall_... | one exercise, as its paper says it     | recall                                     |          |
| lot_list        | lots                                   | since, until, lot, supplier, item, line,   |          |
|                 |                                        | equipment, person                          |          |
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from backend.domain.errors import Reason, refuse
from backend.domain.record_exports import Kind

MOST_EVENTS = 2_000
MOST_LOTS = 5_000
"""More is not put on paper: it is asked for in parts."""


class Filters(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is asked for. `since` and `until` are instants, the second one excluded; all others are the numbers,
    codes and login names that people know."""

    since: str | None = None
    until: str | None = None
    lot: str | None = None
    order: str | None = None
    supplier: str | None = None
    item: str | None = None
    line: str | None = None
    equipment: str | None = None
    person: str | None = None
    type: str | None = None
    recall: str | None = None

    def given(self) -> dict[str, str]:
        """Those that were said."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value}


class Report(NamedTuple):
    """`needs`: the one filter that says what it is about; None: it is a list."""

    needs: str | None
    takes: frozenset[str]
    right: str | None = None


_PERIOD = frozenset(("since", "until"))
REPORTS: dict[Kind, Report] = {
    "lot_history": Report("lot", frozenset(("lot",)), "read_log"),
    "batch_record": Report("order", frozenset(("order",))),
    "supplier_report": Report("supplier", _PERIOD | {"supplier"}),
    "audit_extract": Report(None, _PERIOD | {"lot", "person", "type"}, "read_log"),
    "trace_list": Report("lot", frozenset(("lot",))),
    "recall_report": Report("recall", frozenset(("recall",))),
    "mock_recall_report": Report("recall", frozenset(("recall",))),
    "lot_list": Report(None, _PERIOD | {"lot", "supplier", "item", "line", "equipment", "person"}),
}


def against_filters(kind: Kind, filters: Filters) -> list[Reason]:
    """What is asked for in vain: a filter that the report has none of, one that is missing, a time that is none."""
    report, given = REPORTS[kind], filters.given()
    found = [
        Reason("filter_unknown", {"report": kind, "filter": name}, name)
        for name in given
        if name not in report.takes
    ]
    if report.needs is not None and report.needs not in given:
        found.append(Reason("filter_missing", {"report": kind, "filter": report.needs}, report.needs))
    found += [
        Reason("time_wrong", {"text": given[name]}, name)
        for name in ("since", "until")
        if name in given and not _is_instant(given[name])
    ]
    return found


def too_long(found: int, most: int) -> None:
    """Refuses what no reader would read: it is asked for in parts."""
    if found > most:
        raise refuse("report_too_long", found=found, most=most)


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None and text.endswith("Z")
    except ValueError:
        return False
