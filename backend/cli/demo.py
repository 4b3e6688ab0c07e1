"""`lotgate demo`: the demo factory, ready to be walked through on this machine and on a phone."""

from __future__ import annotations

import argparse
import asyncio


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
examples:
  lotgate demo
  LOTGATE_PORT=8100 LOTGATE_DATA=/tmp/factory lotgate demo

started again on the same folder it keeps its data; Ctrl-C ends it
"""
    parser.add_argument("--no-phone", action="store_true", help="HTTP on this machine only")


def run(args: argparse.Namespace) -> int:
    """Load where needed, serve, print how to open it."""
    import os
    import sys
    from datetime import UTC, datetime

    from backend.app import opened
    from backend.cli.running import run_server
    from backend.demo.factory import load_demo, play_today
    from backend.outside.local_tls import local_certificate
    from backend.settings import read_settings
    from backend.store.database import Unavailable

    settings = read_settings(os.environ)

    async def start() -> None:
        async with opened(settings) as (store, _):
            demo = await load_demo(store, lambda: datetime.now(UTC))
            loaded = demo.loaded
            if loaded:
                await play_today(store, demo.site_id, datetime.now(UTC))
        tls = None
        if not args.no_phone:
            made = local_certificate(
                settings.data / "tls", [settings.host, "localhost"], [], datetime.now(UTC)
            )
            tls = (made.certificate, made.key)
        bot = await _start_bot() if settings.telegram_token else None
        try:
            await run_server(settings, "127.0.0.1", tls, lambda: _welcome(settings, loaded, tls is not None))
        finally:
            if bot is not None and bot.returncode is None:
                bot.terminate()
                await bot.wait()

    try:
        asyncio.run(start())
    except (Unavailable, RuntimeError) as error:
        print(f"lotgate demo: {error}", file=sys.stderr)
        return 1
    print("Lotgate has ended; the data stays in", settings.data)
    return 0


async def _start_bot() -> asyncio.subprocess.Process:
    """The bot on Telegram, where there is a token; it ends with the demo."""
    import sys

    return await asyncio.create_subprocess_exec(sys.executable, "-m", "bot.main")


def _welcome(settings: object, loaded: bool, phone: bool) -> None:
    """Address, people, passwords, and how to open it on a phone."""
    import sys

    from backend.demo.people import DEMO_PEOPLE
    from backend.outside.qr_terminal import print_qr
    from backend.settings import Settings

    assert isinstance(settings, Settings)
    print(f"\nLotgate: the demo factory is ready{' (just loaded)' if loaded else ''}.\n")
    print(f"  open     http://localhost:{settings.port}")
    print(f"  API      http://localhost:{settings.port}/schema")
    print(f"  data     {settings.data}\n")
    print(f"  {'sign in as':<12}{'password':<24}{'one-time code secret':<36}who")
    for person in DEMO_PEOPLE:
        secret = person.totp_secret or "-"
        roles = ", ".join(role.replace("_", " ") for role in person.roles)
        print(f"  {person.login:<12}{person.password:<24}{secret:<36}{person.printed_name}, {roles}")
    if phone:
        print(f"\n  On a phone in the same network: {settings.public_origin}")
        print("  Trust the local authority once: send", settings.data / "tls" / "ca.crt", "to the phone,")
        print(
            "  install it as a certificate authority, then scan this (a host name, since passkeys need one;"
        )
        print("  LOTGATE_HOST names another):\n")
        print_qr(settings.public_origin, sys.stdout)
    print("\n  Talk to the bot: sign in and open Chat, or: .venv/bin/lotgate chat --as li")
    print("  Ctrl-C ends it.\n", flush=True)
