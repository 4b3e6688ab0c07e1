"""QR symbols by their finder patterns: square rings around squares, three to a symbol.

For symbols that have no quiet zone to speak of, stand among other print, or lie oblique: the twelve corners of
the three patterns give size and perspective (ISO/IEC 18004, 6.3.3).
"""

from __future__ import annotations

from itertools import permutations

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.grid import Points
from scanner.patches import SIDE_PX
from scanner.picture import Grey, Pixels
from scanner.views import View

SEARCH_PX = 1200
BLOCKS = (75, 25)
"""Neighbourhoods (px) against which black and white are told apart; the second only where the first shows a pattern."""
SIDE_MIN_PX = 9
FINDERS_MAX = 60
SYMBOLS_MAX = 8
UNLIKE_SURE = 0.9
"""Three patterns less unlike a symbol's than this belong to no other."""
SPARE = 0.12
"""Of the symbol's side, kept around it."""
FILLED = 9
"""Pixels of a neighbourhood, itself included."""
SPECK = 2
_KEPT = np.array(
    [here == FILLED - 1 for here in range(FILLED + 1)] + [here > SPECK for here in range(256 - FILLED - 1)],
    np.uint8,
)
"""By ink in the neighbourhood: first of pixels without ink, then (from `FILLED` + 1) of those with."""


class Finder(msgspec.Struct, frozen=True):
    """`corners`: 4 x 2 px, clockwise; `module` in px; `light`: white on black."""

    centre: Points
    corners: Points
    module: float
    light: bool


def finder_patterned(grey: Grey) -> list[View]:
    """Cut-outs with a symbol each, the surest first, brought to about `SIDE_PX`."""
    factor = min(2.0, SEARCH_PX / max(grey.shape))  # rings a pixel wide close up; larger, they stay open
    if min(grey.shape) * factor < 2 * SIDE_MIN_PX:
        return []
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=interpolation)
    finders: list[Finder] = []
    for block in BLOCKS:
        for found in _finders(np.asarray(small, np.uint8), block):
            if all(np.linalg.norm(found.centre - f.centre) > 2 * found.module for f in finders):
                finders.append(found)
        if not finders:
            break
    finders = sorted(finders, key=lambda f: -f.module)[:FINDERS_MAX]
    return [
        _cut(grey, [q / factor for q in quads], light) for quads, light in _symbols(finders)[:SYMBOLS_MAX]
    ]


def _finders(grey: Grey, block: int) -> list[Finder]:
    kind = cv2.THRESH_BINARY_INV
    ink = _without_specks(cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, kind, block, 4))
    outlines, tree = cv2.findContours(ink, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    found: list[Finder] = []
    if tree is None:
        return found
    inners = tree[0][:, 2]
    for outer in map(int, np.flatnonzero((inners >= 0) & (inners[inners] >= 0))):  # of thousands a few
        inner = int(inners[outer])
        if len(outlines[outer]) < 4:
            continue
        # Ring, gap, square: children of one another, 7, 5 and 3 modules wide.
        areas = [cv2.contourArea(outlines[i]) for i in (outer, inner)]
        core = max(
            _siblings(tree[0], tree[0][inner][2]), key=lambda i: cv2.contourArea(outlines[i]), default=-1
        )
        if core < 0 or areas[0] < SIDE_MIN_PX**2:
            continue
        areas.append(cv2.contourArea(outlines[core]))
        if not (1.3 < areas[0] / (areas[1] + 1) < 4.5 and 1.3 < areas[1] / (areas[2] + 1) < 8):
            continue
        corners = _four(np.asarray(outlines[outer], np.int32))
        if corners is not None:
            middle = outlines[core].reshape(-1, 2).mean(axis=0)
            centre = corners.mean(axis=0)
            module = float(np.sqrt(areas[0])) / 7
            if np.linalg.norm(middle - centre) < 1.5 * module:
                gap = centre + (corners - centre) * 2 / 3.5  # two modules out, where the ring leaves a gap
                light = bool(_grey_at(grey, centre[None]) > _grey_at(grey, gap))
                found.append(Finder(centre, corners, module, light))
    return found


def _without_specks(ink: Pixels) -> Grey:
    """Ink (0 or 1) without specks of a pixel or two, and filled where one pixel is missing: half of all outlines."""
    near = cv2.boxFilter(ink, -1, (3, 3), normalize=False)
    return np.asarray(cv2.LUT(cv2.addWeighted(ink, FILLED + 1, near, 1, 0), _KEPT), np.uint8)


def _grey_at(grey: Grey, places: Points) -> float:
    x, y = np.round(places).astype(int).T
    return float(grey[y, x].mean())


def _siblings(tree: npt.NDArray[np.int32], first: int) -> list[int]:
    found = []
    while first >= 0:
        found.append(int(first))
        first = int(tree[first][0])
    return found


def _four(outline: npt.NDArray[np.int32]) -> Points | None:
    hull = cv2.convexHull(outline)
    if cv2.contourArea(outline) < 0.7 * cv2.contourArea(hull):
        return None
    length = cv2.arcLength(hull, True)
    for share in (0.05, 0.08, 0.03, 0.11):
        corners = cv2.approxPolyDP(hull, share * length, True).reshape(-1, 2).astype(np.float64)
        if len(corners) == 4:
            return corners if cv2.contourArea(corners.astype(np.float32), True) > 0 else corners[::-1]
    box = cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float64)
    return box if cv2.contourArea(box.astype(np.float32), True) > 0 else box[::-1]


