"""The Telegram bot as a process of its own: `python -m bot.main`.

It opens the same database as the page's process and serves the same actions. Killed at any moment, it goes
on where it was when it is started again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import uuid_utils
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from typst import TypstError

from backend.actions.note_report import NoteReport
from backend.domain.errors import LotgateError
from backend.domain.notices import Notice
from backend.domain.people import Who
from backend.domain.report_schedules import ReportRun, ReportSchedule
from backend.domain.signing import instant
from backend.outside.chart_picture import svg_png
from backend.outside.maker_key import maker_key
from backend.outside.trial_mark import MARK, is_trial
from backend.settings import Settings, read_settings
from backend.store.attachment_files import path_of, write_bytes
from backend.store.database import Database, Unavailable
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.reporting_rights import may_see
from backend.store.sqlite import SqliteDatabase
from backend.store.witness import Witness
from backend.views.chart_pictures import signal_svg
from bot.delivery import Courier, Handed
from bot.dispatcher import build_dispatcher
from bot.idle import Idle
from bot.pace import Patience
from bot.polling import poll
from bot.settings import BotSettings, TokenMissing, read_bot_settings
from bot.trial import Marked
from bot.turn import Hands
from bot.webhook import WebhookSecretMissing, serve_webhook
from scanner.worker import print_reader, read_safely

LOG_ORIGIN = "lotgate"
MOST_HANDED = 50_000_000
"""Bytes of a file that a bot may send (Bot API, sendDocument)."""
log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, migrated, with its witness."""
    settings.data.mkdir(parents=True, exist_ok=True)
    key = maker_key(settings.data, LOG_ORIGIN)
    database: Database = (
        PostgresDatabase(settings.database_url) if settings.database_url else SqliteDatabase(settings.sqlite)
    )
    store = Store(database, lambda: instant(datetime.now(UTC)), lambda: str(uuid_utils.uuid7()))
    witness = Witness(settings.log, key.vkey, key.sign)
    witness.attach(store)
    await store.open()
    try:
        await migrate(store.database)
        await witness.catch_up(store.read_long)
        yield store
    finally:
        await store.close()
        await witness.close()


def hands_of(
    attachments: Path, base_url: str, draw: Callable[[str], Awaitable[bytes]] | None = None
) -> Hands:
    """Scanner and file store, as every transport of this machine uses them; `draw` where it takes pictures."""

    async def keep_file(body: bytes) -> str:
        return await asyncio.to_thread(write_bytes, attachments, body)

    return Hands(read_safely, keep_file, base_url, print_reader(), draw)


async def drawn(svg: str) -> bytes:
    """A drawing as PNG."""
    return await asyncio.to_thread(svg_png, svg)


def pictures(store: Store, settings: Settings) -> Callable[[Notice, Who], Awaitable[bytes | None]]:
    """The chart of an early warning; one that can't be drawn goes without."""

    async def draw(notice: Notice, who: Who) -> bytes | None:
        try:
            svg = await signal_svg(store.read, notice.subject_id, who.language, settings.watch)
            return await asyncio.to_thread(svg_png, svg) if svg is not None else None
        except (LotgateError, TypstError) as error:
            log.warning("a chart could not be drawn: %s", error)
            return None

    return draw


def files(store: Store, attachments: Path) -> Callable[[Notice, Who], Awaitable[Handed | None]]:
    """The report of a notice, where its receiver may still see it; without it the notice goes with its link."""

    async def hand(notice: Notice, who: Who) -> Handed | None:
        run = await store.read.get(ReportRun, str(notice.facts["run"]))
        schedule = await store.read.get(ReportSchedule, run.schedule_id)
        path = path_of(attachments, run.file or "")
        may = await may_see(store.read, run.site_id, schedule.report, [who.person_id], store.clock())
        if (
            not may
            or run.file is None
            or run.gone_at is not None
            or run.name is None
            or run.size > MOST_HANDED
            or not path.exists()
        ):
            return None
        noted = NoteReport(
            id=store.new_id(),
            kind=schedule.report,
            filters=schedule.filters,
            format=schedule.form,
            sha256=run.file,
        )
        return Handed(run.name, await asyncio.to_thread(path.read_bytes), noted)

    return hand


def make_bot(settings: BotSettings) -> Bot:
    """The Bot API client: patient, and with our markup."""
    api = TelegramAPIServer.from_base(settings.api) if settings.api else PRODUCTION
    session = AiohttpSession(api=api)
    session.middleware(Patience())
    if is_trial():
        session.middleware(Marked(MARK))
    return Bot(settings.token, session=session, default=DefaultBotProperties(parse_mode="HTML"))


async def serve(settings: Settings, bot_settings: BotSettings, stop: asyncio.Event) -> None:
    """Listen, answer and deliver until `stop`."""
    async with opened(settings) as store:
        bot = make_bot(bot_settings)
        dispatcher = build_dispatcher(store, hands_of(settings.attachments, settings.public_origin, drawn))
        draw = pictures(store, settings)
        idle = Idle(store, dispatcher["turns"], bot.id)
        courier = Courier(
            store,
            bot,
            settings.public_origin,
            time.monotonic,
            draw=draw,
            idle=idle.once,
            hand=files(store, settings.attachments),
        )
        tasks = [
            asyncio.create_task(_listen(bot, dispatcher, bot_settings), name="lotgate bot"),
            asyncio.create_task(courier.run(), name="lotgate delivery"),
            asyncio.create_task(stop.wait()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await bot.session.close()


async def _listen(bot: Bot, dispatcher: Dispatcher, settings: BotSettings) -> None:
    if settings.webhook is None:
        await poll(bot, dispatcher)
        return
    runner = await serve_webhook(
        bot, dispatcher, settings.webhook, settings.secret, settings.address, settings.port
    )
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def run(environment: Mapping[str, str]) -> None:
    """Until SIGINT or SIGTERM."""
    settings, bot_settings = read_settings(environment), read_bot_settings(environment)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(settings, bot_settings, stop)


def main() -> int:
    """The process; returns its exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(run(os.environ))
    except (TokenMissing, WebhookSecretMissing, Unavailable) as error:
        print(f"lotgate bot: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
