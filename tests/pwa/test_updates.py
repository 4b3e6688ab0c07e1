"""A new version of the page while somebody works: it is offered, and taking it loses neither what waits nor what is
half typed."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Playwright, Route, expect

from tests.pwa import tasks
from tests.pwa.deliveries import expected
from tests.pwa.house import ROOT, House, running_house
from tests.pwa.test_offline import held, send_all
from tests.pwa.views import enter

ASKED = "navigator.serviceWorker.getRegistration().then(found => found.update()).then(() => null)"
"""The browser looks for a newer worker by itself once a day and at each navigation; here it is asked to."""


@pytest.fixture
async def renewed(playwright: Playwright, tmp_path: Path) -> AsyncIterator[tuple[House, Path]]:
    """A house that serves a copy of the built page, which is changed under it."""
    page = tmp_path / "page"
    shutil.copytree(ROOT / "pwa" / "dist", page)
    async with running_house(tmp_path / "data", playwright, LOTGATE_PAGE=str(page)) as house:
        yield house, page


def new_build(page: Path) -> None:
    """Another build lies there now: another version of the shell, with a page that can be told from the old one."""
    index, worker = page / "index.html", page / "sw.js"
    index.write_text(index.read_text().replace("<html", '<html data-build="new"', 1))
    text, count = re.subn(r"shell-(?=[0-9a-f]{16})", "shell-new-", worker.read_text(), count=1)
    assert count == 1
    worker.write_text(text)


async def test_a_new_version_is_offered_and_loses_nothing(renewed: tuple[House, Path]) -> None:
    house, page = renewed
    await expected(house, [("TUB-30", "QH")], received=True)
    async with house.phone() as phone:
        await enter(phone, "li", "en")
        await phone.ready_for_offline()
        sheet = await tasks.untouched(phone)
        await phone.go(f"/inspections/{sheet['id']}")
        results = re.compile(f"/api/inspections/{sheet['id']}/results")
        no_way = "internetdisconnected"

        async def lost(route: Route) -> None:
            await route.abort(no_way)

        await phone.page.route(results, lost)
        for item in sheet["items"]:
            question = phone.page.locator(f'[data-testid=question][data-item="{item["key"]}"]')
            await expect(question).to_be_visible()
            if item["characteristic"]["kind"] == "numeric":
                break
            await phone.tap("all-conform")
        half = tasks.reading(item["characteristic"])[:-1]
        await phone.write("answer", half)
        waiting = await held(phone, "waiting")
        assert waiting > 0
        await expect(phone.at("update")).to_have_count(0)

        new_build(page)
        for _ in range(10):  # what is on its way to the phone is given time to come
            await phone.page.evaluate(ASKED)
            with suppress(AssertionError):
                await expect(phone.at("update")).to_be_visible(timeout=4_000)
                break
        await phone.tap("update")
        # The old worker lets go when nothing of it is under way any more.
        await expect(phone.page.locator("html[data-build=new]")).to_have_count(1, timeout=60_000)
        await expect(phone.at("answer")).to_have_value(half)
        await expect(question).to_be_visible()
        assert await held(phone, "waiting") == waiting
        await expect(phone.at("update")).to_have_count(0)

        await phone.page.evaluate("sessionStorage.clear()")
        await phone.page.reload()
        await expect(phone.at("answer")).to_have_value("")  # the twin: a page that does not keep it
        assert await held(phone, "waiting") == waiting

        await phone.page.unroute(results)
        await send_all(phone)
        after = await phone.api(f"/api/inspections/{sheet['id']}")
        assert sum(one["reading"] is not None for one in after["items"]) == waiting
