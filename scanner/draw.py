"""Labels as a maker's printer makes them: for the demo factory, the tests and the fake camera."""

from __future__ import annotations

import cv2
import numpy as np
import zxingcpp

from scanner.codes import BY_NAME, LINEAR_FORMATS
from scanner.picture import Grey

MODULE_MM = {"linear": 0.33, "matrix": 0.5}
"""Width of the narrowest bar or of one square; within GS1's range for retail and health care."""

TEXT_MM = 2.6
BAR_HEIGHT_MM = 14.0
MARGIN_MM = 3.0


def draw_code(code_text: str, format: str, *, dpi: int = 300) -> Grey:
    """One symbol with its quiet zone, height x width, 0 and 255 only.

    `code_text` in GS1's bracket form, "(01)09506000134352(10)A1", makes a GS1 symbol with FNC1 in its
    places; any other text is encoded as it stands. `format` is a name of `LABEL_FORMATS`.
    """
    linear = format in LINEAR_FORMATS
    pixels = max(1, round(MODULE_MM["linear" if linear else "matrix"] / 25.4 * dpi))
    kind = getattr(zxingcpp.BarcodeFormat, BY_NAME[format].zx)
    barcode = zxingcpp.create_barcode(code_text, kind, gs1=code_text.startswith("("))
    image = np.asarray(barcode.to_image(scale=1, add_quiet_zones=True), np.uint8)
    if linear:
        row = image[image.shape[0] // 2]
        image = np.repeat(row[None, :], max(1, round(BAR_HEIGHT_MM / 25.4 * dpi / pixels)), axis=0)
    else:
        image = np.pad(image, 2, constant_values=255)
    return np.kron(image, np.ones((pixels, pixels), np.uint8))


def draw_label(lines: list[str], code_text: str, format: str, *, dpi: int = 300) -> Grey:
    """A label, height x width grey: text lines (any language), the symbol, its text in plain print.

    A linear symbol stands under the lines, a square one to their left.
    """
    code = draw_code(code_text, format, dpi=dpi)
    em = round(TEXT_MM / 25.4 * dpi)
    gap = round(MARGIN_MM / 25.4 * dpi)
    if format in LINEAR_FORMATS:
        sheet = _stack([_text_block(lines, em), code, _text_block([code_text], em)], gap)
    else:
        fields = code_text.replace("(", "\n(").strip().split("\n")
        text = _text_block([*lines, *fields], em)
        sheet = np.ascontiguousarray(_stack([code.T, text.T], gap).T)
    framed = np.pad(sheet, gap, constant_values=255)
    cv2.rectangle(framed, (2, 2), (framed.shape[1] - 3, framed.shape[0] - 3), 0, 2)
    return framed


def _text_block(lines: list[str], em: int) -> Grey:
    font = cv2.FontFace("uni")  # carries Chinese
    longest = max((len(line.encode("gb18030", "replace")) for line in lines), default=1)
    block = np.full((max(1, len(lines)) * em * 3 // 2, longest * em * 2 // 3 + em), 255, np.uint8)
    for i, line in enumerate(lines):
        cv2.putText(block, line, (0, em * 5 // 4 + i * em * 3 // 2), (0,), font, em)
    inked = np.flatnonzero(block.min(axis=0) < 128)
    return block[:, : int(inked[-1]) + 1] if inked.size else block[:, :1]


def _stack(blocks: list[Grey], gap: int) -> Grey:
    """One under the other, left edges in line."""
    width = max(block.shape[1] for block in blocks)
    rows = [np.pad(b, ((0, gap), (0, width - b.shape[1])), constant_values=255) for b in blocks]
    return np.concatenate(rows)[:-gap]
