"""Note a certificate of a supplier and until when it is valid; before it ends, quality is reminded (QUA-5)."""

from __future__ import annotations

import msgspec

from backend.domain.days import is_day
from backend.domain.errors import Reason, Refused
from backend.domain.items import Supplier
from backend.domain.people import Who
from backend.domain.qualifications import SupplierCertificate
from backend.store.aliases import refuse_alias
from backend.store.attached import check_attached
from backend.store.change import Change
from backend.store.qualifying import wind_renewal
from backend.store.verb import verb


class AddSupplierCertificate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Its kind as people call it (ISO 13485, licence), its number, its last day; `file`: hash of its picture."""

    id: str
    supplier_id: str
    kind: str
    number: str
    valid_until: str
    file: str | None = None
    device_at: str | None = None


@verb
async def add_supplier_certificate(
    tx: Change, who: Who, command: AddSupplierCertificate
) -> SupplierCertificate:
    """Keep it beside the older ones; the newest of a kind is the one that counts."""
    supplier = await tx.get(Supplier, command.supplier_id)
    await refuse_alias(tx, "supplier", supplier.id)
    reasons = []
    if not (command.kind.strip() and command.number.strip()):
        reasons.append(Reason("certificate_unnamed", field="number" if command.kind.strip() else "kind"))
    if not is_day(command.valid_until):
        reasons.append(Reason("day_wrong", {"day": command.valid_until}, "valid_until"))
    if reasons:
        raise Refused(*reasons)
    await check_attached(tx, [command.file] if command.file else [])
    kept = tx.insert(
        SupplierCertificate(
            tx.new_id(),
            who.site_id,
            supplier.id,
            command.kind.strip(),
            command.number.strip(),
            command.valid_until,
            command.file,
            who.person_id,
            tx.now,
        )
    )
    await wind_renewal(tx, "certificate_expiry", kept.id, kept.valid_until)
    tx.record(
        "supplier_certificate_added",
        "supplier",
        supplier.id,
        supplier=supplier.code,
        kind=kept.kind,
        number=kept.number,
        valid_until=kept.valid_until,
    )
    return kept
