"""On a desk the page stays one calm column in the middle; tables may be wider; nothing runs over the edge."""

from __future__ import annotations

import pytest

from tests.pwa.house import House, Phone
from tests.pwa.views import enter, settled

DESK = {"width": 1280, "height": 800}
BOXES = """() => ["header", "main"].map(name => {
  const { left, right } = document.querySelector(name).getBoundingClientRect();
  return [Math.round(left), Math.round(innerWidth - right), Math.round(right - left)];
}).concat([[0, document.documentElement.scrollWidth - innerWidth, 0]])"""
COLUMN, TABLE = 760, 1200
"""Pixels at most."""


async def boxes(phone: Phone, path: str) -> list[list[int]]:
    await phone.go(path)
    await settled(phone)
    found: list[list[int]] = await phone.page.evaluate(BOXES)
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_desk_shows_one_column_in_the_middle(house: House, language: str) -> None:
    async with house.phone() as phone:
        await phone.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        await enter(phone, "zhou", language)
        for path, widest in (
            ("/", COLUMN),
            ("/lots", COLUMN),
            ("/log", COLUMN),
            ("/scan", COLUMN),
            ("/rights", TABLE),
        ):
            *columns, page = await boxes(phone, path)
            assert page[1] == 0, path
            for left, right, width in columns:
                assert abs(left - right) <= 1 and 0 < width <= widest, (path, left, right, width)
        places = [
            box["x"]
            for box in [
                await one.bounding_box() for one in await phone.page.locator("nav[aria-label] > a").all()
            ]
            if box
        ]
        assert len(places) == 5 and places[0] >= 200 and places[-1] <= 1080, "the bar keeps to the middle"
