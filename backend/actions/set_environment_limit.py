"""Set between which limits a quantity is to stay at a place; changed later, the log keeps what it was."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.environment import EnvironmentLimit, against_limit
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.verb import verb


class SetEnvironmentLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For a place and a quantity in its unit: the lowest and the highest that is right; None: none on that side."""

    id: str
    place: str
    quantity: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    reason: str
    device_at: str | None = None


@verb
async def set_environment_limit(tx: Change, who: Who, command: SetEnvironmentLimit) -> EnvironmentLimit:
    """Both None: it has none any more."""
    names = (command.place.strip(), command.quantity.strip(), command.unit.strip())
    if reasons := against_limit(*names, command.low, command.high, command.reason):
        raise Refused(*reasons)
    known = await tx.first(
        EnvironmentLimit, "site_id = $1 and place = $2 and quantity = $3 and unit = $4", who.site_id, *names
    )
    fields = {
        "low": command.low, "high": command.high, "reason": command.reason.strip(), "set_by": who.person_id,
        "set_at": tx.now,
    }  # fmt: skip
    kept = (
        tx.insert(EnvironmentLimit(tx.new_id(), who.site_id, *names, **fields))  # type: ignore[arg-type]
        if known is None
        else tx.update(known, **fields)
    )
    tx.record(
        "environment_limit_set", "site", who.site_id, reason=kept.reason, place=kept.place, quantity=kept.quantity,
        unit=kept.unit, low=None if kept.low is None else format(kept.low, "f"),
        high=None if kept.high is None else format(kept.high, "f"),
    )  # fmt: skip
    return kept
