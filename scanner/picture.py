"""From a file's bytes to grey pixels, within limits that are checked before decoding."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scanner.header import Header, read_header
from scanner.problems import UnreadablePicture

BYTES_MAX = 20_000_000
PIXELS_MAX = 50_000_000

Pixels = np.ndarray[Any, np.dtype[np.integer[Any] | np.floating[Any]]]
Grey = npt.NDArray[np.uint8]
"""Height x width, 0 black to 255 white."""


def check_limits(data: bytes) -> Header:
    """Refuse what is too large, by the file's size and by the size that its header claims.

    Errors: `UnreadablePicture` picture_too_large, picture_too_many_pixels, and those of `read_header`.
    """
    if len(data) > BYTES_MAX:
        raise UnreadablePicture("picture_too_large", {"bytes": len(data), "limit": BYTES_MAX})
    header = read_header(data)
    pixels = header.width * header.height
    if pixels > PIXELS_MAX:
        raise UnreadablePicture("picture_too_many_pixels", {"pixels": pixels, "limit": PIXELS_MAX})
    return header


def open_picture(data: bytes) -> Grey:
    """Decode to grey, upright as EXIF says, transparency on white paper.

    Errors: those of `check_limits`; picture_not_readable if the file is damaged.
    """
    header = check_limits(data)
    buffer = np.frombuffer(data, np.uint8)
    flags = cv2.IMREAD_UNCHANGED if header.transparent else cv2.IMREAD_GRAYSCALE
    try:
        decoded = cv2.imdecode(buffer, flags)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise UnreadablePicture("picture_not_readable") from error
    if decoded is None:
        raise UnreadablePicture("picture_not_readable")
    return as_grey(decoded)


def as_grey(pixels: Pixels) -> Grey:
    """Grey from grey, BGR or BGRA, 8 or 16 bits a channel.

    Never one channel of three: blue print on white would vanish from the blue channel.
    """
    if pixels.dtype == np.uint16:
        pixels = np.right_shift(pixels, 8).astype(np.uint8)
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or pixels.size == 0:
        raise UnreadablePicture("picture_not_readable")
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels == 1:
        grey: Pixels = pixels.reshape(pixels.shape[:2])
    elif channels == 4:
        grey = _on_white(pixels)
    else:
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    return np.ascontiguousarray(grey, np.uint8)


def _on_white(bgra: Pixels) -> Pixels:
    grey = cv2.cvtColor(bgra, cv2.COLOR_BGRA2GRAY)
    alpha = cv2.extractChannel(bgra, 3)
    shown = cv2.multiply(grey, alpha, scale=1 / 255)
    return cv2.add(shown, cv2.bitwise_not(alpha))
