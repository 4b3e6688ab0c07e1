"""What the bars of a symbol look like along a profile: where they lie and how the lens has blurred them.

A profile is one row of grey levels, a symbol patterns in slots (`scanner.bars`). `path` finds the likeliest patterns
(Viterbi 1967), `settled` bends place and blur until they explain the profile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from scanner.bars import QUIET, SLOTS, Patterns, Symbol
from scanner.grid import Floats

DENSITY = 4
"""Samples a module."""

STEEPEST = 7.0
"""Times narrower: modules further round a cylinder are not resolved by any camera."""
WIDTHS = 5
"""Blurs between the widest modules and the narrowest."""
ALIKE = 0.06
"""Stretch or bow: less changes the blur by a tenth at most."""

_NONE = np.zeros(0, np.float32)


class Blur(NamedTuple):
    """Out of focus by `sigma` (Gaussian), moved by `length`, in modules; `round`: far out of focus, `length` is the
    diameter of the disc that a point becomes."""

    sigma: float
    length: float
    round: bool = False


class Place(NamedTuple):
    """Pixels of first and last edge. `stretch`: perspective, how much wider modules are at the beginning than on the
    whole (a logarithm); `bow`: what bends beside it, third order; `span`: radians of a cylinder that the symbol goes
    around and is seen from straight ahead, 0 on flat labels."""

    first: float
    last: float
    stretch: float = 0.0
    bow: float = 0.0
    span: float = 0.0

    def at(self, t: Floats) -> Floats:
        """Pixels of places 0 to 1 along the symbol."""
        return np.asarray(places_at(np.array([self], np.float32), t)[0], np.float32)


def places_at(places: Floats, t: Floats) -> Floats:
    """Of n places (n x 4 or 5, as in `Place`) the pixels of `t`."""
    first, last, stretch, bow, *span = places.T[:, :, None]
    more = np.expm1(stretch)
    there = (more + 1) * t / (1 + more * t)
    if bow.any():
        there += bow * (t * (1 - t) * (1 - 2 * t))
    if span and span[0].any():
        angle = np.clip(span[0] * (there - 0.5), -np.pi / 2, np.pi / 2)
        there = np.where(span[0] > 0, 0.5 + np.sin(angle) / 2 / np.sin(np.maximum(span[0], 1e-3) / 2), there)
    return np.asarray(first + (last - first) * there, np.float32)


def widening(place: Place, symbol: Symbol) -> Floats | None:
    """How many times narrower than the widest, and so more blurred, modules are at each sample; none where alike."""
    if not (abs(place.stretch) > ALIKE or abs(place.bow) > ALIKE or place.span):
        return None
    widths = np.gradient(Place(0.0, 1.0, *place[2:]).at(places_of(symbol)))
    return np.asarray(widths.max() / np.maximum(widths, widths.max() / STEEPEST), np.float32)


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
    if len(samples) == 1:  # filter2D would go by way of Fourier
        return np.asarray(np.correlate(samples[0], _kernel(blur), "same")[None], np.float32)
    return np.asarray(
        cv2.filter2D(samples, -1, _kernel(blur)[None], borderType=cv2.BORDER_CONSTANT), np.float32
    )


def sampled(profile: Floats, at: Floats) -> Floats:
    return np.asarray(np.interp(at, np.arange(len(profile)), profile), np.float32)


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


def path(samples: Floats, symbol: Symbol, blur: Blur, wider: Floats | None = None) -> list[int]:
    """The likeliest pattern of each slot. `samples` begin and end in the middle of the quiet zones, `wider` is their
    `widening`."""
    cost, back = np.zeros(1, np.float32), []
    for (a, b, squares), seen in pairs(samples, symbol, blur, wider):
        through = cost[:, None] - 2 * (a @ seen)[:, None] + squares
        back.append(through.argmin(0))
        cost = through.min(0) - 2 * (b @ seen)
    chosen = [0]
    for before in reversed(back):
        chosen.append(int(before[chosen[-1]]))
    return chosen[-2:0:-1]


def pairs(
    samples: Floats, symbol: Symbol, blur: Blur, wider: Floats | None = None
) -> Iterator[tuple[tuple[Floats, Floats, Floats], Floats]]:
    """For each slot and the next, quiet zones included: what their patterns add (`pair`), and the samples there."""
    at = 0
    for one, other in pairwise(("quiet", *symbol.slots, "quiet")):
        here = blur
        if wider is not None:
            times = 1.1 ** round(np.log(float(wider[at + SLOTS[one].shape[1] * DENSITY // 2])) / np.log(1.1))
            here = blur._replace(sigma=round(blur.sigma * times, 2), length=round(blur.length * times, 1))
        found = pair(one, other, here)
        yield found, samples[at : at + found[0].shape[1]]
        at += found[0].shape[1]


def shown_of(symbol: Symbol, chosen: list[int], blur: Blur, wider: Floats | None = None) -> Floats:
    """Samples from the middle of one quiet zone to that of the other."""
    modules = np.pad(symbol.drawn(chosen), QUIET)[None]
    inner = slice(QUIET * DENSITY // 2, -(QUIET * DENSITY // 2))
    if wider is None:
        return blurred(modules, blur)[0, inner]
    steps = np.geomspace(1, float(wider.max()), WIDTHS)
    rows = [
        blurred(modules, blur._replace(sigma=blur.sigma * step, length=blur.length * step))[0, inner]
        for step in steps
    ]
    at = np.interp(wider, steps, np.arange(WIDTHS))
    below = np.minimum(at.astype(int), WIDTHS - 2)
    each, part, drawn = np.arange(len(at)), at - below, np.stack(rows)
    return np.asarray(drawn[below, each] * (1 - part) + drawn[below + 1, each] * part, np.float32)


def places_of(symbol: Symbol) -> Floats:
    count = (symbol.modules + QUIET) * DENSITY
    return np.asarray(((np.arange(count) + 0.5) / DENSITY - QUIET / 2) / symbol.modules, np.float32)


STEPS = 3
STEP_MAX = np.array((1.0, 1.0, 0.03, 0.03, 0.15, 0.5))
"""Ends (modules), stretch, bow, sigma, length."""
HELD = (0.02, 0.02, 3.0, 3.0, 0.3, 0.1)
SIGMA, LENGTH, DIAMETER = (0.15, 1.4), (0.0, 4.0), (0.0, 6.5)

Shown = Callable[[Blur], Floats]
"""Samples of the patterns chosen, through a blur."""


class _Fit(NamedTuple):
    """How well patterns explain a profile at a place: samples of both, what paper and ink add there."""

    place: Place
    blur: Blur
    at: Floats
    model: Floats
    seen: Floats
    base: Floats
    level: Floats
    contrast: Floats
    explained: float


def settled(
    profile: Floats, symbol: Symbol, chosen: list[int], place: Place, blur: Blur
) -> tuple[Place, Blur, Floats, float]:
    """Place and blur moved until the patterns chosen explain the profile best (Gauss and Newton), the samples there,
    0 on paper and 1 on ink, and the share of them that is explained."""
    t, light = _lit(symbol)
    shown = partial(shown_of, symbol, chosen, wider=widening(place, symbol))

    def fitted(place: Place, blur: Blur) -> _Fit:
        at, model = place.at(t), shown(blur)
        seen = sampled(profile, at)
        base = np.hstack([light, light * model[:, None]])
        parts = _solved(base, seen, np.zeros(6))
        left = seen - base @ parts
        explained = 1 - float(left.var()) / (float(seen.var()) + 1e-6)
        return _Fit(place, blur, at, model, seen, base, light @ parts[:3], light @ parts[3:], explained)

    best = now = fitted(place, blur)
    for _ in range(STEPS):  # a step may lead through worse to better, and beyond
        change = _change(now, t, shown, symbol.modules)
        now = fitted(*_moved(now.place, now.blur, change, symbol.modules))
        if now.explained > best.explained:
            best = now
    sure = np.where(np.abs(best.contrast) < 1, np.float32(1), best.contrast)
    return best.place, best.blur, np.asarray((best.seen - best.level) / sure, np.float32), best.explained


@lru_cache(maxsize=64)
def _lit(symbol: Symbol) -> tuple[Floats, Floats]:
    """Places of the samples, and how light may change along them."""
    t = places_of(symbol)
    return t, np.stack([np.ones_like(t), 2 * t - 1, (2 * t - 1) ** 2], axis=1)


def _change(fit: _Fit, t: Floats, shown: Shown, modules: int) -> npt.NDArray[np.float64]:
    """Of what `STEP_MAX` names, the step that leaves least unexplained if all is straight; no longer than that."""
    place, blur, model, contrast = fit.place, fit.blur, fit.model, fit.contrast
    span = place.last - place.first
    slope = contrast * np.gradient(model) / np.gradient(fit.at)
    shorter, longer = (max(0.0, blur.length + d) for d in (-0.25, 0.25))
    softer = (shown(blur._replace(sigma=blur.sigma + 0.05)) - model) / 0.05
    further = shown(blur._replace(length=longer)) - shown(blur._replace(length=shorter))
    along = (fit.at - place.first) / span
    bent = t * (1 - t) * _steepness(place.span, t)
    wider = float(np.exp(place.stretch))
    ways = [1 - along, along, span * wider * bent / (1 + (wider - 1) * t) ** 2, span * bent * (1 - 2 * t)]
    blurs = [contrast * softer, contrast * further / (longer - shorter)]
    design = np.column_stack([fit.base, *(-slope * way for way in ways), *blurs])
    held = np.concatenate([np.zeros(6), HELD]) * abs(float(contrast.mean()))
    module = span / modules
    change = _solved(design, fit.seen, held)[6:] / [module, module, 1, 1, 1, 1]
    over = np.maximum(abs(change) / STEP_MAX, 1.0)
    return np.asarray(change / np.repeat([over[:4].max(), over[4:].max()], (4, 2)), np.float64)


def _moved(place: Place, blur: Blur, change: npt.NDArray[np.float64], modules: int) -> tuple[Place, Blur]:
    first, last, stretch, bow, sigma, length = map(float, change)
    module = (place.last - place.first) / modules
    longest = DIAMETER if blur.round else LENGTH
    return Place(
        place.first + first * module,
        place.last + last * module,
        place.stretch + stretch,
        place.bow + bow,
        place.span,
    ), blur._replace(
        sigma=round(float(np.clip(blur.sigma + sigma, *SIGMA)), 2),
        length=round(float(np.clip(blur.length + length, *longest)), 2),
    )


def _steepness(span: float, t: Floats) -> Floats | float:
    """Pixels of the profile a step of `t`, of the mean."""
    return np.asarray(span / 2 / np.sin(span / 2) * np.cos(span * (t - 0.5)), np.float32) if span else 1.0


def _solved(design: Floats, target: Floats, held: npt.NDArray[np.float64]) -> Floats:
    normal = design.T @ design + np.diag(held * held + 1e-6)
    return np.asarray(np.linalg.solve(normal.astype(np.float64), (design.T @ target).astype(np.float64)))
