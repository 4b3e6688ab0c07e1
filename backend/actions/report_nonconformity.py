"""Report what somebody saw that is not as it should be: three questions and a photo (QUA-1)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.lots import Portion
from backend.domain.ncrs import Ncr, Severity, Source
from backend.domain.people import Who
from backend.store.attached import check_attached
from backend.store.change import Change
from backend.store.reporting import open_report, receipt_of
from backend.store.stock import lot_named
from backend.store.verb import verb


class ReportNonconformity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lot, what is wrong, how bad, how much of it (None: all that lies here); photos by their hash.

    `receipt_id` where the lot came in several times.
    """

    id: str
    lot_number: str
    what: str
    severity: Severity
    source: Source = "floor"
    quantity: Decimal | None = None
    receipt_id: str | None = None
    attachments: list[str] = []
    device_at: str | None = None


@verb
async def report_nonconformity(tx: Change, who: Who, command: ReportNonconformity) -> Ncr:
    """Open the report; the stock waits until it is disposed of, released or not."""
    lot = await lot_named(tx, command.lot_number)
    receipt = await receipt_of(tx, lot, command.receipt_id)
    found = []
    if not command.what.strip():
        found.append(Reason("what_missing", field="what"))
    if command.quantity is not None:
        portions = await tx.all(Portion, "receipt_id = $1", receipt.id)
        here = sum((each.quantity for each in portions), Decimal(0))
        if not 0 < command.quantity <= here:
            facts = {"stated": format(command.quantity, "f"), "here": format(here, "f"), "lot": lot.number}
            found.append(Reason("report_over_stock", dict(facts), "quantity"))
    if found:
        raise Refused(*found)
    await check_attached(tx, command.attachments)
    return await open_report(
        tx,
        lot,
        receipt,
        command.what,
        command.severity,
        command.source,
        command.quantity,
        command.attachments,
    )
