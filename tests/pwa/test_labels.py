"""Labels of a lot on the phone: printed, read back, blocking the release until every one is accounted for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from backend.domain.labels import read_label
from tests.outside.test_label_print import fields, pages, read_back
from tests.pwa.house import House, running_house
from tests.pwa.views import enter


@pytest.fixture(scope="module")
async def house(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A factory of its own: in the shared one others may have decided on whatever waits."""
    async with running_house(tmp_path_factory.mktemp("labels") / "data", playwright) as running:
        yield running


def lot_of(text: str, symbology_id: str) -> str | None:
    """The lot that a printed code names: ours alone, or GS1 where the item has a GTIN."""
    return read_label(text, symbology_id, today=date.today()).lot


@pytest.mark.proves("QUA-9")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_labels_are_printed_counted_and_block_the_release(
    house: House, tmp_path: Path, language: str
) -> None:
    async with house.phone() as phone:
        await enter(phone, "sun", language)
        ready = next(one for one in (await phone.api("/api/worklist"))["releases"] if one["ready"])
        number, receipt = ready["lot_number"], ready["receipt_id"]
        await phone.go(f"/lots/{number}")
        await phone.tap("labels")
        await phone.write("label-copies", "3")
        await phone.write("label-quantity", "500")
        await phone.tap("label-print")
        async with phone.page.expect_download() as waiting:
            await phone.tap("label-file")
        await (await waiting.value).save_as(tmp_path / "labels.pdf")
        made = pages((tmp_path / "labels.pdf").read_bytes(), 300)
        assert [lot_of(*code) for page in made for code in read_back(page)] == [number] * 3
        await expect(phone.at("labels-open")).to_have_text("3")

        await phone.go(f"/receipts/{receipt}/release")
        blocker = phone.page.locator("[data-code=labels_unreconciled]")
        await expect(blocker).to_be_visible()
        await blocker.get_by_role("link").click()
        await phone.write("label-used", "4")
        await phone.tap("label-count")
        await expect(phone.at("error-summary")).to_be_visible()
        await phone.write("label-used", "２")
        await phone.write("label-missing", "1")
        await phone.write("label-reason", "Torn by the press, searched twice")
        await phone.picture(f"labels-{language}")
        await phone.tap("label-count")
        # What is missing blocks until somebody else than who counted accepts it.
        await expect(phone.at("labels-lost")).to_be_visible()
        await phone.go(f"/receipts/{receipt}/release")
        await expect(phone.page.locator("[data-code=labels_missing]")).to_be_visible()
        async with house.phone() as other:
            await enter(other, "novak", language)
            await other.go(f"/lots/{number}/labels")
            await other.write("label-acceptance", "Press was cleaned, nothing left the room")
            await other.tap("label-accept")
            await expect(other.at("labels-even")).to_be_visible()
        await phone.go(f"/lots/{number}/labels")
        await expect(phone.at("labels-even")).to_be_visible()
        await phone.at("label-format").select_option("zpl")
        await phone.write("label-copies", "1")
        await phone.tap("label-print")
        await expect(phone.at("labels-open")).to_have_text("1")
        async with phone.page.expect_download() as waiting:
            await phone.tap("label-file")
        await (await waiting.value).save_as(tmp_path / "labels.zpl")
        [(picture, copies)] = fields((tmp_path / "labels.zpl").read_bytes())
        assert copies == 1 and lot_of(*read_back(picture)[0]) == number
        await phone.write("label-destroyed", "1")
        await phone.tap("label-count")
        await expect(phone.at("labels-even")).to_be_visible()
        await phone.go(f"/receipts/{receipt}/release")
        await expect(phone.at("no-blockers")).to_be_visible()
