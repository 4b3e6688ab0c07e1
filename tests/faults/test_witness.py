"""What the witness folder remembers, and what a store may do that has fallen behind it (BAK-1)."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite

from backend.domain.errors import Refused
from backend.domain.merkle import WIDTH, leaf_hash, verify_consistency, verify_inclusion
from backend.domain.notes import open_checkpoint
from backend.outside.maker_key import MakerKey, maker_key, verify_ed25519
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.reader import Reader
from backend.store.sqlite import SqliteDatabase
from backend.store.witness import Witness
from backend.store.witness_files import read_witness
from tests.faults.factory import add_items, founded
from tests.stores import opened


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> MakerKey:
    return maker_key(tmp_path_factory.mktemp("maker"), "maker.example/lotgate")


@asynccontextmanager
async def witnessed(store: Store, folder: Path, key: MakerKey) -> AsyncIterator[Witness]:
    witness = Witness(folder, key.vkey, key.sign)
    witness.attach(store)
    await witness.catch_up(store.read_long)
    try:
        yield witness
    finally:
        await witness.close()


async def leaves_of(store: Store) -> list[bytes]:
    rows = await store.read.rows("select body from event order by seq")
    return [leaf_hash(str(body).encode()) for (body,) in rows]


@pytest.mark.proves("AUD-2")
async def test_every_event_is_proved_by_a_signed_head(store: Store, tmp_path: Path, key: MakerKey) -> None:
    async with witnessed(store, tmp_path, key) as witness:
        who = await founded(store)
        before = await witness.head()
        await asyncio.gather(*(add_items(store, who, 1) for _ in range(20)))
        after = await witness.head()
        leaves = await leaves_of(store)
        for seq, leaf in enumerate(leaves):
            path, note = await witness.proof(seq)
            head = open_checkpoint(note, key.vkey, verify_ed25519)
            assert verify_inclusion(leaf, seq, head.size, path, head.root)
        steps = await witness.consistency(before.size, after.size)
    assert (before.size, after.size) == (1, 21)
    assert verify_consistency(before.size, after.size, steps, before.root, after.root)
    kept = read_witness(tmp_path)
    assert kept.leaves == b"".join(leaves)
    assert kept.checkpoint == after.note
    assert (after.size, after.root) in kept.history


async def test_two_processes_on_one_database_share_one_witness(
    store: Store, tmp_path: Path, key: MakerKey
) -> None:
    other = Store(store.database, store.clock, store.new_id)  # its writer never runs in this test
    async with witnessed(store, tmp_path, key) as ours, witnessed(other, tmp_path, key) as theirs:
        who = await founded(store)
        await add_items(store, who, 3)
        assert (await theirs.head()).note == (await ours.head()).note
        await add_items(store, who, 1)
        path, note = await theirs.proof(4)
        head = open_checkpoint(note, key.vkey, verify_ed25519)
        leaves = await leaves_of(store)
        assert verify_inclusion(leaves[4], 4, head.size, path, head.root)
    assert read_witness(tmp_path).leaves == b"".join(leaves)


async def test_what_another_process_writes_while_this_one_opens_is_not_taken_for_missing(
    store: Store, tmp_path: Path, key: MakerKey
) -> None:
    other = Store(store.database, store.clock, store.new_id)  # its writer never runs in this test
    async with witnessed(store, tmp_path, key) as ours:
        who = await founded(store)
        read = store.read_long.rows

        async def slowly(sql: str, *args: object) -> object:
            rows = await read(sql, *args)
            await add_items(store, who, 2)  # committed and witnessed after this one has read the database
            await ours.head()
            return rows

        late = Witness(tmp_path, key.vkey, key.sign)
        late.attach(other)
        await late.catch_up(Reader(store.database.dialect, slowly))  # type: ignore[arg-type]
        assert other.locked is None
        assert (await late.head()).note == (await ours.head()).note
        await late.close()


@pytest.mark.proves("BAK-1")
async def test_a_stale_backup_is_read_only_and_says_how_far_behind(tmp_path: Path, key: MakerKey) -> None:
    file, log = tmp_path / "now.db", tmp_path / "log"
    async with migrated(file) as store, witnessed(store, log, key):
        who = await founded(store)
        backup(file, tmp_path / "backup.db")
        await add_items(store, who, 5)
    known = read_witness(log)
    async with opened(SqliteDatabase(tmp_path / "backup.db")) as stale, witnessed(stale, log, key) as witness:
        with pytest.raises(Refused) as refusal:
            await add_items(stale, who, 1)
        [reason] = refusal.value.reasons
        assert reason.code == "log_behind_witness"
        assert reason.facts == {"events": 1, "witnessed": 6, "missing": 5}
        assert len(await stale.read.rows("select seq from event")) == 1
        with pytest.raises(Refused):
            await witness.head()
    assert read_witness(log) == known


async def rewrite_leaf(store: Store, log: Path) -> None:
    """The database now says something else of event 2."""
    await store.database.script(
        [
            "drop trigger event_no_update",
            f"update event set leaf = '{'ab' * WIDTH}' where seq = 2",
        ]
    )


async def drop_event(store: Store, log: Path) -> None:
    await store.database.script(["drop trigger event_no_delete", "delete from event where seq = 2"])


async def zero_known_leaf(store: Store, log: Path) -> None:
    with (log / "leaves").open("r+b") as file:
        file.seek(2 * WIDTH)
        file.write(bytes(WIDTH))


async def sign_otherwise(store: Store, log: Path) -> None:
    note = (log / "checkpoint").read_bytes()
    (log / "checkpoint").write_bytes(note.replace(b"\n4\n", b"\n3\n"))


@pytest.mark.proves("AUD-2", "BAK-1")
@pytest.mark.parametrize("tamper", [rewrite_leaf, drop_event, zero_known_leaf, sign_otherwise])
async def test_a_log_that_is_not_the_witnessed_one_is_read_only(
    tamper: Callable[[Store, Path], object], tmp_path: Path, key: MakerKey
) -> None:
    file, log = tmp_path / "now.db", tmp_path / "log"
    async with migrated(file) as store, witnessed(store, log, key):
        who = await founded(store)
        await add_items(store, who, 3)
    async with opened(SqliteDatabase(file)) as store:
        await tamper(store, log)  # type: ignore[misc]
        async with witnessed(store, log, key):
            with pytest.raises(Refused) as refusal:
                await add_items(store, who, 1)
            assert [reason.code for reason in refusal.value.reasons] == ["log_differs_from_witness"]


async def test_leaves_that_a_power_cut_left_unwritten_are_written_again(
    tmp_path: Path, key: MakerKey
) -> None:
    file, log = tmp_path / "now.db", tmp_path / "log"
    async with migrated(file) as store:
        async with witnessed(store, log, key):
            who = await founded(store)
        await add_items(store, who, 4)
    with (log / "leaves").open("ab") as leaves:
        leaves.write(bytes(2 * WIDTH))  # beyond the last signed head: long enough, never filled
    async with opened(SqliteDatabase(file)) as store, witnessed(store, log, key):
        await add_items(store, who, 1)
        expected = await leaves_of(store)
    assert read_witness(log).leaves == b"".join(expected)


async def test_a_torn_line_of_history_is_cut_off(tmp_path: Path, key: MakerKey) -> None:
    file, log = tmp_path / "now.db", tmp_path / "log"
    async with migrated(file) as store:
        async with witnessed(store, log, key):
            who = await founded(store)
        with (log / "checkpoints").open("ab") as history:
            history.write(b"7 0123")
        async with witnessed(store, log, key):
            await add_items(store, who, 1)
    kept = read_witness(log)
    assert kept.spoilt == []
    assert [size for size, _ in kept.history][-1] == 2


async def test_a_witness_that_cannot_write_lets_nothing_change_until_it_can(
    tmp_path: Path, key: MakerKey
) -> None:
    file, log = tmp_path / "now.db", tmp_path / "log"
    async with migrated(file) as store, witnessed(store, log, key) as witness:
        who = await founded(store)
        shutil.rmtree(log)
        log.write_text("no folder")
        await add_items(store, who, 1)
        await until(lambda: store.locked is not None)
        with pytest.raises(Refused) as refusal:
            await add_items(store, who, 1)
        assert [reason.code for reason in refusal.value.reasons] == ["witness_not_written"]
        log.unlink()
        await until(lambda: store.locked is None)
        await add_items(store, who, 1)
        assert (await witness.head()).size == 3
        expected = await leaves_of(store)
    assert read_witness(log).leaves == b"".join(expected)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what a task does in its own time."""
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to hold")


@asynccontextmanager
async def migrated(file: Path) -> AsyncIterator[Store]:
    async with opened(SqliteDatabase(file)) as store:
        await migrate(store.database)
        yield store


def backup(file: Path, to: Path) -> None:
    """As an operator does it: SQLite's own backup."""
    source, target = sqlite.connect(str(file)), sqlite.connect(str(to))
    source.backup(target)
    source.close()
    target.close()
