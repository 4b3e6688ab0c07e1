"""Our EPCIS documents against GS1's own JSON schema, from the folder LOTGATE_CASES
or its folder `epcis`.

Source of the schema: EPCIS-JSON-Schema.json of https://github.com/gs1/EPCIS.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from backend.domain import epcis
from backend.domain.epcis_capture import read_capture
from backend.domain.epcis_shapes import DISPOSITIONS, STEPS
from backend.domain.recalls import Basis
from backend.views.epcis import epcis_document
from tests.actions.conftest import floor  # noqa: F401
from tests.actions.floor import Floor
from tests.actions.test_epcis import played
from tests.campaigns.export_walk import walked
from tests.faults.factory import SITE
from tests.stores import Templates

FILE = "EPCIS-JSON-Schema.json"
BASE = "https://plant.example"
LEAST, MOST, COMMANDS = 3, 25, 300
"""Factories: as many as it takes to meet each kind of event, by chance."""
FOREVER = "9999-01-01T00:00:00.000000Z"


def epcis_cases() -> Path:
    """The folder of the schema and the examples."""
    folder = Path(os.environ.get("LOTGATE_CASES", "."))
    return folder if (folder / FILE).exists() else folder / "epcis"


def schema() -> Draft7Validator:
    """The standard's own, formats too."""
    text = (epcis_cases() / FILE).read_text("utf-8")
    return Draft7Validator(json.loads(text), format_checker=FormatChecker())


@pytest.mark.proves("QUA-6")
async def test_a_document_is_valid(floor: Floor) -> None:  # noqa: F811
    text, document = await played(floor)
    check = schema()
    assert [
        f"{list(each.absolute_path)}: {each.message[:200]}" for each in check.iter_errors(json.loads(text))
    ] == []
    assert len(document["epcisBody"]["eventList"]) > 10
    spoilt = json.loads(text)
    spoilt["epcisBody"]["eventList"][0]["eventTimeZoneOffset"] = "8"
    assert not check.is_valid(spoilt), "the schema really looks"


def promised() -> set[tuple[str, str]]:
    """Business steps and dispositions of the table that heads `domain/epcis.py`."""
    found = set[tuple[str, str]]()
    for step, dispositions in re.findall(
        r"^.*(?:ObjectEvent|Transformation) +(\w+) +(\w+(?:, \w+)*)$", epcis.__doc__ or "", re.M
    ):
        found |= {(step, each) for each in dispositions.split(", ")}
    return found


def quantities(event: dict[str, Any]) -> list[Any]:
    """All that stand in an event."""
    return [
        each["quantity"]
        for name in ("quantityList", "inputQuantityList", "outputQuantityList")
        for each in event.get(name, [])
        if "quantity" in each
    ]


@pytest.mark.proves("QUA-6")
async def test_what_random_histories_say_is_valid_and_comes_back(engine: str, templates: Templates) -> None:
    check, met = schema(), Counter[tuple[str, str]]()
    for seed in range(1, MOST):
        if seed > LEAST and set(met) >= promised():
            break
        async with templates.lent(engine) as store:
            numbers = [lot.number for lot in await walked(store, seed, COMMANDS)]
            basis = Basis("lot", ",".join(numbers))
            body = await epcis_document(store.read, SITE, basis, BASE, store.clock())
        found = [
            f"{list(each.absolute_path)}: {each.message[:200]}"
            for each in check.iter_errors(json.loads(body))
        ]
        assert found == []
        document = json.loads(body, parse_float=Decimal)
        events = document["epcisBody"]["eventList"]
        assert len({each["eventID"] for each in events}) == len(events) > 20
        for each in events:
            met[each["bizStep"], each["disposition"]] += 1
            assert each["bizStep"] in STEPS.words and each["disposition"] in DISPOSITIONS.words
            assert all(quantity > 0 for quantity in quantities(each)), each
        for place in range(0, len(events), 400):
            part = {**document, "epcisBody": {"eventList": events[place : place + 400]}}
            text = json.dumps(part, default=float)
            assert len(read_capture(text, BASE, date(2026, 11, 30), FOREVER)) == len(
                events[place : place + 400]
            )
    assert set(met) == promised(), "what the table says, all of it and nothing else"
