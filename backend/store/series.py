"""Series in the database: the past of a material, supplier and stage; telling when one switches or was wrong."""

from __future__ import annotations

import msgspec

from backend.domain.inspections import ClassSampling, Inspection, Stage
from backend.domain.lots import Lot
from backend.domain.series import PastInspection, WrongPlan, wrong_plans
from backend.store.change import Change
from backend.store.reader import Reader

TOLD = ("quality_engineer",)
_SAMPLING = msgspec.json.Decoder(list[ClassSampling])


async def past_of(read: Reader, lot: Lot, stage: Stage) -> list[PastInspection]:
    """The inspections of the lot's material and supplier at a stage, the oldest first."""
    rows = await read.rows(
        "select inspection.id, lot.number, opened_at, repeats, sampling from inspection "
        "join lot on lot.id = inspection.lot_id where lot.site_id = $1 and lot.item_id = $2 "
        "and coalesce(lot.supplier_id, '') = $3 and stage = $4 and sampling is not null "
        "order by opened_at, inspection.id",
        lot.site_id,
        lot.item_id,
        lot.supplier_id or "",
        stage,
    )
    return [PastInspection(row[0], row[1], row[2], row[3] is None, _SAMPLING.decode(row[4])) for row in rows]


async def tell_switches(
    tx: Change, lot: Lot, inspection: Inspection, past: list[PastInspection], item: dict[str, str]
) -> None:
    """Tell the quality engineers of each class that this lot is the first of to be inspected otherwise."""
    before = {each.of: each for inspected in past for each in inspected.sampling}
    for each in inspection.sampling or ():
        last = before.get(each.of)
        if (last.severity, last.stopped) == (each.severity, each.stopped) if last else each.since is None:
            continue
        await tx.tell_role(
            TOLD,
            "sampling_switched",
            "inspection",
            inspection.id,
            lot=lot.number,
            item=item,
            severity=each.of,
            sampling="discontinued" if each.stopped else each.severity,
            since=each.since or "",
        )


async def tell_wrong_plans(tx: Change, before: Inspection, after: Inspection) -> list[WrongPlan]:
    """Lots that a corrected verdict shows to have been inspected under a wrong plan; engineers are told (SMP-4)."""
    if before.sampling == after.sampling:
        return []
    lot = await tx.get(Lot, after.lot_id)
    past = await past_of(tx, lot, after.stage)
    known = wrong_plans([_with(each, before) for each in past])
    new = [wrong for wrong in wrong_plans([_with(each, after) for each in past]) if wrong not in known]
    if new:
        await tx.tell_role(
            TOLD,
            "plans_were_wrong",
            "inspection",
            after.id,
            inspection=after.number,
            lots=sorted({wrong.lot for wrong in new}),
        )
    return new


def _with(past: PastInspection, inspection: Inspection) -> PastInspection:
    if past.inspection != inspection.id:
        return past
    return msgspec.structs.replace(past, sampling=inspection.sampling or [])
