"""Opening an inspection: the plan version frozen, the samples numbered, the units to pull drawn (SMP-6, SMP-8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from backend.domain.inspections import ClassSampling, Inspection, Sample, Stage
from backend.domain.lots import Receipt
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import items
from backend.domain.sampling_rules import pull_nested
from backend.domain.second_samples import units_needed
from backend.domain.series import severities_of


class OpenedInspection(msgspec.Struct, frozen=True):
    """What the person who received is told of it."""

    id: str
    number: str
    sample_size: int


class Opened(NamedTuple):
    """The inspection with its samples, ready to be written."""

    inspection: Inspection
    samples: list[Sample]
    sample_size: int


def open_inspection(
    receipt: Receipt,
    version: PlanVersion,
    stage: Stage,
    number: str,
    seed: bytes,
    now: str,
    new_id: Callable[[], str],
    sampling: list[ClassSampling],
    lot_size: int,
    repeats: str | None = None,
    skipped: bool = False,
) -> Opened:
    """The inspection of a receipt under a plan version. `seed` is random and not known before this moment.

    `sampling`: how hard each class is inspected, by the history of its series; `skipped`: only what no lot is spared.
    """
    asked = items(version.document, lot_size, severities_of(sampling), skipped)
    units = pull_nested(seed, lot_size, [min(size, lot_size) for size in units_needed(asked)])
    inspection = Inspection(
        id=new_id(),
        site_id=receipt.site_id,
        number=number,
        lot_id=receipt.lot_id,
        receipt_id=receipt.id,
        plan_version_id=version.id,
        stage=stage,
        status="open",
        lot_size=lot_size,
        seed=seed.hex(),
        opened_at=now,
        repeats=repeats,
        sampling=sampling or None,
        skipped=skipped or None,
    )
    samples = [
        Sample(new_id(), receipt.site_id, inspection.id, place, unit)
        for place, unit in enumerate(units, start=1)
    ]
    return Opened(inspection, samples, len(units))
