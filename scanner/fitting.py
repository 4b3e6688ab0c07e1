"""Which layout lies under a quadrilateral: every size and turn is compared with what is known of it."""

from __future__ import annotations

from functools import cache

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.grid import Floats, Grid, Points
from scanner.layouts import DATAMATRIX_SIZES, FREE, LIGHT, QUIET, Layout, datamatrix, micro_qr, qr
from scanner.picture import Grey
from scanner.views import View

MATRIX_FORMATS = frozenset({"DataMatrix", "QRCode", "MicroQRCode"})
FITS_MAX = 40
CELLS_MAX = 160
"""Known modules of a layout that are compared."""


class Fit(msgspec.Struct, frozen=True):
    """`score`: correlation of known modules with the picture, -1 to 1."""

    score: float
    layout: Layout
    grid: Grid


@cache
def layouts(formats: frozenset[str]) -> tuple[Layout, ...]:
    """All layouts of the formats asked for."""
    found: list[Layout] = []
    if "DataMatrix" in formats:
        found += [datamatrix(*size) for size in DATAMATRIX_SIZES]
    if "QRCode" in formats:
        found += [qr(version) for version in range(1, 41)]
    if "MicroQRCode" in formats:
        found += [micro_qr(version) for version in (2, 3, 4)]
    return tuple(found)


SOFTNESS = (0.3, 0.8)
"""Blurs, in modules, through which known modules are expected to be seen."""


@cache
def _known_cells(formats: frozenset[str]) -> tuple[Points, Floats, npt.NDArray[np.intp]]:
    """Cells of all layouts in the unit square, what to expect of them (a row a softness; mean 0, square sum 1
    a layout), where each layout begins."""
    cells, signs, starts, count = [], [], [], 0
    for layout in layouts(formats):
        v, u = np.nonzero(layout.known != FREE)
        every = max(1, len(v) // CELLS_MAX)
        v, u = v[::every], u[::every]
        starts.append(count)
        count += len(v)
        wide = np.pad(layout.known.astype(np.float32), 3, constant_values=LIGHT)
        soft = np.stack([cv2.GaussianBlur(wide, (0, 0), s)[3:-3, 3:-3][v, u] for s in SOFTNESS])
        soft -= soft.mean(axis=1, keepdims=True)
        signs.append(soft / np.linalg.norm(soft, axis=1, keepdims=True))
        cells.append(np.stack([(u - QUIET + 0.5) / layout.columns, (v - QUIET + 0.5) / layout.rows], axis=1))
    return np.concatenate(cells), np.concatenate(signs, axis=1).astype(np.float32), np.array(starts)


def evened(grey: Grey) -> Floats:
    """Local mean 0, local contrast about 1: shadow and glare matter less."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.2).astype(np.float32)
    window = max(15, max(grey.shape) // 4 | 1)
    mean = cv2.blur(smooth, (window, window))
    spread = np.sqrt(np.maximum(cv2.blur(smooth * smooth, (window, window)) - mean * mean, 0))
    return np.asarray((smooth - mean) / (spread + 4 + 0.2 * spread.max()), np.float32)


def _at(grey: Floats, x: Floats, y: Floats) -> Floats:
    width = 1024  # remap takes no row longer than 32767
    short = -len(x) % width
    xs, ys = (np.pad(values, (0, short)).reshape(-1, width) for values in (x, y))
    seen = cv2.remap(grey, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen.ravel()[: len(x)], np.float32)


def best_fits(view: View, formats: frozenset[str]) -> list[Fit]:
    """What may lie under the quadrilaterals of `view`, best first."""
    formats = formats & frozenset({"QRCode"}) if view.qr else formats & MATRIX_FORMATS
    if not view.quads or not formats:
        return []
    return fits(evened(view.grey), list(view.quads), formats, turns=1 if view.qr else 4)


def fits(even: Floats, quads: list[Points], formats: frozenset[str], turns: int) -> list[Fit]:
    """The best, best first. `even`: from `evened`; `turns`: how many corners may be the symbol's top left."""
    cells, signs, starts = _known_cells(formats)
    counts = np.diff(np.append(starts, signs.shape[1]))
    homogeneous = np.column_stack([cells, np.ones(len(cells))]).astype(np.float32)
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    found: list[tuple[float, int, Points]] = []
    for quad in quads:
        for turn in range(turns):
            turned = np.roll(quad, -turn, axis=0)
            to_pixels = cv2.getPerspectiveTransform(unit, turned.astype(np.float32)).astype(np.float32)
            x, y, w = to_pixels @ homogeneous.T
            seen = _at(even, x / w, y / w)
            mean = np.add.reduceat(seen, starts) / counts
            square = np.add.reduceat(seen * seen, starts) - counts * mean * mean
            score = np.add.reduceat(seen * signs, starts, axis=1).max(axis=0) / np.sqrt(square + 1e-6)
            found += [(float(score[i]), i, turned) for i in np.argsort(-score)[:FITS_MAX]]
    found.sort(key=lambda item: -item[0])
    best = found[:FITS_MAX]
    kinds = layouts(formats)
    return [Fit(score, kinds[i], Grid(kinds[i].rows, kinds[i].columns, quad)) for score, i, quad in best]
