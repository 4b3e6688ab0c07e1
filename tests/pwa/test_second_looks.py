"""A result is doubted by one person and left out by another, on the page; the decision shows what has become of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import uuid_utils
from playwright.async_api import Playwright, expect

from backend.demo.people import DEMO_PEOPLE
from tests.pwa.house import House, Phone, running_house
from tests.pwa.views import enter


@pytest.fixture(scope="module")
async def house(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A factory of its own: decisions of it are suspended."""
    async with running_house(tmp_path_factory.mktemp("looks") / "data", playwright) as running:
        yield running


async def finished(phone: Phone, place: int) -> tuple[str, str]:
    """A released receipt with a measured result: its id and that of its inspection."""
    found = []
    for lot in (await phone.api("/api/lots?status=released"))["lots"]:
        card = await phone.api(f"/api/lots/{lot['number']}/card")
        receipt = card["receipts"][0]
        if (
            receipt["inspection"]
            and receipt["inspection"]["status"] == "passed"
            and len(card["receipts"]) == 1
        ):
            found.append((receipt["id"], receipt["inspection"]["id"]))
    return found[place]


@pytest.mark.proves("RES-8", "SMP-6", "AUD-5")
@pytest.mark.parametrize(("place", "language"), [(0, "en"), (1, "zh")])
async def test_doubted_by_one_and_left_out_by_another(house: House, place: int, language: str) -> None:
    async with house.phone() as phone:
        await enter(phone, "li", language)
        receipt, inspection = await finished(phone, place)
        await phone.go(f"/inspections/{inspection}/second-look")
        await phone.at("doubt").first.click()
        await phone.tap("cause-preparation")
        await phone.write("look-reason", "not conditioned")
        await phone.picture(f"{language}-look-1-doubt")
        await phone.tap("propose")
        await expect(phone.at("proposal")).to_have_attribute("data-status", "open")
        await expect(phone.at("approve")).to_have_count(0)
    async with house.phone() as phone:
        await enter(phone, "novak", language)
        await phone.go("/notices")
        await phone.page.locator(f"[data-testid=notice][href*='{inspection}']").first.click()
        await phone.write("proposal-note", "log book")
        await phone.tap("approve")
        await expect(phone.at("proposal")).to_have_attribute("data-status", "approved")
        await expect(phone.page.locator("[data-testid=any-result][data-status=invalid]")).to_have_count(1)
        await phone.go(f"/receipts/{receipt}/release")
        await expect(phone.page.locator("[data-testid=change][data-kind=invalidated]")).to_have_count(1)
        await expect(phone.page.locator("[data-code=items_missing] [data-testid=who]")).to_contain_text(
            "Elena Garcia"
        )
        await phone.picture(f"{language}-look-2-release")


@pytest.mark.proves("SMP-6")
async def test_which_results_stand_is_chosen_by_a_person_and_said_why(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "sun", "en")
        receipt, inspection = await finished(phone, 2)
        async with (
            house.asked_by("li") as li,
            house.asked_by("novak") as novak,
            house.asked_by("garcia") as garcia,
        ):
            body = {"id": str(uuid_utils.uuid7()), "reason": "another pallet"}
            look = (
                (await li.post(f"/api/inspections/{inspection}/resample", json=body))
                .raise_for_status()
                .json()
            )
            word = {"id": str(uuid_utils.uuid7()), "approve": True, "note": "photo of the pallet"}
            address = f"/api/proposals/{look['proposals'][-1]['id']}/decision"
            look = (await novak.post(address, json=word)).raise_for_status().json()
            again = look["proposals"][-1]["opened_id"]
            sheet = (await garcia.get(f"/api/inspections/{again}")).json()
            for item in sheet["items"]:
                kind = item["characteristic"]["kind"]
                one = {
                    "id": str(uuid_utils.uuid7()),
                    "item_key": item["key"],
                    "entered": "0" if kind == "attribute" else item["characteristic"]["lower"] or "Q-1",
                    "confirmed": True,
                }
                if item["instrument"]:
                    gauges = [each for each in sheet["gauges"] if each["type"] == item["instrument"]["type"]]
                    one["gauge_id"] = gauges[0]["id"]
                (await garcia.post(f"/api/inspections/{again}/results", json=one)).raise_for_status()
        await phone.go(f"/receipts/{receipt}/release")
        await phone.tap("meaning-release")
        await expect(phone.at("standing")).to_be_visible()
        await expect(phone.at("show-record")).to_be_disabled()
        await phone.page.locator("[data-testid^=stands-I]").last.click()
        await phone.write("stands-reason", "the first was of another pallet")
        await phone.picture("en-look-3-stands")
        await phone.tap("show-record")
        await expect(phone.at("record")).to_contain_text("the first was of another pallet")


@pytest.mark.proves("REL-2")
async def test_a_release_is_sent_back_on_the_page_and_answered(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "sun", "en")
        work = await phone.api("/api/worklist")
        receipt = next(one["receipt_id"] for one in work["releases"] if one["ready"])
        await phone.go(f"/receipts/{receipt}/release")
        await phone.tap("send-back")
        await phone.write("what-is-missing", "photo of the seal")
        asked = await phone.at("answerer").locator("option").first.text_content()
        await phone.picture("en-look-4-send-back")
        await phone.tap("send-back-now")
        await expect(phone.page.locator("[data-code=sent_back]")).to_contain_text("photo of the seal")
        await expect(phone.at("meaning-release")).to_have_count(0)
        await expect(phone.at("meaning-reject")).to_be_visible()
        await phone.go("/")
        await expect(phone.page.locator("[data-testid=stuck-line][data-kind=sent_back]")).to_contain_text(
            str(asked)
        )
    login = next(each.login for each in DEMO_PEOPLE if each.printed_name == asked)
    async with house.phone() as phone:
        await enter(phone, login, "zh")
        await phone.page.locator(f"[data-testid=work-follow-up][href*='{receipt}']").click()
        await phone.write("outcome", "封口完好")
        await phone.picture("zh-look-5-answer")
        await phone.tap("complete-follow-up")
        await expect(phone.at("follow-up").last).to_contain_text("封口完好")
        await expect(phone.page.locator("[data-code=sent_back]")).to_have_count(0)
    async with house.phone() as phone:
        await enter(phone, "sun", "en")
        await phone.go("/notices")
        await phone.page.locator(f"[data-testid=notice][href*='{receipt}']").first.click()
        await expect(phone.at("follow-up").last).to_contain_text("封口完好")
        await expect(phone.at("meaning-release")).to_be_visible()
