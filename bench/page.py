"""`./run bench page [list]`: how soon the page stands and answers, and how a list of 10 000 lots scrolls, at 1/4 of
the machine's speed. Largest contentful paint (LCP), layout shift (CLS), longest interaction (INP), longest task, rows
in the document; from the browser's own observers.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright, expect

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


def row(what: str, found: dict[str, float]) -> None:
    """One line of the table."""
    print(
        f"| {what} | {found['lcp'] / 1000:.2f} | {found['cls']:.3f} | {found['inp']:.0f} | {found['task']:.0f} |",
        flush=True,
    )


async def opening(house: House) -> None:
    """The first visit, and each home as it is opened again."""
    async with house.phone() as phone:
        await slow_phone(phone)
        await phone.page.goto(house.url)
        await expect(phone.at("sign-in")).to_be_visible()
        row("sign-in, first visit", await seen(phone))
        for login, testid in (("wang", "nav-scan"), ("li", "work-inspection"), ("sun", "work-release")):
            await enter(phone, login, "en")
            await phone.ready_for_offline()
            await phone.page.reload()
            await expect(phone.at(testid).first).to_be_visible()
            row(f"home of {login}, opened again", await seen(phone))


async def answering(house: House) -> None:
    """Ten items, and a signature."""
    await expected(house, [("TUB-30", "QH")], received=True)
    await expected(house, [("CAP-04", "QH")] * 2, inspected=True)
    async with house.phone() as phone:
        await slow_phone(phone)
        await enter(phone, "li", "zh")
        await tasks.inspect(phone, await tasks.untouched(phone))
        row("ten items answered", await seen(phone))
    async with house.phone() as phone:
        await slow_phone(phone)
        await enter(phone, "sun", "zh")
        await phone.add_passkey("sun")
        told = {notice["subject_id"] for notice in await phone.api("/api/notices")}
        work: dict[str, Any] = await phone.api("/api/worklist")
        ready = [one["receipt_id"] for one in work["releases"] if one["ready"] and one["receipt_id"] in told]
        await tasks.first_signature(phone, ready[-2])
        await tasks.release(phone, ready[-1])
        row("two signatures", await seen(phone))


def multiply_lots(database: Path) -> None:
    """The rows of one lot, ten thousand times under other numbers: for looking at, never for the log."""
    with sqlite3.connect(database) as connection:
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
        found = await phone.page.evaluate(SCROLLED, SCREENS)
    print(
        f"list of {LOTS} lots, {SCREENS} screens down to {found['height']} px: at most {found['most']} rows in the "
        f"document, longest task {found['task']:.0f} ms"
    )


async def bench(only_list: bool) -> int:
    """Measure and print."""
    print("load average", *(f"{each:.1f}" for each in os.getloadavg()))
    print("| at 1/4 of the speed | LCP s | CLS | INP ms | longest task ms |")
    print("|---|---:|---:|---:|---:|", flush=True)
    with tempfile.TemporaryDirectory(prefix="lotgate-page-") as name:
        data = Path(name) / "data"
        async with async_playwright() as playwright:
            async with running_house(data, playwright) as house:
                if not only_list:
                    await opening(house)
                    await answering(house)
            multiply_lots(data / "lotgate.sqlite3")
            async with running_house(data, playwright) as house:
                await scrolling(house)
    print("load average", *(f"{each:.1f}" for each in os.getloadavg()))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(bench(sys.argv[1:] == ["list"])))
