"""At quality's desk: an audit exception becomes a report, records come under legal hold, sensors get limits."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import uuid_utils
from playwright.async_api import expect

from tests.pwa.deliveries import expected, inspect, on_record, take_in
from tests.pwa.house import House
from tests.pwa.views import enter

WORDS = {
    "en": {"reported": "Reported in N", "legal": "Legal hold", "low": "lower limit"},
    "zh": {"reported": "已开立 N", "legal": "法律保全", "low": "下限"},
}


async def corrected(house: House) -> tuple[str, str]:
    """A result that was read again after a passed inspection: the inspection's number, the lot's."""
    labels = await expected(house, [("CAP-04", "QH")])
    opened = await take_in(house, labels)
    await inspect(house, opened)
    async with house.asked_by("li") as li:
        found = (await li.get(f"/api/inspections/{opened[0]}")).raise_for_status().json()
        reading = next(one["reading"] for one in found["items"] if one["key"].startswith("PUL"))
        entered = str(Decimal(reading["entered"]) + Decimal("0.1"))
        body = {"id": str(uuid_utils.uuid7()), "entered": entered, "reason": "read again", "confirmed": True}
        (await li.post(f"/api/readings/{reading['id']}/correction", json=body)).raise_for_status()
    return found["number"], (await on_record(house, labels[0]))[0]


@pytest.mark.proves("QUA-1", "RES-5")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_an_exception_becomes_a_report_once_and_says_so(house: House, language: str) -> None:
    inspection, lot = await corrected(house)
    async with house.phone() as phone:
        await enter(phone, "zhou", language)
        await phone.go("/numbers/compliance")
        await phone.tap("behind-corrections")
        mine = phone.page.locator("[data-testid=behind] > li", has_text=inspection)
        await mine.get_by_test_id("report-exception").click()
        await mine.get_by_test_id("exception-critical").click()
        await expect(phone.page).to_have_url(re.compile("/ncrs/"))
        await expect(phone.page.locator("main")).to_contain_text(lot)
        await expect(phone.page.locator("main")).to_contain_text(inspection)
        await phone.go("/numbers/compliance")
        await phone.tap("behind-corrections")
        await expect(mine.get_by_test_id("exception-reported")).to_contain_text(WORDS[language]["reported"])
        await expect(mine.get_by_test_id("report-exception")).to_have_count(0)
        held = (await phone.api(f"/api/lots?search={lot}"))["lots"]
        assert [one["status"] for one in held] == ["held"]


@pytest.mark.proves("AUD-10")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_records_come_under_legal_hold_and_out_of_it_with_a_reason_each(
    house: House, language: str
) -> None:
    lot, _ = await on_record(house, (await expected(house, [("CAP-04", "QH")], received=True))[0])
    async with house.phone() as phone:
        await enter(phone, "zhou", language)
        await phone.go(f"/lots/{lot}/stock")
        await phone.tap("legal-set")
        await expect(phone.at("legal-save")).to_be_disabled()
        await phone.write("legal-reason", "court order 17")
        await phone.tap("legal-save")
        await expect(phone.at("legal-hold")).to_contain_text("court order 17")
        await expect(phone.at("legal-hold")).to_contain_text(WORDS[language]["legal"])
        await phone.picture(f"{language}-legal-hold")
        await phone.tap("legal-lift")
        await phone.write("legal-reason", "case closed")
        await phone.tap("legal-save")
        await expect(phone.at("legal-hold")).to_have_count(0)
        await expect(phone.at("legal-set")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_limits_of_a_sensor_are_set_and_what_contradicts_itself_is_said(
    house: House, language: str
) -> None:
    quantity = f"temperature {language}"
    async with house.phone() as phone:
        await enter(phone, "novak", language)
        machine = next(one for one in await phone.api("/api/equipment") if one["code"] == "SEAL-01")
        await phone.go(f"/equipment/{machine['id']}")
        await phone.tap("limit-open")
        for name, text in (("quantity", quantity), ("unit", "°C"), ("low", "30"), ("high", "20")):
            await phone.write(f"limit-{name}", text)
        await phone.write("limit-reason", "validated range")
        await phone.tap("limit-save")
        await expect(phone.at("error-summary")).to_contain_text(WORDS[language]["low"])
        assert await phone.at("limit-quantity").input_value() == quantity, "what was typed stays"
        await phone.write("limit-low", "18,5")
        await phone.tap("limit-save")
        await expect(phone.at("sensor-limit").filter(has_text=quantity)).to_contain_text("18.5 … 20 °C")
