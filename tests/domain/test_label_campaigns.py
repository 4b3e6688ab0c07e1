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
    assert found.some["ambiguous"] == found.some.total() > COUNT / 5
    assert found.kept["exact"] > 0.2 * found.kept.total()
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


def as_if_by_a_scanner(text: str) -> LabelReading:
    """The naive version: one separator that is there proves that none was lost."""
    return read_label(text, "]d2", today=TODAY)


@pytest.mark.proves("LBL-2")
def test_the_campaign_catches_a_reader_that_takes_one_separator_for_all() -> None:
    assert lost_separators.lost_separators(400, SEED, by_hand=as_if_by_a_scanner).wrong


PARTLY_LOST = [
    ("0107612345678900{GS}10LOT21SERIAL{GS}17261130", "", "ambiguous"),
    ("0107612345678900{GS}10LOT21SERIAL{GS}17261130", "]d2", "LOT21SERIAL"),
    ("{GS}010761234567890010LOT21SERIAL{GS}17261130", "", "LOT21SERIAL"),
    ("010761234567890010LOT{GS}21SERIAL", "", "LOT"),
    ("010761234567890010AB{GS}2112345{GS}17261130", "", "AB"),
    ("010761234567890010AB2112345{GS}17261130", "", "ambiguous"),
]


@pytest.mark.proves("LBL-2")
@pytest.mark.parametrize(("text", "symbology_id", "expected"), PARTLY_LOST)
def test_a_separator_that_is_left_proves_nothing_in_text_that_no_decoder_made(
    text: str, symbology_id: str, expected: str
) -> None:
    reading = read_label(text, symbology_id, today=TODAY)
    assert ("ambiguous" if reading.ambiguous else reading.lot) == expected


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
