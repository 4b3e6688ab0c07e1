"""On a desk all questions of an inspection stand in one table: by keys alone, row by row, the same on record."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Route, ViewportSize, expect

from tests.pwa import tasks
from tests.pwa.deliveries import expected
from tests.pwa.house import House, Phone
from tests.pwa.test_killed_page import readings
from tests.pwa.views import enter, settled
from tests.pwa.walk import ALL, AXE, CUT, SMALL, said

DESK: ViewportSize = {"width": 1280, "height": 900}


async def at_the_table(house: House, phone: Phone, language: str) -> dict[str, Any]:
    """An inspection of ten items that nobody has begun, opened on a desk."""
    await expected(house, [("TUB-30", "QH")], received=True)
    await enter(phone, "garcia", language)
    sheet = await tasks.untouched(phone)
    await phone.go(f"/inspections/{sheet['id']}")
    await expect(phone.at("grid-row")).to_have_count(10)
    await settled(phone)
    return sheet


async def slowly(route: Route) -> None:
    """A network that takes its time."""
    await asyncio.sleep(0.4)
    await route.continue_()


async def focused(phone: Phone) -> str:
    """The item whose field or button has the focus."""
    return str(await phone.page.evaluate("document.activeElement.closest('[data-item]')?.dataset.item ?? ''"))


async def test_ten_items_are_answered_in_the_table_by_keys_and_a_failing_one_by_itself(house: House) -> None:
    async with house.phone(size=DESK) as phone:
        sheet = await at_the_table(house, phone, "en")
        await phone.page.route("**/results", slowly)  # the next row is typed while answers are on their way
        kinds = {item["key"]: item["characteristic"] for item in sheet["items"]}
        keys = [item["key"] for item in sheet["items"]]
        failing = next(key for key in keys if kinds[key]["kind"] == "numeric")
        for key in keys:
            assert await focused(phone) == key, "each answer leads to the next row"
            row = phone.page.locator(f'[data-testid=grid-row][data-item="{key}"]')
            if kinds[key]["kind"] == "attribute":
                await phone.page.keyboard.press("Enter")
            elif key == failing:
                await phone.at("grid-answer").last.fill("7.5")  # begun, and left for this one
                await row.get_by_test_id("grid-answer").focus()
                await phone.page.keyboard.type("9.99")
                await expect(row.locator("[data-status=nonconforming]")).to_be_visible()
                await phone.page.keyboard.press("Enter")
                await expect(phone.at("answer")).to_have_value("9.99")
                await expect(phone.at("grid")).to_have_count(0)
                await phone.tap("record")
                await phone.tap("is-right")
                await phone.write("evidence-reason", "Thick end")
                await phone.tap("record-failing")
                await expect(phone.at("opened-ncr")).to_be_visible()
                await expect(phone.at("grid-row")).to_have_count(10)
                await expect(phone.at("grid-answer").last).to_have_value("7.5")
                await phone.at("grid-answer").last.fill("")
                await phone.at("grid-answer").first.focus()
            else:
                await phone.page.keyboard.type(tasks.reading(kinds[key]))
                await phone.page.keyboard.press("Enter")
            if key == failing:
                await expect(row).to_have_attribute("data-answered", "true")
        await expect(phone.at("inspection-done")).to_be_visible()
        after = readings(await phone.api(f"/api/inspections/{sheet['id']}"))
    given = [
        "9.99" if key == failing else "0" if kinds[key]["kind"] == "attribute" else tasks.reading(kinds[key])
        for key in keys
    ]
    assert [(key, entered) for key, entered, _ in after] == list(zip(keys, given, strict=True))
    assert [key for key, _, verdict in after if verdict != "conforming"] == [failing]


async def test_what_is_typed_without_a_network_waits_in_its_row_and_one_by_one_is_remembered(
    house: House,
) -> None:
    async with house.phone(size=DESK) as phone:
        sheet = await at_the_table(house, phone, "zh")
        await phone.page.evaluate(AXE.axe_script)
        assert said("table", await phone.page.evaluate("options => axe.run(options)", ALL)) == []
        assert (await phone.page.evaluate(CUT), await phone.page.evaluate(SMALL)) == ([], [])
        await phone.ready_for_offline()
        await phone.network(False)
        for place in range(3):
            await phone.at("grid-conform").first.press("Enter")
            await expect(phone.page.locator("[data-testid=grid-row][data-answered=true]")).to_have_count(
                place + 1
            )
        await phone.network(True)
        await phone.go("/waiting")
        await expect(phone.at("waiting-entry")).to_have_count(0)
        await phone.go(f"/inspections/{sheet['id']}")
        await expect(phone.at("grid-correct")).to_have_count(3)
        await phone.tap("one-by-one")
        await expect(phone.at("question")).to_be_visible()
        await phone.page.reload()
        await expect(phone.at("question")).to_be_visible()
        await phone.tap("to-table")
        await expect(phone.at("grid")).to_be_visible()
        await phone.page.set_viewport_size({"width": 390, "height": 844})
        await expect(phone.at("question")).to_be_visible()
        await expect(phone.at("to-table")).to_have_count(0)
