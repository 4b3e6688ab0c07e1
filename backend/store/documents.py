"""Documents under control in the database: versions, their signing, who has to be trained and told."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from backend.domain.document_approvals import DocumentRecord, statement
from backend.domain.documents import (
    Document,
    DocumentStatus,
    DocumentVersion,
    against_approval,
    against_submission,
)
from backend.domain.errors import Reason, Stale
from backend.domain.events import Value
from backend.domain.notices import Job
from backend.domain.people import Person, Who
from backend.domain.signing import later
from backend.domain.training import WARNED, Training, TrainingNeed, owed
from backend.store.change import Change
from backend.store.people import holders, roles_of
from backend.store.planning import against_changing, printed_name, signing, site_name
from backend.store.reader import Reader

TOLD = ("quality_engineer", "quality_manager")
AGAIN = timedelta(days=1)
OVERDUE = timedelta(days=7)
"""How long a version is in force before its owner hears who has not read it."""


class DocumentDraft(msgspec.Struct, frozen=True):
    """A version as an action leaves it; `version` is that of the row, for the next edit."""

    document_id: str
    version_id: str
    revision: str
    status: DocumentStatus
    version: int


def as_draft(version: DocumentVersion) -> DocumentDraft:
    """Without what it says."""
    return DocumentDraft(version.document_id, version.id, version.revision, version.status, version.version)


async def versions_of(read: Reader, document_id: str) -> list[DocumentVersion]:
    """All of a document, the oldest first."""
    return await read.all(DocumentVersion, "document_id = $1 order by number", document_id)


async def needs_of(read: Reader, document_id: str) -> list[TrainingNeed]:
    """In force."""
    return await read.all(TrainingNeed, "document_id = $1 and ended_at is null order by id", document_id)


async def draft_as_read(read: Reader, version_id: str, version: int) -> DocumentVersion:
    """The version, still as the person read it. Raises NotFound, Stale (`document_draft_changed`)."""
    found = await read.get(DocumentVersion, version_id)
    if found.version != version:
        facts: dict[str, str | int] = {
            "by": await printed_name(read, found.authors[-1]),
            "version": found.version,
        }
        raise Stale(Reason("document_draft_changed", dict(facts), "version"))
    return found


async def against_effect(read: Reader, version: DocumentVersion, person_id: str) -> list[Reason]:
    """Every reason why this person can't make a version under review effective."""
    document = await read.get(Document, version.document_id)
    return [
        *against_approval(version, person_id),
        *against_submission(version),
        *await against_changing(read, version.site_id, "document", document.number),
    ]


async def plans_naming(read: Reader, site_id: str, number: str, revision: str | None) -> list[str]:
    """Codes of plans in force with a method that names this document, at a revision other than `revision`."""
    rows = await read.rows(
        "select p.code, v.document from plan_version v join plan p on p.id = v.plan_id where p.site_id = $1 "
        "and v.status = 'effective' and replace(v.document, '\"document\":\"' || $2 || '\"', '') <> v.document "
        "order by p.code",
        site_id,
        number,
    )
    found = []
    for code, document in rows:
        methods = [each["method"] for each in msgspec.json.decode(document)["characteristics"]]
        if any(m["document"] == number and m["version"] not in ("", revision) for m in methods):
            found.append(code)
    return found


async def document_record(
    read: Reader, version: DocumentVersion, who: Who, passkey: bool, language: str
) -> DocumentRecord:
    """The same version, needs, plans, person and choice give the same bytes."""
    document = await read.get(Document, version.document_id)
    needs = await needs_of(read, document.id)
    people = [await printed_name(read, each.person_id) for each in needs if each.person_id is not None]
    return DocumentRecord(
        site=await site_name(read, version.site_id),
        number=document.number,
        name=document.name,
        kind=document.kind,
        revision=version.revision,
        replaces=document.effective_revision,
        change=version.change or "",
        authors=[await printed_name(read, each) for each in version.authors],
        text=version.text,
        file=version.file,
        questions=version.questions,
        trained=[*sorted(each.role for each in needs if each.role is not None), *sorted(people)],
        plans=await plans_naming(read, version.site_id, document.number, version.revision),
        signature=signing(
            "approve_document",
            statement(document.number, version.revision, language),
            who,
            passkey,
            language,
        ),
    )


async def learners(read: Reader, site_id: str, needs: list[TrainingNeed], now: str) -> list[Person]:
    """Active people whom these needs cover, each once."""
    found: dict[str, Person] = {}
    roles = tuple(sorted({each.role for each in needs if each.role is not None}))
    if roles:
        asked = holders(site_id, now, roles)
        found |= {each.id: each for each in await read.all(Person, asked.where, *asked.args)}
    for need in needs:
        if need.person_id is not None and need.person_id not in found:
            person = await read.get(Person, need.person_id)
            found |= {person.id: person} if person.active else {}
    return list(found.values())


async def ask_to_read(
    tx: Change, document: Document, needs: list[TrainingNeed], day: str | None = None
) -> int:
    """A task for everybody who must be trained and is not on the ISO day `day` (None: today); to how many."""
    version_id = document.effective_id
    if version_id is None:
        return 0
    told = 0
    trainings = await tx.all(Training, "document_id = $1 order by id", document.id)
    for person in await learners(tx, document.site_id, needs, tx.now):
        roles = await roles_of(tx, person, tx.now)
        for each in owed([document], needs, trainings, person.id, roles, day or tx.today.isoformat()):
            facts: dict[str, Value] = {
                "document": each.document,
                "revision": each.revision,
                "name": msgspec.to_builtins(document.name),
                "why": each.why,
            }
            tx.tell(person.id, "training_due", "document_version", version_id, **facts)
            told += 1
    return told


async def ask_again(tx: Change, site_id: str) -> bool:
    """Everybody who is to be trained in something and is not, or will not be soon; False: nobody has to be.

    An owner hears how many have not read a document for more than a week.
    """
    needs = await tx.all(TrainingNeed, "site_id = $1 and ended_at is null order by id", site_id)
    soon = (tx.today + WARNED).isoformat()
    for document_id in dict.fromkeys(each.document_id for each in needs):
        document = await tx.get(Document, document_id)
        if document.effective_id is None:
            continue
        of = [each for each in needs if each.document_id == document_id]
        waiting = await ask_to_read(tx, document, of, soon)
        version = await tx.get(DocumentVersion, document.effective_id)
        if waiting and (version.effective_from or "") < (tx.today - OVERDUE).isoformat():
            facts: dict[str, Value] = {"document": document.number, "count": waiting}
            tx.tell(document.owner_id, "training_overdue", "document", document.id, **facts)
    return bool(needs)


async def keep_asking(tx: Change) -> None:
    """From tomorrow on the site's training is looked at every day; once is enough."""
    site_id = tx.who.site_id
    if await tx.first(Job, "kind = 'training_reminder' and subject_id = $1 and done_at is null", site_id):
        return
    if not any(each.kind == "training_reminder" for each in tx.pending(Job)):
        tx.due("training_reminder", site_id, later(tx.now, AGAIN))
