"""`lotgate labels`: print labels of our own lots, as PDF or for a label printer, and count them as printed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend.cli.refusals import said

if TYPE_CHECKING:
    from backend.store.door import Store

EXAMPLES = """examples:
  lotgate labels L26-000042 --as wang --copies 24 --media sheet-a4-3x8 --output labels.pdf
  lotgate labels L26-000042 L26-000043 --as wang --format zpl --dpi 300 | lp -d zebra -o raw

It works on LOTGATE_DATA or LOTGATE_DATABASE_URL; the server may run or not. Whoever prints (--as) gives their
password, on the terminal or as a line of standard input, and needs the right: labels are counted (QUA-9).
ends with 0 done, 1 refused or not reached
"""
MEDIA = ("roll-57x32", "roll-100x50", "sheet-a4-3x8", "sheet-letter-3x10")
RESOLUTIONS = (203, 300, 600)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("lots", nargs="+", metavar="LOT", help="our lot numbers")
    parser.add_argument("--as", dest="acting", required=True, metavar="LOGIN", help="who prints")
    parser.add_argument("--format", choices=("pdf", "zpl"), default="pdf")
    parser.add_argument(
        "--media", choices=MEDIA, default=MEDIA[0], help="label size; sheets are for PDF only"
    )
    parser.add_argument("--copies", type=int, default=1, help="of each lot's label (default 1)")
    parser.add_argument("--dpi", type=int, choices=RESOLUTIONS, default=203, help="dots of a label printer")
    parser.add_argument("--quantity", help="what is to stand on each label, in the stock unit")
    parser.add_argument("--output", type=Path, help="file to write (default: standard output)")


def run(args: argparse.Namespace) -> int:
    """Print them; returns the exit code."""
    import asyncio
    import os

    from backend.app import opened
    from backend.domain.errors import LotgateError
    from backend.settings import read_settings
    from backend.store.database import Unavailable

    async def work() -> bytes:
        async with opened(read_settings(os.environ)) as (store, _):
            return await _printed(store, args)

    try:
        if args.output is None and sys.stdout.isatty():
            print(
                "lotgate labels: name a file with --output, or lead the output to a printer", file=sys.stderr
            )
            return 1
        made = asyncio.run(work())
        if args.output is None:
            sys.stdout.buffer.write(made)
        else:
            args.output.write_bytes(made)
    except LotgateError as error:
        for reason in error.reasons:
            print(f"refused: {said(reason)}", file=sys.stderr)
        return 1
    except (Unavailable, OSError) as error:
        print(f"lotgate labels: {error}", file=sys.stderr)
        return 1
    return 0


async def _printed(store: Store, args: argparse.Namespace) -> bytes:
    """Every lot is looked up before the first is counted; the drawing is made before it as well."""
    from backend.actions.print_labels import PrintLabels, print_labels
    from backend.cli.user import acting
    from backend.domain.lot_labels import media_named
    from backend.outside.label_print import draw_labels
    from backend.views.lot_labels import lot_label

    who = await acting(store, args.acting)
    media = media_named(args.media, args.format, args.copies, args.dpi)
    labels = [
        await lot_label(store.read, who.site_id, number, args.quantity, store.clock()) for number in args.lots
    ]
    made = draw_labels(labels, media, args.copies, args.format, args.dpi)
    for label in labels:
        command = PrintLabels(
            id=store.new_id(),
            lot_number=label.number,
            copies=args.copies,
            media=args.media,
            format=args.format,
            dpi=args.dpi,
            quantity=args.quantity,
        )
        await print_labels(store, who, command)
    return made
