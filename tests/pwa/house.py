"""A real server with the demo factory, and phones: real Chromium with a camera that films labels.

async with running_house(tmp_path) as house:
    async with house.phone(camera=film) as phone:
        await phone.sign_in("wang", "zh")
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyotp
from playwright.async_api import BrowserContext, CDPSession, Locator, Page, Playwright, ViewportSize, expect
from playwright.async_api import Error as PlaywrightError

from backend.app import opened
from backend.demo.deliveries import DemoLabel, demo_labels
from backend.demo.people import BY_LOGIN, SITE
from backend.demo.shift import PastClock, Shift
from backend.domain.signing import instant
from backend.domain.sites import Site
from backend.settings import read_settings
from backend.store.database import Database
from backend.store.postgres import PostgresDatabase
from backend.store.reader import Reader
from backend.store.sqlite import SqliteDatabase
from scanner.draw import draw_label
from scanner.film import camera_film

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
"""Written anew with LOTGATE_PICTURES=1; otherwise a test leaves the checkout as it is."""
SIZE: ViewportSize = {"width": 390, "height": 844}
SMALL_SIZE: ViewportSize = {"width": 360, "height": 640}
READY_SECONDS = 60
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]

TYPE = """text => {
  const at = document.activeElement ?? document.body;
  const fnc1 = { key: "]", code: "BracketRight", ctrlKey: true };
  const began = performance.now();
  [...text, "Enter"].forEach((key, place) => {
    const init = key === "\\x1d" ? fnc1 : { key };
    const event = new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: began + 5 * place });
    at.dispatchEvent(event);
  });
}"""
"""The keys of a hand scanner, one each 5 ms, however long a busy page takes over each."""
KEEPS_ALL = """() => new Promise(done => {
  const opening = indexedDB.open("lotgate");
  opening.onerror = () => done(false);
  opening.onsuccess = () => {
    const db = opening.result;
    const asking = db.transaction("kept").objectStore("kept").getAll();
    asking.onsuccess = () => {
      db.close();
      const of = path => asking.result.find(one => one.key.endsWith(path));
      const sheets = of("/api/worklist")?.value.inspections.map(one => `/api/inspections/${one.id}`);
      done(sheets !== undefined && ["/api/deliveries", ...sheets].every(path => of(path)));
    };
  };
})"""
"""Does this phone keep what is expected, the work, and the sheet of each inspection in its list?"""

NO_PASSKEY = re.compile("You have no passkey|还没有通行密钥")
ARRIVED = """async search => (await (await fetch(`/api/lots?search=${search}`)).json()).lots.length > 0"""
"""Does the server know such a lot?"""

expect.set_options(timeout=20_000)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Now(PastClock):
    """The real time: what is played happens now."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))

    def __call__(self) -> str:
        self.now = datetime.now(UTC)
        return instant(self.now)

    def forward(self, to: datetime) -> None:
        """Time goes as it goes."""


