"""A plan on the page: written on a phone, tried, put under review, signed by somebody else; in both languages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Playwright, expect

from tests.pwa.house import House, Phone, running_house
from tests.pwa.views import SEND, enter, plan_version, settled

PLAN, ITEM = "II-NDL-21", "NDL-21"


@pytest.fixture
async def own_house(playwright: Playwright, tmp_path: Path) -> AsyncIterator[House]:
    """A demo factory of this test's own: a plan that changes is felt by every receipt after it."""
    async with running_house(tmp_path / "data", playwright) as running:
        yield running


def card(phone: Phone, code: str) -> Any:
    """The card of a characteristic."""
    return phone.page.locator(f'[data-testid=characteristic][data-code="{code}"]')


async def saved(phone: Phone) -> None:
    """What was written has reached the server."""
    await expect(phone.at("draft-state")).to_have_attribute("data-state", "saved")


async def open_plan(phone: Phone) -> None:
    """From the menu to the plan."""
    await phone.go("/more")
    await phone.tap("more-plans")
    await phone.page.locator(f'[data-testid=plan][data-code="{PLAN}"]').click()
    await expect(phone.at("plan-version").first).to_be_visible()


async def receive_needles(phone: Phone, lot: str) -> str:
    """Half of an expected delivery, by the API; the inspection that it opened."""
    lines = await phone.api("/api/deliveries")
    line = next(one for one in lines if one["item"]["code"] == ITEM and one["status"] == "open")
    text = f"01{line['identifiers'][0]['value']}1728113010{lot}"
    body = {"codes": [{"text": text, "symbology_id": "]d2"}], "order_line_id": line["id"], "quantity": "100"}
    received = await phone.page.evaluate(SEND, ["/api/receipts", body])
    return str(received["received"]["inspection"]["id"])


@pytest.mark.proves("SMP-1", "SMP-8", "QUA-4", "SIG-2")
async def test_a_draft_is_written_tried_reviewed_and_signed_and_the_open_inspection_keeps_its_version(
    own_house: House,
) -> None:
    house = own_house
    async with house.phone() as engineer, house.phone() as manager, house.phone() as warehouse:
        await enter(engineer, "novak", "en")
        await enter(manager, "zhou", "zh")
        await enter(warehouse, "wang", "en")
        before = await receive_needles(warehouse, "PLAN-1")

        await open_plan(engineer)
        await engineer.tap("draft-new")
        await card(engineer, "LEN").get_by_test_id("open-card").click()
        await engineer.write("field-lower", "24,9")
        await engineer.write("field-upper", "25.1")
        await saved(engineer)
        change = engineer.page.locator('[data-testid=change][data-code="LEN"]')
        await expect(change).to_contain_text("25.5")
        await engineer.tap("trial-run")
        await expect(engineer.at("trial-worse")).to_be_visible()
        await engineer.write("change-reason", "Closer length, after the complaint")
        await engineer.tap("submit")
        await expect(engineer.at("plan-status")).to_have_attribute("data-status", "review")
        await expect(engineer.at("own-draft")).to_be_visible()
        await expect(engineer.at("sign")).to_have_count(0)

        await manager.go("/notices")
        await manager.page.locator('[data-testid=notice][href*="plan-versions"]').first.click()
        await expect(manager.page.locator('[data-testid=change][data-code="LEN"]')).to_be_visible()
        await manager.sign_by_code("zhou")
        await expect(manager.at("plan-status")).to_have_attribute("data-status", "effective")
        await expect(manager.at("plan-status")).to_contain_text("周文")

        after = await receive_needles(warehouse, "PLAN-2")
        plans = [(await warehouse.api(f"/api/inspections/{id}"))["plan"]["version"] for id in (before, after)]
        assert plans == [1, 2], "the open one keeps its version, the next opens from the new one"

        await open_plan(engineer)
        await expect(engineer.at("older-inspection").first).to_be_visible()
        await engineer.page.locator(f'[data-testid=older-inspection][href*="{before}"]').click()
        await expect(engineer.at("digest")).to_be_visible()


SAID = {"en": "5 % defective (60) passes in 22 of 100", "zh": "5 %（60 个）的批，100 批中约 22 批"}


@pytest.mark.proves("SMP-1", "SMP-2")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_rule_is_drawn_and_said_while_it_is_chosen_and_the_trial_lists_what_differs(
    house: House, language: str
) -> None:
    async with house.phone() as phone:
        await enter(phone, "novak", language)
        await draft_of(phone, "II-TUB-30")
        await card(phone, "SUR").get_by_test_id("open-card").click()
        await phone.picture(f"{language}-21-plan-draft")
        await phone.at("lot-size").first.fill("1200")
        await phone.at("rule").select_option("iso2859_1")
        await phone.at("level").select_option("II")
        await phone.at("aql").select_option("1.0")
        normal = phone.page.locator('[data-testid=rule-at] [data-severity="normal"]')
        await expect(normal).to_contain_text(re.compile(r"80\s*2\s*3"))
        await expect(phone.at("curve-words")).to_contain_text(SAID[language])
        await saved(phone)
        await phone.at("rule-at").scroll_into_view_if_needed()
        await phone.picture(f"{language}-22-plan-rule")
        await phone.at("rule").select_option("c0_lq")
        await expect(normal).to_contain_text(re.compile(r"45\s*0\s*1"))
        await card(phone, "SUR").get_by_test_id("open-card").click()
        await card(phone, "OD").get_by_test_id("open-card").click()
        await phone.write("field-target", "4.19")
        await phone.write("field-lower", "4.18")
        await saved(phone)
        await phone.tap("trial-run")
        await expect(phone.at("difference").first).to_be_visible()
        worse = int(await phone.at("trial-worse").inner_text())
        assert worse == await phone.at("difference").count() > 0
        await phone.at("trial").scroll_into_view_if_needed()
        await phone.picture(f"{language}-23-plan-trial")


