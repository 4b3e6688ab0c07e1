"""`./run validation`: which requirement is proved by which test, and what that test said just now.

Runs the tests that name a requirement (`@pytest.mark.proves("REL-4")`) and prints one table, a row for each
requirement and test. Ends with 0 when each of them passed. Arguments go to pytest.
"""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
IGNORED = ("tests/cases",)


class Evidence:
    """A pytest plugin: keeps the tests that prove something, and the worst outcome of each."""

    def __init__(self) -> None:
        self.proofs: dict[str, list[str]] = defaultdict(list)
        self.outcomes: dict[str, str] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        for item in items:
            for marker in item.iter_markers("proves"):
                for requirement in marker.args:
                    self.proofs[requirement].append(item.nodeid)
        proving = {node for nodes in self.proofs.values() for node in nodes}
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in proving])
        items[:] = [item for item in items if item.nodeid in proving]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # Set-up and tear-down count as well: a proof is a test of which nothing failed.
        if report.when == "call" or not report.passed:
            kept = self.outcomes.get(report.nodeid, "passed")
            self.outcomes[report.nodeid] = kept if kept != "passed" else report.outcome


def table(evidence: Evidence) -> list[str]:
    """Markdown; requirements in the order of their family and number."""
    rows = ["| requirement | test | result |", "|---|---|---|"]
    for requirement in sorted(evidence.proofs, key=_order):
        by_test: dict[str, list[str]] = defaultdict(list)
        for node in sorted(set(evidence.proofs[requirement])):
            by_test[node.split("[")[0]].append(evidence.outcomes.get(node, "not run"))
        rows += [f"| {requirement} | `{test}` | {_result(outcomes)} |" for test, outcomes in by_test.items()]
    return rows


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


def main(arguments: list[str]) -> int:
    evidence = Evidence()
    ignored = [f"--ignore={folder}" for folder in IGNORED]
    code = pytest.main(["-q", f"--rootdir={ROOT}", *ignored, *arguments], plugins=[evidence])
    print(*table(evidence), sep="\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
