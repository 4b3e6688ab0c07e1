"""The display of a gauge as a photo: seven-segment figures, drawn, with the noise of a camera."""

from __future__ import annotations

import cv2
import numpy as np

LIT = {"0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
       "8": "abcdefg", "9": "abcdfg", "-": "g"}  # fmt: skip
WIDE, HIGH, THICK, GAP = 60, 110, 12, 3
SEGMENTS = {
    "a": (THICK // 2, 0, WIDE - THICK // 2, THICK),
    "g": (THICK // 2, HIGH // 2 - THICK // 2, WIDE - THICK // 2, HIGH // 2 + THICK // 2),
    "d": (THICK // 2, HIGH - THICK, WIDE - THICK // 2, HIGH),
    "f": (0, THICK // 2 + GAP, THICK, HIGH // 2 - GAP),
    "e": (0, HIGH // 2 + GAP, THICK, HIGH - THICK // 2 - GAP),
    "b": (WIDE - THICK, THICK // 2 + GAP, WIDE, HIGH // 2 - GAP),
    "c": (WIDE - THICK, HIGH // 2 + GAP, WIDE, HIGH - THICK // 2 - GAP),
}


def display(text: str, seed: int = 1) -> bytes:
    """A PNG of the figures, slanted a little; dark on light, light and dark by `seed`."""
    chance = np.random.default_rng(seed)
    on, paper = int(chance.integers(10, 60)), int(chance.integers(150, 220))
    width = 80 + sum(22 if sign == "." else WIDE + 24 for sign in text)
    picture = np.full((HIGH + 90, width), paper, np.uint8)
    x = 40
    for sign in text:
        if sign == ".":
            cv2.rectangle(picture, (x - 14, 40 + HIGH - THICK), (x - 14 + THICK, 40 + HIGH), (on,), -1)
            x += 12
            continue
        for segment in LIT[sign]:
            left, top, right, bottom = SEGMENTS[segment]
            cv2.rectangle(picture, (x + left, 40 + top), (x + right, 40 + bottom), (on,), -1)
        x += WIDE + 24
    slant = np.array([[1, -0.08, 0.08 * picture.shape[0] / 2], [0, 1, 0]], np.float32)
    slanted = cv2.warpAffine(picture, slant, (width, picture.shape[0]), borderValue=(paper,))
    noisy = np.clip(slanted + chance.normal(0, 8, slanted.shape), 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".png", noisy)[1])
