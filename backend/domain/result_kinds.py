"""What a plan asks of results beyond one number: limits of detection, several readings, formulas, kinds of defects.

rule       several readings of a sample       a formula over characteristics
each       every one must conform             -
mean       their mean                         of the values
range      largest less smallest              of the values
max, min   the largest, the smallest          of the values
sum        -                                  of the values
difference -                                  the first less the second
ratio      -                                  the first by the second

All is computed exactly and rounded once, at the end, by the characteristic's own rule (RES-3). A reading that is
missing leaves the result missing; one that is only known as "less than" leaves it undecidable, with the reason
(RES-2): neither is ever put into a mean.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.words import Words

Severity = Literal["critical", "major", "minor"]
Qualifier = Literal["", "<", "<=", ">", ">="]
DetectionLimit = Literal["lod", "loq", "uloq"]
CensoringRule = Literal["interval"]
Reduction = Literal["each", "mean", "range", "max", "min"]
Calculation = Literal["sum", "difference", "ratio", "mean", "range", "max", "min"]
Why = Literal["censored", "division_by_zero"]


class Detection(msgspec.Struct, frozen=True):
    """Limits of the method in the characteristic's unit, and the rule by which a result beyond one is judged.

    "<LOD" and "not detected" become less than `lod`, "<LOQ" less than `loq`, ">ULOQ" more than `uloq`. Rule
    `interval`: such a result stands for everything below (above) its limit; it conforms if all of that does.
    """

    lod: Decimal | None = None
    loq: Decimal | None = None
    uloq: Decimal | None = None
    rule: CensoringRule = "interval"

    def limit(self, name: DetectionLimit) -> Decimal | None:
        """The limit of this name."""
        return {"lod": self.lod, "loq": self.loq, "uloq": self.uloq}[name]


class Replicates(msgspec.Struct, frozen=True):
    """So many readings are taken of each sample and reduced by a rule."""

    count: int
    rule: Reduction


class Formula(msgspec.Struct, frozen=True):
    """A value computed over other characteristics, by their codes.

    `sample`: of each sample, from the values of that sample. `all`: once, over all values of all samples.
    """

    rule: Calculation
    of: tuple[str, ...]
    over: Literal["sample", "all"] = "sample"


class DefectKind(msgspec.Struct, frozen=True):
    """A kind of defect that is counted by itself, and its class."""

    code: str
    name: Words
    severity: Severity


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reading of a sample: as typed, its value in the characteristic's unit, unrounded.

    `limit`: the plan's limit that stands for a result beyond it. `unit`: it was typed in this one and converted.
    """

    entered: str
    value: Decimal
    qualifier: Qualifier = ""
    limit: DetectionLimit | None = None
    unit: str | None = None


class DefectCount(msgspec.Struct, frozen=True):
    """How many units show this kind of defect."""

    code: str
    severity: Severity
    count: int


class Input(msgspec.Struct, frozen=True):
    """A reading that a formula took."""

    item_key: str
    reading_id: str


class Basis(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a value came from what was entered, kept on the record: by which rule, from what; `why` it has none."""

    rule: str
    parts: list[Part] = []
    defects: list[DefectCount] = []
    inputs: list[Input] = []
    why: Why | None = None
