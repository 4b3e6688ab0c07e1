"""The page's pure rules, bundled once and asked from Python."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Ask = Callable[..., list[Any]]


def bundled(bundle: Path) -> Ask:
    """Ask the page's rules: `ask(("add", "0.1", "0.2"), ...)` gives one answer each."""
    rolldown = ROOT / "pwa/node_modules/.bin/rolldown"
    source = ROOT / "tests/pwa/page_rules.ts"
    options = ("--format", "esm", "--platform", "node", "--file", bundle)
    subprocess.run([rolldown, source, *options], check=True, capture_output=True, cwd=ROOT / "pwa")

    def asked(*questions: tuple[Any, ...]) -> list[Any]:
        run = subprocess.run(["node", bundle], input=json.dumps(questions), capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        answers: list[Any] = json.loads(run.stdout)
        return answers

    return asked
