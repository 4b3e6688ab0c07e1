"""How fast the log is checked, grows and proves, without any server in between."""

from __future__ import annotations

import hashlib
import random
import statistics
import time
from pathlib import Path
from typing import NamedTuple

from backend.domain.merkle import Tree, leaf_hash, verify_inclusion
from backend.outside.maker_key import verify_ed25519
from backend.store.snapshot import in_chunks, snapshot
from backend.store.tables import LOGGED, table_of
from backend.store.verify_log import SELECT, verify_log
from backend.store.verify_quick import CHUNK
from backend.store.verify_rows import ANSWERS

LEAVES = 1_000_000
PROOFS = 2_000
TURNS = 3


class LogSpeed(NamedTuple):
    """Rows checked a second of CPU (events, business rows, answers); rows that the same second reads and hashes and
    does nothing else with; leaves appended a second, microseconds a proof among LEAVES."""

    verified: float | None
    read: float | None
    appended: float
    proof: float


async def log_speed(data: Path, database: str | Path | None) -> LogSpeed:
    """`data`: the folder of a product that has stopped, `database` its address where every row has its event."""
    appended, proof = tree_speed()
    if database is None:
        return LogSpeed(None, None, appended, proof)
    turns = [(await verified_speed(data, database), await read_speed(database)) for _ in range(TURNS)]
    verified, read = (statistics.median(speeds) for speeds in zip(*turns, strict=True))
    return LogSpeed(verified, read, appended, proof)


async def read_speed(database: str | Path) -> float:
    """Rows a second of reading everything once and hashing the events: no verification can be faster here."""
    begun, rows = time.process_time(), 0
    async with snapshot(database) as read:
        async for chunk in in_chunks(read, SELECT, "seq", CHUNK):
            rows += len([leaf_hash(row[9].encode()) for row in chunk])
        for noun in LOGGED:
            async for chunk in in_chunks(read, table_of(noun, read.dialect).select, '"id"', CHUNK):
                rows += len(chunk)
        async for chunk in in_chunks(read, ANSWERS, "id", CHUNK):
            rows += len(chunk)
    return rows / (time.process_time() - begun)


async def verified_speed(data: Path, database: str | Path) -> float:
    """Rows a second of `lotgate log verify`; raises RuntimeError where it finds anything."""
    begun = time.process_time()
    vkey = (data / "maker.vkey").read_text().strip()
    report = await verify_log(snapshot(database), data / "log", vkey, verify_ed25519)
    seconds = time.process_time() - begun
    if report.findings:
        raise RuntimeError(f"the log does not hold: {report.findings[:3]}")
    return (report.events + report.rows + report.answers) / seconds


def tree_speed() -> tuple[float, float]:
    """Append LEAVES leaf hashes; prove some of them."""
    leaves = [hashlib.sha256(str(place).encode()).digest() for place in range(LEAVES)]
    begun = time.perf_counter()
    tree = Tree(leaves)
    appended = LEAVES / (time.perf_counter() - begun)
    chosen = random.Random(7)
    places = [chosen.randrange(LEAVES) for _ in range(PROOFS)]
    begun = time.perf_counter()
    paths = [tree.inclusion(place) for place in places]
    proof = (time.perf_counter() - begun) / PROOFS * 1e6
    root = tree.root()
    if not all(
        verify_inclusion(leaves[place], place, LEAVES, path, root)
        for place, path in zip(places, paths, strict=True)
    ):
        raise RuntimeError("a proof does not hold")
    return appended, proof
