"""`lotgate serve`: page and API on LOTGATE_PORT."""

from __future__ import annotations

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
examples:
  lotgate serve                          SQLite in ./data, http://localhost:8000
  LOTGATE_DATABASE_URL=postgresql://lotgate@db/lotgate lotgate serve --address 0.0.0.0

behind a reverse proxy set LOTGATE_ORIGIN to the address that people open
"""
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    import asyncio
    import os
    import sys

    from backend.cli.running import run_server
    from backend.settings import read_settings
    from backend.store.database import Unavailable

    settings = read_settings(os.environ)

    def ready() -> None:
        print(f"Lotgate answers at http://{args.address}:{settings.port}", flush=True)

    try:
        asyncio.run(run_server(settings, args.address, None, ready))
    except (Unavailable, RuntimeError) as error:
        print(f"lotgate serve: {error}", file=sys.stderr)
        return 1
    return 0
