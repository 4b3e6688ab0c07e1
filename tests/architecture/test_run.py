"""The script that everything starts with answers before anything is installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`./run` copied alone into an empty folder: whatever it answers there needs no environment."""
    shutil.copy(ROOT / "run", folder / "run")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOTGATE_")}
    command = [folder / "run", *arguments]
    return subprocess.run(command, env=kept | environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [(), ("help",), ("--help",)])
def test_help_names_every_command(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    commands = re.findall(r"^  ([a-z][a-z |]*)\)$", (ROOT / "run").read_text(), re.MULTILINE)
    names = {name.strip() for group in commands for name in group.split("|")} - {"help"}
    answer = run(tmp_path, *arguments)
    assert answer.returncode == 0
    assert {
        "demo",
        "test",
        "check",
        "fix",
        "bench",
        "build",
        "cases",
        "film",
        "fuzz",
        "mutate",
        "story",
        "validation",
    } == names
    assert all(re.search(rf"^  {name} ", answer.stdout, re.MULTILINE) for name in names)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_unknown_command_says_which_there_are(tmp_path: Path) -> None:
    answer = run(tmp_path, "demonstrate")
    assert answer.returncode == 2
    assert "  demo " in answer.stderr


@pytest.mark.parametrize("folder", ["", "/nowhere/at/all"])
def test_outside_cases_need_their_folder(tmp_path: Path, folder: str) -> None:
    answer = run(tmp_path, "cases", LOTGATE_CASES=folder)
    assert answer.returncode == 2
    assert "LOTGATE_CASES" in answer.stderr
    assert not (tmp_path / ".venv").exists()
