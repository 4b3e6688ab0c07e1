"""GS1's own cases, from the folder LOTGATE_CASES: every kind is judged as its unit of GS1's engine judges it."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.domain.gs1 import Element, Elements, read_brackets
from backend.domain.gs1_associations import excluded, lacking, unserialised
from backend.domain.gs1_identifiers import identifiers
from backend.domain.labels import LACKING, LabelReading, read_label

FILES = "gs1_vectors*.json"
TODAY = date(2026, 11, 25)
ADDRESS = ("http://", "https://", "HTTP://", "HTTPS://")


def vectors() -> list[dict[str, Any]]:
    """Every case once. An address that GS1's engine takes only when it is told to permit short GTINs is listed
    twice there; ours permits them, so the strict twin goes."""
    files = sorted(Path(os.environ["LOTGATE_CASES"]).glob(FILES))
    found = [each for file in files for each in json.loads(file.read_text())]
    permitted = {each["s"] for each in found if each["kind"] == "dl" and each["ok"]}
    return [each for each in found if each["kind"] != "dl" or each["ok"] or each["s"] not in permitted]


def sound(reading: LabelReading, *, whole: bool) -> bool:
    """Whether the form is right, and where asked for, whether nothing is missing beside it."""
    return reading.error is None or (not whole and reading.error.code == LACKING)


def accepted(case: dict[str, Any]) -> bool:
    kind, text = case["kind"], case["s"]
    if kind == "assoc":
        return associated(case["why"], read_brackets(text).elements)
    if kind == "scandata" and case["ok"] and not case["expect"].startswith(("^", *ADDRESS)):
        return read_label(text, today=TODAY).error is not None  # plain data: readable, and no label
    raw = text if kind in ("dl", "scandata") else text.replace("^", "\x1d")
    return sound(read_label(raw, today=TODAY), whole=False)


def associated(unit: str, elements: list[Element]) -> bool:
    values = {element.ai: element.value for element in elements}
    if unit == "validateAIrepeats":
        return all(values[element.ai] == element.value for element in elements)
    broken = excluded(values) or (
        None if unit == "validateAImutex" else lacking(values) or unserialised(values)
    )
    return broken is None


def joined(read: Elements | LabelReading) -> str:
    """As GS1's engine writes a message: ^ for FNC1."""
    text = "".join(each.ai + each.value + "^" * identifiers()[each.ai].separated for each in read.elements)
    return "^" + text.removesuffix("^")


@pytest.mark.proves("LBL-1", "LBL-7")
@pytest.mark.parametrize("case", vectors(), ids=lambda case: f"{case['kind']} {case['s']}")
def test_a_case_of_gs1s_engine(case: dict[str, Any]) -> None:
    assert accepted(case) == case["ok"]
    if case["ok"] and case.get("expect", "").startswith("^"):
        assert joined(read_label(case["s"], today=TODAY)) == case["expect"]


def test_the_folder_has_cases() -> None:
    assert len(vectors()) > 100