def _symbols(finders: list[Finder]) -> list[tuple[list[Points], bool]]:
    """Of each likely three, the quadrilaterals of the likely sizes, and whether it is light on dark."""
    ranked: list[tuple[float, tuple[int, int, int]]] = []
    for i, corner in enumerate(finders):
        near = [
            j
            for j, other in enumerate(finders)
            if j != i
            and corner.light == other.light
            and 0.5 < corner.module / other.module < 2
            and 10 < np.linalg.norm(other.centre - corner.centre) / max(corner.module, other.module) < 240
        ]
        for j, k in permutations(near, 2):
            across, down = finders[j].centre - corner.centre, finders[k].centre - corner.centre
            a, b = float(np.linalg.norm(across)), float(np.linalg.norm(down))
            sine = float(across[0] * down[1] - across[1] * down[0]) / (a * b)
            if sine < 0.5 or not 0.4 < a / b < 2.5:
                continue
            modules = [finders[n].module for n in (i, j, k)]
            unlike = (1 - sine) + abs(np.log(a / b)) + float(np.log(max(modules) / min(modules)))
            unlike += 0.005 * (a + b) / float(np.mean(modules))  # of neighbours, the nearest
            ranked.append((unlike, (i, j, k)))
    ranked.sort(key=lambda item: item[0])
    chosen: list[tuple[list[Points], bool]] = []
    used = dict.fromkeys(range(len(finders)), 0)
    for unlike, three in ranked[: 4 * SYMBOLS_MAX]:
        quads = _quads(*(finders[n] for n in three)) if max(used[n] for n in three) < 2 else []
        if quads:
            chosen.append((quads, finders[three[0]].light))
            for n in three:
                used[n] += 2 if unlike < UNLIKE_SURE else 1
    return chosen


def _quads(corner: Finder, right: Finder, below: Finder) -> list[Points]:
    across, down = right.centre - corner.centre, below.centre - corner.centre
    # Where a pattern's own corners lie, seen along the symbol's sides.
    ordered = [_ordered(f, across, down) for f in (corner, right, below)]
    lengths = [
        np.linalg.norm(across) / np.mean([_along(o, across) for o in ordered[:2]]),
        np.linalg.norm(down) / np.mean([_along(ordered[n], down) for n in (0, 2)]),
    ]
    version = (float(np.mean(lengths)) * 7 + 7 - 17) / 4
    quads = []
    for near in range(int(np.floor(0.93 * version - 0.3)), int(np.ceil(1.07 * version + 0.3)) + 1):
        if not 1 <= near <= 40:
            continue
        side = 17 + 4 * near
        offsets = [(0, 0), (side - 7, 0), (0, side - 7)]
        square = [(x + dx, y + dy) for x, y in offsets for dx, dy in ((0, 0), (7, 0), (7, 7), (0, 7))]
        to_pixels, _ = cv2.findHomography(np.array(square, np.float64), np.concatenate(ordered))
        if to_pixels is None:
            continue
        whole = np.array([[[0, 0], [side, 0], [side, side], [0, side]]], np.float64)
        quad = cv2.perspectiveTransform(whole, to_pixels)[0]
        plain = corner.centre + across + down
        if np.linalg.norm(quad[2] - plain) < 0.7 * np.linalg.norm(across + down) and cv2.isContourConvex(
            quad.astype(np.float32)
        ):
            quads.append(np.asarray(quad, np.float64))
    return quads


def _ordered(finder: Finder, across: Points, down: Points) -> Points:
    """Corners from the one nearest the symbol's top left, clockwise."""
    away = finder.corners - finder.centre
    a, d = across / np.linalg.norm(across), down / np.linalg.norm(down)
    first = int(np.argmin(away @ (a + d)))
    return np.roll(finder.corners, -first, axis=0)


def _along(corners: Points, direction: Points) -> float:
    """Width of a pattern in a direction, px."""
    unit = direction / np.linalg.norm(direction)
    at = np.sort(corners @ unit)
    return float((at[2] + at[3] - at[0] - at[1]) / 2)


def _cut(grey: Grey, quads: list[Points], light: bool) -> View:
    points = np.concatenate(quads)
    spare = SPARE * float(np.ptp(points, axis=0).max()) + 4
    x0, y0 = np.maximum(0, points.min(axis=0) - spare).astype(int)
    x1, y1 = np.minimum(grey.shape[::-1], points.max(axis=0) + spare + 1).astype(int)
    side = max(x1 - x0, y1 - y0)
    zoom = min(4.0, max(1.0, 1.5 * SIDE_PX / side), 900 / side)
    interpolation = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
    cut = cv2.resize(grey[y0:y1, x0:x1], None, fx=zoom, fy=zoom, interpolation=interpolation)
    back = np.array([[1 / zoom, 0, x0 + 0.5 / zoom - 0.5], [0, 1 / zoom, y0 + 0.5 / zoom - 0.5]])
    if light:
        cut = cv2.bitwise_not(cut)
    shifted = tuple((quad - (x0, y0) + 0.5) * zoom - 0.5 for quad in quads)
    return View(np.asarray(cut, np.uint8), back, quads=shifted, qr=True)
