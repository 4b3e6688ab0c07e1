"""Random walks over the buttons and texts of conversations: no dead end, no lost answer, no second effect.

Five people of a demo factory press whatever button stands there (old ones too), type readings, nonsense, commands
and questions, send pictures; updates come twice, late and in another order; hours pass. After each step:

| rule        | how it is checked                                                                              |
|-------------|------------------------------------------------------------------------------------------------|
| answered    | every update is answered by at least one call to its chat, every press by one answer           |
| no fault    | nothing "went wrong on our side", no call that the Bot API would refuse                        |
| no dead end | the live message has a button, and /worklist leads home from everywhere                        |
| no loss     | a text at an item is recorded, or asked back, or refused with a reason: it stands on the screen |
| once        | an update that comes again changes no row on record                                            |
"""

from __future__ import annotations

import asyncio
import html
import logging
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from backend.views.chat import conversation
from bot.idle import AT_AN_ITEM, Idle
from bot.talk import Evidence, Talk, talk_of
from tests.bot.bot_api import visible
from tests.bot.clock import Clock
from tests.bot.conftest import ChatHouse, load
from tests.bot.floor import open_tubing
from tests.bot.phone import Phone
from tests.stores import Templates, opened

STEPS = 10
WALKS_A_FACTORY = 40
PEOPLE = ("garcia", "li", "novak", "sun", "wang")
OFTEN = ("garcia", "garcia", "garcia", "li", "li", "novak", "sun", "wang")
START = "2026-12-01T02:00:00.000000Z"
READINGS = (
    "4.10", "4,11", "3.00", "3.01", "4.35", "41", "0", "1", "2", "５", "4.1.0", "-3", "1e9", "0.5", "99999999",
)  # fmt: skip
WORDS = (
    "ok", "roll 2 is <thick> & rough", "？", "set aside", "x" * 300, "第三卷太厚", "yes", "PG-01", "22:00-06:00", "7:5",
)  # fmt: skip
COMMANDS = (
    "/start", "/worklist", "/tasks", "/help", "/settings", "/language", "/later", "/stop", "/back", "/nonsense",
)  # fmt: skip
QUESTIONS = (
    "my tasks", "what blocks it", "where is L26-000001", "trace L26-000001", "L26-000002", "在哪里", "L26-999999",
)  # fmt: skip


class Found(NamedTuple):
    """What was done, how often; how many readings stand on record; what was wrong, with the walk and its step."""

    done: Counter[str]
    readings: list[int]
    wrong: list[str]


