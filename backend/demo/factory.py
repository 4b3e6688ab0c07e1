"""Load the demo factory: once, through the actions, with a clock that ends before now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from backend.actions.found_site import FirstPerson, FoundSite, found_site
from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.demo.deliveries import OPEN, PAST, demo_labels, order_lines
from backend.demo.gauges import add_gauges
from backend.demo.history import History
from backend.demo.loop import play_loop
from backend.demo.materials import box_units, materials
from backend.demo.people import DEMO_PEOPLE, LOCATIONS, ORGANISATION, SITE, SITE_NAME, ZONE
from backend.demo.plans import plans
from backend.demo.shift import PastClock, Shift
from backend.domain.people import Person, Source, Who
from backend.domain.security import system
from backend.domain.sites import Site
from backend.identity.passwords import hash_password
from backend.store.door import Store
from backend.store.people import roles_of, who_is

FOUNDED_DAYS_AGO = 12


class DemoPeople(msgspec.Struct, frozen=True):
    """The site and its people's ids by login; `loaded` False: it was there already."""

    site_id: str
    ids: dict[str, str]
    loaded: bool


async def load_demo(store: Store, now: Callable[[], datetime]) -> DemoPeople:
    """Found the site, load its master data, play its history. Does nothing where the site exists.

    While it loads the store's clock runs in the days before `now()` (UTC); nobody else may be at work.
    """
    site = await store.read.first(Site, "code = $1", SITE)
    if site is not None:
        return await _people(store, site.id, loaded=False)
    today = now().astimezone(UTC).date()
    founded = datetime.combine(today - timedelta(FOUNDED_DAYS_AGO), time(1), UTC)
    usual, store.clock = store.clock, PastClock(founded)
    try:
        site_id = await _found(store, today, now().astimezone(ZoneInfo(ZONE)).date())
        shift = Shift(store, site_id, store.clock)
        for person in DEMO_PEOPLE:
            if person.totp_secret is not None:
                await shift.enrol_totp(person, person.totp_secret)
        await add_gauges(shift, today)
        past = {label.order[-6:]: label for label in await demo_labels(store.read) if _is_past(label.order)}
        await History(shift, past, today).play()
    finally:
        store.clock = usual
    return await _people(store, site_id, loaded=True)


async def play_today(store: Store, site_id: str, now: datetime) -> None:
    """What quality works on this morning; the store's clock stands two hours before `now` (UTC) meanwhile."""
    usual, clock = store.clock, PastClock(now - timedelta(hours=2))
    store.clock = clock
    try:
        await play_loop(Shift(store, site_id, clock))
    finally:
        store.clock = usual


async def demo_who(store: Store, login: str, source: Source = "phone", session_id: str = "") -> Who:
    """A demo person as a door would hand them to an action."""
    person = await store.read.first(Person, "login = $1", login)
    if person is None:
        raise LookupError(login)
    return who_is(person, await roles_of(store.read, person, store.clock()), source, session_id)


async def _found(store: Store, today: date, expected: date) -> str:
    """`today` is UTC's day, before which the history lies; deliveries are expected by the site's own."""
    site_id = store.new_id()
    people = [
        FirstPerson(each.login, each.printed_name, each.language, each.roles, hash_password(each.password))
        for each in DEMO_PEOPLE
    ]
    await found_site(
        store,
        system(site_id),
        FoundSite(
            id=store.new_id(),
            site_id=site_id,
            organisation=ORGANISATION,
            code=SITE,
            name=SITE_NAME,
            zone=ZONE,
            locations=LOCATIONS,
            people=people,
        ),
    )
    made = materials(site_id, store.new_id)
    all_plans, versions = plans(made.items, store.new_id, (today - timedelta(FOUNDED_DAYS_AGO)).isoformat())
    await load_master_data(
        store,
        system(site_id),
        LoadMasterData(
            id=store.new_id(),
            items=made.items,
            suppliers=made.suppliers,
            identifiers=made.identifiers,
            plans=all_plans,
            plan_versions=versions,
            order_lines=order_lines((*PAST, *OPEN), made, store.new_id, expected),
            item_units=box_units(made, store.new_id, store.clock()),
        ),
    )
    return site_id


def _is_past(order: str) -> bool:
    return order.split("-")[-1].split("/")[0] in {each.number for each in PAST}


async def _people(store: Store, site_id: str, *, loaded: bool) -> DemoPeople:
    people = await store.read.all(Person, "site_id = $1 order by login", site_id)
    return DemoPeople(site_id, {person.login: person.id for person in people}, loaded)
