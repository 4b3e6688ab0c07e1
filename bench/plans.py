"""`./run bench plans`: judging a large inspection, and trying a draft of a plan on 100 000 past results. CPU time.

The inspection has 200 samples of 20 measured characteristics. The past lies in a database of its own on SQLite:
500 inspections of 200 readings, read in chunks as the page reads them, and judged by a draft with closer limits.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec

from backend.app import now
from backend.domain.answers import NumberAnswer
from backend.domain.inspections import Inspection, Reading
from backend.domain.judging import judge_inspection
from backend.domain.lots import Lot
from backend.domain.plan_trials import TrialCounts
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic, Method, PlanDocument, items
from backend.domain.sampling_rules import Fixed
from backend.domain.words import Words
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import Noun, table_of
from backend.views.plan_trials import trial_part
from bench.ground import Ground, make_ground, new_id

CHARACTERISTICS, SAMPLES = 20, 200
INSPECTIONS, READINGS = 500, 200
JUDGING_GOAL, TRIAL_GOAL = 0.010, 2.0
"""Seconds of CPU."""
ROUNDS = 20


def document(samples: int, lower: str, upper: str) -> PlanDocument:
    """Measured lengths."""
    return PlanDocument(
        [
            Characteristic(
                code=f"D{place:02d}",
                name=Words(f"Length {place}", f"长度 {place}"),
                kind="numeric",
                severity="major",
                method=Method("WI-312", "C"),
                sampling=Fixed(samples),
                unit="mm",
                lower=Decimal(lower),
                upper=Decimal(upper),
                resolution=Decimal("0.01"),
                rounding="half_even",
            )
            for place in range(CHARACTERISTICS)
        ]
    )


def value(chosen: random.Random) -> Decimal:
    """A reading of one digit more than the resolution: each is rounded."""
    return Decimal(f"{chosen.gauss(10, 0.06):.3f}")


def judging(seed: int) -> float:
    """Seconds of CPU for one inspection, the best of some rounds."""
    chosen = random.Random(seed)
    plan = document(SAMPLES, "9.80", "10.20")
    asked = items(plan, 10_000)
    answers = {item.key: NumberAnswer(value(chosen)) for item in asked}
    return best(lambda: judge_inspection(plan, asked, answers))  # type: ignore[arg-type]


def best(work: Callable[[], object]) -> float:
    """The least CPU time of a work."""
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


async def trial(folder: Path, seed: int) -> tuple[float, TrialCounts]:
    """Seconds of CPU for all parts together, and what was counted."""
    database = SqliteDatabase(folder / "plans.sqlite3")
    store = Store(database, now, new_id)
    await store.open()
    try:
        await migrate(database)
        draft = await write_past(store, await make_ground(store), random.Random(seed))
        begun = time.process_time()
        counts, before = TrialCounts(), None
        while True:
            part = await trial_part(store.read, draft.id, before)
            counts, before = counts.plus(part.counts), part.before
            if before is None:
                return time.process_time() - begun, counts
    finally:
        await store.close()


async def write_past(store: Store, ground: Ground, chosen: random.Random) -> PlanVersion:
    """500 inspections of one item, written straight into the tables; a draft that asks for more of them."""
    item = ground.items[0][0]
    effective = await store.read.get(PlanVersion, ground.plans[item])
    each = READINGS // CHARACTERISTICS
    old = msgspec.structs.replace(effective, document=document(each, "9.80", "10.20"))
    draft = PlanVersion(
        new_id(), ground.site_id, old.plan_id, 2, "draft", document(each, "9.85", "10.15"), authors=[]
    )
    lots, inspections, readings = [], [], []
    for number in range(INSPECTIONS):
        lot = Lot(new_id(), ground.site_id, f"L26-{number:06d}", item, None, None, None, None, None, "released", now())
        inspection = Inspection(
            new_id(), ground.site_id, f"I26-{number:06d}", lot.id, "r", old.id, "incoming", "passed", 1000, "", now()
        )  # fmt: skip
        lots.append(lot)
        inspections.append(inspection)
        for code in (line.code for line in old.document.characteristics):
            for sample in range(1, each + 1):
                read = value(chosen)
                fits = Decimal("9.80") <= read <= Decimal("10.20")
                readings.append(
                    Reading(
                        new_id(), ground.site_id, inspection.id, None, f"{code}-{sample}", code, str(read), read, None,
                        "conforming" if fits else "nonconforming", "current", ground.person_id, "phone", now(), None, [],
                    )
                )  # fmt: skip
    await write(store, [lots, inspections, readings, [draft]])
    async with store.database.writing() as writer:
        text = table_of(PlanVersion, "sqlite").encode_one("document", old.document)
        await writer.fetch('update "plan_version" set document = $1 where id = $2', text, old.id)
    return draft


async def write(store: Store, kinds: list[list[Noun]]) -> None:
    """Rows without events: only what is read counts here."""
    async with store.database.writing() as writer:
        for nouns in kinds:
            table = table_of(type(nouns[0]), "sqlite")
            for noun in nouns:
                await writer.fetch(table.insert, *table.encode(noun))


def main() -> int:
    """Measure and print; 1 where a goal is missed."""
    judged = judging(7)
    with tempfile.TemporaryDirectory(prefix="lotgate-bench-") as folder:
        tried, counts = asyncio.run(trial(Path(folder), 7))
    lines = (
        (f"judging {SAMPLES} samples x {CHARACTERISTICS} characteristics", judged * 1000, "ms", JUDGING_GOAL * 1000),
        (f"trial on {counts.results} past results, {counts.worse} judged worse", tried, "s", TRIAL_GOAL),
    )
    missed = 0
    for what, measured, unit, goal in lines:
        print(f"{what}: {measured:.2f} {unit} CPU, goal {goal:g} {unit}{'' if measured <= goal else '  MISSED'}")
        missed += measured > goal
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
