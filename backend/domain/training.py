"""Who must be trained in which document, and who is (REL-11; 21 CFR 11.10(i), ISO 13485 6.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from backend.domain.documents import Document, Question
from backend.domain.errors import Reason
from backend.domain.people import Role

Standing = Literal["trained", "missing", "lapsed"]
LONGEST_LAPSE = 3_660
WARNED = timedelta(days=14)
"""How long before training lapses its reader is asked again."""


class TrainingNeed(msgspec.Struct, frozen=True):
    """A person, or everybody in a role, must be trained in a document; `lapses_days`: how long training counts."""

    id: str
    site_id: str
    document_id: str
    person_id: str | None
    role: Role | None
    lapses_days: int | None
    since: str
    ended_at: str | None = None
    version: int = 1


class Training(msgspec.Struct, frozen=True):
    """A person has read a version, answered its quiz and confirmed it; `lapses_on`: the last ISO day that it counts."""

    id: str
    site_id: str
    person_id: str
    document_id: str
    document_version_id: str
    read_at: str
    passed_at: str
    lapses_on: str | None


class TrainingAttempt(msgspec.Struct, frozen=True):
    """Answers to a quiz, by place; kept whether they were right or not."""

    id: str
    site_id: str
    person_id: str
    document_version_id: str
    answers: list[int]
    wrong: int
    at: str


class Owed(msgspec.Struct, frozen=True):
    """A document whose version in force somebody is not trained in, who has to be."""

    document: str
    revision: str
    version_id: str
    why: Standing


def covers(need: TrainingNeed, person_id: str, roles: Collection[str]) -> bool:
    """Whether a need in force is about this person."""
    if need.ended_at is not None:
        return False
    return need.person_id == person_id or (need.role is not None and need.role in roles)


def standing(version_id: str, trainings: Iterable[Training], today: str) -> Standing:
    """How a person stands with one version: training in an earlier one does not count, nor what has lapsed."""
    mine = [each for each in trainings if each.document_version_id == version_id]
    if not mine:
        return "missing"
    return "trained" if any(each.lapses_on is None or each.lapses_on >= today for each in mine) else "lapsed"


def owed(
    documents: Iterable[Document],
    needs: Sequence[TrainingNeed],
    trainings: Sequence[Training],
    person_id: str,
    roles: Collection[str],
    today: str,
) -> list[Owed]:
    """What this person still has to be trained in; a document without a version in force can't be read for it."""
    found = []
    for document in documents:
        version_id = document.effective_id
        covered = any(need.document_id == document.id and covers(need, person_id, roles) for need in needs)
        if not covered or version_id is None:
            continue
        mine = [each for each in trainings if each.person_id == person_id]
        state = standing(version_id, mine, today)
        if state != "trained":
            found.append(Owed(document.number, document.effective_revision or "", version_id, state))
    return found


def untrained(each: Owed) -> Reason:
    """The refusal, with the way out: read it on the page and pass."""
    return Reason(
        "untrained",
        {
            "document": each.document,
            "revision": each.revision,
            "why": each.why,
            "read": f"/#/training/{each.version_id}",
            "rule": "REL-11",
        },
    )


def lapse(needs: Sequence[TrainingNeed], person_id: str, roles: Collection[str], today: date) -> str | None:
    """The last day that training finished today counts: the strictest of the needs. None: for good."""
    days = [
        need.lapses_days for need in needs if covers(need, person_id, roles) and need.lapses_days is not None
    ]
    return (today + timedelta(days=min(days))).isoformat() if days else None


def wrong(questions: Sequence[Question], answers: Sequence[int]) -> int:
    """How many questions of a quiz are answered wrongly or not at all; answers beyond the quiz count as wrong."""
    right = sum(question.right == answer for question, answer in zip(questions, answers, strict=False))
    return max(len(questions), len(answers)) - right
