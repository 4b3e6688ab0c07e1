"""The command line as a person uses it: words in, text out, an exit code; on a data folder of its own."""

from __future__ import annotations

import asyncio
import io
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from backend.cli.main import main
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from tests.stores import Prepare, Templates


class Said(NamedTuple):
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


class Lotgate:
    """`lotgate ...` in this process, in a thread, since it runs a loop of its own."""

    def __init__(
        self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.data, self._patch, self._capsys = data, monkeypatch, capsys
        monkeypatch.setenv("LOTGATE_DATA", str(data))
        monkeypatch.delenv("LOTGATE_DATABASE_URL", raising=False)

    async def __call__(self, *words: str, typed: str = "") -> Said:
        self._patch.setattr("sys.stdin", io.StringIO(typed))
        try:
            code = await asyncio.to_thread(main, list(words))
        except SystemExit as ended:  # argparse
            code = int(ended.code or 0)
        return Said(code, *self._capsys.readouterr())

    async def on(self, engine: str, templates: Templates, template: str, prepare: Prepare | None) -> None:
        """Put a copy of a template below the command: a file in the data folder, or an address."""
        self.data.mkdir(exist_ok=True)
        database = await templates.copy(engine, template, prepare)
        if isinstance(database, SqliteDatabase):
            shutil.copyfile(database.path, self.data / "lotgate.sqlite3")
        elif isinstance(database, PostgresDatabase):
            self._patch.setenv("LOTGATE_DATABASE_URL", database.url)
