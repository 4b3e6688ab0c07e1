"""The certificate on paper: PDF/A-2a by Typst, the same bytes for the same certificate.

The page is `certificate.typ`; this file gives it plain text. Every sentence stands in both languages, the
reader's first. What is printed: SIG-1 (printed name, time with offset, meaning), AUD-5 (was anything changed
since first entry), the digest that was signed, and how to check it all without us.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import msgspec
import typst

from backend.domain.certificates import Certificate, Language
from backend.outside.font_coverage import FONTS, printable
from backend.outside.trial_mark import trial_inputs

PAGE = Path(__file__).with_name("certificate.typ")


def certificate_pdf(certificate: Certificate, language: Language) -> bytes:
    """The PDF; `language` comes first on the page. Raises typst.TypstError when it can't be set."""
    signed = datetime.fromisoformat(certificate.signed_at).replace(microsecond=0)  # as PDF times are
    compiler = typst.Compiler(PAGE, font_paths=_fonts(), ignore_system_fonts=True)
    data = msgspec.json.encode(_printed(certificate)).decode()
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"data": data, "language": language} | trial_inputs(),
        pdf_standards="a-2a",
        timestamp=signed,
    )
    return cast(bytes, pdf)


def local_time(at: str, zone: str) -> str:
    """A UTC time as the site's clock shows it, with its offset: `2026-11-24 02:18:00 +08:00`."""
    local = datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).isoformat(" ", "seconds")
    return f"{local[:19]} {local[19:]}"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _printed(certificate: Certificate) -> object:
    """The certificate as JSON values in which every text can be shown."""
    plain = msgspec.to_builtins(certificate)
    plain["checkpoint"] = " / ".join(certificate.checkpoint.splitlines()) if certificate.checkpoint else None
    plain["signed_local"] = local_time(certificate.signed_at, certificate.record.site.zone)
    return _shown(plain)


def _shown(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_shown(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items()}
    return value
