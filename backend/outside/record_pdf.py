"""An exported record on paper: PDF/A-2a by Typst, every field once, in the order of the machine forms (AUD-4)."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast

import msgspec
import typst

from backend.domain.certificates import Language
from backend.domain.record_exports import RecordExport
from backend.domain.record_labels import section_of
from backend.outside.certificate_pdf import local_time
from backend.outside.font_coverage import FONTS, printable

PAGE = Path(__file__).with_name("record.typ")
_LONG = re.compile(r"[!-~]{25}")


def record_pdf(export: RecordExport, language: Language) -> bytes:
    """The PDF in one language. Raises typst.TypstError when it can't be set."""
    sections: list[tuple[str, list[tuple[str, str]]]] = []
    begun = ""
    for field in export.fields:
        entry = ".".join(field.path.split(".")[:2])
        if entry != begun:
            begun = entry
            sections.append((section_of(field.path).in_language(language), []))
        sections[-1][1].append((field.label.in_language(language), _shown(field.value)))
    data = {
        "number": printable(export.number),
        "at": local_time(export.at, export.zone),
        "by": printable(export.by),
        "count": len(export.fields),
        "sections": sections,
    }
    compiler = typst.Compiler(PAGE, font_paths=_fonts(), ignore_system_fonts=True)
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode(), "language": language},
        pdf_standards="a-2a",
        timestamp=datetime.fromisoformat(export.at).replace(microsecond=0),
    )
    return cast(bytes, pdf)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _shown(value: str) -> str:
    """Printable, and a long word may be broken."""
    return _LONG.sub(lambda found: f"{found[0]}\u200b", printable(value))
