"""Where along a profile an EAN-13 or UPC-A may lie, and through which blur it may be seen.

Places are tried by the thousand, each for how well its best row of patterns explains what is there (`unexplained`):
on flat labels any length and offset with even paper on both sides; on bottles and vials, which show modules
narrower towards their edges, all ways of bending between a few ends, each beside even paper.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from scanner.bars import EAN_13, QUIET, SLOTS
from scanner.evened import blur_of
from scanner.grid import Floats
from scanner.lens import DENSITY, Blur, blurred, places_at

BLURS = (
    (Blur(0.4, 0.8, round=True), 0.0, 0.75),
    (Blur(0.5, 2.4, round=True), 0.5, 1.1),
    (Blur(0.5, 3.6, round=True), 0.8, 1.6),
    (Blur(0.6, 5.0, round=True), 1.2, 4.0),
)
"""To begin with, and for which sigmas that the steepest edge shows (`blur_of`, off by two fifths at most), modules."""
INK = 0.49
"""Of a symbol's modules, give or take 0.04."""
MODULE_MIN_PX = 0.9
"""Of the picture."""
SHORTEST, LONGEST = 0.3, 0.9
"""Of the view."""
LENGTH_STEP, OFFSET_STEP = 1.01, 0.8
QUIET_MAX = 0.15
"""How uneven paper beside a symbol may be, of its contrast."""
BRIGHTEST, DARKEST = -0.2, 1.5
"""Of the samples, 0 paper and 1 ink."""
SCREENED_MAX = 96
"""Places that are looked at closely."""
PLACES_MAX = 2
OFF_MAX = 0.3
"""How much the best row of patterns may leave unexplained at first: of 33 symbols that were read all but one left
0.03 to 0.25, where there is none three places in four leave more."""
NEAR, NEAR_BEND = 3.0, 0.12
"""Modules, and bends: places nearer to each other are one."""
STRETCHES, BOWS = np.arange(-0.8, 0.81, 0.05), np.arange(-0.6, 0.21, 0.1)
NARROWEST, WIDEST = 0.45, 2.0
"""Of the mean: a module on a cylinder."""
EVEN_MAX, EVEN_NOISE = 0.02, 0.6
"""Of the profile's contrast, and grey levels a pixel: less is paper."""
PAPER_MIN = 3
"""Pixels of it, an edge's reach left out."""
INSET = 0.7
"""Of the blur's sigma: so far within what it has darkened lies the edge."""
PAIRS_MAX = 4

