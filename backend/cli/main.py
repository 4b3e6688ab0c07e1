"""`lotgate COMMAND`: each command in a file of its own, loaded only when it is called."""

from __future__ import annotations

import argparse
import importlib
import sys

COMMANDS = {
    "demo": "start with the demo factory: address, people, passwords, QR for a phone",
    "serve": "start page and API",
    "bot": "the bot on Telegram, in a process of its own",
    "chat": "talk to the bot in this terminal",
    "scan": "read the codes in pictures",
    "sampling": "sampling plans of ISO 2859-1 and Z1.4, one or a table of them",
    "chart": "a column of numbers as a control chart, with signals and capability",
    "results": "results of an inspection from the file of an instrument",
    "imports": "master data, order lines, opening stock or complaints from a spreadsheet",
    "watch": "a folder whose spreadsheets are imported; decisions on lots are laid out there",
    "label": "read the texts of codes: what they say, or why they are wrong",
    "labels": "print labels of our own lots, as PDF or for a label printer",
    "verify": "check a released lot's certificate, offline",
    "log": "verify the log against the database",
    "doctor": "what this machine has and lacks, with the line that mends it",
    "user": "add people, list them, take access away",
    "backup": "copy a running system's data; check and restore a copy",
    "archive": "lots up to a day in a folder that is read without Lotgate; check one",
    "report": "a lot's history, batch record, supplier report, audit trail extract or list, as a file",
    "openapi": "print the API's description",
}


def main(argv: list[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    args = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(
        prog="lotgate",
        description="Lots, inspections and releases for makers of medical devices.",
        epilog="lotgate COMMAND --help says more, with examples.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    chosen = args[0] if args and args[0] in COMMANDS else None
    module = importlib.import_module(f"backend.cli.{chosen}") if chosen else None
    for name, help_text in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        if module is not None and name == chosen:
            module.add(command)
    parsed = parser.parse_args(args)
    if module is None:
        parser.print_help()
        return 0 if not args else 2
    code: int = module.run(parsed)
    return code


if __name__ == "__main__":
    sys.exit(main())
