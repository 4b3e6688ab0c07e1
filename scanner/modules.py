"""From a flattened symbol to black and white modules, and from these to text.

The engine corrects errors and decodes; it is handed a symbol as clean as if just drawn.
"""

from __future__ import annotations

import cv2
import numpy as np
import zxingcpp

from scanner.grid import Floats
from scanner.layouts import DARK, FREE, LIGHT, QUIET, Layout, Signs


def levels(seen: Floats, scale: int) -> Floats:
    """Mean grey of the middle of each module; `seen` from `grid.flatten`."""
    rows, columns = seen.shape[0] // scale, seen.shape[1] // scale
    edge = scale // 4
    cells = seen.reshape(rows, scale, columns, scale)[:, edge : scale - edge, :, edge : scale - edge]
    return np.asarray(cells.mean(axis=(1, 3)), np.float32)


def darkest(seen: Floats, scale: int) -> Floats:
    """Grey of the darkest quarter of each module: where a dead print dot or a scratch took the rest."""
    return np.asarray(_quarters(seen, scale).min(axis=(1, 3)), np.float32)


def lightest(seen: Floats, scale: int) -> Floats:
    """Grey of the lightest quarter of each module: where ink ran."""
    return np.asarray(_quarters(seen, scale).max(axis=(1, 3)), np.float32)


def _quarters(seen: Floats, scale: int) -> Floats:
    rows, columns, half = seen.shape[0] // scale, seen.shape[1] // scale, scale // 2
    halves = seen.reshape(rows * 2, half, columns * 2, half).mean(axis=(1, 3))
    return np.asarray(halves.reshape(rows, 2, columns, 2), np.float32)


def lights_and_darks(grey: Floats, signs: Signs, sigma: float) -> tuple[Floats, Floats]:
    """How bright LIGHT and DARK modules are around each place, by the modules that are taken for such."""
    light, dark = (signs == LIGHT).astype(np.float32), (signs == DARK).astype(np.float32)
    out: list[Floats] = []
    for mask in (light, dark):
        weight = cv2.GaussianBlur(mask, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        total = cv2.GaussianBlur(grey * mask, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        overall = float((grey * mask).sum() / max(1.0, float(mask.sum())))
        out.append(np.asarray((total + 0.02 * overall) / (weight + 0.02), np.float32))
    return out[0], out[1]


def decided(grey: Floats, layout: Layout, glare: bool = False) -> Signs:
    """LIGHT or DARK for each module, QUIET zone included, against the middle of its neighbourhood's two levels.

    `glare`: light changes within few modules, so that no level holds for all of the symbol, not even at first.
    """
    known, reach = layout.known, 1.5 if glare else 3.0
    threshold: Floats | float = (float(grey[known == LIGHT].mean()) + float(grey[known == DARK].mean())) / 2
    if glare:
        threshold = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.5), np.float32)
    for _ in range(2):
        signs = np.where(known != FREE, known, np.where(grey > threshold, LIGHT, DARK)).astype(np.int8)
        light, dark = lights_and_darks(grey, signs, reach)
        threshold = np.asarray((light + dark) / 2, np.float32)
    return np.where(known != FREE, known, np.where(grey > threshold, LIGHT, DARK)).astype(np.int8)


def agreement(grey: Floats, layout: Layout) -> float:
    """Share of known modules within the symbol that are LIGHT or DARK as they should be, before any help."""
    known = layout.known
    threshold = (float(grey[known == LIGHT].mean()) + float(grey[known == DARK].mean())) / 2
    inner = (slice(QUIET, -QUIET), slice(QUIET, -QUIET))
    right = ((grey > threshold) == (known == LIGHT))[inner]
    return float(right[known[inner] != FREE].mean())


def decode(signs: Signs, layout: Layout) -> zxingcpp.Barcode | None:
    """Text of the modules, None where there are more errors than the symbol can correct."""
    clean = np.pad((signs == LIGHT).astype(np.uint8) * 255, 3, constant_values=255)
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(clean),
        formats=getattr(zxingcpp.BarcodeFormat, layout.format),
        binarizer=zxingcpp.Binarizer.BoolCast,
        is_pure=True,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    # All modules alike are the zero word of the code: valid, and no symbol.
    return found[0] if found and found[0].bytes else None
