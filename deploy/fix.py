"""`./run fix`: put right what needs no thought: style, format, the page's types of the API."""

import subprocess
import sys
from pathlib import Path

from check import BIN, PYTHON_FOLDERS, ROOT

COMMANDS: tuple[list[str | Path], ...] = (
    [BIN / "ruff", "check", "--fix", "--quiet", *PYTHON_FOLDERS],
    [BIN / "ruff", "format", "--quiet", *PYTHON_FOLDERS],
    [sys.executable, "deploy/api_types.py"],
    [sys.executable, "deploy/label_facts.py"],
    [sys.executable, "deploy/states.py"],
)

if __name__ == "__main__":
    codes = [subprocess.run(command, cwd=ROOT, check=False).returncode for command in COMMANDS]
    sys.exit(max(codes))
