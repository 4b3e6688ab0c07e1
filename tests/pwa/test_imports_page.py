"""A spreadsheet on the page: a wrong cell stops it, the mended file is written, the same again changes nothing."""

from __future__ import annotations

import pytest
from playwright.async_api import FilePayload, expect

from tests.pwa.house import House, Phone
from tests.pwa.views import enter


async def choose(phone: Phone, text: str) -> None:
    file = FilePayload(name="suppliers.csv", mimeType="text/csv", buffer=text.encode("gb18030"))
    await phone.at("import-file").set_input_files(file)


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_spreadsheet_is_tried_mended_written_and_then_the_same(house: House, language: str) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhou", language)
        await phone.go("/partners")
        await phone.at("to-imports").click()
        code = f"IMP-{language}"
        await choose(phone, f"编码,名称,状态\n{code},无锡医塑,也许\n")
        await expect(phone.at("import-faults")).to_contain_text("C2 · 状态")
        assert await phone.at("import-write").count() == 0
        await choose(phone, f"编码,名称,状态\n{code},无锡医塑,合格\n")
        await expect(phone.at("import-outcome")).to_be_visible()
        await phone.at("import-write").click()
        await expect(phone.at("import-done")).to_be_visible()
        await phone.page.get_by_role("button").last.click()
        await choose(phone, f"编码,名称,状态\n{code},无锡医塑,合格\n")
        await expect(phone.at("import-outcome")).to_be_visible()
        assert await phone.at("import-write").count() == 0
