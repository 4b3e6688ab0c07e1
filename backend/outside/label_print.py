"""Lot labels on paper (PDF) and for label printers (ZPL II), from one drawing.

A label printer gets the finished picture as a graphic field (`^GFA`): it needs no Chinese font, and nothing that
stands on a label can be a command to it, since all it is sent is hexadecimal digits (LBL-8). The code's squares
are whole dots of the printer, so that none is wider than its neighbour.
Source: ZPL II Programming Guide, ^GF, ^PQ, ^PW, ^LL.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, cast

import cv2
import msgspec
import numpy as np
import typst
import zxingcpp

from backend.domain.lot_labels import LotLabel, Media
from backend.outside.font_coverage import FONTS, printable
from backend.outside.trial_mark import trial_inputs

PAGE = Path(__file__).with_name("label.typ")
INCH_MM = 25.4
WIDEST_MODULE_MM = 1.0
CODE_SHARE = 0.52
"""Of the label's height: how much the code may take."""
QUIET_MODULES = 2
DARK = 128


def draw_labels(labels: list[LotLabel], media: Media, copies: int, format: str, dpi: int) -> bytes:
    """The file for a printer, `pdf` or `zpl`. Raises typst.TypstError when it can't be set."""
    if format == "zpl":
        return labels_zpl(labels, media, copies, dpi)
    return labels_pdf(labels, media, copies)


def labels_pdf(labels: list[LotLabel], media: Media, copies: int) -> bytes:
    """A page a label on a roll, full sheets otherwise; `copies` of each label, one after the other."""
    wanted = [label for label in labels for _ in range(copies)]
    return _compile(wanted, media, None, "pdf")


def labels_zpl(labels: list[LotLabel], media: Media, copies: int, dpi: int) -> bytes:
    """One format a label, `copies` of it; ASCII."""
    return b"".join(_zpl(_compile([label], media, dpi, "png"), copies) for label in labels)


def _zpl(png: bytes, copies: int) -> bytes:
    grey = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise ValueError("the drawing is no picture")
    rows = np.packbits(grey < DARK, axis=1)
    height, across = rows.shape
    field = f"^GFA,{rows.size},{rows.size},{across},{rows.tobytes().hex().upper()}"
    return f"^XA^PW{grey.shape[1]}^LL{height}^LH0,0^FO0,0{field}^FS^PQ{copies}^XZ\n".encode()


def _compile(labels: list[LotLabel], media: Media, dpi: int | None, format: Literal["pdf", "png"]) -> bytes:
    data = {"media": media, "labels": [_drawn(label, media, dpi) for label in labels]}
    compiler = typst.Compiler(PAGE, font_paths=_fonts(), ignore_system_fonts=True)
    inputs = {"data": msgspec.json.encode(data).decode()} | trial_inputs()
    return cast(bytes, compiler.compile(format=format, ppi=dpi, sys_inputs=inputs))


def _drawn(label: LotLabel, media: Media, dpi: int | None) -> dict[str, object]:
    """A label's texts as they can be printed, and its code in its place (mm)."""
    code = _modules(label.text)
    count = code.shape[0]
    module = min(WIDEST_MODULE_MM, media.height * CODE_SHARE / count)
    dot = INCH_MM / dpi if dpi else 0.0
    if dpi:
        module = max(2, int(module / dot)) * dot
    size = module * count
    quiet = max(QUIET_MODULES * module, 1.5)
    top = max((media.height - size) / 2 - 1, quiet)
    plain = {name: _shown(value) for name, value in msgspec.structs.asdict(label).items() if name != "item"}
    return plain | {
        "item": {"zh": printable(label.item.zh), "en": printable(label.item.en)},
        "code": _svg(code),
        "code_mm": size,
        "quiet_mm": quiet,
        "code_left": _on_dots(quiet, dot),
        "code_top": _on_dots(top, dot),
    }


def _shown(value: str | None) -> str | None:
    return None if value is None else printable(value)


def _on_dots(length: float, dot: float) -> float:
    return round(length / dot) * dot if dot else length


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _modules(text: str) -> np.ndarray:
    """The Data Matrix symbol of a text, True where it is dark; GS1's bracket form makes a GS1 symbol."""
    kind = zxingcpp.BarcodeFormat.DataMatrix
    symbol = zxingcpp.create_barcode(text, kind, gs1=text.startswith("("), force_square=True)
    return np.asarray(symbol.to_image(scale=1, add_quiet_zones=False), np.uint8) < DARK


def _svg(code: np.ndarray) -> str:
    """The dark squares as one path, a unit each."""
    height, width = code.shape
    path = "".join(f"M{x} {y}h1v1h-1z" for y, x in np.argwhere(code))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )
