"""Random commands on the stock of a small factory, right and wrong ones; after each what must hold of every lot.

What must hold is read from the rows by themselves, by rules written down here a second time (LOT-3, 4, 9, 11, REL-4).
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from backend.actions.begin_signing import BeginSigning, begin_signing
from backend.actions.consume_lot import ConsumeLot, consume_lot
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.finish_production import FinishProduction, finish_production
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.actions.merge_lots import MergeLots, merge_lots
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.actions.sign_release import SignRelease, sign_release
from backend.actions.split_lot import SplitLot, split_lot
from backend.actions.start_production import StartProduction, start_production
from backend.actions.take_out import TakeOut, take_out
from backend.domain.errors import LotgateError
from backend.domain.genealogy import Consumption
from backend.domain.inspections import Inspection, Reading
from backend.domain.items import Item
from backend.domain.lots import Hold, Lot, Movement, Portion, derived_status
from backend.domain.ncrs import Ncr
from backend.domain.proofs import signing_challenge
from backend.domain.shares import Share
from backend.domain.signatures import Release
from backend.domain.words import Words
from backend.identity.passkeys import decode
from backend.store.door import Store
from tests.faults.decisions import PARTY, digest_of, give_passkey
from tests.faults.factory import SITE, SYSTEM, open_factory, order_lines, receive
from tests.stores import Templates

STEPS = 400
LINES = 8
INTO = {"received", "produced", "split_in", "merged_in", "returned_in"}
OUT_OF = {"consumed", "shipped", "returned_out", "scrapped", "sampled", "split_off", "merged_away"}
USABLE = {"released", "conceded", "conditional"}


class Found(NamedTuple):
    """How many commands took effect and were refused, by name; what was wrong, with the command that did it."""

    done: Counter[str]
    refused: Counter[str]
    wrong: list[str]


class Walk:
    """One factory, and a seed."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.chance = store, random.Random(seed)
        self.found = Found(Counter(), Counter(), [])

    async def begin(self) -> None:
        """People, deliveries, something to make of them, and a supervisor with a passkey."""
        self.people = await open_factory(self.store, LINES)
        self.lines = await order_lines(self.store)
        self.product = Item(self.store.new_id(), SITE, "SET", Words("Set", "套件"), "finished", "pcs")
        await load_master_data(
            self.store, SYSTEM, LoadMasterData(id=self.store.new_id(), items=[self.product])
        )
        self.passkey = await give_passkey(self.store, self.people["sofia"])

    async def step(self) -> None:
        """One command by chance; refused ones must have written nothing."""
        names = list(COMMANDS)
        name = self.chance.choices(names, [COMMANDS[each][0] for each in names])[0]
        before = await self._events()
        try:
            taken = await COMMANDS[name][1](self)
        except LotgateError as error:
            self.found.refused[name] += 1
            if await self._events() != before:
                self.found.wrong.append(f"{name}: refused ({error}) and yet something was written")
            return
        if taken:
            self.found.done[name] += 1
            self.found.wrong.extend(f"{name}: {each}" for each in await broken(self.store))

    async def _events(self) -> int:
        rows = await self.store.read.rows("select count(*) from event where type <> 'refused'")
        return int(rows[0][0])

    # --- what is chosen by chance

    async def some(self, noun: Any, where: str = "") -> Any:
        """One row, or None."""
        rows = await self.store.read.all(noun, f"{where or 'site_id is not null'} order by id")
        return self.chance.choice(rows) if rows else None

    async def lot(self) -> Lot | None:
        found: Lot | None = await self.some(Lot)
        return found

    async def shares(self, where: str, value: str) -> list[Share]:
        """Of one to three portions a whole, a part, now and then too much."""
        portions = await self.store.read.all(Portion, f"{where} = $1 order by id", value)
        chosen = self.chance.sample(portions, min(len(portions), self.chance.choice((1, 1, 2, 3))))
        return [Share(portion.id, self.quantity(portion.quantity)) for portion in chosen]

    def quantity(self, there: Decimal) -> str:
        share = self.chance.choices(("1", "0.5", "0.25", "0.1", "1.01", "0"), (3, 3, 3, 3, 0.5, 0.3))[0]
        return format((there * Decimal(share)).quantize(Decimal("0.001")), "f")

    # --- the commands

    async def receive(self) -> bool:
        if not self.lines:
            return False
        await receive(self.store, self.people["wei"], self.lines.pop())
        return True

    async def inspect(self) -> bool:
        inspection = await self.some(Inspection, "status in ('open', 'in_progress')")
        if inspection is None:
            return False
        entered = self.chance.choices(("1.25", "1.34"), (6, 1))[0]
        entries = [Entry(item_key="ID-1", entered=entered, confirmed=True)]
        command = RecordResults(id=self.store.new_id(), inspection_id=inspection.id, entries=entries)
        await record_results(self.store, self.people["ina"], command)
        return True

    async def correct(self) -> bool:
        reading = await self.some(Reading, "status = 'current'")
        if reading is None:
            return False
        entered = self.chance.choice(("1.26", "1.35"))
        command = CorrectResult(
            id=self.store.new_id(), reading_id=reading.id, entered=entered, reason="misread", confirmed=True
        )
        await correct_result(self.store, self.people["ina"], command)
        return True

    async def dispose(self) -> bool:
        ncr = await self.some(Ncr)
        if ncr is None:
            return False
        command = DisposeNcr(
            id=self.store.new_id(),
            ncr_id=ncr.id,
            disposition=self.chance.choice(("use_as_is", "rework", "scrap", "return_to_supplier")),
            justification="by chance",
        )
        await dispose_ncr(self.store, self.people["quinn"], command)
        return True

    async def decide(self) -> bool:
        likely = self.chance.random() < 0.8
        portion = await self.some(
            Portion, "status in ('inspecting', 'quarantine', 'conditional')" if likely else ""
        )
        if portion is None:
            return False
        meaning = self.chance.choices(("release", "conditional", "concession", "reject"), (4, 1.5, 1.5, 0.5))[
            0
        ]
        shares = await self.shares("receipt_id", portion.receipt_id) if self.chance.random() < 0.6 else []
        bound = meaning in ("conditional", "concession")
        sofia = self.people["sofia"]
        begun = await begin_signing(
            self.store,
            sofia,
            BeginSigning(
                id=self.store.new_id(),
                subject_id=portion.receipt_id,
                meaning=meaning,
                shares=shares,
                condition="line 1" if bound else None,
                ends_on="2099-12-31" if meaning == "concession" else None,
            ),
        )
        challenge = signing_challenge(begun.record, decode(begun.nonce))
        command = SignRelease(
            id=self.store.new_id(),
            receipt_id=portion.receipt_id,
            meaning=meaning,
            nonce=begun.nonce,
            digest=digest_of(begun.record),
            assertion=self.passkey.sign(challenge),
            accountability_accepted=True,
        )
        await sign_release(self.store, sofia, command, PARTY)
        return True

    async def split(self) -> bool:
        lot = await self.lot()
        if lot is None:
            return False
        command = SplitLot(
            id=self.store.new_id(),
            lot_number=lot.number,
            shares=await self.shares("lot_id", lot.id),
            reason="two lines",
        )
        await split_lot(self.store, self.people["wei"], command)
        return True

    async def merge(self) -> bool:
        lots = [await self.lot() for _ in range(self.chance.choice((2, 2, 3)))]
        numbers = [lot.number for lot in lots if lot is not None]
        command = MergeLots(id=self.store.new_id(), numbers=numbers, reason="one pallet")
        await merge_lots(self.store, self.people["quinn"], command)
        return True

    async def take_out(self) -> bool:
        lot = await self.lot()
        if lot is None:
            return False
        command = TakeOut(
            id=self.store.new_id(),
            lot_number=lot.number,
            fate=self.chance.choice(("sampled", "scrapped", "returned_out")),
            shares=await self.shares("lot_id", lot.id),
            reason="by chance",
        )
        await take_out(self.store, self.people["quinn"], command)
        return True

    async def hold(self) -> bool:
        lot = await self.lot()
        if lot is None:
            return False
        command = HoldLot(id=self.store.new_id(), lot_number=lot.number, reason="wet")
        await hold_lot(self.store, self.people["quinn"], command)
        return True

    async def lift(self) -> bool:
        hold = await self.some(Hold, "lifted_at is null")
        lot = await self.store.read.get(Lot, hold.lot_id) if hold is not None else None
        if lot is None:
            return False
        command = LiftHold(id=self.store.new_id(), lot_number=lot.number, code=hold.code, reason="dry")
        await lift_hold(self.store, self.people["quinn"], command)
        return True

    async def start(self) -> bool:
        command = StartProduction(
            id=self.store.new_id(), item_id=self.product.id, production_order=self.store.new_id()[-8:]
        )
        await start_production(self.store, SYSTEM, command)
        return True

    async def consume(self) -> bool:
        child = await self.some(Lot, "status = 'in_production'")
        parent = await self.some(Lot, "status in ('released', 'conceded', 'conditional')") or await self.lot()
        if child is None or parent is None:
            return False
        lying = await self.store.read.all(Portion, "lot_id = $1 order by id", parent.id)
        there = sum((portion.quantity for portion in lying if portion.status in USABLE), Decimal(0))
        command = ConsumeLot(
            id=self.store.new_id(),
            lot_id=child.id,
            parent_number=parent.number,
            quantity=self.quantity(there),
        )
        await consume_lot(self.store, SYSTEM, command)
        return True

    async def finish(self) -> bool:
        lot = await self.some(Lot, "status = 'in_production'")
        if lot is None:
            return False
        command = FinishProduction(
            id=self.store.new_id(), lot_id=lot.id, quantity="50", made_on=self.store.clock()[:10]
        )
        await finish_production(self.store, SYSTEM, command)
        return True


