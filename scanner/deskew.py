"""Runs of parallel bars, found at any angle and turned upright.

Linear decoders walk along rows and columns, so a bar code at 20 degrees is invisible to them. Within a bar
code all grey-level gradients share one direction; the structure tensor (the gradient's outer product,
averaged over a window) says where that is so, and which direction it is.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.nearby import joined
from scanner.picture import Grey
from scanner.views import View

SEARCH_PX = 640
WINDOW_PX = 14
STEP = 2
"""Pixels: what is averaged over the window is kept of every other."""
AREA_MIN = 30 * WINDOW_PX // STEP**2
CLOSED = np.ones((5, 5), np.uint8)
COHERENCE_MIN = 0.7
ENERGY_MIN = 100.0
"""Squared grey levels: the bars of a print of five levels between light and dark."""
RUNS_MAX = 12
CROPS_MAX = 4
"""Of the largest runs, the likeliest bar codes."""


class Size(NamedTuple):
    """Pixels of a crop: shorter than `least` it is enlarged (at most 3 times), longer than `most` made smaller."""

    least: int
    most: int
    rows: int
    interpolation: int = cv2.INTER_CUBIC


CROP = Size(900, 2000, rows=192)
"""Bars are alike in all rows: of more, some are left out."""
PROBE = Size(1, 400, rows=24, interpolation=cv2.INTER_LINEAR)

LEAN_MIN, LEAN_MAX = 0.1, 3.0
"""Of a run's middle against the bars' normal, a slope: a label seen askew is a parallelogram. Less says nothing."""
JOINED_MAX = 2
TURNED_MAX = 0.08
"""Radians between the bars of two runs of one symbol, torn by glare or a finger."""
GAP_MAX = 0.6
"""Between them, of the length of both."""

POINTS = 1500
"""Of a run, enough to measure it."""

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]


def deskewed(grey: Grey) -> list[View]:
    """Crops of `grey`, one a run of bars, bars upright, quiet zones kept; the largest runs first."""
    factor = min(1.0, SEARCH_PX / max(grey.shape))
    if min(grey.shape) * factor < WINDOW_PX:
        return []
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    along, across, energy, coherence = tensor(np.asarray(small, np.float32))
    bars = (coherence > COHERENCE_MIN) & (energy > max(ENERGY_MIN, float(energy.mean())))
    closed = cv2.morphologyEx(bars.astype(np.uint8), cv2.MORPH_CLOSE, CLOSED)
    count, found, stats, _ = cv2.connectedComponentsWithStats(closed)
    labels = np.asarray(found, np.int32)
    areas = stats[1:count, cv2.CC_STAT_AREA]
    largest = [int(i) + 1 for i in np.argsort(-areas)[:RUNS_MAX] if areas[i] >= AREA_MIN]
    runs = [_run(labels, label, stats[label], along, across, factor) for label in largest]
    likeness = [explained(crop_of(grey, run, factor, PROBE)) for run in runs]
    likely = [runs[i] for i in np.argsort(-np.array(likeness), kind="stable")[:CROPS_MAX]]
    torn = [
        Run(_mean_angle(one.angle, other.angle), np.concatenate([one.points, other.points]))
        for place, one in enumerate(likely)
        for other in likely[:place]
        if _is_torn(one, other)
    ]
    return [crop_of(grey, run, factor) for run in likely + torn[:JOINED_MAX]]


def turned(views: list[View]) -> list[View]:
    """The same in views of the whole picture: of levelled ones, or what is lit would say alone how bars stand."""
    return [
        msgspec.structs.replace(crop, to_picture=joined(view.to_picture, crop.to_picture))
        for view in views
        for crop in deskewed(view.grey)
    ]


class Run(NamedTuple):
    """Where bars stand side by side: the direction across them (radians), and places, n x 2 pixels."""

    angle: float
    points: Floats


def _run(
    labels: Labels, label: int, box: npt.NDArray[np.int32], along: Floats, across: Floats, factor: float
) -> Run:
    """The mean direction is taken of doubled angles, in which opposite edges agree."""
    x, y, width, height = (int(side) for side in box[:4])
    here = np.s_[y : y + height, x : x + width]
    where = labels[here] == label
    angle = 0.5 * np.arctan2(float(across[here][where].sum()), float(along[here][where].sum()))
    ys, xs = np.nonzero(where)
    some = np.s_[:: max(1, len(xs) // POINTS)]
    points = np.stack([xs[some] + x, ys[some] + y], axis=1).astype(np.float32)
    return Run(float(angle), points * STEP / factor)


def _mean_angle(one: float, other: float) -> float:
    return 0.5 * float(np.angle(np.exp(2j * one) + np.exp(2j * other)))


def _is_torn(one: Run, other: Run) -> bool:
    """Whether both may be parts of one symbol: bars of one direction, at one height, no far way between."""
    if abs(np.angle(np.exp(2j * (one.angle - other.angle)))) > 2 * TURNED_MAX:
        return False
    right = np.array([np.cos(one.angle), np.sin(one.angle)], np.float32)
    sides = []
    for way in (right, np.array([-right[1], right[0]], np.float32)):
        (a0, a1), (b0, b1) = (np.percentile(run.points @ way, (2, 98)) for run in (one, other))
        sides.append((a1 - a0, b1 - b0, max(a0, b0) - min(a1, b1)))
    (length, more, gap), (height, lower, apart) = sides
    return bool(0 < gap < GAP_MAX * (length + more) and -apart > 0.5 * min(height, lower))


def tensor(grey: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """(Jxx - Jyy, 2 Jxy, energy, coherence 0..1), each averaged over the window, of every `STEP`th pixel."""
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    size = (max(1, grey.shape[1] // STEP), max(1, grey.shape[0] // STEP))
    window = (WINDOW_PX // STEP, WINDOW_PX // STEP)
    xx, yy, xy = (
        np.asarray(
            cv2.boxFilter(cv2.resize(product, size, interpolation=cv2.INTER_AREA), -1, window), np.float32
        )
        for product in (gx * gx, gy * gy, gx * gy)
    )
    along, across, energy = xx - yy, 2 * xy, xx + yy
    return along, across, energy, np.sqrt(along * along + across * across) / (energy + 1)


def explained(crop: View) -> float:
    """How much of a crop's contrast its mean row explains, 0 to 1: of bars nearly all, of print a tenth."""
    contrast = contrast_within(crop.grey, rows=1 / 3)
    return float(contrast.mean(0).var() / max(float(contrast.var()), 1.0))


