"""Our EPCIS documents against GS1's own JSON schema, from the folder LOTGATE_CASES
or its folder `epcis`.

Source of the schema: EPCIS-JSON-Schema.json of https://github.com/gs1/EPCIS.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, FormatChecker

from tests.actions.conftest import floor  # noqa: F401
from tests.actions.floor import Floor
from tests.actions.test_epcis import played

FILE = "EPCIS-JSON-Schema.json"


def epcis_cases() -> Path:
    """The folder of the schema and the examples."""
    folder = Path(os.environ.get("LOTGATE_CASES", "."))
    return folder if (folder / FILE).exists() else folder / "epcis"


@pytest.mark.proves("QUA-6")
async def test_a_document_is_valid(floor: Floor) -> None:  # noqa: F811
    schema = json.loads((epcis_cases() / FILE).read_text("utf-8"))
    text, document = await played(floor)
    check = Draft7Validator(schema, format_checker=FormatChecker())
    assert [
        f"{list(each.absolute_path)}: {each.message[:200]}" for each in check.iter_errors(json.loads(text))
    ] == []
    assert len(document["epcisBody"]["eventList"]) > 10
    spoilt = json.loads(text)
    spoilt["epcisBody"]["eventList"][0]["eventTimeZoneOffset"] = "8"
    assert not check.is_valid(spoilt), "the schema really looks"
