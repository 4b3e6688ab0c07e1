"""A phone remembers the log that it saw, and a person whose access has ended is out (AUD-2, AUD-8)."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from backend.demo.people import BY_LOGIN
from tests.pwa.house import House, Phone, running_house

THE_MAKERS_OWN = ("maker.key", "maker.vkey")


@pytest.fixture(scope="module")
async def touched(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house whose data these tests destroy."""
    async with running_house(tmp_path_factory.mktemp("touched") / "data", playwright) as running:
        yield running


async def witnessed(phone: Phone) -> int:
    """How many entries of the log this phone has seen."""
    await phone.go("/settings")
    return int(await phone.at("witness-size").inner_text())


async def rewrite(house: House, folder: Path) -> None:
    """The operator's own forgery: another history under the same key, at the same address."""
    await house.stop()
    for name in THE_MAKERS_OWN:
        shutil.copy(house.data / name, folder / name)
    shutil.rmtree(house.data)
    house.data.mkdir()
    for name in THE_MAKERS_OWN:
        shutil.copy(folder / name, house.data / name)
    await house.start()


async def size_of_log(house: House) -> int:
    async with house.asked_by("zhou") as client:
        return int((await client.get("/api/log/checkpoint")).json()["size"])


@pytest.mark.proves("AUD-8")
async def test_a_deactivated_person_is_out_at_the_next_request(touched: House) -> None:
    async with touched.phone() as hers, touched.phone() as admins:
        await hers.sign_in("garcia", "en")
        await expect(hers.at("work-inspection").first).to_be_visible()
        await admins.sign_in("admin", "en")
        await admins.go("/people")
        person = admins.at("person").filter(has_text="Elena Garcia")
        await person.get_by_role("button").click()
        await admins.write("deactivate-reason", "Left the company")
        await admins.tap("deactivate")
        await expect(person.get_by_role("button")).to_have_count(0)
        await hers.tap("nav-lots")
        await expect(hers.at("sign-in")).to_be_visible()
        await hers.page.reload()
        await hers.write("login", "garcia")
        await hers.write("password", BY_LOGIN["garcia"].password)
        await hers.tap("sign-in")
        await expect(hers.at("error-summary")).to_be_visible()
    async with touched.asked_by("zhou") as client:
        events = (await client.get("/api/log", params={"type": "security"})).json()
    assert ("garcia", "session_ended") in {(event["subject"], event["facts"]["code"]) for event in events}


@pytest.mark.proves("AUD-2")
async def test_a_rewritten_log_is_noticed_by_every_phone_that_saw_the_old_one(
    touched: House, tmp_path: Path
) -> None:
    async with touched.phone() as early, touched.phone() as late:
        await early.sign_in("zhou", "en")
        await late.sign_in("sun", "en")
        sizes = [await witnessed(phone) for phone in (early, late)]
        await expect(early.at("witness-alarm")).to_have_count(0)
        await rewrite(touched, tmp_path)

        await early.sign_in("zhou", "en")
        assert await size_of_log(touched) < sizes[0]
        await alarmed(early, "shorter")
        while await size_of_log(touched) <= max(sizes) + 1:
            pass  # each sign-in is an entry
        await late.sign_in("sun", "en")
        await alarmed(late, "does not contain")


async def alarmed(phone: Phone, fault: str) -> None:
    """The alarm is up, says why, and stays."""
    await expect(phone.at("witness-alarm")).to_be_visible()
    await phone.go("/settings")
    await expect(phone.at("witness")).to_contain_text(fault)
    await phone.page.reload()
    await expect(phone.at("witness-alarm")).to_be_visible()
