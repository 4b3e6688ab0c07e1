"""A spreadsheet on the page: a wrong cell stops it, the mended file is written, the same again changes nothing; opening
stock is taken over by the signature of somebody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from backend.demo.people import BY_LOGIN
from backend.demo.shift import Shift
from backend.verify.lotgate_verify import read_key, verify
from tests.actions.opening import DELIVERED
from tests.pwa.house import House, Phone
from tests.pwa.views import enter


async def choose(phone: Phone, text: str, name: str = "suppliers.csv") -> None:
    file = FilePayload(name=name, mimeType="text/csv", buffer=text.encode("gb18030"))
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


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_headers_that_are_not_known_are_chosen_once_and_remembered(
    house: House, language: str, tmp_path: Path
) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhou", language)
        await phone.go("/imports")
        await choose(phone, f"供货方,叫什么,叫什么,备忘\nA-{language},甲,乙,x\n")
        await expect(phone.at("import-wrong")).to_be_visible()
        assert await phone.at("import-write").count() == 0
        await phone.page.locator("#column-code").select_option("供货方")
        await phone.page.locator("#column-name").select_option("叫什么 · C")
        await expect(phone.at("import-unread")).to_contain_text("叫什么 · B")
        await phone.at("import-write").click()
        await expect(phone.at("import-done")).to_be_visible()
        stored = await asked(house, "select name from supplier where code = $1", f"A-{language}")
        assert [tuple(row) for row in stored] == [("乙",)]
        await phone.page.get_by_role("button").last.click()
        await choose(phone, f"供货方,叫什么,叫什么\nB-{language},甲,乙\n")
        await expect(phone.at("import-outcome")).to_be_visible()
        await choose(phone, f"编码,名称\nC-{language},甲\n")
        await expect(phone.at("import-outcome")).to_be_visible()
        large = tmp_path / "x.csv"
        large.write_bytes(b"x" * 24_000_001)
        await phone.at("import-file").set_input_files(large)
        await expect(phone.at("import-large")).to_be_visible()
        assert await phone.at("import-outcome").count() == 0


async def asked(house: House, query: str, *args: str) -> list[Any]:
    """What stands in the server's database."""

    found = list[Any]()

    async def read(shift: Shift) -> None:
        found.extend(await shift.store.read.rows(query, *args))

    await house.play(read)
    return found


HEADS = {
    "en": "item,lot no,supplier,supplier lot,qty,unit,expires on,status,released by,released on,reference",
    "zh": "物料编码,批号,供应商,供应商批号,数量,单位,有效期至,状态,放行人,放行日期,放行单号",
}
SAID = {"en": ("released", "blocked"), "zh": ("已放行", "冻结")}


@pytest.mark.proves("IMP-1", "REL-2", "REL-3", "AUD-7", "SIG-2")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_opening_stock_is_imported_by_one_and_taken_over_by_another(
    house: House, language: str
) -> None:
    item, supplier, unit = (await asked(house, DELIVERED))[0]
    released, blocked = SAID[language]
    olds = [f"OLD-{language}-{place}" for place in range(3)]

    def file(reference: str) -> str:
        said = [
            f"{released},陈一,2026-03-02,{reference}",
            f"{released},陈一,2026-03-02,QR-1",
            f"{blocked},,,",
        ]
        lines = [
            f"{item},{old},{supplier},V-{old},120,{unit},2029-01-09,{status}"
            for old, status in zip(olds, said, strict=True)
        ]
        return "\n".join([HEADS[language], *lines]) + "\n"

    async with house.phone() as phone:
        await enter(phone, "zhou", language)
        await phone.go("/imports")
        await phone.page.locator('input[value="stock"]').check()
        await expect(phone.at("import-stock-help")).to_be_visible()
        await choose(phone, file(""), "stock.csv")
        await expect(phone.at("import-faults")).to_contain_text("K2")
        await choose(phone, file("QR-0301"), "stock.csv")
        await expect(phone.at("import-outcome")).to_be_visible()
        await phone.at("import-write").click()
        await expect(phone.at("import-done")).to_be_visible()
        await phone.go("/opening")
        mine = phone.at("opening-lines").locator("li").filter(has_text=f"OLD-{language}-0")
        await expect(mine.locator("[data-code=own_import]")).to_be_visible()
    async with house.phone() as elsewhere, house.phone() as phone:
        await enter(elsewhere, "sun", language)
        await elsewhere.add_passkey("sun")
        await enter(phone, "sun", language)
        await phone.go("/opening")
        await expect(phone.at("opening-lines")).to_contain_text(f"OLD-{language}-1")
        assert await phone.page.get_by_text(f"OLD-{language}-2").count() == 0, (
            "blocked is no matter of a signature"
        )
        await phone.at("opening-review").click()
        await expect(phone.at("opening-records").locator("li")).to_have_count(2)
        await expect(phone.at("opening-records")).to_contain_text("QR-0301")
        await phone.write("sign-password", BY_LOGIN["sun"].password)
        await phone.accept()
        await phone.add_authenticator()
        await phone.tap("sign")
        await expect(phone.at("error-summary")).to_be_visible()  # the passkey is on the other phone
        await phone.sign_by_code("sun")
        await expect(phone.at("opening-done")).to_be_visible()
        lot = await asked(
            house,
            'select lot.number, lot.status, "release".id, decision from lot '
            "join taken_over on taken_over.lot_id = lot.id "
            'join "release" on "release".receipt_id = taken_over.receipt_id where old_number = $1',
            olds[0],
        )
        number, status, release, decision = lot[0]
        assert (status, decision) == ("released", "take_over")
        await phone.go(f"/lots/{number}")
        await expect(phone.at("taken-over")).to_contain_text("QR-0301")
        proof = await phone.page.request.get(f"{house.url}/api/releases/{release}/proof")
        key = await phone.page.request.get(f"{house.url}/api/maker.vkey")
        answer = verify(await proof.body(), [read_key((await key.text()).strip())])
        assert (answer.answer, answer.reason) == ("yes", "genuine")
        page = await phone.page.request.get(f"{house.url}/api/verifier.html")
        assert "lotgate-list/1" in await page.text()
