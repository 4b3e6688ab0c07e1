"""What is tried on a picture, in this order. The order is the scanner's character: cheap and sure first."""

from __future__ import annotations

from scanner.codes import Code, Corners
from scanner.deskew import deskewed
from scanner.engines import Engine, zbar, zx, zx_global
from scanner.finders import finder_patterned
from scanner.matrix import matrix, matrix_unblurred
from scanner.patches import patched
from scanner.views import (
    Preparation,
    doubled,
    equalised,
    halved,
    opened,
    plain,
    reduced,
    smoothed,
    thresholded,
    whole,
)

Attempt = tuple[str, Engine, Preparation]

ATTEMPTS: tuple[Attempt, ...] = (
    ("zx", zx, plain),
    ("zx-deskewed", zx, deskewed),  # all angles but four; before what is dear in large pictures
    ("zx-equalised", zx, equalised),
    ("matrix-finders", matrix, finder_patterned),
    ("zbar-equalised", zbar, equalised),
    ("zx-doubled", zx, doubled),
    ("zx-whole", zx, whole),
    ("zx-global", zx_global, plain),
    ("matrix", matrix, patched),
    ("matrix-finders-unblurred", matrix_unblurred, finder_patterned),
    ("matrix-unblurred", matrix_unblurred, patched),
    ("zx-thresholded", zx, thresholded),
    ("zbar", zbar, plain),
    ("zx-smoothed", zx, smoothed),
    ("zx-halved", zx, halved),
)

NEARBY: tuple[Attempt, ...] = (
    ("zbar-nearby", zbar, plain),
    ("zx-nearby-equalised", zx, equalised),
    ("zx-nearby-smoothed", zx, smoothed),
)
"""After a reading that needs another to agree: at its place alone, first by the engine that has not seen it."""

FOR_SEVERAL: tuple[Attempt, ...] = (
    ("zx-opened", zx, opened),
    ("zx-reduced", zx, reduced),
    ("zx-equalised", zx, equalised),
)
"""After several square codes: their neighbours, of the same kind, that the first look missed."""

FOR_QR: tuple[Attempt, ...] = (("matrix-finders", matrix, finder_patterned),)
"""After QR codes that leave room for others: by their finder patterns, at a tenth of the cost."""

ROOM = 0.06
"""Of the picture: a code smaller than this may have neighbours."""

FOR_PAIRS: tuple[Attempt, ...] = (("zx-deskewed", zx, deskewed),)
"""After Code 128 alone: labels often carry the lot in a second symbol, and it may lie askew."""


def follow_up(codes: list[Code], picture_px: int) -> tuple[Attempt, ...]:
    """What is still worth trying after a first look that left no doubt about what it saw."""
    if all(code.format == "Code128" for code in codes):
        return FOR_PAIRS
    if all(code.format == "QRCode" for code in codes):
        return FOR_QR if max(area(code.corners) for code in codes) < ROOM * picture_px else ()
    return FOR_SEVERAL if len(codes) > 1 else ()


def area(corners: Corners) -> float:
    """Of a symbol, in square pixels."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    return abs((cx - ax) * (dy - by) - (dx - bx) * (cy - ay)) / 2
