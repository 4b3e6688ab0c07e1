"""Preparations: other looks at the same picture, each with its way back to the picture's pixels.

A preparation takes the grey picture and returns views; none of them, where it has nothing to offer.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.picture import Grey

FIT_PX = 2000
DOUBLE_MAX_PX = 1600
PAPER_PX = 31
"""What is dark over more is taken for paper."""
SHADED = 0.75
"""Of the lightest tenth of the paper: a darker tenth lies in shadow, or is no paper."""
OBLONG = 1.2
MIDDLE = 0.2
MIDDLE_MIN_PX = 24

Affine = npt.NDArray[np.float64]
"""2 x 3: (x, y, 1) of the view to (x, y) of the picture."""


class View(msgspec.Struct, frozen=True, eq=False):
    """Grey pixels to search, and where they came from.

    `upright_bars`: turned so that bars stand upright. `quads`: 4 x 2 pixels each, where a square symbol may lie;
    `qr`: it is a QR code, and its top left corner comes first.
    """

    grey: Grey
    to_picture: Affine
    upright_bars: bool = False
    quads: tuple[npt.NDArray[np.float64], ...] = ()
    qr: bool = False


Preparation = Callable[[Grey], list[View]]
Refinement = Callable[[list[View]], list[View]]
"""From views to further views: what was found is not looked for again."""


def scaled(factor: float) -> Affine:
    """The way back from a view that is `factor` times the picture."""
    return np.array([[1 / factor, 0, 0], [0, 1 / factor, 0]], np.float64)


def _fit(grey: Grey) -> tuple[Grey, Affine]:
    factor = min(1.0, FIT_PX / max(grey.shape))
    if factor == 1.0:
        return grey, scaled(1.0)
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    return _u8(cv2.resize(grey, size, interpolation=cv2.INTER_AREA)), scaled(factor)


def plain(grey: Grey) -> list[View]:
    """The picture, longest side at most `FIT_PX`."""
    return [View(*_fit(grey))]


def inverted(grey: Grey) -> list[View]:
    """The same, light and dark exchanged: marks of lasers on dark metal, print of white ink."""
    fitted, back = _fit(grey)
    return [View(_u8(cv2.bitwise_not(fitted)), back)]


def middle(grey: Grey) -> list[View]:
    """Of a symbol longer than high, cut out along its sides: some rows from its middle, bars upright."""
    short, long = sorted(grey.shape)
    rows = max(MIDDLE_MIN_PX, round(MIDDLE * short))
    if long < OBLONG * short or rows > short / 2:
        return []
    first = (short - rows) // 2
    if grey.shape[0] == short:
        part, back = grey[first : first + rows], [[1, 0, 0], [0, 1, first]]
    else:
        part, back = np.rot90(grey[:, first : first + rows], -1), [[0, 1, first], [-1, 0, long - 1]]
    return [View(np.ascontiguousarray(part), np.array(back, np.float64), upright_bars=True)]


def whole(grey: Grey) -> list[View]:
    """The picture at full size, where `plain` made it smaller: small codes in large photos."""
    return [View(grey, scaled(1.0))] if max(grey.shape) > FIT_PX else []


def equalised(grey: Grey) -> list[View]:
    """Contrast evened out by area (CLAHE): shadow, faint print."""
    fitted, back = _fit(grey)
    return [View(_u8(cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(fitted)), back)]


def levelled(grey: Grey) -> list[View]:
    """Each pixel as a share of the paper around it, the lightest within `PAPER_PX` (grey-scale closing): across the
    sharp edge of a hand's or a phone's shadow, where a mean of the neighbourhood fails. None where no shadow lies."""
    fitted, back = _fit(grey)
    paper = cv2.morphologyEx(fitted, cv2.MORPH_CLOSE, np.ones((PAPER_PX, PAPER_PX), np.uint8))
    dark, light = np.percentile(paper[::PAPER_PX, ::PAPER_PX], (10, 90))
    return [View(_u8(cv2.divide(fitted, paper, scale=255)), back)] if dark < SHADED * light else []


def thresholded(grey: Grey) -> list[View]:
    """Black and white against the mean of the neighbourhood (31 px): glare, gradients."""
    fitted, back = _fit(grey)
    kind, method = cv2.THRESH_BINARY, cv2.ADAPTIVE_THRESH_MEAN_C
    return [View(_u8(cv2.adaptiveThreshold(fitted, 255, method, kind, 31, 5)), back)]


def doubled(grey: Grey) -> list[View]:
    """Twice the size and sharpened: modules of one or two pixels."""
    if max(grey.shape) > DOUBLE_MAX_PX:
        return []
    large = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return [View(_u8(cv2.addWeighted(large, 2.0, cv2.GaussianBlur(large, (0, 0), 2), -1.0, 0)), scaled(2.0))]


def smoothed(grey: Grey) -> list[View]:
    """Blurred a little: noise, screens, dotted print."""
    fitted, back = _fit(grey)
    return [View(_u8(cv2.GaussianBlur(fitted, (0, 0), 1.5)), back)]


def opened(grey: Grey) -> list[View]:
    """Dark parts thickened by a pixel (grey-scale opening): dots of dotted or laser-marked modules join."""
    fitted, back = _fit(grey)
    return [View(_u8(cv2.morphologyEx(fitted, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))), back)]


def reduced(grey: Grey) -> list[View]:
    """Seven tenths of the size: another grid under small modules."""
    fitted, back = _fit(grey)
    small = cv2.resize(fitted, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    return [View(_u8(small), back / 0.7)]


def halved(grey: Grey) -> list[View]:
    """Half the size: the same for larger codes."""
    fitted, _ = _fit(grey)
    if min(fitted.shape) < 200:
        return []
    factor = fitted.shape[1] // 2 / grey.shape[1]
    small = cv2.resize(fitted, (fitted.shape[1] // 2, fitted.shape[0] // 2), interpolation=cv2.INTER_AREA)
    return [View(_u8(small), scaled(factor))]


def _u8(pixels: npt.NDArray[np.generic]) -> Grey:
    return np.ascontiguousarray(pixels, np.uint8)
