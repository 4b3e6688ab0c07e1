"""`lotgate report KIND`: a report as a file, as the page gives it, noted in the log (AUD-4, AUD-9)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from backend.cli.on_data import run_on_log
from backend.domain.reports import REPORTS, Filters

if TYPE_CHECKING:
    from backend.domain.record_exports import Format, RecordExport
    from backend.store.door import Store
    from backend.store.witness import Witness

EXAMPLES = """examples:
  lotgate report batch_record --order MO-2611-07 --as zhou --to record.pdf --language zh
  lotgate report audit_extract --since 2026-11-01T00:00:00Z --until 2026-12-01T00:00:00Z --as zhou --to november.json
  lotgate report lot_list --supplier BS --as zhou --to lots.xlsx

The file's ending says its form: .pdf, .xlsx, .csv or .json. Whoever takes it out (--as) gives their password, on the
terminal or as a line of standard input, and needs the right that the page asks for. It works on LOTGATE_DATA or
LOTGATE_DATABASE_URL; the server may run or not.
ends with 0 done, 1 refused or not reached
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    takes = "\n".join(f"  {kind}: {', '.join(sorted(each.takes))}" for kind, each in REPORTS.items())
    parser.epilog = f"filters:\n{takes}\n\n{EXAMPLES}"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("kind", choices=REPORTS)
    for name in Filters.__struct_fields__:
        parser.add_argument(f"--{name}")
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the paper")
    parser.add_argument("--as", dest="acting", required=True, metavar="LOGIN", help="who takes it out")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE")


def run(args: argparse.Namespace) -> int:
    """Write the file; returns the exit code."""
    return run_on_log("report", lambda store, log: _report(store, log, args))


async def _report(store: Store, log: Witness, args: argparse.Namespace) -> int:
    import hashlib
    import sys

    from backend.actions.note_refusal import note_refusal
    from backend.actions.note_report import NoteReport, note_report
    from backend.cli.user import acting
    from backend.views.people import allowed_actions
    from backend.views.reports import report
    from backend.web.record_exports import MEDIA
    from backend.web.reports import prover

    form = args.to.suffix.lstrip(".")
    if form not in MEDIA:
        print(f"lotgate report: {args.to}: its ending is none of {', '.join(MEDIA)}", file=sys.stderr)
        return 1
    who = await acting(store, args.acting)
    right = REPORTS[args.kind].right
    if right is not None and right not in await allowed_actions(store.read, who.site_id, who.roles):
        await note_refusal(store, who, right)
    filters = Filters(**{name: getattr(args, name) for name in Filters.__struct_fields__})
    found = await report(
        store.read_long, prover(log), who.site_id, args.kind, filters, store.clock(), who.printed_name
    )
    body = _body(found, form, args.language)
    args.to.write_bytes(body)
    sha256 = hashlib.sha256(body).hexdigest()
    noted = NoteReport(id=store.new_id(), kind=args.kind, filters=filters, format=form, sha256=sha256)
    await note_report(store, who, noted)
    print(f"{args.to}: {len(found.fields)} fields, sha256 {sha256}")
    return 0


def _body(found: RecordExport, form: Format, language: str) -> bytes:
    from backend.app import print_record
    from backend.domain.record_exports import as_csv, as_json

    if form == "json":
        return as_json(found)
    return as_csv(found) if form == "csv" else print_record(found, form, "zh" if language == "zh" else "en")