COMMANDS: dict[str, tuple[float, Callable[[Walk], Awaitable[bool]]]] = {
    "receive": (2, Walk.receive),
    "inspect": (4, Walk.inspect),
    "correct": (0.4, Walk.correct),
    "dispose": (2, Walk.dispose),
    "decide": (6, Walk.decide),
    "split": (3, Walk.split),
    "merge": (2, Walk.merge),
    "take_out": (3, Walk.take_out),
    "hold": (0.3, Walk.hold),
    "lift": (3, Walk.lift),
    "start": (0.25, Walk.start),
    "consume": (4, Walk.consume),
    "finish": (0.1, Walk.finish),
}


async def broken(store: Store) -> list[str]:
    """What of all that must hold does not."""
    read = store.read
    portions = await read.all(Portion, "site_id = $1 order by id", SITE)
    lots = {lot.id: lot for lot in await read.all(Lot, "site_id = $1 order by id", SITE)}
    moved: dict[str, Counter[str]] = {lot_id: Counter() for lot_id in lots}
    for movement in await read.all(Movement, "site_id = $1 order by id", SITE):
        moved[movement.lot_id][movement.kind] += movement.quantity  # type: ignore[assignment]
    edges = await read.all(Consumption, "site_id = $1 order by id", SITE)
    decisions = {each.id: each for each in await read.all(Release, "site_id = $1 order by id", SITE)}
    holds = await read.all(Hold, "site_id = $1 and lifted_at is null order by id", SITE)
    return [
        *_quantities(lots, portions, moved),
        *_edges(moved, edges),
        *_decisions(portions, decisions),
        *_holds(lots, portions, holds),
        *_inherited(lots, portions),
    ]


