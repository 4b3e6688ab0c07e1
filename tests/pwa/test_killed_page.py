"""The page dies at every step, and its network repeats, loses and delays: the end is that of an undisturbed day."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.pwa import tasks
from tests.pwa.deliveries import expected, on_record
from tests.pwa.house import House, Phone
from tests.pwa.network import BadNetwork
from tests.pwa.test_offline import send_all
from tests.pwa.views import enter


async def told_of(house: House, kind: str, number: str, fact: str = "lot") -> int:
    """How many events of a kind the log has of a lot, or of what another fact names."""
    async with house.asked_by("zhou") as client:
        events = (await client.get("/api/log", params={"type": kind})).json()
    return sum(event["facts"].get(fact) == number for event in events)


def readings(sheet: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What is on record of each item."""
    return [(item["key"], item["reading"]["entered"], item["reading"]["verdict"]) for item in sheet["items"]]


@pytest.mark.proves("DUP-1", "RES-1")
async def test_an_inspection_whose_page_dies_at_every_step(house: House) -> None:
    await expected(house, [("TUB-30", "QH"), ("TUB-30", "BS")], received=True)
    async with house.phone() as phone:
        await enter(phone, "li", "en")
        calm = await tasks.untouched(phone)
        await tasks.inspect(phone, calm)
        calm = await phone.api(f"/api/inspections/{calm['id']}")

        await phone.go("/")
        sheet = await tasks.untouched(phone)
        address = f"/inspections/{sheet['id']}"
        await phone.go(address)
        bad = BadNetwork(phone.page, f"/api{address}/results")
        await bad.begin()
        for place, item in enumerate(sheet["items"], 1):
            question = f'[data-testid=question][data-item="{item["key"]}"]'
            await expect(phone.page.locator(question)).to_be_visible()
            if item["characteristic"]["kind"] == "attribute":
                await phone.tap("all-conform")
            else:
                await phone.write("answer", tasks.reading(item["characteristic"]))
                await phone.kill()  # what was typed and not recorded is asked for again
                await expect(phone.page.locator(question)).to_be_visible()
                await phone.write("answer", tasks.reading(item["characteristic"]))
                await phone.tap("record")
            await bad.hear(place)
            await phone.kill()  # the answer is on its way, or has just come
        await send_all(phone)
        bad.page = phone.page
        await bad.deliver_late(random.Random(3))
        disturbed = await phone.api(f"/api{address}")
    assert readings(disturbed) == readings(calm)
    assert disturbed["status"] == calm["status"] == "passed"
    assert bad.lost > 3 and min(bad.sent.values()) >= 2
    assert await told_of(house, "results_recorded", sheet["number"], "inspection") == len(sheet["items"])


async def test_an_answer_that_arrives_while_the_sheet_is_read_is_not_asked_again(house: House) -> None:
    """The sheet was read before the answer came to the server, and comes to the page after the outbox is empty."""
    await expected(house, [("TUB-30", "QH")], received=True)
    async with house.phone() as phone:
        await enter(phone, "li", "en")
        sheet = await tasks.untouched(phone)
        path, read, sent = f"/api/inspections/{sheet['id']}", asyncio.Event(), asyncio.Event()
        await phone.go(f"/inspections/{sheet['id']}")
        reopened = False

        async def results(route: Route) -> None:
            if not reopened:
                await route.abort()
                return
            await read.wait()
            await route.fulfill(response=await route.fetch())
            sent.set()

        async def sheets(route: Route) -> None:
            if not reopened or read.is_set():  # what is fetched for the time without a network is not held up
                return await route.continue_()
            answer = await route.fetch()
            read.set()
            await sent.wait()
            await phone.page.wait_for_timeout(500)
            return await route.fulfill(response=answer)

        await phone.page.route(f"{house.url}{path}/results", results)
        await phone.tap("all-conform")
        first, second = (f'[data-testid=question][data-item="{item["key"]}"]' for item in sheet["items"][:2])
        await expect(phone.page.locator(second)).to_be_visible()
        await phone.page.route(f"{house.url}{path}", sheets)
        reopened = True
        await phone.page.reload()
        await expect(phone.page.locator(second)).to_be_visible()
        assert await phone.page.locator(first).count() == 0 and sent.is_set()


async def test_a_receipt_whose_page_dies_at_every_step(house: House) -> None:
    label = (await expected(house, [("SPK-02", "SL")]))[0]
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scan")
        await phone.scan(label.text)
        await expect(phone.at("receive").first).to_be_visible()
        await phone.kill()
        bad = BadNetwork(phone.page, "/api/receipts")
        await bad.begin()
        for _ in range(3):
            await expect(phone.at("manual-entry")).to_be_visible()
            await phone.scan(label.text)
            card = phone.at("scan-answer")
            await expect(card).to_be_visible()
            offered = phone.at("receive").filter(has_text=label.order)
            if await offered.count() == 0:
                break
            await offered.first.click()
            await phone.kill()
            await send_all(phone)
            await phone.go("/scan")
        bad.page = phone.page
        await bad.deliver_late(random.Random(3))
        found = (await phone.api(f"/api/lots?search={label.lot}"))["lots"]
        assert [one["quantity"].split(".")[0] for one in found] == [label.quantity]
    assert await told_of(house, "lot_received", found[0]["number"]) == 1


async def pressed(phone: Phone, came: asyncio.Event) -> None:
    """Signs as a person does: where nothing happens, the button is pressed once more."""
    for _ in range(3):
        await phone.tap("sign")
        with suppress(TimeoutError):
            await asyncio.wait_for(came.wait(), 20)
            return
        print(await phone.last_seen())
    raise AssertionError("the server never heard of the signature")


async def test_a_signature_whose_page_dies_at_every_step(house: House) -> None:
    label = (await expected(house, [("CAP-04", "QH")], inspected=True))[0]
    lot, receipt = await on_record(house, label)
    async with house.phone() as phone:
        await enter(phone, "sun", "en")
        await phone.go(f"/receipts/{receipt}/release")
        await phone.tap("meaning-release")
        await expect(phone.at("digest")).to_be_visible()
        await phone.kill()
        await expect(phone.at("no-blockers")).to_be_visible()
        assert await phone.page.locator("input[name=meaning]:checked").count() == 0, "nothing is half signed"
        await phone.add_passkey("sun")
        await phone.go(f"/receipts/{receipt}/release")
        await phone.tap("meaning-release")
        await expect(phone.at("digest")).to_be_visible()
        await phone.write("sign-password", "lotgate-demo-sun")
        await phone.accept()
        await expect(phone.at("sign")).to_be_enabled()
        came = asyncio.Event()

        async def signed(route: Route) -> None:
            await route.fetch()  # the server has it, and its answer never comes
            came.set()

        await phone.page.route("**/api/releases", signed)
        await pressed(phone, came)
        await phone.kill()
        await expect(phone.at("decided")).to_have_count(1)
        assert await phone.at("sign").count() == 0
    assert await told_of(house, "release_signed", lot) == 1
