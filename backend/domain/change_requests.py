"""Change control (QUA-3, ISO 13485 7.3.9 and 4.1.4, GMP of China for devices): what a change touches, who is told and
trained, the approval before anything of it is effective, and its close once everything it takes is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from backend.domain.certificates import Signing, Site
from backend.domain.errors import Reason
from backend.domain.ncrs import FollowUp, unkept
from backend.domain.people import Role
from backend.domain.steps import Step
from backend.domain.words import Words

RECORD_FORMAT = "lotgate-change/1"
Kind = Literal[
    "plan", "document", "item", "lot", "equipment", "gauge", "supplier", "label", "software", "other"
]
Status = Literal["draft", "review", "approved", "closed", "withdrawn"]


class Affected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that changes: its kind and code (`plan II-TUB-30`), and how."""

    kind: Kind
    code: str
    how: str = ""


class ChangeRequest(msgspec.Struct, frozen=True):
    """One change, from its draft on. `told`, `trained`: roles."""

    id: str
    site_id: str
    number: str
    title: str
    why: str
    risk: str
    """What the change can do to the device, and what keeps it from doing so."""
    affected: list[Affected]
    told: list[Role]
    trained: list[Role]
    owner_id: str
    due_on: str
    opened_by: str
    opened_at: str
    status: Status = "draft"
    submitted_at: str | None = None
    returned: str | None = None
    """Why it last came back from review."""
    approved_by: str | None = None
    approved_at: str | None = None
    signature_id: str | None = None
    conclusion: str | None = None
    closed_at: str | None = None
    version: int = 1


class ChangeRecord(msgspec.Struct, frozen=True):
    """What the approver is shown and signs."""

    site: Site
    number: str
    title: str
    why: str
    risk: str
    affected: list[Affected]
    told: list[Role]
    trained: list[Role]
    actions: list[str]
    author: str
    signature: Signing
    format: str = RECORD_FORMAT


CHANGE_STEPS = (
    Step("submit", ("draft",), "review"),
    Step("return", ("review",), "draft"),
    Step("approve", ("review",), "approved"),
    Step("close", ("approved",), "closed"),
    Step("withdraw", ("draft", "review"), "withdrawn"),
)
UNAPPROVED: tuple[Status, ...] = ("draft", "review")
STATEMENT = Words(
    "I have reviewed the change above, its risk and what it takes. {number} is approved and may take effect.",
    "本人已审核上述变更、其风险及所需措施。{number} 批准实施。",
)


def against_submitting(request: ChangeRequest) -> list[Reason]:
    """What a draft lacks before somebody can judge it."""
    found = []
    if not request.title.strip():
        found.append(Reason("title_missing", field="title"))
    if not request.why.strip():
        found.append(Reason("reason_missing", field="why"))
    if not request.risk.strip():
        found.append(Reason("risk_missing", field="risk"))
    if not request.affected:
        found.append(Reason("nothing_affected", field="affected"))
    for place, each in enumerate(request.affected):
        if not each.code.strip():
            found.append(Reason("affected_empty", {"kind": each.kind}, f"affected.{place}.code"))
    return found


def against_approving(request: ChangeRequest, person_id: str) -> list[Reason]:
    """Nobody approves what they asked for or will carry out (QUA-3)."""
    own = person_id in (request.opened_by, request.owner_id)
    return [Reason("change_own", {"change": request.number})] if own else []


def against_effect(requests: Sequence[ChangeRequest], kind: Kind, code: str) -> list[Reason]:
    """Nothing of a change is effective before the change is approved: each that touches this and is not."""
    return [
        Reason("change_not_approved", {"change": each.number, "code": code})
        for each in requests
        if each.status in UNAPPROVED
        and any((one.kind, one.code.strip()) == (kind, code) for one in each.affected)
    ]


def against_closing(promises: Sequence[FollowUp], conclusion: str) -> list[Reason]:
    """It is closed once everything that it takes is done."""
    found = unkept(promises)
    if not conclusion.strip():
        found.append(Reason("reason_missing", field="conclusion"))
    return found


def statement(number: str, language: str) -> str:
    """The sentence that is signed."""
    return STATEMENT.in_language(language).format(number=number)
