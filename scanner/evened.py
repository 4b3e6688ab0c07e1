"""Bar codes as one profile: what lies along a bar is averaged, then the lens's blur is taken back.

A bar is the same from top to bottom, grain, glare, dead print dots and scratches are not: of two hundred rows
the mean is fourteen times less grainy than one of them, and bears the sharpening that one row would not.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scanner.deskew import contrast_within, explained
from scanner.ends import ends_of, is_bent
from scanner.picture import Grey
from scanner.views import Affine, View

SHARE = 0.25
"""Of the bars' height: what one band averages."""
BANDS = 16
ROWS = 3
"""Pixels a band, for engines want to see a line more than once."""
EDGE_MIN = 400.0
"""Squared grey levels a pixel: weaker edges say nothing of a bar's direction."""
NEIGHBOURHOOD = 0.05
"""Of a crop's length: within it the lightest and the darkest pixel are paper and ink."""
CONTRAST_MIN = 8.0
"""Grey levels between them: less is no print."""
FOCUS = ((1.0, 0.01), (0.85, 0.003), (1.15, 0.003))
"""Of the blur that is seen, and power of noise against the signal's, as a sharpened profile assumes them."""
EXPLAINED_MIN = 0.55
"""Of contrast: bars are above 0.6, print below 0.4."""
TURNS_MIN = 20
"""Between dark and light; UPC-E, the shortest symbol, has 33, of which a blurred one shows some."""
UPPER, LOWER = (0.2, 0.5), (0.5, 0.8)
"""Of the height of a picture in which bars lie in the middle: parts that share no pixel."""
SPANS = (110, 135)
"""Degrees; engines bear what is left between one and the other."""
ROOM = 1.25
"""Of the symbol's span, for its quiet zones."""
STEEPEST = 7.0
"""Times narrower: bars further round are not resolved by any camera."""
BLURS = 5
BLUR_MIN_PX = 1.2
PAD_PX = 64

Floats = npt.NDArray[np.float32]


def evened(crops: list[View]) -> list[View]:
    """Of each crop with upright bars: fanned bars set parallel, the means of bands, and one profile of the whole."""
    views = []
    for crop in crops:
        parallel = set_parallel(crop.grey) if explained(crop) > EXPLAINED_MIN / 2 else None
        if parallel is None or not _is_bars(parallel):
            continue
        height = len(parallel)
        at = np.linspace(height * SHARE / 2, height * (1 - SHARE / 2) - 1, BANDS)
        bands = cv2.blur(parallel, (1, max(1, round(height * SHARE))))[at.astype(int)]
        views += [_view(bands, at[0], at[-1], crop), _view(_whole(parallel)[None], 0.0, height - 1.0, crop)]
    return views


def foremost(profiles: list[View]) -> list[View]:
    """Of evened profiles the bands of the likeliest run: what the lens saw of it, not yet levelled."""
    return profiles[:1]


def upper(grey: Grey) -> list[View]:
    """Of a picture of upright bars: what the upper part of them says by itself."""
    return _part(grey, UPPER)


def lower(grey: Grey) -> list[View]:
    """And the lower part."""
    return _part(grey, LOWER)


def _part(grey: Grey, part: tuple[float, float]) -> list[View]:
    first, last = (round(len(grey) * end) for end in part)
    back = np.array([[1, 0, 0], [0, 1, first]], np.float64)
    profiles = evened([View(np.ascontiguousarray(grey[first:last]), back, upright_bars=True)])
    return profiles + sharpened(profiles)


def sharpened(profiles: list[View]) -> list[View]:
    """Evened profiles less the blur that their steepest edges show (Wiener's filter)."""
    views = []
    for view in profiles:
        rows = np.asarray(view.grey[::ROWS], np.float32)
        blur = blur_of(rows)
        if blur > BLUR_MIN_PX:
            for sharp in _wiener(rows, [(share * blur, noise) for share, noise in FOCUS]):
                views.append(View(_u8(np.repeat(sharp, ROWS, axis=0)), view.to_picture, upright_bars=True))
    return views


def unrolled(profiles: list[View]) -> list[View]:
    """Evened profiles of symbols on a cylinder (vials, syringes) laid flat, as if they spanned `SPANS` degrees of it.

    Towards its edges a cylinder shows bars narrower and so more blurred: what is taken back grows with it.
    """
    flat = []
    for view in profiles:
        rows = np.asarray(view.grey[::ROWS], np.float32)
        ends = ends_of(rows.mean(0), TURNS_MIN)
        if ends is not None and is_bent(rows.mean(0), ends):
            flat += [_unrolled(view, rows, ends, np.deg2rad(span) / 2) for span in SPANS]
    return flat


