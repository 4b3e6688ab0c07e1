"""Documents under control as people read them: the list with its search, every version for ever, who is trained."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from backend.domain.documents import Document, DocumentVersion, Question
from backend.domain.errors import Reason
from backend.domain.people import Who
from backend.domain.signatures import Signature
from backend.domain.training import Training, TrainingAttempt, TrainingNeed, covers, standing
from backend.domain.words import Words
from backend.store.documents import against_effect, learners, needs_of, plans_naming, versions_of
from backend.store.people import roles_of
from backend.store.reader import Reader
from backend.views.people import printed_names
from backend.views.plans import SignedShown

MOST = 200
KNOW_THE_QUIZ = {"keep_document_draft", "approve_document"}


class DocumentLine(msgspec.Struct, frozen=True):
    """A document in the list; `found`: some words around what was searched for, in the version in force or the last."""

    id: str
    number: str
    name: Words
    kind: str
    owner: str
    effective: str | None
    effective_from: str | None
    draft: str | None
    """Revision and status of what is being written or reviewed."""
    draft_status: str | None
    withdrawn_on: str | None
    found: str | None


class DocumentVersionLine(msgspec.Struct, frozen=True):
    """A version in a document's history."""

    id: str
    number: int
    revision: str
    status: str
    change: str | None
    authors: list[str]
    effective_from: str | None
    obsolete_from: str | None
    signature: SignedShown | None


class NeedLine(msgspec.Struct, frozen=True):
    """Who must be trained: a role or a person."""

    person_id: str | None
    person: str | None
    role: str | None
    lapses_days: int | None


class LearnerLine(msgspec.Struct, frozen=True):
    """One person who must be trained in the version in force, and how they stand."""

    person_id: str
    person: str
    roles: list[str]
    standing: str
    passed_at: str | None
    lapses_on: str | None
    attempts: int


class DocumentCard(msgspec.Struct, frozen=True):
    """One document: versions, the newest first; `plans`: of the plans in force, whose methods name another revision."""

    id: str
    number: str
    name: Words
    kind: str
    owner_id: str
    owner: str
    effective_id: str | None
    withdrawn_on: str | None
    versions: list[DocumentVersionLine]
    needs: list[NeedLine]
    learners: list[LearnerLine]
    plans: list[str]


class DocumentSheet(msgspec.Struct, frozen=True):
    """One version, to be written or judged; `mine`: who reads wrote on it."""

    id: str
    document_id: str
    document: str
    name: Words
    kind: str
    number: int
    revision: str
    status: str
    version: int
    text: str
    file: str | None
    change: str | None
    questions: list[Question]
    authors: list[str]
    mine: bool
    against: list[Reason]
    effective_from: str | None
    obsolete_from: str | None
    signature: SignedShown | None


class Asked(msgspec.Struct, frozen=True):
    """A question as its reader sees it: which choice is right stays here."""

    text: str
    choices: list[str]


class Lesson(msgspec.Struct, frozen=True):
    """A version to read, with its quiz, and how the reader stands."""

    version_id: str
    document: str
    name: Words
    kind: str
    revision: str
    status: str
    text: str
    file: str | None
    change: str | None
    questions: list[Asked]
    standing: str
    passed_at: str | None
    lapses_on: str | None
    attempts: int


class LessonLine(msgspec.Struct, frozen=True):
    """What somebody has to be trained in."""

    version_id: str
    document: str
    name: Words
    revision: str
    standing: str
    lapses_on: str | None


async def list_documents(read: Reader, site_id: str, words: str = "") -> list[DocumentLine]:
    """By number. `words`: what must stand in number, name or text of a version, in any script; case does not matter."""
    sought = words.strip().lower()
    like = "%" + sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    documents = await read.all(
        Document,
        "site_id = $1 and ($2 = '%%' or lower(number) like $2 escape '\\' or lower(name) like $2 escape '\\' "
        "or exists (select 1 from document_version v where v.document_id = document.id "
        f"and lower(v.text) like $2 escape '\\')) order by number limit {MOST}",
        site_id,
        like,
    )
    names = await printed_names(read, site_id)
    lines = []
    for document in documents:
        versions = await versions_of(read, document.id)
        effective = next((each for each in versions if each.id == document.effective_id), None)
        draft = next((each for each in versions if each.status in ("draft", "in_review")), None)
        lines.append(
            DocumentLine(
                document.id,
                document.number,
                document.name,
                document.kind,
                names.get(document.owner_id, ""),
                effective.revision if effective else None,
                effective.effective_from if effective else None,
                draft.revision if draft else None,
                draft.status if draft else None,
                document.withdrawn_on,
                _around((effective or versions[-1]).text, sought),
            )
        )
    return lines


def _around(text: str, sought: str) -> str | None:
    place = text.lower().find(sought) if sought else -1
    if place < 0:
        return None
    start, end = max(place - 30, 0), place + len(sought) + 50
    return ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")


