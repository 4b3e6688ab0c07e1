"""A short text as a QR code for a screen (ISO/IEC 18004)."""

from __future__ import annotations

import io

QUIET_ZONE = 4  # modules, 9.1
MODULE = 6  # pixels; the page shrinks it to its width


def svg_of(text: str) -> str:
    """An SVG document of its own, dark on light whatever the page's theme: many readers know nothing else.

    Refuses with segno.DataOverflowError what no QR code holds.
    """
    import segno  # with the first code

    drawn = io.BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(drawn, kind="svg", scale=MODULE, border=QUIET_ZONE, light="#fff", dark="#000", xmldecl=False)
    return drawn.getvalue().decode()
