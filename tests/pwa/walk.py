"""Every screen once, in both languages, light and dark: what axe says, what is too small to touch, what is fetched.

The walk takes a minute, so that all tests that ask about screens share one.
"""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import Any, NamedTuple

from axe_playwright_python.async_playwright import Axe

from tests.pwa.house import House, Phone
from tests.pwa.views import VIEWS, View, enter, open_view

LANGUAGES = ("en", "zh")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The rules that a change from light to dark can break; all others judge the document itself."""
AXE = Axe()


class Seen(NamedTuple):
    """One view in one language: violations as `theme rule: target`, targets as `width x height what`."""

    view: View
    language: str
    violations: list[str]
    passes: int
    small: list[str]
    cut: list[str]


class Walk(NamedTuple):
    """All views; every address that was asked for; what the console complained about."""

    seen: list[Seen]
    requests: list[str]
    complaints: list[str]


async def walk(house: House) -> Walk:
    """Walk through all views, one phone a person, three of them at a time."""
    result = Walk([], [], [])
    free = asyncio.Semaphore(3)
    by_person = [(login, list(views)) for login, views in groupby(VIEWS, lambda view: view.login)]
    await asyncio.gather(*(walk_as(house, login, views, result, free) for login, views in by_person))
    return result


async def walk_as(house: House, login: str, views: list[View], result: Walk, free: asyncio.Semaphore) -> None:
    """The views of one person; the empty login has not signed in."""
    async with free, house.phone() as phone:
        phone.context.on("request", lambda request: result.requests.append(request.url))
        phone.page.on("pageerror", lambda error: result.complaints.append(str(error)))
        for language in LANGUAGES:
            await begin(phone, login, language)
            for view in views:
                await open_view(phone, view)
                result.seen.append(await look(phone, view, language))


async def begin(phone: Phone, login: str, language: str) -> None:
    """Signed in, or before that, in this language."""
    await phone.network(True)
    if login:
        await enter(phone, login, language)
    else:
        await phone.page.goto(phone.house.url)
        await phone.page.evaluate("language => localStorage.setItem('lotgate.language', language)", language)
        await phone.page.reload()


async def look(phone: Phone, view: View, language: str) -> Seen:
    """Judge what is on the screen, light and dark."""
    page = phone.page
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.axe_script)
    light: dict[str, Any] = await page.evaluate("options => axe.run(options)", ALL)
    await page.emulate_media(color_scheme="dark")
    dark: dict[str, Any] = await page.evaluate("options => axe.run(options)", COLOURS)
    await page.emulate_media(color_scheme="light")
    violations = [*said("light", light), *said("dark", dark)]
    passes = len(light["passes"]) + len(dark["passes"])
    return Seen(view, language, violations, passes, await page.evaluate(SMALL), await page.evaluate(CUT))


def said(theme: str, answer: dict[str, Any]) -> list[str]:
    """The violations of one run, one line an element."""
    return [
        f"{theme} {one['id']}: {' '.join(map(str, node['target']))} {node['html'][:120]}"
        for one in answer["violations"]
        for node in one["nodes"]
    ]


SMALL = """() => {
  const shown = element => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return style.visibility !== "hidden" && style.display !== "none" && box.width > 0 && box.right > 0;
  };
  const isInline = element => element.tagName === "A" && getComputedStyle(element).display === "inline";
  const target = element => element.labels?.length && element.matches("[type=radio],[type=checkbox],[type=file]")
    ? element.labels[0] : element;
  const small = [];
  for (const found of document.querySelectorAll("a[href],button,input,select,textarea,summary,[role=button]")) {
    const element = target(found);
    if (!shown(element)) continue;
    const { width, height } = element.getBoundingClientRect();
    // A link inside a sentence or a table is as high as its line (WCAG 2.5.8); the rest is for gloves.
    if (isInline(element) || element.matches("svg a")) continue;
    const size = `${Math.round(width)} x ${Math.round(height)}`;
    if (Math.min(Math.round(width), Math.round(height)) < 48)
      small.push(`${size} ${element.tagName} ${element.textContent.trim().slice(0, 40)}`);
  }
  return small;
}"""
"""What a finger would miss: every target below 48 px, links inside sentences left out."""
SMALL_IN_GLOVES = SMALL.replace("< 48", "< 56")
"""The same for a phone that is set to gloves."""
CUT = """() => {
  const cut = [];
  if (document.documentElement.scrollWidth > innerWidth) cut.push(`page ${document.documentElement.scrollWidth}`);
  for (const element of document.querySelectorAll("h1,h2,h3,p,dd,dt,li,label,strong,button,a,td,th,span"))
    if (element.closest(".scroll,svg,.hidden,.skip,.graph") === null
      && element.getBoundingClientRect().right > innerWidth + 1
      && getComputedStyle(element).visibility !== "hidden")
      cut.push(`${element.tagName} ${element.textContent.trim().slice(0, 40)}`);
  return cut;
}"""
"""What runs over the right edge of the phone."""
