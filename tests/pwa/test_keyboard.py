"""The three core tasks by keys alone: Tab, Space, Enter and what is typed; nothing is touched."""

from __future__ import annotations

from playwright.async_api import expect

from tests.pwa import tasks
from tests.pwa.deliveries import expected
from tests.pwa.house import House, Phone
from tests.pwa.views import enter

AT = """() => {
  const at = document.activeElement;
  return [at?.getAttribute("data-testid") ?? "", at?.getAttribute("href") ?? ""];
}"""
FURTHEST = 120
"""Tabs, at most, on the way to anything."""


async def tab_to(phone: Phone, testid: str, href: str = "") -> None:
    """Tab on until it has the focus."""
    for _ in range(FURTHEST):
        found, where = await phone.page.evaluate(AT)
        if found == testid and href in where:
            return
        await phone.page.keyboard.press("Tab")
    raise AssertionError(f"{testid} cannot be reached by Tab")


async def touched(phone: Phone) -> int:
    """Clicks that were made by a pointer: those of keys have no place."""
    return int(await phone.page.evaluate("window.pointed"))


POINTED = (
    "() => { window.pointed = 0; addEventListener('pointerdown', () => { window.pointed += 1; }, true); }"
)


async def test_a_label_is_received_by_keys(house: House) -> None:
    label = (await expected(house, [("SPK-02", "BS")]))[0]
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.page.evaluate(POINTED)
        await tab_to(phone, "nav-scan")
        await phone.page.keyboard.press("Enter")
        await tab_to(phone, "manual-entry")
        await phone.scan(label.text)
        await expect(phone.at("scan-answer")).to_be_visible()
        await tab_to(phone, "receive")
        await phone.page.keyboard.press("Enter")
        await expect(phone.page.locator(tasks.RECEIVED)).to_be_visible()
        await tab_to(phone, "scan-next")
        await phone.page.keyboard.press("Enter")
        await expect(phone.at("scan-answer")).to_have_count(0)
        assert await touched(phone) == 0


async def test_ten_items_are_answered_by_keys(house: House) -> None:
    await expected(house, [("TUB-30", "QH")], received=True)
    async with house.phone() as phone:
        await enter(phone, "li", "zh")
        await phone.page.evaluate(POINTED)
        sheet = await tasks.untouched(phone)
        await tab_to(phone, "work-inspection", sheet["id"])
        await phone.page.keyboard.press("Enter")
        for item in sheet["items"]:
            question = phone.page.locator(f'[data-testid=question][data-item="{item["key"]}"]')
            await expect(question).to_be_visible()
            if item["characteristic"]["kind"] == "attribute":
                await tab_to(phone, "all-conform")
            else:
                await tab_to(phone, "answer")
                await phone.page.keyboard.type(tasks.reading(item["characteristic"]), delay=60)
            await phone.page.keyboard.press("Enter")
        await expect(phone.at("inspection-done")).to_be_visible()
        assert await touched(phone) == 0


async def test_a_release_is_signed_by_keys(house: House) -> None:
    await expected(house, [("CAP-04", "BS")] * 2, inspected=True)
    async with house.phone() as phone:
        await enter(phone, "sun", "en")
        await phone.add_passkey("sun")
        told = [notice["subject_id"] for notice in await phone.api("/api/notices")]
        ready = [one["receipt_id"] for one in (await phone.api("/api/worklist"))["releases"] if one["ready"]]
        first, second = [receipt for receipt in ready if receipt in told][-2:]
        await tasks.first_signature(phone, first)
        await phone.go("/notices")
        await expect(phone.at("notice").first).to_be_visible()
        await phone.page.evaluate(POINTED)
        await tab_to(phone, "notice", second)
        await phone.page.keyboard.press("Enter")
        await expect(phone.at("no-blockers")).to_be_visible()
        await tab_to(phone, "meaning-release")
        await phone.page.keyboard.press("Space")
        await expect(phone.at("digest")).to_be_visible()
        await tab_to(phone, "sign")
        await phone.page.keyboard.press("Enter")
        await expect(phone.at("released")).to_be_visible()
        assert await touched(phone) == 0
