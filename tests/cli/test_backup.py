"""`lotgate backup`: a copy of a system at work is consistent, a byte changed is named, nothing is overwritten."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from pysqlite3 import dbapi2 as sqlite

from backend.app import opened
from backend.demo.factory import load_demo
from backend.demo.shift import PastClock, Shift
from backend.domain.security import Plain
from backend.settings import read_settings
from backend.store.backups import MANIFEST, BadBackup, unpack
from backend.store.change import Change
from backend.store.door import Store
from tests.cli.lotgate import Lotgate
from tests.postgres import _programs, create_database
from tests.stores import Templates


async def demo(store: Store) -> None:
    """The demo factory."""
    await load_demo(store, lambda: datetime.now(UTC))


async def work_on(store: Store, stop: asyncio.Event) -> int:
    """Commands one after the other until told to stop; returns how many were answered."""
    who = await Shift(store, "", PastClock(datetime.now(UTC))).who("li")
    done = 0

    async def note(tx: Change) -> None:
        tx.record("noted", "person", who.person_id, number=done)

    while not stop.is_set():
        await store.change(who, "note", Plain(store.new_id()), note, None, own=True)
        done += 1
    return done


@pytest.mark.proves("BAK-1")
async def test_a_copy_made_while_work_goes_on_is_consistent_and_goes_on_itself(
    lotgate: Lotgate, templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    photo = lotgate.data / "attachments" / "ab" / ("ab" * 32)
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a photo")
    copy, stop = tmp_path / "copy.tar", asyncio.Event()
    async with opened(read_settings(os.environ)) as (store, _):
        working = asyncio.create_task(work_on(store, stop))
        for _ in range(3):
            await asyncio.sleep(0.05)
            made = await lotgate("backup", "make", str(copy))
            assert made.code == 0, made.err
            checked = await lotgate("backup", "check", str(copy))
            assert (checked.code, "its log holds" in checked.out) == (0, True), checked
        stop.set()
        assert await working > 10
    assert copy.stat().st_mode & 0o777 == 0o600

    back = tmp_path / "restored"
    restored = await lotgate("backup", "restore", str(copy), "--into", str(back))
    assert restored.code == 0 and (back / "attachments" / "ab" / ("ab" * 32)).read_bytes() == b"a photo"
    assert (back / "maker.key").read_bytes() == (lotgate.data / "maker.key").read_bytes()
    monkeypatch.setenv("LOTGATE_DATA", str(back))
    async with opened(read_settings(os.environ)) as (store, _):
        assert store.locked is None
        stop.clear()
        working = asyncio.create_task(work_on(store, stop))
        await asyncio.sleep(0.05)
        stop.set()
        assert await working > 0
    verified = await lotgate("log", "verify")
    assert (verified.code, verified.out) == (0, "")
    again = await lotgate("backup", "restore", str(copy), "--into", str(back))
    assert again.code == 1 and "never overwrites" in again.err


@pytest.fixture
async def copy(lotgate: Lotgate, templates: Templates, tmp_path: Path) -> Path:
    """A backup of the demo factory."""
    await lotgate.on("sqlite", templates, "demo", demo)
    assert (await lotgate("user", "list")).code == 0
    assert (await lotgate("backup", "make", str(tmp_path / "copy.tar"))).code == 0
    return tmp_path / "copy.tar"


async def test_a_damaged_copy_is_refused_and_what_is_wrong_is_named(lotgate: Lotgate, copy: Path) -> None:
    whole = await asyncio.to_thread(copy.read_bytes)
    place = whole.index(b"PRIVATE KEY")
    wrong = {
        "data/maker.key": whole[:place] + b"X" + whole[place + 1 :],
        "data": whole[: len(whole) // 2],
        "copy.tar": b"no tar at all" * 100,
    }
    for named, body in wrong.items():
        await asyncio.to_thread(copy.write_bytes, body)
        for words in (("check", str(copy)), ("restore", str(copy), "--into", str(copy.parent / "x"))):
            said = await lotgate("backup", *words)
            assert said.code == 1 and named in said.err, (named, said)
            assert not (copy.parent / "x").exists() and not list(copy.parent.glob(".x*"))


def evil(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """A tar with one odd member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.size = kind, link, 0
        tar.addfile(info, io.BytesIO(b""))
    return out.getvalue()


