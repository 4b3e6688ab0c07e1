"""The release screen: what was measured, by whom, and everything that stands in the way (REL-2)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.certificates import Inspection, Signer, Signing
from backend.domain.errors import Reason
from backend.domain.pace import hurried
from backend.domain.people import Who
from backend.domain.releases import blockers
from backend.store.deciding import dossier, record_of
from backend.store.reader import Reader
from backend.views.lots import LotLine, lot_line


class Decided(msgspec.Struct, frozen=True):
    """The decision in force."""

    release_id: str
    decision: str
    by: str
    at: str


class ComponentLine(msgspec.Struct, frozen=True):
    """A lot that went in."""

    number: str
    status: str
    quantity: Decimal


class ReleaseSheet(msgspec.Struct, frozen=True):
    """One screen to decide on; `blockers` empty: nothing stands in the way of a release."""

    receipt_id: str
    version: int
    lot: LotLine
    quantity: Decimal
    unit: str
    received_by: str
    received_at: str
    inspections: list[Inspection]
    changed_since_first_entry: bool
    corrections: int
    hurried: list[str]
    """Names of those who answered faster than anybody measures."""
    blockers: list[Reason]
    reject_blockers: list[Reason]
    decided: Decided | None
    meanings: list[str]
    consumed: list[ComponentLine]
    ncrs: list[str]


async def release_sheet(read: Reader, receipt_id: str, who: Who, today: str) -> ReleaseSheet:
    """As this person may decide it."""
    file = await dossier(read, receipt_id)
    case = file.case(who.person_id, today)
    signing = Signing(
        "release", "", "en", 1, Signer(who.person_id, who.printed_name, who.login), "password_totp"
    )
    record = await record_of(read, file, signing)
    names: dict[str, str] = dict(
        await read.rows("select id, printed_name from person where site_id = $1", file.lot.site_id)
    )
    decision = file.decision
    return ReleaseSheet(
        receipt_id=receipt_id,
        version=file.receipt.version,
        lot=await lot_line(read, file.lot.id),
        quantity=file.quantity,
        unit=file.item.unit,
        received_by=names.get(file.receipt.received_by, ""),
        received_at=file.receipt.received_at,
        inspections=record.inspections,
        changed_since_first_entry=file.corrections > 0,
        corrections=file.corrections,
        hurried=sorted(names.get(person_id, "") for person_id in hurried(file.all_readings)),
        blockers=blockers(case),
        reject_blockers=blockers(case, "reject"),
        decided=Decided(
            decision.id, decision.decision, names.get(decision.person_id, ""), decision.decided_at
        )
        if decision
        else None,
        meanings=["release", "reject"],
        consumed=[ComponentLine(part.number, part.status, part.quantity) for part in file.components],
        ncrs=[ncr.number for ncr in file.ncrs],
    )
