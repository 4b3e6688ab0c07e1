"""Documents under control and their versions: draft, in review, effective, obsolete (QUA-4, ISO 13485 4.2.4).

| ISO 13485:2016 4.2.4 | here |
|---|---|
| a) reviewed and approved before issue | `submit`, `approve`: signed by somebody who wrote nothing of it |
| b) updated and approved anew | a change is a new version with what changed |
| c) revision status and changes identified | `revision`, `status`, `change` |
| d) relevant versions at points of use | a method's version is checked when an inspection starts |
| g), h) against loss; unintended use of obsolete ones | nothing is deleted; only the effective version is started |
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

import msgspec

from backend.domain.errors import Reason
from backend.domain.steps import Step
from backend.domain.words import Words

DocumentKind = Literal[
    "specification", "method", "plan", "calibration_certificate", "supplier_certificate", "procedure"
]
DocumentStatus = Literal["draft", "in_review", "effective", "obsolete"]

LONGEST_TEXT = 60_000
LONGEST_CHANGE = 2_000
MOST_QUESTIONS = 5
CHOICES = range(2, 7)
LONGEST_QUESTION = 300
_NUMBER = re.compile(r"[^\s\"\\\x00-\x1f](?:[^\"\\\x00-\x1f]{0,38}[^\s\"\\\x00-\x1f])?")
"""What may stand in a plan's method as it is, without an escape."""


class Document(msgspec.Struct, frozen=True):
    """One document for ever; a number is never given twice. `effective_*`: its version in force, if any.

    `withdrawn_on`: the ISO day on which its last version went out of force with none after it.
    """

    id: str
    site_id: str
    number: str
    name: Words
    kind: DocumentKind
    owner_id: str
    effective_id: str | None = None
    effective_revision: str | None = None
    withdrawn_on: str | None = None
    version: int = 1

    @property
    def controls(self) -> bool:
        """Whether work by it is judged: from its first approval on, and for ever after."""
        return self.effective_id is not None or self.withdrawn_on is not None


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question of a quiz: one of its choices is right (its place, from 0)."""

    text: str
    choices: list[str]
    right: int


class DocumentVersion(msgspec.Struct, frozen=True):
    """`text` never changes once the version is effective. `number` counts from 1, `revision` is what people call it.

    `file`: SHA-256 of an attachment on record. `authors`: ids of everybody who wrote on it.
    """

    id: str
    site_id: str
    document_id: str
    number: int
    revision: str
    status: DocumentStatus
    text: str
    questions: list[Question]
    authors: list[str]
    file: str | None = None
    change: str | None = None
    effective_from: str | None = None
    obsolete_from: str | None = None
    signature_id: str | None = None
    version: int = 1


# step, from, to
DOCUMENT_STEPS = (
    Step("edit", ("draft",), "draft"),
    Step("submit", ("draft",), "in_review"),
    Step("return", ("in_review",), "draft"),
    Step("approve", ("in_review",), "effective"),
    Step("replace", ("effective",), "obsolete"),
    Step("withdraw", ("effective",), "obsolete"),
)


class Named(NamedTuple):
    """A method as a plan names it: the number of a document, and a revision where it names one."""

    document: str
    revision: str


def against_document(number: str, name: Words) -> list[Reason]:
    """What is wrong with a document's number or name."""
    found = []
    if _NUMBER.fullmatch(number) is None:
        found.append(Reason("document_number_malformed", {"number": number[:40]}, "number"))
    if not 0 < len(name.en.strip()) <= 200 or not 0 < len(name.zh.strip()) <= 200:
        found.append(Reason("document_name_missing", {}, "name"))
    return found


def against_new_draft(versions: Sequence[DocumentVersion], revision: str) -> list[Reason]:
    """Why a draft called so can't be begun: another one is open, or a version was called so before."""
    found = []
    open_one = next((each for each in versions if each.status in ("draft", "in_review")), None)
    if open_one is not None:
        found.append(
            Reason("document_draft_open", {"revision": open_one.revision, "rule": "QUA-4"}, "revision")
        )
    if not 0 < len(revision) <= 20 or revision != revision.strip():
        found.append(Reason("revision_malformed", {"longest": 20}, "revision"))
    elif any(each.revision == revision for each in versions):
        found.append(Reason("revision_taken", {"revision": revision, "rule": "QUA-4"}, "revision"))
    return found


def against_writing(text: str, questions: Sequence[Question]) -> list[Reason]:
    """What no draft may be, finished or not."""
    found = []
    if len(text) > LONGEST_TEXT or "\x00" in text:
        found.append(Reason("document_text_malformed", {"longest": LONGEST_TEXT}, "text"))
    if len(questions) > MOST_QUESTIONS:
        found.append(Reason("quiz_too_long", {"most": MOST_QUESTIONS}, "questions"))
    for place, question in enumerate(questions, start=1):
        texts = [question.text, *question.choices]
        sound = (
            all(0 < len(each.strip()) <= LONGEST_QUESTION for each in texts)
            and len(question.choices) in CHOICES
            and len(set(question.choices)) == len(question.choices)
            and 0 <= question.right < len(question.choices)
        )
        if not sound:
            found.append(Reason("quiz_question_malformed", {"place": place}, "questions"))
    return found


def against_submission(version: DocumentVersion) -> list[Reason]:
    """What a draft lacks before somebody can review it: words or a file, and what changed."""
    found = []
    if not version.text.strip() and version.file is None:
        found.append(Reason("document_empty", {"rule": "QUA-4"}, "text"))
    if not (version.change or "").strip():
        found.append(
            Reason("document_change_missing", {"longest": LONGEST_CHANGE, "rule": "QUA-4"}, "change")
        )
    return found


def against_approval(version: DocumentVersion, person_id: str) -> list[Reason]:
    """Whoever wrote on a version does not approve it."""
    if person_id in version.authors:
        return [Reason("document_own_draft", {"revision": version.revision, "rule": "QUA-4"})]
    return []


def may_start(named: Named, documents: Collection[Document]) -> list[Reason]:
    """Why work by this method can't be started: its document is under control, and what the plan names is not the
    version in force. A document that is not kept here, or was never in force, is not judged; a method without a
    revision takes what is in force."""
    found = []
    for document in documents:
        if document.number != named.document or not document.controls:
            continue
        effective = document.effective_revision
        if effective is None or named.revision not in ("", effective):
            facts = {
                "document": document.number,
                "revision": named.revision,
                "effective": effective or "",
                "rule": "QUA-4",
            }
            found.append(Reason("method_not_effective", dict(facts)))
    return found
