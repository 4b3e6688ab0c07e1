"""Confirm that one has read a document in force, with the answers to its quiz (REL-11, 21 CFR 11.10(i))."""

from __future__ import annotations

import msgspec

from backend.domain.documents import Document, DocumentVersion
from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.training import Training, TrainingAttempt, lapse, wrong
from backend.store.change import Change
from backend.store.documents import needs_of
from backend.store.verb import verb


class FinishTraining(msgspec.Struct, frozen=True, kw_only=True):
    """`read_at`: when the text was opened, by the device's clock; `answers`: places of the choices, in order."""

    id: str
    version_id: str
    read_at: str
    answers: list[int] = []
    device_at: str | None = None


class TrainingResult(msgspec.Struct, frozen=True):
    """How it went: `wrong` answers of a quiz that was not passed; the last day that training counts."""

    passed: bool
    wrong: int
    lapses_on: str | None


@verb(own=True)
async def finish_training(tx: Change, who: Who, command: FinishTraining) -> TrainingResult:
    """Every attempt is kept. Training is in the version in force; all questions must be answered rightly."""
    version = await tx.get(DocumentVersion, command.version_id)
    document = await tx.get(Document, version.document_id)
    if version.status != "effective":
        raise refuse("version_not_effective", document=document.number, revision=version.revision)
    if len(command.answers) > len(version.questions):
        raise refuse("quiz_answers_malformed", field="answers", questions=len(version.questions))
    missed = wrong(version.questions, command.answers)
    facts = {"document": document.number, "revision": version.revision}
    tx.insert(
        TrainingAttempt(tx.new_id(), who.site_id, who.person_id, version.id, command.answers, missed, tx.now)
    )
    if missed:
        tx.record("training_failed", "document", document.id, **facts, wrong=missed)
        return TrainingResult(False, missed, None)
    lapses_on = lapse(await needs_of(tx, document.id), who.person_id, who.roles, tx.today)
    tx.insert(
        Training(
            tx.new_id(),
            who.site_id,
            who.person_id,
            document.id,
            version.id,
            command.read_at[:40],
            tx.now,
            lapses_on,
        )
    )
    tx.record("training_finished", "document", document.id, **facts, lapses_on=lapses_on)
    return TrainingResult(True, 0, lapses_on)
