"""What the page may cost: bytes, foreign hosts, the size of what is touched, and how often one has to touch it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Request, expect

from backend.demo.people import BY_LOGIN
from tests.pwa.house import House, Phone, film_of
from tests.pwa.walk import Walk

FIRST_LOAD = 50_000
INSTALL = 600_000
"""Bytes, gzip."""
TAPS = """() => {
  window.taps = 0;
  addEventListener("click", event => { if (event.isTrusted) window.taps += 1; }, true);
}"""


def packed(body: bytes) -> int:
    """Bytes on the wire."""
    return len(gzip.compress(body, 9))


async def test_the_first_load_is_small(house: House) -> None:
    """Sign-in page and the first screen behind it; what the service worker fetches later is the install."""
    paths: set[str] = set()

    def note(request: Request) -> None:
        if request.url.endswith(".js") and request.service_worker is None:
            paths.add(urlsplit(request.url).path)

    async with house.phone() as phone:
        phone.page.on("request", note)
        await phone.page.goto(house.url)
        await phone.write("login", "garcia")  # who reads the language that this browser asks for
        await phone.write("password", BY_LOGIN["garcia"].password)
        await phone.tap("sign-in")
        await expect(phone.at("work-inspection").first).to_be_visible()
        phone.page.remove_listener("request", note)
    sizes = await weigh(house, paths)
    total = sum(sizes.values())
    print(f"first load: {total / 1000:.1f} kB of JavaScript (gzip) in {len(sizes)} files")
    assert len(sizes) > 3
    assert total <= FIRST_LOAD, sorted(sizes.items(), key=lambda one: -one[1])


async def weigh(house: House, paths: Iterable[str]) -> dict[str, int]:
    """What these files of the page weigh."""
    async with house.asked_by("li") as client:
        return {path: packed((await client.get(path)).raise_for_status().content) for path in paths}


async def test_the_whole_offline_install_is_small(house: House) -> None:
    async with house.phone() as phone:
        await phone.sign_in("li", "en")
        await phone.ready_for_offline()
        paths: list[str] = await phone.page.evaluate(CACHED)
    sizes = await weigh(house, paths)
    total = sum(sizes.values())
    print(f"offline install: {total / 1000:.0f} kB (gzip) in {len(sizes)} files")
    assert any(path.endswith(".wasm") for path in sizes), "the decoder works offline"
    assert total <= INSTALL, sorted(sizes.items(), key=lambda one: -one[1])[:10]


CACHED = """async () => {
  const paths = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) paths.push(new URL(request.url).pathname);
  return paths;
}"""


def test_no_screen_asks_a_foreign_host(walked: Walk, house: House) -> None:
    ours = {house.url, house.url.replace("http", "ws")}
    asked = {
        f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in walked.requests if url[:4] != "blob"
    }
    assert len(walked.requests) > 200
    assert asked <= ours


def test_no_screen_stumbles(walked: Walk) -> None:
    assert walked.complaints == []


def test_everything_that_is_touched_is_large_enough_for_gloves(walked: Walk) -> None:
    assert {(one.view.name, small) for one in walked.seen for small in one.small} == set()


def test_nothing_runs_over_the_edge_of_a_small_phone(walked: Walk) -> None:
    assert {(one.view.name, one.language, cut) for one in walked.seen for cut in one.cut} == set()


# --- taps


async def taps(phone: Phone) -> int:
    """How often this page was touched since it was opened."""
    return int(await phone.page.evaluate("window.taps"))


@pytest.mark.proves("LBL-6")
async def test_a_delivery_is_received_with_one_tap_after_the_scan(house: House, tmp_path: Path) -> None:
    labels = await house.labels()
    label = next(one for one in reversed(labels) if sum(other.gtin == one.gtin for other in labels) == 1)
    film = film_of(label, tmp_path / "label.y4m")
    async with house.phone(camera=film) as phone:
        await phone.sign_in("wang", "en")
        await phone.page.evaluate(TAPS)
        await phone.go("/scan")
        await expect(phone.at("scan-answer")).to_be_visible(timeout=30_000)
        await phone.tap("receive")
        await expect(phone.at("received-lot")).to_be_visible()
        count = await taps(phone)
    print(f"receive: {count} tap after the scan")
    assert count == 1


async def test_ten_items_are_answered_with_twelve_taps(house: House) -> None:
    async with house.phone() as phone:
        await phone.sign_in("li", "en")
        await phone.page.evaluate(TAPS)
        sheet = await ten_items(phone)
        await phone.page.locator(f'[data-testid=work-inspection][href$="{sheet["id"]}"]').click()
        kinds = [item["characteristic"]["kind"] for item in sheet["items"]]
        for item in sheet["items"]:
            await answer(phone, item)
        await expect(phone.at("inspection-done")).to_be_visible()
        count = await taps(phone)
    print(
        f"inspection: {count} taps and the digits for {len(kinds)} items ({kinds.count('numeric')} measured)"
    )
    assert len(kinds) == 10 and kinds.count("numeric") >= 3
    assert count <= 12


async def ten_items(phone: Phone) -> dict[str, Any]:
    """An untouched inspection of ten items."""
    for one in (await phone.api("/api/worklist"))["inspections"]:
        sheet: dict[str, Any] = await phone.api(f"/api/inspections/{one['id']}")
        if sheet["total"] == 10 and sheet["answered"] == 0:
            return sheet
    raise AssertionError("no inspection of ten items waits")


async def answer(phone: Phone, item: dict[str, Any]) -> None:
    """As a hurried inspector would: a button, or digits and the keypad's own "done"."""
    characteristic = item["characteristic"]
    await expect(phone.page.locator(f'[data-testid=question][data-item="{item["key"]}"]')).to_be_visible()
    if characteristic["kind"] == "attribute":
        await phone.tap("all-conform")
        return
    field = phone.at("answer")
    await expect(field).to_be_focused()
    await field.fill(characteristic["lower"] or characteristic["upper"] or "Q-1")
    await field.press("Enter")


async def test_a_second_signature_takes_three_taps_from_its_notice(house: House) -> None:
    async with house.phone() as phone:
        await phone.sign_in("sun", "en")
        await phone.add_passkey("sun")
        work, notices = await phone.api("/api/worklist"), await phone.api("/api/notices")
        told = {notice["subject_id"] for notice in notices}
        first, second = [one["receipt_id"] for one in work["releases"] if one["receipt_id"] in told][:2]
        await phone.go(f"/receipts/{first}/release")
        await phone.tap("meaning-reject")
        await phone.write("sign-password", BY_LOGIN["sun"].password)
        if await phone.at("accountability").count():
            await phone.at("accountability").check()
        await phone.tap("sign")
        await expect(phone.at("released")).to_be_visible()

        await phone.go("/notices")
        await phone.page.evaluate(TAPS)
        await phone.page.locator(f'[data-testid=notice][href*="{second}"]').first.click()
        await phone.tap("meaning-reject")
        await expect(phone.at("digest")).to_be_visible()
        await phone.tap("sign")
        await expect(phone.at("released")).to_be_visible()
        count = await taps(phone)
    print(f"second signature: {count} taps from the notice, and the finger on the passkey")
    assert count <= 3
