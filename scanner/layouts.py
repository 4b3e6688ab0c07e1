"""What is fixed in square symbols, whatever they say: finder patterns, borders, timing, quiet zone.

Sizes: ISO/IEC 16022 table 7 (Data Matrix ECC 200), ISO/IEC 18004 (QR, Micro QR).
"""

from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
import numpy.typing as npt
import segno
from segno import consts

LIGHT, DARK, FREE = 1, -1, 0
QUIET = 1
"""Modules around the symbol that are known to be light."""

Signs = npt.NDArray[np.int8]


class Layout(msgspec.Struct, frozen=True, eq=False):
    """`known`: (rows + 2 QUIET) x (columns + 2 QUIET) of LIGHT, DARK and FREE.

    `few`: so few check words that noise is taken for a symbol once in 100 000; one reading is not enough.
    """

    format: str
    rows: int
    columns: int
    known: Signs
    few: bool = False


DATAMATRIX_SIZES: dict[tuple[int, int], tuple[int, int]] = {
    **{(n, n): (1, 1) for n in range(10, 27, 2)},
    **{(n, n): (2, 2) for n in (32, 36, 40, 44, 48, 52)},
    **{(n, n): (4, 4) for n in (64, 72, 80, 88, 96, 104)},
    **{(n, n): (6, 6) for n in (120, 132, 144)},
    (8, 18): (1, 1),
    (8, 32): (1, 2),
    (12, 26): (1, 1),
    (12, 36): (1, 2),
    (16, 36): (1, 2),
    (16, 48): (1, 2),
}
"""Rows x columns to regions down x across."""


@cache
def datamatrix(rows: int, columns: int) -> Layout:
    """Solid border left and below, alternating above (dark first) and right (light first), for every region."""
    down, across = DATAMATRIX_SIZES[rows, columns]
    h, w = rows // down, columns // across
    region = np.zeros((h, w), np.int8)
    region[0] = np.where(np.arange(w) % 2, LIGHT, DARK)
    region[:, -1] = np.where(np.arange(h) % 2, DARK, LIGHT)
    region[-1], region[:, 0] = DARK, DARK
    known = np.pad(np.tile(region, (down, across)), QUIET, constant_values=LIGHT)
    return Layout("DataMatrix", rows, columns, known, few=rows * columns <= 100)


_QR_DARK = (
    consts.TYPE_FINDER_PATTERN_DARK,
    consts.TYPE_TIMING_DARK,
    consts.TYPE_ALIGNMENT_PATTERN_DARK,
    consts.TYPE_VERSION_DARK,
    consts.TYPE_DARKMODULE,
)
_QR_LIGHT = (
    consts.TYPE_FINDER_PATTERN_LIGHT,
    consts.TYPE_SEPARATOR,
    consts.TYPE_TIMING_LIGHT,
    consts.TYPE_ALIGNMENT_PATTERN_LIGHT,
    consts.TYPE_VERSION_LIGHT,
)


@cache
def qr(version: int) -> Layout:
    """Version 1 to 40."""
    symbol = segno.make("0", version=version, mask=0, error="l", boost_error=False, micro=False)
    return _segno(symbol, "QRCode")


@cache
def micro_qr(version: int) -> Layout:
    """M2 to M4 (M1 detects errors, but does not correct them)."""
    return _segno(segno.make("0", version=f"M{version}", mask=0), "MicroQRCode")


def _segno(symbol: segno.QRCode, format: str) -> Layout:
    kinds = np.array([list(row) for row in symbol.matrix_iter(border=0, verbose=True)])
    known = np.where(np.isin(kinds, _QR_DARK), DARK, np.where(np.isin(kinds, _QR_LIGHT), LIGHT, FREE))
    known = np.pad(known.astype(np.int8), QUIET, constant_values=LIGHT)
    rows, columns = kinds.shape
    return Layout(format, rows, columns, known, few=format == "MicroQRCode")
