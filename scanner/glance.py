"""Whether bars may stand in a picture at all, at a twentieth of what it costs to look for them.

Within a bar code nearly all change of brightness runs across the bars, block after block for at least its length.
Print, faces and texture change both ways. What is passed by here is not lost: later attempts find bars by themselves.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from scanner.picture import Grey, Pixels

BLOCK_PX = 8
SIDE_MIN_PX = 48
"""Smaller pictures are not worth a glance."""
ACROSS = 1.3
"""Times the change along the bars: 37 degrees off the axis, engines bear 30."""
CHANGE_MIN = 1.0
"""Grey levels a pixel, the mean of a block."""
LENGTH = 5
"""Blocks in a row. Wide bars fill blocks: for those, blocks are doubled until the picture has only a few."""
PLACES_MIN = 8
"""Middles of such rows, side by side. Where zxing-cpp read bars in 255 photos there were 30 and more; of the others
a half shows fewer than 4 one way and three quarters the other."""

Floats = npt.NDArray[np.float32]


class Bars(NamedTuple):
    """Whether there may be upright bars (rows of the picture cross them), and lying ones (columns do)."""

    upright: bool
    lying: bool


def bars_in(grey: Grey) -> Bars:
    """Judged by blocks of `BLOCK_PX` and more."""
    height, width = ((side - 1) // BLOCK_PX * BLOCK_PX for side in grey.shape)
    if min(height, width) < SIDE_MIN_PX:
        return Bars(True, True)
    here = grey[:height, :width]
    along = _blocks(cv2.absdiff(grey[:height, 1 : width + 1], here))
    down = _blocks(cv2.absdiff(grey[1 : height + 1, :width], here))
    upright = lying = False
    while not (upright and lying):
        upright = upright or _are_bars(along, down, (1, LENGTH))
        lying = lying or _are_bars(down, along, (LENGTH, 1))
        if min(along.shape) < 4 or max(along.shape) < 2 * LENGTH:
            break
        along, down = _halved(along), _halved(down)
    return Bars(upright, lying)


def _blocks(change: Pixels) -> Floats:
    """In two steps, which is twice as fast as in one."""
    height, width = change.shape
    half = cv2.resize(change, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    size = (width // BLOCK_PX, height // BLOCK_PX)
    return np.asarray(cv2.resize(half, size, interpolation=cv2.INTER_AREA), np.float32)


def _halved(blocks: Floats) -> Floats:
    height, width = (side // 2 for side in blocks.shape)
    even = blocks[: 2 * height, : 2 * width]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def _are_bars(across: Floats, along: Floats, run: tuple[int, int]) -> bool:
    """Whether enough blocks side by side are each the middle of a run of blocks that change across it."""
    clear = (across > ACROSS * along + CHANGE_MIN).astype(np.uint8)
    middles = cv2.erode(clear, np.ones(run, np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=(0,))
    if cv2.countNonZero(middles) < PLACES_MIN:
        return False
    count, _, stats, _ = cv2.connectedComponentsWithStats(middles)
    return any(stats[part, cv2.CC_STAT_AREA] >= PLACES_MIN for part in range(1, count))
