"""Opening a nonconformity report that no result opened: from the floor, a complaint, an audit (QUA-1, QUA-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import msgspec

from backend.domain.errors import refuse
from backend.domain.holds import OF_REPORT, PARENT_HELD
from backend.domain.items import Item
from backend.domain.lots import Hold, Lot, Portion, Receipt
from backend.domain.ncrs import CONTAIN_WITHIN, NCR_DAYS, Exceptional, Ncr, Severity, Source
from backend.domain.signing import later
from backend.store.change import Change
from backend.store.descent import HELD, carried_into, hold_carried, hold_descendants
from backend.store.numbering import number
from backend.store.shipping import tell_shipped
from backend.store.stock import step_portions


async def receipt_of(tx: Change, lot: Lot, receipt_id: str | None) -> Receipt:
    """The receipt that a report is about: the one named, or the only one there is; several are asked about."""
    found = await tx.all(Receipt, "lot_id = $1 order by received_at, id", lot.id)
    if receipt_id is not None:
        named = next((each for each in found if each.id == receipt_id), None)
        if named is None:
            raise refuse("receipt_not_of_lot", field="receipt_id", lot=lot.number)
        return named
    if not found:
        raise refuse("lot_not_received", field="lot_number", lot=lot.number)
    if len(found) > 1:
        days = [each.received_at[:10] for each in found]
        raise refuse("receipt_unclear", field="receipt_id", lot=lot.number, received=days)
    return found[0]


async def open_report(
    tx: Change,
    lot: Lot,
    receipt: Receipt,
    what: str,
    severity: Severity,
    source: Source,
    quantity: Decimal | None,
    attachments: Sequence[str],
    about: tuple[Exceptional, str] | tuple[None, None] = (None, None),
) -> Ncr:
    """Open it, hold the stock and whatever was made of it, and tell quality. `quantity` None: all that lies here;
    `about`: the audit exception that it comes from."""
    portions = [
        await tx.get(Portion, each.id)
        for each in await tx.all(Portion, "receipt_id = $1 order by id", receipt.id)
    ]
    here = sum((each.quantity for each in portions if each.status != "rejected"), Decimal(0))
    ncr = tx.insert(
        Ncr(
            id=tx.new_id(),
            site_id=lot.site_id,
            number=await number(tx, "ncr"),
            lot_id=lot.id,
            receipt_id=receipt.id,
            inspection_id=None,
            characteristic=None,
            reading_id=None,
            severity=severity,
            status="open",
            quantity=here if quantity is None else quantity,
            owner_id=None,
            due_on=(tx.today + timedelta(days=NCR_DAYS)).isoformat(),
            opened_at=tx.now,
            source=source,
            what=what.strip(),
            attachments=list(attachments),
            opened_by=tx.who.person_id,
            about_kind=about[0],
            about_id=about[1],
        )
    )
    tx.insert(Hold(tx.new_id(), lot.site_id, lot.id, receipt.id, OF_REPORT, ncr.id, tx.now))
    await step_portions(tx, lot, "hold", receipt.id, HELD)
    await hold_carried(tx, await carried_into(tx, receipt.id), lot, OF_REPORT, [ncr.id])
    made = await hold_descendants(tx, lot, [each.id for each in portions], PARENT_HELD)
    item = await tx.get(Item, lot.item_id)
    facts = {"ncr": ncr.number, "lot": lot.number, "what": ncr.what or "", "severity": severity}
    await tx.tell_role(
        ("quality_engineer",), "ncr_reported", "ncr", ncr.id, item=msgspec.to_builtins(item.name), **facts
    )
    shipped = await tell_shipped(tx, lot, [lot, *made])
    tx.due("ncr_reminder", ncr.id, f"{ncr.due_on}T00:00:00.000000Z")
    tx.due("containment_reminder", ncr.id, later(tx.now, CONTAIN_WITHIN))
    tx.record(
        "ncr_reported",
        "ncr",
        ncr.id,
        reason=ncr.what,
        ncr=ncr.number,
        lot=lot.number,
        **({"about": f"{about[0]}/{about[1]}"} if about[0] else {}),
        **({"made_of_it": [each.number for each in made]} if made else {}),
        **({"shipped": shipped} if shipped else {}),
    )
    return ncr
