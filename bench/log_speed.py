"""How fast the log is checked, grows and proves, without any server in between."""

from __future__ import annotations

import hashlib
import random
import time
from pathlib import Path
from typing import NamedTuple

from backend.domain.merkle import Tree, verify_inclusion
from backend.outside.maker_key import verify_ed25519
from backend.store.snapshot import snapshot
from backend.store.verify_log import verify_log

LEAVES = 1_000_000
PROOFS = 2_000


class LogSpeed(NamedTuple):
    """Rows checked a second (events, business rows, answers), leaves appended a second, microseconds a proof
    among LEAVES."""

    verified: float | None
    appended: float
    proof: float


async def log_speed(data: Path, database: str | Path | None) -> LogSpeed:
    """`data`: the folder of a product that has stopped, `database` its address where every row has its event."""
    appended, proof = tree_speed()
    return LogSpeed(None if database is None else await verified_speed(data, database), appended, proof)


async def verified_speed(data: Path, database: str | Path) -> float:
    """Rows a second of `lotgate log verify`; raises RuntimeError where it finds anything."""
    begun = time.perf_counter()
    vkey = (data / "maker.vkey").read_text().strip()
    report = await verify_log(snapshot(database), data / "log", vkey, verify_ed25519)
    seconds = time.perf_counter() - begun
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
