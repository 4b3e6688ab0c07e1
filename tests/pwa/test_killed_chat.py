"""kill -9 of the server while people receive and inspect in the page's chat: before what they said reaches it, and when
it has acted and its answer is not shown. The page keeps what was said, and the end is that of an undisturbed day."""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from itertools import cycle
from typing import Any

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.bot.story import moves
from tests.pwa.chat_screen import SLOW, Chat
from tests.pwa.deliveries import expected
from tests.pwa.house import House, Phone
from tests.pwa.test_killed_page import told_of
from tests.pwa.views import enter

MOMENTS = ("before", "acted")
SHOWING = ("sendMessage", "editMessageText")


class MortalChat:
    """Between one page and a server that dies once at each thing said, and is started again.

    `before`: what was said never reaches it. `acted`: it has done what was said, and dies with the answer under way.
    `hasty`: the broken twin, in which the page takes whatever it has sent for taken.
    """

    def __init__(self, house: House, phone: Phone, *moments: str, hasty: bool = False) -> None:
        self.house, self.phone, self.hasty = house, phone, hasty
        self.deaths = Counter[str]()
        self.mortal = False
        self._seen: set[str] = set()
        self._moments = cycle(moments)
        self._dying = False
        self._up = asyncio.Event()
        self._up.set()
        self._tasks = set[asyncio.Task[None]]()

    async def begin(self) -> None:
        """Stand between them; it lives on until `mortal` is set."""
        await self.phone.page.route_web_socket("**/api/chat", self._carry)

    async def _carry(self, page: WebSocketRoute) -> None:
        await self._up.wait()
        server, waits = page.connect_to_server(), False

        def said(text: str | bytes) -> None:
            nonlocal waits
            id = json.loads(text)["id"]
            if self.hasty:
                page.send(json.dumps({"method": "taken", "id": id}))
            if self._dying:
                return
            if self.mortal and id not in self._seen:
                self._seen.add(id)
                moment = next(self._moments)
                if moment == "before":
                    self._die(moment, page)
                    return
                waits = moment == "acted"
            server.send(text)

        def answered(text: str | bytes) -> None:
            nonlocal waits
            if self._dying:
                return
            if waits and json.loads(text)["method"] in SHOWING:
                waits = False
                self._die("acted", page)
                return
            page.send(text)

        page.on_message(said)
        server.on_message(answered)

    def _die(self, moment: str, page: WebSocketRoute) -> None:
        self._dying = True
        self._up.clear()
        self.deaths[moment] += 1

        async def again() -> None:
            await self.house.stop(signal.SIGKILL)
            await page.close()
            await self.house.start()
            self._dying = False
            self._up.set()

        task = asyncio.create_task(again())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def inspected(house: House, phone: Phone, chat: Chat, mortal: MortalChat | None) -> dict[str, Any]:
    """The story of an inspection; what is on record of it."""
    label = (await expected(house, [("TUB-30", "QH")], received=True))[0]
    lot = (await phone.api(f"/api/lots?search={label.lot}"))["lots"][0]["number"]
    card = await phone.api(f"/api/lots/{lot}/card")
    (opened,) = card["open_inspections"]
    await chat.say(lot)  # its card leads there, however long the list of work is
    await chat.press(opened["number"])
    await chat.heard("1 of 10", opened["number"])
    if mortal is not None:
        mortal.mortal = True
    for move in moves("en"):
        await chat.act(move, opened["number"])
    if mortal is not None:
        mortal.mortal = False
    sheet = await phone.api(f"/api/inspections/{opened['id']}")
    readings = [
        (item["key"], item["reading"]["entered"], item["reading"]["verdict"], item["reading"]["source"])
        for item in sheet["items"]
    ]
    after = await phone.api(f"/api/lots/{lot}/card")
    recorded = await told_of(house, "results_recorded", sheet["number"], "inspection")
    return {
        "readings": readings,
        "status": sheet["status"],
        "lot": after["status"],
        "open": after["open_inspections"],
        "events": recorded,
    }


@pytest.mark.proves("DUP-1", "RES-1")
async def test_an_inspection_in_chat_whose_server_dies_ends_as_an_undisturbed_one(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "garcia", "en")
        chat, mortal = Chat(phone), MortalChat(house, phone, "before", "lives", "lives", "acted", "lives")
        await mortal.begin()
        await chat.open()
        undisturbed = await inspected(house, phone, chat, None)
        disturbed = await inspected(house, phone, chat, mortal)
    assert disturbed == undisturbed
    assert [entered for _, entered, _, _ in disturbed["readings"]] == [
        *["0"] * 6, "4,10", "4.35", "3.00", "3.01",
    ]  # fmt: skip
    assert disturbed["events"] == 10
    assert mortal.deaths == {"before": 3, "acted": 3}


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize("first", MOMENTS)
async def test_a_lot_is_received_once_by_chat_though_the_server_dies_at_every_word(
    house: House, first: str
) -> None:
    label = (await expected(house, [("SPK-02", "SL")]))[0]
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        moments = MOMENTS if first == "before" else MOMENTS[::-1]
        chat, mortal = Chat(phone), MortalChat(house, phone, *moments)
        await mortal.begin()
        await chat.open()
        mortal.mortal = True
        await chat.say(label.text)
        await chat.heard(label.lot)
        await chat.press("Another quantity")
        await chat.say("250")
        await chat.press(label.order)
        await chat.heard("Received")
        mortal.mortal = False
        assert mortal.deaths == {"before": 2, "acted": 2}
        found = (await phone.api(f"/api/lots?search={label.lot}"))["lots"]
        assert [one["quantity"].split(".")[0] for one in found] == ["250"]
    assert await told_of(house, "lot_received", found[0]["number"]) == 1


async def test_a_page_that_takes_what_it_sent_for_taken_loses_it(house: House) -> None:
    """The broken twin: the same death, and the lot that was said is never received."""
    label = (await expected(house, [("SPK-02", "SL")]))[0]
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        chat, mortal = Chat(phone), MortalChat(house, phone, "before", hasty=True)
        await mortal.begin()
        await chat.open()
        mortal.mortal = True
        await chat.say(label.text)
        await expect(phone.at("chat-lost")).to_be_visible()
        await expect(phone.at("chat-lost")).to_have_count(0, timeout=SLOW)
        await expect(phone.at("chat-button").last).to_be_visible(timeout=SLOW)
        await expect(phone.at("heard").filter(has_text=label.lot)).to_have_count(0)
        assert mortal.deaths == {"before": 1}


async def test_what_a_closed_page_had_not_sent_is_left_to_the_person(house: House) -> None:
    """The talk may have gone on elsewhere meanwhile: nothing goes out by itself, and nothing is lost."""
    label = (await expected(house, [("SPK-02", "SL")]))[0]
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.ready_for_offline()
        chat = Chat(phone)
        await chat.open()
        await phone.network(False)
        for text in ("Is the dock free?", label.text):
            await phone.write("chat-input", text)
            await phone.tap("chat-send")
        await expect(phone.at("chat")).to_have_attribute("data-waiting", "2")
        await phone.page.reload()
        await phone.network(True)
        await chat.open()
        left = phone.at("chat-left")
        await expect(left).to_contain_text("Is the dock free?")
        await expect(phone.at("heard").filter(has_text=label.lot)).to_have_count(0)
        await phone.touch(phone.at("chat-left-drop").first)
        await expect(left).not_to_contain_text("Is the dock free?")
        await phone.tap("chat-left-send")
        await chat.heard(label.lot)
        await chat.taken()
        await phone.page.reload()
        await chat.open()
        await expect(phone.at("chat-left")).to_have_count(0)
