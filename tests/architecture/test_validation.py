"""The table of requirements that `./run validation` reads, and the tests that name them."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

from pypdf import PdfReader

from deploy.validation import Evidence, named, proofs_of, requirements, table, without
from deploy.validation_pdf import PROTOCOLS, commit, validation_pdf, version

ROOT = Path(__file__).parents[2]
MARK = re.compile(r"mark\.proves\(([^)]*)\)")


def test_every_id_that_a_test_names_is_in_the_table_with_its_clause() -> None:
    known = requirements()
    assert all(row.what and row.clause for row in known.values())
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    marks = [(path.name, mark) for path in files for mark in MARK.findall(path.read_text())]
    named_ids = {(name, each) for name, mark in marks for each in re.findall(r'"([A-Z]+-\d+)"', mark)}
    assert len(named_ids) > 100
    assert {(name, each) for name, each in named_ids if each not in known} == set()


def test_a_row_says_requirement_clause_test_and_the_worst_that_happened() -> None:
    evidence = Evidence()
    evidence.proofs["REL-4"] = ["tests/a.py::one[sqlite]", "tests/a.py::one[postgres]"]
    evidence.outcomes = {"tests/a.py::one[sqlite]": "passed", "tests/a.py::one[postgres]": "failed"}
    assert table(evidence)[2:] == ["| REL-4 | P11 11.10(f) | `tests/a.py::one` | 1 failed, 1 passed |"]
    assert without(evidence, named(["REL-3..5"])) == "without a test: REL-3, REL-5"


def test_the_report_on_paper_has_every_row_what_failed_and_the_lines_to_sign() -> None:
    evidence = Evidence()
    evidence.proofs["REL-4"] = ["tests/a.py::one[sqlite]", "tests/a.py::one[postgres]"]
    evidence.proofs["AUD-10"] = ["tests/b.py::kept"]
    evidence.outcomes = {
        "tests/a.py::one[sqlite]": "passed", "tests/a.py::one[postgres]": "failed", "tests/b.py::kept": "passed",
    }  # fmt: skip
    rows = [(*each.requirement, each.test, each.result) for each in proofs_of(evidence)]
    paper = validation_pdf(rows, ["DEP-9"], datetime(2026, 11, 29, 10, tzinfo=UTC))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    said = re.sub(r"[\s\u200b]", "", text)
    for wanted in (
        version(),
        commit()[:12],
        "REL-4",
        "1failed,1passed",
        "tests/b.py::kept",
        "ISO4.2.5",
        "DEP-9",
    ):
        assert wanted in said, wanted
    assert "2requirements,2teststhatnamethem,1notpassed." in said
    for title, lines in PROTOCOLS:
        for line in (title, *lines):
            assert re.sub(r"\s", "", line) in said, line
