"""`lotgate log verify`: is everything as it was written?"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.settings import Settings
    from backend.store.log_report import LogReport

MOST_LINES = 500
EXAMPLES = """examples:
  lotgate log verify
  lotgate log verify --data /srv/lotgate --key my-copy-of-maker.vkey
  lotgate log verify --database postgresql://lotgate@db.example/lotgate --lang zh
  lotgate log verify --json | python3 -m json.tool

Reads only; the server may run or not. Says nothing where all holds.
ends with 0 all as written, 1 something was touched (each thing named), 2 cannot be read
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare `log verify`."""
    commands = parser.add_subparsers(dest="log_command", metavar="COMMAND", required=True)
    verify = commands.add_parser(
        "verify",
        help="check the log, its witness and every row against each other",
        description="Check the log, its witness and every row against each other.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument("--data", type=Path, metavar="FOLDER", help="data folder (LOTGATE_DATA, else data)")
    verify.add_argument(
        "--database", metavar="URL_OR_FILE", help="postgresql://... or an SQLite file (LOTGATE_DATABASE_URL)"
    )
    verify.add_argument(
        "--key", type=Path, metavar="MAKER.vkey", help="your own copy of the maker's public key"
    )
    verify.add_argument("--json", action="store_true", help="the whole report as JSON")
    verify.add_argument("--lang", choices=("en", "zh"), default=_language())
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter


def run(args: argparse.Namespace) -> int:
    """Check, print, return the exit code."""
    from backend.settings import read_settings
    from backend.store.database import Unavailable
    from backend.store.verify_schema import NotMigrated

    settings = read_settings(os.environ)
    try:
        report = _verify(args, settings)
    except NotMigrated as error:
        code = "newer_version" if error.unknown else "not_migrated"
        return _unreadable(args, code, str(error))
    except (Unavailable, OSError) as error:
        return _unreadable(args, "unreadable", str(error))
    if args.json:
        _print_json(report)
    else:
        _print(report, args.lang)
    return 1 if report.findings else 0


def _verify(args: argparse.Namespace, settings: Settings) -> LogReport:
    from backend.outside.maker_key import verify_ed25519
    from backend.store.snapshot import snapshot
    from backend.store.verify_log import verify_log

    data: Path = args.data or settings.data
    database = args.database or settings.database_url or data / settings.sqlite.name
    key: Path = args.key or data / "maker.vkey"
    vkey = key.read_text().strip() if args.key or key.exists() else None
    return asyncio.run(verify_log(snapshot(database), data / settings.log.name, vkey, verify_ed25519))


def _print(report: LogReport, language: str) -> None:
    from backend.cli.log_words import line, summary

    for finding in report.findings[:MOST_LINES]:
        print(line(finding, language))
    if report.findings or sys.stderr.isatty():
        print(summary(report, MOST_LINES, language), file=sys.stderr)


def _print_json(report: LogReport) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")


def _unreadable(args: argparse.Namespace, code: str, detail: str) -> int:
    import json

    from backend.cli.log_words import unreadable

    if args.json:
        print(json.dumps({"error": code, "detail": detail}))
    else:
        print(unreadable(code, detail, args.lang), file=sys.stderr)
    return 2


def _language() -> str:
    tongue = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if tongue.startswith("zh") else "en"
