"""kill -9 of the server at the steps of the three tasks: before a command reaches it, and when it has committed and
not answered. The page keeps what was said, and the end is that of an undisturbed day."""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from itertools import cycle

import pytest
from playwright.async_api import Route, expect

from tests.pwa import tasks
from tests.pwa.deliveries import expected, on_record
from tests.pwa.house import House, Phone
from tests.pwa.test_killed_page import readings, told_of
from tests.pwa.test_offline import send_all
from tests.pwa.views import enter

MOMENTS = ("before", "committed")
LIVES = "lives"


class MortalServer:
    """Between one page and a server that dies once at each command sent to one address, and is started again."""

    def __init__(self, house: House, phone: Phone, path: str, *moments: str) -> None:
        self.house, self.phone, self.path = house, phone, f"**{path}"
        self.deaths = Counter[str]()
        self._seen: set[str] = set()
        self._moments = cycle(moments)
        self._one = asyncio.Lock()

    async def begin(self) -> None:
        """From now on."""
        await self.phone.page.context.route(self.path, self._carry)

    async def end(self) -> None:
        """It lives on."""
        await self.phone.page.context.unroute(self.path, self._carry)

    async def up(self) -> None:
        """Wait until it is started again."""
        async with self._one:
            pass

    async def _carry(self, route: Route) -> None:
        async with self._one:
            if route.request.method != "POST":
                return await route.continue_()
            command = json.loads(route.request.post_data or "{}")["id"]
            if command in self._seen:
                return await route.continue_()
            self._seen.add(command)
            moment = next(self._moments)
            if moment == LIVES:
                return await route.continue_()
            if moment == "committed":
                assert (await route.fetch()).ok
            await self.house.stop(signal.SIGKILL)
            self.deaths[moment] += 1
            await route.abort()
            return await self.house.start()


@pytest.mark.proves("DUP-1", "RES-1")
async def test_an_inspection_whose_server_dies_at_every_other_answer(house: House) -> None:
    await expected(house, [("TUB-30", "QH")], received=True)
    async with house.phone() as phone:
        await enter(phone, "li", "zh")
        sheet = await tasks.untouched(phone)
        address = f"/inspections/{sheet['id']}"
        server = MortalServer(house, phone, f"/api{address}/results", "before", LIVES, "committed", LIVES)
        await server.begin()
        await phone.go("/")
        await tasks.inspect(phone, sheet)
        await send_all(phone)
        await server.end()
        after = await phone.api(f"/api{address}")
    given = [
        "0" if item["characteristic"]["kind"] == "attribute" else tasks.reading(item["characteristic"])
        for item in sheet["items"]
    ]
    assert [entered for _, entered, _ in readings(after)] == given
    assert after["status"] == "passed"
    assert server.deaths == {"before": 3, "committed": 2}
    assert await told_of(house, "results_recorded", sheet["number"], "inspection") == len(sheet["items"])


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_lot_is_received_once_though_the_server_dies(house: House, moment: str) -> None:
    label = (await expected(house, [("SPK-02", "SL")]))[0]
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.ready_for_offline()
        server = MortalServer(house, phone, "/api/receipts", moment)
        await server.begin()
        await phone.go("/scan")
        await phone.scan(label.text)
        await phone.at("receive").filter(has_text=label.order).first.click()
        await expect(phone.page.locator(tasks.RECEIVED)).to_be_visible()
        await send_all(phone)
        assert server.deaths == {moment: 1}
        found = (await phone.api(f"/api/lots?search={label.lot}"))["lots"]
        assert [one["quantity"].split(".")[0] for one in found] == [label.quantity]
    assert await told_of(house, "lot_received", found[0]["number"]) == 1


@pytest.mark.proves("DUP-1", "REL-1")
@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_release_is_signed_once_though_the_server_dies(house: House, moment: str) -> None:
    """A signature never waits on the phone: the page says that nobody knows, keeps what was typed, and the same
    button pressed again counts once."""
    label = (await expected(house, [("CAP-04", "QH")], inspected=True))[0]
    lot, receipt = await on_record(house, label)
    async with house.phone() as phone:
        await enter(phone, "sun", "en")
        await phone.add_passkey("sun")
        server = MortalServer(house, phone, "/api/releases", moment)
        await server.begin()
        await phone.go(f"/receipts/{receipt}/release")
        await phone.tap("meaning-release")
        await expect(phone.at("digest")).to_be_visible()
        await phone.write("sign-password", "lotgate-demo-sun")
        await phone.accept()
        await phone.tap("sign")
        await expect(phone.at("error-summary")).to_contain_text("counts once")
        assert server.deaths == {moment: 1}
        await server.up()
        assert await told_of(house, "release_signed", lot) == MOMENTS.index(moment)
        await phone.tap("sign")
        await expect(phone.at("released")).to_have_attribute("data-decision", "release")
    assert await told_of(house, "release_signed", lot) == 1
