"""A small factory, founded and run through its real actions: what the faults are played on."""

from __future__ import annotations

from decimal import Decimal

from backend.actions.found_site import FirstLocation, FirstPerson, FoundSite, found_site
from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.domain.answering import Recorded
from backend.domain.inspections import Plan
from backend.domain.items import Item, OrderLine, Supplier
from backend.domain.people import Role, Who
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic, Method, PlanDocument
from backend.domain.receiving import Received
from backend.domain.sampling_rules import Fixed
from backend.domain.words import Words
from backend.identity.passwords import hash_password
from backend.store.door import Store

PASSWORD = "correct horse battery"
SITE = "0193f0a0-0000-7000-8000-000000000001"
SYSTEM = Who("", SITE, "system", "system", "en", (), "system")
PLACES = ("quarantine", "released", "rejected")
ROLES: dict[str, Role] = {
    "wei": "warehouse",
    "ina": "inspector",
    "ivo": "inspector",
    "sofia": "supervisor",
    "quinn": "quality_engineer",
}


Factory = dict[str, Who]
"""A founded site: who is there, by login."""


async def founded(store: Store) -> Who:
    """A bare site; returns the system, which may do everything."""
    await found_site(
        store,
        SYSTEM,
        FoundSite(
            id=store.new_id(),
            site_id=SITE,
            organisation=Words("Maker", "制造商"),
            code="SH",
            name=Words("Plant", "工厂"),
            zone="Asia/Shanghai",
            locations=[],
            people=[],
        ),
    )
    return SYSTEM


async def add_items(store: Store, who: Who, count: int) -> None:
    """One event for each."""
    for _ in range(count):
        item = Item(store.new_id(), SITE, store.new_id(), Words("Tubing", "管材"), "raw", "m")
        await load_master_data(store, who, LoadMasterData(id=store.new_id(), items=[item]))


async def open_factory(store: Store, lines: int, supervisors: int = 0) -> Factory:
    """People, one material with its plan in force, and `lines` expected deliveries of 100 m."""
    logins = ROLES | {f"supervisor{number}": "supervisor" for number in range(supervisors)}
    stored = hash_password(PASSWORD)
    made = await found_site(
        store,
        SYSTEM,
        FoundSite(
            id=store.new_id(),
            site_id=SITE,
            organisation=Words("Maker", "制造商"),
            code="SH",
            name=Words("Plant", "工厂"),
            zone="Asia/Shanghai",
            locations=[FirstLocation(kind, Words(kind, kind), kind) for kind in PLACES],  # type: ignore[arg-type]
            people=[
                FirstPerson(login, login.title(), "en", [role], stored) for login, role in logins.items()
            ],
        ),
    )
    await load_master_data(store, SYSTEM, _master_data(store, lines))
    return {
        login: Who(made.people[login], SITE, login, login.title(), "en", (role,), "phone", f"session-{login}")
        for login, role in logins.items()
    }


def _master_data(store: Store, lines: int) -> LoadMasterData:
    item, supplier, plan = store.new_id(), store.new_id(), store.new_id()
    document = PlanDocument(
        [
            Characteristic(
                code="ID",
                name=Words("Inner diameter", "内径"),
                kind="numeric",
                severity="major",
                method=Method("WI-7", "3"),
                sampling=Fixed(1),
                unit="mm",
                lower=Decimal("1.20"),
                upper=Decimal("1.30"),
                resolution=Decimal("0.01"),
            )
        ]
    )
    return LoadMasterData(
        id=store.new_id(),
        items=[Item(item, SITE, "TUBE", Words("Tubing", "管材"), "raw", "m")],
        suppliers=[Supplier(supplier, SITE, "ACME", "Acme", "approved")],
        plans=[Plan(plan, SITE, item, "incoming", "IP-1", Words("Incoming tubing", "管材进货检验"))],
        plan_versions=[PlanVersion(store.new_id(), SITE, plan, 1, "effective", document, "2026-01-01")],
        order_lines=[
            OrderLine(
                store.new_id(),
                SITE,
                f"PO-{number}",
                1,
                item,
                supplier,
                Decimal("100.0"),
                Decimal(0),
                "DHL",
                f"T-{number}",
                "2026-12-01",
            )
            for number in range(lines)
        ],
    )


async def order_lines(store: Store) -> list[OrderLine]:
    """The expected deliveries, in order."""
    return await store.read.all(OrderLine, "site_id = $1 order by id", SITE)


async def receive(store: Store, who: Who, line: OrderLine, command: str | None = None) -> Received:
    """Take in the whole line; `command` is the id to repeat it by."""
    return await receive_lot(
        store,
        who,
        ReceiveLot(
            id=command or store.new_id(),
            order_line_id=line.id,
            supplier_lot=f"S-{line.purchase_order}",
            expires_on="2099-12-31",
        ),
    )


async def record(store: Store, who: Who, received: Received, entered: str) -> Recorded:
    """Answer the only question of the plan."""
    assert received.inspection is not None
    return await record_results(
        store,
        who,
        RecordResults(
            id=store.new_id(),
            inspection_id=received.inspection.id,
            entries=[Entry(item_key="ID-1", entered=entered, confirmed=True)],
        ),
    )
