"""200 hand-made changes in the database on each engine: every one is found and what was touched is named.

The twin is what is often sold as a tamper-proof log: it hashes the events again and looks no further.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import pytest

from backend.domain.merkle import leaf_hash
from backend.outside.maker_key import MakerKey, maker_key, verify_ed25519
from backend.store.log_report import Finding, LogReport
from backend.store.reader import Reader
from backend.store.snapshot import snapshot
from backend.store.tables import Dialect
from backend.store.verify_log import verify_log
from backend.store.witness import Witness
from tests.faults.decisions import play
from tests.faults.tampering import (
    OF_ANSWERS,
    OF_EVENTS,
    OF_ROWS,
    OF_TAILS,
    Attacker,
    Impossible,
    Tampered,
    Tampering,
    attacking,
)
from tests.stores import ENGINES, Templates, opened

CASES = 200
SEED = 20_261_123


class Played(NamedTuple):
    """A database in which a few days have been played, its witness, its key."""

    address: str
    dialect: Dialect
    folder: Path
    key: MakerKey


@pytest.fixture(params=ENGINES, scope="module")
async def played(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Played]:
    folder = tmp_path_factory.mktemp(f"played-{request.param}")
    key = maker_key(folder, "maker.example/lotgate")
    database = await templates.copy(request.param)
    witness = Witness(folder / "log", key.vkey, key.sign)
    async with opened(database) as store:
        witness.attach(store)
        await witness.catch_up(store.read_long)
        await play(store)
        await witness.close()
    address = getattr(database, "url", None) or str(getattr(database, "path", ""))
    yield Played(address, request.param, folder / "log", key)


async def check(played: Played, attacker: Attacker) -> LogReport:
    reader = Reader(played.dialect, attacker.rows)
    return await verify_log(nullcontext(reader), played.folder, played.key.vkey, verify_ed25519)


async def chain_only(attacker: Attacker) -> bool:
    """The twin: are all events there from the first on, each with its own hash?"""
    rows = await attacker.rows("select seq, body, leaf from event order by seq")
    return all(
        seq == place and leaf_hash(body.encode()).hex() == leaf
        for place, (seq, body, leaf) in enumerate(rows)
    )


def names(finding: Finding) -> set[tuple[str, str | int]]:
    """What a finding points at; a run of events (`3..7`) at its first and last."""
    if finding.table == "event":
        ends = (finding.expected or "").split("..") if finding.code in ("log_cut", "event_missing") else []
        return {("event", int(end)) for end in ends} | {("event", finding.seq or 0)}
    return {(finding.table, finding.id or "")}


async def tamper(attacker: Attacker, chance: random.Random, kinds: tuple[Tampering, ...]) -> Tampered:
    """One that the database itself lets through."""
    while True:
        await attacker.rows("savepoint trying")
        try:
            return await chance.choice(kinds)(attacker, chance)
        except Impossible:
            await attacker.rows("rollback to trying")


async def test_an_untouched_log_is_quiet(played: Played) -> None:
    report = await verify_log(snapshot(played.address), played.folder, played.key.vkey, verify_ed25519)
    assert report.findings == []
    assert report.events > 20
    assert report.unproved == 0


@pytest.mark.proves("AUD-1", "AUD-2")
async def test_every_one_of_200_tamperings_is_found_and_named(played: Played) -> None:
    chance = random.Random(SEED)
    kinds = (*OF_ROWS, *OF_ROWS, *OF_EVENTS, *OF_TAILS, *OF_ANSWERS)
    missed = []
    async with attacking(played.address, played.dialect) as attacker:
        for _ in range(CASES):
            async with attacker.attempt():
                await attacker.put_triggers_aside()
                done = await tamper(attacker, chance, kinds)
                await attacker.put_triggers_back()
                report = await check(played, attacker)
                named = {each for finding in report.findings for each in names(finding)}
                if not done.named <= named:
                    missed.append((done, report.findings))
        assert (await check(played, attacker)).findings == []
    assert missed == []


@pytest.mark.proves("AUD-2")
async def test_a_changed_row_is_the_only_one_named(played: Played) -> None:
    chance = random.Random(SEED + 1)
    async with attacking(played.address, played.dialect) as attacker:
        for _ in range(30):
            async with attacker.attempt():
                done = await tamper(attacker, chance, OF_ROWS)
                report = await check(played, attacker)
                assert {each for finding in report.findings for each in names(finding)} == done.named


@pytest.mark.parametrize("kinds", [OF_ROWS, OF_TAILS, OF_ANSWERS], ids=["rows", "tails", "answers"])
async def test_a_verifier_of_the_chain_alone_misses_them(
    played: Played, kinds: tuple[Tampering, ...]
) -> None:
    chance = random.Random(SEED + 2)
    async with attacking(played.address, played.dialect) as attacker:
        for _ in range(20):
            async with attacker.attempt():
                await attacker.put_triggers_aside()
                done = await tamper(attacker, chance, kinds)
                await attacker.put_triggers_back()
                assert await chain_only(attacker)
                assert (await check(played, attacker)).findings != [], done
