"""A day on a label is a day of the calendar, wherever the phone's clock believes to be."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.pwa.house import House
from tests.pwa.views import enter, lot

ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
"""A day ahead of and almost a day behind the factory."""


@pytest.mark.proves("LBL-5")
async def test_an_expiry_is_the_same_day_on_every_phone(house: House) -> None:
    shown = set()
    for zone in ZONES:
        async with house.phone(zone=zone) as phone:
            await enter(phone, "zhou", "en")
            number = await lot(phone, "released")
            stored = (await phone.api(f"/api/lots/{number}/card"))["expires_on"]
            await phone.go(f"/lots/{number}")
            await expect(phone.at("lot-pass").first).to_be_visible()
            day = await phone.page.evaluate("stored => Number(stored.slice(8))", stored)
            text = await phone.at("lot-pass").first.inner_text()
            assert f"{day} " in text or f" {day}," in text, (zone, stored, text)
            shown.add(text)
    assert len(shown) == 1
