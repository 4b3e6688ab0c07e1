"""The page opened from disk in a real Chromium with the network off: the same cases, the same reasons."""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from backend.verify import lotgate_verify as verifier
from backend.verify.page import verify_page
from tests.software_passkey import SoftwarePasskey, new_private_key
from tests.trust.mutations import COUNT, cases
from tests.trust.proof_files import PDF, Maker, attested_evidence, passkey_evidence, record

MAKER, GOOD, CASES = cases()
KEYS = [verifier.read_key(MAKER.vkey)]
ASK = """async ([files, keys, pdf]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const answers = [];
  for (const file of files) {
    const { code, reason, detail } = await verifyProof(bytes(file), keys, pdf && bytes(pdf));
    answers.push([code, reason, detail]);
  }
  return answers;
}"""


@pytest.fixture(scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    """The page as a customer has it: a file on disk, the maker's key in it, no network."""
    file = tmp_path_factory.mktemp("page") / "verify.html"
    file.write_text(verify_page([MAKER.vkey]), encoding="utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        context = await browser.new_context(
            offline=True, locale="en-GB", viewport={"width": 390, "height": 844}
        )
        opened = await context.new_page()
        await opened.goto(file.as_uri())
        yield opened
        await browser.close()


async def ask(page: Page, files: list[bytes], keys: list[str], pdf: bytes | None = None) -> list[list[Any]]:
    texts = [b64encode(file).decode() for file in files]
    answers: list[list[Any]] = await page.evaluate(ASK, [texts, keys, pdf and b64encode(pdf).decode()])
    return answers


@pytest.mark.proves("AUD-7", "SIG-2")
async def test_one_yes_a_thousand_no(page: Page) -> None:
    assert await ask(page, [GOOD], [MAKER.vkey], PDF) == [[0, "genuine", ""]]
    answers = await ask(page, [case.file for case in CASES], [MAKER.vkey])
    assert len(answers) == COUNT
    pairs = list(zip(CASES, answers, strict=True))
    assert [(case.name, answer) for case, answer in pairs if answer[0] not in case.codes] == []
    different = [(c.name, a) for c, a in pairs if tuple(a) != verifier.verify(c.file, KEYS)[:3]]
    assert different == []


async def test_unknown_key_and_other_pdf(page: Page) -> None:
    other = Maker("stranger.example", b"s" * 32).vkey
    assert (await ask(page, [GOOD], []))[0][:2] == [3, "key_unknown"]
    assert (await ask(page, [GOOD], [other]))[0][:2] == [3, "key_unknown"]
    assert (await ask(page, [GOOD], [other, MAKER.vkey]))[0][0] == 0
    assert (await ask(page, [GOOD], ["nonsense"]))[0][:2] == [2, "unreadable"]
    assert (await ask(page, [GOOD], [MAKER.vkey], PDF + b" "))[0][:2] == [1, "pdf_differs"]


async def test_passkeys_of_each_kind_and_what_the_server_attests(page: Page) -> None:
    files = []
    for algorithm in ("ES256", "EdDSA", "RS256"):
        passkey = SoftwarePasskey("lotgate.example", "https://lotgate.example", new_private_key(algorithm))
        files.append(Maker().issue(record(), passkey_evidence(passkey, record())))
    shown = record(method="password_totp")
    files.append(Maker().issue(shown, attested_evidence(shown)))
    assert [answer[0] for answer in await ask(page, files, [MAKER.vkey])] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "twin", ["checkCheckpoint", "inTree", "checkDigests", "checkEvidence", "checkPasskey", "isCanonical"]
)
async def test_a_sloppy_page_is_caught(page: Page, twin: str) -> None:
    """The broken twin: one check of the page answers that all is well."""
    await page.evaluate(f"window.kept = {twin}; {twin} = () => true; 0")
    try:
        files = [case.file for case in CASES if case.codes == (1,)]
        codes = [answer[0] for answer in await ask(page, files, [MAKER.vkey])]
    finally:
        await page.evaluate(f"{twin} = window.kept; 0")
    assert 0 in codes
    assert (await ask(page, [GOOD], [MAKER.vkey]))[0][0] == 0


@pytest.mark.proves("AUD-7")
async def test_a_person_chooses_files_and_reads_the_answer(page: Page, tmp_path: Path) -> None:
    files = {"lot.lotgate": GOOD, "lot.pdf": PDF, "bad.lotgate": GOOD.replace(b'"2000"', b'"9000"', 1)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    chosen, result = page.locator("#files"), page.locator("#result")
    await chosen.set_input_files([tmp_path / "lot.lotgate", tmp_path / "lot.pdf"])
    await result.get_by_text("YES: the certificate holds").wait_for()
    assert "TB-2611-07" in await result.inner_text()
    assert "the one in the log" in await result.inner_text()
    await page.get_by_role("button", name="中文").click()
    await result.get_by_text("是：证书有效").wait_for()
    assert await page.locator("html").get_attribute("lang") == "zh-CN"
    await page.get_by_role("button", name="English").click()
    await chosen.set_input_files(tmp_path / "bad.lotgate")
    await result.get_by_text("NO: the certificate does not hold").wait_for()
    assert "The released record is not the one in the log." in await result.inner_text()
    await chosen.set_input_files(tmp_path / "lot.pdf")
    await result.get_by_text("Choose the .lotgate file.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_barrier_in_light_and_dark(page: Page, tmp_path: Path, scheme: Any) -> None:
    (tmp_path / "lot.lotgate").write_bytes(GOOD)
    (tmp_path / "bad.lotgate").write_bytes(GOOD[:-2])
    await page.emulate_media(color_scheme=scheme)
    for name, answer in {"lot.lotgate": "YES", "bad.lotgate": "NO"}.items():
        await page.locator("#files").set_input_files(tmp_path / name)
        await page.locator("#result strong", has_text=answer).wait_for()
        found = await Axe().run(page)
        assert [violation["id"] for violation in found.response["violations"]] == []


async def test_the_page_asks_the_network_for_nothing() -> None:
    text = verify_page([MAKER.vkey, "</script>"])
    assert '</script>"' not in text and MAKER.vkey in text
    policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
    assert policy in text
    assert not any(word in text for word in ("fetch(", "XMLHttpRequest", "src=", "href=", "import("))
