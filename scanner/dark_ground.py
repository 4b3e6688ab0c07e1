"""Marks lighter than what they stand on (lasers on dark metal, white ink): bars and squares by themselves, with light
and dark exchanged, so that whatever reads print reads them.

Engines exchange the whole picture, and zxing-cpp does it for squares only; what was cut out and turned says by its rim
whether it is such a mark: the quiet zone has the colour of the ground.
"""

from __future__ import annotations

import cv2
import msgspec
import numpy as np

from scanner.patches import quads_in
from scanner.picture import Grey
from scanner.views import View

RIM = 0.06
"""Of a side: what lies in the quiet zone, or beyond it."""
QUARTER = 4
DARK = 0.35
"""Of the way from its dark parts to its light ones."""


def light_bars(crops: list[View]) -> list[View]:
    """Of crops with upright bars those that stand on dark, exchanged."""
    return [
        msgspec.structs.replace(crop, grey=_exchanged(crop.grey)) for crop in crops if _is_on_dark(crop.grey)
    ]


def light_squares(patches: list[View]) -> list[View]:
    """Of patches those that stand on dark, exchanged, and what lies dark in them then."""
    return [
        msgspec.structs.replace(patch, grey=grey, quads=quads_in(grey))
        for patch in patches
        if _is_on_dark(patch.grey)
        for grey in [_exchanged(patch.grey)]
    ]


def _is_on_dark(grey: Grey) -> bool:
    """Whether what lies left and right of it, where bars have their quiet zones too, is as dark as its dark parts."""
    width = grey.shape[1]
    rim = max(1, round(RIM * width))
    rows = grey[len(grey) // QUARTER : max(1, len(grey) - len(grey) // QUARTER)]
    dark, light = np.percentile(rows[:, width // QUARTER : width - width // QUARTER], (10, 90))
    ends = np.concatenate([rows[:, :rim], rows[:, width - rim :]], axis=1)
    return bool(ends.mean() < dark + DARK * (light - dark))


def _exchanged(grey: Grey) -> Grey:
    return np.ascontiguousarray(cv2.bitwise_not(grey), np.uint8)
