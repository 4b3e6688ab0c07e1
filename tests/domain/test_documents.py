"""Documents and training as tables: which step goes where, what may be started, who is trained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from backend.domain.documents import (
    Document,
    DocumentVersion,
    Named,
    Question,
    against_approval,
    against_document,
    against_new_draft,
    against_submission,
    against_writing,
    may_start,
)
from backend.domain.errors import Reason
from backend.domain.training import Training, TrainingNeed, lapse, owed, wrong
from backend.domain.words import Words

Starting = Callable[[Named, list[Document]], list[Reason]]


def document(
    number: str = "WI-1", effective: str | None = "B", withdrawn_on: str | None = None, id: str = "d"
) -> Document:
    version = f"{id}-{effective}" if effective else None
    return Document(
        id, "s", number, Words("Measuring", "测量"), "method", "p", version, effective, withdrawn_on
    )


def version(**fields: object) -> DocumentVersion:
    whole = {"id": "v", "site_id": "s", "document_id": "d", "number": 1, "revision": "A", "status": "draft"}
    return DocumentVersion(**{**whole, "text": "x", "questions": [], "authors": ["p"], **fields})  # type: ignore[arg-type]


# method names, the document's version in force, withdrawn: may work be started by it?
STARTS = (
    (("WI-1", "B"), document(), True),
    (("WI-1", ""), document(), True),
    (("WI-1", "A"), document(), False),
    (("WI-1", "b"), document(), False),
    (("WI-2", "A"), document(), True),
    (("WI-1", "B"), document(effective=None), True),
    (("WI-1", "B"), document(effective=None, withdrawn_on="2026-11-01"), False),
    (("WI-1", ""), document(effective=None, withdrawn_on="2026-11-01"), False),
)


def holds(starting: Starting) -> bool:
    return all((starting(Named(*named), [kept]) == []) is may for named, kept, may in STARTS)


@pytest.mark.proves("QUA-4")
def test_only_the_version_in_force_is_started() -> None:
    assert holds(may_start)
    (reason,) = may_start(Named("WI-1", "A"), [document()])
    assert (reason.code, reason.facts["effective"]) == ("method_not_effective", "B")


def test_twins_that_forget_a_withdrawal_or_take_any_revision_are_found() -> None:
    def forgets(named: Named, documents: list[Document]) -> list[Reason]:
        return may_start(named, [each for each in documents if each.effective_id is not None])

    def any_revision(named: Named, documents: list[Document]) -> list[Reason]:
        return may_start(Named(named.document, ""), documents)

    assert not holds(forgets) and not holds(any_revision)


TODAY = "2026-11-29"


def need(person: str | None = None, role: str | None = None, days: int | None = None) -> TrainingNeed:
    return TrainingNeed(f"n{person}{role}", "s", "d", person, role, days, "2026-01-01")  # type: ignore[arg-type]


def training(version_id: str = "d-B", lapses_on: str | None = None, person: str = "p") -> Training:
    return Training(
        f"{version_id}{lapses_on}", "s", person, "d", version_id, "2026-01-01", "2026-01-01", lapses_on
    )


# needs, what the person with the role inspector has passed -> None: may work; else why not
TRAINED: tuple[tuple[list[TrainingNeed], list[Training], str | None], ...] = (
    ([], [], None),
    ([need(person="other")], [], None),
    ([need(role="supervisor")], [], None),
    ([need(person="p")], [], "missing"),
    ([need(role="inspector")], [], "missing"),
    ([need(role="inspector")], [training()], None),
    ([need(role="inspector")], [training(person="other")], "missing"),
    ([need(role="inspector")], [training("d-A")], "missing"),
    ([need(role="inspector", days=30)], [training(lapses_on=TODAY)], None),
    ([need(role="inspector", days=30)], [training(lapses_on="2026-11-28")], "lapsed"),
    ([need(role="inspector", days=30)], [training(lapses_on="2026-11-28"), training()], None),
)
Owing = Callable[..., list]  # type: ignore[type-arg]


def judged(owing: Owing) -> list[str | None]:
    found = []
    for needs, trainings, _ in TRAINED:
        left = owing([document()], needs, trainings, "p", ("inspector",), TODAY)
        found.append(left[0].why if left else None)
    return found


@pytest.mark.proves("REL-11")
def test_who_is_trained() -> None:
    assert judged(owed) == [why for *_, why in TRAINED]
    assert owed([document(effective=None)], [need(person="p")], [], "p", (), TODAY) == []


def test_twins_that_take_any_version_or_forget_the_lapse_are_found() -> None:
    def any_version(documents, needs, trainings, *rest):  # type: ignore[no-untyped-def]
        return owed(
            documents, needs, [training(lapses_on=t.lapses_on, person=t.person_id) for t in trainings], *rest
        )

    def for_ever(documents, needs, trainings, *rest):  # type: ignore[no-untyped-def]
        return owed(
            documents, needs, [training(t.document_version_id, None, t.person_id) for t in trainings], *rest
        )

    right = [why for *_, why in TRAINED]
    assert judged(any_version) != right and judged(for_ever) != right


@pytest.mark.proves("REL-11")
def test_training_lapses_by_the_strictest_need() -> None:
    today = date(2026, 11, 29)
    assert lapse(
        [need(role="inspector", days=30), need(person="p", days=10)], "p", ("inspector",), today
    ) == ("2026-12-09")
    assert lapse([need(role="inspector")], "p", ("inspector",), today) is None
    assert lapse([need(role="supervisor", days=1)], "p", ("inspector",), today) is None


def test_a_quiz_is_passed_with_every_answer_right() -> None:
    quiz = [Question("?", ["a", "b"], 1), Question("?", ["a", "b"], 0)]
    assert [wrong(quiz, answers) for answers in ([1, 0], [0, 0], [1], [], [1, 0, 0])] == [0, 1, 1, 2, 1]
    assert wrong([], []) == 0


@pytest.mark.proves("QUA-4")
def test_what_a_draft_lacks() -> None:
    def codes(reasons: list[Reason]) -> list[str]:
        return [reason.code for reason in reasons]

    assert codes(against_submission(version(text=" "))) == ["document_empty", "document_change_missing"]
    assert codes(against_submission(version(file="f", text="", change="c"))) == []
    assert codes(against_approval(version(), "p")) == ["document_own_draft"]
    assert codes(against_approval(version(), "q")) == []
    assert codes(against_new_draft([version()], "A")) == ["document_draft_open", "revision_taken"]
    assert codes(against_new_draft([version(status="obsolete")], "B ")) == ["revision_malformed"]
    assert codes(against_writing("x", [Question("?", ["a", "a"], 0)])) == ["quiz_question_malformed"]
    assert codes(against_writing("x" * 60_001, [Question("?", ["a", "b"], 0)] * 6)) == [
        "document_text_malformed",
        "quiz_too_long",
    ]
    names = {
        number: codes(against_document(number, Words("a", "b"))) for number in ("WI-1", "文件 7", 'a"b', "")
    }
    assert [number for number, found in names.items() if found] == ['a"b', ""]
