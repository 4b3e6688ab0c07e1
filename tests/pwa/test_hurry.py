"""Whoever releases is told of answers that came faster than anybody measures; it stops nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import uuid_utils
from playwright.async_api import Playwright, expect

from tests.pwa.house import House, running_house
from tests.pwa.views import enter


@pytest.fixture
async def factory(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house of its own: it has only one inspection of ten items that nobody has begun."""
    async with running_house(tmp_path_factory.mktemp("hurry") / "data", playwright) as running:
        yield running


async def answered_at_once(house: House) -> str:
    """The lot of an inspection whose ten items one person answers in one go."""
    async with house.asked_by("li") as li:
        work = (await li.get("/api/worklist")).json()["inspections"]
        line = next(one for one in work if one["total"] >= 10 and one["answered"] == 0)
        sheet = (await li.get(f"/api/inspections/{line['id']}")).json()
        for item in sheet["items"]:
            asked = item["characteristic"]
            plain = asked["target"] or asked["lower"] or asked["upper"] or "Q-1"
            entered = "0" if asked["kind"] == "attribute" else plain
            body = {
                "id": str(uuid_utils.uuid7()),
                "item_key": item["key"],
                "entered": entered,
                "confirmed": True,
            }
            (await li.post(f"/api/inspections/{line['id']}/results", json=body)).raise_for_status()
    return str(line["lot_number"])


async def test_ten_answers_in_six_seconds_are_named_and_block_nothing(factory: House) -> None:
    number = await answered_at_once(factory)
    async with factory.phone() as phone:
        await enter(phone, "sun", "en")
        releases = [one for one in (await phone.api("/api/worklist"))["releases"] if one["ready"]]
        hurried = {one["lot_number"]: one["receipt_id"] for one in releases}
        calm = next(receipt for lot, receipt in hurried.items() if lot != number)
        await phone.go(f"/receipts/{hurried[number]}/release")
        await expect(phone.at("hurried")).to_contain_text("李娜 gave ten answers within six seconds")
        await expect(phone.at("no-blockers")).to_be_visible()
        await phone.go(f"/receipts/{calm}/release")
        await expect(phone.at("no-blockers")).to_be_visible()
        await expect(phone.at("hurried")).to_have_count(0)
