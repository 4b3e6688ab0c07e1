"""The demo factory: what a newcomer finds, and that its labels read as what they say."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from backend.actions.sign_in import sign_in
from backend.demo.deliveries import SYMBOLOGY, demo_labels
from backend.demo.factory import demo_who, load_demo
from backend.demo.materials import MATERIALS, SET
from backend.demo.people import DEMO_PEOPLE
from backend.demo.plans import characteristics_of
from backend.domain.labels import read_label
from backend.domain.lots import Portion
from backend.domain.people import Person
from backend.domain.plan_checks import check_plan
from backend.domain.plans import PlanDocument, items
from backend.identity.passwords import SHORTEST
from tests.actions.floor import Floor, on_record


async def test_loading_it_again_does_nothing(floor: Floor) -> None:
    before, events = await on_record(floor.store), await floor.count("event")
    again = await load_demo(floor.store, lambda: datetime.now(UTC))
    assert (again.site_id, again.loaded) == (floor.site_id, False)
    assert await on_record(floor.store) == before and await floor.count("event") == events
    assert floor.store.clock is floor.clock


async def test_every_demo_person_signs_in_with_the_password_shown(floor: Floor) -> None:
    for person in DEMO_PEOPLE:
        signed_in = await sign_in(floor.store, floor.site_id, person.login, person.password)
        assert list(signed_in.who.roles) == person.roles and len(person.password) >= SHORTEST
        assert (await demo_who(floor.store, person.login)).printed_name == person.printed_name
    stored = await floor.store.read.all(Person)
    assert not {person.password for person in DEMO_PEOPLE} & {each.password_hash for each in stored}


async def test_every_page_has_something_to_show(floor: Floor) -> None:
    statuses = {row[0] for row in await floor.store.read.rows("select distinct status from lot")}
    assert statuses == {
        "released",
        "rejected",
        "held",
        "inspecting",
        "quarantine",
        "in_production",
        "conceded",
    }
    ncrs = {row[0] for row in await floor.store.read.rows("select status from ncr")}
    assert ncrs == {"closed", "disposed", "contained"}
    half = await floor.store.read.rows(
        "select count(*) from reading where inspection_id in "
        "(select id from inspection where status = 'in_progress') and status = 'current'"
    )
    assert half[0][0] == 4
    waiting = "inspection where status = 'passed' and receipt_id not in (select receipt_id from release)"
    assert await floor.count(waiting.replace(" release)", ' "release")')) >= 1
    assert await floor.count("event where type = 'refused'") == 0


async def test_history_lies_in_the_past_and_stock_where_it_belongs(floor: Floor) -> None:
    newest = (await floor.store.read.rows("select max(at) from event"))[0][0]
    assert newest < datetime.now(UTC).isoformat()
    kinds = dict(await floor.store.read.rows("select id, kind from location"))
    for portion in await floor.store.read.all(Portion):
        if portion.status in ("released", "rejected") and portion.quantity:
            assert kinds[portion.location_id] == portion.status


async def test_each_open_delivery_has_a_label_that_reads_as_what_it_says(floor: Floor) -> None:
    labels = await demo_labels(floor.store.read)
    assert len(labels) >= 25 and len({label.gtin for label in labels}) >= 20
    for label in labels:
        reading = read_label(label.text, SYMBOLOGY, today=date.today())
        assert reading.valid and reading.error is None
        assert (reading.device_identifier, reading.lot) == (label.gtin, label.lot)
        assert (reading.production_date, reading.expiry) == (label.made_on, label.expires_on)
        assert reading.quantity == (None if label.unit == "m" else label.quantity)


@pytest.mark.parametrize("item", [SET, *(material.code for material in MATERIALS)])
def test_every_plan_may_become_effective_and_is_short_to_walk(item: str) -> None:
    document = PlanDocument(characteristics_of(item))
    assert check_plan(document) == []
    assert len(items(document, 5000)) <= 10
    kinds = [each.characteristic for each in items(document, 3000)]
    if item == "TUB-30":
        assert len(kinds) == 10 and kinds[-4:] == ["OD", "OD", "ID", "ID"]
