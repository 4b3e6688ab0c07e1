"""What people do before and beside the chat: receive, be told, look at what is on record."""

from __future__ import annotations

from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.domain.lots import ScannedCode
from tests.bot.conftest import ChatHouse
from tests.bot.phone import Phone


async def open_tubing(house: ChatHouse) -> str:
    """Receive a delivery of tubing as the warehouse does; the inspection's number."""
    label = await house.label("TUB-30")
    command = ReceiveLot(
        id=house.store.new_id(), codes=[ScannedCode(label.text, "]d2")], order_line_id=label.order_line_id
    )
    received = await receive_lot(house.store, await house.who("wang"), command)
    assert received.inspection is not None
    return received.inspection.number


async def readings(house: ChatHouse, number: str) -> list[tuple[str, str, str]]:
    """(item, entered, verdict) in force, in the order of recording."""
    rows = await house.rows(
        "select item_key, entered, reading.verdict from reading join inspection on inspection.id = "
        "reading.inspection_id where number = $1 and reading.status = 'current' order by reading.id",
        number,
    )
    return [(item, entered, verdict) for item, entered, verdict in rows]


async def begin(house: ChatHouse, phone: Phone) -> str:
    """Be told of a new inspection and take it up from the notice."""
    number = await open_tubing(house)
    await house.courier.once()
    assert number in await phone.press("Inspect" if "Inspect" in phone.buttons() else "开始检验")
    return number


async def until_diameters(phone: Phone) -> None:
    """Answer the six attributes of a tubing inspection."""
    for _ in range(6):
        await phone.press("conform")


async def fail_tubing(house: ChatHouse, phone: Phone) -> str:
    """An inspection with one diameter out of limits; the report's number."""
    await begin(house, phone)
    await until_diameters(phone)
    await phone.say("4.35")
    await phone.press("Confirm")
    await phone.press("Record")
    for value in ("4.10", "3.00", "3.00"):
        await phone.say(value)
    return str((await house.rows("select number from ncr order by number desc limit 1"))[0][0])