class House:
    """The running server."""

    def __init__(self, data: Path, port: int, playwright: Playwright, environment: dict[str, str]) -> None:
        self.data, self.port, self.playwright, self.environment = data, port, playwright, environment
        self.url = f"http://localhost:{port}"
        self.process: asyncio.subprocess.Process | None = None
        self.codes = dict[str, str]()
        """The one-time code that each person used last: it counts once."""

    async def start(self) -> None:
        """Start it and wait until it is ready."""
        self.process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).parent / "lotgate"),
            "demo",
            "--no-phone",
            cwd=ROOT,
            env=self.environment,
            stdout=asyncio.subprocess.DEVNULL,
        )
        async with httpx.AsyncClient() as client:
            for _ in range(READY_SECONDS * 20):
                try:
                    if (await client.get(f"{self.url}/healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        raise RuntimeError("the demo did not start")

    async def stop(self, number: int = signal.SIGTERM) -> None:
        """End it as an operator would."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(number)
            await asyncio.wait_for(self.process.wait(), 20)

    async def lotgate(self, *arguments: str) -> tuple[int, str]:
        """A command on this house's data: its exit code and what it printed."""
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).parent / "lotgate"),
            *arguments,
            cwd=ROOT,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        return process.returncode or 0, printed.decode()

    async def labels(self) -> list[DemoLabel]:
        """What stands on the deliveries that are still expected."""
        settings = read_settings(self.environment)
        database: Database = (
            PostgresDatabase(settings.database_url)
            if settings.database_url
            else SqliteDatabase(settings.sqlite)
        )
        await database.open()
        try:
            return await demo_labels(Reader(database.dialect, database.fetch))
        finally:
            await database.close()

    async def play(self, work: Callable[[Shift], Awaitable[object]], clock: PastClock | None = None) -> None:
        """People at work beside the page, through the same actions, on this house's data."""
        at = clock or Now()
        async with opened(read_settings(self.environment), at) as (store, _):
            site = await store.read.first(Site, "code = $1", SITE)
            if site is None:
                raise LookupError(SITE)
            await work(Shift(store, site.id, at))

    @asynccontextmanager
    async def asked_by(self, login: str) -> AsyncIterator[httpx.AsyncClient]:
        """A program that has signed in as this person."""
        async with httpx.AsyncClient(base_url=self.url) as client:
            body = {"login": login, "password": BY_LOGIN[login].password}
            answer = await client.post("/api/session", json=body)
            client.headers["X-Lotgate-CSRF"] = answer.raise_for_status().json()["csrf"]
            yield client

    @asynccontextmanager
    async def phone(
        self,
        camera: Path | None = None,
        dark: bool = False,
        size: ViewportSize = SIZE,
        zone: str | None = None,
    ) -> AsyncIterator[Phone]:
        """A phone of one person: a browser of its own, 390 x 844 where nothing else is said; `zone`: its clock's."""
        flags = FLAGS + ([f"--use-file-for-fake-video-capture={camera}"] if camera else [])
        browser = await self.playwright.chromium.launch(
            executable_path=os.environ.get("LOTGATE_CHROMIUM") or shutil.which("chromium"), args=flags
        )
        context = await browser.new_context(
            viewport=size,
            timezone_id=zone,
            base_url=self.url,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            permissions=["camera"],
            accept_downloads=True,
        )
        phone = Phone(self, context, await context.new_page())
        try:
            yield phone
        except BaseException:
            print(await phone.last_seen())  # pytest shows it with the failure
            raise
        finally:
            await browser.close()


