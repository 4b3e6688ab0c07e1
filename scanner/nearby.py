"""The surroundings of a code in doubt, cut out and upright: a second look costs a tenth of a look at the picture."""

from __future__ import annotations

import cv2
import numpy as np

from scanner.codes import Corners
from scanner.picture import Grey
from scanner.views import Affine

SPARE = 0.16
"""Of a symbol's length, kept at its ends: the quiet zone and a little."""
HEIGHT_MIN = 0.3
"""Of its length: an engine names the rows that it read, and the bars are taller."""
AXIS_MAX = 0.06
"""Radians off the picture's axes that engines bear."""


def nearby(grey: Grey, corners: Corners) -> tuple[Grey, Affine]:
    """The place in `grey`, first side upwards, and the way back to its pixels."""
    points = np.array(corners, np.float64)
    along = points[1] + points[2] - points[0] - points[3]
    quarter = np.round(np.arctan2(along[1], along[0]) / (np.pi / 2)) * np.pi / 2
    angle = float(np.arctan2(along[1], along[0]))
    turned = abs(angle - quarter) > AXIS_MAX
    right = np.array([np.cos(angle), np.sin(angle)]) if turned else np.array([1.0, 0.0])
    down = np.array([-right[1], right[0]])
    length = float(np.linalg.norm(along)) / 2
    u, v = points @ right, points @ down
    sides = []
    for at in (u, v):
        spare = max(SPARE * length, (HEIGHT_MIN * length - float(np.ptp(at))) / 2, 4.0)
        sides.append((at.min() - spare, at.max() + spare))
    (u0, u1), (v0, v1) = sides
    if not turned:
        x0, y0 = max(0, int(u0)), max(0, int(v0))
        x1, y1 = min(grey.shape[1], int(u1) + 1), min(grey.shape[0], int(v1) + 1)
        return np.ascontiguousarray(grey[y0:y1, x0:x1]), np.array([[1, 0, x0], [0, 1, y0]], np.float64)
    back = np.column_stack([right, down, right * u0 + down * v0])
    size = (max(1, round(u1 - u0)), max(1, round(v1 - v0)))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(grey, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(cut, np.uint8), back


def joined(outer: Affine, inner: Affine) -> Affine:
    """First `inner`, then `outer`."""
    return np.column_stack([outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2] + outer[:, 2]])
