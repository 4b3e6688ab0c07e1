"""`./run check`: everything about the source that a machine can judge without running the product.

Each step is one command; as many run at once as there are cores. A step prints one line with its seconds, a
failed one what it said as well. Ends with 0 when every step passed, else with 1.
"""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PACKAGES = ("backend", "bot", "scanner")
PYTHON_FOLDERS = (*PACKAGES, "deploy", "tests")
PAGE_BIN = ROOT / "pwa" / "node_modules" / ".bin"


class Step(NamedTuple):
    name: str
    command: Sequence[str | Path]
    folder: Path = ROOT


class Outcome(NamedTuple):
    code: int
    seconds: float
    output: str


# The slowest first, so that the last to end is a short one.
STEPS = (
    Step("types", [BIN / "mypy", *(part for name in PACKAGES for part in ("-p", name))]),
    Step(
        "page: components",
        [PAGE_BIN / "svelte-check", "--tsconfig", "tsconfig.json", "--fail-on-warnings"],
        ROOT / "pwa",
    ),
    Step("API types unchanged", [sys.executable, "deploy/api_types.py", "--check"]),
    Step("page: workers", [PAGE_BIN / "tsc", "--noEmit", "-p", "tsconfig.worker.json"], ROOT / "pwa"),
    Step("page: build", [PAGE_BIN / "tsc", "--noEmit", "-p", "tsconfig.node.json"], ROOT / "pwa"),
    Step("types of the tools", [BIN / "mypy", "--strict", *sorted((ROOT / "deploy").glob("*.py"))]),
    Step("layers", [BIN / "lint-imports", "--no-logo"]),
    Step("style", [BIN / "ruff", "check", "--quiet", *PYTHON_FOLDERS]),
    Step("format", [BIN / "ruff", "format", "--check", "--quiet", *PYTHON_FOLDERS]),
    Step("states unchanged", [sys.executable, "deploy/states.py", "--check"]),
    Step("label facts unchanged", [sys.executable, "deploy/label_facts.py", "--check"]),
    Step("links in documents", [sys.executable, "deploy/check_links.py"]),
)


async def run_step(step: Step, cores: asyncio.Semaphore) -> Outcome:
    async with cores:
        start = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *step.command,
            cwd=step.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        seconds = time.monotonic() - start
    outcome = Outcome(process.returncode or 0, seconds, output.decode(errors="replace").strip())
    print(f"{'ok  ' if outcome.code == 0 else 'FAIL'} {seconds:6.1f} s  {step.name}", flush=True)
    return outcome


async def run_all(steps: Sequence[Step]) -> int:
    cores = asyncio.Semaphore(os.cpu_count() or 1)
    outcomes = await asyncio.gather(*(run_step(step, cores) for step in steps))
    failed = [(step, outcome) for step, outcome in zip(steps, outcomes, strict=True) if outcome.code]
    for step, outcome in failed:
        print(f"\n--- {step.name}\n{outcome.output}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run_all(STEPS)))
