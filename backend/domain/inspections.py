"""An inspection of one receipt under one frozen plan version, its samples and its readings."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.people import Source
from backend.domain.plans import Severity
from backend.domain.result_kinds import Basis
from backend.domain.sampling import SamplingSeverity
from backend.domain.sampling_rules import Edition
from backend.domain.steps import Step
from backend.domain.words import Words

Stage = Literal["incoming", "in_process", "final"]


class Plan(msgspec.Struct, frozen=True):
    """The inspection plan of an item at a stage; what it asks stands in its versions."""

    id: str
    site_id: str
    item_id: str
    stage: Stage
    code: str
    name: Words


class ClassSampling(msgspec.Struct, frozen=True, omit_defaults=True):
    """One severity class of an inspection: how it is sampled, and what its lot says to the series.

    `severity` is fixed when the inspection opens, `since` the lot after which the series is inspected so;
    `stopped`: the series was discontinued then. `standard`: whose switching rules hold. `accepted`, `points`,
    `decided_at` and `in_gap` come with the verdict; a correction leaves the place in the series.
    """

    of: Severity
    severity: SamplingSeverity
    since: str | None = None
    stopped: bool = False
    accepted: bool | None = None
    points: int = 0
    decided_at: str | None = None
    standard: Edition = "iso2859-1"
    in_gap: bool = False


class Inspection(msgspec.Struct, frozen=True):
    """Opened at receipt. The plan version is frozen here (SMP-8); `seed` (hex) decides which units to pull (SMP-6)."""

    id: str
    site_id: str
    number: str
    lot_id: str
    receipt_id: str
    plan_version_id: str
    stage: Stage
    status: Literal["open", "in_progress", "passed", "failed"]
    lot_size: int
    seed: str
    opened_at: str
    assigned_to: str | None = None
    finished_at: str | None = None
    repeats: str | None = None
    """The failed inspection that this one repeats after a rework (LOT-6); the failure stays on record."""
    sampling: list[ClassSampling] | None = None
    """By severity class, where characteristics are sampled by AQL (SMP-4)."""
    version: int = 1
    purpose: Literal["resample", "retest", "return"] | None = None
    """Why it was opened beside another one of the receipt; a re-sample speaks for the same stock once more, what a
    customer sent back is asked everything (LOT-7)."""
    again_of: str | None = None
    """Of a re-sample: the inspection whose question it asks again; both stay, a person decides which stands."""
    retest_for: str | None = None
    """Of a retest: the retest date that its acceptance moves on."""
    skipped: bool | None = None
    """Only what no lot is spared is asked of this one (SMP-7)."""
    unit: str | None = None
    """What `lot_size` counts; None: stock units (LOT-8)."""


class Sample(msgspec.Struct, frozen=True):
    """One numbered unit pulled for an inspection; `unit` is its position in the lot, drawn from the seed."""

    id: str
    site_id: str
    inspection_id: str
    number: int
    unit: int


class Reading(msgspec.Struct, frozen=True):
    """One answer to one item of an inspection, as entered and as judged (RES-9).

    Numeric: `value` (+ `qualifier`). Attribute: `value` counts the nonconforming among `sample size`.
    Text: `entered`. A formula's: `entered` is the value
    rounded, `value` the unrounded. A correction supersedes, the old one stays (RES-5).
    """

    id: str
    site_id: str
    inspection_id: str
    sample_id: str | None
    item_key: str
    characteristic: str
    entered: str
    value: Decimal | None
    qualifier: str | None
    verdict: Literal["conforming", "nonconforming", "undecidable"]
    status: Literal["current", "superseded", "invalid"]
    person_id: str
    source: Source
    at: str
    device_at: str | None
    attachments: list[str]
    corrects: str | None = None
    reason: str | None = None
    gauge_id: str | None = None
    gauge_due_on: str | None = None
    gauge_resolution: Decimal | None = None
    """The gauge as it was at use, its step in its own unit (RES-6); none where the plan asks for no instrument."""
    basis: Basis | None = None
    """How `value` came from `entered`, where it is not simply what was typed (RES-2..4)."""

    @property
    def computed(self) -> bool:
        """By a formula, from other readings."""
        return self.basis is not None and bool(self.basis.inputs)


def contributors(readings: Iterable[Reading]) -> list[str]:
    """Ids of everybody who recorded one of them: they neither release by themselves nor decide about them (REL-3)."""
    return sorted({reading.person_id for reading in readings})


class Judgement(msgspec.Struct, frozen=True):
    """What a reading was judged under a plan version, where an inspection moved between two (SMP-8).

    `verdict` None: that version does not ask this question, or asks another of the same name.
    """

    id: str
    site_id: str
    inspection_id: str
    reading_id: str
    plan_version_id: str
    verdict: Literal["conforming", "nonconforming", "undecidable"] | None
    at: str


INSPECTION_STEPS = (
    Step("record", ("open", "in_progress"), "in_progress"),
    Step("pass", ("in_progress",), "passed"),
    Step("fail", ("in_progress",), "failed"),
    Step("reopen", ("passed", "failed"), "in_progress"),
)
