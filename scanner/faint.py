"""Runs of bars that do not stand out: out of focus, on shining film, in a picture with sharper edges than theirs.

`scanner.deskew` wants gradients above the picture's mean, and so loses or tears what the lens has blurred. Here far
weaker ones count, but only together with others of their own direction, or the frame around a symbol would join it.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from scanner.deskew import (
    AREA_MIN,
    CLOSED,
    COHERENCE_MIN,
    ENERGY_MIN,
    POINTS,
    PROBE,
    SEARCH_PX,
    STEP,
    WINDOW_PX,
    Floats,
    Run,
    contrast_within,
    crop_of,
    explained,
    tensor,
)
from scanner.evened import set_parallel
from scanner.picture import Grey
from scanner.views import View

FAINT = 0.05
"""Of the picture's mean energy of gradients."""
DIRECTIONS = 6
SPREAD = np.deg2rad(22)
"""Of the gradients of one run, to either side; more than half the step between directions, so that none is torn."""
ALONE = 24
"""Pixels across: an edge that stands alone is seen within the window and its own blur, bars beyond it."""
RUNS_MAX = 10
"""Of the largest, those with the most bars."""
EXPLAINED_MIN = 0.6
TURNS_MIN, TURNS_MANY = 18, 24
"""Between dark and light: of 59 in an EAN-13 the most blurred that were read showed 21; a frame has 2 to 8."""
CROPS_MAX = 2
TALL_MIN = 0.8
"""Of the best row's likeness to the mean row: what is less is print, glare, a finger."""


def faint(grey: Grey) -> list[View]:
    """Crops as of `scanner.deskew.deskewed`, bars set parallel and rows that show something else left out."""
    factor = min(1.0, SEARCH_PX / max(grey.shape))
    if min(grey.shape) * factor < WINDOW_PX:
        return []
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    likely = []
    for run in _runs(np.asarray(small, np.float32), factor):
        probe = crop_of(grey, run, factor, PROBE)
        seen, turns = explained(probe), _turns(probe)
        if seen > EXPLAINED_MIN and turns >= TURNS_MIN:
            likely.append((seen * min(1.0, turns / TURNS_MANY), run))
    likely.sort(key=lambda one: -one[0])
    return [_straightened(crop_of(grey, run, factor)) for _, run in likely[:CROPS_MAX]]


def _runs(small: Floats, factor: float) -> list[Run]:
    along, across, energy, coherence = tensor(small)
    bars = (coherence > COHERENCE_MIN) & (energy > max(ENERGY_MIN, FAINT * float(energy.mean())))
    least = np.where(bars, np.float32(np.cos(2 * SPREAD)) * coherence * (energy + 1), np.float32(np.inf))
    runs: list[tuple[int, Run]] = []
    for direction in np.arange(DIRECTIONS) * np.pi / DIRECTIONS:
        towards = np.float32(np.cos(2 * direction)) * along + np.float32(np.sin(2 * direction)) * across
        mask = (towards > least).astype(np.uint8)
        if np.count_nonzero(mask) < AREA_MIN:
            continue
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, CLOSED)
        closed = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _line(float(direction), ALONE // STEP))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
        for label in range(1, count):
            x, y, width, height, area = (int(side) for side in stats[label])
            if area < AREA_MIN:
                continue
            here = np.s_[y : y + height, x : x + width]
            where = labels[here] == label
            angle = 0.5 * np.arctan2(float(across[here][where].sum()), float(along[here][where].sum()))
            if abs(np.angle(np.exp(2j * (angle - direction)))) > 1.2 * np.pi / DIRECTIONS:
                continue  # the next direction has it whole
            ys, xs = np.nonzero(where)
            some = np.s_[:: max(1, len(xs) // POINTS)]
            points = np.stack([xs[some] + x, ys[some] + y], axis=1).astype(np.float32)
            runs.append((area, Run(float(angle), points * STEP / factor)))
    runs.sort(key=lambda run: -run[0])
    return [run for _, run in runs[:RUNS_MAX]]


@cache
def _line(direction: float, length: int) -> Grey:
    """A structuring element: pixels along a direction."""
    side, half = length | 1, length // 2
    element = np.zeros((side, side), np.uint8)
    dx, dy = round(half * np.cos(direction)), round(half * np.sin(direction))
    return np.asarray(cv2.line(element, (half - dx, half - dy), (half + dx, half + dy), (1,)), np.uint8)


def _turns(crop: View) -> int:
    mean = contrast_within(crop.grey, rows=1 / 3).mean(0)
    clear = np.sign(mean)[np.abs(mean) > max(1.0, mean.std()) / 4]
    return int(np.count_nonzero(np.diff(clear)))


def _straightened(crop: View) -> View:
    rows = set_parallel(crop.grey)
    contrast = rows - cv2.blur(rows, (max(3, rows.shape[1] // 6) | 1, 1))
    middle = contrast[len(rows) // 3 : -(len(rows) // 3) or None].mean(0)
    likeness = contrast @ middle / (np.linalg.norm(contrast, axis=1) + 1)
    alike = likeness > TALL_MIN * likeness.max()
    return View(
        np.ascontiguousarray(np.clip(rows[alike], 0, 255), np.uint8), crop.to_picture, upright_bars=True
    )
