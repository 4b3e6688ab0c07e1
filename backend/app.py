"""The only wiring: settings to a running application."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import structlog
import uuid_utils
from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from backend.actions.complete_rights import complete_all_rights
from backend.calling import Caller, keep_calling
from backend.channel_senders import channel_sender, push_key
from backend.domain.certificates import Certificate, Language
from backend.domain.lot_labels import LotLabel, Media
from backend.domain.people import Who
from backend.domain.recall_papers import RecallPaper
from backend.domain.record_exports import HEAD, Format, RecordExport, rows_of
from backend.domain.sheets import Table
from backend.domain.signing import instant
from backend.domain.telling import Sent
from backend.domain.webhooks import read_inside
from backend.due import keep_running
from backend.exchange.keeping import Exchange, keep_exchanging
from backend.identity.passkeys import RelyingParty
from backend.outside.maker_key import maker_key
from backend.settings import Settings
from backend.store.attachment_files import write_bytes
from backend.store.database import Database, Unavailable
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.store.witness import Witness
from backend.watching import keep_watching
from backend.web import (
    attachments,
    capas,
    change_requests,
    charts,
    chat,
    complaints,
    dashboards,
    documents,
    doubles,
    environment,
    epcis,
    equipment,
    gauges,
    identity,
    imports,
    inspections,
    labels,
    lots,
    ncrs,
    opening_stock,
    pages,
    people,
    plans,
    production,
    recalls,
    receiving,
    record_exports,
    releases,
    report_schedules,
    reports,
    result_imports,
    retests,
    revocations,
    rights,
    search,
    second_looks,
    series,
    shipments,
    suppliers,
    telling,
    traces,
    units,
    webhooks,
)
from backend.web.asking import Has
from backend.web.headers import with_headers
from backend.web.parts import Parts
from backend.web.problems import RESPONSES, answer, refuse_unreadable
from backend.web.session import SignedIn, signed_in

DOORS = (
    identity,
    receiving,
    imports,
    attachments,
    lots,
    search,
    record_exports,
    reports,
    report_schedules,
    labels,
    inspections,
    result_imports,
    plans,
    documents,
    gauges,
    equipment,
    series,
    telling,
    webhooks,
    charts,
    ncrs,
    capas,
    change_requests,
    complaints,
    dashboards,
    releases,
    opening_stock,
    retests,
    units,
    revocations,
    second_looks,
    production,
    shipments,
    suppliers,
    doubles,
    traces,
    environment,
    epcis,
    recalls,
    people,
    rights,
    chat,
    pages,
)
ORIGIN = "lotgate"
"""Name of the log in checkpoints and in the maker's key."""
FIRST_CHANNEL = 5.0
"""Seconds between looks whether there is a channel yet."""
log = structlog.get_logger()


def keep_logs_plain() -> None:
    """One JSON object a line: what a stranger sent can't break a line, and no variable's value is written."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    )


def now() -> str:
    """The server's time, UTC."""
    return instant(datetime.now(UTC))


def new_id() -> str:
    """UUIDv7: ordered by time."""
    return str(uuid_utils.uuid7())


def open_database(settings: Settings) -> Database:
    """SQLite in the data folder, or PostgreSQL where an address is given."""
    if settings.database_url:
        return PostgresDatabase(settings.database_url)
    return SqliteDatabase(settings.sqlite)


@asynccontextmanager
async def opened(settings: Settings, clock: Callable[[], str] = now) -> AsyncIterator[tuple[Store, Witness]]:
    """Store and witness: migrated, caught up, closed in order."""
    settings.data.mkdir(parents=True, exist_ok=True)
    key = maker_key(settings.data, ORIGIN)
    (settings.data / "maker.vkey").write_text(f"{key.vkey}\n")
    store = Store(open_database(settings), clock, new_id)
    witness = Witness(settings.log, key.vkey, key.sign)
    witness.attach(store)
    await store.open()
    try:
        await migrate(store.database)
        await witness.catch_up(store.read_long)
        yield store, witness
    finally:
        await store.close()
        await witness.close()


def _handlers() -> list[Any]:
    """Every handler, each with the problems that it may answer with."""
    handlers = [handler for door in DOORS for handler in door.HANDLERS]
    for handler in handlers:
        if isinstance(handler, HTTPRouteHandler):
            handler.responses = RESPONSES
    return handlers


def relying_parties(settings: Settings) -> dict[str, RelyingParty]:
    """Passkeys belong to a host name: the one that people use, and localhost on the machine itself."""
    local = f"http://localhost:{settings.port}"
    parties = {"localhost": RelyingParty("localhost", (local, local.replace("http:", "https:")))}
    host = settings.public_origin.partition("://")[2].partition(":")[0]
    if host != "localhost":
        parties[host] = RelyingParty(host, (settings.public_origin,))
    return parties


def page_chats(settings: Settings) -> Callable[..., Any]:
    """The bot's dispatcher behind the page; loaded at the first chat, since it takes seconds."""

    async def keep_file(body: bytes) -> str:
        return await asyncio.to_thread(write_bytes, settings.attachments, body)

    made: list[Any] = []

    def chat(store: Store, who: Who, send: Callable[[Any], Awaitable[None]]) -> Any:
        from bot.transport_page import PageChats
        from bot.turn import Hands
        from scanner.worker import print_reader, read_safely

        if not made:
            hands = Hands(read_safely, keep_file, settings.public_origin, print_reader())
            made.append(PageChats(store, hands))
        return made[0].chat(who, send)

    return chat


