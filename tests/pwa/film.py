"""`./run film FOLDER`: plan editor, inspection, release by exception and control chart, as a phone shows them.

A demo factory a language, whose roller clamps have a history of many lots; real Chromium at 390 x 844; a PNG for
each picture, and all of them on one sheet. Chinese is set in the font that the certificates are set in, where the
machine has none of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import cv2
import numpy as np
from playwright.async_api import async_playwright, expect

from backend.app import opened
from backend.demo.factory import load_demo
from backend.demo.people import SITE
from backend.demo.series import play_series
from backend.demo.shift import PastClock, Shift
from backend.domain.early_warning import Watch
from backend.domain.sites import Site
from backend.outside.font_coverage import FAMILY, FONTS
from backend.settings import read_settings
from backend.watching import watch_charts
from tests.pwa.house import House, Phone, running_house
from tests.pwa.views import VIEWS, card_opened, enter, open_view, plan, plan_version, settled
from tests.pwa.walk import begin

LANGUAGES = ("en", "zh")
SAID = {
    "en": ("Measured twice, same value", "New spring wire since this lot"),
    "zh": ("复测两次，数值一致", "自该批起更换弹簧钢丝"),
}
ACROSS = 8
THUMB = 195
SEED = 11
STEADY, SHIFTED, OTHER = 26, 4, 9
"""Lots of one supplier, of the same when something has changed, and of another supplier."""
APART = timedelta(minutes=15)


def fonts_conf(folder: Path) -> Path:
    """A fontconfig file that knows the house's font beside the machine's own."""
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{escape(str(FONTS))}</dir><cachedir>{escape(str(folder / 'cache'))}</cachedir>"
        + "".join(
            f"<match><test name='family'><string>{family}</string></test>"
            f"<edit name='family' mode='prepend' binding='strong'><string>{FAMILY}</string></edit></match>"
            for family in ("system-ui", "sans-serif")
        )
        + "</fontconfig>"
    )
    return path


async def prepare(data: Path) -> None:
    """The demo factory, and the lots of the chart; the newest are told as early warnings."""
    settings = read_settings({"LOTGATE_DATA": str(data)})
    chosen = random.Random(SEED)
    async with opened(settings) as (store, _):
        await load_demo(store, lambda: datetime.now(UTC))
        site = await store.read.first(Site, "code = $1", SITE)
        if site is None:
            raise LookupError(SITE)
        store.clock = clock = PastClock(datetime.now(UTC) - timedelta(hours=15))
        shift = Shift(store, site.id, clock)

        async def lots(supplier: str, mean: float, count: int, first: int) -> None:
            values = [{"TRQ-1": f"{chosen.gauss(mean, 0.35):.1f}"} for _ in range(count)]
            await play_series(shift, "RLC-01", supplier, values, first, APART)

        await lots("QH", 6.9, OTHER, 7000)
        await lots("BS", 6.2, STEADY, 6000)
        await watch_charts(store, Watch())
        await lots("BS", 7.6, SHIFTED, 8000)
        await watch_charts(store, Watch())


class Film:
    """The pictures of one language."""

    def __init__(self, house: House, language: str, folder: Path) -> None:
        self.house, self.language, self.folder = house, language, folder
        self.shot = 0

    async def picture(self, phone: Phone, name: str, to: str | None = None) -> None:
        """What the screen shows now, or once an element (by test id) is at its top."""
        await settled(phone)
        if to is not None:
            await phone.at(to).first.evaluate(
                "node => { node.scrollIntoView({ block: 'start' }); window.scrollBy(0, -16); }"
            )
        await phone.page.wait_for_timeout(250)
        self.shot += 1
        await phone.page.screenshot(path=self.folder / f"{self.language}-{self.shot:02}-{name}.png")

    async def played_by(self, login: str, scene: Callable[[Phone], Awaitable[None]]) -> None:
        """A scene on a phone of its own."""
        async with self.house.phone() as phone:
            await enter(phone, login, self.language)
            await scene(phone)

    async def play(self) -> None:
        """All four."""
        await self.played_by("novak", self.plan_editor)
        await self.played_by("li", self.inspection)
        await self.played_by("sun", self.release)
        await self.played_by("novak", self.control_chart)

    async def plan_editor(self, phone: Phone) -> None:
        """From the list to the review."""
        await phone.go("/plans")
        await expect(phone.at("plan").first).to_be_visible()
        await self.picture(phone, "plans")
        await phone.go(await plan("II-NDL-21")(phone))
        await expect(phone.at("plan-version").first).to_be_visible()
        await self.picture(phone, "plan")
        await phone.go(await plan_version("II-NDL-21", "draft")(phone))
        await card_opened(phone)
        length = phone.page.locator('[data-testid=characteristic][data-code="LEN"]')
        await phone.write("field-upper", "25.2")
        await expect(phone.at("draft-state")).to_have_attribute("data-state", "saved")
        await length.evaluate("node => { node.scrollIntoView({ block: 'start' }); window.scrollBy(0, -16); }")
        await self.picture(phone, "characteristic")
        await self.picture(phone, "sampling-rule", to="rule-at")
        await phone.tap("trial-run")
        await expect(phone.at("trial-counts")).to_be_visible()
        await expect(phone.at("trial-stop")).to_have_count(0)
        await self.picture(phone, "trial", to="trial-counts")

    async def inspection(self, phone: Phone) -> None:
        """A question at a time; a diameter out of limits."""
        await expect(phone.at("work-inspection").first).to_be_visible()
        await self.picture(phone, "worklist")
        work = await phone.api("/api/worklist")
        tubing = next(
            one
            for one in work["inspections"]
            if one["item"]["code"] == "TUB-30" and one["answered"] < one["total"]
        )
        await phone.go(f"/inspections/{tubing['id']}")
        question = phone.at("question")
        await expect(question).to_be_visible()
        pictured: set[str] = set()
        failing = True
        while await phone.at("inspection-done").count() == 0:
            await expect(question.or_(phone.at("inspection-done")).first).to_be_visible()
            if await phone.at("inspection-done").count():
                break
            kind = str(await question.get_attribute("data-kind"))
            item = await question.get_attribute("data-item")
            if kind == "attribute":
                if kind not in pictured:
                    await self.picture(phone, "counted")
                await phone.tap("all-conform")
            elif kind == "text":
                await phone.write("answer", "QH-26-118")
                await phone.page.locator("input[name=said][value=conforming]").check()
                await phone.tap("record")
            else:
                inside = "4.11" if str(item).startswith("OD") else "3.00"
                await phone.write("answer", inside)
                if kind not in pictured:
                    await self.picture(phone, "measured")
                elif failing and str(item).startswith("OD"):
                    failing = False
                    await phone.write("answer", "4.26")
                    await self.picture(phone, "out-of-limits")
                    await phone.tap("record")
                    await expect(phone.at("is-right")).to_be_visible()
                    await self.picture(phone, "really")
                    await phone.tap("is-right")
                    await phone.write(
                        "evidence-reason",
                        {"en": "Measured twice, same value", "zh": "复测两次，数值一致"}[self.language],
                    )
                    await self.picture(phone, "photo-and-reason")
                    await phone.tap("record-failing")
                    await expect(phone.at("opened-ncr")).to_be_visible()
                    await self.picture(phone, "nonconforming")
                    pictured.add(kind)
                    continue
                await phone.tap("record")
            pictured.add(kind)
            await expect(phone.page.locator(f'[data-testid="question"][data-item="{item}"]')).to_have_count(0)
        await self.picture(phone, "done")

    async def release(self, phone: Phone) -> None:
        """What is in the way, and what is signed where nothing is."""
        work = await phone.api("/api/worklist")
        ready = next(one["receipt_id"] for one in work["releases"] if one["ready"])
        held = (await phone.api("/api/lots?status=held"))["lots"][0]["number"]
        card = await phone.api(f"/api/lots/{held}/card")
        await phone.go(f"/receipts/{card['receipts'][0]['id']}/release")
        await expect(phone.at("blockers")).to_be_visible()
        await self.picture(phone, "release-blocked")
        await phone.go(f"/receipts/{ready}/release")
        await expect(phone.at("no-blockers")).to_be_visible()
        await self.picture(phone, "release-ready")
        await phone.tap("meaning-release")
        await expect(phone.at("digest")).to_be_visible()
        await self.picture(phone, "what-is-signed", to="digest")
        await phone.sign_by_code("sun")
        await expect(phone.at("released")).to_be_visible()
        await self.picture(phone, "signed")

    async def control_chart(self, phone: Phone) -> None:
        """From the notice to the answer."""
        await phone.go("/notices")
        await expect(phone.at("notice").first).to_be_visible()
        await self.picture(phone, "notices")
        await phone.go("/charts")
        await expect(phone.at("chart-item").first).to_be_visible()
        await self.picture(phone, "charts")
        signals = (await phone.api("/api/charts"))["signals"]
        await phone.go(f"/signals/{signals[0]['id']}")
        await expect(phone.at("chart-position")).to_be_visible()
        await self.picture(phone, "early-warning")
        await self.picture(phone, "its-chart", to="chart")
        await phone.tap("answer-explain")
        await phone.write(
            "signal-reason",
            {"en": "New spring wire since this lot", "zh": "自该批起更换弹簧钢丝"}[self.language],
        )
        await self.picture(phone, "answer", to="answer-acknowledge")
        await phone.tap("signal-send")
        await expect(phone.at("signal-answer")).to_be_visible()
        supplier = signals[0]["supplier"]["id"]
        await phone.go(f"/charts/RLC-01/incoming/TRQ?supplier={supplier}")
        await expect(phone.at("chart-position")).to_be_visible()
        await self.picture(phone, "control-chart", to="chart")
        await self.picture(phone, "spread", to="chart-spread")
        await phone.tap("chart-table-open")
        await self.picture(phone, "table", to="chart-table-open")
        await self.picture(phone, "capability-and-drift", to="capability")


def contact_sheet(folder: Path) -> Path:
    """All pictures on one, a language below the other."""
    rows = []
    for language in LANGUAGES:
        shots = [cv2.imread(str(path)) for path in sorted(folder.glob(f"{language}-*.png"))]
        thumbs = []
        for shot in shots:
            if shot is None:
                raise ValueError("a picture can't be read")
            height = round(shot.shape[0] * THUMB / shot.shape[1])
            small = cv2.resize(shot, (THUMB, height), interpolation=cv2.INTER_AREA)
            thumbs.append(cv2.copyMakeBorder(small, 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=(160, 150, 140)))
        blank = np.full_like(thumbs[0], 255)
        thumbs += [blank] * (-len(thumbs) % ACROSS)
        rows += [np.hstack(thumbs[start : start + ACROSS]) for start in range(0, len(thumbs), ACROSS)]
    path = folder / "contact.png"
    cv2.imwrite(str(path), np.vstack(rows))
    return path


def emptied(folder: Path, languages: tuple[str, ...]) -> None:
    """Without the pictures of an earlier film."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in (path for language in languages for path in folder.glob(f"{language}-*.png")):
        old.unlink()


