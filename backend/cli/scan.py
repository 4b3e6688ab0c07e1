"""`lotgate scan`: what codes are on these pictures?"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from scanner.codes import Code
    from scanner.worker import Decoder

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})

EXAMPLES = """examples:
  lotgate scan label.jpg
  lotgate scan photos/ --json > codes.jsonl

exit status: 0 every picture gave a confirmed code, 1 some gave none, 2 some could not be read
"""


class ScanLine(msgspec.Struct, omit_defaults=True):
    """One picture's result, one line of `--json`. `error` and `facts` where it could not be read."""

    file: str
    codes: list[Code]
    ms: float
    error: str | None = None
    facts: dict[str, str | int | bool | None] = {}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `scan`."""
    parser.description = "Read the codes on pictures of labels (JPEG, PNG, WebP, BMP)."
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")


def run(args: argparse.Namespace) -> int:
    """Read every picture named, in order; returns the exit status."""
    from scanner.worker import Decoder

    decoder = Decoder()
    files = list(pictures(args.paths))
    status = 0
    try:
        for number, file in enumerate(files, start=1):
            _progress(number, len(files), quiet=args.json)
            line = scan(file, decoder)
            sys.stdout.write(_as_json(line) if args.json else _as_text(line))
            sys.stdout.flush()
            status = max(status, _status(line))
    finally:
        decoder.close()
    return status


def pictures(paths: list[Path]) -> Iterator[Path]:
    """The files themselves, and the pictures in the folders below, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES)
        else:
            yield path


def scan(file: Path, decoder: Decoder) -> ScanLine:
    """Read one file; what goes wrong becomes part of the line."""
    from scanner.picture import BYTES_MAX
    from scanner.problems import UnreadablePicture

    began = time.perf_counter()
    codes: list[Code] = []
    problem: UnreadablePicture | None = None
    try:
        with file.open("rb") as stream:
            codes = decoder.read(stream.read(BYTES_MAX + 1))
    except UnreadablePicture as unreadable:
        problem = unreadable
    except OSError as error:
        problem = UnreadablePicture("file_not_readable", {"reason": error.strerror or ""})
    ms = round((time.perf_counter() - began) * 1000, 1)
    if problem is None:
        return ScanLine(str(file), codes, ms)
    return ScanLine(str(file), codes, ms, problem.code, problem.facts)


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
    if not line.codes:
        return f"{head}  no code found\n"
    return head + "".join(_row(code) for code in line.codes)


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
