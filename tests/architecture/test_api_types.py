"""A change of the API that the page does not know of is seen, and one that changes nothing is not."""

import json
from typing import Any

import pytest

from deploy.api_types import differences, types_of


def document(**fields: str) -> bytes:
    properties: dict[str, Any] = {name: {"type": kind} for name, kind in fields.items()}
    schema = {"type": "object", "required": list(fields), "properties": properties}
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Lotgate", "version": "1"},
            "paths": {},
            "components": {"schemas": {"Lot": schema}},
        }
    ).encode()


@pytest.fixture(scope="module")
def kept() -> str:
    return types_of(document(number="string"))


def test_the_same_document_gives_the_same_types(kept: str) -> None:
    assert "number: string" in kept
    assert differences(kept, types_of(document(number="string"))) == []


def test_a_field_more_is_a_difference(kept: str) -> None:
    changed = differences(kept, types_of(document(number="string", expiry="string")))
    assert "+            expiry: string;" in changed
