"""Histories of random lots and the reports that are about them, in every form and both languages, read back (AUD-4)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.actions.state_process import StateProcess, state_process
from backend.domain.certificates import Language
from backend.domain.lots import Lot
from backend.domain.merkle import Tree
from backend.domain.notes import sign_checkpoint, verifier_key
from backend.domain.process_facts import StatedFact
from backend.domain.record_exports import HEAD, Kind, RecordExport, as_csv, as_json, rows_of
from backend.domain.reports import Filters
from backend.outside.record_pdf import record_pdf
from backend.outside.sheet_out import xlsx
from backend.outside.workbook import read_table
from backend.store.door import Store
from backend.views.audit_extracts import Prove, Proved
from backend.views.record_exports import lot_export
from backend.views.reports import report
from tests.campaigns.export_reading import agrees, of_csv, of_xlsx
from tests.campaigns.stock_ground import Ground
from tests.campaigns.stock_walk import on_databases, step
from tests.faults.factory import SITE, SYSTEM
from tests.stores import Templates

COMMANDS = 120
"""Before a factory's lots are exported."""
LANGUAGES: tuple[Language, ...] = ("en", "zh")
ENGINES = ("sqlite", "postgres")


class Exports(NamedTuple):
    """Lots by engine, records by kind, fields in all, the largest record (fields, s for its paper), what differs."""

    lots: Counter[str]
    kinds: Counter[str]
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


async def reports(store: Store, lot: Lot, chance: Random) -> list[RecordExport]:
    """What else can be taken out about a lot: its order's batch record, its supplier's report, extracts, lists."""
    row = (
        await store.read.rows(
            "select supplier.code, item.code from lot join item on item.id = lot.item_id "
            "left join supplier on supplier.id = lot.supplier_id where lot.id = $1",
            lot.id,
        )
    )[0]
    asked: list[tuple[Kind, Filters]] = [
        (
            "audit_extract",
            Filters(lot=lot.number, type=chance.choice((None, "lot_received", "release_signed"))),
        ),
        (
            "lot_list",
            chance.choice((Filters(), Filters(item=row[1]), Filters(lot=lot.number), Filters(line="L=1"))),
        ),
    ]
    asked.append(("trace_list", Filters(lot=lot.number)))
    papers: tuple[tuple[Kind, str], ...] = (
        ("recall_report", "recall"),
        ("mock_recall_report", "mock_recall"),
    )
    for kind, table in papers:
        wanted = "second_at is not null" if table == "recall" else "1 = 1"
        rows = await store.read.rows(f"select number from {table} where {wanted} order by number")
        if rows:
            asked.append((kind, Filters(recall=chance.choice(rows)[0])))
    if lot.production_order:
        asked.append(("batch_record", Filters(order=lot.production_order)))
    if row[0]:
        asked.append(("supplier_report", Filters(supplier=row[0], since="2020-01-01T00:00:00.000000Z")))
    return [
        await report(store.read, prover(store), SITE, kind, filters, store.clock(), "Quinn 秦")
        for kind, filters in asked
    ]


def prover(store: Store) -> Prove:
    """By a tree over the events that are there."""

    async def prove(seqs: Sequence[int]) -> Proved:
        leaves = [
            bytes.fromhex(leaf) for (leaf,) in await store.read.rows("select leaf from event order by seq")
        ]
        tree, key = Tree(leaves), Ed25519PrivateKey.generate()
        vkey = str(verifier_key("lotgate", key.public_key().public_bytes_raw()))
        note = sign_checkpoint(vkey, len(leaves), tree.root(), key.sign)
        return Proved([tree.inclusion(seq, len(leaves)) for seq in seqs], note, vkey)

    return prove


async def state(ground: Ground, lot: Lot) -> None:
    """With what a lot was made, in words that try to be formulas."""
    facts = [
        StatedFact("recipe", "R-7 校验", "=2+3"), StatedFact("line", "L=1"), StatedFact("operator", "赵强"),
        StatedFact("parameter", "@SUM(A1)", f"-{ground.chance.randrange(99)}.50", "°C"),
    ]  # fmt: skip
    command = StateProcess(id=ground.store.new_id(), lot_id=lot.id, facts=facts)
    await state_process(ground.store, SYSTEM, command)


async def walked(store: Store, seed: int, commands: int = COMMANDS) -> list[Lot]:
    """Lots with a random history."""
    ground = Ground(store, seed)
    await ground.begin()
    for _ in range(commands):
        await step(ground)
    lots = await store.read.all(Lot, "site_id = $1 order by id", SITE)
    for lot in lots:
        if lot.production_order:
            await state(ground, lot)
    return lots


def export_walk(count: int, seed: int) -> Exports:
    """`count` lots, half of them from each engine."""
    lots, kinds, wrong, sizes = Counter[str](), Counter[str](), list[str](), list[tuple[int, float]]()

    def take(export: RecordExport, where: str) -> None:
        begun = time.process_time()
        papers = {each: record_pdf(export, each) for each in LANGUAGES}
        sizes.append((len(export.fields), (time.process_time() - begun) / len(papers)))
        wrong.extend(f"{where}: {export.kind} {export.number}: {form}" for form in differing(export, papers))
        kinds[export.kind] += 1

    async def play(templates: Templates) -> None:
        for engine in ENGINES:
            factory = seed
            while lots[engine] < count / len(ENGINES):
                async with templates.lent(engine) as store:
                    for lot in (await walked(store, factory))[: count // len(ENGINES) - lots[engine]]:
                        chance = Random(f"{seed} {lots[engine]}")
                        for export in (await exported(store, lot.number), *await reports(store, lot, chance)):
                            take(export, f"{engine}, seed {factory}, {lot.number}")
                        lots[engine] += 1
                factory += 1

    on_databases(play, ENGINES)
    return Exports(lots, kinds, sum(fields for fields, _ in sizes), max(sizes), wrong)


def table(found: Exports) -> str:
    """For people."""
    lines = [f"{engine}: {found.lots[engine]} lots" for engine in ENGINES]
    fields, took = found.largest
    lines += [f"{kind}: {number}" for kind, number in sorted(found.kinds.items())]
    lines += [
        f"fields: {found.fields}",
        f"largest record: {fields} fields, paper in {took:.2f} s of processor time",
    ]
    return "\n".join([*lines, f"differing: {len(found.wrong)}", *found.wrong[:20]])