class Phone:
    """One page, and the few gestures that every test makes."""

    def __init__(self, house: House, context: BrowserContext, page: Page) -> None:
        self.house, self.context, self.page = house, context, page
        self.keys: CDPSession | None = None
        self.heard: deque[str] = deque(maxlen=40)
        page.set_default_timeout(30_000)
        context.on("request", lambda asked: self.heard.append(f"{asked.method} {asked.url}"))
        context.on("response", lambda answer: self.heard.append(f"{answer.status} {answer.url}"))
        context.on("console", lambda said: self.heard.append(f"says {said.text}"))

    async def last_seen(self) -> str:
        """What stood on the screen when a test failed, and what went to and fro before."""
        try:
            focus = await self.page.evaluate("[document.hasFocus(), document.visibilityState].join(' ')")
            stood = (
                f"{self.page.url} ({focus})\n{(await self.page.inner_text('body', timeout=3_000))[:3_000]}"
            )
        except PlaywrightError as gone:
            stood = str(gone)
        return "\n".join(["The phone showed:", stood, "It heard:", *self.heard])

    def at(self, testid: str) -> Any:
        """The element with this test id."""
        return self.page.get_by_test_id(testid)

    async def tap(self, testid: str) -> None:
        """Tap the first of that name."""
        await self.touch(self.at(testid).first)

    async def touch(self, place: Locator) -> None:
        """Tap there."""
        await place.click()

    async def write(self, testid: str, text: str) -> None:
        """Type into a field."""
        await self.at(testid).first.fill(text)

    async def go(self, path: str) -> None:
        """Open a screen by its address."""
        await self.page.goto(f"{self.house.url}/#{path}")

    async def sign_in(self, login: str, language: str) -> None:
        """Sign in as a demo person, and read everything in this language."""
        await self.page.goto(f"{self.house.url}/#/")
        await self.write("login", login)
        await self.write("password", BY_LOGIN[login].password)
        await self.tap("sign-in")
        await expect(self.at("nav-scan")).to_be_visible()
        await self.go("/settings")
        await self.tap(f"language-{language}")
        await expect(self.page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
        await self.go("/")

    async def api(self, path: str) -> Any:
        """What the server answers to this person's page."""
        return await self.page.evaluate("async path => (await fetch(path)).json()", path)

    async def scan(self, text: str) -> None:
        """What a hand scanner does: keys faster than any person's, FNC1 as Ctrl+], ended by Enter."""
        await self.page.evaluate(TYPE, text)

    async def ready_for_offline(self) -> None:
        """Wait until the shell and what receiving and inspecting need are on the phone."""
        await self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        await self.until(KEEPS_ALL)

    async def until(self, expression: str, argument: Any = None) -> None:
        """Asked again and again: the page's policy forbids it to evaluate texts by itself."""
        for _ in range(READY_SECONDS * 10):
            if await self.page.evaluate(expression, argument):
                return
            await self.page.wait_for_timeout(100)
        raise AssertionError(expression)

    async def arrived(self, supplier_lot: str) -> None:
        """Wait until the server has it: a list of what waits is empty too before the page has looked into its store."""
        await self.until(ARRIVED, supplier_lot)

    async def network(self, on: bool) -> None:
        """Switch the phone's network off or on."""
        await self.context.set_offline(not on)

    async def kill(self) -> None:
        """The page's process dies; the person opens the page again, where the address says."""
        address = self.page.url
        session = await self.context.new_cdp_session(self.page)
        async with self.page.expect_event("crash"):
            dying = asyncio.ensure_future(session.send("Page.crash"))
            dying.add_done_callback(lambda done: done.cancelled() or done.exception())
        dying.cancel()
        await self.page.close()
        self.page = await self.context.new_page()
        self.page.set_default_timeout(30_000)
        await self.page.goto(address)

    async def add_authenticator(self) -> None:
        """A platform authenticator with a finger on it."""
        self.keys = await self.context.new_cdp_session(self.page)
        await self.keys.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        await self.keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    async def add_passkey(self, login: str) -> None:
        """Register the phone's authenticator as this person's key."""
        await self.add_authenticator()
        await self.go("/keys")
        await self.write("passkey-name", "Phone")
        await self.write("passkey-password", BY_LOGIN[login].password)
        async with self.page.expect_response("**/api/me/passkeys") as made:
            await self.tap("add-passkey")
        assert (await made.value).ok
        await expect(self.at("passkey").first).to_be_visible()

    async def sign_by_code(self, login: str) -> None:
        """Sign what is shown by password and a fresh one-time code, also where the passkey is on another phone."""
        await expect(self.at("digest")).to_have_text(re.compile("[0-9a-f]{64}"))
        if await self.at("by-code").count():
            await self.tap("by-code")
            await expect(self.at("sign-totp")).to_be_visible()
            await expect(self.page.get_by_text(NO_PASSKEY)).to_have_count(0)
        codes = pyotp.TOTP(BY_LOGIN[login].totp_secret or "")
        if codes.now() == self.house.codes.get(login):
            await asyncio.sleep(codes.interval - time.time() % codes.interval)
        self.house.codes[login] = codes.now()
        await self.write("sign-password", BY_LOGIN[login].password)
        await self.write("sign-totp", self.house.codes[login])
        await self.accept()
        await self.tap("sign")

    async def accept(self) -> None:
        """The statement of accountability, asked for once a person."""
        if await self.at("accountability").count():
            await self.at("accountability").check()

    async def picture(self, name: str) -> None:
        """Keep what the screen shows."""
        folder = PICTURES if os.environ.get("LOTGATE_PICTURES") else self.house.data.parent / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        await self.page.wait_for_timeout(250)
        await self.page.screenshot(path=folder / f"{name}.png")


def film_of(label: DemoLabel, path: Path, format: str = "DataMatrix") -> Path:
    """A film of the label of a delivery, as a hand-held phone sees it."""
    lines = [
        label.item,
        f"LOT {label.lot}",
        f"EXP {label.expires_on}",
        f"QTY {label.quantity} {label.unit}",
        label.supplier,
    ]
    picture = draw_label(lines, bracketed(label), format)
    camera_film([picture], path, rng=np.random.default_rng(7), frames_each=30, frames_between=0)
    return path


def bracketed(label: DemoLabel) -> str:
    """The label's element string with brackets, from which a GS1 symbol is drawn."""
    from datetime import date

    from backend.domain.labels import read_label

    reading = read_label(label.text, "]d2", today=date.fromisoformat(label.made_on))
    return "".join(f"({element.ai}){element.value}" for element in reading.elements)


@asynccontextmanager
async def running_house(
    data: Path, playwright: Playwright, database_url: str | None = None, **more: str
) -> AsyncIterator[House]:
    """The demo factory on a folder of its own, on SQLite or on the PostgreSQL at the address; `more` settings."""
    port = free_port()
    environment = {
        **os.environ,
        "LOTGATE_DATA": str(data),
        "LOTGATE_PORT": str(port),
        "LOTGATE_ORIGIN": f"http://localhost:{port}",
        "LOTGATE_CHART_BASELINE": "4",  # so that a few lots make a chart whose limits stand still
        **more,
    }
    if database_url is not None:
        environment["LOTGATE_DATABASE_URL"] = database_url
    house = House(data, port, playwright, environment)
    await house.start()
    try:
        yield house
    finally:
        await house.stop()