_SLOTS = ("quiet", *EAN_13.slots, "quiet")
_EDGES = np.arange(-QUIET // 2, EAN_13.modules + QUIET // 2 + 1, dtype=np.float64)
"""Of modules, the inner half of the quiet zones included."""


class Likely(NamedTuple):
    """Where a symbol may lie: pixels of its ends (`last` before `first`: upside down), and how it may be blurred."""

    off: float
    first: float
    last: float
    blur: Blur
    stretch: float = 0.0
    bow: float = 0.0


Places = Callable[[Floats, float], list[Likely]]
"""Of a profile and the least pixels a module in it, the likeliest first."""


def straight_places(profile: Floats, module_min: float) -> list[Likely]:
    """The likeliest first: by how much of the profile the best row of patterns leaves unexplained there."""
    places, modules = _laid(profile, module_min)
    found: list[Likely] = []
    seen = blur_of(profile[None]) * EAN_13.modules / np.ptp(places, axis=1)
    for blur, least, most in BLURS:
        here = (seen > least) & (seen < most)
        for turned in (False, True):
            rows, ends = ((each[here][:, ::-1] if turned else each[here]) for each in (modules, places))
            some = _screened(rows, blur)
            rows, ends = rows[some], ends[some]
            off = unexplained(rows, blur)
            for at in np.argsort(off)[:PLACES_MAX]:
                if off[at] < OFF_MAX:
                    found.append(Likely(float(off[at]), float(ends[at, 0]), float(ends[at, 1]), blur))
    return _apart(found)


def bent_places(profile: Floats, module_min: float) -> list[Likely]:
    """The same where the symbol goes around a cylinder."""
    found: list[Likely] = []
    size = len(profile)
    ends = _beside_paper(profile, module_min)
    if not ends:
        return []
    for turned in (False, True):
        here = np.ascontiguousarray(profile[::-1]) if turned else profile
        pairs = [(size - 1 - last, size - 1 - first) for first, last in ends] if turned else ends
        places = np.array([(*pair, *bend) for pair in pairs for bend in _bends()], np.float32)
        modules = _modules(here, places)
        fits = (modules.min(1) > 2 * BRIGHTEST) & (modules.max(1) < DARKEST + 0.2)
        places, modules = places[fits], modules[fits]
        for blur, _, _ in BLURS[:3]:
            some = _screened(modules, blur)
            off = unexplained(modules[some], blur)
            for at in np.argsort(off)[:PLACES_MAX]:
                first, last, stretch, bow = map(float, places[some[at]])
                if turned:
                    first, last = size - 1 - first, size - 1 - last
                if off[at] < OFF_MAX:
                    found.append(Likely(float(off[at]), first, last, blur, stretch, bow))
    return _apart(found)


def _apart(found: list[Likely]) -> list[Likely]:
    found.sort()
    apart: list[Likely] = []
    for one in found:
        near = NEAR * abs(one.last - one.first) / EAN_13.modules
        if len(apart) < PLACES_MAX and all(
            abs(one.first - other.first) > near
            or abs(one.last - other.last) > near
            or abs(one.stretch - other.stretch) + abs(one.bow - other.bow) > NEAR_BEND
            for other in apart
        ):
            apart.append(one)
    return apart


def _beside_paper(profile: Floats, module_min: float) -> list[tuple[float, float]]:
    """Pairs of places where even paper ends and begins again, those beside the widest paper first."""
    size, reach = len(profile), max(8, len(profile) // 60)
    inset = reach / 2 + INSET * blur_of(profile[None])
    smooth = cv2.GaussianBlur(profile[None], (0, 0), 1.5)[0]
    low, high = np.percentile(smooth, (5, 95))
    steepest = cv2.dilate(np.abs(np.diff(smooth))[None], np.ones((1, reach), np.uint8))[0]
    even = np.pad(steepest < max(EVEN_MAX * (high - low), EVEN_NOISE), 1)
    turns = np.flatnonzero(np.diff(even.astype(np.int8))).reshape(-1, 2)
    papers = [(int(a), int(b)) for a, b in turns if b - a > PAPER_MIN]
    least, most = max(SHORTEST * size, module_min * EAN_13.modules), LONGEST * size
    pairs = [
        (min(end - begin, end_after - begin_after), end + inset, begin_after - inset)
        for begin, end in papers
        for begin_after, end_after in papers
        if least < begin_after - end - reach < most
    ]
    return [(first, last) for _, first, last in sorted(pairs, reverse=True)[:PAIRS_MAX]]


@cache
def _bends() -> list[tuple[float, float]]:
    """(stretch, bow) of `scanner.lens.Place` under which no module is far wider than another."""
    t = np.linspace(0, 1, EAN_13.modules + 1, dtype=np.float32)
    found = []
    for stretch in STRETCHES:
        for bow in BOWS:
            widths = np.diff(places_at(np.array([(0, EAN_13.modules, stretch, bow)], np.float32), t)[0])
            if widths.min() > NARROWEST and widths.max() < WIDEST:
                found.append((float(stretch), float(bow)))
    return found


def _modules(profile: Floats, places: Floats) -> Floats:
    """Of n places (n x 4) the modules, 0 on paper and 1 on ink."""
    sums = np.concatenate([[0.0], np.cumsum(profile.astype(np.float64))])
    beside = QUIET // 2
    inner = places_at(places, np.linspace(0, 1, EAN_13.modules + 1, dtype=np.float32)).astype(np.float64)
    steps = np.arange(1, beside + 1)
    before = inner[:, :1] - steps[::-1] * (inner[:, 1:2] - inner[:, :1])
    after = inner[:, -1:] + steps * (inner[:, -1:] - inner[:, -2:-1])
    edges = np.hstack([before, inner, after])
    seen = np.diff(np.interp(edges + 0.5, np.arange(len(sums)), sums), axis=1)
    seen /= np.maximum(np.diff(edges, axis=1), 0.2)
    part = np.linspace(0, 1, seen.shape[1])
    above = (
        seen - seen[:, :2].mean(1, keepdims=True) * (1 - part) - seen[:, -2:].mean(1, keepdims=True) * part
    )
    contrast = above[:, beside:-beside].mean(1, keepdims=True) / INK
    return np.asarray(above / np.where(np.abs(contrast) > 1, contrast, 1), np.float32)


def _laid(profile: Floats, module_min: float) -> tuple[npt.NDArray[np.float64], Floats]:
    """Places with even paper on both sides (n x 2 pixels), and the modules there, 0 on paper and 1 on ink."""
    size = len(profile)
    levels = profile.astype(np.float64)
    sums, squares = (np.concatenate([[0.0], np.cumsum(each)]) for each in (levels, levels * levels))
    lengths = np.geomspace(
        SHORTEST * size, LONGEST * size, round(np.log(LONGEST / SHORTEST) / np.log(LENGTH_STEP))
    )
    lengths = lengths[lengths >= module_min * EAN_13.modules]
    starts = [np.arange(5 * w, size - 100 * w, OFFSET_STEP * w) for w in lengths / EAN_13.modules]
    if not starts:
        return np.zeros((0, 2)), np.zeros((0, len(_EDGES) - 1), np.float32)
    first = np.concatenate(starts)
    length = np.repeat(lengths, [len(each) for each in starts])
    module, last = length / EAN_13.modules, first + length

    def level(begin: npt.NDArray[np.float64], end: npt.NDArray[np.float64]) -> tuple[np.ndarray, np.ndarray]:
        a, b = np.rint(begin).astype(np.intp), np.rint(end).astype(np.intp)
        mean, square = ((each[b] - each[a]) / np.maximum(b - a, 1) for each in (sums, squares))
        return mean, np.sqrt(np.maximum(square - mean * mean, 0))

    left, left_uneven = level(first - 5 * module, first - 2 * module)
    right, right_uneven = level(last + 2 * module, last + 5 * module)
    inside, uneven = level(first, last)
    contrast = (inside - (left + right) / 2) / INK
    clear = np.abs(contrast)
    even = np.maximum(left_uneven, right_uneven) < QUIET_MAX * clear
    fits = even & (clear > 3) & (clear > 1.7 * uneven) & (clear < 8 * uneven)
    first, last, module, left, right, contrast = (
        each[fits] for each in (first, last, module, left, right, contrast)
    )
    edges = np.interp(first[:, None] + _EDGES * module[:, None], np.arange(size + 1), sums)
    modules = np.diff(edges, axis=1) / module[:, None]
    part = np.clip((_EDGES[:-1] + 0.5) / EAN_13.modules, 0, 1)
    paper = left[:, None] * (1 - part) + right[:, None] * part
    modules = ((modules - paper) / contrast[:, None]).astype(np.float32)
    modules *= INK / modules[:, QUIET // 2 : -QUIET // 2].mean(1, keepdims=True)
    fits = (modules.min(1) > BRIGHTEST) & (modules.max(1) < DARKEST)
    return np.stack([first, last], 1)[fits] - 0.5, modules[fits]


def _screened(modules: Floats, blur: Blur) -> npt.NDArray[np.intp]:
    """The rows that are likeliest when each slot is taken for itself: a tenth of the time, and a first choice."""
    if len(modules) <= SCREENED_MAX:
        return np.arange(len(modules))
    columns = np.ascontiguousarray(modules.T)
    off, at = (columns * columns).sum(0), QUIET // 2
    for slot in EAN_13.slots:
        patterns, squares = _coarse_alone(slot, blur)
        width = patterns.shape[1]
        off += (squares[:, None] - 2 * patterns @ columns[at : at + width]).min(0)
        at += width
    off /= modules.var(1) + 1e-6
    return np.argpartition(off, SCREENED_MAX)[:SCREENED_MAX]


@lru_cache(maxsize=64)
def _coarse_alone(slot: str, blur: Blur) -> tuple[Floats, Floats]:
    """A slot's patterns between neighbours of which only the nearest module is known, a sample a module."""
    patterns = SLOTS[slot]
    grey = np.full((len(patterns), 3), 0.5, np.float32)
    wide = np.hstack([grey, 1 - patterns[:, :1], patterns, 1 - patterns[:, -1:], grey])
    fine = blurred(wide, blur)
    seen = np.ascontiguousarray(fine.reshape(len(fine), -1, DENSITY).mean(2)[:, 4:-4])
    return seen, (seen * seen).sum(1)


def unexplained(modules: Floats, blur: Blur) -> Floats:
    """Share of each row's variance that its likeliest patterns leave."""
    columns = np.ascontiguousarray(modules.T)
    cost, at = np.zeros((1, len(modules)), np.float32), 0
    for one, other in pairwise(_SLOTS):
        a, b, squares = _coarse_pair(one, other, blur)
        seen = columns[at : at + a.shape[1]]
        at += a.shape[1]
        through = cost - 2 * a @ seen
        cost = (through[:, None] + squares[:, :, None]).min(0) - 2 * b @ seen
    off = cost[0] + (modules * modules).sum(1)
    return np.asarray(off / (modules.var(1) * modules.shape[1] + 1e-6), np.float32)


@lru_cache(maxsize=256)
def _coarse_pair(one: str, other: str, blur: Blur) -> tuple[Floats, Floats, Floats]:
    """As `scanner.lens.pair`, a sample a module."""
    left, right = SLOTS[one], SLOTS[other]
    before, after = left.shape[1], right.shape[1]
    inner = slice(before // 2, before + after // 2)

    def seen(patterns: Floats) -> Floats:
        fine = blurred(patterns, blur)
        return np.ascontiguousarray(fine.reshape(len(fine), -1, DENSITY).mean(2)[:, inner])

    a, b = (
        seen(np.pad(left, ((0, 0), (0, after)))),
        seen(np.pad(right, ((0, 0), (before, 0)))),
    )
    return a, b, 2 * a @ b.T + (a * a).sum(1)[:, None] + (b * b).sum(1)