async def draft_of(phone: Phone, code: str) -> None:
    """The open draft of a plan, begun where there is none."""
    await phone.go(await plan_version(code, "draft")(phone))
    await expect(phone.at("characteristic").first).to_be_visible()
    await settled(phone)


@pytest.mark.proves("SMP-1")
async def test_a_card_is_copied_moved_removed_and_taken_back_by_keyboard(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "novak", "en")
        await draft_of(phone, "II-PCH-15")

        async def codes() -> list[str]:
            return [
                str(await one.get_attribute("data-code")) for one in await phone.at("characteristic").all()
            ]

        before = await codes()
        await card(phone, "SEA").get_by_test_id("open-card").focus()
        await phone.page.keyboard.press("Enter")
        await phone.at("copy").focus()
        await phone.page.keyboard.press("Enter")
        assert await codes() == [before[0], "SEA", "SEA2", *before[2:]]
        await phone.at("move-up").focus()
        await phone.page.keyboard.press("Enter")
        assert await codes() == [before[0], "SEA2", "SEA", *before[2:]]
        await phone.at("remove").focus()
        await phone.page.keyboard.press("Enter")
        assert await codes() == before
        await phone.at("undo").focus()
        await phone.page.keyboard.press("Enter")
        assert "SEA2" in await codes()
        await saved(phone)
        await phone.page.reload()
        await expect(card(phone, "SEA2")).to_be_visible()


@pytest.mark.proves("SMP-1")
async def test_two_who_write_at_once_lose_nothing(house: House) -> None:
    async with house.phone() as one, house.phone() as other:
        await enter(one, "novak", "en")
        await enter(other, "zhou", "en")
        await draft_of(one, "II-SPK-02")
        await draft_of(other, "II-SPK-02")
        for phone, code in ((one, "LEN"), (other, "APP")):
            await card(phone, code).get_by_test_id("open-card").click()
        await one.write("field-upper", "28.4")
        await saved(one)
        await other.write("field-name-en", "Free of flash and cracks")
        await saved(other)
        await expect(card(other, "LEN")).to_contain_text("28.4")
        await card(other, "LEN").get_by_test_id("open-card").click()
        await other.write("field-upper", "28.2")
        await saved(other)
        await one.write("field-upper", "28.3")
        await expect(one.at("conflict")).to_contain_text("28.2")
        await one.tap("keep-mine")
        await saved(one)
        await expect(card(one, "APP")).to_contain_text("Free of flash and cracks")
        await one.page.reload()
        await expect(card(one, "LEN")).to_contain_text("28.3")


async def test_a_number_that_is_none_is_said_beside_its_field_and_what_is_wrong_with_the_plan_on_its_card(
    house: House,
) -> None:
    async with house.phone() as phone:
        await enter(phone, "novak", "en")
        await draft_of(phone, "II-CAP-04")
        await card(phone, "PUL").get_by_test_id("open-card").click()
        await phone.write("field-lower", "three")
        await expect(phone.at("draft-state")).to_have_attribute("data-state", "blocked")
        await phone.write("field-lower", "13")
        await saved(phone)
        await expect(phone.at("against")).to_contain_text("above the upper limit")
        await expect(phone.at("faults")).to_be_visible()
        assert not await phone.at("submit").is_enabled()


@pytest.mark.proves("RES-2", "RES-3", "SMP-5")
async def test_kinds_of_results_are_written_in_the_editor(own_house: House) -> None:
    async with own_house.phone() as phone:
        await enter(phone, "novak", "en")
        await open_plan(phone)
        await phone.tap("draft-new")
        await card(phone, "LEN").get_by_test_id("open-card").click()
        await phone.at("result-kinds").locator("summary").click()
        await phone.write("field-readings", "3")
        await phone.at("field-reduction").select_option("range")
        await phone.write("field-lod", "0,5")
        await phone.write("field-uloq", "x")
        await expect(phone.at("draft-state")).to_have_attribute("data-state", "blocked")
        await phone.write("field-uloq", "100")
        await saved(phone)
        await card(phone, "LEN").get_by_test_id("copy").click()
        await phone.write("field-readings", "1")
        await phone.at("field-formula").select_option("sum")
        await phone.write("field-formula-of", "LEN, NONE")
        await phone.at("field-formula-of").press("Enter")
        await saved(phone)
        against = card(phone, "LEN2").get_by_test_id("against")
        await expect(against).to_contain_text("what is computed is not measured")
        await phone.at("remove").click()
        await card(phone, "TIP").get_by_test_id("open-card").click()
        await phone.at("result-kinds").locator("summary").click()
        await phone.tap("defect-add")
        await phone.write("defect-code", "CR")
        await phone.at("defect-severity").select_option("critical")
        await phone.write("defect-en", "Crack")
        await phone.write("defect-zh", "裂纹")
        await saved(phone)
        version = re.sub(".*/plan-versions/", "", phone.page.url)
        lines = (await phone.api(f"/api/plan-versions/{version}"))["document"]["characteristics"]
    by_code = {line["code"]: line for line in lines}
    assert by_code["LEN"]["replicates"] == {"count": 3, "rule": "range"}
    assert by_code["LEN"]["detection"] == {"lod": "0.5", "loq": None, "uloq": "100", "rule": "interval"}
    kinds = [{"code": "CR", "name": {"en": "Crack", "zh": "裂纹"}, "severity": "critical"}]
    assert by_code["TIP"]["defects"] == kinds and "LEN2" not in by_code
