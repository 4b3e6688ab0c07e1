"""Decided for another, taken back by two, reworked and inspected again: each by the people whose it is, on phones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Playwright, expect

from backend.demo.people import ZONE
from backend.domain.inspections import Inspection
from tests.pwa import tasks
from tests.pwa.deliveries import expected, on_record
from tests.pwa.house import House, Phone, running_house
from tests.pwa.views import enter


@pytest.fixture(scope="module")
async def house(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A factory of its own: decisions of it are handed on and taken back."""
    async with running_house(tmp_path_factory.mktemp("decisions") / "data", playwright) as running:
        yield running


async def waiting(house: House, item: str, supplier: str, *, inspected: bool) -> tuple[str, str]:
    """A lot that was received, and where it is asked for inspected: its number and its receipt's id."""
    label = (await expected(house, [(item, supplier)], received=True, inspected=inspected))[0]
    return await on_record(house, label)


def days_ahead(days: int) -> str:
    """From today on, at the site."""
    return (datetime.now(ZoneInfo(ZONE)).date() + timedelta(days=days)).isoformat()


async def told_of(phone: Phone, kind: str) -> None:
    """Opens the newest notice of a kind of record, as its reader does."""
    await phone.go("/notices")
    await phone.page.locator(f"[data-testid=notice][href*='#/{kind}/']").first.click()


@pytest.mark.proves("REL-3", "REL-10", "REL-7", "LOT-5")
async def test_decided_for_another_then_taken_back_by_two(house: House) -> None:
    lot, receipt = await waiting(house, "CAP-04", "QH", inspected=True)
    _, later = await waiting(house, "TUB-30", "QH", inspected=True)
    async with house.phone() as giver, house.phone() as taker:
        await enter(taker, "novak", "en")
        await taker.add_passkey("novak")
        await taker.go(f"/receipts/{receipt}/release")
        await expect(taker.at("no-blockers")).to_be_visible()
        assert await taker.at("meaning-release").count() == 0, "not hers to decide"
        await enter(giver, "sun", "zh")
        await giver.go("/delegations")
        await giver.at("delegate-to").select_option(label="Anna Novak")
        await giver.write("delegate-from", days_ahead(0))
        await giver.write("delegate-until", days_ahead(400))
        await giver.write("delegate-reason", "休假")
        await giver.tap("delegate")
        await expect(giver.at("error-summary")).to_contain_text("90")
        await giver.write("delegate-until", days_ahead(3))
        await giver.picture("zh-decisions-1-delegated")
        await giver.tap("delegate")
        await expect(giver.at("delegation")).to_have_attribute("data-standing", "in_force")

        await taker.page.reload()
        await tasks.first_signature(taker, receipt, "novak")
        await taker.picture("en-decisions-2-for-another")

        await giver.write("end-reason", "回来了")
        await giver.tap("end-delegation")
        await expect(giver.at("delegation")).to_have_attribute("data-standing", "ended")
        await taker.page.reload()
        await taker.go(f"/receipts/{later}/release")
        await expect(taker.at("no-blockers")).to_be_visible()
        assert await taker.at("meaning-release").count() == 0, "it has ended"

        await giver.go(f"/lots/{lot}/certificates")
        await giver.tap("release-standing")
        await giver.write("revoke-reason", "供应商更换了材料")
        await giver.tap("revoke-show")
        await giver.sign_by_code("sun")
        await expect(giver.at("release-standing")).to_contain_text("供应商更换了材料")
        await expect(giver.at("release-standing")).to_have_attribute("data-revoked", "false")
        await expect(giver.at("revoke-show")).to_have_count(0)  # not a second time by the same hand
        assert (await giver.api(f"/api/lots/{lot}"))["lot"]["status"] == "held", (
            "one holds, and takes nothing back"
        )
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        await told_of(phone, "releases")
        await phone.tap("revoke-show")
        await phone.sign_by_code("zhou")
        await expect(phone.at("release-standing")).to_have_attribute("data-revoked", "true")
        await phone.picture("en-decisions-3-revoked")
        assert (await phone.api(f"/api/lots/{lot}"))["lot"]["status"] == "held"
        await phone.write("revocation-why", "Nothing left the house.")
        await phone.tap("revocation-no-recall")
        await expect(phone.at("revocation-assessed")).to_contain_text("Nothing left the house.")


@pytest.mark.proves("LOT-6", "QUA-1", "REL-1")
async def test_reworked_as_the_report_says_and_inspected_again(house: House) -> None:
    lot, receipt = await waiting(house, "NDL-21", "BS", inspected=False)

    async def burr(shift: Any) -> None:
        found = await shift.store.read.first(Inspection, "receipt_id = $1", receipt)
        await shift.inspect(found.id, "garcia", {"TIP-0": "1"})

    await house.play(burr)
    async with house.phone() as phone:
        await enter(phone, "novak", "en")
        await told_of(phone, "ncrs")
        await phone.write("containment", "In the cage.")
        await phone.tap("contain")
        await phone.tap("disposition-rework")
        await phone.write("justification", "Deburr the tips by instruction WI-12")
        await phone.tap("dispose")
        await expect(phone.at("rework")).to_have_attribute("data-status", "open")
        report = (await phone.page.evaluate("location.hash")).rsplit("/", 1)[-1]
        await phone.tap("close-ncr")
        await expect(phone.at("error-summary")).to_be_visible()
    async with house.phone() as phone:
        await enter(phone, "zhao", "zh")
        await told_of(phone, "ncrs")
        await phone.write("rework-done", "已去毛刺，逐件目检")
        await phone.write("rework-line", "LINE-1")
        await phone.picture("zh-decisions-4-rework")
        await phone.tap("rework-finish")
        await expect(phone.at("rework")).to_have_attribute("data-status", "done")

    async def once_more(shift: Any) -> None:
        found = await shift.store.read.first(Inspection, "receipt_id = $1 and status = 'open'", receipt)
        await shift.inspect(found.id, "li")

    async with house.phone() as phone:
        await enter(phone, "sun", "en")
        await phone.go(f"/receipts/{receipt}/release")
        await expect(phone.page.locator("[data-code=items_missing]")).to_be_visible()
        assert await phone.at("sign").count() == 0
        await house.play(once_more)
        await phone.add_passkey("sun")
        await phone.go(f"/receipts/{receipt}/release")
        await expect(phone.at("no-blockers")).to_be_visible()
        await phone.picture("en-decisions-5-after-rework")
        await tasks.first_signature(phone, receipt)
        assert (await phone.api(f"/api/lots/{lot}"))["lot"]["status"] == "released"
    async with house.phone() as phone:
        await enter(phone, "novak", "en")
        await phone.go(f"/ncrs/{report}")
        await phone.tap("close-ncr")
        await expect(phone.at("ncr")).to_have_attribute("data-status", "closed")
