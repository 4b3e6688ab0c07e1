"""`./run validation`: which requirement is proved by which test, and what that test said just now.

Runs the tests that name a requirement (`@pytest.mark.proves("REL-4")`) and prints one table, a row for each
requirement and test. Ends with 0 when each of them passed. Arguments go to pytest.

    ./run validation --list [LOT-1..4 SMP-1..9 REL-1 ...]    only which tests name which requirement, none of them run;
                                                             those of the given ones that no test names end it with 1
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


def named(wanted: list[str]) -> list[str]:
    """`SMP-1..3` as SMP-1, SMP-2, SMP-3."""
    found = []
    for each in wanted:
        family, _, numbers = each.strip(",").partition("-")
        first, _, last = numbers.partition("..")
        found += [f"{family}-{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def only_listed(wanted: list[str]) -> int:
    """Print a line for each requirement: how many tests name it."""
    evidence = Evidence()
    ignored = [f"--ignore={folder}" for folder in IGNORED]
    pytest.main(
        ["-qq", "--collect-only", "--no-summary", "--no-header", f"--rootdir={ROOT}", *ignored], [evidence]
    )
    asked = named(wanted) or sorted(evidence.proofs, key=_order)
    print()
    for requirement in asked:
        tests = {node.split("[")[0] for node in evidence.proofs.get(requirement, ())}
        print(f"{requirement:<8} {len(tests):>4} tests")
    without = [requirement for requirement in asked if requirement not in evidence.proofs]
    print(f"without a test: {', '.join(without) or 'none'}")
    return int(bool(without))


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--list"]:
        return only_listed(arguments[1:])
    evidence = Evidence()
    ignored = [f"--ignore={folder}" for folder in IGNORED]
    code = pytest.main(["-q", f"--rootdir={ROOT}", *ignored, *arguments], plugins=[evidence])
    print(*table(evidence), sep="\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
