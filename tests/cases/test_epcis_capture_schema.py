"""Our reading of EPCIS documents against GS1's own JSON schema and examples, from the folder LOTGATE_CASES
or its folder `epcis`.

Source: EPCIS-JSON-Schema.json and examples of https://github.com/gs1/EPCIS. Documents spoilt at every place are judged
by both. Where we are stricter it is by format (addresses, times), which the schema's checker here does not look at.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from backend.domain.epcis_capture import read_capture
from backend.domain.epcis_checks import faults_of
from tests.cases.test_epcis_schema import epcis_cases

FOLDER = epcis_cases()
LENIENT = (".persistentDisposition",)
"""A field that GS1's example has where its schema knows none, and so takes anything: read as it is elsewhere."""


def examples() -> list[Path]:
    """All of the standard's own that are there."""
    return sorted(FOLDER.glob("*.jsonld"))


def spoilt(value: Any) -> Iterator[Any]:
    """Copies with one thing changed: each field left out, renamed, of another type, each list emptied."""

    def at(path: list[Any]) -> tuple[Any, Any]:
        document = copy.deepcopy(value)
        place = document
        for step in path[:-1]:
            place = place[step]
        return document, place

    def walk(inner: Any, path: list[Any]) -> Iterator[Any]:
        if path:
            for other in (None, 7, True, "x y", [], {}, [{}], "ADD"):
                document, place = at(path)
                place[path[-1]] = other
                yield document
            document, place = at(path)
            gone = place.pop(path[-1])
            yield document
            if isinstance(place, dict):
                document, place = at(path)
                place[f"{path[-1]}X"] = place.pop(path[-1])
                yield document
            del gone
        items = (
            inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
        )
        for key, below in items:
            if key != "@context":
                yield from walk(below, [*path, key])

    yield from walk(value, [])


@pytest.mark.proves("QUA-6")
def test_the_standard_s_own_examples_are_taken() -> None:
    assert len(examples()) >= 5
    for path in examples():
        text = path.read_text("utf-8")
        kept = read_capture(text, "https://plant.example", date(2026, 11, 29), "2026-11-29T00:00:00.000000Z")
        events = json.loads(text)["epcisBody"]["eventList"]
        assert [json.loads(each.body) for each in kept] == events
        assert [each.event_id for each in kept if "eventID" in each.content] == [
            event["eventID"] for event in events if "eventID" in event
        ]
        assert any(each.named for each in kept)


@pytest.mark.proves("QUA-6")
def test_what_the_schema_refuses_is_refused_and_what_it_takes_is_taken_but_for_formats() -> None:
    check = Draft7Validator(json.loads((FOLDER / "EPCIS-JSON-Schema.json").read_text("utf-8")))
    judged = refused = stricter = 0
    looser: list[Any] = []
    unexplained: list[Any] = []
    for path in examples():
        for document in spoilt(json.loads(path.read_text("utf-8"))):
            valid, faults = check.is_valid(document), faults_of(document)
            judged, refused = judged + 1, refused + (not valid)
            if not faults and not valid:
                looser.append([each.message[:200] for each in check.iter_errors(document)])
            elif faults and valid:
                stricter += 1
                formats = ("uri", "node", "time", "word", "context")
                unexplained += [
                    (fault.code, fault.facts)
                    for fault in faults
                    if not any(name in str(fault.field) for name in LENIENT)
                    and fault.code not in ("epcis_unknown", "epcis_empty")
                    and fault.facts.get("expected") not in formats
                ]
    print(
        f"{judged} documents, {refused} refused by the schema, {stricter} only by us, {len(looser)} only by it"
    )
    assert refused > 100
    assert looser == []
    assert unexplained == []
