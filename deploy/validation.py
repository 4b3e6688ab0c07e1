"""`./run validation`: which requirement of which clause is proved by which test, and what that test said just now.

Runs the tests that name a requirement (`@pytest.mark.proves("REL-4")`) and prints one table, a row for each
requirement and test, then the requirements that no test names. Ends with 0 when each test passed. Arguments go to
pytest. What must hold, and by which clause, is `docs/validation/requirements.csv`.

    ./run validation --list [LOT-1..4 SMP-1..9 REL-1 ...]    only which tests name which requirement, none of them run;
                                                             those of the given ones that no test names end it with 1
    ./run validation --pdf FILE                              the same on paper, with environment and IQ, OQ and PQ lines
"""

import csv
import os
import re
import sys
from collections import Counter, defaultdict
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "docs" / "validation" / "requirements.csv"
IGNORED = ("tests/cases",)
TWO_FILES_AT_A_TIME = (
    "-n",
    os.environ.get("LOTGATE_TEST_PROCESSES", "2"),
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
)


class Requirement(NamedTuple):
    """What must hold, in a few words, and the clause that asks for it."""

    id: str
    what: str
    clause: str


def requirements() -> dict[str, Requirement]:
    """By id, in the order of the file."""
    with REQUIREMENTS.open(encoding="utf-8", newline="") as lines:
        rows = [Requirement(*row) for row in csv.reader(lines)][1:]
    return {row.id: row for row in rows}


class Evidence:
    """A pytest plugin: keeps the tests that prove something, and the worst outcome of each."""

    def __init__(self) -> None:
        self.proofs: dict[str, list[str]] = defaultdict(list)
        self.outcomes: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for marker in item.iter_markers("proves"):
                for requirement in marker.args:
                    self.proofs[requirement].append(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # Set-up and tear-down count as well: a proof is a test of which nothing failed.
        if report.when == "call" or not report.passed:
            kept = self.outcomes.get(report.nodeid, "passed")
            self.outcomes[report.nodeid] = kept if kept != "passed" else report.outcome


def collected() -> Evidence:
    """Which tests prove what, none of them run."""
    evidence = Evidence()
    quiet = ["-qq", "--collect-only", "--no-summary", "--no-header", f"--rootdir={ROOT}"]
    code = pytest.main([*quiet, *(f"--ignore={folder}" for folder in IGNORED)], [evidence])
    if code != pytest.ExitCode.OK:
        sys.exit(int(code))
    return evidence


class Proof(NamedTuple):
    """A requirement and one test that names it, with what the test said."""

    requirement: Requirement
    test: str
    result: str


def proofs_of(evidence: Evidence) -> list[Proof]:
    """Requirements in the order of their family and number."""
    found, known = [], requirements()
    for requirement in sorted(evidence.proofs, key=_order):
        by_test: dict[str, list[str]] = defaultdict(list)
        for node in sorted(set(evidence.proofs[requirement])):
            by_test[node.split("[")[0]].append(evidence.outcomes.get(node, "not run"))
        found += [Proof(known[requirement], test, _result(outcomes)) for test, outcomes in by_test.items()]
    return found


def table(evidence: Evidence) -> list[str]:
    """Markdown."""
    rows = (
        f"| {each.requirement.id} | {each.requirement.clause} | `{each.test}` | {each.result} |"
        for each in proofs_of(evidence)
    )
    return ["| requirement | clause | test | result |", "|---|---|---|---|", *rows]


def without(evidence: Evidence, asked: list[str]) -> str:
    """The line that names those that no test names."""
    return f"without a test: {', '.join(each for each in asked if each not in evidence.proofs) or 'none'}"


def _result(outcomes: list[str]) -> str:
    """One word, or how many rows of a test's table ended in which way."""
    counts = Counter(outcomes)
    if len(outcomes) == 1:
        return outcomes[0]
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())


def _order(requirement: str) -> tuple[str, int]:
    match = re.fullmatch(r"([A-Z]+)-(\d+)", requirement)
    if match is None:
        raise ValueError(f"no requirement id: {requirement!r}")
    return match[1], int(match[2])


def named(wanted: list[str]) -> list[str]:
    """`SMP-1..3` as SMP-1, SMP-2, SMP-3."""
    found = []
    for each in wanted:
        family, _, numbers = each.strip(",").partition("-")
        first, _, last = numbers.partition("..")
        found += [f"{family}-{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def only_listed(wanted: list[str]) -> int:
    """Print a line for each requirement: how many tests name it, and its clause."""
    evidence, known = collected(), requirements()
    asked = named(wanted) or sorted(known, key=_order)
    print()
    for requirement in asked:
        tests = {node.split("[")[0] for node in evidence.proofs.get(requirement, ())}
        what, clause = known[requirement][1:]
        print(f"{requirement:<8} {len(tests):>4} tests  {what} ({clause})")
    print(without(evidence, asked))
    return int(any(each not in evidence.proofs for each in asked))


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--list"]:
        return only_listed(arguments[1:])
    paper: Path | None = None
    if arguments[:1] == ["--pdf"]:
        if len(arguments) < 2 or not arguments[1].endswith(".pdf"):
            print("./run validation --pdf FILE.pdf", file=sys.stderr)
            return 2
        paper, arguments = Path(arguments[1]), arguments[2:]
    evidence = collected()
    ignored = [f"--ignore={folder}" for folder in IGNORED]
    run = ["-q", "-m", "proves", f"--rootdir={ROOT}", *TWO_FILES_AT_A_TIME, *ignored, *arguments]
    code = pytest.main(run, plugins=[evidence])
    print(*table(evidence), without(evidence, sorted(requirements(), key=_order)), sep="\n")
    if paper is not None:
        write_paper(paper, evidence)
    return int(code)


def write_paper(paper: Path, evidence: Evidence) -> None:
    """The report; the typesetter is loaded only for it."""
    sys.path.insert(0, str(ROOT))
    pages = import_module("deploy.validation_pdf")
    rows = [(*each.requirement, each.test, each.result) for each in proofs_of(evidence)]
    missing = [each for each in sorted(requirements(), key=_order) if each not in evidence.proofs]
    paper.write_bytes(pages.validation_pdf(rows, missing))
    print(f"{paper}: {len(rows)} rows", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
