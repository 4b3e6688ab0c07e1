"""Bars by maximum likelihood: which text, printed and seen through this lens, looks most like this profile.

Where blur or motion has run modules together no edge is left to measure, but few patterns are possible, and the
blurred print of each is known. `place` finds where the symbol may lie, `path` the likeliest patterns there
(Viterbi 1967), `settled` bends place and blur until both explain the profile. A text is believed only if it
explains nearly all of it: right ones do so to 99.9 %, wrong ones to 80 % (measured), which no check digit can tell.
"""

from __future__ import annotations

from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from scanner.bars import QUIET, SLOTS, Patterns, Symbol, code_128
from scanner.engines import Reading, Still, always, read_as
from scanner.grid import Floats
from scanner.views import View

DENSITY = 4
"""Samples a module."""
COARSE = 2
LENGTHS = range(4, 41)
"""Characters of Code 128 that are looked for."""
SLOPE_MIN = 1.0
"""Grey levels a pixel."""
SHOWN = 0.5
"""Of the bars, at least, in spite of blur: of 18 blurred symbols most showed 0.9, one 0.6."""
MODULE_MIN_PX = 0.9
"""Narrower ones leave nothing to tell patterns by."""
STRETCHES = tuple(np.linspace(-0.03, 0.03, 5))
STEEP = tuple(np.linspace(-0.36, 0.36, 61))
"""How much wider modules are at the beginning than on the whole (a logarithm), in straight and in oblique views."""
NEIGHBOURS = 3
OUTSTANDING_MAX = 0.75
"""Of what its neighbours leave unexplained: of 24 blurred symbols the right number left 0.14 to 0.70, where there is
none, the best left 0.80 and more."""
NUDGES = (-0.6, 0.6)
"""Modules by which an end may lie elsewhere than it seems."""
PLACES_MAX = 3
ROUNDS = 5
EXPLAINED_MIN = 0.97
UNEXPLAINED_MAX = 0.014
"""Squared difference in eleven modules: of 40 blurred symbols at most 0.011, with three modules painted over 0.027."""
PROMISING_MIN = 0.75
"""Of a first path: less is another symbol, or another place."""
PROGRESS_MIN = 0.001
ENVELOPE = 0.12
"""Of the symbol's length: in it lie paper and ink."""
CONTRAST_MIN = 6.0

_NONE = np.zeros(0, np.float32)


class Blur(NamedTuple):
    """Out of focus by `sigma` (Gaussian), moved by `length`, in modules; `round`: far out of focus, `length` is the
    diameter of the disc that a point becomes."""

    sigma: float
    length: float
    round: bool = False


BLUR = Blur(0.4, 2.0)
"""To begin with: too soft does no harm, too sharp finds no place."""


class Place(NamedTuple):
    """Pixels of first and last edge. `stretch`: perspective, see STEEP; `bow`: what bends beside it, third order."""

    first: float
    last: float
    stretch: float = 0.0
    bow: float = 0.0

    def at(self, t: Floats) -> Floats:
        """Pixels of places 0 to 1 along the symbol."""
        return np.asarray(places_at(np.array([self], np.float32), t)[0], np.float32)


def places_at(places: Floats, t: Floats) -> Floats:
    """Of n places (n x 4, as in `Place`) the pixels of `t`."""
    first, last, stretch, bow = places.T[:, :, None]
    more = np.expm1(stretch)
    there = (more + 1) * t / (1 + more * t)
    if bow.any():
        there += bow * (t * (1 - t) * (1 - 2 * t))
    return np.asarray(first + (last - first) * there, np.float32)


