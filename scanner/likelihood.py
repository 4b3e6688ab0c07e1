"""Bars by maximum likelihood: which text, printed and seen through this lens, looks most like this profile.

Where blur or motion has run modules together no edge is left to measure, but few patterns are possible, and the
blurred print of each is known (`scanner.lens`). `placed` finds where the symbol may lie; then the likeliest patterns
there and their place and blur are found in turn. A text is believed only if it explains nearly all of the profile:
right ones do so to 99.9 %, wrong ones to 80 % (measured), which no check digit can tell.
"""

from __future__ import annotations

from functools import cache, lru_cache

import cv2
import numpy as np
import zxingcpp

from scanner.bars import SLOTS, Patterns, Symbol, code_128
from scanner.ends import Faced, ends_of, faced, lengths_of
from scanner.engines import Reading, Still, always, read_as
from scanner.grid import Floats
from scanner.lens import (
    DENSITY,
    Blur,
    Place,
    blurred,
    path,
    places_at,
    places_of,
    sampled,
    settled,
    shown_of,
    widening,
)
from scanner.views import View

COARSE = 2
SHOWN = 0.5
"""Of the bars, at least, in spite of blur: of 18 blurred symbols most showed 0.9, one 0.6."""
MODULE_MIN_PX = 0.9
"""Narrower ones leave nothing to tell patterns by."""
STRETCHES = tuple(np.linspace(-0.03, 0.03, 5))
"""How much wider modules are at the beginning than on the whole (a logarithm)."""
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

_NONE = np.zeros(0, np.float32)


BLUR = Blur(0.4, 2.0)
"""To begin with: too soft does no harm, too sharp finds no place."""


def likeliest(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """Symbols of an evened view (`scanner.evened.foremost`), looked at from straight ahead."""
    seen = 255 - np.asarray(view.grey, np.float32).mean(0)
    found = ends_of(seen)
    if found is None or "Code128" not in formats or not (characters := lengths_of(seen, found, SHOWN)):
        return []
    symbols = [code_128(n) for n in characters]
    for way in faced(seen, found, characters):
        for symbol, place in placed(way.even, way.ends, symbols):
            if not still():
                return []
            if reading := reading_of(way, symbol, place, BLUR, view):
                return [reading]
    return []


def placed(even: Floats, ends: tuple[float, float], symbols: list[Symbol]) -> list[tuple[Symbol, Place]]:
    """Where which symbol may lie, the likeliest first: every slot for itself, by its best pattern."""
    best: list[tuple[float, Symbol, Place]] = []
    for symbol in symbols:
        module = (ends[1] - ends[0]) / symbol.modules
        if module >= MODULE_MIN_PX:
            inset = (BLUR.length / 2 + BLUR.sigma) * module  # where blur begins no bar is yet
            places = [Place(ends[0] + inset, ends[1] - inset, stretch) for stretch in STRETCHES]
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


@cache
def _alone(slot: str) -> Floats:
    """A slot's patterns with what is known of its neighbours: the module beside it is of the other colour."""
    patterns = SLOTS[slot]
    grey = np.full((len(patterns), 3), 0.5, np.float32)
    wide = np.hstack([grey, 1 - patterns[:, :1], patterns, 1 - patterns[:, -1:], grey])
    return np.ascontiguousarray(blurred(wide, BLUR)[:, 4 * DENSITY : -4 * DENSITY : COARSE])


def reading_of(
    way: Faced, symbol: Symbol, place: Place, blur: Blur, view: View, promising: float = PROMISING_MIN
) -> Reading | None:
    """What the profile says near a place, if that explains it. `promising`: what a first path must explain."""
    samples = sampled(way.even, place.at(places_of(symbol)))
    explained, best = promising, None
    for _ in range(ROUNDS):
        chosen = path(samples, symbol, blur, widening(place, symbol))
        if best is not None and chosen == best[0]:
            break
        place, blur, samples, now = settled(way.profile, symbol, chosen, place, blur)
        progress, explained = now - explained, max(now, explained)
        if progress > 0:
            best = (chosen, place, blur, samples)
        if progress < PROGRESS_MIN:
            break
    if best is None or explained < EXPLAINED_MIN:
        return None
    chosen, place, blur, samples = best
    if worst(samples, symbol, chosen, blur, widening(place, symbol)) > UNEXPLAINED_MAX:
        return None
    barcode = decoded(symbol.drawn(chosen), symbol.format)
    if barcode is None:
        return None
    first, last = (len(way.profile) - 1 - end if way.turned else end for end in (place.first, place.last))
    bottom = len(view.grey) - 1
    return read_as(barcode, [(first, 0), (last, 0), (last, bottom), (first, bottom)], view, sure=True)


def worst(samples: Floats, symbol: Symbol, chosen: list[int], blur: Blur, wider: Floats | None) -> float:
    """What is unexplained where most is: squared difference, of samples 0 to 1, in eleven modules."""
    off = (samples - shown_of(symbol, chosen, blur, wider)) ** 2
    return float(cv2.blur(off[None], (11 * DENSITY, 1)).max())


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
