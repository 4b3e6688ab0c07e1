"""Hand the right to decide to somebody else, from one day to another; every door refuses it after that (REL-3)."""

from __future__ import annotations

import msgspec

from backend.domain.delegations import ACTION, Delegation, against_days
from backend.domain.errors import Reason, Refused
from backend.domain.people import Person, Who
from backend.store.change import Change
from backend.store.lending import may_by_role
from backend.store.verb import verb


class DelegateDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom, from which day until the end of which (ISO, at the site), and why."""

    id: str
    to_id: str
    from_on: str
    until: str
    reason: str
    device_at: str | None = None


@verb
async def delegate_decision(tx: Change, who: Who, command: DelegateDecision) -> Delegation:
    """Hand it on. Whoever made results of a lot, or acts for somebody who did, still can't decide on it."""
    today = tx.today.isoformat()
    person = await tx.first(Person, "id = $1 and site_id = $2", command.to_id, who.site_id)
    reasons = against_days(command.from_on, command.until, tx.today)
    if person is None or not person.active:
        reasons.append(Reason("owner_unknown", field="to_id"))
    elif person.id == who.person_id:
        reasons.append(Reason("not_oneself", field="to_id"))
    elif await may_by_role(tx, person, ACTION, today):
        reasons.append(Reason("delegation_needless", {"name": person.printed_name}, "to_id"))
    if not await may_by_role(tx, await tx.get(Person, who.person_id), ACTION, today):
        reasons.append(Reason("delegation_not_yours"))
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if reasons or person is None:
        raise Refused(*reasons)
    delegation = tx.insert(
        Delegation(
            tx.new_id(), who.site_id, ACTION, who.person_id, person.id, command.from_on, command.until,
            command.reason.strip(), tx.now,
        )
    )  # fmt: skip
    facts = {"by": who.printed_name, "from_on": command.from_on, "until": command.until}
    tx.tell(person.id, "delegation_given", "delegation", delegation.id, **facts)
    tx.record(
        "decision_delegated",
        "person",
        person.id,
        reason=command.reason.strip(),
        name=person.printed_name,
        from_on=command.from_on,
        until=command.until,
    )
    return delegation
