"""In chat the gauge is chosen once, and one that must not measure is refused with the way out."""

from __future__ import annotations

import pytest

from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.domain.gauges import Gauge
from backend.domain.inspections import Reading
from backend.domain.lots import ScannedCode
from tests.bot.conftest import ChatHouse
from tests.bot.phone import Phone
from tests.stores import ENGINES


async def begin_luer(house: ChatHouse, phone: Phone) -> str:
    """A connector whose taper is read with a calliper, up to that question."""
    label = await house.label("LUR-06")
    command = ReceiveLot(
        id=house.store.new_id(), codes=[ScannedCode(label.text, "]d2")], order_line_id=label.order_line_id
    )
    received = await receive_lot(house.store, await house.who("wang"), command)
    assert received.inspection is not None
    await house.courier.once()
    await phone.press("Inspect" if "Inspect" in phone.buttons() else "开始检验")
    for _ in range(2):
        await phone.press("conform" if "conform" in " ".join(phone.buttons()) else "合格")
    return received.inspection.id


@pytest.mark.proves("RES-6")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("language", "which", "overdue", "other"),
    [
        ("en", "Which calliper do you use?", "The calibration of G-CAL-02 was due on", "Another gauge"),
        ("zh", "用哪个卡尺？", "G-CAL-02 的校准已于", "换用其他量具"),
    ],
)
async def test_the_gauge_is_chosen_once_in_chat(
    house: ChatHouse, language: str, which: str, overdue: str, other: str
) -> None:
    phone = await house.phone("garcia", language)
    inspection = await begin_luer(house, phone)
    assert which in phone.read() and len(phone.buttons()) <= 7
    await phone.say("4.31")
    assert which in phone.read(), "a value before its gauge is not taken"
    await phone.press("G-CAL-02")
    await phone.say("4.31")
    said = phone.read()
    assert overdue in said and "RES-6" in said and which in said, "refused, and another is asked for"
    assert (
        await house.rows(
            "select 1 from reading where inspection_id = $1 and characteristic = 'TPR'", inspection
        )
        == []
    )
    await phone.say("g-cal-01")
    assert "G-CAL-01" in phone.read() and other in " ".join(phone.buttons())
    await phone.say("4.31")
    readings = await house.store.read.all(
        Reading, "inspection_id = $1 and characteristic = 'TPR' order by id", inspection
    )
    calliper = await house.store.read.first(Gauge, "code = $1", "G-CAL-01")
    assert calliper is not None
    assert [(each.gauge_id, each.gauge_due_on) for each in readings] == [(calliper.id, calliper.due_on)]
