"""A signal of a control chart: what the rules showed, at which lots, and what a person made of it (RES-11).

Advice: no verdict, hold or blocker reads this noun.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.inspections import Stage
from backend.domain.steps import Step

Part = Literal["position", "spread"]
SignalStatus = Literal["open", "acknowledged", "explained", "referred", "rebased", "dismissed"]
Answer = Literal["acknowledge", "explain", "refer", "rebase", "dismiss"]


class Shown(msgspec.Struct, frozen=True):
    """A rule that the chart showed, and the inspections of the lots it looked at; the newest is the last."""

    part: Part
    rule: int
    inspections: list[str]


class ChartProposal(msgspec.Struct, frozen=True):
    """What stood on the chart when it signalled; numbers as text, since the log holds no floats."""

    chart: str
    position: str
    lower: str
    centre: str
    upper: str
    spread: str | None
    spread_upper: str | None
    baseline: int
    frozen: bool
    values: list[str]
    """Of the newest lot, as recorded."""


class ChartSignal(msgspec.Struct, frozen=True):
    """One lot on one chart, with every rule that it met and that nobody was told of these points before.

    The chart is that of a material's characteristic, of one supplier ("" our own production), stage and unit.
    `rule_set`: the setting that made it. `status` other than open is what a person said, with `reason`.
    """

    id: str
    site_id: str
    item_id: str
    supplier_id: str
    stage: Stage
    characteristic: str
    unit: str
    inspection_id: str
    lot_id: str
    shown: list[Shown]
    proposal: ChartProposal
    rule_set: str
    at: str
    status: SignalStatus
    reason: str | None = None
    ncr_id: str | None = None
    """The nonconformity report that it was referred to."""
    answered_by: str | None = None
    answered_at: str | None = None
    version: int = 1


SIGNAL_STEPS = (
    Step("acknowledge", ("open",), "acknowledged"),
    Step("explain", ("open", "acknowledged"), "explained"),
    Step("refer", ("open", "acknowledged"), "referred"),
    Step("rebase", ("open", "acknowledged"), "rebased"),
    Step("dismiss", ("open", "acknowledged"), "dismissed"),
)
"""`explain`: the cause is known. `rebase`: the process was changed on purpose, a new baseline begins at this lot."""
