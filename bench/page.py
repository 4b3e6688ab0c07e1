"""`./run bench page [open|answer|list ...]`: how soon the page stands and answers, and how a list of 10 000 lots
scrolls, at 1/4 of the machine's speed. Largest contentful paint (LCP), layout shift (CLS), longest interaction (INP),
longest task, rows in the document. Each by the browser's clock, and as the processor time that the page's main thread
took of it: a clock on a busy machine counts what the others do.

A tap is a finger's own two events, after a moment to read: what drives the browser looks at nothing in between. What
stands beside it is the same tap on a bare page of one button, in the same browser at the same speed.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import CDPSession, Locator, async_playwright, expect
from pysqlite3 import dbapi2 as sqlite

from bench.trace import Trace, traced
from tests.pwa import tasks
from tests.pwa.deliveries import expected
from tests.pwa.house import House, Phone, running_house
from tests.pwa.views import enter

THROTTLE = 4
LOTS = 10_000
SCREENS = 120
"""How far the list is scrolled, in heights of the phone."""
OBSERVED = """() => {
  window.seen = { lcp: 0, cls: 0, inp: 0, task: 0 };
  const observe = (type, take, more = {}) =>
    new PerformanceObserver(list => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  observe("largest-contentful-paint", one => { window.seen.lcp = one.startTime; });
  observe("layout-shift", one => { if (!one.hadRecentInput) window.seen.cls += one.value; });
  observe("event", one => { if (one.interactionId) window.seen.inp = Math.max(window.seen.inp, one.duration); },
    { durationThreshold: 16 });
  observe("longtask", one => { window.seen.task = Math.max(window.seen.task, one.duration); });
}"""
SCROLLED = """async screens => {
  window.seen.task = 0;
  let most = 0;
  for (let at = 0; at < screens; at += 1) {
    scrollBy(0, innerHeight * 0.8);
    await new Promise(done => setTimeout(done, 120));
    most = Math.max(most, document.querySelectorAll("[data-testid=lot-row]").length);
  }
  return { most, task: window.seen.task, height: document.documentElement.scrollHeight };
}"""


READING_MS, TAP_MS = 400, 80
"""Before a tap, and how long the finger stays."""
BARE = """<!doctype html><meta name=viewport content="width=device-width"><button data-testid=count
style="font-size:3rem">0</button>"""
COUNTS = """() => document.querySelector("button").addEventListener("click",
  event => { event.target.textContent = Number(event.target.textContent) + 1; })"""


async def slow_phone(phone: Phone) -> None:
    """Observers before anything is loaded, and the throttle."""
    await phone.page.add_init_script(f"({OBSERVED})()")
    session = await phone.context.new_cdp_session(phone.page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})


async def seen(phone: Phone) -> dict[str, float]:
    """What the observers have."""
    await phone.page.wait_for_timeout(500)
    found: dict[str, float] = await phone.page.evaluate("window.seen")
    return found


class Thumb(Phone):
    """A phone that is touched as by a finger."""

    finger: CDPSession

    async def touch(self, place: Locator) -> None:
        """Reads, then taps; nothing else is asked of the page between the finger's two events."""
        await expect(place).to_be_enabled()
        await place.evaluate("place => place.scrollIntoView({ block: 'center' })")  # not below the bar
        await self.page.wait_for_timeout(READING_MS)
        box = await place.bounding_box()
        assert box is not None
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        await self.finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
        await asyncio.sleep(TAP_MS / 1000)
        await self.finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@asynccontextmanager
async def thumb(house: House) -> AsyncIterator[Thumb]:
    """Such a phone, slow."""
    async with house.phone() as phone:
        held = Thumb(house, phone.context, phone.page)
        held.finger = await held.context.new_cdp_session(held.page)
        await held.finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        await slow_phone(held)
        yield held


async def opening(house: House) -> None:
    """The first visit, and each home as it is opened again."""
    print("| at 1/4 of the speed | LCP s | of it the main thread's work s | CLS |")
    print("|---|---:|---:|---:|", flush=True)

    def row(what: str, found: dict[str, float], trace: Trace) -> None:
        print(
            f"| {what} | {found['lcp'] / 1000:.2f} | {trace.paint():.2f} | {found['cls']:.3f} |", flush=True
        )

    async with house.phone() as phone:
        await slow_phone(phone)
        async with traced(phone) as trace:
            await phone.page.goto(house.url)
            await expect(phone.at("sign-in")).to_be_visible()
        row("sign-in, first visit", await seen(phone), trace)
        for login, testid in (("wang", "nav-scan"), ("li", "work-inspection"), ("sun", "work-release")):
            await enter(phone, login, "en")
            await phone.ready_for_offline()
            async with traced(phone) as trace:
                await phone.page.reload()
                await expect(phone.at(testid).first).to_be_visible()
            row(f"home of {login}, opened again", await seen(phone), trace)


async def answering(house: House) -> None:
    """Ten items, and two signatures; beside them a button that does nothing but count."""
    await expected(house, [("TUB-30", "QH")], received=True)
    await expected(house, [("CAP-04", "QH")] * 2, inspected=True)
    print(
        "| at 1/4 of the speed | INP ms | the median tap or key | main thread's work, most | longest task, work |"
    )
    print("|---|---:|---:|---:|---:|", flush=True)

    def row(what: str, trace: Trace) -> None:
        taken = trace.interactions()
        walls, most = [one.wall for one in taken], max(one.worked for one in taken)
        print(
            f"| {what} | {max(walls):.0f} | {median(walls):.0f} | {most:.0f} | {trace.longest()[0]:.0f} |",
            flush=True,
        )

    async with thumb(house) as phone:
        await phone.page.goto("about:blank")
        await phone.page.set_content(BARE)
        await phone.page.evaluate(COUNTS)
        async with traced(phone) as trace:
            for _ in range(10):
                await phone.touch(phone.at("count"))
        row("a bare page's button, ten taps", trace)
    async with thumb(house) as phone:
        await enter(phone, "li", "zh")
        sheet = await tasks.untouched(phone)
        async with traced(phone) as trace:
            await tasks.inspect(phone, sheet)
        row("ten items answered", trace)
    async with thumb(house) as phone:
        await enter(phone, "sun", "zh")
        await phone.add_passkey("sun")
        told = {notice["subject_id"] for notice in await phone.api("/api/notices")}
        work: dict[str, Any] = await phone.api("/api/worklist")
        ready = [one["receipt_id"] for one in work["releases"] if one["ready"] and one["receipt_id"] in told]
        async with traced(phone) as trace:
            await tasks.first_signature(phone, ready[-2])
            await tasks.release(phone, ready[-1])
        row("two signatures", trace)


def multiply_lots(database: Path) -> None:
    """The rows of one lot, ten thousand times under other numbers: for looking at, never for the log."""
    with sqlite.connect(str(database)) as connection:
        columns = [each[1] for each in connection.execute("pragma table_info(lot)")]
        kept = ", ".join(name for name in columns if name not in ("id", "number", "supplier_lot"))
        first = connection.execute("select id from lot order by number limit 1").fetchone()[0]
        connection.executemany(
            f"insert into lot (id, number, supplier_lot, {kept}) select ?, ?, ?, {kept} from lot where id = ?",
            [
                (f"0195{place:04x}-0000-7000-8000-{place:012x}", f"L27-{place:06}", f"S{place:06}", first)
                for place in range(LOTS)
            ],
        )
    connection.close()


async def scrolling(house: House) -> None:
    """Down a list of all of them."""
    async with house.phone() as phone:
        await slow_phone(phone)
        await enter(phone, "zhou", "en")
        await phone.go("/lots")
        await expect(phone.at("lot-row").first).to_be_visible()
        await phone.page.wait_for_timeout(1_000)
        async with traced(phone) as trace:
            found = await phone.page.evaluate(SCROLLED, SCREENS)
    print(
        f"list of {LOTS} lots, {SCREENS} screens down to {found['height']} px: at most {found['most']} rows in the "
        f"document, longest task {trace.longest()[0]:.0f} ms of work, {found['task']:.0f} ms by the clock"
    )


async def bench(chosen: list[str]) -> int:
    """Measure and print."""
    print("load average", *(f"{each:.1f}" for each in os.getloadavg()))
    with tempfile.TemporaryDirectory(prefix="lotgate-page-") as name:
        data = Path(name) / "data"
        async with async_playwright() as playwright:
            async with running_house(data, playwright) as house:
                if "open" in chosen:
                    await opening(house)
                if "answer" in chosen:
                    await answering(house)
            if "list" in chosen:
                multiply_lots(data / "lotgate.sqlite3")
                async with running_house(data, playwright) as house:
                    await scrolling(house)
    print("load average", *(f"{each:.1f}" for each in os.getloadavg()))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(bench(sys.argv[1:] or ["open", "answer", "list"])))
