"""Whatever the server says by a code, the page has words for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain

import pytest
from msgspec import inspect

from backend.domain.capas import CapaRecord
from backend.domain.certificates import CertificateRecord, ListRecord
from backend.domain.change_requests import ChangeRecord
from backend.domain.document_approvals import DocumentRecord
from backend.domain.plan_approvals import PlanRecord
from backend.domain.plan_checks import PLAN_RULES
from backend.domain.plan_moves import MoveRecord
from backend.domain.recalls import RecallRecord
from backend.domain.revocations import RevocationRecord
from backend.domain.right_changes import RightRecord
from tests.pwa.rules import ROOT, Ask
from tests.pwa.test_page_rules import NOT_FOR_THE_PAGE


def first_words(*names: str, place: int = 0) -> set[str]:
    """The texts that are handed first (or at another `place`) to a call of one of these names in the server."""
    sources = chain((ROOT / "backend").rglob("*.py"), (ROOT / "scanner").rglob("*.py"))
    calls = (node for source in sources for node in ast.walk(ast.parse(source.read_text())))
    found = (
        call
        for call in calls
        if isinstance(call, ast.Call) and len(call.args) > place and called(call) in names
    )
    return {text for call in found for text in texts(call.args[place])}


def called(call: ast.Call) -> str:
    """The last part of what is called."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def texts(node: ast.expr) -> Iterator[str]:
    """The text, or both where a condition chooses."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from chain(texts(node.body), texts(node.orelse))


def test_every_reason_has_words(ask: Ask) -> None:
    words = ask(("words",))[0]
    codes = (
        first_words("refuse", "Reason", "UnreadablePicture", "_lock") - NOT_FOR_THE_PAGE - {"page_not_built"}
    )
    assert len(codes) > 100
    assert codes > {"log_behind_witness", "quantity_over_order", "item_answered"}
    for language, catalogue in words.items():
        unsaid = {code for code in codes if f"reason.{code}" not in catalogue}
        assert {code for code in unsaid if f"plan_reason.{code}" not in catalogue} == set(), language


@pytest.mark.proves("SMP-1", "SMP-3", "SMP-5", "RES-3")
def test_every_refusal_of_a_plan_says_what_is_wrong_and_the_way_out(ask: Ask) -> None:
    words = ask(("words",))[0]
    for language, stop in (("en", "."), ("zh", "。")):
        for rule in PLAN_RULES:
            sentences = words[language][f"plan_reason.{rule.code}"].split(stop)
            assert len([one for one in sentences if one.strip()]) >= 2, (language, rule.code)


def test_every_kind_of_event_has_words(ask: Ask) -> None:
    words = ask(("words",))[0]
    types = first_words("record")
    assert types > {"lot_received", "release_signed", "refused", "right_changed"}
    for language, catalogue in words.items():
        assert {type for type in types if f"event.{type}" not in catalogue} == set(), language


def test_every_kind_of_due_work_has_words(ask: Ask) -> None:
    words = ask(("words",))[0]
    kinds = first_words("due")
    assert kinds > {"issue_certificate"}
    for language, catalogue in words.items():
        assert {kind for kind in kinds if f"job.{kind}" not in catalogue} == set(), language


def test_every_notice_has_words(ask: Ask) -> None:
    words = ask(("words",))[0]
    codes = first_words("tell", "tell_role", place=1)
    assert codes > {"ncr_opened", "right_changed"}
    for language, catalogue in words.items():
        assert {code for code in codes if f"notice.{code}" not in catalogue} == set(), language


SIGNED = (CapaRecord, CertificateRecord, ChangeRecord, DocumentRecord, ListRecord, MoveRecord, PlanRecord,
          RecallRecord, RevocationRecord, RightRecord)  # fmt: skip


def parts_of(kind: inspect.Type, seen: set[type]) -> Iterator[str]:
    """The names of all that a record is made of, however deep."""
    if isinstance(kind, inspect.StructType):
        for field in () if kind.cls in seen else kind.fields:
            seen.add(kind.cls)
            yield field.encode_name
            yield from parts_of(field.type, seen)
    elif isinstance(kind, inspect.UnionType | inspect.TupleType):
        for each in kind.types if isinstance(kind, inspect.UnionType) else kind.item_types:
            yield from parts_of(each, seen)
    elif isinstance(kind, inspect.ListType | inspect.VarTupleType):
        yield from parts_of(kind.item_type, seen)


@pytest.mark.proves("REL-1", "SIG-1")
def test_whatever_is_signed_is_named_in_both_languages(ask: Ask) -> None:
    names = {name for record in SIGNED for name in parts_of(inspect.type_info(record), set())}
    assert names > {"released_on", "second_person", "wording_version", "root_cause", "sampling_point"}
    for language, catalogue in ask(("words",))[0].items():
        assert {name for name in names if f"record.{name}" not in catalogue} == set(), language
    assert ask(("stepsOf", "inspections[2].results[10].limits")) == [[
        {"name": "inspections", "places": ["2"]},
        {"name": "results", "places": ["10"]},
        {"name": "limits", "places": []},
    ]]  # fmt: skip
