"""Take in a complaint from the field, by scan or form (QUA-8)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.complaints import Complaint, against_taking, due
from backend.domain.consignees import Consignee
from backend.domain.errors import Reason, Refused
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.store.aliases import against_alias
from backend.store.attached import check_attached
from backend.store.change import Change
from backend.store.numbering import number
from backend.store.verb import verb


class TakeComplaint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who says what, since when, about which lot or serial where that is known; `consignee_id`: whose it was."""

    id: str
    received_on: str
    described: str
    reporter: str
    lot_number: str | None = None
    serial: str | None = None
    quantity: Decimal | None = None
    consignee_id: str | None = None
    attachments: list[str] = []
    device_at: str | None = None


@verb
async def take_complaint(tx: Change, who: Who, command: TakeComplaint) -> Complaint:
    """Keep it as it was said; quality is told, and reminded until it has an answer."""
    found = against_taking(command.received_on, command.described, command.reporter, tx.today.isoformat())
    named = (command.lot_number or "").strip()
    lot = await tx.first(Lot, "site_id = $1 and number = $2", who.site_id, named) if named else None
    if named and lot is None:
        found.append(Reason("lot_unknown", {"lot": named}, "lot_number"))
    known = command.consignee_id is None or await tx.first(
        Consignee, "id = $1 and site_id = $2", command.consignee_id, who.site_id
    )
    if not known:
        found.append(Reason("consignee_unknown", {"consignee": command.consignee_id or ""}, "consignee_id"))
    if known and command.consignee_id is not None:
        found += await against_alias(tx, "consignee", command.consignee_id, "consignee_id")
    if command.quantity is not None and command.quantity <= 0:
        found.append(Reason("quantity_negative", field="quantity"))
    if found:
        raise Refused(*found)
    await check_attached(tx, command.attachments)
    complaint = tx.insert(
        Complaint(
            id=tx.new_id(),
            site_id=who.site_id,
            number=await number(tx, "complaint"),
            received_on=command.received_on,
            described=command.described.strip(),
            reporter=command.reporter.strip(),
            consignee_id=command.consignee_id,
            lot_id=lot.id if lot is not None else None,
            serial=(command.serial or "").strip() or None,
            quantity=command.quantity,
            attachments=command.attachments,
            opened_by=who.person_id,
            opened_at=tx.now,
            due_on=due(command.received_on, None, None),
        )
    )
    facts = {"complaint": complaint.number, "lot": lot.number if lot is not None else "–"}
    roles = ("quality_engineer", "quality_manager")
    await tx.tell_role(roles, "complaint_taken", "complaint", complaint.id, **facts)
    tx.due("complaint_reminder", complaint.id, f"{complaint.due_on}T00:00:00.000000Z")
    tx.record("complaint_taken", "complaint", complaint.id, reason=complaint.described, **facts)
    return complaint
