"""The whole story on phones: received by camera, inspected, failed, disposed, released, used, traced, proved.

Each act is one person with a phone of their own at 390 x 844. Pictures of it go to docs/pictures.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from backend.demo.people import BY_LOGIN
from tests.postgres import create_database
from tests.pwa.house import House, Phone, film_of, running_house

CASES = [("en", "sqlite"), ("zh", "postgres")]


@pytest.fixture(params=CASES, ids="-".join)
async def told(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str
) -> AsyncIterator[tuple[House, str]]:
    """A house, and the language of the story."""
    language, engine = request.param
    url = None
    if engine == "postgres":
        url = await create_database(postgres_url, f"story_{language}")
    async with async_playwright() as playwright, running_house(tmp_path / "data", playwright, url) as house:
        yield house, language


@pytest.mark.proves(
    "LBL-6", "RES-10", "REL-3", "SIG-1", "SIG-2", "SIG-3", "SIG-5", "AUD-2", "AUD-7", "LOT-12"
)
async def test_one_lot_walks_through_the_whole_house(told: tuple[House, str], tmp_path: Path) -> None:
    house, language = told
    story = Story(house, language, tmp_path)
    tubing = await story.receives("TUB-30", "receive")
    await story.inspects(tubing)
    spike = await story.receives("SPK-02", None)
    ncr = await story.finds_a_failure(spike)
    await story.disposes(ncr)
    await story.signs(tubing, spike)
    finished = await story.produces(tubing)
    await story.proves(tubing, finished)
    await house.stop()
    code, printed = await house.lotgate("log", "verify")
    assert code == 0, printed


class Story:
    """The acts, in one language."""

    def __init__(self, house: House, language: str, folder: Path) -> None:
        self.house, self.language, self.folder = house, language, folder

    async def picture(self, phone: Phone, name: str) -> None:
        """Keep a picture."""
        await phone.picture(f"{self.language}-{name}")

    async def receives(self, item: str, name: str | None) -> str:
        """The warehouse films a label and taps once; answers the lot's number."""
        label = next(label for label in await self.house.labels() if label.item == item)
        film = film_of(label, self.folder / f"{item}.y4m")
        async with self.house.phone(camera=film) as phone:
            if name:
                await phone.page.goto(self.house.url)
                await expect(phone.at("sign-in")).to_be_visible()
                await self.picture(phone, "01-sign-in")
            await phone.sign_in("wang", self.language)
            if name:
                await expect(phone.at("nav-scan")).to_be_visible()
                await self.picture(phone, "02-warehouse")
            await phone.tap("nav-scan")
            answer = phone.at("scan-answer")
            await expect(answer).to_be_visible(timeout=30_000)
            await expect(answer).to_have_attribute("data-kind", "new_lot")
            if name:
                await self.picture(phone, f"03-{name}")
            await phone.tap("receive")
            number = await phone.at("received-lot").inner_text()
            if name:
                await self.picture(phone, "04-received")
                lot = await phone.api(f"/api/lots/{number}")
                assert (lot["lot"]["status"], lot["lot"]["supplier_lot"]) == ("quarantine", label.lot)
                assert lot["open_inspections"], "its incoming inspection is open"
                await phone.go(f"/lots/{number}")
                await expect(phone.at("lot-pass").first).to_have_attribute("data-status", "quarantine")
                await self.picture(phone, "05-lot-in-quarantine")
        return number

    async def inspects(self, number: str) -> None:
        """The inspector answers one question at a time; everything conforms."""
        async with self.house.phone() as phone:
            await phone.sign_in("li", self.language)
            await expect(phone.at("work-inspection").first).to_be_visible()
            await self.picture(phone, "06-worklist")
            await self._answer_all(phone, number, fails=False, pictured="07-inspection")
            await self.picture(phone, "08-inspection-done")

    async def finds_a_failure(self, number: str) -> str:
        """A reading out of limits: confirmed, with a reason; the lot is held and one NCR is open."""
        async with self.house.phone() as phone:
            await phone.sign_in("garcia", self.language)
            await self._answer_all(phone, number, fails=True, pictured="09-out-of-limits")
            card = await phone.api(f"/api/lots/{number}/card")
            assert card["status"] == "held"
            assert len(card["ncrs"]) == 1
            await phone.go(f"/lots/{number}")
            await expect(phone.at("hold").first).to_be_visible()
            await self.picture(phone, "10-held")
        return str(card["ncrs"][0]["id"])

    async def disposes(self, ncr: str) -> None:
        """Quality contains and disposes, with a follow-up that its owner completes; then it closes."""
        async with self.house.phone() as phone:
            await phone.sign_in("novak", self.language)
            await expect(phone.at("work-ncr").first).to_be_visible()
            await phone.go(f"/ncrs/{ncr}")
            await phone.write("containment", "Moved to the cage, supplier told.")
            await phone.tap("contain")
            await phone.tap("disposition-use_as_is")
            await phone.write(
                "justification", "The deviation does not affect the function; concession 26-14."
            )
            if not await phone.at("follow-up-what").count():
                await phone.page.locator("button", has_text="+").first.click()
            await phone.write("follow-up-what", "Ask the supplier for the cause")
            report = await phone.api(f"/api/ncrs/{ncr}")
            owner = next(p for p in report["people"] if p["name"] == BY_LOGIN["garcia"].printed_name)
            await phone.at("follow-up-owner").select_option(owner["id"])
            await phone.write("follow-up-due", report["due_on"])
            await self.picture(phone, "11-ncr")
            await phone.tap("dispose")
            await expect(phone.at("follow-up")).to_be_visible()
            async with self.house.phone() as other:
                await other.sign_in("garcia", self.language)
                await expect(other.at("work-follow-up").first).to_be_visible()
                await other.go(f"/ncrs/{ncr}")
                await other.write("outcome", "Burr on the mould, repaired.")
                await other.tap("complete-follow-up")
                await expect(other.at("follow-up")).to_have_attribute("data-done", "true")
            await phone.page.reload()
            await phone.tap("close-ncr")
            await expect(phone.at("ncr")).to_have_attribute("data-status", "closed")
            await self.picture(phone, "12-ncr-closed")

    async def signs(self, tubing: str, spike: str) -> None:
        """The supervisor signs with a passkey: the first signature with the password, the next without."""
        async with self.house.phone() as phone:
            await phone.sign_in("sun", self.language)
            await phone.add_passkey("sun")
            await phone.go("/notices")
            await expect(phone.at("notice").first).to_be_visible()
            await self.picture(phone, "13-notices")
            await self._sign(phone, tubing, first=True)
            await self._sign(phone, spike, first=False, meaning="concession")

    async def produces(self, tubing: str) -> str:
        """The operator consumes the released lot; the finished lot is inspected and released."""
        async with self.house.phone() as phone:
            await phone.sign_in("zhao", self.language)
            await phone.go("/production")
            await phone.tap("production-new")
            await phone.at("production-item").select_option(index=1)
            await phone.write("production-order", "MO-26-0099")
            await phone.tap("production-start")
            await phone.write("consume-number", tubing)
            await phone.write("consume-quantity", "450")
            await phone.tap("consume")
            await expect(phone.at("consumed")).to_be_visible()
            await self.picture(phone, "16-production")
            await phone.tap("production-finish")
            await phone.write("finish-quantity", "250")
            await phone.tap("finish")
            await expect(phone.at("production-finished")).to_be_visible()
            await phone.tap("open-lot")
            number = phone.page.url.rpartition("/")[2]
        async with self.house.phone() as phone:
            await phone.sign_in("li", self.language)
            await self._answer_all(phone, number, fails=False, pictured=None)
        async with self.house.phone() as phone:
            await phone.sign_in("sun", self.language)
            await phone.add_passkey("sun")
            await self._sign(phone, number, first=True, pictured=False)
        return number

    async def proves(self, tubing: str, finished: str) -> None:
        """Trace both ways; the certificate is verified by the command, and a changed one is not."""
        async with self.house.phone() as phone:
            await phone.sign_in("zhou", self.language)
            await phone.go(f"/lots/{finished}/trace")
            await expect(phone.at("trace-graph")).to_be_visible()
            await expect(phone.at("trace-graph")).to_contain_text(tubing[-6:])
            await self.picture(phone, "17-trace")
            down = await phone.api(f"/api/lots/{tubing}/trace?direction=down")
            assert finished in {node["number"] for node in down["nodes"]}
            await phone.go(f"/lots/{finished}")
            await expect(phone.at("lot-pass").first).to_have_attribute("data-status", "released")
            await self.picture(phone, "18-released-lot")
            await phone.go(f"/lots/{finished}/certificates")
            await expect(phone.at("certificate-proof")).to_be_visible()
            await self.picture(phone, "19-certificate")
            pdf = await self._download(phone, "certificate-pdf")
            proof = await self._download(phone, "certificate-proof")
            key = await self._download(phone, "maker-key")
            await phone.go("/chat")
            await phone.write("chat-input", "/start")
            await phone.tap("chat-send")
            await expect(phone.at("heard").first).to_be_visible(timeout=30_000)
            await self.picture(phone, "20-chat")
        verify = ("verify", str(proof), "--pdf", str(pdf), "--key", str(key))
        code, printed = await self.house.lotgate(*verify)
        assert code == 0, printed
        body = bytearray(proof.read_bytes())
        body[len(body) // 2] ^= 1
        proof.write_bytes(bytes(body))
        code, printed = await self.house.lotgate(*verify)
        assert code in (1, 2), printed

    async def _download(self, phone: Phone, testid: str) -> Path:
        async with phone.page.expect_download() as waiting:
            await phone.tap(testid)
        download = await waiting.value
        path = self.folder / download.suggested_filename
        await download.save_as(path)
        return path

    async def _answer_all(self, phone: Phone, number: str, *, fails: bool, pictured: str | None) -> None:
        """Every question of the lot's open inspection; with `fails`, the first numeric one is out of limits."""
        found = await phone.api(f"/api/lots/{number}")
        address = f"/inspections/{found['open_inspections'][0]['id']}"
        sheet = await phone.api(f"/api{address}")
        items = {item["key"]: item for item in sheet["items"]}
        await phone.go(address)
        for _ in range(sheet["total"] - sheet["answered"]):
            await expect(phone.at("question")).to_be_visible()
            item = items[await phone.at("question").get_attribute("data-item") or ""]
            numeric = item["characteristic"]["kind"] == "numeric"
            await self._answer(phone, item, fails and numeric, pictured if numeric else None)
            if numeric:
                fails, pictured = False, None
        await expect(phone.at("inspection-done")).to_be_visible()

    async def _answer(self, phone: Phone, item: dict[str, Any], fails: bool, pictured: str | None) -> None:
        kind = item["characteristic"]["kind"]
        if kind == "attribute":
            await phone.tap("all-conform")
        elif kind == "text":
            await phone.write("answer", "OK 2026")
            await phone.page.locator("input[name=said][value=conforming]").check()
            await phone.tap("record")
        else:
            await phone.write("answer", value_for(item["characteristic"], fails))
            expected = "nonconforming" if fails else "conforming"
            await expect(phone.at("local-verdict")).to_have_attribute("data-verdict", expected)
            if pictured:
                await self.picture(phone, pictured)
            await phone.tap("record")
            if fails:
                await phone.tap("is-right")
                await phone.write("evidence-reason", "Measured twice, second gauge agrees")
                await phone.tap("record-failing")
                await expect(phone.at("opened-ncr")).to_be_visible()
        await expect(
            phone.page.locator(f'[data-testid="question"][data-item="{item["key"]}"]')
        ).to_have_count(0)

    async def _sign(
        self, phone: Phone, number: str, *, first: bool, pictured: bool = True, meaning: str = "release"
    ) -> None:
        card = await phone.api(f"/api/lots/{number}/card")
        await phone.go(f"/receipts/{card['receipts'][0]['id']}/release")
        if meaning == "release":
            await expect(phone.at("no-blockers")).to_be_visible()
        else:
            await expect(phone.at("blockers").locator("[data-code=concession_needed]")).to_be_visible()
        assert not await phone.page.locator("input[name=meaning]:checked").count(), (
            "no meaning is preselected"
        )
        if first and pictured:
            await self.picture(phone, "14-release")
        await phone.tap(f"meaning-{meaning}")
        if meaning == "concession":
            await phone.write("condition", "For line 1 only")
            await phone.write("ends-on", "2099-12-31")
            await phone.tap("show-record")
        await expect(phone.at("digest")).to_be_visible()
        if first:
            await phone.write("sign-password", BY_LOGIN["sun"].password)
            accountability = phone.at("accountability")
            if await accountability.count():
                await accountability.check()
        else:
            assert not await phone.at("sign-password").count(), "the password is asked once a session"
        await phone.tap("sign")
        await expect(phone.at("released")).to_have_attribute("data-decision", meaning)
        if first and pictured:
            await self.picture(phone, "15-signed")


def value_for(characteristic: dict[str, Any], fails: bool) -> str:
    """A value in the middle of the limits, or a little over them."""
    lower, upper, target = (
        Decimal(characteristic[key]) if characteristic[key] is not None else None
        for key in ("lower", "upper", "target")
    )
    if fails:
        return format(upper * Decimal("1.1") if upper is not None else lower * Decimal("0.9"), "f")  # type: ignore[operator]
    if target is not None:
        return format(target, "f")
    if lower is not None and upper is not None:
        return format((lower + upper) / 2, "f")
    return format(lower * Decimal("1.2") if lower is not None else upper * Decimal("0.8"), "f")  # type: ignore[operator]
