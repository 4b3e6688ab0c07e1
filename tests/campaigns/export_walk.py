"""Whole histories of random lots, each exported in every form and both languages, and read back (AUD-4)."""

from __future__ import annotations

import time
from collections import Counter
from typing import NamedTuple

import msgspec

from backend.domain.certificates import Language
from backend.domain.lots import Lot
from backend.domain.record_exports import HEAD, RecordExport, as_csv, as_json, rows_of
from backend.outside.record_pdf import record_pdf
from backend.outside.sheet_out import xlsx
from backend.outside.workbook import read_table
from backend.store.door import Store
from backend.views.record_exports import lot_export
from tests.campaigns.export_reading import agrees, of_csv, of_xlsx
from tests.campaigns.stock_ground import Ground
from tests.campaigns.stock_walk import on_databases, step
from tests.faults.factory import SITE
from tests.stores import Templates

COMMANDS = 120
"""Before a factory's lots are exported."""
LANGUAGES: tuple[Language, ...] = ("en", "zh")
ENGINES = ("sqlite", "postgres")


class Exports(NamedTuple):
    """Lots by engine, fields in all, the largest record (fields, s for its paper), and what differs."""

    lots: Counter[str]
    fields: int
    largest: tuple[int, float]
    wrong: list[str]


def differing(export: RecordExport, papers: dict[Language, bytes]) -> list[str]:
    """In which form it does not say what the record says."""
    wanted = [list(row) for row in rows_of(export)]
    book = xlsx(HEAD, rows_of(export))
    found = []
    if msgspec.json.decode(as_json(export), type=RecordExport) != export:
        found.append("json")
    if of_csv(as_csv(export)) != wanted:
        found.append("csv")
    if of_xlsx(book) != wanted or read_table(book).formulas:
        found.append("xlsx")
    return found + [f"pdf {each}" for each, paper in papers.items() if not agrees(paper, export, each)]


async def exported(store: Store, number: str) -> RecordExport:
    """What a person takes out."""
    return await lot_export(store.read, SITE, number, store.clock(), "Quinn 秦")


async def walked(store: Store, seed: int, commands: int = COMMANDS) -> list[Lot]:
    """Lots with a random history."""
    ground = Ground(store, seed)
    await ground.begin()
    for _ in range(commands):
        await step(ground)
    return await store.read.all(Lot, "site_id = $1 order by id", SITE)


def export_walk(count: int, seed: int) -> Exports:
    """`count` lots, half of them from each engine."""
    lots, wrong, sizes = Counter[str](), list[str](), list[tuple[int, float]]()

    async def play(templates: Templates) -> None:
        for engine in ENGINES:
            factory = seed
            while lots[engine] < count / len(ENGINES):
                async with templates.lent(engine) as store:
                    for lot in (await walked(store, factory))[: count // len(ENGINES) - lots[engine]]:
                        export = await exported(store, lot.number)
                        begun = time.process_time()
                        papers = {each: record_pdf(export, each) for each in LANGUAGES}
                        sizes.append((len(export.fields), (time.process_time() - begun) / len(papers)))
                        said = differing(export, papers)
                        wrong.extend(f"{engine}, seed {factory}, {lot.number}: {form}" for form in said)
                        lots[engine] += 1
                factory += 1

    on_databases(play, ENGINES)
    return Exports(lots, sum(fields for fields, _ in sizes), max(sizes), wrong)


def table(found: Exports) -> str:
    """For people."""
    lines = [f"{engine}: {found.lots[engine]} lots" for engine in ENGINES]
    fields, took = found.largest
    lines += [
        f"fields: {found.fields}",
        f"largest record: {fields} fields, paper in {took:.2f} s of processor time",
    ]
    return "\n".join([*lines, f"differing: {len(found.wrong)}", *found.wrong[:20]])
