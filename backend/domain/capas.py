"""Corrective and preventive action (QUA-2, ISO 13485 8.5.2 and 8.5.3, 21 CFR 820.100).

Cause first, then a plan whose actions have owners and days, a check that the plan does no harm, a waiting time after
which evidence says whether it worked, and the close under a second person's signature. What did not work goes back to
its cause with the attempt kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from backend.domain.certificates import Signing, Site
from backend.domain.days import is_day_from
from backend.domain.errors import Reason
from backend.domain.ncrs import FollowUp, unkept
from backend.domain.steps import Step
from backend.domain.words import Words

RECORD_FORMAT = "lotgate-capa/1"
DAYS = 30
"""In how many days it should be closed unless somebody says otherwise."""
Branch = Literal["people", "machine", "material", "method", "measurement", "environment"]
"""The bones of the cause-and-effect diagram (Ishikawa)."""
WHYS = 5
Status = Literal["open", "analysed", "planned", "waiting", "effective", "closed", "withdrawn"]


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it answers: the number of a report or complaint, or words for an audit or a trend."""

    kind: Literal["ncr", "complaint", "audit", "trend", "supplier", "other"]
    number: str


class Cause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One possible cause on one bone; `proven`: what was found when it was looked into."""

    branch: Branch
    text: str
    proven: bool = False


class Round(msgspec.Struct, frozen=True):
    """An attempt that did not work, as it stood when that was found."""

    root_cause: str
    criterion: str
    evidence: str
    at: str
    by: str
    attachments: list[str] = []


class Capa(msgspec.Struct, frozen=True):
    """One corrective or preventive action. Days are ISO days at the site."""

    id: str
    site_id: str
    number: str
    title: str
    problem: str
    sources: list[Origin]
    owner_id: str
    due_on: str
    opened_by: str
    opened_at: str
    status: Status = "open"
    whys: list[str] = []
    causes: list[Cause] = []
    root_cause: str | None = None
    adverse: str | None = None
    """Why the actions do not harm the device or its conformity (820.100(a)(4))."""
    criterion: str | None = None
    """What has to be so for it to have worked."""
    waits_until: str | None = None
    """From this day on its effect can be judged."""
    evidence: str | None = None
    attachments: list[str] = []
    rounds: list[Round] = []
    signature_id: str | None = None
    closed_at: str | None = None
    version: int = 1


class CapaRecord(msgspec.Struct, frozen=True):
    """What the person who closes it is shown and signs."""

    site: Site
    number: str
    title: str
    problem: str
    sources: list[Origin]
    whys: list[str]
    causes: list[Cause]
    root_cause: str
    actions: list[str]
    adverse: str
    criterion: str
    evidence: str
    attachments: list[str]
    rounds: list[Round]
    signature: Signing
    format: str = RECORD_FORMAT


CAPA_STEPS = (
    Step("analyse", ("open", "analysed"), "analysed"),
    Step("plan", ("analysed", "planned"), "planned"),
    Step("carry_out", ("planned",), "waiting"),
    Step("find_effective", ("waiting",), "effective"),
    Step("find_ineffective", ("waiting",), "open"),
    Step("close", ("effective",), "closed"),
    Step("withdraw", ("open", "analysed", "planned"), "withdrawn"),
)
STATEMENT = Words(
    "I have reviewed the cause, the actions and the evidence above. {number} has worked and is closed.",
    "本人已审核上述原因、措施及证据。{number} 措施有效，予以关闭。",
)


def against_analysis(whys: Sequence[str], causes: Sequence[Cause], root_cause: str) -> list[Reason]:
    """What a cause lacks: a chain of whys, or a bone that was proven; and the cause itself in words."""
    found = []
    if not root_cause.strip():
        found.append(Reason("cause_missing", field="root_cause"))
    if not any(why.strip() for why in whys) and not any(cause.proven for cause in causes):
        found.append(Reason("cause_unfounded", field="whys"))
    if len(whys) > WHYS:
        found.append(Reason("whys_too_many", {"most": WHYS}, "whys"))
    for place, cause in enumerate(causes):
        if not cause.text.strip():
            found.append(Reason("cause_empty", {"branch": cause.branch}, f"causes.{place}.text"))
    return found


def against_plan(
    promised: int, adverse: str, criterion: str, waits_until: str, last_due: str, today: str
) -> list[Reason]:
    """What a plan lacks. `promised`: how many actions it has; `last_due`: when the last of them is due."""
    found = []
    if promised == 0:
        found.append(Reason("plan_without_actions", field="actions"))
    if not adverse.strip():
        found.append(Reason("adverse_missing", field="adverse"))
    if not criterion.strip():
        found.append(Reason("criterion_missing", field="criterion"))
    if not is_day_from(waits_until, date.fromisoformat(today)):
        found.append(Reason("due_day_wrong", {"due_on": waits_until}, "waits_until"))
    elif waits_until <= last_due:
        found.append(
            Reason("waiting_too_short", {"waits_until": waits_until, "last_due": last_due}, "waits_until")
        )
    return found


def against_carrying_out(promises: Sequence[FollowUp]) -> list[Reason]:
    """Nothing waits for its effect before it was done."""
    return unkept(promises)


def against_judging(capa: Capa, evidence: str, today: str) -> list[Reason]:
    """Its effect is judged after the waiting time, by evidence (QUA-2)."""
    found = []
    if capa.waits_until is not None and today < capa.waits_until:
        found.append(Reason("capa_waits", {"capa": capa.number, "until": capa.waits_until}))
    if not evidence.strip():
        found.append(Reason("evidence_missing", field="evidence"))
    return found


def against_closing(capa: Capa, person_id: str) -> list[Reason]:
    """Nobody closes what they own."""
    return [Reason("capa_own", {"capa": capa.number})] if capa.owner_id == person_id else []


def statement(number: str, language: str) -> str:
    """The sentence that is signed."""
    return STATEMENT.in_language(language).format(number=number)
