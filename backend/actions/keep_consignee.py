"""Write down to whom we ship, and whom there to reach; changed later, the log keeps what it was (QUA-6)."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.consignees import Consignee, Contact, against_keeping
from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.store.aliases import against_alias
from backend.store.change import Change
from backend.store.verb import verb


class KeepConsignee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who it is; `consignee_id` None: a new one. `active` False: nothing more is shipped there."""

    id: str
    consignee_id: str | None
    code: str
    name: str
    address: str
    country: str
    language: Literal["en", "zh"]
    contacts: list[Contact]
    active: bool = True
    device_at: str | None = None


@verb
async def keep_consignee(tx: Change, who: Who, command: KeepConsignee) -> Consignee:
    """Add or change it. A code stands for the same consignee for ever."""
    reasons = against_keeping(command.code, command.name, command.address, command.contacts)
    code = command.code.strip()
    same = await tx.first(Consignee, "site_id = $1 and code = $2", who.site_id, code)
    if same is not None and same.id != command.consignee_id:
        reasons.append(Reason("code_taken", {"code": code}, "code"))
    old = await tx.get(Consignee, command.consignee_id) if command.consignee_id is not None else None
    if old is not None and old.code != code:
        reasons.append(Reason("code_fixed", {"code": old.code}, "code"))
    if old is not None:
        reasons += await against_alias(tx, "consignee", old.id)
    if reasons:
        raise Refused(*reasons)
    fields = {
        "name": command.name.strip(),
        "address": command.address.strip(),
        "country": command.country.strip(),
        "language": command.language,
        "contacts": [Contact(c.name.strip(), c.email.strip(), c.phone.strip()) for c in command.contacts],
        "active": command.active,
    }
    kept = (
        tx.insert(Consignee(id=tx.new_id(), site_id=who.site_id, code=code, **fields))  # type: ignore[arg-type]
        if old is None
        else tx.update(old, **fields)
    )
    tx.record("consignee_kept", "consignee", kept.id, consignee=kept.code, name=kept.name)
    return kept
