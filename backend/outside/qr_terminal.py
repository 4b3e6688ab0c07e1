"""An address as a QR code in the terminal, so that a phone opens it without typing."""

from __future__ import annotations

import io
from typing import TextIO

QUIET_ZONE = 4  # modules, ISO/IEC 18004 9.1
_WHITE_ON_BLACK = "\x1b[97;40m"
_PLAIN = "\x1b[0m"


def qr_lines(text: str) -> list[str]:
    """The code's rows, two modules a character; a filled half block is a light module.

    Refuses with segno.DataOverflowError what no QR code holds.
    """
    import segno  # with the first code

    drawn = io.StringIO()
    segno.make_qr(text, error="m").terminal(drawn, border=QUIET_ZONE, compact=True)
    return drawn.getvalue().splitlines()


def print_qr(text: str, out: TextIO) -> None:
    """Write the code to `out`; a terminal gets its colours set, so that it scans on a light theme too."""
    before, after = (_WHITE_ON_BLACK, _PLAIN) if out.isatty() else ("", "")
    for line in qr_lines(text):
        print(f"{before}{line}{after}", file=out)
