"""`lotgate label`: what do these codes say?"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import date

import msgspec

from backend.cli.label_words import FIELDS, VERDICTS, Language, element_name, sentence
from backend.cli.scan import printable
from backend.domain.gs1 import FNC1, Element
from backend.domain.labels import LabelReading, read_label

EXAMPLES = r"""one text a line on standard input; FNC1 is the character itself, \x1d, {GS} or its sign; a symbology
identifier such as ]d2 may stand in front

examples:
  echo '(01)07612345678900(17)261130(10)A1' | lotgate label
  lotgate label --json < texts.txt > readings.jsonl
"""


class Fault(msgspec.Struct, frozen=True):
    """Why a text is not valid: a code for programs, a sentence for people."""

    code: str
    message: str


class LabelLine(msgspec.Struct, frozen=True):
    """One text's reading, one line of `--json`. Days are ISO; `quantity` is a decimal string."""

    input: str
    scheme: str
    device_identifier: str | None
    lot: str | None
    serial: str | None
    expiry: str | None
    production_date: str | None
    quantity: str | None
    elements: list[Element]
    valid: bool
    ambiguous: bool
    error: Fault | None


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `label`."""
    parser.description = (
        "Read the texts of codes: GS1, HIBC, MA, AHM, our own; what they say or why they are wrong."
    )
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the sentences")
    parser.add_argument(
        "--whole",
        action="store_true",
        help="a text is all codes of its label: nothing may be missing",
    )


def run(args: argparse.Namespace) -> int:
    """Read every line; the verdicts are the answer, so the exit status is 0."""
    today = date.today()
    encoder = msgspec.json.Encoder()
    for text in texts():
        reading = read_label(re.sub(r"\\x1[dD]", FNC1, text), today=today, whole=args.whole)
        if args.json:
            sys.stdout.write(encoder.encode(as_line(text, reading, args.lang)).decode() + "\n")
        else:
            sys.stdout.write(as_text(text, reading, args.lang))
    return 0


def texts() -> Iterator[str]:
    """The lines of standard input without the mark that some systems put before the first; what is no UTF-8 comes as
    the replacement character."""
    for place, line in enumerate(sys.stdin.buffer):
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        yield text if place else text.removeprefix("\ufeff")


def as_line(text: str, reading: LabelReading, language: Language) -> LabelLine:
    """The reading as programs get it."""
    fault = Fault(reading.error.code, sentence(reading.error, language)) if reading.error else None
    return LabelLine(
        text,
        reading.scheme,
        reading.device_identifier,
        reading.lot,
        reading.serial,
        reading.expiry,
        reading.production_date,
        reading.quantity,
        reading.elements,
        reading.valid,
        reading.ambiguous,
        fault,
    )


def as_text(text: str, reading: LabelReading, language: Language) -> str:
    """The reading as a person gets it: verdict, identity, then each element with its name."""
    chinese = language == "zh"
    verdict = "valid" if reading.valid else "ambiguous" if reading.ambiguous else "refused"
    rows = [f"{printable(text)}\n  {VERDICTS[verdict][chinese]}, {reading.scheme}"]
    if reading.error:
        rows[0] += ": " + printable(sentence(reading.error, language))
    for field, names in FIELDS.items():
        if (value := getattr(reading, field)) is not None:
            rows.append(f"  {names[chinese]}: {printable(value)}")
    for element in reading.elements:
        name = element_name(reading.scheme, element.ai, language)
        rows.append(f"    ({element.ai}) {printable(element.value)}  {name}".rstrip())
    return "\n".join(rows) + "\n"
