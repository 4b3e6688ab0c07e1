"""Do to a series what the standard leaves to a person: leave for reduced inspection, its end, taking it up again
after the supplier's corrective action (SMP-4; ISO 2859-1 9.3.3.1, 9.3.4, 9.4)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.holds import DISCONTINUED
from backend.domain.inspections import Stage
from backend.domain.lots import Hold, Lot
from backend.domain.people import Who
from backend.domain.plans import Severity
from backend.domain.series import SeriesAct, SeriesClass, SeriesState
from backend.domain.switching import Act, may_act
from backend.store.aliases import same_ids
from backend.store.change import Change
from backend.store.lifting import lift
from backend.store.many import among
from backend.store.series import a_lot_of, acted_on, series_now
from backend.store.verb import verb


class SteerSeries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which class of which series, what is done, and why: the conditions looked at, the corrective action taken."""

    id: str
    series_id: str
    of: Severity
    act: Act
    reason: str
    device_at: str | None = None


class Steered(msgspec.Struct, frozen=True):
    """Where the class stands now, and the lots that wait no longer."""

    series_id: str
    severity: str
    lots: list[str]


@verb
async def steer_series(tx: Change, who: Who, command: SteerSeries) -> Steered:
    """Count all verdicts up to now, then act; refused where the series does not stand so."""
    named = await tx.get(SeriesState, command.series_id)
    if named.site_id != who.site_id:
        raise refuse("other_site")
    reason = command.reason.strip()
    if not reason:
        raise refuse("reason_missing", field="reason")
    lot = await a_lot_of(tx, named)
    if lot is None:
        raise refuse("not_found", kind="lot")
    series = await series_now(tx, lot, named.stage)
    of = next((each for each in series.classes if each.of == command.of), SeriesClass(command.of))
    if not may_act(of.standing, command.act):
        facts = {"severity": command.of, "sampling": of.standing.severity, "act": command.act}
        raise refuse("series_act_not_due", field="act", rule="SMP-4", **facts)
    act = SeriesAct(
        tx.new_id(), series.site_id, series.item_id, series.supplier_id, series.stage, command.of, command.act,
        reason, who.person_id, tx.now,
    )  # fmt: skip
    series = acted_on(tx, series, act)
    now = next(each for each in series.classes if each.of == command.of).standing.severity
    stopped = any(each.standing.severity == "discontinued" for each in series.classes)
    freed = [] if command.act != "resume" or stopped else await _free(tx, lot, series.stage)
    tx.record(
        "series_steered",
        "series_state",
        series.id,
        reason=reason,
        severity=command.of,
        act=command.act,
        sampling=now,
        **({"lots": freed} if freed else {}),
    )
    return Steered(series.id, now, freed)


async def _sellers(tx: Change, supplier_id: str | None) -> list[str]:
    return await same_ids(tx, supplier_id) if supplier_id else [""]


async def _free(tx: Change, of: Lot, stage: Stage) -> list[str]:
    """The lots of the series that waited, by number; what else holds one goes on holding it."""
    which = among(tx, "lot.item_id", await same_ids(tx, of.item_id), 3)
    whose = among(tx, "coalesce(lot.supplier_id, '')", await _sellers(tx, of.supplier_id), 4)
    holds = await tx.all(
        Hold,
        "code = $1 and lifted_at is null and exists (select 1 from lot join inspection "
        "on inspection.lot_id = lot.id and inspection.receipt_id = hold.receipt_id where lot.id = hold.lot_id "
        f"and lot.site_id = $2 and {which.where} and {whose.where} and stage = $5) order by id",
        DISCONTINUED,
        of.site_id,
        which.argument,
        whose.argument,
        stage,
    )
    await lift(tx, holds, "steer_series")
    return sorted({(await tx.get(Lot, hold.lot_id)).number for hold in holds})
