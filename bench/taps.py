"""`./run bench taps`: the core tasks in Chromium as a person does them, against the budget table.

Two languages, two sizes of phone, with and without a network; the page runs at a quarter of the machine's speed.
Seconds by the rule of the table: measured, and 1.1 s a tap, 0.4 s a character, 1.5 s a scan. The measured part is
by the clock, what drives the browser and what else runs on the machine included.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import ViewportSize, async_playwright

from tests.pwa import tasks
from tests.pwa.deliveries import expected, pieces, take_in
from tests.pwa.house import SIZE, SMALL_SIZE, House, Phone, film_of, running_house
from tests.pwa.tasks import Cost
from tests.pwa.views import enter

LANGUAGES = ("en", "zh")
SIZES = (SIZE, SMALL_SIZE)
THROTTLE = 4
ROW = 20


NOTHING_WAITS = "() => !document.querySelector('[data-testid=waiting-entry], [data-testid=waiting-strip]')"


class Goal(NamedTuple):
    """The budget: taps and seconds at most."""

    said: str
    taps: int | None
    seconds: float | None


GOALS = {
    "receive": Goal("receive a lot by camera, expected", 1, 5.0),
    "inspect": Goal("inspect 10 items, 6 counted and 4 measured", 12, 60.0),
    "release": Goal("approve a release from its notice", 3, 15.0),
    "resume": Goal("go on with an inspection, the page opened anew", 1, 2.0),
    "row": Goal(f"{ROW} lots in a row by hand scanner", None, None),
}


class Taken(NamedTuple):
    """One play of a task."""

    task: str
    language: str
    size: ViewportSize
    online: bool
    cost: Cost


async def slow(phone: Phone) -> None:
    """The page at a quarter of the speed."""
    session = await phone.context.new_cdp_session(phone.page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})


class Bench:
    """One task, in a house of its own: what one leaves behind is no other's work."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder

    async def all(self, task: str, languages: tuple[str, ...]) -> None:
        """In every setting; signing is online only."""
        await take_in(
            self.house, await self.house.labels()
        )  # so that each label later fits one delivery only
        for language in languages:
            for size in SIZES:
                for online in (True, False):
                    if task == "release" and not online:
                        continue
                    cost = await getattr(self, task)(language, size, online)
                    print(line_of(Taken(task, language, size, online, cost)), flush=True)

    async def receive(self, language: str, size: ViewportSize, online: bool) -> Cost:
        """The warehouse."""
        label = (await expected(self.house, pieces(1)))[0]
        async with self.house.phone(film_of(label, self.folder / "label.y4m"), size=size) as phone:
            await self._open(phone, "wang", language, online)
            cost = await tasks.receive(phone)
            await self._sent(phone)
            return cost

    async def row(self, language: str, size: ViewportSize, online: bool) -> Cost:
        """The warehouse on a busy day."""
        labels = await expected(self.house, pieces(ROW))
        async with self.house.phone(size=size) as phone:
            await self._open(phone, "wang", language, online)
            cost = await tasks.row(phone, labels)
            await phone.page.wait_for_timeout(9_000)
            await self._sent(phone)
            left = {label.order_line_id for label in await self.house.labels()}
            assert not left & {label.order_line_id for label in labels}, "every lot has arrived"
            return cost

    async def inspect(self, language: str, size: ViewportSize, online: bool) -> Cost:
        """The inspector."""
        await expected(self.house, [("TUB-30", "QH")], received=True)
        async with self.house.phone(size=size) as phone:
            await enter(phone, "li", language)
            sheet = await tasks.untouched(phone)
            await self._open(phone, "li", language, online)
            cost = await tasks.inspect(phone, sheet)
            await self._sent(phone)
            return cost

    async def resume(self, language: str, size: ViewportSize, online: bool) -> Cost:
        """The inspector, whose page went away after four answers."""
        await expected(self.house, [("TUB-30", "QH")], received=True)
        async with self.house.phone(size=size) as phone:
            await enter(phone, "li", language)
            sheet = await tasks.untouched(phone)
            await self._open(phone, "li", language, online)
            cost = await tasks.resume(phone, sheet)
            await self._sent(phone)
            return cost

    async def release(self, language: str, size: ViewportSize, online: bool) -> Cost:
        """The supervisor, who has signed once in this session."""
        await expected(self.house, pieces(2), inspected=True)
        async with self.house.phone(size=size) as phone:
            await enter(phone, "sun", language)
            await phone.add_passkey("sun")
            told = {notice["subject_id"] for notice in await phone.api("/api/notices")}
            ready = [
                one["receipt_id"]
                for one in (await phone.api("/api/worklist"))["releases"]
                if one["ready"] and one["receipt_id"] in told
            ]
            await tasks.first_signature(phone, ready[-2])
            await slow(phone)
            return await tasks.release(phone, ready[-1])

    async def _sent(self, phone: Phone) -> None:
        """What waits has gone out, so that the next play begins as this one did."""
        await phone.network(True)
        await phone.go("/waiting")
        await phone.page.wait_for_function(NOTHING_WAITS, timeout=120_000)

    async def _open(self, phone: Phone, login: str, language: str, online: bool) -> None:
        await enter(phone, login, language)
        await phone.ready_for_offline()
        await phone.page.wait_for_timeout(1_000)
        await slow(phone)
        await phone.network(online)


def line_of(taken: Taken) -> str:
    """A row of the table."""
    goal, cost = GOALS[taken.task], taken.cost
    within = (goal.taps is None or cost.taps <= goal.taps) and (
        goal.seconds is None or cost.seconds <= goal.seconds
    )
    width, height = taken.size["width"], taken.size["height"]
    return (
        f"| {goal.said} | {taken.language} | {width} x {height} | {'online' if taken.online else 'offline'} "
        f"| {cost.taps} | {goal.taps if goal.taps is not None else '-'} | {cost.characters} | {cost.scans} "
        f"| {cost.machine:.1f} | {cost.seconds:.1f} | {goal.seconds or '-'} | {'yes' if within else 'NO'} |"
    )


async def bench(chosen: list[str], languages: tuple[str, ...]) -> int:
    """Play and print."""
    print("load average", *(f"{each:.1f}" for each in os.getloadavg()))
    print(
        "| task | language | phone | network | taps | at most | characters | scans | machine s | s | at most | within |"
    )
    print("|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="lotgate-taps-") as name:
        folder = Path(name)
        async with async_playwright() as playwright:
            for task in chosen:
                async with running_house(folder / task, playwright) as house:
                    await Bench(house, folder).all(task, languages)
    print("load average", *(f"{each:.1f}" for each in os.getloadavg()))
    return 0


def main() -> int:
    """The tasks named, or all."""
    parser = argparse.ArgumentParser(prog="./run bench taps", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("tasks", nargs="*", choices=[*GOALS, []], default=[])
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    args = parser.parse_args()
    return asyncio.run(bench(args.tasks or list(GOALS), tuple(args.language or LANGUAGES)))


if __name__ == "__main__":
    sys.exit(main())
