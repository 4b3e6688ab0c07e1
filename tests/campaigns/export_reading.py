"""Exported records read back: the paper's text, the tables' cells, and whether they say the same (AUD-4)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import pypdf

from backend.domain.certificates import Language
from backend.domain.record_exports import RecordExport
from backend.domain.record_papers import Cell, sections_of
from backend.outside.font_coverage import printable
from backend.outside.workbook import read_table


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def printed(pdf: bytes, export: RecordExport, language: Language) -> str:
    """The text of all pages without white space, their footers cut off, and the heads of tables that go on: a table of
    one line never does, and its head may be the label that a page begins with."""
    heads = {
        _line(each.columns, language) for each in sections_of(export) if len(each.lines) > 1 and each.columns
    }
    found: list[str] = []
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        text, times = re.subn(
            rf"{re.escape(squeezed(export.number))}\d+/\d+$", "", squeezed(page.extract_text())
        )
        assert times == 1
        head = max((each for each in heads if found and text.startswith(each)), key=len, default="")
        found.append(text.removeprefix(head))
    return "".join(found)


def expected(export: RecordExport, language: Language) -> str:
    """Every section's name, then label and value of each field, or a table's heads and lines, in order."""
    parts = []
    for section in sections_of(export):
        parts += [section.name.in_language(language), _line(section.columns, language)]
        parts += [_line(each, language) for each in section.lines]
    return squeezed("".join(parts))


def _line(cells: Sequence[Cell], language: Language) -> str:
    texts = (each if isinstance(each, str) else each.in_language(language) for each in cells)
    return squeezed("".join(map(printable, texts)))


def agrees(pdf: bytes, export: RecordExport, language: Language) -> bool:
    """Nothing but the head stands before the fields, nothing between them and nothing after."""
    text, wanted = printed(pdf, export, language), expected(export, language)
    return text.endswith(wanted) and len(text) - len(wanted) < 200


def of_csv(body: bytes) -> list[list[str]]:
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))[1:]
    return [[re.sub(r"^'(?=\s*[=+\-@\t\r\n＝＋－＠])", "", cell) for cell in line] for line in lines]


def of_xlsx(body: bytes) -> list[list[str]]:
    return [cells for _, cells in read_table(body).rows][1:]
