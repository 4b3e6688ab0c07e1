"""The factory of the stock walk: people who sign, a clock that can be moved on, and what is chosen by chance."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from backend.actions.add_partner import AddPartner, add_partner
from backend.actions.change_item_rules import ChangeItemRules, change_item_rules
from backend.actions.do_job import DoJob, do_job
from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.actions.set_item_units import Ratio, SetItemUnits, set_item_units
from backend.actions.set_organisation import SetOrganisation, set_organisation
from backend.domain.items import Item
from backend.domain.lots import Lot, Portion
from backend.domain.people import Who
from backend.domain.security import system
from backend.domain.sessions import Session
from backend.domain.shares import Share
from backend.domain.signing import instant
from backend.domain.words import Words
from backend.store.change import Change
from backend.store.door import Store
from backend.views.due import due_jobs
from tests.faults.decisions import give_passkey
from tests.faults.factory import SITE, SYSTEM, open_factory, order_lines
from tests.software_passkey import SoftwarePasskey

LINES = 12
RETEST_DAYS = 5
USABLE = {"released", "conceded", "conditional"}
SIGNERS = ("sofia", "quinn", "ivo", "supervisor0")
"""`ivo` inspects and decides only by delegation; `supervisor0` is of the contract maker, where there is one."""


class Found(NamedTuple):
    """How many commands took effect and were refused, by name; what was wrong, with the command that did it."""

    done: Counter[str]
    refused: Counter[str]
    wrong: list[str]


class Ground:
    """One factory, and a seed."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.chance = store, random.Random(seed)
        self.gates = bool(seed % 3 == 0)
        self.found = Found(Counter(), Counter(), [])
        self.ahead = timedelta()
        self.sheets = list[list[str]]()
        """Rows of opening stock that were said so far."""

    async def begin(self) -> None:
        """People, deliveries, something to make of them, passkeys; in every third factory a contract maker."""
        self.people = await open_factory(self.store, LINES, supervisors=1)
        self.lines = await order_lines(self.store)
        self.raw = await self.store.read.get(Item, self.lines[0].item_id)
        self.product = Item(self.store.new_id(), SITE, "SET", Words("Set", "套件"), "finished", "pcs")
        await load_master_data(
            self.store, SYSTEM, LoadMasterData(id=self.store.new_id(), items=[self.product])
        )
        self.maker = await self._contract_maker() if self.gates else None
        rules = ChangeItemRules(
            id=self.store.new_id(),
            item_id=self.raw.id,
            retest_days=self.chance.choice((None, RETEST_DAYS)),
            contract_maker_id=self.maker,
            reason="as agreed",
        )
        await change_item_rules(self.store, SYSTEM, rules)
        await self.measured("roll", "3", "250")
        await self.measured("box", "1", "12", self.product)
        self.passkeys: dict[str, SoftwarePasskey] = {}
        for login in SIGNERS:
            self.passkeys[login] = await give_passkey(self.store, self.people[login])
        self.store.clock = self.clock

    async def _contract_maker(self) -> str:
        partner = await add_partner(
            self.store, SYSTEM, AddPartner(id=self.store.new_id(), name=Words("Maker", "代工厂"))
        )
        await self.works_for(partner.id)
        return partner.id

    async def works_for(self, organisation_id: str | None) -> None:
        """The contract maker's person is theirs, or ours from now on."""
        command = SetOrganisation(
            id=self.store.new_id(),
            person_id=self.people["supervisor0"].person_id,
            organisation_id=organisation_id,
            reason="as employed",
        )
        await set_organisation(self.store, SYSTEM, command)

    async def measured(self, unit: str, count: str, stock: str, item: Item | None = None) -> None:
        """From now on so many of a unit are so much of the tubing, or of another item."""
        command = SetItemUnits(
            id=self.store.new_id(),
            item_id=(item or self.raw).id,
            units=[Ratio(unit, count, stock)],
            reason="as packed",
        )
        await set_item_units(self.store, SYSTEM, command)

    def clock(self) -> str:
        """Real time, and the days that were waited."""
        return instant(datetime.now(UTC) + self.ahead)

    async def wait(self, days: int) -> None:
        """Days pass: what falls due is done, and who signs has shown the password again."""
        self.ahead += timedelta(days=days)

        async def shown(tx: Change) -> None:
            for session in await tx.all(Session):
                tx.update(session, signed_at=tx.now)

        await self.store.keep(shown)
        while jobs := await due_jobs(self.store.read, self.store.clock()):  # a hundred at a time
            for job in jobs:
                await do_job(self.store, system(SITE), DoJob(id=self.store.new_id(), job_id=job.id))

    # --- what is chosen by chance

    def who(self, *logins: str) -> Who:
        """One of these people."""
        return self.people[self.chance.choice(logins)]

    async def some(self, noun: Any, where: str = "") -> Any:
        """One row, or None."""
        rows = await self.store.read.all(noun, f"{where or 'site_id is not null'} order by id")
        return self.chance.choice(rows) if rows else None

    async def lot(self) -> Lot | None:
        """Any."""
        found: Lot | None = await self.some(Lot)
        return found

    async def shares(self, where: str, value: str) -> list[Share]:
        """Of one to three portions a whole, a part, now and then too much."""
        portions = await self.store.read.all(Portion, f"{where} = $1 order by id", value)
        chosen = self.chance.sample(portions, min(len(portions), self.chance.choice((1, 1, 2, 3))))
        made = {lot.id for lot in await self.store.read.all(Lot, "item_id = $1", self.product.id)}
        return [Share(one.id, self.quantity(one.quantity, one.lot_id in made)) for one in chosen]

    def quantity(self, there: Decimal, pieces: bool = False) -> str:
        """Some of what is there, now and then in another unit of the item."""
        share = Decimal(
            self.chance.choices(("1", "0.5", "0.25", "0.1", "1.01", "0"), (3, 3, 3, 3, 0.5, 0.3))[0]
        )
        if self.chance.random() < 0.25:
            if pieces:
                return self.chance.choice(("1 box", "0.5盒", "0.3 box", "1 pallet"))
            part = f"{there * share / 1000:f} km"
            return self.chance.choice(("0.3 roll", "0.06 roll", "0.06卷", "0.1 roll", "1 kg", part))
        return format((there * share).quantize(Decimal("0.001")), "f")
