"""Histories of random lots, and every record and report that is about them, in each form and both languages, read back
(AUD-4). What is done to the lots: `export_hands`. Papers with a layout of their own are read by `paper_reading`.

A lot is about one of each at least where it can be: its history, extract, trace and list always; its order's batch
record, its supplier's report, its certificates, recalls and exercises that reach it where there are any.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from hashlib import sha256
from random import Random
from typing import NamedTuple, get_args

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.actions.issue_certificate import IssueCertificate, issue_certificate
from backend.domain.certificates import Certificate, CertificateRecord, Language
from backend.domain.errors import LotgateError
from backend.domain.lots import Lot
from backend.domain.merkle import Tree
from backend.domain.notes import open_note, read_vkey, sign_checkpoint, verifier_key
from backend.domain.proofs import build_proof
from backend.domain.recall_papers import RecallPaper
from backend.domain.recalls import MockRecall, RecallConsignee
from backend.domain.record_exports import HEAD, Kind, RecordExport, as_csv, as_json, rows_of
from backend.domain.reports import Filters
from backend.domain.signatures import Release
from backend.outside.certificate_pdf import certificate_pdf
from backend.outside.recall_pdf import recall_pdf
from backend.outside.record_pdf import record_pdf
from backend.outside.sheet_out import xlsx
from backend.outside.workbook import read_table
from backend.store.door import Store
from backend.views.audit_extracts import Prove, Proved
from backend.views.certificates import signed_release
from backend.views.recall_papers import recall_letter, recall_report
from backend.views.record_exports import lot_export
from backend.views.reports import report
from tests.campaigns.export_hands import COMMANDS, consignees
from tests.campaigns.export_reading import agrees, of_csv, of_xlsx
from tests.campaigns.paper_reading import certificate_agrees, recall_agrees
from tests.campaigns.stock_ground import Ground
from tests.campaigns.stock_walk import on_databases
from tests.faults.factory import SITE, SYSTEM
from tests.stores import ENGINES, Templates

STEPS = 400
"""Commands before a factory's lots are exported."""
OF_A_FACTORY = 12
LANGUAGES: tuple[Language, ...] = ("en", "zh")
PAPERS = (
    "certificate of analysis",
    "certificate of release",
    "recall letter",
    "recall paper",
    "mock recall paper",
)
WANTED = (*get_args(Kind), *PAPERS)
"""What leaves the product; a run that never met one of them proves nothing about it."""
EXTRACTS = (None, "lot_received", "release_signed", "reading_recorded", "lots_shipped", "recall_started")


class Exports(NamedTuple):
    """Lots by engine, records by engine and kind, fields in all, the largest record (fields, s for its paper), what
    differs."""

    lots: Counter[str]
    kinds: dict[str, Counter[str]]
    fields: int
    largest: tuple[int, float]
    wrong: list[str]

    def never_met(self) -> list[str]:
        """By engine and kind."""
        return [f"{engine}: {kind}" for engine, met in self.kinds.items() for kind in WANTED if not met[kind]]


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


async def exports_of(store: Store, lot: Lot, chance: Random) -> list[RecordExport]:
    """What a person takes out about a lot."""
    at, by = store.clock(), "Quinn 秦"
    prove = prover(store)
    found = [await lot_export(store.read, SITE, lot.number, at, by)]
    for kind, filters in await _asked(store, lot, chance):
        found.append(await report(store.read, prove, SITE, kind, filters, at, by))
    return found


async def _asked(store: Store, lot: Lot, chance: Random) -> list[tuple[Kind, Filters]]:
    row = (
        await store.read.rows(
            "select supplier.code, item.code from lot join item on item.id = lot.item_id "
            "left join supplier on supplier.id = lot.supplier_id where lot.id = $1",
            lot.id,
        )
    )[0]
    lists = (
        Filters(),
        Filters(item=row[1]),
        Filters(lot=lot.number),
        Filters(line="L=1"),
        Filters(person="ina"),
    )
    asked: list[tuple[Kind, Filters]] = [
        ("audit_extract", Filters(lot=lot.number, type=chance.choice(EXTRACTS))),
        ("lot_list", chance.choice(lists)),
        ("trace_list", Filters(lot=lot.number)),
    ]
    if lot.production_order:
        asked.append(("batch_record", Filters(order=lot.production_order)))
    if row[0]:
        asked.append(("supplier_report", Filters(supplier=row[0], since="2020-01-01T00:00:00.000000Z")))
    for recall in await store.read.rows(
        "select distinct number from recall join recall_lot on recall_id = recall.id where lot_id = $1",
        lot.id,
    ):
        asked.append(("recall_report", Filters(recall=recall[0])))
    for mock in await _exercises(store, lot):
        asked.append(("mock_recall_report", Filters(recall=mock.number)))
    return asked


async def _exercises(store: Store, lot: Lot) -> list[MockRecall]:
    found = await store.read.all(MockRecall, "site_id = $1 order by number", SITE)
    return [mock for mock in found if lot.number in [each.lot for each in mock.lots]]


class Paper(NamedTuple):
    """A page with a layout of its own: what it is, of what, and whether each language of it says that."""

    kind: str
    number: str
    agrees: dict[Language, bool]


async def papers_of(store: Store, lot: Lot) -> list[Paper]:
    """Certificates of the lot's decisions, letters and reports of what recalls it."""
    found = [each async for each in _certificates(store, lot)]
    rows = await store.read.rows(
        "select recall_id from recall_lot where lot_id = $1 order by recall_id", lot.id
    )
    for (recall_id,) in rows:
        for to in await store.read.all(RecallConsignee, "recall_id = $1 order by id", recall_id):
            found.append(
                _recall("recall letter", await recall_letter(store.read, recall_id, to.consignee_id))
            )
        found.append(_recall("recall paper", await recall_report(store.read, recall_id)))
    for mock in await _exercises(store, lot):
        found.append(_recall("mock recall paper", await recall_report(store.read, mock.id)))
    return found


