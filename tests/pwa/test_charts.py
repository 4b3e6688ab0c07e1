"""Early warning on the page: the notice leads to the signal with its chart, a person answers, the chart says it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Playwright, expect

from backend.demo.series import play_series
from backend.demo.shift import Shift
from backend.domain.process_facts import ProcessFact
from backend.domain.receiving import Received
from backend.domain.security import Plain, system
from backend.store.change import Change
from tests.pwa.house import House, Phone, running_house
from tests.pwa.views import enter
from tests.pwa.walk import ALL, AXE, said

STEADY = ("6.4", "6.6", "6.5", "6.3", "6.6", "6.5", "6.4", "6.5")
WORDS = {
    "en": {
        "rule": "Rule 1: beyond a control limit",
        "advice": "No verdict, hold or release depends on them",
        "few": "0 of at least 2 lots",
    },
    "zh": {
        "rule": "规则 1：超出控制限",
        "advice": "判定、冻结和放行均不依赖于它",
        "few": "至少需要 2 批，现有 0 批",
    },
}


@pytest.fixture(scope="module")
async def factory(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house of its own: roller clamps of one supplier went steadily and then far off; two lots of another."""
    async with running_house(tmp_path_factory.mktemp("charts") / "data", playwright) as running:
        await running.play(lots)
        yield running


async def lots(shift: Shift) -> None:
    """Eight and one, and two."""
    near = await play_series(shift, "RLC-01", "BS", [{"TRQ-1": value} for value in (*STEADY, "8.4")])
    far = await play_series(shift, "RLC-01", "QH", [{"TRQ-1": value} for value in ("6.0", "6.2")], 7000)
    await pressed(shift, [*near, *far])


async def pressed(shift: Shift, received: Sequence[Received]) -> None:
    """With what they were made, as an operator states it of lots of our own."""

    async def work(tx: Change) -> None:
        for place, each in enumerate(received):
            fact = (each.lot_id, "parameter", "P", f"{3 + place / 10:.1f}", "bar", "", tx.now)
            tx.insert(ProcessFact(tx.new_id(), shift.site_id, *fact))  # type: ignore[arg-type]
        tx.record("process_stated", "lot", received[0].lot_id)

    await shift.store.change(system(shift.site_id), "state", Plain(shift.store.new_id()), work, None)


async def signal_id(phone: Phone) -> str:
    """The watch looks every two seconds."""
    for _ in range(100):
        signals = (await phone.api("/api/charts/RLC-01"))["signals"]
        if signals:
            return str(signals[0]["id"])
        await phone.page.wait_for_timeout(200)
    raise AssertionError("nothing was told")


