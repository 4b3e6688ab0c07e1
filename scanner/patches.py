"""Where a square symbol may lie: patches of dense, many-directed edges, each with a quadrilateral around it.

Blur, noise and missing print leave a patch a patch when no finder pattern can be made out in it any more.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scanner.grid import Points
from scanner.picture import Grey
from scanner.views import View

SEARCH_PX = 640
SIDE_PX = 240
"""Patches are looked at in about this size."""
SIDE_MIN_PX = 12
HULL_MAX = 16
"""Corners of a patch's hull: a blob with more is no quadrilateral with some corners missing."""
PATCHES_MAX = 4
CLOSINGS = (9, 17, 27)
"""Gaps in the print that are bridged, px of `SIDE_PX`."""

Mask = npt.NDArray[np.uint8]


def patched(grey: Grey) -> list[View]:
    """Patches, cut out and brought to about `SIDE_PX`, the largest first."""
    if min(grey.shape) < SIDE_MIN_PX:
        return []
    factor = min(1.0, SEARCH_PX / max(grey.shape))
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found: list[tuple[float, tuple[int, int, int, int]]] = []
    for window, smooth in ((9, 0.0), (21, 0.0), (21, 2.0)):
        busy = _busy(small.astype(np.float32), window, smooth)
        count, _, stats, _ = cv2.connectedComponentsWithStats(busy)
        for x, y, w, h, area in stats[1:count]:
            if min(w, h) >= SIDE_MIN_PX and max(w, h) < 5 * min(w, h) and area > 0.35 * w * h:
                found.append((float(area), (int(x), int(y), int(w), int(h))))
    cut: list[View] = []
    taken: list[tuple[int, int, int, int]] = []
    for _, box in sorted(found, reverse=True):
        if len(cut) < PATCHES_MAX and not any(_alike(box, other) for other in taken):
            taken.append(box)
            cut.append(_cut(grey, box, factor))
    return cut


def _busy(grey: npt.NDArray[np.float32], window: int, smooth: float) -> Mask:
    """Where edges are strong and point in more than one direction; `smooth` against grain."""
    if smooth:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), smooth), np.float32)
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.boxFilter(p, -1, (window, window)) for p in (gx * gx, gy * gy, gx * gy))
    # The weaker of the two principal directions.
    weaker = (xx + yy - np.sqrt((xx - yy) ** 2 + 4 * xy * xy)) / 2
    level = max(20.0 if not smooth else 4.0, 0.12 * float(np.percentile(weaker[::3, ::3], 99)))
    return (weaker > level).astype(np.uint8)


def _alike(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return w > 0 and h > 0 and w * h > 0.7 * max(a[2] * a[3], b[2] * b[3])


def _cut(grey: Grey, box: tuple[int, int, int, int], factor: float) -> View:
    x, y, w, h = (side / factor for side in box)
    margin = 0.2 * max(w, h) + 4
    x0, y0 = max(0, int(x - margin)), max(0, int(y - margin))
    x1, y1 = min(grey.shape[1], int(x + w + margin) + 1), min(grey.shape[0], int(y + h + margin) + 1)
    zoom = min(4.0, SIDE_PX / max(w, h))
    interpolation = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
    cut = cv2.resize(grey[y0:y1, x0:x1], None, fx=zoom, fy=zoom, interpolation=interpolation)
    back = np.array([[1 / zoom, 0, x0 + 0.5 / zoom - 0.5], [0, 1 / zoom, y0 + 0.5 / zoom - 0.5]])
    return View(cut.astype(np.uint8), back, quads=quads_in(cut.astype(np.uint8)))


def quads_in(grey: Grey) -> tuple[Points, ...]:
    """Of a patch: quadrilaterals around the dark print in the middle, one a way of joining it up."""
    found: list[Points] = []
    for ink in _inks(grey):
        for closing in CLOSINGS:
            kernel = np.ones((closing, closing), np.uint8)
            joined = cv2.morphologyEx(
                cv2.copyMakeBorder(ink, 30, 30, 30, 30, cv2.BORDER_CONSTANT, value=0), cv2.MORPH_CLOSE, kernel
            )[30:-30, 30:-30]
            outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
            if not outlines:
                continue
            largest = max(outlines, key=cv2.contourArea)
            quad = quad_around(cv2.convexHull(largest)[:, 0].astype(np.float64))
            if quad is not None and not any(np.abs(quad - q).max() < 3 for q in found):
                found.append(quad)
    return tuple(found)


def _inks(grey: Grey) -> list[Mask]:
    smooth, smoother = cv2.GaussianBlur(grey, (0, 0), 1.5), cv2.GaussianBlur(grey, (0, 0), 5)
    local = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 101, 8)
    even, evener = (
        cv2.threshold(s, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1] for s in (smooth, smoother)
    )
    return [np.asarray(ink, np.uint8) for ink in (even, local, 255 - even, evener)]


def quad_around(hull: Points) -> Points | None:
    """The smallest quadrilateral around a convex polygon, clockwise: edges are dropped, cheapest first,
    and their neighbours prolonged until they meet. So a corner without ink gets its corner back."""
    area = abs(cv2.contourArea(hull.astype(np.float32)))
    simple = cv2.approxPolyDP(hull.astype(np.float32), 0.006 * np.sqrt(area) + 0.5, True)[:, 0].astype(
        np.float64
    )
    if not 4 <= len(simple) <= HULL_MAX:
        return None
    if cv2.contourArea(simple.astype(np.float32), True) < 0:
        simple = simple[::-1]
    corners = list(simple)
    while len(corners) > 4:
        best: tuple[float, int, Points] | None = None
        for i in range(len(corners)):
            a, b, c, d = (corners[(i + k) % len(corners)] for k in (-1, 0, 1, 2))
            meet = _crossing(a, b, d, c)
            if meet is not None:
                added = abs(_cross(c - b, meet - b)) / 2
                if best is None or added < best[0]:
                    best = (added, i, meet)
        if best is None or best[0] > 0.3 * area:
            return None
        _, i, meet = best
        corners[i] = meet
        del corners[(i + 1) % len(corners)]
    quad = np.array(corners)
    sides = np.linalg.norm(quad - np.roll(quad, 1, axis=0), axis=1)
    return quad if sides.min() > 0.15 * sides.max() else None


def _cross(a: Points, b: Points) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _crossing(a: Points, b: Points, d: Points, c: Points) -> Points | None:
    """Where a->b prolonged beyond b meets d->c prolonged beyond c."""
    p, q = b - a, c - d
    down = _cross(p, q)
    if abs(down) < 1e-9:
        return None
    s, t = _cross(c - b, q) / down, _cross(c - b, p) / down
    if s <= 0 or (t >= 0 and t * 0 != 0):
        return None
    meet = b + s * p
    return meet if float((meet - c) @ q) > 0 else None
