"""A cell of the rights table is changed on the page by signature, and holds at once for everybody else's phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.pwa.house import House, Phone
from tests.pwa.views import enter

CELL = "start_production operator"


def cell(phone: Phone, name: str = CELL) -> Any:
    """The cell of an action and a role."""
    return phone.page.locator(f'[data-right="{name}"]')


async def open_cell(phone: Phone, allowed: bool) -> None:
    """From the table to the ceremony; `allowed`: what the cell says now."""
    await phone.go("/rights")
    await expect(cell(phone)).to_have_attribute("data-allowed", str(allowed).lower())
    await cell(phone).click()
    await expect(phone.at("right-old")).to_have_attribute("data-allowed", str(allowed).lower())
    await expect(phone.at("right-new")).to_have_attribute("data-allowed", str(not allowed).lower())
    await expect(phone.at("digest")).to_have_text(re.compile("[0-9a-f]{64}"))


async def changed(phone: Phone, allowed: bool) -> None:
    await expect(phone.at("right-changed")).to_have_attribute("data-allowed", str(allowed).lower())


async def start_production(phone: Phone, order: str) -> None:
    await phone.go("/production")
    await phone.tap("production-new")
    await phone.page.locator("select").first.select_option(index=1)
    await phone.page.locator("form input").first.fill(order)
    await phone.page.locator("form button.tall").click()


@pytest.mark.proves("ROL-1", "SIG-1", "SIG-2", "SIG-3")
async def test_a_right_is_taken_with_a_code_and_given_back_with_a_passkey(house: House) -> None:
    async with house.phone() as manager, house.phone() as operator:
        await enter(operator, "zhao", "en")
        await enter(manager, "zhou", "en")
        await open_cell(manager, allowed=True)
        record = manager.at("record")
        await expect(record).to_contain_text("may no longer take the action start_production")
        await expect(record).to_contain_text("old.allowed")
        assert not await manager.at("sign").is_enabled(), "nothing is signed without password and code"
        await manager.sign_by_code("zhou")
        await changed(manager, allowed=False)

        await start_production(operator, "MO-NO-RIGHT")
        await expect(operator.at("error-summary")).to_contain_text("Your role may not do this")

        await manager.go("/log?type=right_changed")
        await expect(manager.at("log")).to_contain_text("Start production, Operator")

        await manager.add_passkey("zhou")
        await open_cell(manager, allowed=False)
        assert not await manager.at("sign-totp").count(), "a passkey needs no code"
        await expect(manager.at("sign-password")).to_have_count(0)
        await manager.tap("sign")
        await changed(manager, allowed=True)
        rights = (await operator.api("/api/rights"))["rights"]
        assert [one["allowed"] for one in rights if f"{one['action']} {one['role']}" == CELL] == [True]


@pytest.mark.proves("ROL-1")
async def test_who_may_not_change_rights_reads_them(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "novak", "en")
        await phone.go("/rights")
        await expect(phone.at("rights")).to_be_visible()
        await expect(phone.at("right")).to_have_count(0)
        right = (await phone.api("/api/rights"))["rights"][0]
        await phone.go(f"/rights/{right['id']}")
        await expect(phone.at("no-right")).to_be_visible()
        await expect(phone.at("sign")).to_have_count(0)
