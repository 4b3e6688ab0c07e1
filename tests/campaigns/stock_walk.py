"""Random commands on the stock of a small factory, right and wrong ones; after each what must hold of every lot.

commands: `stock_hands`, `stock_quality`, `stock_opening`; what must hold: `stock_rules`; the factory: `stock_ground`.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from backend.domain.errors import LotgateError
from backend.store import sqlite
from backend.store.door import Store
from tests.campaigns import stock_hands as hands
from tests.campaigns import stock_opening as opening
from tests.campaigns import stock_quality as quality
from tests.campaigns.stock_ground import Found, Ground
from tests.campaigns.stock_rules import broken, rows_of
from tests.campaigns.stock_twins import TWINS, Twin, broken_as
from tests.stores import ENGINES, Templates

STEPS = 400
FACTORIES = 40
"""On which a broken twin is looked for."""
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None

COMMANDS: dict[str, tuple[float, Callable[[Ground], Awaitable[bool]]]] = {
    "receive": (2, hands.receive_one),
    "inspect": (4, quality.inspect),
    "correct": (0.4, quality.correct),
    "propose": (0.8, quality.propose),
    "judge": (0.8, quality.judge),
    "dispose": (2, quality.dispose),
    "decide": (6, quality.decide),
    "delegate": (0.6, quality.delegate),
    "revoke": (0.8, quality.revoke),
    "close": (0.5, quality.close),
    "split": (3, hands.split),
    "merge": (2, hands.merge),
    "move": (1, hands.move),
    "take_out": (3, hands.take),
    "hold": (0.3, hands.hold),
    "lift": (3, hands.lift),
    "start": (0.25, hands.start),
    "consume": (4, hands.consume),
    "finish": (0.3, hands.finish),
    "repack": (0.3, hands.repack),
    "change_sides": (0.3, quality.change_sides),
    "wait": (0.3, quality.wait),
    "date_retest": (0.4, quality.date_retest),
    "retest": (0.8, quality.retest),
    "take_stock": (0.4, opening.take_stock),
    "take_over": (1.5, opening.take_over),
}


async def step(walk: Ground) -> None:
    """One command by chance; refused ones must have written nothing."""
    names = list(COMMANDS)
    name = walk.chance.choices(names, [COMMANDS[each][0] for each in names])[0]
    before = await _events(walk.store)
    try:
        taken = await COMMANDS[name][1](walk)
    except LotgateError as error:
        walk.found.refused[name] += 1
        if await _events(walk.store) != before:
            walk.found.wrong.append(f"{name}: refused ({error}) and yet something was written")
        return
    if taken:
        walk.found.done[name] += 1
        walk.found.wrong.extend(f"{name}: {each}" for each in broken(await rows_of(walk.store)))


async def _events(store: Store) -> int:
    """The place of the last one that is no refusal."""
    rows = await store.read.rows("select seq from event where type <> 'refused' order by seq desc limit 1")
    return int(rows[0][0])


async def walk(store: Store, seed: int, steps: int = STEPS) -> Found:
    """Walk on an empty store until something is wrong, or to the end."""
    one = Ground(store, seed)
    await one.begin()
    while one.found.done.total() + one.found.refused.total() < steps and not one.found.wrong:
        await step(one)
    return one.found


class Campaign(NamedTuple):
    """What was found, and how long it took on each engine (s)."""

    found: Found
    took: dict[str, float]


def stock_walk(count: int, seed: int, engines: tuple[str, ...] = ENGINES) -> Campaign:
    """`count` commands on each engine, in walks on fresh factories."""
    total = Campaign(Found(Counter(), Counter(), []), {})

    async def play(templates: Templates) -> None:
        for engine in engines:
            begun = time.perf_counter()
            for number in range(max(1, count // STEPS)):
                async with templates.lent(engine) as store:
                    found = await walk(store, seed + number, min(count, STEPS))
                total.found.done.update(found.done)
                total.found.refused.update(found.refused)
                total.found.wrong.extend(f"{engine}, seed {seed + number}: {each}" for each in found.wrong)
            total.took[engine] = time.perf_counter() - begun

    on_databases(play, engines)
    return total


def stock_twins(engines: tuple[str, ...] = ENGINES) -> dict[str, str | None]:
    """What the walk says of each broken twin on each engine; None: it was not caught."""
    said: dict[str, str | None] = {}

    async def play(templates: Templates) -> None:
        for engine in engines:
            for twin in TWINS:
                said[f"{engine}, {twin.what}"] = await caught(templates, engine, twin)

    on_databases(play, engines)
    return said


async def at_once(function: Callable[..., object], *args: object) -> None:
    """BEGIN and COMMIT in the loop's own thread: nobody else waits here, and a thread costs more than they do."""
    function(*args)


async def caught(templates: Templates, engine: str, twin: Twin) -> str | None:
    """What the walk says of a twin, on fresh factories until it does."""
    for number in range(FACTORIES):
        async with templates.lent(engine) as store:
            with broken_as(twin):
                wrong = (await walk(store, twin.seed + 3 * number)).wrong
        if said := next((each for each in wrong if twin.rule in each), None):
            return said
    return None


def on_databases(play: Callable[[Templates], Awaitable[None]], engines: tuple[str, ...]) -> None:
    """With templates of empty databases; in memory where the machine lends a folder of that."""
    from tests.postgres import running_postgres

    async def run(templates: Templates) -> None:
        try:
            await play(templates)
        finally:
            templates.close()

    with ExitStack() as stack:
        stack.enter_context(patch.object(sqlite, "_to_the_end", at_once))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=IN_MEMORY)))
        url = ""
        if "postgres" in engines:
            pg_folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lotgate-postgres-")))
            url = stack.enter_context(running_postgres(pg_folder))
        asyncio.run(run(Templates(folder, lambda: url)))


def table(campaign: Campaign) -> str:
    """For people."""
    found = campaign.found
    lines = [f"{'command':<12}{'took effect':>12}{'refused':>10}"]
    for name in COMMANDS:
        lines.append(f"{name:<12}{found.done[name]:>12}{found.refused[name]:>10}")
    lines.append(f"{'all':<12}{found.done.total():>12}{found.refused.total():>10}")
    lines += [f"{engine}: {took:.0f} s" for engine, took in campaign.took.items()]
    lines += [f"wrong: {len(found.wrong)}", *found.wrong[:20]]
    return "\n".join(lines)