async def read_picture(body: bytes) -> list[Any]:
    """The codes of a picture; what reads it is loaded with the first one."""
    worker = await asyncio.to_thread(import_module, "scanner.worker")
    codes: list[Any] = await worker.read_safely(body)
    return codes


async def read_print(body: bytes) -> list[Any]:
    """The lines of print on a picture, likewise."""
    worker = await asyncio.to_thread(import_module, "scanner.worker")
    lines: list[Any] = await worker.read_print_safely(body)
    return lines


def print_certificate(certificate: Certificate, language: Language) -> bytes:
    """The PDF; the typesetter is loaded with the first one."""
    from backend.outside.certificate_pdf import certificate_pdf

    return certificate_pdf(certificate, language)


def print_recall(paper: RecallPaper, language: Language) -> bytes:
    """Likewise the letters and reports of a recall."""
    from backend.outside.recall_pdf import recall_pdf

    return recall_pdf(paper, language)


def print_record(export: RecordExport, form: Format, language: Language) -> bytes:
    """Likewise a whole record, or its workbook."""
    if form == "xlsx":
        from backend.outside.sheet_out import xlsx

        return xlsx(HEAD, rows_of(export))
    from backend.outside.record_pdf import record_pdf

    return record_pdf(export, language)


def draw_labels(labels: list[LotLabel], media: Media, copies: int, format: str, dpi: int) -> bytes:
    """The file for a printer; what draws it is loaded with the first one."""
    from backend.outside import label_print

    return label_print.draw_labels(labels, media, copies, format, dpi)


def webhook_source(settings: Settings) -> str:
    """By which receivers know this house; a trial run by another one."""
    return f"{settings.public_origin}/trial-run" if settings.trial == "yes" else settings.public_origin


def webhook_caller(settings: Settings) -> Caller:
    """What calls other systems; loaded with the first call."""
    inside = read_inside(settings.inside)

    async def call(address: str, headers: dict[str, str], body: bytes) -> tuple[Sent, int | None]:
        from backend.outside import webhook_call

        return await webhook_call.call(address, headers, body, inside)

    return call


async def keep_telling(store: Store, settings: Settings) -> None:
    """Cards on channels, from the first channel on; until cancelled."""
    while True:
        if await any_channel(store):
            break
        await asyncio.sleep(FIRST_CHANNEL)
    from bot.channels import ChannelCourier

    send = channel_sender(settings)
    await ChannelCourier(store, send, settings.public_origin, time.monotonic).run()


async def any_channel(store: Store) -> bool:
    """Whether there is any channel; a database that is away is asked again."""
    try:
        return bool(await store.read.rows("select id from channel where ended_at is null limit 1"))
    except Unavailable:
        return False


def read_table(data: bytes) -> Table:
    """A spreadsheet; what reads workbooks is loaded with the first one."""
    from backend.outside import workbook

    return workbook.read_table(data)


def exchanging(store: Store, settings: Settings) -> list[asyncio.Task[None]]:
    """The work of the watched folder, where there is one."""
    if settings.exchange is None:
        return []
    work = keep_exchanging(store, Exchange(*settings.exchange), read_table)
    return [asyncio.create_task(work, name="lotgate watched folder")]


async def me(request: Request[Any, Any, Any], parts: Has) -> SignedIn:
    """Who is asking."""
    return await signed_in(request, parts)


def create_app(settings: Settings, clock: Callable[[], str] = now) -> Litestar:
    """The application; the database opens with its lifespan."""

    keep_logs_plain()
    key = push_key(settings)

    async def parts() -> Parts:
        """What the lifespan has put together."""
        found: Parts = app.state.parts
        return found

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        from scanner.extras import reads_print

        async with opened(settings, clock) as (store, witness):
            await complete_all_rights(store)
            app.state.parts = Parts(
                store=store,
                parties=relying_parties(settings),
                attachments=settings.attachments,
                page=settings.page,
                log=witness,
                read_picture=read_picture,
                read_print=read_print if reads_print() else None,
                print_certificate=print_certificate,
                print_recall=print_recall,
                print_record=print_record,
                draw_labels=draw_labels,
                read_table=read_table,
                page_chat=page_chats(settings),
                watch=settings.watch,
                inside=settings.inside,
                push_key=lambda: key().public,
            )
            runners = (
                asyncio.create_task(keep_running(app.state.parts), name="lotgate due work"),
                asyncio.create_task(keep_watching(store, settings.watch), name="lotgate early warning"),
                asyncio.create_task(keep_telling(store, settings), name="lotgate channels"),
                asyncio.create_task(
                    keep_calling(store, webhook_source(settings), webhook_caller(settings)),
                    name="lotgate webhooks",
                ),
                *exchanging(store, settings),
            )
            try:
                yield
            finally:
                for runner in runners:
                    runner.cancel()
                await asyncio.gather(*runners, return_exceptions=True)

    app = Litestar(
        route_handlers=_handlers(),
        dependencies={"parts": Provide(parts), "me": Provide(me)},
        exception_handlers={Exception: answer},
        before_request=refuse_unreadable,
        lifespan=[lifespan],
        compression_config=CompressionConfig(backend="gzip", minimum_size=1000, exclude=["/api/chat"]),
        request_max_body_size=2**20,
        openapi_config=OpenAPIConfig(
            title="Lotgate", version="0.1.0", path="/schema", render_plugins=[JsonRenderPlugin()]
        ),
    )
    app.asgi_handler = with_headers(app.asgi_handler, settings.trial)
    return app
