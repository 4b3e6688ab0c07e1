"""Take back before its last day what was handed on: the giver, or quality (REL-3)."""

from __future__ import annotations

import msgspec

from backend.domain.delegations import Delegation
from backend.domain.errors import Reason, Refused
from backend.domain.people import Person, Who
from backend.store.change import Change
from backend.store.verb import verb


class EndDelegation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and why."""

    id: str
    delegation_id: str
    reason: str
    device_at: str | None = None


@verb
async def end_delegation(tx: Change, who: Who, command: EndDelegation) -> Delegation:
    """From the next command on nobody decides under it."""
    delegation = await tx.get(Delegation, command.delegation_id)
    reasons = []
    if delegation.ended_at is not None:
        reasons.append(Reason("delegation_ended"))
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if reasons:
        raise Refused(*reasons)
    ended = tx.update(delegation, ended_at=tx.now)
    person = await tx.get(Person, delegation.to_id)
    tx.tell(person.id, "delegation_taken_back", "delegation", delegation.id, by=who.printed_name)
    tx.record(
        "delegation_ended", "person", person.id, reason=command.reason.strip(), name=person.printed_name
    )
    return ended
