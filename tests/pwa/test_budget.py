"""What the page may cost: bytes, and how often one has to touch it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.async_api import ViewportSize, expect

from backend.demo.people import BY_LOGIN
from tests.pwa import tasks
from tests.pwa.deliveries import expected
from tests.pwa.house import SIZE, SMALL_SIZE, House, film_of
from tests.pwa.views import enter

FIRST_LOAD = 50_000
INSTALL = 600_000
"""Bytes, gzip."""


def packed(body: bytes) -> int:
    """Bytes on the wire."""
    return len(gzip.compress(body, 9))


FIRST_SCREEN = """() => {
  new MutationObserver((_, observer) => {
    if (!document.querySelector("[data-testid=work-inspection]")) return;
    window.standsAt = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
}"""
"""Notes when the list of work stands."""
FETCHED = """() => performance.getEntriesByType("resource")
  .filter(one => one.startTime <= window.standsAt && one.name.endsWith(".js")).map(one => new URL(one.name).pathname)"""


async def test_the_first_load_is_small(house: House) -> None:
    """Sign-in page and the first screen behind it; what is fetched once that stands is for later."""
    async with house.phone() as phone:
        await phone.page.add_init_script(f"({FIRST_SCREEN})()")
        await phone.page.goto(house.url)
        await phone.write("login", "garcia")  # who reads the language that this browser asks for
        await phone.write("password", BY_LOGIN["garcia"].password)
        await phone.tap("sign-in")
        await expect(phone.at("work-inspection").first).to_be_visible()
        paths: set[str] = set(await phone.page.evaluate(FETCHED))
    sizes = await weigh(house, paths)
    total = sum(sizes.values())
    print(f"first load: {total / 1000:.1f} kB of JavaScript (gzip) in {len(sizes)} files")
    assert len(sizes) >= 3, "page, shell and words"
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


# --- taps

SETTINGS = [("en", SIZE, True), ("zh", SMALL_SIZE, False)]
IDS = ["en, 390 x 844", "zh, 360 x 640, no network"]


@pytest.mark.proves("LBL-6")
@pytest.mark.parametrize(("language", "size", "online"), SETTINGS, ids=IDS)
async def test_a_delivery_is_received_with_one_tap_after_the_scan(
    house: House, tmp_path: Path, language: str, size: ViewportSize, online: bool
) -> None:
    label = (await expected(house, [("SPK-02", "QH")]))[0]
    film = film_of(label, tmp_path / "label.y4m")
    async with house.phone(camera=film, size=size) as phone:
        await enter(phone, "wang", language)
        await phone.ready_for_offline()
        await phone.network(online)
        cost = await tasks.receive(phone)
        await phone.network(True)
        await phone.arrived(label.lot)
    print(f"receive: {cost.taps} tap after the scan")
    assert cost.taps == 1


@pytest.mark.parametrize(("language", "size", "online"), SETTINGS, ids=IDS)
async def test_ten_items_are_answered_with_eleven_taps(
    house: House, language: str, size: ViewportSize, online: bool
) -> None:
    await expected(house, [("TUB-30", "QH")], received=True)
    async with house.phone(size=size) as phone:
        await enter(phone, "li", language)
        sheet = await tasks.untouched(phone)
        await phone.go(f"/inspections/{sheet['id']}")
        await enter(phone, "li", language)
        await phone.ready_for_offline()
        await phone.network(online)
        cost = await tasks.inspect(phone, sheet)
        await phone.network(True)
    print(f"inspection: {cost.taps} taps and {cost.characters} characters for ten items")
    assert cost.taps <= 11


async def test_one_tap_goes_on_where_an_inspection_was_left(house: House) -> None:
    """The page opened anew: the inspection that was begun stands first in the list, as the person's own."""
    await expected(house, [("TUB-30", "QH")], received=True)
    async with house.phone() as phone:
        await enter(phone, "li", "en")
        sheet = await tasks.untouched(phone)
        cost = await tasks.resume(phone, sheet)
        await phone.go("/")
        lines = phone.at("work-inspection")
        await expect(lines.filter(has=phone.at("mine")).first).to_be_visible()
        work = (await phone.api("/api/worklist"))["inspections"]
        mine = [one["id"] for one in work if one["mine"]]
        assert sheet["id"] in mine
        assert [one["id"] for one in work[: len(mine)]] == mine
    print(f"resume: {cost.taps} tap")
    assert cost.taps == 1


MOVES = """() => {
  const rules = list => [...list].flatMap(rule => [rule, ...(rule.cssRules ? rules(rule.cssRules) : [])]);
  const all = [...document.styleSheets].flatMap(sheet => rules(sheet.cssRules));
  return {
    written: all.map(rule => rule.style?.transition).filter(Boolean),
    motion: getComputedStyle(document.documentElement).getPropertyValue("--motion").trim(),
    running: document.getAnimations().map(one => one.animationName || one.transitionProperty),
  };
}"""
"""Each transition in force, the token that they take their time from, and what moves now."""


@pytest.mark.parametrize("less", [False, True], ids=["as it is", "less motion"])
async def test_nothing_moves_for_longer_than_150_ms_and_nothing_where_less_was_asked_for(
    house: House, less: bool
) -> None:
    async with house.phone() as phone:
        await phone.page.emulate_media(reduced_motion="reduce" if less else "no-preference")
        await enter(phone, "li", "en")
        for address in ("/", "/scan", "/lots", "/more", "/settings"):
            await phone.go(address)
            await expect(phone.page.locator("h1").first).to_be_visible()
            seen = await phone.page.evaluate(MOVES)
            assert seen["written"], "the page has a transition, and it was read"
            assert all(one.endswith("var(--motion)") for one in seen["written"]), seen["written"]
            milliseconds = float(seen["motion"].removesuffix("ms").removesuffix("s"))
            milliseconds *= 1 if seen["motion"].endswith("ms") else 1000
            assert milliseconds <= (0 if less else 150)
            if less:
                assert seen["running"] == []


async def test_a_second_signature_takes_three_taps_from_its_notice_and_leads_to_the_next(
    house: House,
) -> None:
    await expected(house, [("CAP-04", "SL")] * 3, inspected=True)
    async with house.phone(size=SMALL_SIZE) as phone:
        await enter(phone, "sun", "zh")
        await phone.add_passkey("sun")
        work, notices = await phone.api("/api/worklist"), await phone.api("/api/notices")
        told = {notice["subject_id"] for notice in notices}
        first, second = [
            one["receipt_id"]
            for one in work["releases"]
            if one["ready"] and one["receipt_id"] in told and one["item"]["code"] == "CAP-04"
        ][:2]
        await tasks.first_signature(phone, first)
        cost = await tasks.release(phone, second)
        await phone.tap("next-release")
        await expect(phone.at("no-blockers")).to_be_visible()
        assert await phone.page.locator("input[name=meaning]:checked").count() == 0
    print(f"second signature: {cost.taps} taps from the notice, and the finger on the passkey")
    assert cost.taps <= 3
