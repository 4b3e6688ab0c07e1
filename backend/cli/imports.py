"""`lotgate imports KIND FILE`: what a spreadsheet holds, tried first, all of it or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from backend.cli.on_data import run_on_data
from backend.cli.refusals import said
from backend.domain.import_kinds import COLUMNS, IMPORT_KINDS

if TYPE_CHECKING:
    from backend.domain.errors import Reason
    from backend.store.door import Store
    from backend.views.imports import SheetTrial

EXAMPLES = """examples:
  lotgate imports suppliers suppliers.xlsx --as admin --dry-run
  lotgate imports orders orders.csv --as zhou --column quantity=Menge --column expected_on=Liefertermin

Headers in English or Chinese are known, others are told with --column FIELD=HEADER. A dry run names every cell that is
wrong, and writes nothing; with a wrong cell nothing is written either. The same file again changes nothing. Whoever
imports (--as) gives their password, on the terminal or as a line of standard input, and needs the right. It works on
LOTGATE_DATA or LOTGATE_DATABASE_URL; the server may run or not.
ends with 0 done, 1 refused or not reached
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    fields = "\n".join(
        f"  {kind}: {', '.join(each.field + ('' if each.needed else ' (may be missing)') for each in COLUMNS[kind])}"
        for kind in IMPORT_KINDS
    )
    parser.epilog = f"columns:\n{fields}\n\n{EXAMPLES}"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("kind", choices=IMPORT_KINDS)
    parser.add_argument("file", type=Path, help=".xlsx, .xls, .ods, or CSV in UTF-8 or GB18030")
    parser.add_argument("--as", dest="acting", required=True, metavar="LOGIN", help="who imports")
    parser.add_argument("--dry-run", action="store_true", help="say what it would do, and write nothing")
    parser.add_argument("--column", action="append", default=[], type=_told, metavar="FIELD=HEADER")


def _told(text: str) -> tuple[str, str]:
    field, sign, header = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError("FIELD=HEADER is meant; FIELD= alone leaves a column out")
    return field, header


def run(args: argparse.Namespace) -> int:
    """Import or try; returns the exit code."""
    return run_on_data("imports", lambda store: _import(store, args), placed)


def placed(reason: Reason) -> str:
    """With the cell or field that it is about."""
    return f"{reason.field}: {worded(reason)}" if reason.field else worded(reason)


def worded(reason: Reason) -> str:
    """In both languages, as the watched folder's report says it; what has no sentence there in plain words."""
    from backend.exchange.words import SENTENCES, sentences

    if reason.code not in SENTENCES:
        return said(reason)
    words = sentences(reason)
    return f"{words.en} {words.zh}"


async def _import(store: Store, args: argparse.Namespace) -> int:
    import hashlib

    from backend.actions.import_sheet import ImportSheet, import_sheet
    from backend.cli.user import acting
    from backend.domain.errors import refuse
    from backend.domain.imports import read_import
    from backend.domain.sheets import MOST_BYTES
    from backend.outside.workbook import read_table
    from backend.views.imports import sheet_trial

    if args.file.stat().st_size > MOST_BYTES:
        raise refuse("file_too_large", field="file")
    data = args.file.read_bytes()
    who = await acting(store, args.acting)
    sheet = read_import(args.kind, read_table(data), dict(args.column))
    today = await store.today(who.site_id)
    trial = await sheet_trial(store.read.of_site(who.site_id), who, sheet, today)
    show(trial)
    if trial.wrong or trial.fault_count or args.dry_run:
        return 1 if trial.wrong or trial.fault_count else 0
    sha256 = hashlib.sha256(data).hexdigest()
    command = ImportSheet(id=store.new_id(), sheet=sheet, name=args.file.name, sha256=sha256)
    done = await import_sheet(store, who, command)
    print(f"written: {done.new} new, {done.changed} changed, {done.same} the same")
    return 0


def show(trial: SheetTrial) -> None:
    """Which column is which, what is wrong, what it comes to."""
    found = ", ".join(f"{each.field} = {each.header!r}" for each in trial.columns if each.header is not None)
    print(f"read {trial.rows} rows{f' of sheet {trial.sheet!r}' if trial.sheet else ''}; {found}")
    if trial.unread:
        print(f"not read: {', '.join(map(repr, trial.unread))}")
    for reason in trial.wrong:
        print(f"wrong: {placed(reason)}")
    for cell in trial.faults:
        print(f"wrong: {cell.cell}, {cell.header} {cell.text!r}: {worded(cell.reason)}")
    if trial.fault_count > len(trial.faults):
        print(f"and {trial.fault_count - len(trial.faults)} more")
    for cell in trial.landed:
        print(f"note: {cell.cell}, {cell.header} {cell.text!r}: {worded(cell.reason)}")
    if trial.wrong:
        print("nothing is written")
    elif trial.fault_count:
        print(f"{trial.fault_count} wrong cells: nothing is written")
    else:
        print(f"{trial.new} new, {trial.changed} changed, {trial.same} the same")
