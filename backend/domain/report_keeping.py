"""How long the file of a report that was made by itself is kept (AUD-10). What it was and who was told of it stays on
record without an end, and so does everything that it was made of: only the copy goes.

| report                                | class        | kept at least, from the day when it was made            |
|---------------------------------------|--------------|---------------------------------------------------------|
| lot_history, batch_record, trace_list | lot          | two years, and as long as each lot that it is about     |
| recall_report, mock_recall_report     | distribution | five years, and as long as each lot that it is about    |
| lot_list                              | lot          | two years                                               |
| supplier_report                       | system       | five years                                              |
| audit_extract                         | log          | five years; of one lot, and as long as that             |

Two years are the least that ISO 13485 4.2.5 allows for any record, five what is asked for of the distribution. A report
that is about no lot of its own may name any: none of these goes while a legal hold is in force at the site.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from backend.domain.errors import Reason
from backend.domain.record_exports import Kind
from backend.domain.retention import Keeping, LegalHoldLine, RecordClass, years_after


class FileTerm(NamedTuple):
    """Of which class it is, and for how many years it is kept at least."""

    record: RecordClass
    years: int


TERMS: dict[Kind, FileTerm] = {
    "lot_history": FileTerm("lot", 2),
    "batch_record": FileTerm("lot", 2),
    "trace_list": FileTerm("lot", 2),
    "lot_list": FileTerm("lot", 2),
    "recall_report": FileTerm("distribution", 5),
    "mock_recall_report": FileTerm("distribution", 5),
    "supplier_report": FileTerm("system", 5),
    "audit_extract": FileTerm("log", 5),
}
FILES_DUE = "report_files_due"
"""The work of looking which files may go; one a site."""
LOOK_AGAIN = timedelta(days=30)
LEAST_YEARS = min(term.years for term in TERMS.values())


def file_until(kind: Kind, made_on: str) -> str:
    """The last day of its own time, ISO; its lots may keep it for longer."""
    return years_after(made_on, TERMS[kind].years)


def against_letting_go(
    kind: Kind, made_on: str, today: str, lots: Sequence[Keeping], holds: Sequence[LegalHoldLine]
) -> list[Reason]:
    """Why a file is still kept; nothing: it may go. `lots`: what it is about, each with its own time of keeping;
    `holds`: legal holds in force that may touch it. Days are ISO."""
    found = []
    until = file_until(kind, made_on)
    if until >= today:
        found.append(Reason("report_file_kept", {"until": until}))
    for lot in lots:
        if lot.until is None or lot.until >= today:
            found.append(Reason("report_lot_kept", {"lot": lot.lot, "until": lot.until}))
    return found + [Reason("legal_hold", {"lot": each.lot, "why": each.reason}) for each in holds]
