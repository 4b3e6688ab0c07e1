"""EAN-13 and UPC-A by maximum likelihood: blurred until no two bars are apart, or on film that shines.

`scanner.likelihood` does the same for Code 128. An EAN has no check character to speak of (one text in 64 that
fills its slots is valid by chance), so what vouches for a reading is how much worse the picture would be explained
by the next best valid text. Of 47 photos that nothing else reads, right texts leave the next best 1.5 to 5 times
what they leave unexplained themselves, wrong ones 1.00 to 1.2 times.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from scanner.bars import EAN_13, QUIET
from scanner.ean_places import INK, MODULE_MIN_PX, Likely, Places, bent_places, straight_places, unexplained
from scanner.engines import Reading, Still, always, read_as
from scanner.grid import Floats
from scanner.lens import (
    DENSITY,
    Blur,
    Place,
    pairs,
    places_at,
    places_of,
    sampled,
    settled,
    shown_of,
    widening,
)
from scanner.likelihood import decoded
from scanner.views import View

PARITIES = [
    "000000",
    "001011",
    "001101",
    "001110",
    "010011",
    "011001",
    "011100",
    "010101",
    "010110",
    "011010",
]
"""ISO/IEC 15420, table 3: by the first digit, of the six left digits, 0 number set A and 1 number set B."""
WEIGHTS = (3, 1) * 6
"""Of the second digit to the last, in the check sum."""
VALID = 0
LEFT, ALL = 6, 12
LIKELY_FIRSTS = 3
"""First digits that are gone through at once."""

NUDGES = np.arange(-1.0, 1.1, 0.5)
STRETCHES, BOWS = (-0.04, 0.0, 0.04), (-0.05, 0.0, 0.05)
ROUNDS = 6
PROMISING_MIN = 0.8
PROGRESS_MIN = 0.002
SAME_MIN = 0.005
"""Of progress with a text that stays: less ends it."""
HOPEFUL_MIN, HOPEFUL_MARGIN = 0.88, 1.1
"""After three rounds, explained and margin: of 329 right readings of photos 14 took so many, all had one of both."""
EXPLAINED_MIN, EXPLAINED_SURE = 0.8, 0.9
"""Of what is seen: worth a second reading, and enough by itself."""
MARGIN_MIN, MARGIN_SURE, MARGIN_UNEVEN = 1.3, 1.5, 2.0
"""Of what the best rival leaves: worth a second reading, enough by itself, and enough where what is unexplained lies
unevenly. At 800 places in 731 photos wrong texts left it 1.22 times at most. Of 100 drawn symbols with a crease, in
which up to six modules are lost, a few left it 1.5 to 1.9 times, but all those had most of it in one place."""
UNEVEN_MAX = 2.8
"""Squares left in the worst eleven modules, of the mean: nine in ten right texts are below, those at creases above."""

_SLOTS = ("quiet", *EAN_13.slots, "quiet")
_T = places_of(EAN_13)


def likeliest_ean(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """The symbol of a view of parallel bars (`scanner.faint`); dark on light or light on dark, either end first."""
    return _likeliest(straight_places, view, formats, still)


def likeliest_ean_bent(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """The same on a cylinder."""
    return _likeliest(bent_places, view, formats, still)


def _likeliest(places: Places, view: View, formats: frozenset[str], still: Still) -> list[Reading]:
    if not formats & {"EAN13", "UPCA"}:
        return []
    profile = 255 - np.asarray(view.grey, np.float32).mean(0)
    module_min = MODULE_MIN_PX / float(np.linalg.norm(view.to_picture[:, 0]))
    for place in places(profile, module_min):
        if not still():
            break
        found = _read(profile, place)
        if found is None:
            continue
        text, first, last, sure = found
        barcode = decoded(EAN_13.drawn(slots_of(text)), "EAN13")
        if barcode is not None:
            bottom = len(view.grey) - 1
            corners = [(first, 0), (last, 0), (last, bottom), (first, bottom)]
            return [read_as(barcode, corners, view, sure=sure)]
    return []


def _read(profile: Floats, likely: Likely) -> tuple[str, float, float, bool] | None:
    """The text, its ends and whether it is beyond doubt, if it explains the profile better than any other."""
    turned = likely.last < likely.first
    size = len(profile)
    if turned:
        profile = np.ascontiguousarray(profile[::-1])
        likely = likely._replace(first=size - 1 - likely.first, last=size - 1 - likely.last)
    place, samples = _nudged(profile, likely)
    blur, explained = likely.blur, 0.0
    text, off, next_off = best_text(samples, blur, widening(place, EAN_13))
    for number in range(ROUNDS):
        place, blur, samples, now = settled(profile, EAN_13, slots_of(text), place, blur)
        if now < max(PROMISING_MIN, explained + PROGRESS_MIN):
            break
        progress, explained, before = now - explained, now, text
        text, off, next_off = best_text(samples, blur, widening(place, EAN_13))
        if number >= 2 and now < HOPEFUL_MIN and next_off < HOPEFUL_MARGIN * off:
            return None
        if text == before and progress < SAME_MIN:
            break
    if now < EXPLAINED_MIN:
        return None
    if next_off < MARGIN_MIN * off:
        return None
    first, last = (size - 1 - end if turned else end for end in (place.first, place.last))
    left = (samples - shown_of(EAN_13, slots_of(text), blur, widening(place, EAN_13))) ** 2
    uneven = float(cv2.blur(left[None], (11 * DENSITY, 1)).max()) > UNEVEN_MAX * float(left.mean())
    sure = next_off >= (MARGIN_UNEVEN if uneven else MARGIN_SURE) * off and now >= EXPLAINED_SURE
    return text, first, last, sure


def _nudged(profile: Floats, likely: Likely) -> tuple[Place, Floats]:
    """The best place near by, and the samples there."""
    module = (likely.last - likely.first) / EAN_13.modules
    is_bent = bool(likely.stretch or likely.bow)
    nudges, bows = (NUDGES[::2], BOWS) if is_bent else (NUDGES, (0.0,))
    rows = [
        Place(likely.first + a * module, likely.last + b * module, likely.stretch + stretch, likely.bow + bow)
        for a in nudges
        for b in nudges
        for stretch in STRETCHES
        for bow in bows
    ]
    samples = _normal(profile, np.array(rows, np.float32))
    coarse = samples.reshape(len(rows), -1, DENSITY).mean(2)
    best = int(unexplained(coarse, likely.blur).argmin())
    return rows[best], samples[best]


def _normal(profile: Floats, places: Floats) -> Floats:
    """Of n places (n x 4) the samples, 0 on paper and 1 on ink, by the paper beside and the mean."""
    first, last = places[:, :1], places[:, 1:2]
    beside = np.linspace(2, 5, 7, dtype=np.float32) * (last - first) / EAN_13.modules
    left, right = (
        sampled(profile, np.asarray(at, np.float32)).mean(1, keepdims=True)
        for at in (first - beside, last + beside)
    )
    part = np.clip(_T, 0, 1)
    above = sampled(profile, places_at(places, _T)) - (left * (1 - part) + right * part)
    inner = slice(QUIET // 2 * DENSITY, -QUIET // 2 * DENSITY)
    contrast = above[:, inner].mean(1, keepdims=True) / INK
    return np.asarray(above / np.where(np.abs(contrast) > 1, contrast, 1), np.float32)


def best_text(samples: Floats, blur: Blur, wider: Floats | None = None) -> tuple[str, float, float]:
    """The valid text that explains the samples best, what it leaves (squares), and what the next best leaves.

    Dynamic programming over the digits says for each first digit what its best text leaves at least, whatever its
    check digit; only first digits that may hold the best text or its rival are gone through in full.
    """
    costs = _costs(samples, blur, wider)
    between = [_between(costs, slot) for slot in range(1, ALL)]
    least = np.tile(costs[0], (10, 1))
    for step in between:
        least = (least[:, :, None] + step).min(1)
    bounds = (least + costs[ALL].T).min(1)
    order = np.argsort(bounds, kind="stable")
    text, off, rival = _best_of(order[:LIKELY_FIRSTS], costs, between)
    if bounds[order[LIKELY_FIRSTS]] <= rival:
        text, off, rival = _best_of(order[bounds[order] <= rival], costs, between)
    return text, max(off, 1e-6), rival


def _best_of(
    firsts: npt.NDArray[np.intp], costs: list[Floats], between: list[Floats]
) -> tuple[str, float, float]:
    """Of these first digits: dynamic programming forwards and backwards over (first digit, check sum, digit), which
    shows through each digit of each slot the best valid text."""
    digits = np.arange(10)
    before = [np.full((len(firsts), 10, 10), np.inf, np.float32)]  # first digit, sum, digit
    for place, first in enumerate(firsts):
        before[0][place, (first + WEIGHTS[0] * digits) % 10, digits] = costs[0][0]
    for slot, all_steps in enumerate(between, 1):
        step = (before[-1][:, :, :, None] + all_steps[firsts, None]).min(2)
        before.append(_added(step, slot, 1))
    after = np.full((len(firsts), 10, 10), np.inf, np.float32)
    after[:, VALID] = costs[ALL][:, 0]
    through = [(before[-1] + after).min(1)]
    for slot in range(ALL - 1, 0, -1):
        after = (between[slot - 1][firsts, None] + _added(after, slot, -1)[:, :, None]).min(3)
        through.insert(0, (before[slot - 1] + after).min(1))
    by_digit = np.stack(through, axis=1)  # first digit, slot, digit
    by_first = by_digit[:, 0].min(1)
    best = int(by_first.argmin())
    chosen = by_digit[best].argmin(1)
    others = by_digit[best].copy()
    others[np.arange(ALL), chosen] = np.inf
    rival = min(float(np.delete(by_first, best).min(initial=np.inf)), float(others.min()))
    return str(firsts[best]) + "".join(map(str, chosen)), float(by_first[best]), rival


def _costs(samples: Floats, blur: Blur, wider: Floats | None) -> list[Floats]:
    """Squares left from the middle of each slot to the middle of the next, by both patterns."""
    return [
        np.asarray(seen @ seen - 2 * (a @ seen)[:, None] - 2 * (b @ seen) + squares, np.float32)
        for (a, b, squares), seen in pairs(samples, EAN_13, blur, wider)
    ]


def _between(costs: list[Floats], slot: int) -> Floats:
    """First digit x digit before x digit here."""
    cost = costs[slot]
    if slot <= LEFT:
        rows = _patterns(slot - 1)
        columns = _patterns(slot) if slot < LEFT else np.tile(np.arange(10), (10, 1))
        return cost[rows[:, :, None], columns[:, None, :]]
    return np.broadcast_to(cost, (10, 10, 10))


@cache
def _patterns(slot: int) -> npt.NDArray[np.int64]:
    """Of a left digit: first digit x digit to its pattern."""
    sets = np.array([int(parity[slot]) for parity in PARITIES])
    return np.asarray(np.arange(10)[None] + 10 * sets[:, None], np.int64)


def _added(costs: Floats, slot: int, sign: int) -> Floats:
    """First digit x sum x digit, the digit's weight added to the sum (1) or taken off (-1)."""
    return costs[:, _sums_before(sign * WEIGHTS[slot]), np.arange(10)]


@cache
def _sums_before(weight: int) -> npt.NDArray[np.int64]:
    """Sum x digit to the sum less the digit's weight."""
    return np.asarray((np.arange(10)[:, None] - weight * np.arange(10)) % 10, np.int64)


def slots_of(text: str) -> list[int]:
    """Which pattern each slot has in a symbol of 13 digits."""
    first, *digits = map(int, text)
    left = [digit + 10 * int(number_set) for digit, number_set in zip(digits, PARITIES[first], strict=False)]
    return left + digits[LEFT:]