async def all_screens(house: House, language: str, folder: Path) -> None:
    """Every screen that the tests know, one phone a person."""
    shot = 0
    for login, views in groupby(VIEWS, lambda view: view.login):
        async with house.phone() as phone:
            await begin(phone, login, language)
            for view in views:
                await open_view(phone, view)
                await phone.page.wait_for_timeout(150)
                shot += 1
                await phone.page.screenshot(path=folder / f"{language}-{shot:02}-{view.name}.png")


async def film(folder: Path, languages: tuple[str, ...], screens: bool) -> None:
    """Play it."""
    with tempfile.TemporaryDirectory(prefix="lotgate-film-") as temporary:
        os.environ["FONTCONFIG_FILE"] = str(fonts_conf(Path(temporary)))
        async with async_playwright() as playwright:
            for language in languages:
                data = Path(temporary) / language / "data"
                if screens:
                    async with running_house(data, playwright) as house:
                        await all_screens(house, language, folder)
                    continue
                await prepare(data)
                async with running_house(data, playwright, LOTGATE_CHART_BASELINE="25") as house:
                    await Film(house, language, folder).play()


def main() -> int:
    """Play, print where the pictures are."""
    parser = argparse.ArgumentParser(prog="./run film", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--screens", action="store_true", help="every screen once instead")
    args = parser.parse_args()
    languages = tuple(args.language or LANGUAGES)
    emptied(args.folder, languages)
    asyncio.run(film(args.folder, languages, args.screens))
    pictures = sorted(args.folder.glob("*-*.png"))
    print(f"{len(pictures)} pictures in {args.folder}")
    if {path.name[:2] for path in pictures} == set(LANGUAGES):
        print(contact_sheet(args.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
