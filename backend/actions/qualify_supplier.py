"""Qualify a supplier for a material until a day: the first time, again, or after it was taken back (QUA-5)."""

from __future__ import annotations

import msgspec

from backend.domain.days import is_day_from
from backend.domain.errors import Reason, Refused
from backend.domain.items import Item, Supplier
from backend.domain.people import Who
from backend.domain.qualifications import QUALIFICATION_STEPS, Qualification, SupplierChange
from backend.domain.steps import take
from backend.store.aliases import refuse_alias, same_ids
from backend.store.change import Change
from backend.store.many import among
from backend.store.qualifying import qualification_of, wind_renewal
from backend.store.verb import verb


class QualifySupplier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which material, the last day on which it counts, and what it rests on: an audit, trial lots, a licence."""

    id: str
    supplier_id: str
    item_id: str
    expires_on: str
    reason: str
    device_at: str | None = None


@verb
async def qualify_supplier(tx: Change, who: Who, command: QualifySupplier) -> Qualification:
    """Qualify it. Lots that are held stay so until quality lifts each; the first one of a site starts the rule."""
    supplier = await tx.get(Supplier, command.supplier_id)
    await refuse_alias(tx, "supplier", supplier.id)
    item = await tx.get(Item, command.item_id)
    await refuse_alias(tx, "item", item.id, "item_id")
    items, sellers = await same_ids(tx, item.id), among(tx, "supplier_id", await same_ids(tx, supplier.id))
    reasons = []
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if not is_day_from(command.expires_on, tx.today):
        reasons.append(Reason("due_day_wrong", {"due_on": command.expires_on}, "expires_on"))
    waiting = await tx.all(
        SupplierChange, f"{sellers.where} and result is null order by said_on", sellers.argument
    )
    reasons += [
        Reason("supplier_change_open", {"what": each.what, "said_on": each.said_on})
        for each in waiting
        if each.concerns(*items)
    ]
    if reasons:
        raise Refused(*reasons)
    known = await qualification_of(tx, supplier, item.id)
    why = command.reason.strip()
    if known is None:
        kept = tx.insert(
            Qualification(
                tx.new_id(),
                who.site_id,
                supplier.id,
                item.id,
                "approved",
                command.expires_on,
                why,
                who.person_id,
                tx.now,
            )
        )
    else:
        kept = tx.update(
            known,
            status=take(QUALIFICATION_STEPS, "qualify", known.status),
            expires_on=command.expires_on,
            reason=why,
            decided_by=who.person_id,
            decided_at=tx.now,
        )
    await wind_renewal(tx, "qualification_expiry", kept.id, kept.expires_on)
    tx.record(
        "supplier_qualified",
        "supplier",
        supplier.id,
        reason=kept.reason,
        supplier=supplier.code,
        item=item.code,
        expires_on=kept.expires_on,
    )
    return kept
