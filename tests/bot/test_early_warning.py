"""An early warning comes into the chat as its chart, with what it is about, and a way to the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import cv2
import numpy as np
import pytest

from backend.demo.series import play_series
from backend.demo.shift import PastClock, Shift
from backend.domain.chart_signals import ChartSignal
from backend.domain.early_warning import Watch
from backend.settings import read_settings
from backend.watching import watch_charts
from bot.delivery import Courier
from bot.main import pictures
from tests.bot.conftest import BASE_URL, ChatHouse
from tests.bot.fake_telegram import Refusal
from tests.bot.phone import Phone

WATCH = Watch(rules=(1,), baseline=8, least=6)
STEADY = ("6.4", "6.6", "6.5", "6.3", "6.6", "6.5", "6.4", "6.5")


async def signalled(house: ChatHouse) -> ChartSignal:
    """Eight steady lots and one far off."""
    site = (await house.who("li")).site_id
    house.store.clock = PastClock(datetime.now(UTC))
    shift = Shift(house.store, site, house.store.clock)
    await watch_charts(house.store, WATCH)
    values = [{"TRQ-1": value} for value in (*STEADY, "8.4")]
    await play_series(shift, "RLC-01", "BS", values, apart=timedelta(hours=1))
    (signal,) = await watch_charts(house.store, WATCH)
    return signal


async def delivered(courier: Courier) -> None:
    """Sixty go at a time, and the lots have told many things."""
    for _ in range(5):
        await courier.once()


def told(phone: Phone, house: ChatHouse) -> list[dict[str, Any]]:
    return [each for each in house.telegram.shown(phone.user) if "photo" in each]


@pytest.mark.proves("RES-11")
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Early warning", "rule 1: beyond a control limit", "it decides nothing")),
     ("zh", ("预警", "规则 1：超出控制限", "不作判定"))],
)  # fmt: skip
async def test_the_chart_comes_as_a_picture(house: ChatHouse, language: str, words: tuple[str, ...]) -> None:
    novak = await house.phone("novak", language)
    draw = pictures(house.store, read_settings({"LOTGATE_CHART_BASELINE": "8", "LOTGATE_CHART_RULES": "1"}))
    courier = Courier(house.store, house.bot, BASE_URL, lambda: 0.0, house._no_sleep, draw)
    signal = await signalled(house)
    await delivered(courier)
    (message,) = told(novak, house)
    assert all(word in message["caption"] for word in words), message["caption"]
    (row,) = message["reply_markup"]["inline_keyboard"]
    assert row[0]["url"] == f"{BASE_URL}/#/signals/{signal.id}"
    png = house.telegram.files[message["photo"][0]["file_id"]]
    drawn = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert drawn is not None and drawn.shape[1] > 900
    red = (drawn[:, :, 2] > 150) & (drawn[:, :, 1] < 80) & (drawn[:, :, 0] < 80)
    assert red.sum() > 100, "the point that signals"
    for _ in range(3):
        await courier.once()
    assert len(told(novak, house)) == 1


async def test_without_a_picture_the_words_come(house: ChatHouse) -> None:
    novak = await house.phone("novak", "en")
    await signalled(house)
    await delivered(house.courier)
    assert told(novak, house) == [] and "Early warning" in novak.read()


async def test_an_address_that_telegram_refuses_stands_below_the_picture(house: ChatHouse) -> None:
    novak = await house.phone("novak", "en")
    draw = pictures(house.store, read_settings({"LOTGATE_CHART_BASELINE": "8", "LOTGATE_CHART_RULES": "1"}))
    courier = Courier(house.store, house.bot, BASE_URL, lambda: 0.0, house._no_sleep, draw)
    signal = await signalled(house)
    house.telegram.refusals["sendPhoto"] = [
        Refusal(400, "Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL")
    ]
    await delivered(courier)
    (message,) = told(novak, house)
    assert f"{BASE_URL}/#/signals/{signal.id}" in message["caption"]
