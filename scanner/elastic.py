"""Code 128 whose modules are nowhere as wide as elsewhere: around vials, seen from the side, on paper that buckles.

No shape is assumed but where it ends: character after character is laid along the profile, each about as wide as the
one before, so that together they explain it best (dynamic programming over place and width). What comes out says how
many characters there are and how the symbol bends; from there on it is read as any other (`scanner.likelihood`).
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from scanner.bars import Symbol, code_128
from scanner.ends import ENDS_MAX, GUARDS, LENGTHS, SAMPLES, ends_of, faced, is_bent, lengths_of, soft
from scanner.engines import Reading, Still, always
from scanner.evened import blur_of
from scanner.grid import Floats
from scanner.lens import Blur, Place
from scanner.likelihood import MODULE_MIN_PX, reading_of
from scanner.views import View

ROLLED = np.deg2rad(150)
"""Of a cylinder: symbols that go around 140 to 162 degrees of it bend little against this; less, engines read."""
ROLLED_MIN = 1.4
"""Times as many bars at both ends as in the middle (`scanner.ends.is_bent`): at 140 degrees 1.5 and more."""
SPANS = np.deg2rad(np.arange(60, 175, 2.0))
"""Of cylinders that the beginnings of characters are fitted to."""
SHOWN = 0.7
"""Of the bars, at least, in spite of blur."""
BLUR_REACH = 2.6
"""Sigmas outside a symbol at which its first edge still shows."""
FINE = 3
"""Places a module."""
STEP = 1.05
"""From one width to the next, of characters side by side at most."""
UNEVEN = {False: 1.6, True: 1.35}
"""Of the mean: how wide and how narrow modules may be, flat and rolled."""
SLACK = 1.5
"""Modules by which an end may lie elsewhere than it seems."""
SIGMA = (0.2, 0.6)
"""Of the lens to begin with, modules."""
PROMISING_MIN = 0.6
"""As in `scanner.likelihood`: how many characters there are is known here, how they bend only roughly."""
_NONE = np.zeros(0, np.float32)
_FAR = np.float32(1e9)


def likeliest_elastic(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """Symbols of an evened view (`scanner.evened.foremost`), on paper."""
    return _elastic(view, formats, 0.0, still)


def likeliest_rolled(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """The same far around a cylinder."""
    return _elastic(view, formats, ROLLED, still)


def _elastic(view: View, formats: frozenset[str], span: float, still: Still) -> list[Reading]:
    seen = 255 - np.asarray(view.grey, np.float32).mean(0)
    found = ends_of(seen)
    if found is None or "Code128" not in formats or not (characters := lengths_of(seen, found, SHOWN)):
        return []
    if span and not is_bent(seen, found, ROLLED_MIN):
        return []
    sigma = blur_of(seen[None])
    for way in faced(seen, found, characters, np.inf if span else ENDS_MAX):
        near = (way.ends[0] + BLUR_REACH * sigma, way.ends[1] - BLUR_REACH * sigma)
        if not still() or near[1] - near[0] < (11 * characters[0] + GUARDS) * MODULE_MIN_PX:
            break
        laid = _laid(way.even, near, characters, sigma, span)
        if laid is None:
            continue
        symbol, place = laid
        edges = place.at(np.linspace(0, 1, symbol.modules + 1, dtype=np.float32))
        module = float(np.diff(edges).max())
        if module < MODULE_MIN_PX:
            continue
        blur = Blur(round(float(np.clip(0.8 * sigma / module, *SIGMA)), 2), 0.0)
        if reading := reading_of(way, symbol, place, blur, view, promising=PROMISING_MIN):
            return [reading]
    return []


class _Strip(NamedTuple):
    """A levelled profile resampled: `FINE` places a module of a symbol of middling length; its ends."""

    row: Floats
    first: float
    last: float
    outline: Place

    def pixels(self, places: Floats) -> Floats:
        return self.outline.at((places - self.first) / (self.last - self.first))


def _strip(even: Floats, ends: tuple[float, float], modules: float, span: float) -> _Strip:
    outline = Place(*ends, span=span)
    count, beside = round(FINE * modules), 4 * FINE
    t = np.arange(-beside, count + beside) / count
    at = outline.at(np.asarray(t, np.float32))[None]
    row = cv2.remap(even[None], at, np.zeros_like(at), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return _Strip(np.asarray(row[0], np.float32), float(beside), float(beside + count), outline)


def _laid(
    even: Floats, ends: tuple[float, float], characters: list[int], sigma: float, span: float
) -> tuple[Symbol, Place] | None:
    """The symbol that explains a levelled profile best, and how it lies there. `sigma`: of the lens, pixels."""
    fewest, most = (11 * n + GUARDS for n in (characters[0], characters[-1]))
    strip = _strip(even, ends, (fewest * most) ** 0.5, span)
    length = strip.last - strip.first
    uneven = UNEVEN[span > 0]
    widths = np.exp(np.arange(np.log(length / most / uneven), np.log(length / fewest * uneven), np.log(STEP)))
    middle = np.array([strip.first + length / 2 - 1, strip.first + length / 2 + 1], np.float32)
    places_a_pixel = 2 / float(np.diff(strip.pixels(middle))[0])
    sigmas = [round(float(np.clip(sigma * places_a_pixel / width, 0.15, 1.2)), 1) for width in widths]
    begins = _best_row(strip, widths, sigmas)
    if begins is None:
        return None
    symbol = code_128(len(begins) - 1)
    t = np.asarray(11 * np.arange(1, len(begins) + 1) / symbol.modules, np.float32)
    return symbol, _shape(strip.pixels(begins), t, span)


def _best_row(strip: _Strip, widths: npt.NDArray[np.float64], sigmas: list[float]) -> Floats | None:
    """Where the characters begin and the last ends, in places of the strip.

    `cost`: squares left by all up to a place, by the width of the last character's modules (widths x places).
    """
    size = len(strip.row)
    slack = np.arange(-SLACK * FINE, SLACK * FINE + 1, dtype=np.float32)
    steps = np.rint(11 * widths).astype(np.intp)
    cost, stop = np.full((2, len(widths), size + 1), _FAR, np.float32)
    each = np.empty((len(widths), size), np.float32)
    for row, (width, sigma) in enumerate(zip(widths, sigmas, strict=True)):
        each[row] = _off(strip.row, np.arange(size, dtype=np.float32), "character", width, sigma)
        start = np.rint(strip.first + slack)
        after = np.minimum(start.astype(np.intp) + steps[row], size)
        cost[row, after] = _off(strip.row, start, "start", width, sigma)
        last = np.rint(slack + np.float32(strip.last - 13 * width))
        last = last[last >= 0]
        stop[row, last.astype(np.intp)] = _off(strip.row, last, "stop", width, sigma)
    cost[:, size] = _FAR
    least, chosen, back = _FAR, (0, 0, 0), []
    for count in range(LENGTHS[-1] + 1):
        total = cost + stop
        at = int(total.argmin())
        if count >= LENGTHS[0] and total.flat[at] < least:
            least, chosen = total.flat[at], (count, *divmod(at, size + 1))
        before, known = cost.copy(), np.zeros(cost.shape, np.int8)
        for here, there, way in ((np.s_[:-1], np.s_[1:], 1), (np.s_[1:], np.s_[:-1], -1)):
            better = cost[there] < before[here]
            np.copyto(before[here], cost[there], where=better)
            known[here][better] = way
        back.append(known)
        cost = np.full_like(cost, _FAR)
        for row, step in enumerate(steps[steps < size]):
            np.add(before[row, : size - step], each[row, : size - step], out=cost[row, step:size])
        if cost.min() >= least:
            break
    count, row, place = chosen
    if least >= _FAR:
        return None
    begins = [place]
    for known in reversed(back[:count]):
        place -= int(steps[row])
        row += int(known[row, place])
        begins.append(place)
    return np.array(begins[::-1], np.float32)


def _off(row: Floats, places: Floats, slot: str, width: float, sigma: float) -> Floats:
    """Of a slot that begins at a place, its modules so wide: the squares that its best pattern leaves."""
    templates = soft(slot, Blur(sigma, 0.0))
    within = (np.arange(templates.shape[1], dtype=np.float32) + 0.5) / SAMPLES * np.float32(width)
    at = places[:, None] + within
    seen = cv2.remap(row[None], at, np.zeros_like(at), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    products = cv2.gemm(seen, templates, -2, _NONE, 0, flags=cv2.GEMM_2_T) + (templates * templates).sum(1)
    left = products.min(1) + np.einsum("ij,ij->i", seen, seen)
    return np.asarray(left * (width / SAMPLES), np.float32)


def _shape(pixels: Floats, t: Floats, span: float) -> Place:
    """The place on which the beginnings of characters lie best (least squares): flat, or rolled by one of `SPANS`."""
    if not span:
        (origin, length, bent), _ = _fitted(np.stack([np.ones_like(t), t, t * (1 - t)], axis=1), pixels)
        return Place(origin, origin + length, bent / length)
    fits = []
    for each in SPANS:
        angle = each * (t - 0.5)
        bases = np.stack([np.ones_like(t), np.sin(angle), np.cos(angle) * t * (1 - t)], axis=1)
        (middle, radius, bent), left = _fitted(bases, pixels)
        half = radius * float(np.sin(each / 2))
        fits.append(
            (left, Place(middle - half, middle + half, bent / radius / float(each), 0.0, float(each)))
        )
    return min(fits)[1]


def _fitted(bases: npt.NDArray[np.floating], pixels: Floats) -> tuple[list[float], float]:
    solved = np.linalg.lstsq(bases.astype(np.float64), pixels.astype(np.float64), rcond=None)[0]
    return [float(part) for part in solved], float(((pixels - bases @ solved) ** 2).sum())
