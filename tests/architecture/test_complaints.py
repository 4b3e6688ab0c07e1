"""What others' users ask for is answered by tests that exist: docs/complaints.md names them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def missing(text: str) -> list[str]:
    """The tests named in the text that there are none of."""
    found = NAMED.findall(text)
    tests = {path: names_of(ROOT / path) for path in {path for path, _ in found}}
    return [f"{path}::{name}" for path, name in found if name not in tests[path]]


def names_of(path: Path) -> set[str]:
    """The functions of a file; none where there is no such file."""
    if not path.is_file():
        return set()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, functions)}


def test_every_complaint_names_tests_that_exist() -> None:
    text = (ROOT / "docs/complaints.md").read_text()
    rows = [
        line
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith(("| rep", "| wish"))
    ]
    assert len(rows) >= 22
    assert [row for row in rows if not NAMED.search(row)] == []
    assert missing(text) == []


def test_a_test_that_was_renamed_is_missed() -> None:
    assert missing("`tests/architecture/test_complaints.py::test_nothing`") == [
        "tests/architecture/test_complaints.py::test_nothing"
    ]
