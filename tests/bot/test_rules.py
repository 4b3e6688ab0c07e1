"""The rules of the chat: docs/chat.md names a test for each, and those tests exist; the rules that had none have one
here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.pace import Pace
from tests.bot.bot_api import MOST_BUTTONS, WrongCall, check_call
from tests.bot.conftest import ChatHouse
from tests.bot.fake_telegram import Refusal
from tests.bot.floor import begin, until_diameters

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "chat.md").read_text()
ROW = re.compile(r"^\| (\d+)\. .*\|(.*)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def missing(table: str) -> set[str]:
    """Tests that are named and are not there."""
    named = set(NAMED.findall(table))
    made = {
        (path, node.name)
        for path in {path for path, _ in named}
        if (ROOT / path).exists()
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {f"{path}::{name}" for path, name in named - made}


def test_each_of_the_thirteen_rules_has_its_test() -> None:
    rows = {int(number): NAMED.findall(tests) for number, tests in ROW.findall(TABLE)}
    assert sorted(rows) == list(range(1, 14))
    assert [number for number, tests in rows.items() if not tests] == []
    assert missing(TABLE) == set()


def test_a_test_that_is_gone_is_missed() -> None:
    assert missing("`tests/bot/test_rules.py::test_of_nothing`") == {
        "tests/bot/test_rules.py::test_of_nothing"
    }


def test_eight_buttons_are_refused_by_the_checker() -> None:
    def call(count: int) -> dict[str, str]:
        row = ", ".join(f'[{{"text": "x", "callback_data": "{number}"}}]' for number in range(count))
        return {
            "chat_id": "1",
            "text": "x",
            "parse_mode": "HTML",
            "reply_markup": f'{{"inline_keyboard": [{row}]}}',
        }

    check_call("sendMessage", call(MOST_BUTTONS))
    with pytest.raises(WrongCall, match="8 buttons"):
        check_call("sendMessage", call(MOST_BUTTONS + 1))


async def test_every_screen_of_an_item_has_its_ways_out(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    await begin(house, phone)
    await until_diameters(phone)
    assert {"◂ Back", "Later", "Stop"} <= set(phone.buttons())
    await phone.say("41")  # asked back
    assert {"Retype", "Later", "Stop"} <= set(phone.buttons())
    await phone.press("Retype")
    await phone.say("4.35")
    await phone.press("Confirm")  # photo and reason
    assert {"Retype", "Later", "Stop"} <= set(phone.buttons())


async def test_anything_returns_to_the_open_item(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    await begin(house, phone)
    await phone.press("conform")
    for text in ("/start", "/nonsense", "/help"):
        assert "2 of 10" in await phone.say(text)
    assert "2 of 10" in await phone._send(sticker={"file_id": "s", "file_unique_id": "s", "type": "regular",
                                                    "width": 1, "height": 1, "is_animated": False,
                                                    "is_video": False})  # fmt: skip


async def test_a_press_is_answered_before_anything_is_shown(house: ChatHouse) -> None:
    """So a message that Telegram lets wait (here: refuses for a while) keeps no button turning."""
    phone = await house.phone("garcia")
    await begin(house, phone)
    calls = len(house.telegram.calls)
    house.telegram.refusals["editMessageText"] = [Refusal(400, "Bad Request: message can't be edited")]
    await phone.press("conform")
    assert house.telegram.calls[calls].method == "answerCallbackQuery"


def test_a_group_hears_twenty_a_minute() -> None:
    pace, now = Pace(), 0.0
    times = []
    for _ in range(41):
        now += pace.wait(-100, now)
        times.append(now)
    assert all(late - early >= 60 for early, late in zip(times, times[20:], strict=False))
