"""Making a version of a plan effective is a signed act (QUA-4, SIG-2): the record that is shown and signed."""

from __future__ import annotations

import msgspec

from backend.domain.certificates import Signing, Site
from backend.domain.inspections import Stage
from backend.domain.plan_changes import CharacteristicChange
from backend.domain.plan_trials import TrialCounts
from backend.domain.plans import Characteristic
from backend.domain.words import Words

RECORD_FORMAT = "lotgate-plan/1"
STATEMENT = Words(
    "I have reviewed the plan above and its trial on past results. "
    "Version {number} of {plan} is effective from now on.",
    "本人已审核上述计划及其在历史结果上的试算。自即时起，{plan} 第 {number} 版生效。",
)


class PlanName(msgspec.Struct, frozen=True):
    """Which plan: of which item, at which stage."""

    code: str
    name: Words
    item: str
    item_name: Words
    stage: Stage


class TrialSaid(msgspec.Struct, frozen=True):
    """The trial on past data that the reviewer was shown."""

    counts: TrialCounts
    by: str
    at: str


class PlanRecord(msgspec.Struct, frozen=True):
    """What the signer was shown and signed; `replaces`: the number of the version that it makes obsolete."""

    site: Site
    plan: PlanName
    version: int
    replaces: int | None
    change: str
    authors: list[str]
    changes: list[CharacteristicChange]
    characteristics: list[Characteristic]
    trial: TrialSaid
    signature: Signing
    format: str = RECORD_FORMAT


def statement(plan: str, number: int, language: str) -> str:
    """The sentence that is signed."""
    return STATEMENT.in_language(language).format(plan=plan, number=number)
