"""Receiving in chat: a photo of a label, what it is, one press; what stands against it in words (LBL-8)."""

from __future__ import annotations

from functools import partial

import cv2
import pytest

from backend.actions.qualify_supplier import QualifySupplier, qualify_supplier
from backend.domain.items import Item, OrderLine
from bot.dispatcher import build_dispatcher
from bot.turn import Hands
from scanner.draw import draw_label
from scanner.worker import read_print_safely, read_safely
from tests.bot.bot_api import visible
from tests.bot.conftest import BASE_URL, ChatHouse
from tests.stores import ENGINES


def picture_of(code_text: str, format: str = "DataMatrix") -> bytes:
    """A photo of a label that carries this code."""
    done, data = cv2.imencode(".png", draw_label(["LABEL"], code_text, format))
    assert done
    return bytes(data)


def bracketed(gtin: str, expires: str, lot: str) -> str:
    return f"(01){gtin}(17){expires}(10){lot}"


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_photo_of_a_label_receives_the_delivery(house: ChatHouse, engine: str) -> None:
    phone = await house.phone("wang", "en")
    label = await house.label("NDL-21")
    said = await phone.photo(picture_of(bracketed(label.gtin, "281100", label.lot)))
    assert "new here" in said and label.lot in said and "2028-11-30" in said
    said = await phone.press(label.order)
    assert "Received" in said and "is open" in said and "quarantine" in said
    (kept,) = house.files
    rows = await house.rows(
        "select supplier_lot, receipt.quantity, codes, receipt.attachments from receipt "
        "join lot on lot.id = lot_id order by receipt.received_at desc limit 1"
    )
    lot, quantity, codes, attachments = rows[0]
    assert (lot, float(quantity)) == (label.lot, float(label.quantity))
    assert f'"picture":"{kept}"' in codes and attachments == f'["{kept}"]'


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_print_that_contradicts_the_code_stops_receiving_until_a_reason_is_typed(
    house: ChatHouse, language: str
) -> None:
    house.dispatcher = build_dispatcher(
        house.store, Hands(read_safely, house._keep, BASE_URL, read_print_safely)
    )
    phone = await house.phone("wang", language)
    label = await house.label("NDL-21")
    receipts = await house.count("receipt")
    drawn = draw_label(["批号 LOT: X99-87"], label.text, "DataMatrix")
    said = await phone.photo(bytes(cv2.imencode(".png", drawn)[1]))
    assert {"en": "Code and print disagree", "zh": "两者不一致"}[language] in said
    assert label.lot in said and "X99-87" in said
    assert not [button for button in phone.buttons() if label.order in button]
    said = await phone.press({"en": "Take the code's word", "zh": "以条码为准"}[language])
    assert {"en": "stays on record", "zh": "将被记录"}[language] in said
    await phone.say("old carton, note of the supplier")
    await phone.press(label.order)
    assert await house.count("receipt") == receipts + 1
    rows = await house.rows("select body from event where type = 'lot_received' order by seq desc limit 1")
    assert "old carton, note of the supplier" in rows[0][0] and "X99-87" in rows[0][0]


@pytest.mark.parametrize("seconds", [0.001, 20.0])
async def test_print_that_could_not_be_read_in_time_is_said(house: ChatHouse, seconds: float) -> None:
    reader = partial(read_print_safely, timeout_s=seconds)
    house.dispatcher = build_dispatcher(house.store, Hands(read_safely, house._keep, BASE_URL, reader))
    phone = await house.phone("wang", "en")
    label = await house.label("NDL-21")
    said = await phone.photo(picture_of(bracketed(label.gtin, "281100", label.lot)))
    assert label.lot in said
    assert ("nothing has compared it" in said) == (seconds < 1)


@pytest.mark.proves("DUP-1")
async def test_a_redelivered_press_receives_once(house: ChatHouse) -> None:
    phone = await house.phone("wang", "en")
    label = await house.label("NDL-21")
    receipts = await house.count("receipt")
    await phone.say(label.text)
    await phone.press(label.order)
    await phone.again()
    await phone.again()
    assert await house.count("receipt") == receipts + 1


async def test_another_quantity_and_a_lot_that_the_label_does_not_name(house: ChatHouse) -> None:
    phone = await house.phone("wang", "en")
    label = await house.label("NDL-21")
    await phone.say(f"(01){label.gtin}(17)281100")
    await phone.press("Another quantity")
    await phone.say("100")
    assert "names no lot" in await phone.press("Receive 100")
    said = await phone.say("HAND-7")
    assert "Received" in said and "100" in said
    rows = await house.rows("select quantity from receipt order by received_at desc limit 1")
    assert float(rows[0][0]) == 100


@pytest.mark.proves("LOT-13")
@pytest.mark.parametrize(
    ("language", "why"), [("en", "not qualified for this material"), ("zh", "未获该物料的批准")]
)
async def test_a_receipt_whose_supplier_is_not_qualified_says_so_and_what_to_do(
    house: ChatHouse, language: str, why: str
) -> None:
    label = await house.label("NDL-21")
    line = await house.store.read.get(OrderLine, label.order_line_id)
    other = await house.store.read.first(Item, "code = 'TUB-30'")
    assert other is not None
    zhou = await house.who("zhou")
    command = QualifySupplier(
        id=house.store.new_id(),
        supplier_id=line.supplier_id,
        item_id=other.id,
        expires_on="2040-01-01",
        reason="audit",
    )
    await qualify_supplier(house.store, zhou, command)
    phone = await house.phone("wang", language)
    await phone.say(f"(01){label.gtin}(17)281100(10){label.lot}")
    said = await phone.press(label.order)
    assert (
        "🛑" in said
        and why in said
        and {"en": "Leave it in quarantine", "zh": "请留在待检区"}[language] in said
    )


