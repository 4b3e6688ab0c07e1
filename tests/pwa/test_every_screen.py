"""Every screen, in both languages, light and dark: no violation of WCAG 2.2 AA that axe finds, no foreign host, no
complaint, nothing too small to touch, nothing over the edge. They stand together, since one walk serves them all."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.pwa.house import House
from tests.pwa.views import VIEWS
from tests.pwa.walk import ALL, AXE, LANGUAGES, Walk, said

ROUTES = Path(__file__).parents[2] / "pwa/src/window/routes.ts"


def test_every_screen_of_the_page_is_walked(walked: Walk) -> None:
    """A new screen can't be forgotten: the page's own table of addresses is read."""
    patterns = set(re.findall(r'^  \["(/[^"]*)", load', ROUTES.read_text(), re.M))
    assert len(patterns) > 20
    known = {view.route or str(view.at) for view in VIEWS}
    assert patterns <= known
    assert len(walked.seen) == len(VIEWS) * len(LANGUAGES)


def test_axe_finds_no_violation_on_any_screen(walked: Walk) -> None:
    found = {f"{one.view.name} {one.language}": one.violations for one in walked.seen if one.violations}
    assert found == {}
    print(
        f"axe: {len(walked.seen)} views, light and dark, {sum(one.passes for one in walked.seen)} passes, 0 violations"
    )
    assert min(one.passes for one in walked.seen) >= 10, "axe really looked"


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


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        ("document.querySelector('label').removeAttribute('for')", "label"),
        ("document.querySelector('h1').style.color = '#b8bcc0'", "color-contrast"),
        ("document.querySelector('button').replaceChildren()", "button-name"),
    ],
)
async def test_a_spoilt_screen_is_found(house: House, spoil: str, rule: str) -> None:
    """The broken twin of each: a field without its label, grey on grey, a button that says nothing."""
    async with house.phone() as phone:
        await phone.page.goto(house.url)
        await phone.at("sign-in").wait_for()
        await phone.page.evaluate(f"() => {{ {spoil} }}")
        await phone.page.evaluate(AXE.axe_script)
        answer = await phone.page.evaluate("options => axe.run(options)", ALL)
    assert Counter(line.split()[1] for line in said("light", answer)) == {f"{rule}:": 1}
