"""The short version of `./run fuzz exports`, and what its reading of papers must catch."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import pytest

from backend.domain.certificates import Language
from backend.outside.certificate_pdf import certificate_pdf
from backend.outside.recall_pdf import recall_pdf
from tests.campaigns import export_walk
from tests.campaigns.paper_reading import certificate_agrees, recall_agrees
from tests.outside.test_recall_pdf import LETTER, MOCK, REPORT
from tests.trust.test_certificate_pdf import certificate

SEED, COUNT, STEPS = 31, 2, 90
LANGUAGES: tuple[Language, ...] = ("en", "zh")
replace = msgspec.structs.replace


@pytest.mark.proves("AUD-4")
def test_a_few_lots_say_the_same_on_paper_and_for_machines() -> None:
    found = export_walk.export_walk(COUNT, SEED, ("sqlite",), STEPS)
    assert found.wrong == []
    assert found.lots == {"sqlite": COUNT}
    assert found.never_met() == []
    left_out = found._replace(kinds={"sqlite": Counter(found.kinds["sqlite"]) - Counter(batch_record=999)})
    assert left_out.never_met() == ["sqlite: batch_record"], "a kind that was never met fails the run"


def changed(paper: Any, *path: Any, to: Any) -> Any:
    """The same with one value changed."""
    if not path:
        return to
    if isinstance(path[0], int):
        return [
            changed(each, *path[1:], to=to) if place == path[0] else each for place, each in enumerate(paper)
        ]
    return replace(paper, **{path[0]: changed(getattr(paper, path[0]), *path[1:], to=to)})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("record", "lot", "quantity"), "2001"),
        (("record", "lot", "expires_on"), None),
        (("record", "inspections", 0, "results", 0, "readings", 1), "4.12"),
        (("record", "inspections", 0, "results", 0, "acceptance"), 1),
        (("record", "inspections"), []),
        (("record", "decision", "condition"), "line 1"),
        (("record", "corrections", "count"), 2),
        (("record", "signature", "signer", "login"), "zhu"),
        (("record_digest",), "5b" * 32),
    ],
)
def test_a_certificate_whose_paper_says_something_else_is_caught(
    path: Any, to: Any, language: Language
) -> None:
    right = certificate()
    assert certificate_agrees(certificate_pdf(right, language), right, language)
    twin = changed(right, *path, to=to)
    assert not certificate_agrees(certificate_pdf(twin, language), right, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("paper", "path", "to"),
    [
        (LETTER, ("lots", 0, "quantity"), "41"),
        (LETTER, ("lots",), []),
        (LETTER, ("due_on",), "2026-11-28"),
        (LETTER, ("address",), ""),
        (REPORT, ("stock", 0, "disposed"), "5"),
        (REPORT, ("parties", 0, "lots", 0, "lost"), "4"),
        (REPORT, ("parties",), []),
        (REPORT, ("signatures", 1, "name"), "周"),
        (MOCK, ("figures",), []),
        (MOCK, ("conclusion",), "ineffective"),
    ],
)
def test_a_paper_of_a_recall_that_says_something_else_is_caught(
    paper: Any, path: Any, to: Any, language: Language
) -> None:
    assert recall_agrees(recall_pdf(paper, language), paper, language)
    twin = changed(paper, *path, to=to)
    assert not recall_agrees(recall_pdf(twin, language), paper, language)
