"""`lotgate serve` with a watched folder: a real server process takes what lies there, one of several at a time, says
what stands against it, and ends cleanly."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.actions.test_watch_folder import GOOD
from tests.cli.lotgate import Lotgate
from tests.cli.test_results import demo, rows
from tests.stores import Templates

SECONDS = 120.0
Server = asyncio.subprocess.Process


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def serving(data: Path, folder: Path, password: Path, port: int) -> AsyncIterator[Server]:
    """A server of its own process, once it answers."""
    environment = os.environ | {
        "LOTGATE_DATA": str(data),
        "LOTGATE_PORT": str(port),
        "LOTGATE_WATCH": str(folder),
        "LOTGATE_WATCH_AS": "zhou",
        "LOTGATE_WATCH_PASSWORD": str(password),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import sys; from backend.cli.main import main; sys.exit(main(['serve']))",
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    said = [await asyncio.wait_for(process.stdout.readline(), SECONDS)]
    while b"answers at" not in said[-1]:
        assert said[-1], b"".join(said).decode()
        said.append(await asyncio.wait_for(process.stdout.readline(), SECONDS))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until(what: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait for it."""
    for _ in range(int(SECONDS / 0.2)):
        found = what()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(0.2)
    raise AssertionError("it did not come")


def put(folder: Path, name: str, code: str) -> None:
    """As another system does: written under another name first."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    part.write_bytes(GOOD.replace(b"NEW-1", code.encode()))
    part.rename(folder / name)


@pytest.fixture
async def house(lotgate: Lotgate, templates: Templates, tmp_path: Path) -> tuple[Path, Path, Path]:
    """Data folder, watched folder, password file."""
    await lotgate.on("sqlite", templates, "demo", demo)
    password = tmp_path / "password"
    password.write_text("lotgate-demo-zhou\n")
    (tmp_path / "exchange").mkdir()
    return lotgate.data, tmp_path / "exchange", password


@pytest.mark.proves("IMP-1")
async def test_the_server_takes_files_one_of_two_at_a_time_and_ends_cleanly(
    house: tuple[Path, Path, Path], lotgate: Lotgate
) -> None:
    data, folder, password = house
    database = data / "lotgate.sqlite3"

    def known(code: str) -> bool:
        return rows(database, f"select 1 from supplier where code = '{code}'") != []

    async with serving(data, folder, password, free_port()) as first:
        put(folder / "suppliers", "one.csv", "SRV-1")
        await until(lambda: known("SRV-1"))
        async with serving(data, folder, password, free_port()) as second:
            beside = await lotgate(
                "watch", str(folder), "--as", "zhou", "--settle", "0", "--once", typed="lotgate-demo-zhou\n"
            )
            assert (beside.code, "another process watches" in beside.err) == (1, True), beside
            put(folder / "suppliers", "two.csv", "SRV-2")
            await until(lambda: known("SRV-2"))
            done = "select count(*) from event where type = 'sheet_imported' and body like '%two.csv%'"
            assert rows(database, done) == [(1,)]
            first.kill()
            await first.wait()
            put(folder / "suppliers", "three.csv", "SRV-3")
            await until(lambda: known("SRV-3"))
            second.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(second.wait(), SECONDS) == 0
    assert len(list((folder / "done").glob("*.report.txt"))) == 3
    assert list((folder / "working").iterdir()) == []


async def test_what_stands_against_it_is_said_where_other_trouble_is_and_again_when_it_is_well(
    house: tuple[Path, Path, Path],
) -> None:
    data, folder, password = house
    database = data / "lotgate.sqlite3"
    noted = "select type from event where type in ('folder_trouble', 'folder_watched', 'sign_in_failed') order by seq"
    password.write_text("wrong\n")
    async with serving(data, folder, password, free_port()):
        await until(lambda: ("folder_trouble",) in rows(database, noted))
        told = "select count(*) from notice where code = 'folder_trouble'"
        assert rows(database, told) == [(1,)]
        await asyncio.sleep(5)  # a wrong password is not tried again, and not told again
        assert rows(database, noted).count(("sign_in_failed",)) == 1
        assert rows(database, told) == [(1,)]
        put(folder / "suppliers", "one.csv", "SRV-1")
        password.write_text("lotgate-demo-zhou\n")
        await until(lambda: rows(database, "select 1 from supplier where code = 'SRV-1'") != [])
        await until(lambda: ("folder_watched",) in rows(database, noted))


@pytest.mark.parametrize("missing", ["", "_AS", "_PASSWORD"])
def test_half_of_the_settings_is_refused(missing: str) -> None:
    from backend.settings import read_settings

    said = {f"LOTGATE_WATCH{end}": "x" for end in ("", "_AS", "_PASSWORD") if end != missing}
    with pytest.raises(ValueError, match="go together"):
        read_settings(said)
    assert read_settings({}).exchange is None
