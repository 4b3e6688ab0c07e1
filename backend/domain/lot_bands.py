"""Lot sizes as people and tables write them: a number, a band of them (`281-500`), an open band (`500001-`)."""

from __future__ import annotations

import re

import msgspec

from backend.domain.double_sampling import DoublePlan, double_plan
from backend.domain.errors import Refused, refuse
from backend.domain.sampling import SamplingPlan, single_plan

_WRITTEN = re.compile(r"([0-9]{1,12})(?:\s*[-–—~]\s*([0-9]{1,12})?)?")


class LotBand(msgspec.Struct, frozen=True):
    """Lots of `first` to `last` units, both included; None: no largest."""

    first: int
    last: int | None


def read_lot_band(text: str) -> LotBand:
    """Read a lot size; refuses `lot_size_invalid` (no such form, no units, or an end before its beginning)."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise refuse("lot_size_invalid", field="lot_size", lot_size=text)
    first, is_band = int(found[1]), len(found[0]) > len(found[1])
    last = (int(found[2]) if found[2] else None) if is_band else first
    if first < 1 or (last is not None and last < first):
        raise refuse("lot_size_invalid", field="lot_size", lot_size=text)
    return LotBand(first, last)


def plan_of_band(
    band: LotBand, level: str, aql: str, severity: str, standard: str = "iso2859-1"
) -> SamplingPlan:
    """The one plan of all lots of a band. `inspect_all`: even the largest lot of it is inspected entirely.

    Refuses what `single_plan` refuses, and `lot_band_has_several_plans`: no plan is chosen among them.
    """
    plan = single_plan(band.first, level, aql, severity, standard)
    if band.first == band.last:
        return plan
    largest = single_plan(band.last or _BEYOND, level, aql, severity, standard)
    if msgspec.structs.replace(plan, inspect_all=False) != msgspec.structs.replace(
        largest, inspect_all=False
    ):
        raise _several(band)
    return largest


def double_plan_of_band(band: LotBand, level: str, aql: str, severity: str, standard: str) -> DoublePlan:
    """The one double plan of all lots of a band, as `plan_of_band`; refuses what `double_plan` refuses too."""
    plan = double_plan(band.first, level, aql, severity, standard)
    largest = double_plan(band.last or _BEYOND, level, aql, severity, standard)
    if (plan.code_letter, plan.stages) != (largest.code_letter, largest.stages):
        raise _several(band)
    return largest


def _several(band: LotBand) -> Refused:
    text = f"{band.first}-{band.last or ''}"
    return refuse("lot_band_has_several_plans", field="lot_size", lot_size=text)


_BEYOND = 10**12  # a lot of the last row of Table 1, larger than every sample
