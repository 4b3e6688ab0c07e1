"""Shipped, complained of, contained in chat, recalled by two people, written to, answered, closed: on a phone, in both
languages, against a stop-watch. `./run story` plays it on PostgreSQL too; the actions behind it always run on both."""

from __future__ import annotations

import io
import os
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Playwright, expect
from pypdf import PdfReader

from tests.postgres import create_database
from tests.pwa.chat_screen import Chat
from tests.pwa.house import House, running_house
from tests.pwa.recall_scene import piece
from tests.pwa.views import enter

ENGINES = os.environ.get("LOTGATE_STORY", "sqlite").split()


@pytest.fixture(scope="module", params=ENGINES)
async def house(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """A factory of its own: its lots are recalled."""
    address = None
    if request.param == "postgres":
        address = await create_database(request.getfixturevalue("postgres_url"), "story")
    async with running_house(tmp_path_factory.mktemp("recall") / "data", playwright, address) as running:
        yield running


async def pdf_text(house: House, login: str, path: str) -> str:
    async with house.asked_by(login) as client:
        body = (await client.get(path)).raise_for_status().content
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


async def complained_of(house: House, lot: str) -> None:
    """Taken in from the lot that was scanned, assessed and investigated; the report that it is holds the lot."""
    async with house.phone() as phone:
        await enter(phone, "wang", "zh")
        await phone.go(f"/complaints?lot={lot}")
        await expect(phone.at("complaint-lot")).to_have_value(lot)
        await phone.write("complaint-described", "连接处脱开，患者轻伤")
        await phone.write("complaint-reporter", "陈医生")
        await phone.write("complaint-their-reference", "KS-2026-0077")
        await phone.at("complaint-consignee").select_option(label="H-01 · 上海第六人民医院")
        await phone.tap("complaint-take")
        await expect(phone.at("complaint")).to_have_attribute("data-status", "received")
        complaint = (await phone.page.evaluate("location.hash")).rsplit("/", 1)[-1]
    async with house.phone() as phone:
        await enter(phone, "novak", "en")
        await phone.go(f"/complaints/{complaint}")
        await expect(phone.at("complaint-reference")).to_have_text("KS-2026-0077")
        await phone.tap("harm-serious")
        await expect(phone.at("reportable")).to_be_checked()
        await phone.tap("assess")
        await phone.write("findings", "The retained sample comes off at 8 N, wanted are 15 N.")
        await phone.tap("justified-yes")
        await phone.at("report").select_option("critical")
        await phone.picture("en-recall-complaint")
        await phone.tap("investigate")
        await expect(phone.at("complaint-ncr")).to_be_visible()
        number = str(await phone.at("complaint-ncr").inner_text()).strip()
        assert (await phone.api(f"/api/lots/{lot}"))["lot"]["status"] == "held"
        chat = Chat(phone)
        await chat.open()
        await chat.say("/start")
        await chat.press(number)
        await chat.press("Contain")
        await chat.heard("What was done at once")
        await chat.say("What lies here is held, the consignee was called.")
        await chat.heard("Containment is on record.")
        await phone.go(f"/complaints/{complaint}")
        await phone.write("reply", "The lot is being recalled; you will hear from us today.")
        await phone.tap("answer")
        await phone.tap("complaint-close")
        await expect(phone.at("complaint")).to_have_attribute("data-status", "closed")


@pytest.mark.proves("QUA-6", "QUA-7", "QUA-8", "LOT-5", "LOT-7", "LOT-11", "SIG-1")
async def test_shipped_complained_of_recalled_answered_closed(house: House) -> None:
    found: dict[str, Any] = {}

    async def part(shift: Any) -> None:
        found["lot"] = (await piece(shift, "5")).number

    await house.play(part)
    lot = found["lot"]
    async with house.phone() as phone:
        await enter(phone, "wang", "zh")
        await phone.go("/consignees")
        await phone.tap("consignee-new")
        for field, text in (
            ("code", "H-01"), ("name", "上海第六人民医院"), ("address", "宜山路 600 号"), ("contact", "陈医生"),
            ("phone", "+86 21 5550 0100"),
        ):  # fmt: skip
            await phone.write(f"consignee-{field}", text)
        await phone.tap("consignee-save")
        await expect(phone.at("consignee")).to_contain_text("陈医生")
        await phone.go("/shipments")
        await phone.tap("ship-new")
        await phone.at("ship-to").select_option(label="H-01 · 上海第六人民医院")
        await phone.write("ship-lot", lot)
        await phone.write("ship-quantity", "９")
        await phone.write("ship-papers", "出厂放行单\n说明书")
        await phone.tap("ship")
        await expect(phone.at("error-summary")).to_contain_text("只有 5")
        await phone.write("ship-quantity", "3")
        await phone.picture("zh-recall-1-ship")
        await phone.tap("ship")
        await expect(phone.at("shipment")).to_be_visible()
        shipment = (await phone.page.evaluate("location.hash")).rsplit("/", 1)[-1]
    begun = time.monotonic()
    await complained_of(house, lot)
    async with house.phone() as phone:
        await enter(phone, "sun", "en")
        await phone.go("/recalls")
        await phone.write("basis-value", lot)
        await phone.tap("basis-ask")
        await expect(phone.at("reach")).to_have_attribute("data-consignees", "1")
        await phone.write("recall-reason", "the connector may come off")
        await phone.picture("en-recall-2-preview")
        await phone.tap("recall-show")
        await phone.sign_by_code("sun")
        await expect(phone.at("recall")).to_have_attribute("data-status", "signed_once")
        await expect(phone.at("recall-second")).to_have_count(0)
    async with house.phone() as phone:
        await enter(phone, "zhou", "zh")
        await phone.go("/notices")
        await phone.page.locator("[data-testid=notice][href*='#/recalls/']").first.click()
        await phone.tap("recall-second")
        await phone.sign_by_code("zhou")
        await expect(phone.at("recall")).to_have_attribute("data-status", "in_force")
        print(f"from the complaint to the recall in force: {time.monotonic() - begun:.0f} s")
        await expect(phone.at("close-waits")).to_contain_text("未答复")
        recall = (await phone.page.evaluate("location.hash")).rsplit("/", 1)[-1]
        assert (await phone.api(f"/api/lots/{lot}"))["lot"]["status"] == "recalled"
        consignee = (await phone.api(f"/api/recalls/{recall}"))["parties"][0]["consignee_id"]
        for language, words in (
            ("zh", ("召回通知", "上海第六人民医院", "退回", lot)),
            ("en", ("Recall notice", lot, "Sent back")),
        ):
            path = f"/api/recalls/{recall}/consignees/{consignee}/letter.pdf?language={language}"
            text = await pdf_text(house, "zhou", path)
            assert [word for word in words if word not in text] == []
        await phone.tap("letter-sent")
        await phone.tap("channel-email")
        await phone.picture("zh-recall-3-in-force")
        await phone.tap("answer-open")
        await phone.write("fate-returned", "2")
        await phone.write("fate-used", "1")
        await phone.write("answer-text", "陈医生来电：一件已使用，两件退回")
        await phone.picture("zh-recall-4-answer")
        await phone.tap("answer-record")
        await expect(phone.at("party")).to_have_attribute("data-answered", "true")
        await expect(phone.at("close-waits")).to_contain_text("目前到货 0")
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go(f"/shipments/{shipment}")
        await phone.tap("return-open")
        await phone.write("return-quantity", "2")
        await phone.write("return-reason", "recalled")
        await phone.tap("return-take")
        await expect(phone.at("returned")).to_be_visible()
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        await phone.go(f"/recalls/{recall}")
        await expect(phone.at("effect")).to_have_attribute("data-accounted", "100")
        await phone.write("recall-conclusion", "All three pieces are accounted for")
        await phone.picture("en-recall-5-close")
        await phone.tap("recall-close")
        await expect(phone.at("recall")).to_have_attribute("data-status", "closed")
        print(f"from the complaint to the closed recall: {time.monotonic() - begun:.0f} s")
        report = await pdf_text(house, "zhou", f"/api/recalls/{recall}/report.pdf?language=en")
        assert "100 %" in report and "All three pieces are accounted for" in report
        await phone.go(f"/lots/{lot}/trace")
        await expect(phone.at("trace-shipments")).to_contain_text("came back")
        await phone.picture("en-recall-6-trace")


@pytest.mark.proves("QUA-7")
async def test_an_exercise_runs_against_a_stop_watch(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "novak", "en")
        await phone.go("/recalls")
        await phone.at("basis-kind").select_option("operator")
        await phone.write("basis-value", "zhao")
        await phone.tap("basis-ask")
        await phone.write("recall-reason", "yearly")
        await phone.tap("mock-start")
        await expect(phone.at("watch")).to_be_visible()
        await phone.at("mock-count").first.fill("1")
        await phone.write("mock-note", "one lot was counted")
        await phone.picture("en-recall-7-mock")
        await phone.tap("mock-finish")
        await expect(phone.at("mock")).to_have_attribute("data-status", "finished")
        await expect(phone.at("mock-difference").first).to_be_visible()