def _unrolled(view: View, rows: Floats, ends: tuple[float, float], half_span: float) -> View:
    middle, radius = sum(ends) / 2, (ends[1] - ends[0]) / 2 / np.sin(half_span)
    width = round(2 * half_span * radius * ROOM)
    angle = np.clip((np.arange(width) - width / 2) / radius, -np.pi / 2, np.pi / 2)
    from_x = np.repeat((middle + radius * np.sin(angle)).astype(np.float32)[None], len(rows), axis=0)
    from_y = np.repeat(np.arange(len(rows), dtype=np.float32)[:, None], width, axis=1)
    flat = cv2.remap(rows, from_x, from_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    blur = max(blur_of(rows), BLUR_MIN_PX) / np.maximum(np.cos(angle), 1 / STEEPEST)
    steps = np.geomspace(blur.min(), blur.max(), BLURS)
    sharp = _wiener(np.asarray(flat, np.float32), [(float(step), FOCUS[-1][1]) for step in steps])
    at = np.interp(np.log(blur), np.log(steps), np.arange(BLURS))
    below, here = np.minimum(at.astype(int), BLURS - 2), np.arange(width)
    part = (at - below)[:, None]
    mixed = (sharp[below, :, here] * (1 - part) + sharp[below + 1, :, here] * part).T
    right, down, origin = view.to_picture.T  # exact in the middle
    back: Affine = np.column_stack([right, down, origin + right * (middle - width / 2)])
    return View(_u8(np.repeat(mixed, ROWS, axis=0)), back, upright_bars=True)


def _view(rows: Floats, first: float, last: float, crop: View) -> View:
    """`rows`, of the heights `first` to `last` of the crop, each as thick as engines want it."""
    thick = np.repeat(rows, ROWS if len(rows) > 1 else BANDS * ROWS // 4, axis=0)
    right, down, origin = crop.to_picture.T
    back: Affine = np.column_stack([right, down * (last - first) / (len(thick) - 1), origin + down * first])
    return View(_u8(thick), back, upright_bars=True)


def set_parallel(grey: Grey) -> Floats:
    """The crop with each bar upright: seen askew, their lean changes evenly from one end to the other."""
    pixels = np.asarray(grey, np.float32)
    gx, gy = cv2.Sobel(pixels, cv2.CV_32F, 1, 0), cv2.Sobel(pixels, cv2.CV_32F, 0, 1)
    height, width = grey.shape
    x = np.arange(width, dtype=np.float32) - width / 2
    y = np.arange(height, dtype=np.float32) - height / 2
    weight, along = (gx * gx).sum(0), -(gx * gy).sum(0)
    bars = weight > height * EDGE_MIN
    if np.count_nonzero(bars) < 8:
        return pixels
    lean = np.polyfit(x[bars], along[bars] / weight[bars], 1, w=np.sqrt(weight[bars]))
    from_x = x[None] + width / 2 + y[:, None] * np.polyval(lean, x)[None]
    from_y = np.repeat(y[:, None] + height / 2, width, axis=1)
    straight = cv2.remap(
        pixels, from_x.astype(np.float32), from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(straight, np.float32)


def _is_bars(parallel: Floats) -> bool:
    """Much of the middle is explained by its mean row, which goes up and down often enough for a symbol."""
    contrast = contrast_within(parallel, rows=0.2)
    mean = contrast.mean(0)
    if mean.var() < EXPLAINED_MIN * contrast.var():
        return False
    clear = np.sign(mean)[np.abs(mean) > mean.std() / 4]
    return int(np.count_nonzero(np.diff(clear))) >= TURNS_MIN


def _whole(parallel: Floats) -> Floats:
    """One profile, 0 to 255: each row between its own paper and ink, the better its contrast the more it counts."""
    reach = max(3, round(parallel.shape[1] * NEIGHBOURHOOD)) | 1
    row = np.ones((1, reach), np.uint8)
    light = cv2.blur(cv2.dilate(parallel, row), (reach, 1))
    dark = cv2.blur(cv2.erode(parallel, row), (reach, 1))
    contrast = light - dark
    weight = contrast * contrast + 1e-3
    level = (parallel - dark) / np.maximum(contrast, CONTRAST_MIN)
    return np.asarray(255 * (weight * level).sum(0) / weight.sum(0), np.float32)


def blur_of(rows: Floats) -> float:
    """Sigma in pixels: an edge of height A that a lens blurred climbs A / (sigma √2π) a pixel at its steepest."""
    low, high = np.percentile(rows, (5, 95))
    steepest = float(np.percentile(np.abs(np.diff(rows, axis=1)), 99))
    return float((high - low) / max(steepest, 1.0) / np.sqrt(2 * np.pi))


def _wiener(rows: Floats, blurs: list[tuple[float, float]]) -> Floats:
    """The rows less each blur: (sigma in pixels, power of noise), n x rows x pixels."""
    width = rows.shape[1]
    spare = cv2.getOptimalDFTSize(width + 2 * PAD_PX) - width - PAD_PX
    padded = cv2.copyMakeBorder(rows, 0, 0, PAD_PX, spare, cv2.BORDER_REPLICATE)
    seen, length = np.fft.rfft(padded, axis=1), padded.shape[1]
    sigma, noise = (np.array(part, np.float32)[:, None] for part in zip(*blurs, strict=True))
    passed = np.exp(-2 * (np.pi * sigma * np.fft.rfftfreq(length).astype(np.float32)) ** 2)
    undone = passed / (passed * passed + noise)
    sharp = np.fft.irfft(seen * undone[:, None], length, axis=2)
    return np.asarray(sharp[:, :, PAD_PX : PAD_PX + width], np.float32)


def _u8(pixels: npt.NDArray[np.floating]) -> Grey:
    return np.ascontiguousarray(np.clip(pixels, 0, 255), np.uint8)
