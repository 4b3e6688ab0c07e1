"""The stories of an inspection, a report and a delivery over a Bot API server, with the bot process killed twice at
every step: in the middle of its answer, when the action has committed and nothing of the turn is kept, and right
after it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.actions.make_binding_code import make_binding_code
from backend.demo.factory import demo_who
from backend.store.door import Store
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from bot.words.wording import Wording
from tests.bot.bot_api import visible
from tests.bot.conftest import ChatHouse, load
from tests.bot.fake_telegram import TOKEN, FakeServer, FakeTelegram
from tests.bot.floor import fail_tubing, open_tubing, readings
from tests.bot.lives import Lives
from tests.bot.phone import Phone
from tests.bot.story import moves
from tests.bot.test_faults import MOVES, end_of
from tests.bot.test_receiving import bracketed, picture_of
from tests.stores import Templates, opened

BEFORE_ANSWER = ("sendMessage", "editMessageText")


class Telegram:
    """The server, the bot's lives, and the moment of the next kill."""

    def __init__(self, server: FakeServer, lives: Lives) -> None:
        self.server, self.lives = server, lives
        self.kill_at_answer = False
        server.telegram.on_call = self._called

    def _called(self, method: str) -> None:
        """Kill before the answer to a call that shows something: the action has committed, the turn is not kept."""
        if self.kill_at_answer and method in BEFORE_ANSWER:
            self.kill_at_answer = False
            self.lives.kill()
            self.lives.start()

    async def feed(self, update: dict[str, Any]) -> None:
        """Hand the update out until it is confirmed; one kill in between, one after."""
        self.kill_at_answer = True
        await asyncio.wait_for(self.server.push(update), 30)
        self.lives.kill()
        self.lives.start()


@pytest.fixture
async def store(engine: str, tmp_path: Path, templates: Templates) -> AsyncIterator[Store]:
    """The demo factory in the database that the bot's process opens too."""
    database = await templates.copy(engine, "chat", load)
    if isinstance(database, SqliteDatabase):
        path = tmp_path / "lotgate.sqlite3"
        path.write_bytes(database.path.read_bytes())
        database = SqliteDatabase(path)
    async with opened(database) as store:
        yield store


@pytest.fixture(scope="module")
def lives() -> Iterator[Lives]:
    """The process that bots are forked from: its imports take seconds, once."""
    lives = Lives()
    yield lives
    lives.end()


@pytest.fixture
async def telegram(tmp_path: Path, store: Store, lives: Lives) -> AsyncIterator[Telegram]:
    """A Bot API server, and a bot that polls it."""
    server = FakeServer(FakeTelegram())
    await server.start()
    database = store.database
    lives.environment = {
        "LOTGATE_DATA": str(tmp_path),
        "LOTGATE_TELEGRAM_TOKEN": TOKEN,
        "LOTGATE_TELEGRAM_API": server.url,
        "LOTGATE_ORIGIN": "https://lotgate.example",
        "LOTGATE_DATABASE_URL": database.url if isinstance(database, PostgresDatabase) else "",
        "LOTGATE_TELEGRAM_WEBHOOK": "",
    }
    lives.count = 0
    lives.start()
    yield Telegram(server, lives)
    lives.kill()
    await server.stop()


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize(
    ("engine", "login", "language"),
    [("sqlite", "garcia", "en"), ("sqlite", "li", "zh"), ("postgres", "li", "zh")],
)
async def test_killed_at_every_step_nothing_is_lost_and_nothing_twice(
    store: Store, telegram: Telegram, login: str, language: str
) -> None:
    house = ChatHouse(store)
    phone = Phone(telegram.server.telegram, telegram.feed, 77, language)
    made = await make_binding_code(store, await demo_who(store, login))
    await phone.say(f"/start {made.code}")
    number = await open_tubing(house)
    await phone.say("/worklist")
    await phone.press(number)
    for move in moves(language):
        await (phone.press(move.what) if move.act == "press" else phone.say(move.what))
        assert move.then in phone.live(), move
        assert len(await readings(house, number)) == move.readings, move
    assert [entered for _, entered, _ in await readings(house, number)] == [
        *["0"] * 6, "4,10", "4.35", "3.00", "3.01",
    ]  # fmt: skip
    everything = await house.rows(
        "select count(*) from reading join inspection on inspection.id = inspection_id where number = $1",
        number,
    )
    assert everything == [(10,)]
    assert telegram.lives.count >= 2 * (len(moves(language)) + 3)
    assert telegram.server.telegram.problems == []
    ncrs = await house.rows(
        "select count(*) from ncr join inspection on inspection.id = inspection_id where inspection.number = $1",
        number,
    )
    assert ncrs == [(1,)]
    opened_notice = await house.rows(
        "select outgoing.state, count(*) from outgoing join notice on notice.id = notice_id "
        "join person on person.id = outgoing.person_id join inspection on inspection.id = notice.subject_id "
        "where login = $1 and inspection.number = $2 group by outgoing.state",
        login,
        number,
    )
    assert len(opened_notice) == 1 and opened_notice[0][1] == 1


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_a_report_is_decided_though_the_bot_is_killed_at_every_step(
    store: Store, telegram: Telegram
) -> None:
    """From containment to a follow-up: each once, and the notice of it to its owner once."""
    house = ChatHouse(store)
    garcia = await house.phone("garcia")
    ncr = await fail_tubing(house, garcia)
    telegram.server.telegram._update = house.telegram._update  # one bot: its updates have one numbering
    novak = Phone(telegram.server.telegram, telegram.feed, 78)
    made = await make_binding_code(store, await demo_who(store, "novak"))
    await novak.say(f"/start {made.code}")
    await novak.say("/worklist")
    await novak.press(ncr)
    for act, what in MOVES:
        await (novak.press(what) if act == "press" else novak.say(what))
    ((status, containment, disposition, _, what, owner, _),) = await end_of(house, ncr)
    assert (status, containment, disposition) == ("disposed", "roll 2 set aside", "rework")
    assert (what, owner) == ("Cut the burr", "Elena Garcia")
    told = await house.rows(
        "select count(*) from notice where code = 'follow_up_assigned' and facts like '%burr%'"
    )
    assert told == [(1,)]
    assert telegram.server.telegram.problems == []


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_delivery_is_received_once_though_the_bot_is_killed_at_every_step(
    store: Store, telegram: Telegram
) -> None:
    """The photo of a label, another quantity, the press that receives: one receipt, with the picture that was sent."""
    house, say = ChatHouse(store), Wording("zh").say
    wang = Phone(telegram.server.telegram, telegram.feed, 79)
    made = await make_binding_code(store, await demo_who(store, "wang"))
    await wang.say(f"/start {made.code}")
    label, before = await house.label("NDL-21"), await house.count("receipt")
    picture = picture_of(bracketed(label.gtin, "281100", label.lot))
    assert label.lot in await wang.photo(picture)
    await wang.press(say("button_quantity"))
    assert label.order in await wang.say("250")
    assert await house.count("receipt") == before
    received = say("received", lot="", quantity="", unit="", item="").split()[0]
    assert visible(received) in await wang.press(label.order)
    assert telegram.lives.count >= 10
    rows = await house.rows(
        "select quantity, attachments from receipt join lot on lot.id = lot_id where supplier_lot = $1",
        label.lot,
    )
    kept = hashlib.sha256(picture).hexdigest()
    assert [(float(quantity), attachments) for quantity, attachments in rows] == [(250.0, f'["{kept}"]')]
    assert await house.count("receipt") == before + 1
    assert await house.count("attachment") == 1
    assert telegram.server.telegram.problems == []
