"""`./run bench chat`: how long the bot takes at 30 updates a second, and 1 000 notices over a kill -9. The real
dispatcher on SQLite with durable commits; for the notices the real process over HTTP, against a local Bot API server.

Milliseconds by the clock say little where others are at work beside it (the load is printed); processor time does.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from backend.actions.add_person import AddPerson, add_person
from backend.actions.make_binding_code import make_binding_code
from backend.domain.people import Person
from backend.domain.security import Plain, system
from backend.store.change import Change
from backend.store.door import Store
from backend.store.people import roles_of, who_is
from backend.store.sqlite import SqliteDatabase
from tests.bot.conftest import ChatHouse, load
from tests.bot.fake_telegram import BOT_ID, TOKEN, FakeServer, FakeTelegram
from tests.bot.floor import open_tubing
from tests.bot.lives import Lives
from tests.bot.phone import Phone
from tests.stores import Templates, opened

RATE = 30
UPDATES = 900
INSPECTORS = 30
READERS, NOTICES = 200, 1_000
ANSWERS = ("4.10", "4.11", "3.00", "3.01", "0", "41", "where is L26-000001", "/later", "/help", "my tasks")


async def people(store: Store, site_id: str, count: int, name: str) -> list[Person]:
    """Inspectors, each with a chat account of their own."""
    made = []
    for number in range(count):
        command = AddPerson(
            id=store.new_id(),
            login=f"{name}{number}",
            printed_name=f"{name} {number}",
            language="en",
            roles=["inspector"],
            password_hash="-",
        )
        person_id = await add_person(store, system(site_id), command)
        made.append(await store.read.get(Person, person_id))
    return made


async def bind(store: Store, phone: Phone, person: Person) -> None:
    """By a code, as on the page."""
    who = who_is(person, await roles_of(store.read, person, store.clock()), "phone")
    await phone.say(f"/start {(await make_binding_code(store, who)).code}")


async def handlers(folder: Path, templates: Templates) -> None:
    """Latency from an update's arrival to the end of its handling, at a fixed rate, in this process."""
    async with opened(await templates.copy("sqlite", "chat", load)) as store:
        house = ChatHouse(store)
        site = (await house.who("li")).site_id
        phones = []
        for person in await people(store, site, INSPECTORS, "bench"):
            phone = house.stranger()
            await bind(store, phone, person)
            phones.append(phone)
        await open_tubing(house)
        chance = random.Random(7)
        took: list[float] = []
        tasks = []
        for phone in phones:  # everybody's first screen
            await phone.say("/worklist")
        began, cpu = time.perf_counter(), time.process_time()

        async def one(due: float, phone: Phone) -> None:
            await asyncio.sleep(max(0.0, began + due - time.perf_counter()))
            await act(phone, chance)
            took.append(time.perf_counter() - began - due)

        for number in range(UPDATES):
            tasks.append(asyncio.create_task(one(number / RATE, phones[number % len(phones)])))
        await asyncio.gather(*tasks)
        used = (time.process_time() - cpu) / UPDATES
        alone = [await _cpu(phones[number % len(phones)], chance) for number in range(UPDATES // 3)]
        print(f"{UPDATES} updates of {INSPECTORS} people at {RATE} a second, load {os.getloadavg()[0]:.1f}:")
        print(f"  by the clock p50 {_at(took, 0.5):.1f} ms, p95 {_at(took, 0.95):.1f} ms")
        print(f"  processor time, client and Bot API server included: {1000 * used:.1f} ms an update;")
        print(f"  one at a time p50 {_at(alone, 0.5):.1f} ms, p95 {_at(alone, 0.95):.1f} ms")


def _at(seconds: list[float], share: float) -> float:
    return 1000 * sorted(seconds)[int(share * len(seconds))]


async def _cpu(phone: Phone, chance: random.Random) -> float:
    began = time.process_time()
    await act(phone, chance)
    return time.process_time() - began


async def act(phone: Phone, chance: random.Random) -> None:
    """A press of the live message, or a text."""
    for message in reversed(phone.shown()):
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        data = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
        if data and chance.random() < 0.6:
            await phone.press_data(chance.choice(data), message)
            return
        if data:
            break
    await phone.say(chance.choice(ANSWERS))


async def notices(folder: Path, templates: Templates) -> None:
    """A thousand, told at once to 200 people; the bot is killed three times while they go out."""
    path = folder / "lotgate.sqlite3"
    copied = await templates.copy("sqlite", "chat", load)
    assert isinstance(copied, SqliteDatabase)
    path.write_bytes(copied.path.read_bytes())
    server, lives = FakeServer(FakeTelegram()), Lives()
    await server.start()
    times: dict[str, list[float]] = {}
    texts: list[str] = []
    try:
        async with opened(SqliteDatabase(path)) as store:
            house = ChatHouse(store)
            house.telegram = server.telegram
            site = (await house.who("li")).site_id
            readers = await people(store, site, READERS, "reader")
            await _bound(store, readers)
            await _tell(store, site, readers)
            kept = server.telegram.answer

            def answer(method: str, params: dict[str, str]) -> Any:
                if method == "sendMessage":
                    times.setdefault(params["chat_id"], []).append(time.monotonic())
                    texts.append(params["text"])
                return kept(method, params)

            server.telegram.answer = answer  # type: ignore[method-assign]
            lives.environment = {
                "LOTGATE_DATA": str(folder), "LOTGATE_TELEGRAM_TOKEN": TOKEN, "LOTGATE_TELEGRAM_API": server.url,
                "LOTGATE_ORIGIN": "https://lotgate.example", "LOTGATE_DATABASE_URL": "", "LOTGATE_TELEGRAM_WEBHOOK": "",
            }  # fmt: skip
            began = time.monotonic()
            lives.start()
            kills = [200, 500, 800]
            while await _waiting(store):
                await asyncio.sleep(0.2)
                if kills and len(texts) >= kills[0]:
                    kills.pop(0)
                    lives.kill()
                    lives.start()
            _report(times, texts, time.monotonic() - began, await _lost(store))
    finally:
        lives.end()
        await server.stop()


async def _bound(store: Store, readers: list[Person]) -> None:
    from backend.domain.people import ChatAccount

    async def work(tx: Change) -> None:
        for number, person in enumerate(readers):
            tx.insert(
                ChatAccount(
                    store.new_id(), person.site_id, person.id, str(BOT_ID), str(5000 + number), tx.now
                )
            )
        tx.record("chat_bound", "person", readers[0].id)

    await store.change(system(readers[0].site_id), "bind", Plain(store.new_id()), work, None)


async def _tell(store: Store, site: str, readers: list[Person]) -> None:
    async def work(tx: Change) -> None:
        for number in range(NOTICES):
            lot = f"L99-{number:06}"
            tx.tell(readers[number % len(readers)].id, "lot_held", "lot", lot, lot=lot, why="x")
        tx.record("lot_held", "lot", "x")

    await store.change(system(site), "tell", Plain(store.new_id()), work, None)


async def _waiting(store: Store) -> int:
    rows = await store.read.rows(
        "select count(*) from outgoing where state = 'waiting' and channel_id is null"
    )
    return int(rows[0][0])


async def _lost(store: Store) -> int:
    rows = await store.read.rows(
        "select count(*) from outgoing join notice on notice.id = notice_id "
        "where outgoing.state <> 'closed' and notice.subject_id like 'L99-%'"
    )
    return int(rows[0][0])


def _report(times: dict[str, list[float]], texts: list[str], seconds: float, not_closed: int) -> None:
    told = {f"L99-{number:06}" for number in range(NOTICES)}
    arrived = {lot for lot in told if any(lot in text for text in texts)}
    every = sorted(moment for sent in times.values() for moment in sent)
    most = max((sum(moment - 1 < other <= moment for other in every) for moment in every), default=0)
    gaps = [late - early for sent in times.values() for early, late in pairwise(sent)]
    load = os.getloadavg()[0]
    print(f"{NOTICES} notices to {READERS} people over three kill -9, {seconds:.0f} s, load {load:.1f}:")
    print(
        f"  arrived {len(arrived)}, lost {len(told - arrived)}, sent again after a kill {len(texts) - len(arrived)}"
    )
    print(
        f"  not marked as delivered {not_closed}; most in any second {most}; least pause in a chat {min(gaps):.2f} s"
    )


async def run() -> None:
    """Both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        templates = Templates(folder, lambda: "")
        await handlers(folder, templates)
        data = folder / "data"
        data.mkdir()
        await notices(data, templates)


if __name__ == "__main__":
    asyncio.run(run())
