"""Symbols as factories and phones make them, worn along one axis at a time: drawn, printed, bent, lit, filmed.

Every picture follows from a kind, an axis, a level and a seed. Lengths are in modules, angles in degrees.

    module      px a module in the picture          noise      grain, grey levels
    rotation    of the symbol, 15-degree steps      contrast   between light and dark, grey levels
    tilt        of the label against the camera     jpeg       quality
    blur        sigma of the lens                   glare      brightness of a spot over the symbol
    motion      of the hand while the shutter opens gain       ink that spread (+) or shrank (-)
    cylinder    of a vial that the symbol spans     dots       share of print dots that are dead

And beside these axes, in no mean of them:

    shadow      what light a hand's or a phone's shadow leaves, its edge across the symbol
    etched      light on dark, as lasers mark metal; sigma of the lens
"""

from __future__ import annotations

import zlib
from typing import Literal, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from scanner.picture import Grey

Kind = Literal["GS1-128", "DataMatrix", "QR"]
Floats = npt.NDArray[np.float32]
KINDS: dict[Kind, str] = {"GS1-128": "Code128", "DataMatrix": "DataMatrix", "QR": "QRCode"}
AXES: dict[str, tuple[float, ...]] = {  # of square symbols; BARS has what bars bear more of, or less
    "module": (3, 2.5, 2, 1.75, 1.5),
    "rotation": tuple(range(0, 360, 15)),
    "tilt": (25, 35, 45, 52, 60),
    "blur": (0.35, 0.45, 0.55, 0.65, 0.8),
    "motion": (0.5, 0.75, 1.25, 2, 2.5),
    "noise": (5, 10, 15, 30, 50),
    "contrast": (60, 40, 25, 16, 10),
    "jpeg": (40, 25, 15, 10, 7),
    "glare": (0.2, 0.35, 0.5, 0.8, 1.1),
    "cylinder": (40, 60, 80, 100, 120),
    "gain": (-0.4, -0.3, 0.2, 0.3, 0.4),
    "dots": (0.002, 0.005, 0.01, 0.03, 0.06),
}
BESIDES: dict[str, tuple[float, ...]] = {
    "shadow": (0.7, 0.5, 0.3, 0.2, 0.15),
    "etched": (0.25, 0.35, 0.45, 0.55, 0.65),
}
BARS: dict[str, tuple[float, ...]] = {
    "module": (2.5, 2, 1.5, 1.25, 1),
    "tilt": (45, 55, 62, 68, 72),
    "jpeg": (25, 10, 5, 3, 2),
    "cylinder": (100, 120, 140, 150, 160),
    "gain": (-0.6, -0.4, 0.4, 0.5, 0.6),
    "noise": (5, 10, 15, 30, 45),
    "contrast": (60, 30, 18, 12, 8),
    "glare": (0.4, 0.7, 1, 1.4, 1.8),
    "motion": (0.75, 1.25, 1.75, 2.5, 3),
}
FINE = 12
"""Print dots a module."""
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def levels_of(kind: Kind, axis: str) -> tuple[float, ...]:
    """From mild to what no reader bears."""
    levels = AXES | BESIDES
    return BARS.get(axis, levels[axis]) if kind == "GS1-128" else levels[axis]


class Worn(NamedTuple):
    """A picture, and the text that is on it (FNC1 as GS)."""

    picture: Grey
    text: str


def worn(kind: Kind, axis: str, level: float, seed: int) -> Worn:
    """One picture. All else about it is mild and random."""
    rng = np.random.default_rng(zlib.crc32(f"{kind} {axis} {level} {seed}".encode()))
    printed, text = _element_string(rng)
    modules = _symbol(kind, printed)
    quiet = {"GS1-128": 10, "DataMatrix": 2, "QR": 4}[kind]
    ink = _print(modules, quiet, rng, axis, level)
    px = level if axis == "module" else 4.0
    flat = _project(ink, modules.shape, quiet, px, rng, kind, axis, level)
    return Worn(_film(flat, px, max(modules.shape) * px, rng, axis, level), text)


def _element_string(rng: np.random.Generator) -> tuple[str, str]:
    lot = "".join(rng.choice(list(LETTERS), rng.integers(5, 9)))
    gtin = "0950600" + f"{rng.integers(0, 10**6):06d}"
    digits = [int(d) for d in gtin]
    check = -sum(d * (3 if place % 2 == 0 else 1) for place, d in enumerate(digits)) % 10
    day = f"{rng.integers(26, 31)}{rng.integers(1, 13):02d}{rng.integers(1, 29):02d}"
    body = f"{gtin}{check}"
    return f"(01){body}(17){day}(10){lot}", f"01{body}17{day}10{lot}"


