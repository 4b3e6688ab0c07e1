"""Set the retest date of a lot, by its supplier's paper or because its material had no interval then (REL-8)."""

from __future__ import annotations

import msgspec

from backend.domain.days import is_day_from
from backend.domain.errors import Reason, Refused
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.retesting import wind
from backend.store.stock import lot_named
from backend.store.verb import verb


class SetRetestDate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last day (ISO) on which it may be used without another inspection, and why that one."""

    id: str
    lot_number: str
    retest_on: str
    reason: str
    device_at: str | None = None


@verb
async def set_retest_date(tx: Change, who: Who, command: SetRetestDate) -> Lot:
    """Earlier than it was, or for the first time: only a retest puts it off."""
    lot = await lot_named(tx, command.lot_number)
    reasons = []
    if not is_day_from(command.retest_on, tx.today):
        reasons.append(Reason("retest_day_wrong", {"retest_on": command.retest_on}, "retest_on"))
    elif lot.retest_on is not None and command.retest_on > lot.retest_on:
        reasons.append(Reason("retest_day_later", {"retest_on": lot.retest_on}, "retest_on"))
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if reasons:
        raise Refused(*reasons)
    changed = tx.update(lot, retest_on=command.retest_on)
    await wind(tx, changed)
    tx.record(
        "retest_date_set",
        "lot",
        lot.id,
        reason=command.reason.strip(),
        lot=lot.number,
        old=lot.retest_on,
        new=command.retest_on,
    )
    return changed
