"""What every lot of the bench refers to: a site, its people and rights, articles, suppliers, plans; made by actions."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

import uuid_utils

from backend.actions.found_site import FirstPerson, FoundSite, found_site
from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.demo.people import LOCATIONS, ORGANISATION, SITE_NAME, ZONE
from backend.domain.inspections import Plan
from backend.domain.items import Item, Supplier
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic, Method, PlanDocument
from backend.domain.sampling_rules import Fixed
from backend.domain.security import system
from backend.domain.words import Words
from backend.identity.passwords import hash_password
from backend.store.door import Store
from bench.lot_graph import ITEMS, SUPPLIERS

READINGS = 10
PASSWORD = "lotgate-bench"
LOGINS = [f"inspector{place}" for place in range(8)]


class Ground(NamedTuple):
    """What every lot refers to."""

    site_id: str
    person_id: str
    location_id: str
    items: list[list[str]]
    suppliers: list[str]
    plans: dict[str, str]
    """Plan version by item."""


def new_id() -> str:
    """UUIDv7."""
    return str(uuid_utils.uuid7())


async def make_ground(store: Store) -> Ground:
    site_id = new_id()
    hashed = hash_password(PASSWORD)
    people = [FirstPerson(login, login, "en", ["inspector"], hashed) for login in LOGINS]
    people.append(FirstPerson("supervisor", "supervisor", "en", ["supervisor"], hashed))
    founded = await found_site(
        store,
        system(site_id),
        FoundSite(
            id=new_id(),
            site_id=site_id,
            organisation=ORGANISATION,
            code="BENCH",
            name=SITE_NAME,
            zone=ZONE,
            locations=LOCATIONS,
            people=people,
        ),
    )
    items = [
        [
            Item(new_id(), site_id, f"P{tier}-{n:04d}", Words("Part", "零件"), _kind(tier), "pc")
            for n in range(size)
        ]
        for tier, size in enumerate(ITEMS)
    ]
    suppliers = [
        Supplier(new_id(), site_id, f"S{place:03d}", f"Supplier {place}", "approved")
        for place in range(SUPPLIERS)
    ]
    plans, versions = _plans(site_id, [item for tier in items for item in tier])
    await load_master_data(
        store,
        system(site_id),
        LoadMasterData(
            id=new_id(),
            items=[item for tier in items for item in tier],
            suppliers=suppliers,
            plans=plans,
            plan_versions=versions,
        ),
    )
    location = await store.read.rows("select id from location where kind = 'quarantine' limit 1")
    by_plan = {version.plan_id: version.id for version in versions}
    return Ground(
        site_id,
        founded.people["inspector0"],
        location[0][0],
        [[item.id for item in tier] for tier in items],
        [supplier.id for supplier in suppliers],
        {plan.item_id: by_plan[plan.id] for plan in plans},
    )


def _kind(tier: int) -> Literal["raw", "finished"]:
    return "finished" if tier == len(ITEMS) - 1 else "raw"


def _plans(site_id: str, items: list[Item]) -> tuple[list[Plan], list[PlanVersion]]:
    """Ten measured lengths for every article."""
    document = PlanDocument([_length(place) for place in range(READINGS)])
    plans = [
        Plan(new_id(), site_id, item.id, "incoming", f"QP-{item.code}", Words("Plan", "计划"))
        for item in items
    ]
    return plans, [
        PlanVersion(new_id(), site_id, plan.id, 1, "effective", document, "2023-01-01") for plan in plans
    ]


def _length(place: int) -> Characteristic:
    return Characteristic(
        code=f"D{place:02d}",
        name=Words(f"Length {place}", f"长度 {place}"),
        kind="numeric",
        severity="major",
        method=Method("WI-312", "C"),
        sampling=Fixed(1),
        unit="mm",
        lower=Decimal("9.80"),
        upper=Decimal("10.20"),
        target=Decimal("10.00"),
        resolution=Decimal("0.01"),
        rounding="half_even",
    )
