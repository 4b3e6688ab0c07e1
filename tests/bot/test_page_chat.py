"""The same dialogue in the page and in a terminal: no token, no Telegram, the same dispatcher."""

from __future__ import annotations

import base64
from typing import Any

from backend.cli.chat import Terminal, plain
from bot.transport_page import PageChat, PageChats
from bot.turn import Hands
from scanner.worker import read_safely
from tests.bot.conftest import BASE_URL, ChatHouse
from tests.bot.floor import open_tubing, readings
from tests.bot.story import moves
from tests.bot.test_receiving import bracketed, picture_of


class Page:
    """An open page: what it was sent, and buttons to press by their words."""

    def __init__(self) -> None:
        self.messages: dict[int, dict[str, Any]] = {}
        self.answers: list[dict[str, Any]] = []
        self.news = ""
        self.chat: PageChat

    async def send(self, message: dict[str, Any]) -> None:
        if message["method"] == "answerCallbackQuery":
            self.answers.append(message)
        else:
            self.messages[message["message_id"]] = message
            if message["buttons"]:  # an earlier message that loses its buttons is no news
                self.news = plain(message["text"])

    def read(self) -> str:
        """What was shown last."""
        return self.news

    async def press(self, words: str, id: str | None = None) -> str:
        for number in sorted(self.messages, reverse=True):
            for row in self.messages[number]["buttons"]:
                for button in row:
                    if words in button["text"]:
                        said = {"press": button["data"], "message_id": number}
                        await self.chat.receive(said if id is None else {**said, "id": id})
                        return self.read()
        raise AssertionError(words)

    async def say(self, text: str, id: str | None = None) -> str:
        await self.chat.receive({"text": text} if id is None else {"text": text, "id": id})
        return self.read()


def chats(house: ChatHouse) -> PageChats:
    return PageChats(house.store, Hands(read_safely, house._keep, BASE_URL))


async def opened_page(house: ChatHouse, all_chats: PageChats, login: str) -> Page:
    page = Page()
    page.chat = all_chats.chat(await house.who(login), page.send)
    await page.chat.open()
    return page


async def test_a_whole_inspection_in_the_page_with_a_reload_at_every_step(house: ChatHouse) -> None:
    number = await open_tubing(house)
    page = await opened_page(house, chats(house), "garcia")
    await page.press(f"🔎 {number}")
    for move in moves("en"):
        said = await (page.press(move.what) if move.act == "press" else page.say(move.what))
        assert move.then in said, move
        shown = page.messages
        await page.chat.close()
        page = await opened_page(house, chats(house), "garcia")
        assert {n: m["text"] for n, m in page.messages.items()} == {n: m["text"] for n, m in shown.items()}
    assert len(await readings(house, number)) == 10


async def test_the_same_id_again_has_no_second_effect(house: ChatHouse) -> None:
    number = await open_tubing(house)
    page = await opened_page(house, chats(house), "garcia")
    await page.press(f"🔎 {number}")
    for _ in range(6):
        await page.press("conform")
    for _ in range(3):
        await page.say("4.10", id="0190f6a2-0000-7000-8000-000000000001")
    assert len(await readings(house, number)) == 7


async def test_two_pages_of_one_person_show_the_same(house: ChatHouse) -> None:
    all_chats = chats(house)
    one, two = await opened_page(house, all_chats, "garcia"), await opened_page(house, all_chats, "garcia")
    await one.say("/language")
    assert one.read() == two.read() and "Which language" in two.read()


async def test_a_notice_is_shown_once_and_says_how_it_ended(house: ChatHouse) -> None:
    page = await opened_page(house, chats(house), "garcia")
    number = await open_tubing(house)
    for _ in range(3):
        await page.chat.deliver()
    notices = [m for m in page.messages.values() if "To inspect" in m["text"] and number in m["text"]]
    assert len(notices) == 1
    await page.press("Inspect")
    for move in moves("en"):
        await (page.press(move.what) if move.act == "press" else page.say(move.what))
    await page.chat.deliver()
    ended = next(m for m in page.messages.values() if "To inspect" in m["text"] and number in m["text"])
    assert "failed" in ended["text"] and ended["buttons"] == []


async def test_a_picture_over_the_socket_is_read(house: ChatHouse) -> None:
    page = await opened_page(house, chats(house), "wang")
    label = await house.label("NDL-21")
    data = base64.b64encode(picture_of(bracketed(label.gtin, "281100", label.lot))).decode()
    await page.chat.receive({"picture": f"data:image/png;base64,{data}"})
    assert label.lot in page.read()
    await page.chat.receive({"picture": "%%%"})
    assert "JPEG" in page.read()


async def test_what_is_no_message_is_passed_over(house: ChatHouse) -> None:
    page = await opened_page(house, chats(house), "garcia")
    before = dict(page.messages)
    odd: list[object] = [None, [], "x", {}, {"text": 1}, {"press": None}, {"id": "x"}, {"picture": []}]
    for said in odd:
        await page.chat.receive(said)
    assert page.messages == before


async def test_a_page_that_went_away_holds_nobody_up(house: ChatHouse) -> None:
    all_chats = chats(house)
    page = await opened_page(house, all_chats, "garcia")

    async def gone(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    other = all_chats.chat(await house.who("garcia"), gone)
    all_chats.session.listeners[other.number].append(gone)
    assert "What waits" in await page.say("/worklist")
    assert gone not in all_chats.session.listeners[other.number]


async def test_a_terminal_numbers_the_buttons() -> None:
    terminal = Terminal()
    buttons = [[{"text": "All conform", "data": "L:a:0"}], [{"text": "open", "url": "https://x"}]]
    message = {
        "method": "sendMessage",
        "message_id": 4,
        "text": "<b>1 of 2</b> &lt;x&gt;",
        "buttons": buttons,
    }
    await terminal.show(dict(message))
    assert plain(message["text"]) == "1 of 2 <x>"
    assert terminal.meant("1", asked=False) == {"press": "L:a:0", "message_id": 4}
    assert terminal.meant("1", asked=True) == {"text": "1"}
    assert terminal.meant(".1", asked=True) == {"press": "L:a:0", "message_id": 4}
    assert terminal.meant("2", asked=False) == {"text": "2"}