@pytest.mark.proves("RES-11")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_from_the_notice_to_the_answer(factory: House, language: str) -> None:
    login = {"en": "novak", "zh": "zhou"}[language]
    async with factory.phone() as phone:
        await enter(phone, login, language)
        await signal_id(phone)
        await phone.go("/notices")
        await phone.page.locator('[data-testid=notice][href^="#/signals/"]').first.click()
        await expect(phone.at("signal")).to_contain_text(WORDS[language]["rule"])
        await expect(phone.at("chart")).to_be_visible()
        await expect(phone.at("chart-chosen")).to_contain_text(WORDS[language]["rule"])
        await phone.picture(f"{language}-early-warning")
        if language == "en":
            await phone.tap("answer-acknowledge")
        else:
            await phone.tap("answer-explain")
            await phone.write("signal-reason", "新模腔 4")
        await phone.tap("signal-send")
        await expect(phone.at("signal-answer")).to_be_visible()
        await expect(phone.at("signal")).to_have_attribute(
            "data-status", "acknowledged" if language == "en" else "explained"
        )


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_chart_is_read_by_eye_keys_and_table(factory: House, language: str) -> None:
    async with factory.phone() as phone:
        await enter(phone, "novak", language)
        await signal_id(phone)
        supplier = next(
            one["supplier"]["id"]
            for line in (await phone.api("/api/charts/RLC-01"))["charts"]
            for one in line["suppliers"]
            if one["supplier"]["code"] == "BS"
        )
        await phone.go(f"/charts/RLC-01/incoming/TRQ?supplier={supplier}")
        drawing = phone.at("chart-position")
        await expect(drawing).to_have_attribute("aria-valuemax", "9")
        assert WORDS[language]["advice"] in await phone.page.locator("main").inner_text()
        await drawing.focus()
        await phone.page.keyboard.press("Home")
        await expect(drawing).to_have_attribute("aria-valuenow", "1")
        await expect(drawing).to_have_attribute("aria-valuetext", re.compile(r"^L\d\d-\d{6}: 6\.400$"))
        await phone.page.keyboard.press("End")
        await expect(phone.at("chart-chosen")).to_contain_text(WORDS[language]["rule"])
        await phone.tap("chart-table-open")
        rows = phone.page.locator("[data-testid=chart-table] tbody tr")
        await expect(rows).to_have_count(9)
        await expect(rows.first).to_contain_text("8.400")
        await phone.page.evaluate(AXE.axe_script)
        assert said("light", await phone.page.evaluate("options => axe.run(options)", ALL)) == []
        await phone.picture(f"{language}-control-chart")
        await drawing.focus()
        await phone.page.keyboard.press("Enter")
        await expect(phone.page).to_have_url(re.compile(r"#/lots/L\d\d-\d{6}$"))
        await phone.tap("charts")
        await expect(phone.at("chart-row").first).to_be_visible()


async def test_supplier_and_period_stand_in_the_address(factory: House) -> None:
    async with factory.phone() as phone:
        await enter(phone, "novak", "en")
        await phone.go("/charts/RLC-01/incoming/TRQ")
        await expect(phone.at("chart-position")).to_have_attribute("aria-valuemax", "2")
        await phone.at("chart-supplier").select_option(index=0)
        await expect(phone.at("chart-position")).to_have_attribute("aria-valuemax", "9")
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
        await phone.at("chart-since").fill(tomorrow)
        await phone.at("chart-since").blur()
        await expect(phone.at("chart-period-empty")).to_contain_text("9")
        assert f"since={tomorrow}" in phone.page.url


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_an_empty_chart_says_when_there_will_be_one(factory: House, language: str) -> None:
    async with factory.phone() as phone:
        await enter(phone, "novak", language)
        await phone.go("/charts/FLT-15/incoming/BUB")
        await expect(phone.at("chart-empty")).to_contain_text(WORDS[language]["few"])


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_what_goes_with_it_is_ranked_drawn_and_called_a_hint(factory: House, language: str) -> None:
    async with factory.phone() as phone:
        await enter(phone, "novak", language)
        await phone.go("/charts/RLC-01/incoming/TRQ")
        await phone.tap("to-factors")
        await expect(phone.at("factors")).to_contain_text(
            {"en": "no proof of a cause", "zh": "不能证明原因"}[language]
        )
        rows = phone.page.locator("[data-testid=factor-table] tbody tr")
        await expect(rows).to_have_count(2)
        await expect(rows.filter(has_text="ω²")).to_contain_text({"en": "Supplier", "zh": "供应商"}[language])
        await expect(rows.filter(has_text="ρ")).to_contain_text("P (bar)")
        await expect(phone.page.locator("[data-testid=factor] svg")).to_have_count(2)
        await phone.page.evaluate(AXE.axe_script)
        assert said("light", await phone.page.evaluate("options => axe.run(options)", ALL)) == []
        await phone.picture(f"{language}-factors")


async def test_charts_are_for_the_desk(factory: House) -> None:
    """Nothing of them is installed for the time without a network."""
    worker = (
        factory.data / "x"
    ).parent.parent  # only to say where we are not: the page's own files are asked
    assert worker
    async with factory.asked_by("novak") as novak:
        precached = (await novak.get("/sw.js")).text
    assert "desk-" not in precached and "ControlChart" not in precached
