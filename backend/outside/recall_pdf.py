"""Letters and reports of a recall on paper: PDF/A-2a by Typst, the same bytes for the same paper (QUA-6, QUA-7)."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast

import msgspec
import typst

from backend.domain.certificates import Language
from backend.domain.recall_papers import RecallPaper
from backend.outside.certificate_pdf import local_time
from backend.outside.font_coverage import FONTS, printable
from backend.outside.trial_mark import trial_inputs

PAGE = Path(__file__).with_name("recall.typ")


def recall_pdf(paper: RecallPaper, language: Language) -> bytes:
    """The PDF in one language. Raises typst.TypstError when it can't be set."""
    at = datetime.fromisoformat(paper.ended_at or paper.at).replace(microsecond=0)  # as PDF times are
    compiler = typst.Compiler(PAGE, font_paths=_fonts(), ignore_system_fonts=True)
    data = msgspec.json.encode(_shown(msgspec.to_builtins(paper), paper.site.zone)).decode()
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"data": data, "language": language} | trial_inputs(),
        pdf_standards="a-2a",
        timestamp=at,
    )
    return cast(bytes, pdf)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _lines(text: str) -> str:
    """Printable; a line that somebody ended, of an address or a reason, ends on paper too."""
    return "\n".join(map(printable, text.replace("\r\n", "\n").split("\n")))


def _shown(value: object, zone: str, name: str = "") -> object:
    """JSON values in which every text can be shown, and every instant is the site's own time."""
    if isinstance(value, str):
        return _lines(local_time(value, zone) if name == "at" or name.endswith("_at") else value)
    if isinstance(value, (list, tuple)):
        return [_shown(inner, zone) for inner in value]
    if isinstance(value, dict):
        return {key: _shown(inner, zone, key) for key, inner in value.items()}
    return value
