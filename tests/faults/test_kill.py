"""kill -9 in mid-write, several times: what was acknowledged is there, and repeating it changes nothing."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from backend.domain.items import OrderLine
from backend.domain.people import Who
from backend.outside.maker_key import maker_key, verify_ed25519
from backend.store.door import Store
from backend.store.snapshot import snapshot
from backend.store.verify_log import verify_log
from tests.faults.factory import open_factory, order_lines, receive
from tests.faults.receiving import database_at
from tests.stores import Templates, opened

ROOT = Path(__file__).parents[2]
KILLS = 3
LINES_EACH = 200


class Said(NamedTuple):
    """What the killed processes said: command -> order line, and command -> receipt once acknowledged."""

    tried: dict[str, str]
    done: dict[str, str]

    def take(self, line: bytes) -> None:
        """One whole line of output; the kill may have torn the last one."""
        if line.endswith(b"\n"):
            word, command, other = line.decode().split()
            (self.tried if word == "try" else self.done)[command] = other


async def started(address: str, folder: Path, who: Who, first: int, *mode: str) -> Process:
    """A process that receives the deliveries from the `first` on."""
    command = [sys.executable, "-m", "tests.faults.receiving", address, str(folder)]
    command += [msgspec.json.encode(who).decode(), str(first), *mode]
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE, cwd=ROOT)


async def verify(address: str, folder: Path) -> tuple[int, str]:
    """`lotgate log verify` as an operator calls it: exit code and output."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "backend.cli.main", "log", "verify"),
        *("--database", address, "--data", str(folder), "--lang", "en"),
        stdout=PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("LOTGATE")},
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def kill_after(process: Process, said: Said, acknowledged: int) -> None:
    """SIGKILL, no cleaning up; then read what had been said."""
    assert process.stdout is not None
    until = len(said.done) + acknowledged
    while len(said.done) < until:
        line = await process.stdout.readline()
        assert line, "it ended by itself"
        said.take(line)
    process.kill()
    while line := await process.stdout.readline():
        said.take(line)
    await process.wait()


async def receipts(store: Store) -> dict[str, str]:
    """Receipt -> order line, of all in the database."""
    return dict(await store.read.rows("select id, order_line_id from receipt order by id"))


async def all_acknowledged_are_there(store: Store, said: Said) -> None:
    """Each receipt that a caller was told of stands in the database, for the delivery it was about."""
    kept = await receipts(store)
    assert {command: kept.get(receipt) for command, receipt in said.done.items()} == {
        command: said.tried[command] for command in said.done
    }


@pytest.mark.proves("DUP-1", "AUD-2")
async def test_a_kill_in_mid_write_loses_nothing_acknowledged(
    engine: str, templates: Templates, tmp_path: Path
) -> None:
    database = await templates.copy(engine)
    address = getattr(database, "url", None) or str(getattr(database, "path", ""))
    async with opened(database) as store:
        who = (await open_factory(store, KILLS * LINES_EACH))["wei"]
    key = maker_key(tmp_path, "maker.example/lotgate")
    (tmp_path / "maker.vkey").write_text(f"{key.vkey}\n")
    chance, said = random.Random(9), Said({}, {})
    for each in range(KILLS):
        process = await started(address, tmp_path, who, each * LINES_EACH)
        await kill_after(process, said, chance.randint(1, 40))
        log = await verify_log(snapshot(address), tmp_path / "log", key.vkey, verify_ed25519)
        assert log.findings == []
    async with opened(database_at(address)) as store:
        await all_acknowledged_are_there(store, said)
        lines = {line.id: line for line in await order_lines(store)}
        await repeat_all(store, who, said, lines)
        assert sorted((await receipts(store)).values()) == sorted(said.tried.values())
    assert await verify(address, tmp_path) == (0, "")


async def repeat_all(store: Store, who: Who, said: Said, lines: dict[str, OrderLine]) -> None:
    """Every command again, twice, whether it was acknowledged or not."""
    commands = [*said.tried, *said.tried]
    random.Random(3).shuffle(commands)
    answers: dict[str, str] = dict(said.done)
    for command in commands:
        received = await receive(store, who, lines[said.tried[command]], command)
        assert answers.setdefault(command, received.receipt_id) == received.receipt_id


async def test_a_writer_that_acknowledges_before_the_commit_loses(
    templates: Templates, tmp_path: Path
) -> None:
    database = await templates.copy("sqlite")
    address = str(getattr(database, "path", ""))
    async with opened(database) as store:
        who = (await open_factory(store, 10))["wei"]
    said = Said({}, {})
    await kill_after(await started(address, tmp_path, who, 0, "early"), said, 1)
    async with opened(database_at(address)) as store:
        with pytest.raises(AssertionError):
            await all_acknowledged_are_there(store, said)


async def test_verifying_beside_a_writing_server_is_quiet(
    engine: str, templates: Templates, tmp_path: Path
) -> None:
    database = await templates.copy(engine)
    address = getattr(database, "url", None) or str(getattr(database, "path", ""))
    async with opened(database) as store:
        who = (await open_factory(store, KILLS * LINES_EACH))["wei"]
    key = maker_key(tmp_path, "maker.example/lotgate")
    (tmp_path / "maker.vkey").write_text(f"{key.vkey}\n")
    process, said = await started(address, tmp_path, who, 0), Said({}, {})
    assert process.stdout is not None
    said.take(await process.stdout.readline())
    verifying = asyncio.create_task(verify(address, tmp_path))
    await kill_when_done(process, said, verifying)
    assert verifying.result() == (0, "")
    assert said.done


async def kill_when_done(process: Process, said: Said, task: asyncio.Task[tuple[int, str]]) -> None:
    """Let the writer write until the task is over."""
    assert process.stdout is not None

    async def listen() -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            said.take(line)

    listening = asyncio.create_task(listen())
    await task
    if process.returncode is None:
        process.kill()
    await asyncio.gather(listening, process.wait())