def _recall(kind: str, paper: RecallPaper) -> Paper:
    printed = {each: recall_pdf(paper, each) for each in LANGUAGES}
    return Paper(kind, paper.recall, {each: recall_agrees(pdf, paper, each) for each, pdf in printed.items()})


async def _certificates(store: Store, lot: Lot) -> AsyncIterator[Paper]:
    """Each is issued; what its proof file says must stand on its paper."""
    releases = await store.read.all(Release, "lot_id = $1 order by id", lot.id)
    for release in releases:
        signed = await signed_release(store.read, release.id, SITE)
        proved = await prover(store)([])
        text, _ = open_note(proved.checkpoint)
        paper = Certificate(
            record=signed.record,
            signed_at=signed.signature.signed_at,
            signature_id=signed.signature.id,
            record_digest=signed.signature.digest,
            fingerprint=read_vkey(proved.vkey).fingerprint(),
            checkpoint=text.decode(),
        )
        printed = {each: certificate_pdf(paper, each) for each in LANGUAGES}
        said = await _proof(store, release, printed["en"])
        told = msgspec.structs.replace(paper, record=said)
        right = {each: certificate_agrees(pdf, told, each) for each, pdf in printed.items()}
        yield Paper("certificate of release", lot.number, right)
        if said.inspections:
            yield Paper("certificate of analysis", lot.number, right)


async def _proof(store: Store, release: Release, pdf: bytes) -> CertificateRecord:
    """What the proof file of a decision says, whose certificate is issued with that."""
    issue = IssueCertificate(
        id=store.new_id(), release_id=release.id, pdf=sha256(pdf).hexdigest(), size=len(pdf)
    )
    await issue_certificate(store, SYSTEM, issue)
    signed = await signed_release(store.read, release.id, SITE)
    assert signed.event is not None and signed.event_seq is not None
    proved = await prover(store)([signed.event_seq])
    head, path = (proved.checkpoint, proved.vkey), proved.paths[0]
    body = build_proof(signed.signature.record, signed.signature.evidence, signed.event, path, *head)
    return msgspec.convert(msgspec.json.decode(body)["record"], CertificateRecord)


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


async def walked(store: Store, seed: int, steps: int = STEPS) -> list[Lot]:
    """Lots with a random history, those that a recall reaches first, then by chance."""
    ground = Ground(store, seed)
    await ground.begin()
    await consignees(ground)
    names = list(COMMANDS)
    for name in ground.chance.choices(names, [COMMANDS[each][0] for each in names], k=steps):
        with suppress(LotgateError):
            await COMMANDS[name][1](ground)
    recalled = "id in (select lot_id from recall_lot)"
    lots = await store.read.all(Lot, f"{recalled} order by id")
    others = await store.read.all(Lot, f"not {recalled} order by id")
    return lots + ground.chance.sample(others, len(others))


class _Met:
    """What was met so far."""

    def __init__(self, engines: Sequence[str]) -> None:
        self.lots, self.kinds = Counter[str](), {each: Counter[str]() for each in engines}
        self.sizes, self.wrong = list[tuple[int, float]](), list[str]()

    async def about(self, store: Store, engine: str, lot: Lot, where: str, chance: Random) -> None:
        """Everything about a lot."""
        for kind, number, right in await papers_of(store, lot):
            self.kinds[engine][kind] += 1
            self.wrong += [
                f"{where}: {kind} {number}: {each}" for each, agreed in right.items() if not agreed
            ]
        for export in await exports_of(store, lot, chance):
            begun = time.process_time()
            papers = {each: record_pdf(export, each) for each in LANGUAGES}
            self.sizes.append((len(export.fields), (time.process_time() - begun) / len(papers)))
            self.kinds[engine][export.kind] += 1
            self.wrong += [
                f"{where}: {export.kind} {export.number}: {form}" for form in differing(export, papers)
            ]
        self.lots[engine] += 1


def export_walk(count: int, seed: int, engines: tuple[str, ...] = ENGINES, steps: int = STEPS) -> Exports:
    """`count` lots, as many from each engine, the first of each factory."""
    met, share = _Met(engines), -(-count // len(engines))

    async def play(templates: Templates) -> None:
        for engine in engines:
            factory = seed
            while met.lots[engine] < share:
                async with templates.lent(engine) as store:
                    for lot in (await walked(store, factory, steps))[
                        : min(OF_A_FACTORY, share - met.lots[engine])
                    ]:
                        chance = Random(f"{seed} {met.lots[engine]}")
                        await met.about(store, engine, lot, f"{engine}, seed {factory}, {lot.number}", chance)
                factory += 1

    on_databases(play, engines)
    return Exports(met.lots, met.kinds, sum(fields for fields, _ in met.sizes), max(met.sizes), met.wrong)


def table(found: Exports) -> str:
    """For people."""
    fields, took = found.largest
    lines = [f"{'':<26}" + "".join(f"{engine:>10}" for engine in found.kinds)]
    lines.append(f"{'lots':<26}" + "".join(f"{found.lots[engine]:>10}" for engine in found.kinds))
    lines += [f"{kind:<26}" + "".join(f"{met[kind]:>10}" for met in found.kinds.values()) for kind in WANTED]
    lines += [
        f"fields: {found.fields}",
        f"largest record: {fields} fields, paper in {took:.2f} s of processor time",
        *(f"NEVER MET: {each}" for each in found.never_met()),
    ]
    return "\n".join([*lines, f"differing: {len(found.wrong)}", *found.wrong[:20]])
