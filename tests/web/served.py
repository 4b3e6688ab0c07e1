"""The real application over a copy of the demo factory, asked through HTTP.

`served` runs on each engine in turn, a database of its own; `shared` is one application on SQLite for a whole
test session, for tests that leave nothing behind. The lifespan stays in a task of its own, since it must end
where it began, and pytest may end a fixture elsewhere.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from litestar import Litestar

from backend.app import create_app, now
from backend.demo.deliveries import SYMBOLOGY, DemoLabel, demo_labels
from backend.demo.factory import load_demo
from backend.demo.people import BY_LOGIN
from backend.due import run_due
from backend.settings import Settings
from backend.store.database import Database
from backend.store.door import Store
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.web.parts import Parts
from backend.web.session import COOKIE, HEADER
from tests.stores import Templates, new_id

ORIGIN = "http://localhost:8000"
PAGE = Path(__file__).parent / "page"


class Clock:
    """The server's clock, which a test may set forward (seconds)."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> str:
        if not self.ahead:
            return now()
        moment = datetime.fromtimestamp(datetime.now(UTC).timestamp() + self.ahead, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Phone:
    """A browser: cookies and CSRF header kept; `login` is whoever signed in on it last."""

    def __init__(self, app: Litestar, clock: Clock) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=ORIGIN)
        self.clock, self.login, self.session = clock, "", {}

    async def sign_in(self, login: str) -> Phone:
        """With the demo password."""
        body = {"login": login, "password": BY_LOGIN[login].password}
        answer = await self.client.post("/api/session", json=body)
        assert answer.status_code == 200, answer.text
        self.login, self.session = login, answer.json()
        self.client.headers[HEADER] = self.session["csrf"]
        return self

    @property
    def cookie(self) -> str:
        """The session's secret."""
        return str(self.client.cookies.get(COOKIE))

    def totp(self) -> str:
        """The code that this person's app shows now."""
        moment = datetime.fromisoformat(self.clock())
        return pyotp.TOTP(BY_LOGIN[self.login].totp_secret or "").at(moment)

    async def get(self, path: str, expected: int = 200, /, **params: Any) -> Any:
        """The JSON at a path; the status must be this one."""
        return _json(await self.client.get(path, params=params), expected)

    async def post(self, path: str, expected: int = 201, /, **body: Any) -> Any:
        """A command with a fresh id unless it brings one; the status must be this one."""
        return _json(await self.client.post(path, json={"id": new_id()} | body), expected)

    async def scan(self, text: str) -> Any:
        """What a code is, asked as the page asks: no command, so no id."""
        return _json(await self.client.post("/api/scan", json={"codes": [scanned(text)]}), 200)

    async def put(self, path: str, expected: int = 200, /, **body: Any) -> Any:
        """The same by PUT."""
        return _json(await self.client.put(path, json={"id": new_id()} | body), expected)

    async def refused(self, expected: int, path: str, /, **body: Any) -> list[str]:
        """The codes of a command that must be refused with this status."""
        return codes(await self.post(path, expected, **body))


class Served:
    """A running application, and what a test asks of it."""

    def __init__(self, app: Litestar, settings: Settings, clock: Clock) -> None:
        self.app, self.settings, self.clock = app, settings, clock
        self._phones: dict[str, Phone] = {}

    @property
    def parts(self) -> Parts:
        """What the lifespan has put together."""
        found: Parts = self.app.state.parts
        return found

    @property
    def store(self) -> Store:
        """Behind its doors, for looking."""
        return self.parts.store

    def phone(self) -> Phone:
        """A browser in which nobody is signed in."""
        return Phone(self.app, self.clock)

    async def by(self, login: str) -> Phone:
        """The phone of a demo person, signed in once."""
        if login not in self._phones:
            self._phones[login] = await self.phone().sign_in(login)
        return self._phones[login]

    async def label(self, order: str) -> DemoLabel:
        """The label on the open delivery `0412/2`."""
        return next(each for each in await demo_labels(self.store.read) if each.order.endswith(order))

    async def receive(self, order: str, **fields: Any) -> Any:
        """The warehouse scans a delivery's label and receives it."""
        label = await self.label(order)
        body = {"codes": [scanned(label.text)], "order_line_id": label.order_line_id} | fields
        return await (await self.by("wang")).post("/api/receipts", **body)

    async def events(self, **params: Any) -> list[dict[str, Any]]:
        """The newest events, as quality reads them."""
        found: list[dict[str, Any]] = await (await self.by("zhou")).get("/api/log", **params)
        return found


def scanned(text: str) -> dict[str, str]:
    """A code as the page's reader hands it over."""
    return {"text": text, "symbology_id": SYMBOLOGY}


def codes(problem: dict[str, Any]) -> list[str]:
    """Reason codes of a problem."""
    return [reason["code"] for reason in problem["reasons"]]


def _json(answer: httpx.Response, status: int) -> Any:
    assert answer.status_code == status, f"{answer.request.url} {answer.status_code}: {answer.text[:600]}"
    return answer.json() if answer.content else None


@asynccontextmanager
async def serving(folder: Path, database: Database) -> AsyncIterator[Served]:
    """An application on this database, its lifespan in a task of its own."""
    url = database.url if isinstance(database, PostgresDatabase) else None
    data = folder / "data"
    data.mkdir()
    settings = Settings(
        data=data, database_url=url, port=8000, host="localhost", origin=None, page=PAGE, telegram_token=None
    )
    if isinstance(database, SqliteDatabase):
        shutil.copyfile(database.path, settings.sqlite)
    clock = Clock()
    app = create_app(settings, clock)
    started, ending = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            started.set()
            await ending.wait()

    life = asyncio.create_task(live(), name="lotgate lifespan")
    waiting = asyncio.create_task(started.wait())
    await asyncio.wait([life, waiting], return_when=asyncio.FIRST_COMPLETED)
    if not started.is_set():
        waiting.cancel()
        await life  # raises what kept it from starting
    try:
        yield Served(app, settings, clock)
    finally:
        ending.set()
        await life


async def _demo(store: Store) -> None:
    await load_demo(store, lambda: datetime.now(UTC))


@pytest.fixture
async def served(engine: str, templates: Templates, tmp_path: Path) -> AsyncIterator[Served]:
    """The demo factory on each engine, of this test's own."""
    if engine == "sqlite":
        async with serving(tmp_path, await templates.copy(engine, "demo", _demo)) as running:
            yield running
        return
    async with templates.lent(engine, "demo", _demo) as store, serving(tmp_path, store.database) as running:
        yield running


@pytest.fixture(scope="session")
async def shared(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """One application on SQLite for all tests that leave nothing behind."""
    folder = tmp_path_factory.mktemp("shared")
    async with serving(folder, await templates.copy("sqlite", "demo", _demo)) as running:
        while await run_due(running.parts, running.clock()):
            pass  # certificates are printed now, not in the middle of a test
        yield running