async def document_card(read: Reader, document_id: str, now: str, today: str) -> DocumentCard:
    """By id."""
    document = await read.get(Document, document_id)
    versions = await versions_of(read, document_id)
    names = await printed_names(read, document.site_id)
    needs = await needs_of(read, document_id)
    lines = [await _line(read, each, names) for each in reversed(versions)]
    plans = (
        await plans_naming(read, document.site_id, document.number, document.effective_revision)
        if document.controls
        else []
    )
    return DocumentCard(
        document.id,
        document.number,
        document.name,
        document.kind,
        document.owner_id,
        names.get(document.owner_id, ""),
        document.effective_id,
        document.withdrawn_on,
        lines,
        [
            NeedLine(each.person_id, names.get(each.person_id or ""), each.role, each.lapses_days)
            for each in needs
        ],
        await _learners(read, document, needs, now, today),
        plans,
    )


async def _line(read: Reader, version: DocumentVersion, names: dict[str, str]) -> DocumentVersionLine:
    return DocumentVersionLine(
        version.id,
        version.number,
        version.revision,
        version.status,
        version.change,
        [names.get(each, "") for each in version.authors],
        version.effective_from,
        version.obsolete_from,
        await _signed(read, version.signature_id),
    )


async def _signed(read: Reader, signature_id: str | None) -> SignedShown | None:
    if signature_id is None:
        return None
    found = await read.get(Signature, signature_id)
    return SignedShown(found.printed_name, found.meaning, found.signed_at, found.digest)


async def _learners(
    read: Reader, document: Document, needs: list[TrainingNeed], now: str, today: str
) -> list[LearnerLine]:
    version_id = document.effective_id
    if version_id is None:
        return []
    trainings = await read.all(Training, "document_version_id = $1 order by passed_at, id", version_id)
    attempts = await read.all(TrainingAttempt, "document_version_id = $1 order by id", version_id)
    found = []
    for person in await learners(read, document.site_id, needs, now):
        mine = [each for each in trainings if each.person_id == person.id]
        last = mine[-1] if mine else None
        found.append(
            LearnerLine(
                person.id,
                person.printed_name,
                list(await roles_of(read, person, now)),
                standing(version_id, mine, today),
                last.passed_at if last else None,
                last.lapses_on if last else None,
                sum(each.person_id == person.id for each in attempts),
            )
        )
    return sorted(found, key=lambda each: each.person)


async def document_sheet(read: Reader, version_id: str, who: Who, allowed: Collection[str]) -> DocumentSheet:
    """By the version's id, obsolete ones too. `allowed`: what the reader may do; the quiz with what is right is for
    those who write or sign documents."""
    person_id = who.person_id
    version = await read.get(DocumentVersion, version_id)
    document = await read.get(Document, version.document_id)
    names = await printed_names(read, version.site_id)
    reviewed = version.status == "in_review"
    return DocumentSheet(
        version.id,
        document.id,
        document.number,
        document.name,
        document.kind,
        version.number,
        version.revision,
        version.status,
        version.version,
        version.text,
        version.file,
        version.change,
        version.questions if KNOW_THE_QUIZ & set(allowed) else [],
        [names.get(each, "") for each in version.authors],
        person_id in version.authors,
        await against_effect(read, version, person_id) if reviewed else [],
        version.effective_from,
        version.obsolete_from,
        await _signed(read, version.signature_id),
    )


async def lesson(read: Reader, version_id: str, person_id: str, today: str) -> Lesson:
    """What this person reads."""
    version = await read.get(DocumentVersion, version_id)
    document = await read.get(Document, version.document_id)
    mine = await read.all(
        Training,
        "document_version_id = $1 and person_id = $2 order by passed_at, id",
        version_id,
        person_id,
    )
    attempts = await read.all(
        TrainingAttempt, "document_version_id = $1 and person_id = $2", version_id, person_id
    )
    last = mine[-1] if mine else None
    return Lesson(
        version.id,
        document.number,
        document.name,
        document.kind,
        version.revision,
        version.status,
        version.text,
        version.file,
        version.change,
        [Asked(each.text, each.choices) for each in version.questions],
        standing(version.id, mine, today),
        last.passed_at if last else None,
        last.lapses_on if last else None,
        len(attempts),
    )


async def my_training(read: Reader, who: Who, today: str) -> list[LessonLine]:
    """What this person must be trained in, what is owed first."""
    documents = await read.all(
        Document,
        "site_id = $1 and effective_id is not null and id in "
        "(select document_id from training_need where ended_at is null) order by number",
        who.site_id,
    )
    needs = await read.all(TrainingNeed, "site_id = $1 and ended_at is null", who.site_id)
    trainings = await read.all(Training, "person_id = $1 order by passed_at, id", who.person_id)
    lines = []
    for document in documents:
        version_id = document.effective_id or ""
        of = [each for each in needs if each.document_id == document.id]
        if not any(covers(need, who.person_id, who.roles) for need in of):
            continue
        last = next((each for each in reversed(trainings) if each.document_version_id == version_id), None)
        lines.append(
            LessonLine(
                version_id,
                document.number,
                document.name,
                document.effective_revision or "",
                standing(version_id, trainings, today),
                last.lapses_on if last else None,
            )
        )
    return sorted(lines, key=lambda each: (each.standing == "trained", each.document))
