"""A phone without room: what was given stays in the page and says so, goes out with a network, and lies on the phone as
soon as there is room again (DUP-1)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from backend.demo.deliveries import DemoLabel
from tests.pwa.deliveries import expected
from tests.pwa.house import House, Phone
from tests.pwa.test_offline import send_all
from tests.pwa.views import enter

ROOM = 24_000_000
"""Bytes that this phone gives a page."""
FILLED = """() => new Promise((done, failed) => {
  const opening = indexedDB.open("others");
  opening.onupgradeneeded = () => opening.result.createObjectStore("bytes", { autoIncrement: true });
  opening.onsuccess = () => {
    const fill = size => {
      const work = opening.result.transaction("bytes", "readwrite");
      work.objectStore("bytes").add(crypto.getRandomValues(new Uint8Array(size)));
      work.oncomplete = () => fill(size);
      work.onabort = () => {
        if (work.error.name !== "QuotaExceededError") failed(work.error);
        else if (size > 64) fill(size / 4);
        else { opening.result.close(); done(true); }
      };
    };
    fill(65536);
  };
})"""
"""Fills what is left, with ever smaller pieces."""
EMPTIED = (
    """() => new Promise(done => { indexedDB.deleteDatabase("others").onsuccess = () => done(true); })"""
)
STORED = """() => new Promise(done => {
  const opening = indexedDB.open("lotgate");
  opening.onsuccess = () => {
    const asking = opening.result.transaction("outbox").objectStore("outbox").count();
    asking.onsuccess = () => { opening.result.close(); done(asking.result); };
  };
})"""
WORDS = {
    "en": {"strip": "This phone is full: 1 only in this page.", "answer": "In this page only"},
    "zh": {"strip": "本机存储已满：1 条仅在此页面中。", "answer": "仅在此页面中"},
}


@asynccontextmanager
async def small(house: House) -> AsyncIterator[Phone]:
    """A phone of little room."""
    async with house.phone() as phone:
        session = await phone.context.new_cdp_session(phone.page)
        await session.send("Storage.overrideQuotaForOrigin", {"origin": house.url, "quotaSize": ROOM})
        yield phone


async def receive(phone: Phone, label: DemoLabel) -> None:
    """One scan, one tap; the answer may be that it waits."""
    await phone.go("/scan")
    await phone.scan(label.text)
    await phone.at("receive").filter(has_text=label.order.split("/")[0]).first.click()
    await expect(phone.at("scan-answer")).to_have_attribute("data-outcome", re.compile("waiting|done"))


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_full_phone_without_a_network_loses_nothing_and_says_what_to_do(
    house: House, language: str
) -> None:
    first, second = await expected(house, [("SPK-02", "QH"), ("CAP-04", "QH")])
    async with small(house) as phone:
        await enter(phone, "wang", language)
        await phone.ready_for_offline()
        await phone.network(False)
        assert await phone.page.evaluate(FILLED)
        await receive(phone, first)
        await expect(phone.at("scan-answer")).to_contain_text(WORDS[language]["answer"])
        assert await phone.page.evaluate(STORED) == 0, "the phone is full"
        await phone.picture(f"{language}-phone-full")
        await phone.go("/waiting")
        await expect(phone.at("waiting-strip")).to_contain_text(WORDS[language]["strip"])
        await expect(phone.at("phone-full")).to_be_visible()
        await expect(phone.at("waiting-entry")).to_have_count(1)

        await phone.page.evaluate(EMPTIED)
        await receive(phone, second)
        await phone.go("/waiting")
        await expect(phone.at("phone-full")).to_have_count(0)
        assert await phone.page.evaluate(STORED) == 2, "the older one went to the phone with the newer"
        await phone.page.reload()
        await expect(phone.at("waiting-entry")).to_have_count(2)
        await phone.network(True)
        await send_all(phone)
        for label in (first, second):
            assert len((await phone.api(f"/api/lots?search={label.lot}"))["lots"]) == 1


@pytest.mark.proves("DUP-1")
async def test_with_a_network_a_full_phone_is_no_hindrance(house: House) -> None:
    label = (await expected(house, [("SPK-02", "QH")]))[0]
    async with small(house) as phone:
        await enter(phone, "wang", "en")
        await phone.ready_for_offline()
        assert await phone.page.evaluate(FILLED)
        await receive(phone, label)
        await expect(phone.at("scan-answer")).to_have_attribute("data-outcome", "done")
        assert await phone.page.evaluate(STORED) == 0
        await phone.page.reload()
        await expect(phone.at("nav-scan")).to_be_visible()
        await phone.arrived(label.lot)
