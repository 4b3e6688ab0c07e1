"""`lotgate watch FOLDER`: spreadsheets that are put there are imported; what was decided on lots is laid out there."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from backend.cli.on_data import run_on_data

if TYPE_CHECKING:
    from backend.store.door import Store

WAITING = 10.0
"""Seconds between looks whether another process still watches."""
EXAMPLES = """examples:
  lotgate watch /srv/exchange --as zhou
  lotgate watch /srv/exchange --as zhou --once < password.txt

put files into          as
  FOLDER/suppliers/     suppliers     (or a name that begins so: suppliers-2026.csv, 供应商.xlsx)
  FOLDER/materials/     materials
  FOLDER/orders/        order lines   (also deliveries/)
  FOLDER/stock/         lots that lay here before Lotgate (also opening..., 库存, 期初)
  FOLDER/complaints/    complaints of another system (also 投诉, 客诉)
  FOLDER/columns.json   headers by kind and field, where they are not known: {"orders": {"quantity": "Menge"}}
find
  FOLDER/done/          what was imported, and FOLDER/failed/ what was not, each with a report in English and Chinese
  FOLDER/out/           decisions-DAY.csv: lots released, rejected, taken back

A file is taken once it has lain unchanged for some seconds; write it under a name that ends in .part and rename it,
and it is never taken half written. The same file again is the same import. Whoever imports (--as) gives their password,
on the terminal or as a line of standard input. It works beside the server, on LOTGATE_DATA or LOTGATE_DATABASE_URL.
ends with 0 on SIGINT or SIGTERM (--once: when all is done), 1 refused or not reached
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as", dest="acting", required=True, metavar="LOGIN", help="who imports")
    parser.add_argument(
        "--settle", type=float, default=5.0, metavar="SECONDS", help="unchanged for so long (5)"
    )
    parser.add_argument("--once", action="store_true", help="take what lies still now, and end")


def run(args: argparse.Namespace) -> int:
    """Watch; returns the exit code."""
    return run_on_data("watch", lambda store: _watch(store, args))


async def _watch(store: Store, args: argparse.Namespace) -> int:
    import asyncio
    import contextlib
    import signal
    import sys
    import time

    from backend.cli.user import acting
    from backend.exchange.folder import WatchedFolder
    from backend.exchange.lock import FolderLock
    from backend.exchange.out import lay_out
    from backend.outside.workbook import read_table
    from backend.store.database import Unavailable

    who = await acting(store, args.acting)
    lock = FolderLock(args.folder)
    folder = WatchedFolder(store, who, args.folder, read_table, args.settle, time.monotonic)
    stop = asyncio.Event()
    with contextlib.suppress(NotImplementedError, RuntimeError):
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    print(f"watching {args.folder}", flush=True)
    pause = min(2.0, max(args.settle / 2, 0.02))
    looks = 0
    while not stop.is_set():
        if not lock.take():
            print(f"waits: another process watches {args.folder}", file=sys.stderr, flush=True)
            if args.once:
                return 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), WAITING)
            continue
        try:
            for handled in await folder.look():
                print(f"{handled.file.parent.name}: {handled.file.name}", flush=True)
            await lay_out(store, who.site_id, args.folder / "out")
        except Unavailable as error:
            print(f"waits: {error}", file=sys.stderr, flush=True)
        looks += 1
        if args.once and looks > args.settle / pause + 1:
            break
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
    return 0
