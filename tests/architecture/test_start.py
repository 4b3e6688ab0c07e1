"""What takes seconds and memory is loaded at its first use: a server that answers has none of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = (
    "cv2",
    "numpy",
    "zxingcpp",
    "typst",
    "webauthn",
    "OpenSSL",
    "aiogram",
    "segno",
    "rapidocr",
    "onnxruntime",
)
SERVE = """
import asyncio, sys
from pathlib import Path
import backend.cli.running
from backend.app import create_app
from backend.settings import read_settings

async def serve():
    app = create_app(read_settings({"LOTGATE_DATA": sys.argv[1]}))
    async with app.lifespan():
        pass

asyncio.run(serve())
"""


def loaded(after: str, folder: Path) -> set[str]:
    """Which heavy packages a Python has loaded once it has run this."""
    script = f"{after}\nprint(' '.join(sorted(name.partition('.')[0] for name in __import__('sys').modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split()) & set(HEAVY)


def test_a_server_starts_without_what_it_needs_later(tmp_path: Path) -> None:
    assert loaded(SERVE, tmp_path) == set()


def test_one_import_at_the_top_would_be_seen(tmp_path: Path) -> None:
    """The broken twin."""
    eager = "from backend.outside.certificate_pdf import certificate_pdf\nimport scanner.worker\n" + SERVE
    assert {"typst", "cv2", "numpy"} <= loaded(eager, tmp_path)


def test_the_commands_are_named_without_the_server(tmp_path: Path) -> None:
    assert loaded("from backend.cli.main import main", tmp_path) == set()