def _symbol(kind: Kind, printed: str) -> Grey:
    barcode = zxingcpp.create_barcode(printed, getattr(zxingcpp.BarcodeFormat, KINDS[kind]), gs1=True)
    drawn = np.asarray(barcode.to_image(scale=1, add_quiet_zones=False), np.uint8)
    return np.repeat(drawn[:1], drawn.shape[1] // 4, axis=0) if kind == "GS1-128" else drawn


def _print(modules: Grey, quiet: int, rng: np.random.Generator, axis: str, level: float) -> Grey:
    """The symbol in print dots, with its quiet zone."""
    ink = np.kron(np.pad(modules, quiet, constant_values=255), np.ones((FINE, FINE), np.uint8))
    if axis == "gain":
        reach = np.ones((round(abs(level) * FINE) + 1,) * 2, np.uint8)
        ink = np.asarray((cv2.erode if level > 0 else cv2.dilate)(ink, reach), np.uint8)
    if axis == "dots":
        dead = np.pad(rng.random(modules.shape) < level, quiet)
        ink = np.where(np.kron(dead, np.ones((FINE, FINE), bool)), np.uint8(255), ink)
    return ink


def _project(
    ink: Grey,
    shape: tuple[int, ...],
    quiet: int,
    px: float,
    rng: np.random.Generator,
    kind: Kind,
    axis: str,
    level: float,
) -> Floats:
    """Turned, tilted, bent around a vial, seen by a camera three symbols away; two or three samples a pixel."""
    rows, columns = shape[:2]
    size = max(rows, columns)
    side = int(size * px * 1.35) + 40
    dense = 3 if side < 500 else 2
    steps = 1 if kind == "GS1-128" else 24  # engines read bars near the axes only: that is an axis of its own
    turn = np.deg2rad(level if axis == "rotation" else rng.integers(0, steps) * 15 + rng.uniform(-2, 2))
    at = (np.arange(side * dense, dtype=np.float32) + 0.5) / dense - side / 2
    x, y = np.meshgrid((at + rng.uniform(-0.5, 0.5)) / px, (at + rng.uniform(-0.5, 0.5)) / px)
    u, v = _turned(x, y, turn)
    tilt, about = np.deg2rad(level if axis == "tilt" else rng.uniform(0, 10)), rng.uniform(0, 2 * np.pi)
    far = size * 3.0
    across, along = _turned(u, v, about)
    across = across * far / (np.cos(tilt) * far - across * np.sin(tilt))
    along = along * (far + across * np.sin(tilt)) / far
    u, v = _turned(across, along, -about)
    if axis == "cylinder":
        radius = columns / np.deg2rad(level)
        u = radius * np.arcsin(np.clip(u / radius, -0.9999, 0.9999))
    to_x, to_y = ((c + n / 2 + quiet) * FINE - 0.5 for c, n in ((u, columns), (v, rows)))
    seen = cv2.remap(
        ink,
        to_x.astype(np.float32),
        to_y.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255,),
    )
    return np.asarray(cv2.resize(seen, (side, side), interpolation=cv2.INTER_AREA), np.float32)


def _turned(x: Floats, y: Floats, angle: float) -> tuple[Floats, Floats]:
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return c * x + s * y, c * y - s * x


def _film(paper: Floats, px: float, size: float, rng: np.random.Generator, axis: str, level: float) -> Grey:
    """Light, lens, sensor, file."""
    light, dark = rng.uniform(190, 235), rng.uniform(15, 50)
    if axis == "contrast":
        middle = rng.uniform(80, 170)
        light, dark = middle + level / 2, middle - level / 2
    seen = dark + (light - dark) * (255 - paper if axis == "etched" else paper) / 255
    yy, xx = (np.mgrid[0 : paper.shape[0], 0 : paper.shape[1]] - paper.shape[0] / 2).astype(np.float32)
    if axis == "glare":
        x, y = rng.uniform(-0.3, 0.3, 2) * size
        seen += level * 330 * np.exp(-((xx - x) ** 2 + (yy - y) ** 2) / 2 / (0.22 * size) ** 2)
    if axis == "shadow":
        seen *= _cast(xx, yy, size, px, level, rng)
    shade, way = rng.uniform(0, 0.3), rng.uniform(0, 2 * np.pi)
    seen *= 1 - shade * (0.5 + (np.cos(way) * xx + np.sin(way) * yy) / paper.shape[0])
    seen = cv2.GaussianBlur(seen, (0, 0), max(0.3, (level if axis in ("blur", "etched") else 0.25) * px))
    if axis == "motion":
        seen = cv2.filter2D(seen, -1, _stroke(level * px, rng.uniform(0, np.pi)))
    grain = level if axis == "noise" else 1.0 if axis == "contrast" else 3.0
    pixels = np.clip(seen + rng.normal(0, grain, seen.shape), 0, 255).astype(np.uint8)
    quality = int(level) if axis == "jpeg" else 88
    done, file = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_GRAYSCALE), np.uint8)


def _cast(
    xx: Floats, yy: Floats, size: float, px: float, light: float, rng: np.random.Generator
) -> Floats:
    """A shadow with a straight edge, half a module soft, that crosses the symbol somewhere near its middle."""
    way, off = rng.uniform(0, 2 * np.pi), rng.uniform(-0.2, 0.2) * size
    lit = np.clip((np.cos(way) * xx + np.sin(way) * yy - off) / (0.5 * px) + 0.5, 0, 1)
    return np.asarray(light + (1 - light) * lit, np.float32)


def _stroke(length: float, angle: float) -> Floats:
    """The path of a point while the shutter is open, adding up to 1."""
    side, dense = int(length) + 3 | 1, 5
    kernel = np.zeros((side * dense,) * 2, np.float32)
    half = np.array([np.cos(angle), np.sin(angle)]) * length * dense / 2
    middle = side * dense / 2
    ends = [tuple(int(c) for c in middle + sign * half) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, dense)
    small = cv2.resize(kernel, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(small / small.sum(), np.float32)