def _quantities(lots: dict[str, Lot], portions: list[Portion], moved: dict[str, Counter[str]]) -> list[str]:
    """LOT-9: what came in is there or went out; nothing is below zero; a lot shows what lies in it."""
    found = []
    for lot in lots.values():
        lying = [portion for portion in portions if portion.lot_id == lot.id]
        there = sum((portion.quantity for portion in lying), Decimal(0))
        came = sum((q for kind, q in moved[lot.id].items() if kind in INTO), Decimal(0))
        went = sum((q for kind, q in moved[lot.id].items() if kind in OUT_OF), Decimal(0))
        if came != there + went:
            found.append(f"LOT-9 {lot.number}: {came} came in, {there} lie there, {went} went out")
        if lying and lot.status != derived_status(lying):
            found.append(f"LOT-11 {lot.number} says {lot.status}, its portions {derived_status(lying)}")
        found += [f"LOT-9 {lot.number}: {p.quantity} in a portion" for p in lying if p.quantity < 0]
    return found


def _edges(moved: dict[str, Counter[str]], edges: list[Consumption]) -> list[str]:
    """What went off a lot arrived in another, and the genealogy says the same."""
    found = []
    for kind, (away, into) in {
        "split": ("split_off", "split_in"),
        "merged": ("merged_away", "merged_in"),
    }.items():
        sums = [
            sum((each[away] for each in moved.values()), Decimal(0)),
            sum((each[into] for each in moved.values()), Decimal(0)),
            sum((edge.quantity for edge in edges if edge.kind == kind), Decimal(0)),
        ]
        if len(set(sums)) != 1:
            found.append(f"LOT-9 {kind}: {sums[0]} went, {sums[1]} arrived, {sums[2]} in the genealogy")
    return found


