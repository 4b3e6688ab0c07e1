"""Take in a complaint from the field, by scan or form (QUA-8)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.complaints import Complaint, Intake, against_intake
from backend.domain.consignees import Consignee
from backend.domain.errors import Reason, Refused
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.store.aliases import against_alias
from backend.store.attached import check_attached
from backend.store.change import Change
from backend.store.complaining import TOLD, facts_of, take_in
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
    reference: str | None = None
    """Its number in the system that it comes from; there is one complaint of it at a site."""
    device_at: str | None = None


@verb
async def take_complaint(tx: Change, who: Who, command: TakeComplaint) -> Complaint:
    """Keep it as it was said; quality is told, and reminded until it has an answer."""
    named = (command.lot_number or "").strip()
    lot = await tx.first(Lot, "site_id = $1 and number = $2", who.site_id, named) if named else None
    intake = Intake(
        received_on=command.received_on,
        described=command.described,
        reporter=command.reporter,
        lot=lot,
        serial=(command.serial or "").strip() or None,
        quantity=command.quantity,
        consignee_id=command.consignee_id,
        attachments=command.attachments,
        reference=(command.reference or "").strip() or None,
    )
    found = against_intake(intake, tx.today.isoformat())
    if named and lot is None:
        found.append(Reason("lot_unknown", {"lot": named}, "lot_number"))
    found += await _against_consignee(tx, who.site_id, command.consignee_id)
    found += await _against_reference(tx, who.site_id, intake.reference)
    if found:
        raise Refused(*found)
    await check_attached(tx, command.attachments)
    complaint = take_in(tx, intake, await number(tx, "complaint"))
    facts = facts_of(complaint, intake)
    await tx.tell_role(TOLD, "complaint_taken", "complaint", complaint.id, **facts)
    tx.record("complaint_taken", "complaint", complaint.id, reason=complaint.described, **facts)
    return complaint


async def _against_consignee(tx: Change, site_id: str, id: str | None) -> list[Reason]:
    if id is None:
        return []
    if await tx.first(Consignee, "id = $1 and site_id = $2", id, site_id) is None:
        return [Reason("consignee_unknown", {"consignee": id}, "consignee_id")]
    return await against_alias(tx, "consignee", id, "consignee_id")


async def _against_reference(tx: Change, site_id: str, reference: str | None) -> list[Reason]:
    """One complaint of another system is one complaint here, by whichever door it comes."""
    if reference is None:
        return []
    there = await tx.first(Complaint, "site_id = $1 and reference = $2", site_id, reference)
    if there is None:
        return []
    return [Reason("complaint_there", {"reference": reference, "complaint": there.number}, "reference")]
