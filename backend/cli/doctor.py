"""`lotgate doctor`: what this machine has and lacks, and the line that mends it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from backend.settings import Settings

EXAMPLES = """examples:
  lotgate doctor
  LOTGATE_DATABASE_URL=postgresql://lotgate@db/lotgate lotgate doctor

Reads only; the server may run or not.
ends with 0 nothing keeps Lotgate from working, 1 something does
"""
LEAST_FREE = 2**30
MARKS = {"good": "ok   ", "note": "note ", "bad": "BAD  "}


class Check(NamedTuple):
    """One finding; `mend` is the line to type, or what to do."""

    state: Literal["good", "note", "bad"]
    what: str
    mend: str = ""


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter


def run(args: argparse.Namespace) -> int:
    """Look, print, return the exit code."""
    import os

    from backend.settings import read_settings

    try:
        settings = read_settings(os.environ)
    except ValueError as error:
        print(f"{MARKS['bad']}LOTGATE_PORT is no number: {error}")
        return 1
    looks: list[Callable[[Settings], Check]] = [sqlite, engines, page, chromium, disk, clock, database, log]
    found = [look(settings) for look in looks]
    for check in found:
        print(f"{MARKS[check.state]}{check.what}")
        if check.mend:
            print(f"       {check.mend}")
    return 1 if any(check.state == "bad" for check in found) else 0


def sqlite(settings: Settings) -> Check:
    """The version in use, and whether its WAL is safe (the reset bug was mended in 3.51.3)."""
    from pysqlite3 import dbapi2 as driver

    from backend.store.sqlite import SAFE_WAL

    version = driver.sqlite_version
    if driver.sqlite_version_info < SAFE_WAL:
        return Check(
            "bad",
            f"SQLite {version} can corrupt the database when its log is reset",
            "pip install --upgrade pysqlite3",
        )
    return Check("good", f"SQLite {version}, its write-ahead log is safe")


def engines(settings: Settings) -> Check:
    """What reads bar codes in pictures."""
    from scanner.engines import missing_engines

    missing = missing_engines()
    if missing:
        line = "sudo apt-get update && sudo apt-get install libzbar0"
        return Check("note", f"scanner: without {', '.join(missing)} some worn codes stay unread", line)
    return Check("good", "scanner: zbar and zxing-cpp")


def page(settings: Settings) -> Check:
    """Is the page built?"""
    if (settings.page / "index.html").is_file():
        return Check("good", f"page: {settings.page}")
    return Check("note", f"page: not built in {settings.page}; the API works without it", "./run build")


def chromium(settings: Settings) -> Check:
    """Only the browser tests want it."""
    import os
    import shutil

    names = (os.environ.get("LOTGATE_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found:
        return Check("good", f"Chromium for the browser tests: {found}")
    return Check("note", "Chromium: only the browser tests want it", "sudo apt-get install chromium")


def disk(settings: Settings) -> Check:
    """Room for the data, and the right to write there."""
    import os
    import shutil

    folder = settings.data.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        return Check("bad", f"{folder} cannot be written", f"sudo chown $(id -un) {folder}")
    if free < LEAST_FREE:
        return Check(
            "bad", f"{free // 2**20} MB free at {folder}", "make room: a full disk stops every change"
        )
    return Check("good", f"{free / 2**30:.0f} GB free at {folder}")


def clock(settings: Settings) -> Check:
    """Is the clock kept by somebody, and after the last event?"""
    import shutil
    import subprocess
    from datetime import UTC, datetime

    told = f"clock: {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    program = shutil.which("timedatectl")
    if program is not None:
        command = [program, "show", "--property=NTPSynchronized", "--value"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        if answer == "yes":
            return Check("good", f"{told}, kept by the network")
        if answer == "no":
            return Check("note", f"{told}, kept by nobody", "sudo timedatectl set-ntp true")
    return Check("note", f"{told}; whether it is kept by the network is not known here")


def database(settings: Settings) -> Check:
    """Can it be reached, and is the clock not behind its last event?"""
    import asyncio
    from datetime import UTC, datetime

    from backend.domain.signing import instant
    from backend.store.database import Unavailable
    from backend.store.snapshot import snapshot

    if not settings.database_url and not settings.sqlite.exists():
        return Check("note", f"database: none yet in {settings.data}", "lotgate demo, or lotgate user first")

    async def look() -> tuple[int, str]:
        async with snapshot(settings.database_url or settings.sqlite) as read:
            rows = await read.rows("select count(*), max(at) from event")
            return int(rows[0][0]), str(rows[0][1] or "")

    try:
        events, last = asyncio.run(look())
    except Exception as error:
        kind = "" if isinstance(error, Unavailable) else f"{type(error).__name__}: "
        return Check(
            "bad", f"database: {kind}{error}", "is the address right, has lotgate serve been run on it?"
        )
    name = "PostgreSQL" if settings.database_url else str(settings.sqlite)
    if last > instant(datetime.now(UTC)):
        return Check("bad", f"database: its last event is of {last}, after now", "set the clock right")
    return Check("good", f"database: {name}, {events} events")


def log(settings: Settings) -> Check:
    """Does the log hold?"""
    import asyncio

    from backend.outside.maker_key import verify_ed25519
    from backend.store.snapshot import snapshot
    from backend.store.verify_log import verify_log

    if not settings.database_url and not settings.sqlite.exists():
        return Check("good", "log: nothing to verify yet")
    key = settings.data / "maker.vkey"
    vkey = key.read_text().strip() if key.exists() else None
    reading = snapshot(settings.database_url or settings.sqlite)
    try:
        report = asyncio.run(verify_log(reading, settings.log, vkey, verify_ed25519))
    except Exception as error:
        return Check("bad", f"log: cannot be verified ({error})", "lotgate log verify")
    if report.findings:
        return Check("bad", f"log: {len(report.findings)} findings", "lotgate log verify names each")
    return Check("good", f"log: {report.events} events and {report.rows} rows as they were written")
