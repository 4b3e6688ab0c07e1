"""The only wiring: settings to a running application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
import uuid_utils
from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import ScalarRenderPlugin

from backend.domain.signing import instant
from backend.identity.passkeys import RelyingParty
from backend.outside.certificate_pdf import certificate_pdf
from backend.outside.maker_key import maker_key
from backend.settings import Settings
from backend.store.database import Database
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.store.witness import Witness
from backend.web import (
    attachments,
    chat,
    identity,
    inspections,
    lots,
    ncrs,
    pages,
    people,
    production,
    receiving,
    releases,
)
from backend.web.parts import Parts
from backend.web.problems import RESPONSES, answer
from backend.web.session import SignedIn, signed_in

DOORS = (identity, receiving, attachments, lots, inspections, ncrs, releases, production, people, chat, pages)
ORIGIN = "lotgate"
"""Name of the log in checkpoints and in the maker's key."""
log = structlog.get_logger()


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


def relying_party(settings: Settings) -> RelyingParty:
    """Passkeys belong to the host name; localhost counts as one."""
    local = tuple(f"http://localhost:{port}" for port in (settings.port,))
    origin = settings.public_origin
    host = origin.partition("://")[2].partition(":")[0]
    if host == "localhost" or settings.origin is None:
        return RelyingParty("localhost", (*local, f"https://localhost:{settings.port}"))
    return RelyingParty(host, (origin, *local))


def parts(state: State) -> Parts:
    """What the lifespan has put together."""
    found: Parts = state.parts
    return found


async def me(request: Request[Any, Any, Any], parts: Parts) -> SignedIn:
    """Who is asking."""
    return await signed_in(request, parts.store)


def create_app(settings: Settings, clock: Callable[[], str] = now) -> Litestar:
    """The application; the database opens with its lifespan."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        from bot.transport_page import page_chat

        from scanner.worker import read_safely

        async with opened(settings, clock) as (store, witness):
            app.state.parts = Parts(
                store=store,
                party=relying_party(settings),
                attachments=settings.attachments,
                page=settings.page,
                log=witness,
                read_picture=read_safely,
                print_certificate=certificate_pdf,
                page_chat=page_chat,
            )
            yield

    return Litestar(
        route_handlers=_handlers(),
        dependencies={"parts": Provide(parts, sync_to_thread=False), "me": Provide(me)},
        exception_handlers={Exception: answer},
        lifespan=[lifespan],
        response_headers=pages.HEADERS,
        compression_config=CompressionConfig(backend="gzip", minimum_size=1000, exclude=["/api/chat"]),
        request_max_body_size=2**20,
        openapi_config=OpenAPIConfig(
            title="Lotgate", version="0.1.0", path="/schema", render_plugins=[ScalarRenderPlugin()]
        ),
    )