@pytest.mark.proves("LOT-8")
async def test_boxes_are_typed_and_pieces_received(house: ChatHouse) -> None:
    phone = await house.phone("wang", "zh")
    label = await house.label("RLC-01")
    await phone.say(f"(01){label.gtin}(17)281100(10)BOX-1")
    assert any("(8 box)" in button for button in phone.buttons())
    await phone.press("其他数量")
    await phone.say("0.333盒")
    assert "整数" in await phone.press("0.333")
    await phone.press("其他数量")
    await phone.say("3盒")
    said = await phone.press("3 盒")
    assert "750" in said and "(3 盒)" in said
    rows = await house.rows("select quantity, entered from receipt order by received_at desc limit 1")
    assert float(rows[0][0]) == 750 and "盒" in rows[0][1]


@pytest.mark.proves("LBL-2")
@pytest.mark.parametrize("engine", ENGINES)
async def test_the_reading_whose_lot_is_on_record_comes_first_and_is_not_taken_by_itself(
    house: ChatHouse, engine: str
) -> None:
    phone = await house.phone("wang", "en")
    label = await house.label("NDL-21")
    doubtful = picture_of(f"01{label.gtin}10AB17281130")
    short, long = f"(01){label.gtin}(10)AB(17)281130", f"(01){label.gtin}(10)AB17281130"
    await phone.photo(doubtful)
    assert phone.buttons()[:2] == [long, short]
    await phone.say(short)
    await phone.press(label.order)
    receipts = await house.count("receipt")
    await phone.photo(doubtful)
    assert phone.buttons()[:2] == [f"⭐ {short}", long]
    assert await house.count("receipt") == receipts
    said = await phone.press(f"⭐ {short}")
    assert "AB" in said and "2028-11-30" in said
    await phone.photo(doubtful)
    assert "AB17281130" in await phone.press(long)


async def test_too_much_is_refused_with_what_is_open(house: ChatHouse) -> None:
    phone = await house.phone("wang", "en")
    label = await house.label("NDL-21")
    receipts = await house.count("receipt")
    await phone.say(label.text)
    await phone.press("Another quantity")
    await phone.say("999999")
    said = await phone.press("Receive 999999")
    assert "more than is open" in said and label.quantity in said
    assert await house.count("receipt") == receipts


async def test_an_expired_lot_is_told_to_put_aside(house: ChatHouse) -> None:
    phone = await house.phone("wang", "en")
    label = await house.label("NDL-21")
    said = await phone.say(bracketed(label.gtin, "200131", "OLD1"))
    assert "expired on 2020-01-31" in said
    assert "expired on" in await phone.press(label.order)


@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        (b"no picture at all", "no picture I can read"),
        (b"\xff\xd8\xff\xe0 broken", "damaged"),
        (b"", "no picture I can read"),
    ],
)
async def test_a_file_that_is_no_picture_is_explained(house: ChatHouse, photo: bytes, expected: str) -> None:
    phone = await house.phone("wang", "en")
    assert expected in await phone.photo(photo)
    assert house.files == {}


async def test_a_picture_without_a_code_says_how_to_take_it(house: ChatHouse) -> None:
    phone = await house.phone("wang", "en")
    blank = cv2.imencode(".png", cv2.resize(draw_label(["x"], "1", "QRCode"), (4, 4)))[1]
    assert "no code" in await phone.photo(bytes(blank))


@pytest.mark.proves("LBL-8")
@pytest.mark.parametrize(
    "payload",
    [
        "<b>bold</b>",
        "<a href='tg://user?id=1'>x</a>",
        "</code><script>",
        "&lt;&amp;",
        "'; drop table lot; --",
        "=1+1",
        "^XA^FDx",
        "*_`[](",
    ],
)
async def test_what_a_code_holds_is_shown_as_text(house: ChatHouse, payload: str) -> None:
    phone = await house.phone("wang", "en")
    said = await phone.photo(picture_of(payload, "QRCode"))
    assert "no label that I know" in said and payload in said


@pytest.mark.proves("LBL-8")
async def test_markup_in_a_supplier_lot_stays_text_in_every_message(house: ChatHouse) -> None:
    phone = await house.phone("wang", "en")
    label = await house.label("NDL-21")
    evil = "A&B<b>"
    await phone.say(f"(01){label.gtin}(17)281100")
    await phone.press(label.order)
    said = await phone.say(evil)
    assert evil in said
    assert all(visible(message["text"]) for message in phone.shown())


async def test_a_lot_number_shows_its_card(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    number = (await house.rows("select number from lot where status = 'released' order by number limit 1"))[
        0
    ][0]
    assert "released" in await phone.say(number.lower())
    assert "no lot L99-999999" in await phone.say("L99-999999")


async def test_who_may_not_receive_is_told_so(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    label = await house.label("NDL-21")
    await phone.say(label.text)
    said = await phone.press(label.order)
    assert "Your roles do not allow this" in said
