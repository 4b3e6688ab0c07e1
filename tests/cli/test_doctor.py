"""`lotgate doctor`: each lack is named with the line that mends it, and only what stops work is bad."""

from __future__ import annotations

import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite

import scanner.engines
from backend.demo.factory import load_demo
from backend.store import sqlite as engine_module
from backend.store.door import Store
from tests.cli.lotgate import Lotgate
from tests.stores import Templates


async def demo(store: Store) -> None:
    """The demo factory."""
    await load_demo(store, lambda: datetime.now(UTC))


async def test_a_machine_that_lacks_nothing_is_told_so(
    lotgate: Lotgate, engine: str, templates: Templates
) -> None:
    await lotgate.on(engine, templates, "empty", None)
    assert (await lotgate("user", "list")).code == 0  # opened once: key and witness are there
    said = await lotgate("doctor")
    assert (said.code, "BAD" in said.out) == (0, False), said.out
    assert "its write-ahead log is safe" in said.out and "as they were written" in said.out


async def test_nothing_there_yet_is_no_fault(lotgate: Lotgate) -> None:
    said = await lotgate("doctor")
    assert said.code == 0 and "none yet" in said.out and "lotgate demo" in said.out


async def test_a_database_out_of_reach_is_bad(lotgate: Lotgate, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setenv("LOTGATE_DATABASE_URL", f"postgresql://nobody@127.0.0.1:{port}/none")
    said = await lotgate("doctor")
    assert said.code == 1 and "BAD  database" in said.out and "Traceback" not in said.out + said.err


async def test_a_file_that_is_no_database_is_bad(lotgate: Lotgate) -> None:
    lotgate.data.mkdir()
    (lotgate.data / "lotgate.sqlite3").write_bytes(b"no database at all" * 100)
    assert (await lotgate("doctor")).code == 1


@pytest.mark.proves("AUD-2")
async def test_a_touched_log_is_bad(lotgate: Lotgate, templates: Templates) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    assert (await lotgate("user", "list")).code == 0
    connection = sqlite.connect(str(lotgate.data / "lotgate.sqlite3"))
    connection.execute("update lot set supplier_lot = 'OTHER' where number = 'L26-000001'")
    connection.commit()
    connection.close()
    said = await lotgate("doctor")
    assert said.code == 1 and "BAD  log" in said.out and "lotgate log verify" in said.out


async def test_each_lack_comes_with_its_line(
    lotgate: Lotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOTGATE_PAGE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("LOTGATE_CHROMIUM", raising=False)
    monkeypatch.setattr(scanner.engines, "missing_engines", lambda: ["zbar"])
    said = await lotgate("doctor")
    assert said.code == 0, "none of these keeps Lotgate from working"
    for line in ("apt-get install libzbar0", "./run build", "apt-get install chromium"):
        assert line in said.out
    monkeypatch.setattr(engine_module, "SAFE_WAL", (99, 0, 0))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 1000))  # type: ignore[attr-defined]
    said = await lotgate("doctor")
    assert said.code == 1 and "BAD  SQLite" in said.out and "make room" in said.out
