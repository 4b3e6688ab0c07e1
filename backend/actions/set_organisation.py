"""Say whom a person works for: market release and production release are never of one organisation (REL-9)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.people import Person, Who
from backend.domain.sites import Organisation
from backend.store.change import Change
from backend.store.verb import verb


class SetOrganisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose person it is, and why; `organisation_id` None: the site's own."""

    id: str
    person_id: str
    organisation_id: str | None
    reason: str
    device_at: str | None = None


@verb
async def set_organisation(tx: Change, who: Who, command: SetOrganisation) -> Person:
    """Nobody says it of themselves."""
    person = await tx.get(Person, command.person_id)
    reasons = []
    if person.id == who.person_id:
        reasons.append(Reason("not_oneself", field="person_id"))
    wanted = command.organisation_id
    if wanted is not None and await tx.first(Organisation, "id = $1", wanted) is None:
        reasons.append(Reason("contract_maker_unknown", field="organisation_id"))
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if reasons:
        raise Refused(*reasons)
    changed = tx.update(person, organisation_id=command.organisation_id)
    tx.record("organisation_set", "person", person.id, reason=command.reason.strip(), login=person.login)
    return changed
