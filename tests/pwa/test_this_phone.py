"""What a phone is set to and keeps: hands and eyes, the display, the browser's promise, the first minute, leaving."""

from __future__ import annotations

from playwright.async_api import expect

from tests.pwa.house import House
from tests.pwa.views import enter
from tests.pwa.walk import CUT, SMALL, SMALL_IN_GLOVES

NOTED = """() => {
  window.asked = [];
  const note = (on, name) => {
    const real = on[name].bind(on);
    on[name] = (...given) => { window.asked.push(name); return real(...given); };
  };
  note(navigator.wakeLock, "request");
  note(navigator.storage, "persist");
}"""
"""Notes what the page asks of the browser, and asks it."""
INSTALLABLE = """() => {
  const event = new Event("beforeinstallprompt", { cancelable: true });
  event.prompt = async () => { window.prompted = true; };
  window.dispatchEvent(event);
}"""


async def test_gloves_large_type_and_the_left_hand(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "li", "zh")
        await phone.go("/settings")
        bell = phone.page.locator("nav a").first
        before = await bell.bounding_box()
        for name in ("gloves", "large", "left"):
            await phone.at(name).check()
        await phone.page.reload()
        after = await bell.bounding_box()
        assert before and after and before["x"] < 100 < 200 < after["x"], "the bar stands the other way round"
        await phone.go("/")
        await expect(phone.at("work-inspection").first).to_be_visible()
        button = await phone.at("to-notices").bounding_box()
        assert button and button["height"] >= 56
        assert SMALL_IN_GLOVES != SMALL
        work = (await phone.api("/api/worklist"))["inspections"]
        question = f"/inspections/{next(one['id'] for one in work if one['answered'] < one['total'])}"
        for address in (
            "/",
            question,
            "/scan",
            "/settings",
            "/lots",
            "/more",
            "/waiting",
            "/notices",
            "/chat",
        ):
            await phone.go(address)
            await expect(phone.page.locator("h1").first).to_be_visible()
            await phone.page.wait_for_timeout(300)
            assert (address, await phone.page.evaluate(CUT)) == (address, [])
            assert (address, await phone.page.evaluate(SMALL_IN_GLOVES)) == (address, [])


async def test_the_display_stays_on_and_what_waits_is_promised_to_be_kept(house: House) -> None:
    async with house.phone() as phone:
        await phone.page.add_init_script(f"({NOTED})()")
        await enter(phone, "wang", "en")
        await phone.page.evaluate(INSTALLABLE)
        await expect(phone.at("tour-offer")).to_be_visible()
        await phone.tap("nav-scan")
        await phone.until("asked.includes('request')")
        await expect(phone.at("install-offer")).to_have_count(0)
        line = (await phone.api("/api/deliveries"))[-1]
        await phone.ready_for_offline()
        await phone.network(False)
        await phone.scan(f"(01){line['identifiers'][0]['value']}(17)281130(10)KEEP-1")
        await phone.at("receive").last.click()
        await expect(phone.at("scan-answer")).to_have_attribute("data-outcome", "waiting")
        await phone.until("asked.includes('persist')")

        await phone.go("/more")
        await phone.tap("sign-out")
        await expect(phone.at("leave-waiting")).to_contain_text("1 entry")
        await phone.go("/")
        await expect(phone.at("install-offer")).to_be_visible()
        await phone.tap("install-now")
        await phone.until("window.prompted")
        await expect(phone.at("install-offer")).to_have_count(0)
        await phone.network(True)
        await phone.go("/waiting")
        await phone.page.evaluate("dispatchEvent(new Event('online'))")
        await expect(phone.at("waiting-entry")).to_have_count(0)
        await phone.arrived("KEEP-1")
        await phone.go("/more")
        await phone.tap("sign-out")
        await expect(phone.at("sign-in")).to_be_visible()
        kept = await phone.page.evaluate(KEPT)
        assert kept == 0, "with nothing waiting the phone is left clean"


KEPT = """() => new Promise(done => {
  const opening = indexedDB.open("lotgate");
  opening.onsuccess = () => {
    const asking = opening.result.transaction("kept").objectStore("kept").count();
    asking.onsuccess = () => done(asking.result);
  };
})"""


async def test_whoever_leaves_while_something_waits_finds_it_again(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        line = (await phone.api("/api/deliveries"))[-1]
        await phone.page.route("**/api/receipts", lambda route: route.abort())
        await phone.scan(f"(01){line['identifiers'][0]['value']}(17)281130(30)1(10)KEEP-2")
        await phone.at("receive").last.click()
        await expect(phone.at("scan-answer")).to_have_attribute("data-outcome", "waiting")
        await phone.go("/more")
        await phone.tap("sign-out")
        await expect(phone.at("leave-waiting")).to_be_visible()
        await phone.tap("sign-out")
        await expect(phone.at("sign-in")).to_be_visible()
        assert await phone.page.evaluate(KEPT) > 1
        await phone.page.unroute("**/api/receipts")
        await enter(phone, "li", "en")
        await expect(phone.at("waiting-strip")).to_contain_text("1 waiting")
        assert (await phone.api("/api/lots?search=KEEP-2"))["lots"] == [], "nobody else sends it"
        await enter(phone, "wang", "en")
        await phone.arrived("KEEP-2")
        await expect(phone.at("waiting-strip")).to_have_count(0)
        assert len((await phone.api("/api/lots?search=KEEP-2"))["lots"]) == 1


async def test_the_first_minute(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhao", "zh")
        await phone.tap("tour-begin")
        cards = set()
        for place in range(1, 7):
            await expect(phone.at("tour-place")).to_contain_text(f"{place}/6")
            cards.add(await phone.at("tour-card").inner_text())
            await phone.tap("tour-next")
        assert len(cards) == 6
        await expect(phone.at("nav-scan")).to_be_visible()
        await expect(phone.at("tour-offer")).to_have_count(0)
