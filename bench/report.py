"""The table: rates, and ratios to the yardsticks, against the goals."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from typing import NamedTuple

from bench.contest import NAMES, Engine, Name, Result
from bench.log_speed import LogSpeed
from bench.works import WORKS, Work

GOALS: dict[Work, int] = {"W1": 50, "W2": 33, "W4": 50}
"""Per cent of Litestar with the bare driver."""
BETWEEN: dict[Work, int] = {"W1": 90, "W2": 75}
"""Per cent of PostgreSQL that SQLite reaches."""
LIKE: dict[Name, str] = {
    "lotgate": "Lotgate",
    "minimal": "Litestar + driver",
    "orm": "FastAPI + SQLAlchemy",
}
ENGINES: dict[Engine, str] = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


class Run(NamedTuple):
    """One size of factory: its lots, what came out on each engine."""

    lots: int
    results: list[Result]


def report(runs: Sequence[Run], log: LogSpeed, loads: Sequence[float]) -> str:
    """All of it as Markdown; `loads`: the machine's load average before and after."""
    parts = [
        "# Speed",
        "",
        f"`./run bench` on {os.cpu_count()} cores, Python {platform.python_version()}: one server process, loopback "
        "HTTP, 8 clients,",
        "warm, SQLite with synchronous=FULL, PostgreSQL with fsync. The product is signed in, its rights are checked,",
        "its log is on; the yardsticks check nothing. Only ratios of one run carry over to another day.",
        f"Load average before and after: {loads[0]:.1f}, {loads[1]:.1f}; above 3 others were at work beside the bench, "
        "and rates by the clock say little:",
        "the processor time of an answer says more.",
        "",
    ]
    for run in runs:
        parts += [f"## {run.lots:,} lots".replace(",", " "), ""]
        for result in run.results:
            parts += _works(result)
        parts += _between(run)
    parts += _sizes(runs) if len(runs) > 1 else []
    parts += _others(runs[0].results, log)
    return "\n".join(parts) + "\n"


def _works(result: Result) -> list[str]:
    names = [name for name in NAMES if (name, "W1") in result.scores]
    heads = [LIKE[name] for name in names]
    lines = [
        f"| {ENGINES[result.engine]}, answers per s | {' | '.join(heads)} | of Litestar + driver | goal | "
        "of FastAPI + SQLAlchemy | CPU of Litestar + driver |",
        f"|---|{'---:|' * (len(heads) + 4)}",
    ]
    for work in sorted(WORKS):
        ours, bare = result.scores["lotgate", work], result.scores["minimal", work]
        orm = result.scores.get(("orm", work))
        rates = " | ".join(f"{result.scores[name, work].rate:.0f}" for name in names)
        times = f"{ours.rate / orm.rate:.1f}x" if orm else "-"
        lines.append(
            f"| {work} | {rates} | **{ours.rate / bare.rate:.0%}** | {GOALS[work]}% | {times} | "
            f"{ours.cpu:.0f} of {bare.cpu:.0f} us |"
        )
    return [*lines, ""]


def _between(run: Run) -> list[str]:
    by_engine = {result.engine: result for result in run.results}
    if len(by_engine) < 2:
        return []
    lines = ["| Lotgate | SQLite | PostgreSQL | SQLite of PostgreSQL | goal |", "|---|---:|---:|---:|---:|"]
    for work, goal in BETWEEN.items():
        file, server = (by_engine[engine].scores["lotgate", work].rate for engine in ENGINES)
        lines.append(f"| {work} | {file:.0f} | {server:.0f} | {file / server:.0%} | {goal}% |")
    return [*lines, ""]


def _sizes(runs: Sequence[Run]) -> list[str]:
    first, last = runs[0], runs[-1]
    lines = [
        "## From small to large",
        "",
        f"| Lotgate, answers per s | {first.lots} lots | {last.lots} lots | ratio | Litestar + driver, ratio |",
        "|---|---:|---:|---:|---:|",
    ]
    for small, large in zip(first.results, last.results, strict=True):
        for work in sorted(WORKS):
            ours = [result.scores["lotgate", work].rate for result in (small, large)]
            bare = [result.scores["minimal", work].rate for result in (small, large)]
            lines.append(
                f"| {ENGINES[small.engine]} {work} | {ours[0]:.0f} | {ours[1]:.0f} | {ours[1] / ours[0]:.0%} | "
                f"{bare[1] / bare[0]:.0%} |"
            )
    return [*lines, ""]


def _others(results: Sequence[Result], log: LogSpeed) -> list[str]:
    lines = [
        "## Start, memory, log",
        "",
        "| | s to the first answer | MB resident, after the works |",
        "|---|---:|---:|",
    ]
    for result in results:
        lines += [
            f"| {ENGINES[result.engine]}, {LIKE[name]} | {result.started[name]:.2f} | {result.resident[name]:.0f} |"
            for name in result.started
        ]
    return [
        *lines,
        "",
        "| log | | goal |",
        "|---|---:|---:|",
        f"| rows checked per s of CPU (`lotgate log verify`) | {_rate(log.verified)} | 300,000 |",
        f"| rows only read and hashed, per s of CPU | {_rate(log.read)} | |",
        f"| leaves appended per s, to 1,000,000 | {log.appended:,.0f} | 62,000 |",
        f"| proof among 1,000,000 leaves, us | {log.proof:.0f} | |",
    ]


def _rate(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:,.0f}"