class Faults(logging.Handler):
    """What the bot logs as a mistake of its own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        error = record.exc_info[1] if record.exc_info else None
        self.said.append(f"{record.getMessage()}: {error!r}")


class Walker:
    """People of one factory, by chance."""

    def __init__(self, house: ChatHouse, chance: random.Random, found: Found) -> None:
        self.house, self.chance, self.found = house, chance, found
        self.clock = Clock(START)
        self.phones: dict[str, Phone] = {}
        self.sent: dict[str, list[dict[str, Any]]] = {name: [] for name in PEOPLE}

    async def begin(self) -> None:
        """Everybody is in the chat; deliveries wait for their inspections."""
        self.house.store.clock = self.clock
        self.house.courier.idle = Idle(
            self.house.store, self.house.dispatcher["turns"], self.house.bot.id
        ).once
        for name in PEOPLE:
            self.phones[name] = await self.house.phone(name)
        for _ in range(2):
            await open_tubing(self.house)
        await self.house.courier.once()

    async def walk(self, name: str) -> None:
        """One person's conversation, ten steps; others may have changed what it is about."""
        phone = self.phones[name]
        await self.said(name, "/worklist" if self.chance.random() < 0.5 else "/start")
        for _ in range(STEPS):
            await self.step(name, phone)
        await phone.say("/worklist")
        if not any(words in phone.live() + phone.read() for words in ("What waits", "Nothing waits", "待办")):
            self.wrong(name, f"/worklist does not lead home: {phone.read()[:80]!r}")

    async def step(self, name: str, phone: Phone) -> None:
        """One thing that a person, or the network, does."""
        dice = self.chance.random()
        if dice < 0.5:
            await self.press(name, phone)
        elif dice < 0.78:
            await self.said(name, self.text())
        elif dice < 0.83:
            await self.press_old(name, phone)
        elif dice < 0.86:
            await self.feed(name, "picture", phone.photo(b"\x89PNG no picture"))
        elif dice < 0.95:
            await self.again(name)
        else:
            self.clock.on(minutes=self.chance.choice((1, 16, 130)))
            await self.house.courier.once()

    def text(self) -> str:
        """What a person might type."""
        return self.chance.choice(self.chance.choice((READINGS, READINGS, WORDS, COMMANDS, QUESTIONS)))

    async def press(self, name: str, phone: Phone) -> None:
        """Any button of the newest message that has some."""
        for message in reversed(phone.shown()):
            buttons = _buttons(message)
            if buttons:
                await self.feed(name, "press", phone.press_data(self.chance.choice(buttons), message))
                return
        await self.said(name, "/worklist")

    async def press_old(self, name: str, phone: Phone) -> None:
        """Any button of any message."""
        with_buttons = [message for message in phone.shown() if _buttons(message)]
        if with_buttons:
            message = self.chance.choice(with_buttons)
            await self.feed(
                name, "old press", phone.press_data(self.chance.choice(_buttons(message)), message)
            )

    async def said(self, name: str, text: str) -> None:
        """Type something; an answer at an item must not vanish."""
        phone = self.phones[name]
        before, count = await self.talk(phone), await self.count()
        refused = len(self.house.telegram.calls)
        await self.feed(name, "text", phone.say(text))
        at_item = isinstance(before.step, AT_AN_ITEM)
        if not at_item or text.startswith("/") or not text.strip():
            return
        shown = [
            html.unescape(call.params.get("text", ""))
            for call in self.house.telegram.calls[refused:]
            if call.params.get("chat_id") == str(phone.user)
        ]
        after = await self.talk(phone)
        kept = text in str(after.step) or any(text[:40] in each or "⚠️" in each for each in shown)
        if not kept and await self.count() == count:
            self.wrong(name, f"lost: {text!r} at {before.step!r}: {shown!r}"[:400])
        if (
            isinstance(before.step, Evidence)
            and await self.count() == count
            and not any("⚠️" in x for x in shown)
        ):
            self.wrong(name, f"reason without effect: {text!r} at {before.step!r}"[:300])

    async def again(self, name: str) -> None:
        """An earlier update once more, right after the last or much later: no row on record changes."""
        if not self.sent[name]:
            return
        update = self.chance.choice(self.sent[name][-6:])
        before = await self.events()
        await self.house.feed(update)
        self.found.done["again"] += 1
        if await self.events() != before:
            self.wrong(name, f"a second effect of {update['update_id']}")

    async def feed(self, name: str, kind: str, act: Any) -> None:
        """Do it, and look at what every step must leave."""
        phone, calls = self.phones[name], len(self.house.telegram.calls)
        self.clock.on(seconds=self.chance.randint(1, 40))
        try:
            await act
        except Exception as error:
            self.wrong(name, f"{kind}: {error!r}"[:300])
            return
        self.sent[name].append(phone.last)
        self.found.done[kind] += 1
        new = self.house.telegram.calls[calls:]
        shown = [call for call in new if call.params.get("chat_id") == str(phone.user)]
        if not shown:
            self.wrong(name, f"{kind} was not answered")
        presses = sum(call.method == "answerCallbackQuery" for call in new)
        if "press" in kind and presses != 1:
            self.wrong(name, f"a press was answered {presses} times")
        if any("went wrong on our side" in call.params.get("text", "") for call in new):
            self.wrong(name, f"{kind}: a mistake of our own at {phone.last}"[:300])
        await self.no_dead_end(name, phone)

    async def no_dead_end(self, name: str, phone: Phone) -> None:
        """Something can be pressed."""
        talk = await self.talk(phone)
        live = next((each for each in phone.shown() if each["message_id"] == talk.live), None)
        if live is None:
            self.wrong(name, f"no live message at {talk.step!r}"[:200])
        elif (
            not _buttons(live) and "Nothing waits" not in visible(live["text"]) and "暂无" not in live["text"]
        ):
            self.wrong(name, f"a dead end: {visible(live['text'])[:200]!r}")

    async def talk(self, phone: Phone) -> Talk:
        """Where the dialogue stands."""
        return talk_of(
            await conversation(self.house.store.read, f"{self.house.bot.id}:{phone.user}:{phone.user}")
        )

    async def count(self) -> int:
        """Readings ever recorded."""
        return await self.house.count("reading")

    async def events(self) -> int:
        """The log's length."""
        return await self.house.count("event")

    def wrong(self, name: str, what: str) -> None:
        """Something that must not be."""
        self.found.wrong.append(f"walk {self.found.done['walks']}, {name}: {what}")


def _buttons(message: dict[str, Any]) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button.get("callback_data") or "N:x:url" for row in rows for button in row]


async def walks(templates: Templates, count: int, seed: int) -> Found:
    """`count` walks, a fresh factory for every forty; the same seed walks the same ways."""
    found = Found(Counter(), [], [])
    faults = Faults()
    logger = logging.getLogger("bot")
    logger.addHandler(faults)
    try:
        for first in range(0, count, WALKS_A_FACTORY):
            chance = random.Random(f"{seed}:{first}")
            async with opened(await templates.copy("sqlite", "chat", load)) as store:
                walker = Walker(ChatHouse(store), chance, found)
                await walker.begin()
                before = await walker.count()
                for _ in range(min(WALKS_A_FACTORY, count - first)):
                    found.done["walks"] += 1
                    await walker.walk(chance.choice(OFTEN))
                found.readings.append(await walker.count() - before)
            found.wrong.extend(faults.said)
            faults.said.clear()
            if len(found.wrong) > 50:
                break
    finally:
        logger.removeHandler(faults)
    return found


def chat_walk(count: int, seed: int) -> Found:
    """In a folder of its own, in memory where there is one."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        templates = Templates(Path(folder), lambda: "")
        return asyncio.run(walks(templates, count, seed))


def table(found: Found) -> str:
    """In figures."""
    done = ", ".join(f"{name} {number}" for name, number in found.done.most_common())
    head = f"{done}\nreadings recorded {sum(found.readings)}; wrong {len(found.wrong)}"
    return "\n".join([head, *found.wrong[:20]])
