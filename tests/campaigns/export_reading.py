"""Exported records read back: the paper's text, the tables' cells, and whether they say the same (AUD-4)."""

from __future__ import annotations

import csv
import io
import re

import pypdf

from backend.domain.certificates import Language
from backend.domain.record_exports import RecordExport
from backend.domain.record_labels import section_of
from backend.outside.font_coverage import printable
from backend.outside.workbook import read_table


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def printed(pdf: bytes, number: str) -> str:
    """The text of all pages without white space, their footers cut off."""
    found = []
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        text, times = re.subn(rf"{re.escape(number)}\d+/\d+", "", squeezed(page.extract_text()))
        assert times == 1
        found.append(text)
    return "".join(found)


def expected(export: RecordExport, language: Language) -> str:
    """Every section's name, then label and value of each field, in order."""
    parts, begun = [], ""
    for field in export.fields:
        entry = ".".join(field.path.split(".")[:2])
        if entry != begun:
            begun = entry
            parts.append(section_of(field.path).in_language(language))
        parts += [field.label.in_language(language), printable(field.value)]
    return squeezed("".join(parts))


def agrees(pdf: bytes, export: RecordExport, language: Language) -> bool:
    """Nothing but the head stands before the fields, nothing between them and nothing after."""
    text, wanted = printed(pdf, export.number), expected(export, language)
    return text.endswith(wanted) and len(text) - len(wanted) < 200


def of_csv(body: bytes) -> list[list[str]]:
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))[1:]
    return [[re.sub(r"^'(?=\s*[=+\-@\t\r\n＝＋－＠])", "", cell) for cell in line] for line in lines]


def of_xlsx(body: bytes) -> list[list[str]]:
    return [cells for _, cells in read_table(body).rows][1:]
