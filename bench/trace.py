"""What the page's main thread did, from Chromium's own trace: processor time, not the clock of a busy machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from playwright.async_api import CDPSession

from tests.pwa.house import Phone

CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "loading", "blink.user_timing"]
SETTLED_MS = 600


class Interaction(NamedTuple):
    """A tap or key: milliseconds from the finger to the next paint, and how long the main thread worked in them."""

    kind: str
    wall: float
    worked: float


class Trace(NamedTuple):
    """Events as Chromium writes them (microseconds); filled when the tracing ends."""

    events: list[dict[str, Any]]

    def tasks(self) -> list[dict[str, Any]]:
        """Everything that main threads ran, one after the other."""
        mains = {
            (one["pid"], one["tid"])
            for one in self.events
            if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
        }
        return [
            one
            for one in self.events
            if one["name"] == "RunTask" and one["ph"] == "X" and (one["pid"], one["tid"]) in mains
        ]

    def longest(self) -> tuple[float, float]:
        """Milliseconds of processor of the task that took most, and of the clock of the one that lasted longest."""
        tasks = self.tasks()
        return max(one["tdur"] for one in tasks) / 1000, max(one["dur"] for one in tasks) / 1000

    def paint(self) -> float:
        """Seconds that the main thread worked from the opening to the largest contentful paint."""
        candidates = [one for one in self.events if one["name"] == "largestContentfulPaint::Candidate"]
        painted = max(candidates, key=lambda one: one["ts"])
        opened = next(
            one["ts"]
            for one in self.events
            if one["name"] == "navigationStart"
            and one["args"]["data"]["navigationId"] == painted["args"]["data"]["navigationId"]
        )
        return self._worked(painted["pid"], opened, painted["ts"]) / 1_000_000

    def _worked(self, process: int, begins: float, ends: float) -> float:
        """Processor time of the main thread's tasks that lie at least partly between two moments (microseconds)."""
        return float(
            sum(
                task["tdur"]
                for task in self.tasks()
                if task["pid"] == process and task["ts"] + task["dur"] > begins and task["ts"] < ends
            )
        )

    def interactions(self) -> list[Interaction]:
        """Slowest first."""
        found = list[Interaction]()
        for one in self.events:
            said = one["args"].get("data", {}) if one["name"] == "EventTiming" and one["ph"] == "b" else {}
            if said.get("interactionId"):
                worked = self._worked(one["pid"], one["ts"], one["ts"] + said["duration"] * 1000)
                found.append(Interaction(said["type"], said["duration"], worked / 1000))
        return sorted(found, key=lambda each: -each.wall)


@asynccontextmanager
async def traced(phone: Phone) -> AsyncIterator[Trace]:
    """Traces everything that happens inside."""
    trace, ended = Trace([]), asyncio.Event()
    browser = phone.context.browser
    assert browser is not None
    session: CDPSession = await browser.new_browser_cdp_session()
    session.on("Tracing.dataCollected", lambda said: trace.events.extend(said["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.set())
    await session.send(
        "Tracing.start",
        {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": CATEGORIES}},
    )
    try:
        yield trace
        await phone.page.wait_for_timeout(SETTLED_MS)
    finally:
        await session.send("Tracing.end")
        await ended.wait()
        await session.detach()
