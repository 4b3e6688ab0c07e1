"""One browser engine and one running demo factory for every test of the page that leaves others room."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Playwright, async_playwright

from tests.pwa.house import House, running_house
from tests.pwa.rules import Ask, bundled
from tests.pwa.walk import Walk, walk


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """Starts browsers."""
    async with async_playwright() as started:
        yield started


@pytest.fixture(scope="session")
async def house(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The demo factory on SQLite."""
    async with running_house(tmp_path_factory.mktemp("house") / "data", playwright) as running:
        yield running


@pytest.fixture(scope="session")
async def walked(house: House) -> Walk:
    """Every screen, seen once for all tests."""
    return await walk(house)


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """The page's pure rules, to be asked."""
    return bundled(tmp_path_factory.mktemp("rules") / "rules.mjs")
