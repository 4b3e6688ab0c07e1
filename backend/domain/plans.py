"""The inspection plan: what is measured or looked at, by which method, against which limits (SMP-1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

import msgspec

from backend.domain.operating_characteristic import Stage
from backend.domain.result_kinds import DefectKind, Detection, Formula, Replicates
from backend.domain.sampling import SamplingSeverity
from backend.domain.sampling_rules import Rule, SampleSize, sample_size
from backend.domain.skip_lot import NEVER_SKIPPED, Check, SkipLotRule
from backend.domain.words import Words

Kind = Literal["numeric", "attribute", "text"]
Severity = Literal["critical", "major", "minor"]
Rounding = Literal["none", "half_up", "half_even"]

Severities = Mapping[Severity, SamplingSeverity]
NORMAL_FOR_ALL: Severities = MappingProxyType({})


class Limits(msgspec.Struct, frozen=True):
    """Specification limits in the characteristic's unit, both inclusive; None: no limit on that side."""

    lower: Decimal | None = None
    upper: Decimal | None = None
    target: Decimal | None = None


class Method(msgspec.Struct, frozen=True):
    """The document that says how, at the version that is to be followed."""

    document: str
    version: str


class Characteristic(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a plan.

    Numeric: limits in `unit` ("" for a bare number such as a pH), rounded to a multiple of `resolution` by
    `rounding` before they are compared; several readings of a sample where `replicates` says so; never answered
    but computed where there is a `formula`. Attribute: answered with a count of nonconforming units, by kinds of
    `defects` where they are listed. Text: answered with words and the inspector's own verdict on them.
    """

    code: str
    name: Words
    kind: Kind
    severity: Severity
    method: Method
    sampling: Rule
    unit: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None
    target: Decimal | None = None
    resolution: Decimal | None = None
    rounding: Rounding = "none"
    instrument_type: str | None = None
    sampling_point: Words | None = None
    photo_required: bool = False
    detection: Detection | None = None
    replicates: Replicates | None = None
    formula: Formula | None = None
    defects: tuple[DefectKind, ...] = ()
    check: Check = "characteristic"
    """Checks of identity, quantity, label and certificate are made on lots that are skipped as well (SMP-7)."""

    @property
    def limits(self) -> Limits:
        """The limits as one value."""
        return Limits(self.lower, self.upper, self.target)


class PlanDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one version of a plan says; the order is the order of the questions.

    `skip_lot`: only some lots of a proven series are inspected whole (SMP-7).
    """

    characteristics: list[Characteristic]
    skip_lot: SkipLotRule | None = None

    def name_of(self, code: str) -> Words:
        """The name of a characteristic; where this version has none of that code, the code."""
        return next((each.name for each in self.characteristics if each.code == code), Words(code, code))


class Item(msgspec.Struct, frozen=True):
    """One question of an inspection.

    `key` is characteristic code and sample number ("ID-3"). Numeric and text: one item per sample, numbered
    from 1. Attribute: one item, sample number 0, answered with a count among `n`. A formula over all samples: one
    item, sample number 0. `accept` and `reject` are the characteristic's, over all its units of this sample.
    `computed`: by a formula; no person answers it.

    Double sampling: `second` is what follows where the first sample does not decide. An item of the second sample
    has `found`, the nonconforming units of the first, and its `n`, `accept` and `reject` are what is left of the
    plan's: the sum decides.
    """

    key: str
    characteristic: str
    sample_number: int
    n: int
    accept: int
    reject: int
    computed: bool = False
    second: Stage | None = None
    found: int | None = None
    most_outside: Decimal | None = None
    """By variables: the largest estimated percent outside the limits that is accepted."""


def items(
    doc: PlanDocument, lot_size: int, severities: Severities = NORMAL_FOR_ALL, skipped: bool = False
) -> list[Item]:
    """The questions that this plan asks about a lot of `lot_size` units, in order; second samples not among them.

    `severities`: how hard each class of characteristics is inspected; a class not named, normally. `skipped`: only
    what no lot is spared.
    """
    asked = []
    spared = _spared(doc) if skipped else frozenset[str]()
    for characteristic in doc.characteristics:
        if characteristic.code in spared:
            continue
        size = sample_of(characteristic, lot_size, severities.get(characteristic.severity, "normal"))
        formula = characteristic.formula
        once = characteristic.kind == "attribute" or (formula is not None and formula.over == "all")
        numbers = [0] if once else range(1, size.n + 1)
        asked += [
            Item(
                f"{characteristic.code}-{number}",
                characteristic.code,
                number,
                size.n,
                size.accept,
                size.reject,
                formula is not None,
                size.second,
                most_outside=size.most_outside,
            )
            for number in numbers
        ]
    return asked


def _spared(doc: PlanDocument) -> frozenset[str]:
    """Codes that a skipped lot is not asked for; what a formula needs is asked for with it."""
    asked = {each.code for each in doc.characteristics if never_skipped(each)}
    needs = {each.code: each.formula.of for each in doc.characteristics if each.formula is not None}
    while more := {of for code in asked for of in needs.get(code, ())} - asked:
        asked |= more
    return frozenset(each.code for each in doc.characteristics) - asked


def never_skipped(characteristic: Characteristic) -> bool:
    """Checks of identity, quantity, label and certificate, and whatever is critical (SMP-7)."""
    return characteristic.check in NEVER_SKIPPED or characteristic.severity == "critical"


def sample_of(
    characteristic: Characteristic, lot_size: int, severity: SamplingSeverity = "normal"
) -> SampleSize:
    """The characteristic's sample. A critical one accepts none, whatever its rule's tally allows (SMP-5)."""
    size = sample_size(characteristic.sampling, lot_size, severity)
    if characteristic.severity == "critical":
        return SampleSize(size.n, 0, 1, size.inspect_all)
    return size
