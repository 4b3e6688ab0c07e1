"""Tables of label texts and what is to be said of them, shared by the tests of the server and of the page."""

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Case(NamedTuple):
    verdict: str
    text: str


def cases(name: str) -> list[Case]:
    """The rows of one table: a verdict, then the text with \\x1d for FNC1."""
    rows = (HERE / name).read_text("utf-8").splitlines()
    split = (row.split(" | ", 1) for row in rows if row and not row.startswith("#"))
    return [Case(verdict.strip(), text.replace(r"\x1d", "\x1d")) for verdict, text in split]
