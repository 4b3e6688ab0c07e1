"""Running page and API in this process: HTTP for this machine, HTTPS for phones, one application behind both."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server

from backend.app import create_app
from backend.settings import Settings


async def run_server(
    settings: Settings,
    address: str,
    certificate: tuple[Path, Path] | None,
    ready: Callable[[], None],
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called once requests are answered."""
    app = create_app(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with app.lifespan():
        servers = [_server(app, address, settings.port)]
        if certificate is not None:
            servers.append(_server(app, "0.0.0.0", settings.secure_port, *certificate))
        running = [asyncio.create_task(server.serve()) for server in servers]
        await _answers(settings.port)
        ready()
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
        for server in servers:
            with contextlib.suppress(Exception):
                server.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait(running, timeout=5)
        for task in [*running, stopping]:
            task.cancel()


def _server(
    app: object, address: str, port: int, certificate: Path | None = None, key: Path | None = None
) -> Server:
    return Server(
        app,
        address=address,
        port=port,
        interface=Interfaces.ASGINL,
        ssl_cert=certificate,
        ssl_key=key,
        log_enabled=False,
    )


async def _answers(port: int) -> None:
    """Wait until the port takes connections."""
    for _ in range(200):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise RuntimeError(f"nothing answers on port {port}: is it taken? LOTGATE_PORT=8100 moves it")
