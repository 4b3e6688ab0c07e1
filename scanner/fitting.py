"""Which layout lies under a quadrilateral: every size and turn is compared with what is known of it."""

from __future__ import annotations

from functools import cache, lru_cache

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.grid import Floats, Grid, Points, polynomial
from scanner.layouts import DATAMATRIX_SIZES, FREE, LIGHT, QUIET, Layout, datamatrix, micro_qr, qr
from scanner.picture import Grey
from scanner.views import View

MATRIX_FORMATS = frozenset({"DataMatrix", "QRCode", "MicroQRCode"})
FITS_MAX = 40
QR_VERSION_MAX = 20
"""Larger ones have too many modules for the size in which patches are looked at."""

Arcs = tuple[tuple[float, int], ...]
"""Degrees of a cylinder that a symbol covers, along its columns' axis (0) or its rows' (1)."""
FLAT: Arcs = ((0.0, 0),)
ARCS: Arcs = tuple((degrees, axis) for degrees in (100.0, 128.0, 146.0) for axis in (0, 1))
ROUND_QUADS_MAX = 4
STRETCH_MAX = 2.5
"""How much longer a side may look than it is."""
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
        found += [qr(version) for version in range(1, QR_VERSION_MAX + 1)]
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
        if len(v) > CELLS_MAX:  # every so-many-th would see but one side of an alternating border
            some = np.random.default_rng(0).choice(len(v), CELLS_MAX, replace=False)
            v, u = v[some], u[some]
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


@lru_cache(maxsize=16)
def best_fits(view: View, formats: frozenset[str]) -> list[Fit]:
    """What may lie flat under the quadrilaterals of `view`, best first."""
    formats = formats & frozenset({"QRCode"}) if view.qr else formats & MATRIX_FORMATS
    if not view.quads or not formats:
        return []
    turns = range(1 if view.qr else 4)
    turned = [np.roll(quad, -turn, axis=0) for quad in view.quads for turn in turns]
    return fits(evened(view.grey), turned, formats, FLAT)


def round_fits(view: View, flat: list[Fit]) -> list[Fit]:
    """The same on a cylinder, for the corners that fit best when taken for flat."""
    quads: list[Points] = []
    for fit in flat:
        if len(quads) < ROUND_QUADS_MAX and not any(fit.grid.quad is quad for quad in quads):
            quads.append(fit.grid.quad)
    formats = frozenset(fit.layout.format for fit in flat)
    return fits(evened(view.grey), quads, formats, ARCS)


def fits(even: Floats, quads: list[Points], formats: frozenset[str], arcs: Arcs) -> list[Fit]:
    """The best of all layouts, best first. `even`: from `evened`; `quads`: each from its top left corner on."""
    cells, signs, starts = _known_cells(formats)
    counts = np.diff(np.append(starts, signs.shape[1]))
    kinds = layouts(formats)
    aspects = np.array([layout.columns / layout.rows for layout in kinds])
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    found: list[tuple[float, int, Points, tuple[float, int]]] = []
    for arc in arcs:
        homogeneous = np.column_stack([_around(cells, *arc), np.ones(len(cells))]).astype(np.float32).T
        for quad in quads:
            sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
            stretch = (sides[0] + sides[2]) / (sides[1] + sides[3]) / aspects
            x, y, w = (
                cv2.getPerspectiveTransform(unit, quad.astype(np.float32)).astype(np.float32) @ homogeneous
            )
            seen = _at(even, x / w, y / w)
            mean = np.add.reduceat(seen, starts) / counts
            square = np.add.reduceat(seen * seen, starts) - counts * mean * mean
            score = np.add.reduceat(seen * signs, starts, axis=1).max(axis=0) / np.sqrt(square + 1e-6)
            score[(stretch < 1 / STRETCH_MAX) | (stretch > STRETCH_MAX)] = -1
            found += [(float(score[i]), int(i), quad, arc) for i in np.argsort(-score)[:FITS_MAX]]
    found.sort(key=lambda item: -item[0])
    return [Fit(score, kinds[i], _grid(kinds[i], quad, arc)) for score, i, quad, arc in found[:FITS_MAX]]


def _around(places: Points, degrees: float, axis: int) -> Points:
    """Places 0 to 1 on a label around a cylinder, as seen from straight ahead between the label's ends."""
    if not degrees:
        return places
    angle = np.deg2rad(degrees)
    seen = places.copy()
    seen[:, axis] = np.sin(angle * (places[:, axis] - 0.5)) / (2 * np.sin(angle / 2)) + 0.5
    return seen


def _grid(layout: Layout, quad: Points, arc: tuple[float, int]) -> Grid:
    rows, columns = layout.rows, layout.columns
    if not arc[0]:
        return Grid(rows, columns, quad)
    places = np.stack([p.ravel() for p in np.meshgrid(*[np.linspace(0, 1, 12)] * 2)], axis=1)
    size = np.array([columns, rows])
    moved = (_around(places, *arc) - places) * size
    bend = np.linalg.lstsq(polynomial(places * size, rows, columns), moved, rcond=None)[0]
    return Grid(rows, columns, quad, bend)
