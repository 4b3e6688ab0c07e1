"""Continuous mode: twenty lots in a row, what leaves no question without a tap, each undone for eight seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Playwright, ViewportSize, expect

from backend.demo.deliveries import DemoLabel
from scanner.draw import draw_label
from scanner.film import camera_film
from tests.pwa import tasks
from tests.pwa.deliveries import expected, pieces
from tests.pwa.house import House, Phone, bracketed, running_house
from tests.pwa.tasks import TAPS
from tests.pwa.test_budget import IDS, SETTINGS
from tests.pwa.views import enter

LOTS = 20


@pytest.fixture(scope="module")
async def warehouse(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house of its own: these tests empty its list of expected deliveries."""
    async with running_house(tmp_path_factory.mktemp("run") / "data", playwright) as running:
        yield running


def lone(labels: list[DemoLabel]) -> list[DemoLabel]:
    """Labels that only one open delivery fits, with a count on them."""
    gtins = [label.gtin for label in labels]
    return [
        label
        for label in labels
        if gtins.count(label.gtin) == 1 and ("\x1d30" in label.text or "(30)" in label.text)
    ]


async def begin(phone: Phone) -> None:
    """The warehouse, in continuous mode, with one tap."""
    await enter(phone, "wang", "en")
    await phone.go("/scan")
    await phone.page.evaluate(TAPS)
    await phone.at("continuous").check()


async def test_a_lot_taken_back_was_never_received(warehouse: House) -> None:
    label = lone(await warehouse.labels())[0]
    async with warehouse.phone() as phone:
        await begin(phone)
        await phone.scan(label.text)
        row = phone.at("run-lot").first
        await expect(row).to_have_attribute("data-state", "undo")
        await phone.tap("run-undo")
        await expect(row).to_have_attribute("data-state", "undone")
        await phone.scan(label.text)
        await expect(phone.at("run-lot").nth(1)).to_be_visible()
        await phone.scan(label.text)
        await expect(phone.at("flash")).to_have_attribute("data-tint", "amber")
        await expect(phone.at("run-lot")).to_have_count(2)
        await phone.tap("run-undo")
        row = phone.at("run-lot").first
        await expect(row).to_have_attribute("data-state", "undone")
        await phone.page.wait_for_timeout(9_000)
        assert label.order_line_id in {one.order_line_id for one in await warehouse.labels()}
        await expect(row).to_have_attribute("data-state", "undone")


async def test_a_page_that_is_closed_meanwhile_loses_nothing(warehouse: House) -> None:
    label = lone(await warehouse.labels())[0]
    async with warehouse.phone() as phone:
        await begin(phone)
        await phone.scan(label.text)
        await expect(phone.at("run-lot").first).to_have_attribute("data-state", "undo")
        await phone.page.reload()
        await expect(phone.at("continuous")).to_be_checked()
        await phone.page.wait_for_timeout(9_000)
        assert label.order_line_id not in {one.order_line_id for one in await warehouse.labels()}


async def test_labels_filmed_one_after_the_other_are_received_once_each(
    warehouse: House, tmp_path: Path
) -> None:
    """The film goes round and round: a label that comes again is shown, not received."""
    chosen = lone(await warehouse.labels())[:2]
    pictures = [
        draw_label([label.item, f"LOT {label.lot}"], bracketed(label), "DataMatrix") for label in chosen
    ]
    film = tmp_path / "row.y4m"
    camera_film(pictures, film, rng=np.random.default_rng(3), frames_each=25, frames_between=30)
    async with warehouse.phone(camera=film) as phone:
        await phone.page.add_init_script("localStorage.setItem('lotgate.continuous', 'yes')")
        await enter(phone, "wang", "en")
        await phone.go("/scan")
        await expect(phone.at("run-lot")).to_have_count(2)
        await phone.picture("run")
        await expect(phone.at("scan-answer")).to_be_visible()
        await expect(phone.page.locator("[data-testid=run-lot][data-state=done]")).to_have_count(2)
    left = {one.order_line_id for one in await warehouse.labels()}
    assert not left & {label.order_line_id for label in chosen}


@pytest.mark.parametrize(("language", "size", "online"), SETTINGS, ids=IDS)
async def test_twenty_lots_in_a_row(
    warehouse: House, language: str, size: ViewportSize, online: bool
) -> None:
    """Each size, each language, with the network and without: then everything goes once it is there again."""
    labels = (await warehouse.labels())[:LOTS] if online else await expected(warehouse, pieces(LOTS))
    chosen = {label.order_line_id for label in labels}
    sure = sum(label.order_line_id in chosen for label in lone(await warehouse.labels()))
    async with warehouse.phone(size=size) as phone:
        await enter(phone, "wang", language)
        await phone.ready_for_offline()
        await phone.network(online)
        cost = await tasks.row(phone, labels)
        unasked = await phone.at("run-lot").count()
        await phone.picture(f"{language}-run")
        await expect(phone.page.locator("[data-testid=run-lot][data-state=undo]")).to_have_count(0)
        if not online:
            await expect(phone.at("waiting-strip")).to_contain_text(str(LOTS))
            assert {one.order_line_id for one in labels} <= {
                one.order_line_id for one in await warehouse.labels()
            }
            await phone.network(True)
        await expect(phone.at("waiting-strip")).to_have_count(0)
        await expect(phone.page.locator("[data-testid=run-lot][data-state=done]")).to_have_count(unasked)
    print(f"{LOTS} lots in a row: {cost.taps} taps, {unasked} without any, {cost.seconds:.1f} s by the rule")
    left = {one.order_line_id for one in await warehouse.labels()}
    assert not left & {label.order_line_id for label in labels}
    assert unasked >= sure, "what only one delivery fits is not asked about"
    assert cost.taps <= 1 + 2 * (LOTS - unasked)
