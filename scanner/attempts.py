"""What is tried on a picture, in this order. The order is the scanner's character: cheap and sure first."""

from __future__ import annotations

from typing import NamedTuple

from scanner.codes import Code, Corners
from scanner.dark_ground import light_bars, light_squares
from scanner.deskew import deskewed, turned
from scanner.ean import likeliest_ean, likeliest_ean_bent
from scanner.elastic import likeliest_elastic, likeliest_rolled
from scanner.engines import Engine, zbar, zbar_sparse, zx, zx_dark, zx_global
from scanner.evened import evened, foremost, lower, sharpened, unrolled, upper
from scanner.faint import faint
from scanner.finders import finder_patterned
from scanner.likelihood import likeliest
from scanner.matrix import matrix, matrix_bent, matrix_unblurred
from scanner.patches import patched
from scanner.views import (
    Preparation,
    Refinement,
    doubled,
    equalised,
    halved,
    inverted,
    levelled,
    middle,
    opened,
    plain,
    reduced,
    smoothed,
    thresholded,
    whole,
)

Look = tuple[str, Engine, Preparation]


class Attempt(NamedTuple):
    """An engine, what it is given: the picture prepared, and what was prepared refined step by step.

    `agreeing`: in so many of its views a text must be read for its check character to vouch for it. Where bars are
    reshaped by guesses, one wrong guess in a hundred passes by chance, and what is right is read under several.
    """

    name: str
    engine: Engine
    prepare: Preparation
    refine: tuple[Refinement, ...] = ()
    agreeing: int = 1


ATTEMPTS: tuple[Attempt, ...] = (
    Attempt("zx", zx_dark, plain),
    Attempt("zx-deskewed", zx, deskewed),  # all angles but four; before what is dear in large pictures
    Attempt("zx-light", zx, deskewed, (light_bars, evened)),  # light on dark, which no engine reads of bars
    Attempt("likeliest-light", likeliest, deskewed, (light_bars, evened, foremost)),
    Attempt("zx-light-sharpened", zx, deskewed, (light_bars, evened, sharpened), agreeing=2),
    Attempt("zx-levelled", zx_dark, levelled),  # across a shadow's edge nothing else reads square codes
    Attempt("zx-evened", zx, deskewed, (evened,)),  # all that differs along a bar
    Attempt("zbar-evened", zbar, deskewed, (evened,)),
    Attempt("likeliest", likeliest, deskewed, (evened, foremost)),
    Attempt("zx-sharpened", zx, deskewed, (evened, sharpened), agreeing=2),
    Attempt("zbar-sharpened", zbar, deskewed, (evened, sharpened), agreeing=2),
    Attempt("zx-unrolled", zx, deskewed, (evened, unrolled), agreeing=2),
    Attempt("likeliest-rolled", likeliest_rolled, deskewed, (evened, foremost)),
    Attempt("likeliest-elastic", likeliest_elastic, deskewed, (evened, foremost)),
    Attempt("zx-equalised", zx_dark, equalised),
    Attempt("matrix-finders", matrix, finder_patterned),
    Attempt("matrix-finders-unblurred", matrix_unblurred, finder_patterned),
    Attempt("matrix-finders-bent", matrix_bent, finder_patterned),
    Attempt("likeliest-ean", likeliest_ean, faint),
    Attempt("likeliest-ean", likeliest_ean_bent, faint),  # of one mind: both together are one reading
    Attempt("zx-inverted", zx_dark, inverted),
    Attempt("zx-levelled-evened", zx, levelled, (turned, evened)),
    Attempt("zbar-equalised", zbar, equalised),
    Attempt("zx-doubled", zx, doubled),
    Attempt("zx-whole", zx, whole),
    Attempt("zx-global", zx_global, plain),
    Attempt("matrix", matrix, patched),
    Attempt("matrix-unblurred", matrix_unblurred, patched),
    Attempt("matrix-bent", matrix_bent, patched),
    Attempt("matrix-light", matrix, patched, (light_squares,)),
    Attempt("matrix-light-unblurred", matrix_unblurred, patched, (light_squares,)),
    Attempt("zx-thresholded", zx, thresholded),
    Attempt("zbar", zbar, plain),
    Attempt("zx-smoothed", zx, smoothed),
    Attempt("zx-halved", zx, halved),
)

NEARBY: tuple[Look, ...] = (
    ("zbar-nearby", zbar_sparse, middle),  # every other row of a fifth is enough, mostly
    ("zbar-nearby", zbar, plain),
    ("zx-nearby-equalised", zx, equalised),
    ("zx-nearby-upper", zx, upper),
    ("zx-nearby-lower", zx, lower),
    ("zx-nearby-smoothed", zx, smoothed),
    ("zbar-nearby-inverted", zbar, inverted),
)
"""After a reading that needs another to agree: at its place alone, first by the engine that has not seen it."""

FOR_SEVERAL: tuple[Attempt, ...] = (
    Attempt("zx-opened", zx_dark, opened),
    Attempt("zx-reduced", zx_dark, reduced),
    Attempt("zx-equalised", zx_dark, equalised),
)
"""After several square codes: their neighbours, of the same kind, that the first look missed."""

FOR_QR: tuple[Attempt, ...] = (
    Attempt("matrix-finders", matrix, finder_patterned),
    Attempt("matrix-finders-bent", matrix_bent, finder_patterned),
)
"""After QR codes that leave room for others: by their finder patterns, at a tenth of the cost."""

ROOM = 0.06
"""Of the picture: a code smaller than this may have neighbours."""

FOR_PAIRS: tuple[Attempt, ...] = (Attempt("zx-deskewed", zx, deskewed),)
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
