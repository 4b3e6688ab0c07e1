"""`lotgate label`: an outside interface, so its keys are held to the letter."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.cli.label_words import REASONS, Language, element_name
from backend.domain.labels import read_label
from tests.bot.test_words import ROOT, codes_of
from tests.domain.label_cases import cases

KEYS = [
    "input", "scheme", "device_identifier", "lot", "serial", "expiry", "production_date", "quantity", "elements",
    "valid", "ambiguous", "error",
]  # fmt: skip
LANGUAGES: tuple[Language, ...] = ("en", "zh")
LOTGATE = Path(sys.executable).parent / "lotgate"


def label(text: bytes, *options: str) -> str:
    done = subprocess.run([LOTGATE, "label", *options], input=text, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


def lines(text: bytes, *options: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in label(text, "--json", *options).splitlines()]


@pytest.mark.proves("LBL-1", "LBL-7")
def test_each_line_becomes_one_line_with_these_keys() -> None:
    texts = [
        rb"]d2010761234567890010AB\x1d17261130",
        b"]d2010761234567890010AB\x1d17261130",
        "010761234567890010AB␝17261130".encode(),
        b"010761234567890010AB{GS}17261130",
        rb"]d2010761234567890010AB\x1D17261130",
        b"(01)07612345678900(10)AB(17)261130",
    ]
    found = lines(b"\n".join(texts) + b"\n")
    assert [list(each) for each in found] == [KEYS] * len(texts)
    elements = [
        {"ai": "01", "value": "07612345678900"},
        {"ai": "10", "value": "AB"},
        {"ai": "17", "value": "261130"},
    ]
    for each in found:
        assert (each["elements"], each["lot"], each["expiry"]) == (elements, "AB", "2026-11-30")
        assert (each["valid"], each["ambiguous"], each["error"]) == (True, False, None)
    assert found[0]["input"] == texts[0].decode()


def test_the_mark_before_a_file_is_not_part_of_its_first_line() -> None:
    marked = "\ufeff(01)07612345678900\n".encode()
    assert [each["valid"] for each in lines(marked + marked)] == [True, False]


def test_what_is_wrong_is_said_in_the_language_asked_for() -> None:
    text = b"(01)07612345678901\n\nnothing\n\xff\xfe\n"
    english, chinese = lines(text), lines(text, "--lang", "zh")
    codes = ["check_digit_wrong", "not_a_label", "not_a_label", "not_a_label"]
    assert [each["error"]["code"] for each in english] == codes
    assert [each["error"]["code"] for each in chinese] == codes
    assert "expected 0" in english[0]["error"]["message"]
    assert "应为 0" in chinese[0]["error"]["message"]
    assert all(list(each["error"]) == ["code", "message"] for each in english)


def test_half_a_label_is_refused_where_it_is_the_whole() -> None:
    assert [each["valid"] for each in lines(b"(10)A\n")] == [True]
    assert [each["valid"] for each in lines(b"(10)A\n", "--whole")] == [False]


def test_a_person_reads_names_and_reasons() -> None:
    said = label(b"(01)07612345678900(17)261130(10)A1\n10ABC\n")
    assert "expiry: 2026-11-30" in said
    assert "(10) A1  BATCH/LOT" in said
    assert "ambiguous, gs1: a separator is missing" in said


def test_no_input_is_no_output() -> None:
    assert label(b"") == label(b"", "--json") == ""


def test_every_reason_a_label_may_have_is_worded_twice() -> None:
    codes = set[str]()
    for path in (ROOT / "backend/domain").glob("*.py"):
        if path.stem in ("labels", "ma", "ahm") or path.stem.startswith(("gs1", "hibc")):
            codes |= codes_of(path, ("Reason", "_failed"))
    assert len(codes) > 8
    assert {code for code in codes if code not in REASONS} - {"matrix"} == set()


def test_the_documented_answers_are_given() -> None:
    page = (ROOT / "docs/labels.md").read_text("utf-8")
    shown = re.findall(r"^\$ echo '(.*)' \| lotgate label (.*)\n(\{.*\})$", page, re.MULTILINE)
    assert len(shown) == 3
    for text, options, answer in shown:
        assert label(text.encode() + b"\n", *options.split()) == answer + "\n"
    for code in REASONS:
        assert f"`{code}`" in page


def test_every_element_of_the_other_schemes_has_a_name() -> None:
    for case in (*cases("hibc_cases.txt"), *cases("china_cases.txt")):
        reading = read_label(case.text, today=date(2026, 11, 23))
        for element in reading.elements:
            for language in LANGUAGES:
                assert element_name(reading.scheme, element.ai, language), element
