"""`lotgate results import`: results of an inspection from the file of an instrument, tried first, all or none."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from backend.cli.on_data import run_on_data
from backend.cli.refusals import said

if TYPE_CHECKING:
    from backend.domain.result_imports import ImportTrial
    from backend.store.door import Store

EXAMPLES = """examples:
  lotgate results import I26-000042 cmm.csv --as li --dry-run
  lotgate results import I26-000042 cmm.csv --as li --decimal , --column value=Messwert --confirm OD-3

Columns item (code or name) and value are needed; sample, unit and gauge may be there; headers in English or Chinese
are known, others are told with --column. A dry run names every cell that is wrong, and every result that has to be
confirmed by its key (--confirm). Whoever imports (--as) gives their password, on the terminal or as a line of
standard input, and needs the right. It works on LOTGATE_DATA or LOTGATE_DATABASE_URL; the server may run or not.
ends with 0 done, 1 refused or not reached
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the command below it."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="results_command", metavar="COMMAND", required=True)
    imported = commands.add_parser("import", help="record the results of a CSV file")
    imported.add_argument("inspection", help="its number")
    imported.add_argument("file", type=Path, help="CSV: UTF-8 or GB18030; comma, semicolon or tab")
    imported.add_argument("--as", dest="acting", required=True, metavar="LOGIN", help="who imports")
    imported.add_argument("--dry-run", action="store_true", help="say what it would do, and write nothing")
    imported.add_argument(
        "--confirm", nargs="*", default=[], metavar="KEY", help="results that were looked at"
    )
    imported.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="ROLE=HEADER",
        help="item, sample, value, unit or gauge",
    )
    imported.add_argument(
        "--decimal", choices=("", ".", ","), default="", help="the decimal sign of the file"
    )
    imported.add_argument("--source", choices=("instrument", "import"), default="instrument")


def run(args: argparse.Namespace) -> int:
    """Import or try; returns the exit code."""
    return run_on_data("results", lambda store: _import(store, args))


async def _import(store: Store, args: argparse.Namespace) -> int:
    import msgspec

    from backend.actions.record_results import from_file, record_results
    from backend.cli.user import acting
    from backend.domain.errors import refuse
    from backend.domain.inspections import Inspection
    from backend.domain.instrument_csv import ROLES
    from backend.domain.result_imports import to_record
    from backend.views.result_imports import import_trial

    data = args.file.read_bytes()
    columns = dict(each.split("=", 1) for each in args.column if "=" in each)
    if unknown := [role for role in columns if role not in ROLES]:
        raise refuse("csv_columns_missing", columns=unknown)
    who = await acting(store, args.acting)
    read = store.read.of_site(who.site_id)
    inspection = await read.first(Inspection, "number = $1 and site_id = $2", args.inspection, who.site_id)
    if inspection is None:
        raise refuse("not_found", kind="inspection", id=args.inspection)
    today = (await store.today(who.site_id)).isoformat()
    trial = await import_trial(
        read, who, inspection.id, data, today=today, columns=columns, decimal=args.decimal
    )
    show(trial)
    if args.dry_run:
        return 1 if trial.errors else 0
    found = to_record(trial, args.confirm)
    command = from_file(store.new_id(), inspection.id, found, args.file.name, data)
    recorded = await record_results(store, msgspec.structs.replace(who, source=args.source), command)
    print(f"recorded: {len(recorded.readings)} results; {args.inspection} is {recorded.inspection_status}")
    return 0


def show(trial: ImportTrial) -> None:
    """Each result, each wrong cell, each result to be confirmed."""
    columns = ", ".join(f"{role} = {header!r}" for role, header in trial.columns.items())
    print(f"read as {trial.encoding}, {trial.separator!r} between columns; {columns}")
    for found in trial.results:
        print(f"  {found.item_key}: {found.entered}  {found.verdict}")
    for kind, cells in (("wrong", trial.errors), ("confirm", trial.doubts)):
        for cell in cells:
            key = f" {cell.item_key}" if cell.item_key else ""
            print(f"{kind}:{key} line {cell.line}, {cell.column} {cell.text!r}: {said(cell.reason)}")
