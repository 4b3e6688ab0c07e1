"""Anything at all to every operation of the API: each answer is one that the API describes, none a fault of ours.

A small fuzzer over the OpenAPI document: valid bodies with one thing wrong, odd texts in paths and queries.
The seed is fixed, so that a finding comes again.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from backend.web.problems import MEDIA_TYPE
from tests.stores import new_id
from tests.web.served import Phone, Served

ROUNDS = 6
ODD: list[Any] = [
    "", " ", "\0", "a\0b", "'\";--", "\u202e\ufeff", "０１", "-1", "1e400", "9" * 400, "NaN", "Infinity", "../../x",
    "a" * 5000,
    "2026-02-30", "0000-00-00", "+010000-01-01", "2026-11-23T18:18:00.000000Z", "😀" * 50, "%s%n{}", "null",
    None, True, 0, -1, 1.5, 2**53, 2**63, 2**70, 1e308, [], {}, [[]], {"a": {}}, ["x"] * 200, [None],
]  # fmt: skip
PATHS = [
    "x",
    "0" * 32,
    "%00",
    "%ff",
    "..",
    "%2e%2e",
    "a%0Ab",
    "%F0%9F%98%80",
    "'",
    "L26-000001~",
    "a" * 3000,
    "-1",
]
CALM = {"sign_in", "sign_out", "deactivate_person", "get_certificate", "read_picture", "change_right"}
"""Those that end the fuzzer's own session or cost much are asked elsewhere."""


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """PostgreSQL is the stricter of the two about text and numbers."""
    request.getfixturevalue("postgres_url")
    return "postgres"


class Fuzzer:
    """Requests made from the API's own description."""

    def __init__(self, document: dict[str, Any], known: list[str], seed: int) -> None:
        self.schemas = document["components"]["schemas"]
        self.known, self.random = known, random.Random(seed)

    def operations(self, document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
        """(method, path, operation)."""
        return [
            (method.upper(), path, operation)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if operation["operationId"] not in CALM
        ]

    def address(self, path: str, operation: dict[str, Any]) -> str:
        """The path with ids that exist, that don't, and that can't; odd queries now and then."""
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                value = self.random.choice([*PATHS, new_id(), *self.known])
                path = path.replace("{" + parameter["name"] + "}", value)
        queries = [p["name"] for p in operation.get("parameters", []) if p["in"] == "query"]
        chosen = [name for name in queries if self.random.random() < 0.4]
        query = "&".join(f"{name}={self.random.choice([*PATHS, '5', 'released'])}" for name in chosen)
        return f"{path}?{query}" if query else path

    def body(self, operation: dict[str, Any]) -> Any:
        """A body as described, then perhaps one thing wrong with it."""
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            return None
        body = self.value(content["schema"], 0)
        if isinstance(body, dict) and body and self.random.random() < 0.75:
            name = self.random.choice(sorted(body))
            body[name] = self.random.choice(ODD)
        return body if self.random.random() > 0.05 else self.random.choice(ODD)

    def value(self, schema: dict[str, Any], depth: int) -> Any:
        """A value of a schema."""
        if "$ref" in schema:
            return self.value(self.schemas[schema["$ref"].rpartition("/")[2]], depth + 1)
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        for kind in ("oneOf", "anyOf"):
            if kind in schema:
                return self.value(self.random.choice(schema[kind]), depth + 1)
        kind = schema.get("type")
        if kind == "object":
            fields = schema.get("properties", {})
            wanted = [n for n in fields if n in schema.get("required", []) or self.random.random() < 0.5]
            return {name: self._field(name, fields[name], depth) for name in wanted}
        if kind == "array":
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(self.random.randrange(3))]
        texts = [*self.known, "1", "25.0", "LBL-0", "x"]
        simple = {
            "string": self.random.choice(texts),
            "null": None,
            "boolean": self.random.random() < 0.5,
            "integer": self.random.randrange(5),
        }
        return simple.get(str(kind), "x")

    def _field(self, name: str, schema: dict[str, Any], depth: int) -> Any:
        return new_id() if name == "id" and depth <= 1 else self.value(schema, depth + 1)


async def known_ids(served: Served) -> list[str]:
    """Ids and numbers of things that exist."""
    found = []
    for table in ("lot", "inspection", "ncr", "receipt", "portion", "location", "item", "order_line", "person",
                  "reading", "follow_up", "action_right", "plan", "plan_version", '"release"'):  # fmt: skip
        found += [
            str(row[0]) for row in await served.store.read.rows(f"select id from {table} order by id limit 2")
        ]
    return [*found, *[row[0] for row in await served.store.read.rows("select number from lot limit 3")]]


async def test_no_request_whatever_is_a_fault_of_ours(served: Served) -> None:
    document = (await served.phone().client.get("/schema/openapi.json")).json()
    fuzzer = Fuzzer(document, await known_ids(served), seed=20261124)
    people = [await served.by(login) for login in ("wang", "li", "novak", "zhou", "zhao")]
    faults, statuses = [], set()
    for method, path, operation in fuzzer.operations(document) * ROUNDS:
        for phone in fuzzer.random.sample(people, 2):
            answer = await _ask(phone, method, fuzzer.address(path, operation), fuzzer.body(operation))
            statuses.add(answer[0])
            if answer[0] >= 500 or (answer[0] >= 400 and answer[1] != MEDIA_TYPE):
                faults.append((method, operation["operationId"], *answer))
    assert not faults, faults[:10]
    assert {200, 201, 400, 403, 404, 409} <= statuses
    assert (await served.phone().client.get("/healthz")).text == "ok"


async def _ask(phone: Phone, method: str, path: str, body: Any) -> tuple[int, str, str, Any]:
    content = None if body is None else json.dumps(body).encode()
    answer = await phone.client.request(method, path, content=content)
    return answer.status_code, answer.headers.get("content-type", ""), path[:200], str(body)[:400]
