"""The inspection plan: what is measured or looked at, by which method, against which limits (SMP-1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

import msgspec

from backend.domain.errors import Fact, Reason, Refused
from backend.domain.sampling import SamplingSeverity
from backend.domain.sampling_rules import Rule, SampleSize, sample_size
from backend.domain.words import Words

Kind = Literal["numeric", "attribute", "text"]
Severity = Literal["critical", "major", "minor"]
Rounding = Literal["none", "half_up", "half_even"]

Severities = Mapping[Severity, SamplingSeverity]
NORMAL_FOR_ALL: Severities = MappingProxyType({})

_ANY_LOT = 10_000  # a lot size that every supported rule has a plan for


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
    `rounding` before they are compared. Attribute: answered with a count of nonconforming units. Text:
    answered with words and the inspector's own verdict on them.
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

    @property
    def limits(self) -> Limits:
        """The limits as one value."""
        return Limits(self.lower, self.upper, self.target)


class PlanDocument(msgspec.Struct, frozen=True):
    """What one version of a plan says; the order is the order of the questions."""

    characteristics: list[Characteristic]


class Item(msgspec.Struct, frozen=True):
    """One question of an inspection.

    `key` is characteristic code and sample number ("ID-3"). Numeric and text: one item per sample, numbered
    from 1. Attribute: one item, sample number 0, answered with a count among `n`. `accept` and `reject` are
    the characteristic's, over all its samples.
    """

    key: str
    characteristic: str
    sample_number: int
    n: int
    accept: int
    reject: int


def items(doc: PlanDocument, lot_size: int, severities: Severities = NORMAL_FOR_ALL) -> list[Item]:
    """The questions that this plan asks about a lot of `lot_size` units, in order.

    `severities`: how hard each class of characteristics is inspected; a class not named, normally.
    """
    asked = []
    for characteristic in doc.characteristics:
        size = sample_of(characteristic, lot_size, severities.get(characteristic.severity, "normal"))
        numbers = [0] if characteristic.kind == "attribute" else range(1, size.n + 1)
        asked += [
            Item(
                f"{characteristic.code}-{number}",
                characteristic.code,
                number,
                size.n,
                size.accept,
                size.reject,
            )
            for number in numbers
        ]
    return asked


def sample_of(
    characteristic: Characteristic, lot_size: int, severity: SamplingSeverity = "normal"
) -> SampleSize:
    """The characteristic's sample. A critical one accepts none, whatever its rule's tally allows (SMP-5)."""
    size = sample_size(characteristic.sampling, lot_size, severity)
    if characteristic.severity == "critical":
        return SampleSize(size.n, 0, 1, size.inspect_all)
    return size


def check_plan(doc: PlanDocument) -> list[Reason]:
    """All that keeps a plan from becoming effective; `field` is a path: `characteristics.2.lower`."""
    if not doc.characteristics:
        return [Reason("characteristics_missing", field="characteristics")]
    reasons = []
    seen: set[str] = set()
    for place, characteristic in enumerate(doc.characteristics):
        found = _check_identity(characteristic) + _check_limits(characteristic) + _check_rule(characteristic)
        if characteristic.code in seen:
            found.append(Reason("code_duplicate", field="code"))
        seen.add(characteristic.code)
        facts: dict[str, Fact] = {"code": characteristic.code}
        reasons += [
            Reason(reason.code, facts | reason.facts, f"characteristics.{place}.{reason.field}")
            for reason in found
        ]
    return reasons


def _check_identity(characteristic: Characteristic) -> list[Reason]:
    method = characteristic.method
    required = {
        "code": characteristic.code,
        "name.en": characteristic.name.en,
        "name.zh": characteristic.name.zh,
        "method.document": method.document,
        "method.version": method.version,
    }
    return [Reason("text_missing", field=field) for field, text in required.items() if not text.strip()]


def _check_limits(characteristic: Characteristic) -> list[Reason]:
    limits, resolution = characteristic.limits, characteristic.resolution
    given = {
        field: value
        for field, value in (("lower", limits.lower), ("upper", limits.upper), ("target", limits.target))
        if value is not None
    }
    if characteristic.kind != "numeric":
        return [Reason("limits_unexpected", {"kind": characteristic.kind}, field) for field in given]
    infinite = [field for field, value in given.items() if not value.is_finite()]
    if infinite or (resolution is not None and not (resolution.is_finite() and resolution > 0)):
        return [Reason("limit_not_finite", field=field) for field in infinite] or [
            Reason("resolution_invalid", {"resolution": str(resolution)}, "resolution")
        ]
    reasons = []
    if limits.lower is None and limits.upper is None:
        reasons.append(Reason("limits_missing", field="lower"))
    if limits.lower is not None and limits.upper is not None and limits.lower > limits.upper:
        facts: dict[str, Fact] = {"lower": str(limits.lower), "upper": str(limits.upper)}
        reasons.append(Reason("limits_contradict", facts, "lower"))
    elif limits.target is not None and _outside(limits.target, limits):
        reasons.append(Reason("target_outside_limits", {"target": str(limits.target)}, "target"))
    return reasons + _check_rounding(characteristic, given)


def _check_rounding(characteristic: Characteristic, given: dict[str, Decimal]) -> list[Reason]:
    """A limit between two multiples of the resolution is never met exactly: rounded values jump over it."""
    if characteristic.rounding == "none":
        return []
    resolution = characteristic.resolution
    if resolution is None:
        return [Reason("resolution_missing", {"rounding": characteristic.rounding}, "resolution")]
    return [
        Reason("limit_finer_than_resolution", {"limit": str(value), "resolution": str(resolution)}, field)
        for field, value in given.items()
        if field != "target" and not _is_multiple(value, resolution)
    ]


def _is_multiple(value: Decimal, step: Decimal) -> bool:
    top, bottom = value.as_integer_ratio()
    step_top, step_bottom = step.as_integer_ratio()
    return (top * step_bottom) % (bottom * step_top) == 0


def _outside(value: Decimal, limits: Limits) -> bool:
    return (limits.lower is not None and value < limits.lower) or (
        limits.upper is not None and value > limits.upper
    )


def _check_rule(characteristic: Characteristic) -> list[Reason]:
    try:
        sample_size(characteristic.sampling, _ANY_LOT)
    except Refused as refused:
        return [Reason(r.code, r.facts, f"sampling.{r.field}") for r in refused.reasons]
    return []