def likeliest(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """Symbols of an evened view (`scanner.evened.foremost`), looked at from straight ahead."""
    return _likeliest(view, formats, STRETCHES, still)


def likeliest_oblique(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """The same from the side."""
    return _likeliest(view, formats, STEEP, still)


def _likeliest(
    view: View, formats: frozenset[str], stretches: tuple[float, ...], still: Still
) -> list[Reading]:
    profile = 255 - np.asarray(view.grey, np.float32).mean(0)
    ends = ends_of(profile)
    if ends is None or "Code128" not in formats:
        return []
    symbols = [code_128(n) for n in _lengths(profile, ends)]
    even = _even(profile, ends)
    for symbol, place in placed(even, ends, symbols, stretches):
        if not still():
            break
        if found := _read(profile, even, symbol, place):
            barcode, (first, last, *_) = found
            bottom = len(view.grey) - 1
            corners = [(first, 0), (last, 0), (last, bottom), (first, bottom)]
            return [read_as(barcode, corners, view, sure=True)]
    return []


def ends_of(profile: Floats) -> tuple[float, float] | None:
    """First and last clear edge, the crop's margins left out."""
    edges = np.abs(np.diff(cv2.GaussianBlur(profile[None], (0, 0), 1)[0]))
    margin = len(edges) // 16
    edges[:margin] = edges[len(edges) - margin :] = 0
    clear = np.flatnonzero(edges > np.percentile(edges, 97) / 8)
    return (float(clear[0]), float(clear[-1]) + 1) if len(clear) > 1 else None


def _lengths(profile: Floats, ends: tuple[float, float]) -> list[int]:
    """Characters that so many bars may be, each of which still darkens the profile a little."""
    slopes = np.diff(profile[int(ends[0]) : int(ends[1])])
    clear = np.sign(slopes[np.abs(slopes) > SLOPE_MIN])
    bars = (np.count_nonzero(np.diff(clear)) + 1 - 13) / 6  # start, stop: 13 edges, a character: 6
    return [n for n in LENGTHS if bars * SHOWN - 1 <= n <= bars / SHOWN + 1]


def _even(profile: Floats, ends: tuple[float, float]) -> Floats:
    """0 on paper, 1 on ink, whatever the light."""
    reach = max(3, round((ends[1] - ends[0]) * ENVELOPE)) | 1
    row = np.ones((1, reach), np.uint8)
    ink = cv2.blur(cv2.dilate(profile[None], row), (reach, 1))[0]
    paper = cv2.blur(cv2.erode(profile[None], row), (reach, 1))[0]
    return np.asarray((profile - paper) / np.maximum(ink - paper, CONTRAST_MIN), np.float32)


@lru_cache(maxsize=256)
def _kernel(blur: Blur) -> Floats:
    fine = 4
    half = int(np.ceil((3.5 * blur.sigma + blur.length / 2) * DENSITY)) + 1
    x = np.arange(-half * fine, half * fine + 1) / DENSITY / fine
    kernel = np.exp(-x * x / 2 / max(blur.sigma, 0.08) ** 2)
    if blur.length > 0:
        steps = max(1, round(blur.length * DENSITY * fine))
        across = (2 * np.arange(steps) + 1) / steps - 1
        stroke = np.sqrt(1 - across * across) if blur.round else np.ones(steps)
        kernel = np.convolve(kernel, stroke, "same")
    thin = kernel[::fine]
    return np.asarray(thin / thin.sum(), np.float32)


def blurred(modules: Patterns, blur: Blur) -> Floats:
    """Rows of modules to rows of samples; beyond their ends is paper."""
    samples = np.repeat(modules, DENSITY, axis=1)
    return np.asarray(
        cv2.filter2D(samples, -1, _kernel(blur)[None], borderType=cv2.BORDER_CONSTANT), np.float32
    )


def placed(
    even: Floats, ends: tuple[float, float], symbols: list[Symbol], stretches: tuple[float, ...]
) -> list[tuple[Symbol, Place]]:
    """Where which symbol may lie, the likeliest first: every slot for itself, by its best pattern."""
    best: list[tuple[float, Symbol, Place]] = []
    for symbol in symbols:
        module = (ends[1] - ends[0]) / symbol.modules
        if module >= MODULE_MIN_PX:
            inset = (BLUR.length / 2 + BLUR.sigma) * module  # where blur begins no bar is yet
            places = [Place(ends[0] + inset, ends[1] - inset, stretch) for stretch in stretches]
            best.append(_best(even, symbol, places))
    # The more patterns, the more they explain, right or wrong: the right number stands out from its neighbours.
    scores = np.array([score for score, _, _ in best], np.float32)
    usual = [float(np.median(scores[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1])) for i in range(len(best))]
    left = scores / usual
    order = [int(i) for i in np.argsort(left)[:PLACES_MAX] if left[i] < OUTSTANDING_MAX]
    nudged = []
    for _, symbol, place in (best[i] for i in order):
        module = (place.last - place.first) / symbol.modules
        steps = [step * module for step in (0.0, *NUDGES)]
        near = [place._replace(first=place.first + a, last=place.last + b) for a in steps for b in steps]
        nudged.append(_best(even, symbol, near))
    return [(symbol, place) for _, symbol, place in nudged]


def _best(even: Floats, symbol: Symbol, places: list[Place]) -> tuple[float, Symbol, Place]:
    scores = _scores(even, symbol, places)
    at = int(scores.argmin())
    return float(scores[at]), symbol, places[at]


def _scores(even: Floats, symbol: Symbol, places: list[Place]) -> Floats:
    """Mean squared difference a sample, of each place; every other character and sample says enough."""
    total, count = np.zeros(len(places), np.float32), 0
    rows = np.array(places, np.float32)
    for slot, t in _looked_at(symbol):
        templates = _alone(slot)
        seen = sampled(even, places_at(rows, t.ravel())).reshape(-1, t.shape[1])
        products = cv2.gemm(seen, templates, -2, _NONE, 0, flags=cv2.GEMM_2_T)
        best = (products + (templates * templates).sum(1)).min(1) + (seen * seen).sum(1)
        total += best.reshape(len(places), -1).sum(1)
        count += t.size
    return np.asarray(total / count, np.float32)


@lru_cache(maxsize=64)
def _looked_at(symbol: Symbol) -> list[tuple[str, Floats]]:
    """Of each kind of slot, how many x samples: places 0 to 1 along the symbol."""
    begins: dict[str, list[int]] = {}
    at = 0
    for slot in symbol.slots:
        begins.setdefault(slot, []).append(at)
        at += SLOTS[slot].shape[1]
    looked_at = []
    for slot, all_of_them in begins.items():
        within = (np.arange(0, SLOTS[slot].shape[1] * DENSITY, COARSE) + 0.5) / DENSITY
        t = (np.array(all_of_them[::COARSE])[:, None] + within) / symbol.modules
        looked_at.append((slot, np.asarray(t, np.float32)))
    return looked_at


def sampled(profile: Floats, at: Floats) -> Floats:
    return np.asarray(np.interp(at, np.arange(len(profile)), profile), np.float32)


@cache
def _alone(slot: str) -> Floats:
    """A slot's patterns with what is known of its neighbours: the module beside it is of the other colour."""
    patterns = SLOTS[slot]
    grey = np.full((len(patterns), 3), 0.5, np.float32)
    wide = np.hstack([grey, 1 - patterns[:, :1], patterns, 1 - patterns[:, -1:], grey])
    return np.ascontiguousarray(blurred(wide, BLUR)[:, 4 * DENSITY : -4 * DENSITY : COARSE])


@lru_cache(maxsize=512)
def pair(one: str, other: str, blur: Blur) -> tuple[Floats, Floats, Floats]:
    """From the middle of one slot to the middle of the next: what either adds, and the sums' squares."""
    left, right = SLOTS[one], SLOTS[other]
    before, after = left.shape[1], right.shape[1]
    inner = slice(before * DENSITY // 2, before * DENSITY + after * DENSITY // 2)
    a = np.ascontiguousarray(blurred(np.pad(left, ((0, 0), (0, after))), blur)[:, inner])
    b = np.ascontiguousarray(blurred(np.pad(right, ((0, 0), (before, 0))), blur)[:, inner])
    both = 2 * np.asarray(cv2.gemm(a, b, 1, _NONE, 0, flags=cv2.GEMM_2_T), np.float32)
    return a, b, both + (a * a).sum(1)[:, None] + (b * b).sum(1)[None]


def path(samples: Floats, symbol: Symbol, blur: Blur) -> list[int]:
    """The likeliest pattern of each slot. `samples` begin and end in the middle of the quiet zones."""
    slots = ("quiet", *symbol.slots, "quiet")
    cost, back, at = np.zeros(1, np.float32), [], 0
    for one, other in pairwise(slots):
        a, b, squares = pair(one, other, blur)
        seen = samples[at : at + a.shape[1]]
        at += a.shape[1]
        through = cost[:, None] - 2 * (a @ seen)[:, None] + squares
        back.append(through.argmin(0))
        cost = through.min(0) - 2 * (b @ seen)
    chosen = [0]
    for before in reversed(back):
        chosen.append(int(before[chosen[-1]]))
    return chosen[-2:0:-1]


def _read(
    profile: Floats, even: Floats, symbol: Symbol, place: Place
) -> tuple[zxingcpp.Barcode, Place] | None:
    t = places_of(symbol)
    samples = sampled(even, place.at(t))
    blur, explained = BLUR, 0.0
    for _ in range(ROUNDS):
        chosen = path(samples, symbol, blur)
        place, blur, samples, now = settled(profile, symbol, chosen, place, blur)
        if now < max(PROMISING_MIN, explained + PROGRESS_MIN):
            break
        explained = now
    if max(now, explained) < EXPLAINED_MIN or worst(samples, symbol, chosen, blur) > UNEXPLAINED_MAX:
        return None
    barcode = decoded(symbol.drawn(chosen), symbol.format)
    return (barcode, place) if barcode else None


def worst(samples: Floats, symbol: Symbol, chosen: list[int], blur: Blur) -> float:
    """What is unexplained where most is: squared difference, of samples 0 to 1, in eleven modules."""
    off = (samples - shown_of(symbol, chosen, blur)) ** 2
    return float(cv2.blur(off[None], (11 * DENSITY, 1)).max())


def shown_of(symbol: Symbol, chosen: list[int], blur: Blur) -> Floats:
    modules = np.pad(symbol.drawn(chosen), QUIET)[None]
    return blurred(modules, blur)[0, QUIET * DENSITY // 2 : -(QUIET * DENSITY // 2)]


def places_of(symbol: Symbol) -> Floats:
    count = (symbol.modules + QUIET) * DENSITY
    return np.asarray(((np.arange(count) + 0.5) / DENSITY - QUIET / 2) / symbol.modules, np.float32)


STEPS = 3
STEP_MAX = (1.0, 1.0, 0.03, 0.03, 0.15, 0.5)
"""Ends (modules), stretch, bow, sigma, length."""
HELD = (0.02, 0.02, 3.0, 3.0, 0.3, 0.1)
SIGMA, LENGTH, DIAMETER = (0.15, 1.4), (0.0, 4.0), (0.0, 6.5)


def settled(
    profile: Floats, symbol: Symbol, chosen: list[int], place: Place, blur: Blur
) -> tuple[Place, Blur, Floats, float]:
    """Place and blur moved until the patterns chosen explain the profile best (Gauss and Newton), the samples there,
    0 on paper and 1 on ink, and the share of them that is explained."""
    t = places_of(symbol)
    light = np.stack([np.ones_like(t), 2 * t - 1, (2 * t - 1) ** 2], axis=1)
    shown = partial(shown_of, symbol, chosen)

    for step in range(STEPS + 1):
        model, seen = shown(blur), sampled(profile, place.at(t))
        base = np.hstack([light, light * model[:, None]])
        parts = _solved(base, seen, np.zeros(6))
        level, contrast = light @ parts[:3], light @ parts[3:]
        explained = float(1 - (seen - base @ parts).var() / (seen.var() + 1e-6))
        if step == STEPS:
            break
        span = place.last - place.first
        module = span / symbol.modules
        slope = contrast * np.gradient(model) * DENSITY / module
        shorter, longer = (max(0.0, blur.length + d) for d in (-0.25, 0.25))
        softer = (shown(blur._replace(sigma=blur.sigma + 0.05)) - model) / 0.05
        moved = (shown(blur._replace(length=longer)) - shown(blur._replace(length=shorter))) / (
            longer - shorter
        )
        along = (place.at(t) - place.first) / span
        bent = t * (1 - t)
        wider = np.exp(place.stretch)
        ways = [1 - along, along, span * wider * bent / (1 + (wider - 1) * t) ** 2, span * bent * (1 - 2 * t)]
        design = np.column_stack([base, *(-slope * way for way in ways), contrast * softer, contrast * moved])
        held = np.concatenate([np.zeros(6), HELD]) * abs(float(contrast.mean()))
        change = np.clip(
            _solved(design, seen, held)[6:] / [module, module, 1, 1, 1, 1], -np.array(STEP_MAX), STEP_MAX
        )
        place = Place(
            place.first + change[0] * module,
            place.last + change[1] * module,
            place.stretch + change[2],
            place.bow + change[3],
        )
        longest = DIAMETER if blur.round else LENGTH
        blur = blur._replace(
            sigma=round(float(np.clip(blur.sigma + change[4], *SIGMA)), 2),
            length=round(float(np.clip(blur.length + change[5], *longest)), 2),
        )
    sure = np.where(np.abs(contrast) < 1, np.float32(1), contrast)
    return place, blur, np.asarray((seen - level) / sure, np.float32), explained


def _solved(design: Floats, target: Floats, held: npt.NDArray[np.float64]) -> Floats:
    normal = design.T @ design + np.diag(held * held + 1e-6)
    return np.asarray(np.linalg.solve(normal.astype(np.float64), (design.T @ target).astype(np.float64)))


def decoded(modules: Patterns, format: str) -> zxingcpp.Barcode | None:
    row = np.kron(255 * (1 - np.pad(modules, 10)), np.ones((8, 2)))
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(row, np.uint8),
        formats=getattr(zxingcpp.BarcodeFormat, format),
        binarizer=zxingcpp.Binarizer.BoolCast,
        is_pure=True,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return found[0] if found and found[0].bytes else None
