"""Open a nonconformity report from an audit exception: a corrected result, a refused attempt, a failed signing (QUA-1).

The report names the very inspection or event of the log; one exception makes one report.
"""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot
from backend.domain.ncrs import Exceptional, Ncr, Severity
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.hooking import event_of, lot_of
from backend.store.reporting import open_report, receipt_of
from backend.store.verb import verb


class ReportException(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which exception, what it says in the words of whoever reports it, and how bad that is."""

    id: str
    about_kind: Exceptional
    about_id: str
    what: str
    severity: Severity
    device_at: str | None = None


@verb
async def report_exception(tx: Change, who: Who, command: ReportException) -> Ncr:
    """Open it; the stock waits as for any report."""
    known = await tx.first(
        Ncr, "about_kind = $1 and about_id = $2 and status <> 'closed'", command.about_kind, command.about_id
    )
    lot_id, receipt_id = await _where(tx, command)
    reasons = [] if command.what.strip() else [Reason("what_missing", field="what")]
    if known is not None:
        reasons.append(Reason("exception_reported", {"ncr": known.number}))
    if lot_id is None:
        reasons.append(Reason("exception_without_lot"))
    if reasons or lot_id is None:
        raise Refused(*reasons)
    lot = await tx.get(Lot, lot_id)
    receipt = await receipt_of(tx, lot, receipt_id)
    about = (command.about_kind, command.about_id)
    return await open_report(tx, lot, receipt, command.what, command.severity, "audit", None, [], about)


async def _where(tx: Change, command: ReportException) -> tuple[str | None, str | None]:
    """The lot that it is about, and the receipt where that is known; None: it is about none."""
    if command.about_kind == "inspection":
        inspection = await tx.get(Inspection, command.about_id)
        return inspection.lot_id, inspection.receipt_id
    site = await tx.rows("select site_id from event where id = $1", command.about_id)
    if not site or site[0][0] != tx.site_id:
        return None, None
    return await lot_of(tx, await event_of(tx, command.about_id)), None
