"""Opening the inspection of a receipt from the plan version in force, and telling the inspectors."""

from __future__ import annotations

import secrets

import msgspec

from backend.domain.inspections import Inspection, Stage
from backend.domain.items import Item
from backend.domain.lots import Lot, Receipt
from backend.domain.opening import OpenedInspection, open_inspection
from backend.domain.plan_versions import PlanVersion
from backend.domain.sampling_rules import SEED_BYTES
from backend.domain.series import sampled_classes, sampling_by
from backend.store.change import Change
from backend.store.numbering import number
from backend.store.series import opened_in, series_now, tell_switches


async def stage_of(tx: Change, lot: Lot) -> Stage:
    """At which stage stock of a lot is inspected as what it now is."""
    return "final" if (await tx.get(Item, lot.item_id)).kind == "finished" else "incoming"


async def open_for(
    tx: Change, lot: Lot, receipt: Receipt, stage: Stage, repeats: Inspection | None = None
) -> OpenedInspection | None:
    """Open it and write it; None where no plan is in force, and the quality engineers are told.

    One that repeats another begins under the version in force as well: no other may be started (QUA-4).
    """
    item = await tx.get(Item, lot.item_id)
    version = await tx.first(
        PlanVersion,
        "status = 'effective' and plan_id in "
        "(select id from plan where site_id = $1 and item_id = $2 and stage = $3)",
        lot.site_id,
        lot.item_id,
        stage,
    )
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
    opened = open_inspection(
        receipt,
        version,
        stage,
        await number(tx, "inspection"),
        secrets.token_bytes(SEED_BYTES),
        tx.now,
        tx.new_id,
        sampling_by(version.document, classes),
        repeats.id if repeats is not None else None,
    )
    tx.insert(opened.inspection)
    for sample in opened.samples:
        tx.insert(sample)
    if series is not None:
        opened_in(tx, series, opened.inspection)
        await tell_switches(tx, lot, opened.inspection, classes, msgspec.to_builtins(item.name))
    await tx.tell_role(
        ("inspector",),
        "inspection_opened",
        "inspection",
        opened.inspection.id,
        lot=lot.number,
        inspection=opened.inspection.number,
        item=msgspec.to_builtins(item.name),
        stage=stage,
    )
    return OpenedInspection(opened.inspection.id, opened.inspection.number, opened.sample_size)
