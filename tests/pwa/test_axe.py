"""No violation of WCAG 2.2 AA that axe finds, on any screen, light and dark, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.pwa.house import House
from tests.pwa.views import VIEWS
from tests.pwa.walk import ALL, AXE, LANGUAGES, Walk, said

ROUTES = Path(__file__).parents[2] / "pwa/src/window/router.svelte.ts"


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
