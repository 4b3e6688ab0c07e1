"""`lotgate scan`: what codes are on these pictures?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from backend.domain.errors import Refused
from backend.domain.lots import ScannedCode
from backend.domain.print_check import Comparison, compare
from backend.domain.printed_fields import Line, Proposal, line_of, propose
from backend.domain.receiving import read_codes

if TYPE_CHECKING:
    from scanner.codes import Code
    from scanner.worker import Decoder

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})

EXAMPLES = """examples:
  lotgate scan label.jpg
  lotgate scan photos/ --json > codes.jsonl
  lotgate scan label.jpg --print-text

ms is processor time that the decoder's own process took for the picture, without its start and without reading
the file; with --print-text, print_ms is the same for the print.

What is printed is proposed and compared with the code: agree, not_printed, only_printed, unsure (look), disagree.

exit status: 0 every picture gave a confirmed code, 1 some gave none, 2 some could not be read
"""


class PrintLine(msgspec.Struct):
    """What is printed on the picture, what it proposes, and how that compares with the confirmed codes (none where
    they are no label, or not one)."""

    lines: list[Line]
    proposals: list[Proposal]
    comparison: list[Comparison]
    print_ms: float


class ScanLine(msgspec.Struct, omit_defaults=True):
    """One picture's result, one line of `--json`. `error` and `facts` where it could not be read."""

    file: str
    codes: list[Code]
    ms: float
    print: PrintLine | None = None
    error: str | None = None
    facts: dict[str, str | int | bool | None] = {}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `scan`."""
    parser.description = "Read the codes on pictures of labels (JPEG, PNG, WebP, BMP)."
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    parser.add_argument(
        "--print-text",
        action="store_true",
        help="read the print as well and compare it with the codes (needs the extra: pip install lotgate[ocr])",
    )


def run(args: argparse.Namespace) -> int:
    """Read every picture named, in order; returns the exit status."""
    from scanner.extras import reads_print
    from scanner.worker import PRINT, Decoder

    if args.print_text and not reads_print():
        sys.stderr.write("--print-text needs the extra: pip install 'lotgate[ocr]'\n")
        return 2
    decoder = Decoder()
    printed = Decoder(PRINT) if args.print_text else None
    files = list(pictures(args.paths))
    status = 0
    try:
        for number, file in enumerate(files, start=1):
            _progress(number, len(files), quiet=args.json)
            line = scan(file, decoder, printed)
            sys.stdout.write(_as_json(line) if args.json else _as_text(line))
            sys.stdout.flush()
            status = max(status, _status(line))
    finally:
        decoder.close()
        if printed is not None:
            printed.close()
    return status


def pictures(paths: list[Path]) -> Iterator[Path]:
    """The files themselves, and the pictures in the folders below, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES)
        else:
            yield path


def scan(file: Path, decoder: Decoder, printed: Decoder | None = None) -> ScanLine:
    """Read one file, its print too where there is a `printed` decoder; what goes wrong becomes part of the line."""
    from scanner.picture import BYTES_MAX
    from scanner.problems import UnreadablePicture

    try:
        with file.open("rb") as stream:
            data = stream.read(BYTES_MAX + 1)
        found = decoder.look(data)
        line = ScanLine(str(file), found.codes, found.ms)
        if printed is not None:
            line.print = _print(data, found.codes, printed)
        return line
    except UnreadablePicture as unreadable:
        problem = unreadable
    except OSError as error:
        problem = UnreadablePicture("file_not_readable", {"reason": error.strerror or ""})
    return ScanLine(str(file), [], 0.0, error=problem.code, facts=problem.facts)


def _print(data: bytes, codes: list[Code], printed: Decoder) -> PrintLine:
    from scanner.worker import PRINT_TIMEOUT_S

    today = datetime.now(UTC).date()
    found = printed.look(data, timeout_s=PRINT_TIMEOUT_S)
    lines = [line_of(line) for line in found.lines]
    proposals = propose(lines, today)
    return PrintLine(lines, proposals, _comparison(codes, proposals, today), found.ms)


def _comparison(codes: list[Code], proposals: list[Proposal], today: date) -> list[Comparison]:
    confirmed = [ScannedCode(code.text, code.symbology_id) for code in codes if code.confirmed]
    try:
        label = read_codes(confirmed, today)
    except Refused:
        return []
    return compare(label, proposals) if label is not None else []


def _status(line: ScanLine) -> int:
    if line.error:
        return 2
    return 0 if any(code.confirmed for code in line.codes) else 1


def _as_json(line: ScanLine) -> str:
    """`raw` goes as base64."""
    return msgspec.json.encode(line).decode() + "\n"


def _as_text(line: ScanLine) -> str:
    head = f"{line.file}  {line.ms:.0f} ms\n"
    if line.error:
        facts = ", ".join(f"{name} {value}" for name, value in line.facts.items())
        return f"{head}  not read: {line.error}" + (f" ({facts})" if facts else "") + "\n"
    rows = "".join(_row(code) for code in line.codes) or "  no code found\n"
    return head + rows + (_print_rows(line.print) if line.print else "")


def _print_rows(found: PrintLine) -> str:
    if found.comparison:
        return "".join(
            f"  {row.verdict:12} {row.field:17}  code {printable(row.code or '-')}  "
            f"printed {printable(row.printed or '-')}\n"
            for row in found.comparison
        )
    return "".join(
        f"  proposed     {each.field:17}  printed {printable(each.text)}  [{each.word} {each.how}]\n"
        for each in found.proposals
    )


def _row(code: Code) -> str:
    mark = "confirmed  " if code.confirmed else "unconfirmed"
    kind = f"{code.format:11}  {code.symbology_id or '-':3}"
    return f"  {mark}  {kind}  {printable(code.text)}  [{code.attempt}]\n"


def printable(text: str) -> str:
    """Text of a code for a terminal: GS as the sign ␝, other control characters escaped (LBL-8)."""
    return "".join(
        "␝" if sign == "\x1d" else sign if sign.isprintable() else sign.encode("unicode_escape").decode()
        for sign in text
    )


def _progress(number: int, total: int, *, quiet: bool) -> None:
    if not quiet and total > 1 and sys.stderr.isatty():
        sys.stderr.write(f"\r{number}/{total} ")
