"""On the phone the gauge is chosen once and refused when it must not measure; a bad one is assessed by a person."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import uuid_utils
from playwright.async_api import Playwright, expect

from backend.demo.deliveries import SYMBOLOGY
from tests.pwa.house import House, running_house
from tests.pwa.views import enter

WORDS = {
    "en": {"overdue": "The calibration of G-CAL-02 was due on", "closed": "No effect on the lot"},
    "zh": {"overdue": "G-CAL-02 的校准已于", "closed": "对该批次无影响"},
}


@pytest.fixture
async def factory(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house of its own: a gauge of it is found out of tolerance."""
    async with running_house(tmp_path_factory.mktemp("gauges") / "data", playwright) as running:
        yield running


async def received(house: House, item: str) -> str:
    """The inspection of a delivery that has just come."""
    label = next(one for one in await house.labels() if one.item == item)
    async with house.asked_by("wang") as wang:
        code = {"text": label.text, "symbology_id": SYMBOLOGY}
        body = {"id": str(uuid_utils.uuid7()), "codes": [code], "order_line_id": label.order_line_id}
        answer = await wang.post("/api/receipts", json=body)
    return str(answer.raise_for_status().json()["received"]["inspection"]["id"])


async def recorded(client: httpx.AsyncClient, inspection: str) -> list[dict[str, object]]:
    """The gauge of each answer to the taper."""
    sheet = (await client.get(f"/api/inspections/{inspection}")).json()
    return [one["reading"]["gauge"] for one in sheet["items"] if one["key"] == "TPR-1" and one["reading"]]


@pytest.mark.proves("RES-6", "RES-7")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_gauge_from_the_choice_to_the_assessment(factory: House, language: str) -> None:
    inspection = await received(factory, "LUR-06")
    async with factory.phone() as phone:
        await enter(phone, "li", language)
        await phone.go(f"/inspections/{inspection}")
        for _ in range(2):
            await phone.tap("all-conform")
        await expect(phone.at("gauge-choice")).to_be_visible()
        await expect(phone.at("question")).to_have_count(0)
        await phone.picture(f"{language}-gauge-choice")
        await phone.page.locator("[data-testid=gauge-offer][data-gauge=G-CAL-02]").click()
        await phone.write("answer", "4.31")
        await phone.tap("record")
        await expect(phone.at("refused")).to_contain_text(WORDS[language]["overdue"])
        await expect(phone.at("refused")).to_contain_text("RES-6")
        await phone.picture(f"{language}-gauge-refused")
        await phone.at("gauge-code").focus()
        await phone.page.keyboard.type("G-CAL-01")  # as a hand scanner types it
        await phone.page.keyboard.press("Enter")
        await expect(phone.at("gauge-taken")).to_have_attribute("data-gauge", "G-CAL-01")
        await phone.write("answer", "4.31")
        await phone.tap("record")
        await expect(phone.at("last-answer")).to_contain_text("4.31")
    async with factory.asked_by("li") as li:
        assert [one["code"] for one in await recorded(li, inspection)] == ["G-CAL-01"]
    async with factory.phone() as phone:
        await enter(phone, "novak", language)
        await phone.go("/gauges")
        await expect(phone.at("gauge-row").first).to_be_visible()
        await phone.picture(f"{language}-gauges")
        await phone.write("gauge-find", "G-CAL-01")
        await phone.tap("gauge-open")
        await phone.tap("calibrate")
        await phone.write("calibration-certificate", "CNAS-2611-77")
        for tap in ("found-out_of_tolerance", "left-in_tolerance"):
            await phone.tap(tap)
        await phone.tap("calibration-save")
        await expect(phone.at("assessment-row").first).to_be_visible()
        await phone.picture(f"{language}-gauge")
        await phone.go("/")
        await phone.tap("work-assessment")
        await expect(phone.at("in-doubt").first).to_be_visible()
        await phone.tap("conclude-no_effect")
        await phone.write("assessment-reason", "0.002 mm off, a tenth of the tolerance")
        await phone.picture(f"{language}-assessment")
        await phone.tap("assessment-close")
        await expect(phone.at("assessment")).to_have_attribute("data-status", "closed")
        await expect(phone.at("assessment")).to_contain_text(WORDS[language]["closed"])