EVIL = [
    evil("../outside"), evil("/etc/outside"), evil("data/../../outside"), evil("other/file"),
    evil("data/link", tarfile.SYMTYPE, "/etc/passwd"), evil("data/hard", tarfile.LNKTYPE, "/etc/passwd"),
    evil("data/pipe", tarfile.FIFOTYPE), evil("data\\..\\x"),
]  # fmt: skip


@pytest.mark.parametrize("body", EVIL)
def test_a_tar_that_climbs_or_links_is_refused(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "evil.tar").write_bytes(body)
    with pytest.raises(BadBackup):
        unpack(tmp_path / "evil.tar", tmp_path / "into")
    assert not (tmp_path / "outside").exists()


def test_the_naive_unpacking_climbs(tmp_path: Path) -> None:
    (tmp_path / "evil.tar").write_bytes(evil("../outside"))
    (tmp_path / "into").mkdir()
    with tarfile.open(tmp_path / "evil.tar") as tar:
        for member in tar:
            (tmp_path / "into" / member.name).write_bytes(b"")
    assert (tmp_path / "outside").exists(), "the broken twin writes where it is told to"


async def test_an_edited_log_in_a_copy_is_found(
    lotgate: Lotgate, tmp_path: Path, templates: Templates
) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    assert (await lotgate("user", "list")).code == 0
    connection = sqlite.connect(str(lotgate.data / "lotgate.sqlite3"))
    connection.execute("update lot set supplier_lot = 'OTHER' where number = 'L26-000001'")
    connection.commit()
    connection.close()
    assert (await lotgate("backup", "make", str(tmp_path / "copy.tar"))).code == 0
    said = await lotgate("backup", "check", str(tmp_path / "copy.tar"))
    assert said.code == 1 and "supplier_lot" in said.out


async def test_without_data_or_tool_nothing_is_written(
    lotgate: Lotgate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.tar"
    said = await lotgate("backup", "make", str(target))
    assert said.code == 2 and "no database" in said.err
    monkeypatch.setenv("LOTGATE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("PATH", str(tmp_path))
    said = await lotgate("backup", "make", str(target))
    assert said.code == 2 and "apt-get install postgresql-client" in said.err
    assert os.listdir(tmp_path) == []
    assert (await lotgate("backup", "check", str(target))).code == 2


async def test_postgresql_is_dumped_and_comes_back(
    lotgate: Lotgate, templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    programs = _programs(tmp_path, None)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    await lotgate.on("postgres", templates, "demo", demo)
    assert (await lotgate("user", "list")).code == 0
    made = await lotgate("backup", "make", str(tmp_path / "copy.tar"))
    assert made.code == 0, made.err
    restored = await lotgate(
        "backup", "restore", str(tmp_path / "copy.tar"), "--into", str(tmp_path / "back")
    )
    assert restored.code == 0 and "pg_restore" in restored.out
    url = await create_database(postgres_url, "restored")
    command = [programs / "pg_restore", "--no-owner", "--exit-on-error", "--dbname", url,
               tmp_path / "back" / "database.dump"]  # fmt: skip
    await asyncio.to_thread(subprocess.run, command, check=True)
    monkeypatch.setenv("LOTGATE_DATA", str(tmp_path / "back"))
    monkeypatch.setenv("LOTGATE_DATABASE_URL", url)
    verified = await lotgate("log", "verify")
    assert (verified.code, verified.out) == (0, ""), verified
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("select count(*) from event") > 50
    await connection.close()


async def test_the_manifest_comes_last_and_names_every_file(copy: Path) -> None:
    with tarfile.open(copy) as tar:
        names = tar.getnames()
    assert names[-1] == MANIFEST and names.index("data/log/leaves") < names.index("data/lotgate.sqlite3")
    assert not any(name.endswith((".new", "-wal", "-shm")) for name in names)
