"""`lotgate backup`: copy a running system, check a copy, bring it back."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

EXAMPLES = """examples:
  lotgate backup make /backup/lotgate-$(date +%F).tar
  lotgate backup check /backup/lotgate-2026-11-23.tar
  lotgate backup restore /backup/lotgate-2026-11-23.tar --into /srv/lotgate-restored
  LOTGATE_DATA=/srv/lotgate-restored lotgate serve

The server may run meanwhile. A backup holds the maker's key: keep it as safe as the data folder.
A restored backup continues the log where it ends; a phone that saw more notices.
ends with 0 done, 1 not as it was written or touched, 2 cannot be read or made
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare make, check and restore."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="backup_command", metavar="COMMAND", required=True)
    make = commands.add_parser("make", help="copy database, files, keys and the log's witness into one file")
    make.add_argument("file", type=Path, metavar="FILE")
    check = commands.add_parser("check", help="is it whole, and does its log hold?")
    check.add_argument("file", type=Path, metavar="FILE")
    back = commands.add_parser("restore", help="unpack into a new folder, checked")
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument(
        "--into", type=Path, required=True, metavar="FOLDER", help="a folder that is new or empty"
    )


def run(args: argparse.Namespace) -> int:
    """Do it; returns the exit code."""
    from backend.store.backups import BadBackup, NoTool

    act = {"make": _make, "check": _check, "restore": _restore}[args.backup_command]
    try:
        return act(args)
    except BadBackup as error:
        print(f"lotgate backup: {error}", file=sys.stderr)
        return 1
    except (NoTool, OSError) as error:
        print(f"lotgate backup: {error}", file=sys.stderr)
        return 2


def _make(args: argparse.Namespace) -> int:
    import os
    from datetime import UTC, datetime

    from backend.domain.signing import instant
    from backend.settings import read_settings
    from backend.store.backups import make_backup

    settings = read_settings(os.environ)
    made = make_backup(args.file, settings.data, settings.database_url, instant(datetime.now(UTC)))
    size = args.file.stat().st_size / 2**20
    print(f"{args.file}: {len(made.files)} files, {size:.1f} MB, {made.engine}, {made.made_at}")
    return 0


def _check(args: argparse.Namespace) -> int:
    import tempfile

    from backend.store.backups import unpack

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = unpack(args.file, folder)
        print(f"{args.file}: {len(manifest.files)} files as they were written at {manifest.made_at}")
        if manifest.engine == "postgres":
            print("its log is checked once it is restored: lotgate log verify")
            return 0
        return _check_log(folder / "data")


def _check_log(data: Path) -> int:
    """The log of a copy against its rows and its witness."""
    import asyncio

    from backend.cli.log_words import line
    from backend.outside.maker_key import verify_ed25519
    from backend.store.backups import DATABASE
    from backend.store.database import Unavailable
    from backend.store.snapshot import snapshot
    from backend.store.verify_log import verify_log
    from backend.store.verify_schema import NotMigrated

    key = data / "maker.vkey"
    vkey = key.read_text().strip() if key.exists() else None
    try:
        report = asyncio.run(verify_log(snapshot(data / DATABASE), data / "log", vkey, verify_ed25519))
    except (Unavailable, NotMigrated) as error:
        print(f"its database cannot be read: {error}", file=sys.stderr)
        return 1
    for finding in report.findings:
        print(line(finding, "en"))
    if not report.findings:
        print(f"its log holds: {report.events} events, {report.rows} rows")
    return 1 if report.findings else 0


def _restore(args: argparse.Namespace) -> int:
    from backend.store.backups import DUMP, restore

    manifest = restore(args.file, args.into)
    print(f"restored into {args.into}, as of {manifest.made_at}")
    if manifest.engine == "postgres":
        print("now make an empty database and load it:")
        print(f"  pg_restore --no-owner --exit-on-error --dbname postgresql://... {args.into / DUMP}")
        print(f"  LOTGATE_DATA={args.into} LOTGATE_DATABASE_URL=postgresql://... lotgate log verify")
        return 0
    print(f"next: LOTGATE_DATA={args.into} lotgate log verify && LOTGATE_DATA={args.into} lotgate serve")
    return _check_log(args.into)
