"""Lists are narrowed by chip, search, person and kind; what was asked for stands in the address and stays there."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.pwa.house import House, Phone
from tests.pwa.rules import Ask
from tests.pwa.views import enter, settled


async def statuses(phone: Phone) -> set[str]:
    """Of the lots that are shown."""
    await settled(phone)
    found: list[str] = await phone.page.eval_on_selector_all(
        "[data-testid=lot-row] [data-status]", "all => all.map(one => one.dataset.status)"
    )
    return set(found)


async def test_lots_of_a_status_and_the_way_back_to_them(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        await phone.go("/lots")
        await expect(phone.at("lot-row").first).to_be_visible()
        assert len(await statuses(phone)) > 2
        await phone.tap("status-released")
        await expect(phone.page).to_have_url(re.compile(r"#/lots\?status=released$"))
        await expect(
            phone.page.locator("[data-testid=lot-row] [data-status]:not([data-status=released])")
        ).to_have_count(0)
        assert await statuses(phone) == {"released"}

        await phone.page.reload()
        await expect(phone.at("status-released")).to_have_attribute("aria-pressed", "true")
        assert await statuses(phone) == {"released"}
        await phone.tap("lot-row")
        await expect(phone.at("lot-pass")).to_be_visible()
        await phone.page.go_back()
        await expect(phone.at("status-released")).to_have_attribute("aria-pressed", "true")
        assert await statuses(phone) == {"released"}
        await phone.tap("nav-lots")
        await expect(phone.at("status-any")).to_have_attribute("aria-pressed", "true")


ON = """async () => {
  scrollBy(0, innerHeight * 0.7);
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}"""
"""Further down; in the second frame the list has heard of it."""


async def test_a_list_is_as_long_as_it_is_and_the_page_holds_a_part_of_it(house: House) -> None:
    """Scrolled to its end without a tap: every lot has been seen, and never more than sixty rows were there."""
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        await phone.go("/lots")
        await expect(phone.at("lot-row").first).to_be_visible()
        passed: set[str] = set()
        most = 0
        while True:
            shown = await phone.at("lot-row").evaluate_all("all => all.map(one => one.getAttribute('href'))")
            passed, most = passed | set(shown), max(most, len(shown))
            ends = "innerHeight + scrollY >= document.documentElement.scrollHeight - 1"
            if await phone.page.evaluate(ends) and await phone.at("lots-more").count() == 0:
                break
            await phone.page.evaluate(ON)
            await expect(phone.at("lots")).to_have_attribute("aria-busy", "false")
        every: set[str] = set()
        answer = await phone.api("/api/lots")
        while True:
            every |= {f"#/lots/{lot['number']}" for lot in answer["lots"]}
            if not answer["next"]:
                break
            answer = await phone.api(f"/api/lots?after={answer['next']}")
    assert passed == every
    assert most <= 60


async def test_lots_are_found_by_any_of_their_numbers(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        lots = (await phone.api("/api/lots?status=released"))["lots"]
        lot = next(one for one in lots if one["supplier_lot"])
        await phone.go("/lots")
        for asked in (lot["number"].lower(), lot["supplier_lot"], lot["item"]["code"].lower()):
            await phone.write("lot-search", asked)
            await phone.at("lot-search").press("Enter")
            await expect(phone.page).to_have_url(re.compile(f"search={re.escape(asked)}$"))
            await expect(
                phone.page.locator(f'[data-testid=lot-row][href="#/lots/{lot["number"]}"]')
            ).to_be_visible()
        await phone.write("lot-search", "no such lot")
        await phone.at("lot-search").press("Enter")
        await expect(phone.at("lot-row")).to_have_count(0)


async def test_from_a_lot_to_the_others_of_its_supplier(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        lots = (await phone.api("/api/lots"))["lots"]
        lot = next(one for one in lots if one["supplier"])
        others = [one for one in lots if (one["supplier"] or {}).get("code") == lot["supplier"]["code"]]
        assert 0 < len(others) < len(lots)
        await phone.go(f"/lots/{lot['number']}")
        await phone.tap("supplier-lots")
        await expect(phone.at("only-supplier")).to_be_visible()
        await expect(phone.at("lot-row").first).to_contain_text(others[0]["number"])
        numbers = [one["number"] for one in others]  # a long list holds only the rows near the screen
        for row in await phone.at("lot-row").all_inner_texts():
            assert any(number in row for number in numbers), row
        await phone.tap("only-supplier")
        await expect(phone.at("only-supplier")).to_have_count(0)
        await expect(phone.at("lot-row").first).to_contain_text(lots[0]["number"])


async def test_the_log_by_person_and_kind(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        await phone.go("/log")
        await expect(phone.at("log")).to_be_visible()
        await phone.at("log-type").select_option(label="Lot received")
        await expect(phone.page).to_have_url(re.compile(r"#/log\?type=lot_received$"))
        await phone.at("log-person").select_option("wang")
        await expect(phone.page).to_have_url(re.compile(r"person=wang&type=lot_received$"))
        await phone.page.reload()
        entries = phone.at("log").locator("li")
        await expect(entries.first).to_be_visible()
        asked = await phone.api("/api/log?person=wang&type=lot_received")
        await expect(entries).to_have_count(len(asked))
        assert len(asked) > 3
        for text in await entries.all_inner_texts():
            assert text.startswith("Received, order") and "王芳" in text
        await phone.at("log-person").select_option("garcia")
        await expect(phone.at("log")).to_have_count(0)


def test_every_kind_of_event_can_be_chosen(ask: Ask) -> None:
    words = ask(("words",))[0]
    for language, catalogue in words.items():
        said = {key.partition(".")[2] for key in catalogue if key.startswith("event.")}
        chosen = {
            key.partition(".")[2]: word for key, word in catalogue.items() if key.startswith("event_kind.")
        }
        assert said == set(chosen), language
        assert len(set(chosen.values())) == len(chosen), "no two kinds have the same word"
        assert len(chosen) > 30 and not any("{" in word for word in chosen.values())
