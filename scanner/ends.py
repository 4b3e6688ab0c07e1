"""Where along a profile a Code 128 begins and ends, how many characters it may have, and which way round it lies."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np

from scanner.bars import SLOTS
from scanner.grid import Floats
from scanner.lens import DENSITY, Blur, blurred, sampled

LENGTHS = range(4, 41)
"""Characters of Code 128 that are looked for."""
SLOPE_MIN = 1.0
"""Grey levels a pixel."""
ENVELOPE = 0.12
"""Of the symbol's length: in it lie paper and ink."""
CONTRAST_MIN = 6.0
GUARDS = 24
"""Modules of the first and the last character, which belong to no text."""
NARROWER, WIDER = 0.6, 1.4
"""Of the mean: modules at an end."""
WIDTHS, OFFSETS = 24, np.linspace(-2, 2, 9, dtype=np.float32)
"""How many widths of modules are tried at an end, and modules by which it may lie elsewhere."""
GUARD_BLUR = Blur(0.5, 1.0)
SAMPLES = 2
"""A module, in what is compared."""
UNCLEAR = 1.5
"""Times what the better way round leaves unexplained at both ends: below, the other way is tried as well."""
ENDS_MAX = 0.07
"""What both ends may leave: of 54 worn Code 128 on paper at most 0.06 (print gain and glare, which others read,
up to 0.11), of 280 other runs of bars in photos nine in ten
left more."""
BENT_MIN = 1.15
"""Times as many bars stand in the first and in the last sixth as in the middle: on cylinders so from 100 degrees on, of
876 profiles of bars in photos on three in a hundred."""


def ends_of(profile: Floats, edges_min: int = 2) -> tuple[float, float] | None:
    """First and last clear edge, the crop's margins left out; none where fewer pixels than `edges_min` are clear."""
    edges = np.abs(np.diff(cv2.GaussianBlur(profile[None], (0, 0), 1)[0]))
    margin = len(edges) // 16
    edges[:margin] = edges[len(edges) - margin :] = 0
    clear = np.flatnonzero(edges > np.percentile(edges, 97) / 8)
    return (float(clear[0]), float(clear[-1]) + 1) if len(clear) >= edges_min else None


def lengths_of(profile: Floats, ends: tuple[float, float], shown: float) -> list[int]:
    """Characters that so many bars may be, of which at least the share `shown` still darkens the profile a little."""
    slopes = np.diff(profile[int(ends[0]) : int(ends[1])])
    clear = np.sign(slopes[np.abs(slopes) > SLOPE_MIN])
    bars = (np.count_nonzero(np.diff(clear)) + 1 - 13) / 6  # start, stop: 13 edges, a character: 6
    return [n for n in LENGTHS if bars * shown - 1 <= n <= bars / shown + 1]


def levelled(profile: Floats, ends: tuple[float, float]) -> Floats:
    """0 on paper, 1 on ink, whatever the light."""
    reach = max(3, round((ends[1] - ends[0]) * ENVELOPE)) | 1
    row = np.ones((1, reach), np.uint8)
    ink = cv2.blur(cv2.dilate(profile[None], row), (reach, 1))[0]
    paper = cv2.blur(cv2.erode(profile[None], row), (reach, 1))[0]
    return np.asarray((profile - paper) / np.maximum(ink - paper, CONTRAST_MIN), np.float32)


def is_bent(profile: Floats, ends: tuple[float, float], least: float = BENT_MIN) -> bool:
    """Whether the bars stand closer at both ends, as around a vial: so many times as in the middle."""
    slopes = np.diff(profile[int(ends[0]) : int(ends[1])])
    clear = np.abs(slopes) > SLOPE_MIN
    turns = np.flatnonzero(clear)[1:][np.diff(np.sign(slopes[clear])) != 0]
    bars = np.histogram(turns, bins=6, range=(0, len(slopes)))[0]
    return bool(min(bars[0], bars[5]) > least * bars[2:4].mean())


class Faced(NamedTuple):
    """A profile looked at from one of its ends, the same levelled (0 paper, 1 ink), and where its symbol may end."""

    profile: Floats
    even: Floats
    ends: tuple[float, float]
    turned: bool


def faced(
    profile: Floats, ends: tuple[float, float], characters: list[int], off_max: float = ENDS_MAX
) -> list[Faced]:
    """The ways round to look at a profile, the likelier first; none, where neither way a symbol begins and ends."""
    size = len(profile)
    there = Faced(profile, levelled(profile, ends), ends, False)
    back = Faced(
        np.ascontiguousarray(there.profile[::-1]),
        np.ascontiguousarray(there.even[::-1]),
        (size - 1 - ends[1], size - 1 - ends[0]),
        True,
    )
    (least, likelier), (most, other) = sorted(
        ((_off(way.even, way.ends, characters), way) for way in (there, back)), key=lambda one: one[0]
    )
    if least > off_max:
        return []
    return [likelier, other] if most < UNCLEAR * least else [likelier]


def _off(even: Floats, ends: tuple[float, float], characters: list[int]) -> float:
    """What start and stop leave unexplained where they fit best: mean squares of samples, 0 paper and 1 ink."""
    length = ends[1] - ends[0]
    widest, narrowest = (length / (11 * n + GUARDS) for n in (characters[0], characters[-1]))
    module = np.geomspace(narrowest * NARROWER, widest * WIDER, WIDTHS, dtype=np.float32)[:, None, None]
    off = 0.0
    for slot, end in (("start", ends[0]), ("stop", ends[1])):
        templates = soft(slot, GUARD_BLUR)
        modules = (np.arange(templates.shape[1], dtype=np.float32) + 0.5) / SAMPLES
        modules -= SLOTS[slot].shape[1] if slot == "stop" else 0
        at = np.asarray(end + (OFFSETS[:, None] + modules) * module, np.float32)
        seen = sampled(even, at.ravel()).reshape(-1, len(modules))
        off += float((((seen[:, None] - templates) ** 2).mean(2)).min())
    return off


@lru_cache(maxsize=128)
def soft(slot: str, blur: Blur) -> Floats:
    """The patterns of start, character or stop through a blur, `SAMPLES` a module.

    Beside a character the next begins dark, and the one before ended light.
    """
    patterns = SLOTS[slot]
    unknown = np.full((len(patterns), 3), 0.5, np.float32)
    dark, paper = np.ones((len(patterns), 1), np.float32), np.zeros((len(patterns), 4), np.float32)
    before = paper if slot == "start" else np.hstack([unknown, paper[:, :1]])
    after = paper if slot == "stop" else np.hstack([dark, unknown])
    seen = blurred(np.hstack([before, patterns, after]), blur)[:, 4 * DENSITY : -4 * DENSITY]
    return np.ascontiguousarray(seen.reshape(len(seen), -1, DENSITY // SAMPLES).mean(2))
