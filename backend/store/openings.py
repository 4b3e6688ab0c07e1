"""Opening the inspection of a receipt from the plan version in force, and telling the inspectors."""

from __future__ import annotations

import secrets
from typing import Literal

import msgspec

from backend.domain.holds import DISCONTINUED
from backend.domain.inspections import Inspection, Stage
from backend.domain.items import Item
from backend.domain.lots import PORTION_STEPS, Hold, Lot, Portion, Receipt
from backend.domain.opening import OpenedInspection, open_inspection
from backend.domain.plan_versions import PlanVersion
from backend.domain.sampling_rules import SEED_BYTES
from backend.domain.series import sampled_classes, sampling_by
from backend.domain.steps import take
from backend.store.aliases import as_kept, kept_id
from backend.store.change import Change
from backend.store.measuring import lot_size
from backend.store.numbering import number
from backend.store.series import opened_in, series_now, skips_this_lot, tell_switches
from backend.store.stock import follow_portions


async def stage_of(tx: Change, lot: Lot) -> Stage:
    """At which stage stock of a lot is inspected as what it now is."""
    return "final" if (await tx.get(Item, lot.item_id)).kind == "finished" else "incoming"


class Marks(msgspec.Struct, frozen=True):
    """What an inspection is for, where it is opened beside another one; see `Inspection`.

    `plan_id`: a plan of the same material to inspect by, at whatever stage it is.
    """

    purpose: Literal["resample", "retest", "return"] | None = None
    again_of: str | None = None
    retest_for: str | None = None
    plan_id: str | None = None


async def open_for(
    tx: Change,
    lot: Lot,
    receipt: Receipt,
    stage: Stage,
    repeats: Inspection | None = None,
    marks: Marks = Marks(),
) -> OpenedInspection | None:
    """Open it and write it; None where no plan is in force, and the quality engineers are told.

    One that repeats another begins under the version in force as well: no other may be started (QUA-4).
    """
    item = await as_kept(tx, lot.item_id)
    version = await effective(tx, lot, stage, marks.plan_id)
    if version is None:
        await tx.tell_role(
            ("quality_engineer",),
            "plan_missing",
            "lot",
            lot.number,
            lot=lot.number,
            item=item.code,
            stage=stage,
        )
        return None
    sampled = bool(sampled_classes(version.document))
    series = await series_now(tx, lot, stage) if sampled else None
    classes = series.classes if series is not None else []
    sampling, seed = sampling_by(version.document, classes), secrets.token_bytes(SEED_BYTES)
    original = repeats is None and marks.purpose is None
    rule = version.document.skip_lot if original else None
    skipped = rule is not None and await skips_this_lot(tx, lot, stage, rule, sampling, seed)
    opened = open_inspection(
        receipt,
        version,
        stage,
        await number(tx, "inspection"),
        seed,
        tx.now,
        tx.new_id,
        [each for each in sampling if not skipped],
        await lot_size(tx, item, receipt.quantity),
        repeats.id if repeats is not None else None,
        skipped,
    )
    inspection = tx.insert(
        msgspec.structs.replace(
            opened.inspection,
            purpose=marks.purpose,
            again_of=marks.again_of,
            retest_for=marks.retest_for,
            unit=item.inspection_unit,
        )
    )
    for sample in opened.samples:
        tx.insert(sample)
    if series is not None:
        opened_in(tx, series, inspection)
        await tell_switches(tx, lot, inspection, classes, msgspec.to_builtins(item.name))
    await tx.tell_role(
        ("inspector",),
        "inspection_opened",
        "inspection",
        inspection.id,
        lot=lot.number,
        inspection=inspection.number,
        item=msgspec.to_builtins(item.name),
        stage=stage,
    )
    if original and any(each.stopped for each in inspection.sampling or ()):
        await _hold(tx, lot, receipt)
    return OpenedInspection(inspection.id, inspection.number, opened.sample_size)


async def effective(tx: Change, lot: Lot, stage: Stage, plan_id: str | None = None) -> PlanVersion | None:
    """The version in force of the lot's plan at a stage, or of the plan that was named. Under whichever code the lot
    came: a plan of the item that is kept."""
    item_id = await kept_id(tx, lot.item_id)
    of_item = (
        "status = 'effective' and plan_id in (select id from plan where site_id = $1 and item_id = $2 and "
    )
    if plan_id is not None:
        return await tx.first(PlanVersion, f"{of_item}id = $3)", lot.site_id, item_id, plan_id)
    return await tx.first(PlanVersion, f"{of_item}stage = $3)", lot.site_id, item_id, stage)


async def _hold(tx: Change, lot: Lot, receipt: Receipt) -> None:
    """Inspection of its series is discontinued: the lot waits for the supplier's corrective action (SMP-4)."""
    tx.insert(Hold(tx.new_id(), lot.site_id, lot.id, receipt.id, DISCONTINUED, None, tx.now))
    known = await tx.all(Portion, "receipt_id = $1 order by id", receipt.id)
    for portion in [*known, *(each for each in tx.pending(Portion) if each.receipt_id == receipt.id)]:
        now = await tx.get(Portion, portion.id)
        if any(step.name == "hold" and now.status in step.sources for step in PORTION_STEPS):
            tx.update(now, status=take(PORTION_STEPS, "hold", now.status))
    await follow_portions(tx, lot)
