"""Add an organisation that works with us: a contract maker, whose people have accounts here (REL-9)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.sites import Organisation
from backend.domain.words import Words
from backend.store.change import Change
from backend.store.verb import verb


class AddPartner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Its name in both languages."""

    id: str
    name: Words
    device_at: str | None = None


@verb
async def add_partner(tx: Change, who: Who, command: AddPartner) -> Organisation:
    """Write it."""
    name = Words(command.name.en.strip(), command.name.zh.strip())
    if not name.en or not name.zh:
        raise refuse("name_missing", field="name")
    partner = tx.insert(Organisation(tx.new_id(), name))
    tx.record("partner_added", "organisation", partner.id, name=msgspec.to_builtins(name))
    return partner