def contrast_within(pixels: Grey | Floats, rows: float) -> Floats:
    """Against the neighbours along the row; that share of the rows left out above and below, a tenth at the ends."""
    height, width = pixels.shape
    above, before = int(height * rows), int(width * 0.1)
    middle = np.asarray(pixels[above : height - above, before : width - before], np.float32)
    return middle - cv2.blur(middle, (max(3, width // 20) | 1, 1))


def crop_of(grey: Grey, run: Run, factor: float, size: Size = CROP) -> View:
    """Turn one run upright."""
    right = np.array([np.cos(run.angle), np.sin(run.angle)])
    down = np.array([-right[1], right[0]])
    u, v = run.points @ right, run.points @ down
    lean = float(np.clip(np.cov(u, v)[0, 1] / max(float(u.var()), 1.0), -LEAN_MAX, LEAN_MAX))
    lean = lean if abs(lean) > LEAN_MIN else 0.0
    v = v - lean * u
    (u0, u1), (v0, v1) = np.percentile(u, (0.5, 99.5)), np.percentile(v, (2, 98))
    margin = 0.12 * (u1 - u0) + 2 * WINDOW_PX / factor
    length, height = u1 - u0 + 2 * margin, max(v1 - v0, 8.0)
    zoom = min(3.0, max(1.0, size.least / length), size.most / length)
    right = right + lean * down  # a tilted label is a parallelogram: along its middle, not across its bars
    origin = right * (u0 - margin) + down * (v0 + v1 - height) / 2
    zoom_down = min(1.0, size.rows / height)
    back = np.column_stack([right / zoom, down / zoom_down, origin])
    pixels = (max(1, round(length * zoom)), max(1, round(height * zoom_down)))
    flags = size.interpolation | cv2.WARP_INVERSE_MAP
    crop = cv2.warpAffine(grey, back, pixels, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return View(np.ascontiguousarray(crop, np.uint8), back, upright_bars=True)
