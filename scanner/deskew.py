"""Runs of parallel bars, found at any angle and turned upright.

Linear decoders walk along rows and columns, so a bar code at 20 degrees is invisible to them. Within a bar
code all grey-level gradients share one direction; the structure tensor (the gradient's outer product,
averaged over a window) says where that is so, and which direction it is.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scanner.picture import Grey
from scanner.views import View

SEARCH_PX = 640
WINDOW_PX = 13
COHERENCE_MIN = 0.7
CROPS_MAX = 4
CROP_LENGTH_PX = (900, 2000)
"""A crop shorter than the first is enlarged (at most 3 times), longer than the second made smaller."""
CROP_ROWS_MAX = 192
"""Bars are alike in all rows: of more, some are left out."""

Floats = npt.NDArray[np.float32]


def deskewed(grey: Grey) -> list[View]:
    """Crops of `grey`, one a run of bars, bars upright, quiet zones kept; the largest runs first."""
    factor = min(1.0, SEARCH_PX / max(grey.shape))
    if min(grey.shape) * factor < WINDOW_PX:
        return []
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    along, across, energy, coherence = _tensor(np.asarray(small, np.float32))
    bars = (coherence > COHERENCE_MIN) & (energy > max(1500.0, float(energy.mean())))
    closed = cv2.morphologyEx(bars.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    areas = stats[1:count, cv2.CC_STAT_AREA]
    largest = [int(i) + 1 for i in np.argsort(-areas)[:CROPS_MAX] if areas[i] >= 30 * WINDOW_PX]
    return [_crop(grey, labels == label, along, across, factor) for label in largest]


def _tensor(grey: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """(Jxx - Jyy, 2 Jxy, energy, coherence 0..1), each averaged over the window."""
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    window = (WINDOW_PX, WINDOW_PX)
    xx, yy, xy = (np.asarray(cv2.boxFilter(p, -1, window), np.float32) for p in (gx * gx, gy * gy, gx * gy))
    along, across, energy = xx - yy, 2 * xy, xx + yy
    return along, across, energy, np.sqrt(along * along + across * across) / (energy + 1)


def _crop(grey: Grey, run: npt.NDArray[np.bool_], along: Floats, across: Floats, factor: float) -> View:
    """Turn one run upright. The mean direction is taken of doubled angles, in which opposite edges agree."""
    angle = 0.5 * np.arctan2(float(across[run].sum()), float(along[run].sum()))
    right = np.array([np.cos(angle), np.sin(angle)])
    down = np.array([-right[1], right[0]])
    ys, xs = np.nonzero(run)
    points = np.stack([xs, ys], axis=1) / factor
    u, v = points @ right, points @ down
    (u0, u1), (v0, v1) = np.percentile(u, (0.5, 99.5)), np.percentile(v, (2, 98))
    margin = 0.12 * (u1 - u0) + 2 * WINDOW_PX / factor
    length, height = u1 - u0 + 2 * margin, max(v1 - v0, 8.0)
    zoom = min(3.0, max(1.0, CROP_LENGTH_PX[0] / length), CROP_LENGTH_PX[1] / length)
    origin = right * (u0 - margin) + down * (v0 + v1 - height) / 2
    zoom_down = min(zoom, CROP_ROWS_MAX / height)
    back = np.column_stack([right / zoom, down / zoom_down, origin])
    size = (max(1, round(length * zoom)), max(1, round(height * zoom_down)))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    crop = cv2.warpAffine(grey, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return View(np.ascontiguousarray(crop, np.uint8), back, upright_bars=True)
