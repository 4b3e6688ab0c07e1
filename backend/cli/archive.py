"""`lotgate archive`: a folder of lots that is read without Lotgate; and is it as it was written?"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

EXAMPLES = """examples:
  lotgate archive --until 2025-12-31 --to /archive/2025
  lotgate archive --until 2025-12-31 --to /archive/2025 --language zh
  lotgate archive verify /archive/2025 --key my-copy-of-maker.vkey

Lots that came or were made up to that day, with their papers, files, certificates and the log; index.html opens in any
browser. Interrupted, the same command goes on. The server may run meanwhile; nothing is taken out of the database.
ends with 0 done, 1 not as it was written, 2 cannot be read or made
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare both."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DATE", help="the last day of the lots in it"
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="new, or begun by the same command")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the papers")
    commands = parser.add_subparsers(dest="archive_command", metavar="verify")
    verify = commands.add_parser("verify", help="is an archive as it was written?")
    verify.add_argument("folder", type=Path, metavar="FOLDER")
    verify.add_argument("--key", action="append", default=[], help="your own copy of the maker's public key")
    verify.add_argument("--lang", choices=("en", "zh"), default="en")


def run(args: argparse.Namespace) -> int:
    """Do it; returns the exit code."""
    if args.archive_command == "verify":
        from backend.verify.lotgate_archive_verify import run as check

        return check(args.folder, args.key, args.lang)
    if args.until is None or args.to is None:
        print("lotgate archive: --until DATE and --to FOLDER are needed", file=sys.stderr)
        return 2
    return _make(args)


def _make(args: argparse.Namespace) -> int:
    import asyncio
    import os

    from backend.app import opened
    from backend.cli.archive_making import make
    from backend.outside.archive_folder import NotThisArchive
    from backend.settings import read_settings
    from backend.store.database import Unavailable

    settings = read_settings(os.environ)

    async def on_store() -> str:
        async with opened(settings) as (store, witness):
            return await make(store, witness, settings, args.until, args.to, args.language, _shown)

    try:
        print(asyncio.run(on_store()))
    except (NotThisArchive, Unavailable, OSError) as error:
        print(f"lotgate archive: {error}", file=sys.stderr)
        return 2
    return 0


def _shown(done: int, all: int, number: str) -> None:
    """Every lot on a terminal, every fiftieth in a file."""
    if sys.stderr.isatty():
        print(f"\r{done}/{all} {number} ", end="" if done < all else "\n", file=sys.stderr, flush=True)
    elif done % 50 == 0 or done == all:
        print(f"{done}/{all} {number}", file=sys.stderr, flush=True)
