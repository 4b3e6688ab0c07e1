"""Note what a supplier says it changes; what arrives of it is held until that is evaluated (QUA-5)."""

from __future__ import annotations

import msgspec

from backend.domain.days import is_day
from backend.domain.errors import Reason, Refused
from backend.domain.items import Item, Supplier
from backend.domain.people import Who
from backend.domain.qualifications import SupplierChange
from backend.domain.rights import QUALITY
from backend.store.aliases import against_alias, refuse_alias
from backend.store.change import Change
from backend.store.verb import verb


class NoteSupplierChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes, the day on which they said it, and for which materials; none: for all that they deliver."""

    id: str
    supplier_id: str
    what: str
    said_on: str
    item_ids: list[str] = []
    device_at: str | None = None


@verb
async def note_supplier_change(tx: Change, who: Who, command: NoteSupplierChange) -> SupplierChange:
    """Keep it, and ask quality to evaluate."""
    supplier = await tx.get(Supplier, command.supplier_id)
    await refuse_alias(tx, "supplier", supplier.id)
    items = [await tx.get(Item, item_id) for item_id in dict.fromkeys(command.item_ids)]
    reasons = [reason for item in items for reason in await against_alias(tx, "item", item.id, "item_ids")]
    if not command.what.strip():
        reasons.append(Reason("change_unsaid", field="what"))
    if not is_day(command.said_on) or command.said_on > tx.today.isoformat():
        reasons.append(Reason("day_wrong", {"day": command.said_on}, "said_on"))
    if reasons:
        raise Refused(*reasons)
    noted = tx.insert(
        SupplierChange(
            tx.new_id(),
            who.site_id,
            supplier.id,
            [item.id for item in items],
            command.what.strip(),
            command.said_on,
            who.person_id,
            tx.now,
        )
    )
    facts = {"supplier": supplier.name, "what": noted.what}
    await tx.tell_role(QUALITY, "supplier_change_noted", "supplier", supplier.id, **facts)
    tx.record(
        "supplier_change_noted",
        "supplier",
        supplier.id,
        supplier=supplier.code,
        what=noted.what,
        said_on=noted.said_on,
        items=[item.code for item in items],
    )
    return noted
