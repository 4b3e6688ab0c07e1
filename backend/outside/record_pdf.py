"""An exported record on paper: PDF/A-2a by Typst, every field once, in the order of the machine forms (AUD-4)."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec
import typst

from backend.domain.certificates import Language
from backend.domain.record_exports import RecordExport
from backend.domain.record_labels import title_of
from backend.domain.record_papers import Section, sections_of
from backend.outside.certificate_pdf import local_time
from backend.outside.font_coverage import FONTS, printable
from backend.outside.trial_mark import trial_inputs

PAGE = Path(__file__).with_name("record.typ")
_LONG, _LONG_IN_CELL = re.compile(r"[!-~]{25}"), re.compile(r"[!-~]{16}")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT)(?=\d\d:)")


def record_pdf(export: RecordExport, language: Language) -> bytes:
    """The PDF in one language. Raises typst.TypstError when it can't be set."""
    data = {
        "number": printable(export.number),
        "at": local_time(export.at, export.zone),
        "by": printable(export.by),
        "count": len(export.fields),
        "title": title_of(export.kind).in_language(language),
        "sections": [_section(each, language) for each in sections_of(export)],
    }
    compiler = typst.Compiler(PAGE, font_paths=_fonts(), ignore_system_fonts=True)
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode(), "language": language} | trial_inputs(),
        pdf_standards="a-2a",
        timestamp=datetime.fromisoformat(export.at).replace(microsecond=0),
    )
    return cast(bytes, pdf)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _section(section: Section, language: Language) -> dict[str, Any]:
    """Its name, the heads of its columns (none: label and value), and its lines."""
    long = _LONG_IN_CELL if section.columns else _LONG
    return {
        "name": section.name.in_language(language),
        "columns": [_shown(each.in_language(language), long) for each in section.columns],
        "lines": [[_shown(each if isinstance(each, str) else each.in_language(language), long) for each in line]
                  for line in section.lines],
    }  # fmt: skip


def _shown(value: str, long: re.Pattern[str]) -> str:
    """Printable, and a long word may be broken."""
    text = _INSTANT.sub("\\1\u200b", printable(value))
    return long.sub(lambda found: f"{found[0]}\u200b", text)
