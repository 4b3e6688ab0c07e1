"""A session is remembered, yet never longer than it holds: whichever process ends it (AUD-8)."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from backend.actions.sign_out import sign_out
from backend.app import new_id, now
from backend.domain.people import Person
from backend.domain.security import Plain
from backend.identity.passwords import secret_id
from backend.store.database import Database
from backend.store.door import Store
from backend.store.people import roles_of, who_is
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.web.remembered import Remembered
from tests.stores import opened
from tests.web.served import Phone, Served


class NaivelyRemembered(Remembered[object]):
    """The broken twin: what was found once is believed for ever."""

    def find(self, mark: object, key: str) -> object | None:
        return self._found.get(key)

    def keep(self, mark: object, key: str, found: object) -> None:
        self._found[key] = found


def same_database(served: Served) -> Database:
    """As another process opens it."""
    if isinstance(served.store.database, PostgresDatabase):
        return PostgresDatabase(served.store.database.url)
    return SqliteDatabase(served.settings.sqlite)


async def sign_out_elsewhere(served: Served, phone: Phone) -> None:
    """The person's session is ended by a store of its own, as the bot's process or the command line would."""
    async with opened(same_database(served)) as other:
        await end(other, phone)


async def end(store: Store, phone: Phone) -> None:
    person = await store.read.get(Person, phone.session["person"]["id"])
    who = who_is(person, await roles_of(store.read, person, now()), "phone", secret_id(phone.cookie))
    await sign_out(store, who, Plain(new_id()))


async def is_in(phone: Phone) -> bool:
    return (await phone.client.get("/api/worklist")).status_code == 200


async def is_out_soon(phone: Phone) -> bool:
    """PostgreSQL's word travels; it is not the test's to say how fast."""
    for _ in range(200):
        if not await is_in(phone):
            return True
        await asyncio.sleep(0.01)
    return False


@pytest.mark.proves("AUD-8")
async def test_a_session_ended_by_this_process_is_out_with_the_answer(served: Served) -> None:
    phone = await served.phone().sign_in("li")
    assert await is_in(phone) and await is_in(phone)
    await end(served.store, phone)
    assert not await is_in(phone)


@pytest.mark.proves("AUD-8")
async def test_a_session_ended_by_another_process_is_out(served: Served) -> None:
    phone = await served.phone().sign_in("li")
    assert await is_in(phone) and await is_in(phone)
    await sign_out_elsewhere(served, phone)
    assert await is_out_soon(phone)


async def test_the_naive_memory_lets_an_ended_session_in(served: Served) -> None:
    served.parts.sessions = NaivelyRemembered()  # type: ignore[assignment]
    phone = await served.phone().sign_in("li")
    assert await is_in(phone)
    await sign_out_elsewhere(served, phone)
    assert not await is_out_soon(phone)


async def test_nothing_is_remembered_while_postgres_cannot_be_heard(served: Served) -> None:
    database = served.store.database
    if not isinstance(database, PostgresDatabase):
        assert database.mark() is not None
        return
    phone = await served.phone().sign_in("li")
    assert await is_in(phone)
    before = database.mark()
    killer = await asyncpg.connect(database.url)
    await killer.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and query ilike 'listen %'"
    )
    await killer.close()
    for _ in range(500):
        if database.mark() != before:
            break
        await asyncio.sleep(0.01)
    await sign_out_elsewhere(served, phone)  # heard or not: deaf means asking the database
    assert await is_out_soon(phone)


def test_what_was_read_under_another_mark_is_forgotten() -> None:
    memory: Remembered[str] = Remembered()
    assert memory.find(1, "li") is None
    memory.keep(1, "li", "in")
    assert memory.find(1, "li") == "in"
    assert memory.find(2, "li") is None
    memory.keep(1, "li", "read before the change")
    assert memory.find(2, "li") is None
    memory.keep(None, "li", "nobody knows")
    assert memory.find(None, "li") is None
