"""The short version of `./run fuzz`: the same campaigns, a few thousand labels."""

from __future__ import annotations

from datetime import date

import pytest

from backend.domain.gs1 import FNC1, checked
from backend.domain.gs1_identifiers import identifier_at, identifiers
from backend.domain.labels import LabelReading, read_label
from tests.campaigns import lost_separators, two_readers
from tests.campaigns.label_maker import Maker

COUNT, SEED = 4_000, 20261123
TODAY = date(2026, 11, 23)


@pytest.mark.proves("LBL-2")
def test_no_label_that_lost_its_separators_is_read_wrong() -> None:
    found = lost_separators.lost_separators(COUNT, SEED)
    assert found.wrong == []
    assert found.lost["ambiguous"] == found.lost.total() > COUNT / 3
    assert found.none_to_lose["refused"] == 0
    assert found.none_to_lose["exact"] > 0.9 * found.none_to_lose.total()


def as_long_as_it_goes(text: str) -> LabelReading:
    """The naive version: every value is as long as its identifier allows, whatever was lost."""
    bracketed, at = "", 0
    while at < len(text) and (identifier := identifier_at(text, at)):
        at += len(identifier.ai)
        value = text[at : at + identifier.most].replace("(", r"\(")
        bracketed, at = f"{bracketed}({identifier.ai}){value}", at + identifier.most
    return read_label(bracketed, today=TODAY)


@pytest.mark.proves("LBL-2")
def test_the_campaign_catches_a_reader_that_reads_on() -> None:
    assert (
        len(lost_separators.lost_separators(200, SEED, as_long_as_it_goes).wrong)
        == lost_separators.MOST_SHOWN
    )


def test_the_fast_reader_says_what_the_slow_one_says() -> None:
    found = two_readers.two_readers(COUNT, SEED)
    assert found.differing == []
    assert min(found.taken, found.refused) > COUNT / 4


def test_the_campaign_sees_a_rule_that_one_reader_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_readers.slow_reader, "keeps", lambda _rule, _text: True)
    assert two_readers.two_readers(COUNT // 4, SEED).differing


def test_every_identifier_can_be_made() -> None:
    import random

    maker = Maker(random.Random(SEED))
    for ai in identifiers():
        element = maker.element(ai)
        assert checked([element]).error is None or checked([element]).error.code == "ai_companion_missing"  # type: ignore[union-attr]
    assert FNC1 not in "".join(maker.element(ai).value for ai in identifiers())