def _decisions(portions: list[Portion], decisions: dict[str, Release]) -> list[str]:
    """LOT-11: what is usable stands under a decision in force that says so; numbers of decisions are used once."""
    found = []
    merged = {portion.id for portion in portions if portion.release_id is None}
    says = {"released": "release", "conceded": "concession", "conditional": "conditional"}
    for portion in portions:
        if portion.status not in USABLE or portion.id in merged:
            continue
        decision = decisions[portion.release_id or ""]
        if decision.superseded_at is not None or decision.decision != says[portion.status]:
            found.append(f"LOT-11 {portion.status} stock under {decision.decision} {decision.superseded_at}")
    numbers = Counter(
        (each.receipt_id, each.number) for each in decisions.values() if each.superseded_at is None
    )
    return found + [f"REL-4 decided twice: {key}" for key, times in numbers.items() if times > 1]


def _holds(lots: dict[str, Lot], portions: list[Portion], holds: list[Hold]) -> list[str]:
    """Nothing that is on hold may be used, and what is held has a reason that can be lifted."""
    found = [
        f"LOT-3 {lots[portion.lot_id].number}: held without a hold"
        for portion in portions
        if portion.status == "held"
        and portion.quantity > 0
        and not any(h.lot_id == portion.lot_id and h.receipt_id in (None, portion.receipt_id) for h in holds)
    ]
    for hold in holds:
        for portion in portions:
            covered = portion.lot_id == hold.lot_id and hold.receipt_id in (None, portion.receipt_id)
            if covered and portion.quantity > 0 and portion.status in USABLE:
                found.append(f"{lots[hold.lot_id].number}: {portion.status} under a hold ({hold.code})")
    return found


def _inherited(lots: dict[str, Lot], portions: list[Portion]) -> list[str]:
    """LOT-3: a split lot expires when what it came from does."""
    return [
        f"LOT-3 {lot.number} expires {lot.expires_on}"
        for lot in lots.values()
        if lot.split_from is not None and lot.expires_on != lots[lot.split_from].expires_on
    ]


async def walk(store: Store, seed: int, steps: int = STEPS) -> Found:
    """Walk on an empty store until something is wrong, or to the end."""
    one = Walk(store, seed)
    await one.begin()
    for _ in range(steps):
        await one.step()
        if one.found.wrong:
            break
    return one.found


def stock_walk(count: int, seed: int, engines: tuple[str, ...] = ("sqlite", "postgres")) -> Found:
    """`count` commands on each engine, in walks on fresh factories."""
    from tests.postgres import running_postgres

    total = Found(Counter(), Counter(), [])

    async def run(templates: Templates) -> None:
        try:
            for engine in engines:
                for number in range(max(1, count // STEPS)):
                    async with templates.lent(engine) as store:
                        found = await walk(store, seed + number, min(count, STEPS))
                    total.done.update(found.done)
                    total.refused.update(found.refused)
                    total.wrong.extend(f"{engine}, seed {seed + number}: {each}" for each in found.wrong)
        finally:
            templates.close()

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = ""
        if "postgres" in engines:
            pg_folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lotgate-postgres-")))
            url = stack.enter_context(running_postgres(pg_folder))
        templates = Templates(folder, lambda: url)
        asyncio.run(run(templates))
    return total


def table(found: Found) -> str:
    """For people."""
    lines = [f"{'command':<12}{'took effect':>12}{'refused':>10}"]
    for name in COMMANDS:
        lines.append(f"{name:<12}{found.done[name]:>12}{found.refused[name]:>10}")
    lines.append(f"{'all':<12}{found.done.total():>12}{found.refused.total():>10}")
    lines += [f"wrong: {len(found.wrong)}", *found.wrong[:20]]
    return "\n".join(lines)
