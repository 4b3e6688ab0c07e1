"""Stock on the page: a part is decided, a lot is split and held, and the ledger adds up on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from playwright.async_api import Playwright, expect

from backend.demo.people import BY_LOGIN
from tests.pwa.house import House, Phone, running_house
from tests.pwa.views import enter

COLUMNS = {
    1: ("received", "merged_in", "returned_in"),
    -1: ("undecided", "released", "held", "rejected", "consumed", "shipped", "scrapped", "sampled", "split_off",
         "merged_away"),
}  # fmt: skip


@pytest.fixture(scope="module")
async def house(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A factory of its own: in the shared one others may have decided on whatever waits."""
    async with running_house(tmp_path_factory.mktemp("stock") / "data", playwright) as running:
        yield running


async def waiting(phone: Phone) -> tuple[str, str]:
    """A receipt that nothing stands against: its id, and the number of its lot."""
    work = await phone.api("/api/worklist")
    ready = next(each for each in work["releases"] if each["ready"] and Decimal(each["quantity"]) > 10)
    return ready["receipt_id"], ready["lot_number"]


async def difference(phone: Phone) -> Decimal:
    """What came in less what is accounted for, as the screen says it."""
    total = Decimal(0)
    for sign, names in COLUMNS.items():
        for name in names:
            place = phone.at(f"ledger-{name}")
            total += sign * (
                Decimal((await place.inner_text()).strip()) if await place.count() else Decimal(0)
            )
    return total


@pytest.mark.proves("LOT-3", "LOT-9", "LOT-11")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_part_is_released_then_split_off_and_held(house: House, language: str) -> None:
    async with house.phone() as phone:
        await enter(phone, "sun", language)
        await phone.add_passkey("sun")
        receipt, number = await waiting(phone)
        before = (await phone.api(f"/api/lots/{number}/card"))["ledger"]
        await phone.go(f"/receipts/{receipt}/release")
        await phone.tap("meaning-release")
        await phone.tap("in-parts")
        await phone.write("part-quantity", "7")
        await phone.picture(f"{language}-part-1-how-much")
        await phone.tap("show-record")
        await expect(phone.at("record")).to_contain_text("7")
        if await phone.at("sign-password").count():
            await phone.write("sign-password", BY_LOGIN["sun"].password)
        await phone.accept()
        await phone.tap("sign")
        await expect(phone.at("released")).to_have_attribute("data-decision", "release")
        await phone.go(f"/lots/{number}")
        await expect(phone.at("release-sheet")).to_be_visible()
        await phone.tap("stock")
        await expect(phone.at("ledger-released")).to_have_text(str(int(before["released"]) + 7))
        assert await difference(phone) == 0
        await phone.tap("work-split")
        released = phone.page.locator(".part", has=phone.page.locator("[data-status=released]"))
        await released.get_by_test_id("stock-quantity").last.fill("5")
        await phone.write("stock-reason", "line 2")
        await phone.picture(f"{language}-part-2-split")
        await phone.tap("stock-do")
        await expect(phone.at("stock-done")).to_be_visible()
        await expect(phone.at("ledger-split_off")).to_have_text(str(int(before["split_off"]) + 5))
        assert await difference(phone) == 0
        child = (await phone.at("stock-done").locator("a").inner_text()).strip()
        await phone.go(f"/lots/{child}/stock")
        await phone.tap("work-hold")
        await phone.write("stock-reason", "wet pallet")
        await phone.tap("stock-do")
        await expect(phone.at("ledger-held")).to_have_text("5")
        await phone.picture(f"{language}-part-3-held")


@pytest.mark.proves("LOT-8")
async def test_a_unit_is_said_at_the_desk_and_a_delivery_shows_both(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        await phone.go("/partners")
        clamp = phone.at("item-rules").filter(has_text="RLC-01")
        await clamp.get_by_test_id("rule-change").click()
        await expect(clamp.get_by_test_id("item-units")).to_contain_text("1 box = 250 pcs")
        await phone.write("unit-name", "pallet")
        await phone.write("unit-count", "3")
        await phone.write("unit-stock", "10000")
        await phone.write("unit-reason", "supplier's drawing")
        await phone.tap("unit-save")
        await expect(clamp.get_by_test_id("item-units")).to_contain_text("3 pallet = 10000 pcs")
        await phone.picture("en-units")
        await enter(phone, "wang", "en")
        await phone.go("/deliveries")
        delivery = phone.at("delivery").filter(has_text="Roller clamp").first
        await expect(delivery).to_contain_text("(8 box)")


async def test_what_does_not_fit_is_said_and_nothing_is_lost(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "novak", "en")
        lot = (await phone.api("/api/lots?status=released"))["lots"][0]
        await phone.go(f"/lots/{lot['number']}/stock")
        await phone.tap("work-out")
        await phone.at("stock-quantity").first.fill("1")
        await phone.write("stock-reason", "pull test")
        await phone.tap("stock-do")
        await expect(phone.page.get_by_role("alert").first).to_contain_text("before the decision")
        await expect(phone.at("stock-reason")).to_have_value("pull test")
        assert await difference(phone) == 0
