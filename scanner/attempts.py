"""What is tried on a picture, in this order. The order is the scanner's character: cheap and sure first."""

from __future__ import annotations

from scanner.codes import Code
from scanner.deskew import deskewed
from scanner.engines import Engine, zbar, zx, zx_global
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
    ("zx-equalised", zx, equalised),
    ("zx-deskewed", zx, deskewed),
    ("zbar-equalised", zbar, equalised),
    ("zx-thresholded", zx, thresholded),
    ("zx-doubled", zx, doubled),
    ("matrix", matrix, patched),
    ("zx-whole", zx, whole),
    ("zx-smoothed", zx, smoothed),
    ("zbar", zbar, plain),
    ("zx-halved", zx, halved),
    ("zx-global", zx_global, plain),
    ("matrix-unblurred", matrix_unblurred, patched),
)

FOR_SEVERAL: tuple[Attempt, ...] = (
    ("zx-opened", zx, opened),
    ("zx-reduced", zx, reduced),
    ("zx-equalised", zx, equalised),
)
"""After several square codes: their neighbours, of the same kind, that the first look missed."""

FOR_PAIRS: tuple[Attempt, ...] = (("zx-deskewed", zx, deskewed),)
"""After Code 128 alone: labels often carry the lot in a second symbol, and it may lie askew."""


def follow_up(codes: list[Code]) -> tuple[Attempt, ...]:
    """What is still worth trying after a first look that left no doubt about what it saw."""
    if all(code.format == "Code128" for code in codes):
        return FOR_PAIRS
    return FOR_SEVERAL if len(codes) > 1 else ()
