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


def light_bars(crops: list[View]) -> list[View]:
    """Of crops with upright bars those whose ends are darker than their middle, exchanged."""
    return [
        msgspec.structs.replace(crop, grey=_exchanged(crop.grey))
        for crop in crops
        if _is_darker_outside(crop.grey)
    ]


def light_squares(patches: list[View]) -> list[View]:
    """Of patches those whose rim is darker than their middle, exchanged, and what lies dark in them then."""
    return [
        msgspec.structs.replace(patch, grey=grey, quads=quads_in(grey))
        for patch in patches
        if _is_darker_outside(patch.grey)
        for grey in [_exchanged(patch.grey)]
    ]


def _is_darker_outside(grey: Grey) -> bool:
    """Left and right of it, where bars have their quiet zones too."""
    width = grey.shape[1]
    rim = max(1, round(RIM * width))
    rows = grey[len(grey) // QUARTER : max(1, len(grey) - len(grey) // QUARTER)]
    ends = np.concatenate([rows[:, :rim], rows[:, width - rim :]], axis=1)
    return float(ends.mean()) < float(rows[:, width // QUARTER : width - width // QUARTER].mean())


def _exchanged(grey: Grey) -> Grey:
    return np.ascontiguousarray(cv2.bitwise_not(grey), np.uint8)
