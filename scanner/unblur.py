"""Modules seen through a known blur: the black and white lattice that, blurred, looks most like the picture.

Blur of one module leaves next to nothing of the finest pattern, and filters that undo it drown the rest in
noise. But a symbol has few unknowns, each between black and white, and many are known beforehand. That is a
bounded least-squares problem; the alternating direction method of multipliers (Boyd et al. 2011) solves it
in a few dozen Fourier transforms no larger than the symbol.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.grid import Floats
from scanner.layouts import FREE, LIGHT, Signs

DENSITY = 2
"""Samples a module, each way."""
REACH = 5
"""Modules over which one module is smeared at most."""
ROUNDS = 15
TURNS = 3
"""How often light and dark of the print are measured again."""
RHO = 0.0005

Complex = npt.NDArray[np.complex64]


class Blur(msgspec.Struct, frozen=True):
    """Out of focus by `sigma` (Gaussian), moved by `length` in direction `angle` (radians); in modules."""

    sigma: float
    length: float = 0.0
    angle: float = 0.0


def thinned(seen: Floats, scale: int) -> Floats:
    """From `scale` pixels a module to DENSITY samples."""
    step = scale // DENSITY
    rows, columns = seen.shape[0] // step, seen.shape[1] // step
    return np.asarray(seen.reshape(rows, step, columns, step).mean(axis=(1, 3)), np.float32)


@lru_cache(maxsize=64)
def smear(blur: Blur) -> Floats:
    """DENSITY^2 x side x side: how much of the module (i, j) modules away each of a module's samples sees."""
    fine = 8
    half = REACH * fine + fine // 2
    spot = np.zeros((2 * half, 2 * half), np.float32)
    if blur.length:
        for at in np.linspace(-0.5, 0.5, 64) * blur.length * fine:
            x, y = half - 0.5 + at * np.cos(blur.angle), half - 0.5 + at * np.sin(blur.angle)
            x0, y0 = int(x), int(y)
            for dy, wy in ((0, 1 - y + y0), (1, y - y0)):
                for dx, wx in ((0, 1 - x + x0), (1, x - x0)):
                    spot[y0 + dy, x0 + dx] += wx * wy
    else:
        spot[half - 1 : half + 1, half - 1 : half + 1] = 1
    spot = _f32(cv2.GaussianBlur(spot, (0, 0), max(0.05, blur.sigma) * fine))
    for width in (fine, fine // DENSITY):  # a module is a square, and so is a sample
        kernel = np.ones((width + 1, 1), np.float32)
        kernel[0] = kernel[-1] = 0.5
        spot = _f32(cv2.sepFilter2D(spot, -1, kernel, kernel))
    spot *= fine**2 / float(spot.sum())
    # The mean of the four pixels around a place that lies between pixels.
    spot = _f32((spot + np.roll(spot, -1, 0) + np.roll(spot, -1, 1) + np.roll(spot, (-1, -1), (0, 1))) / 4)
    quarter = fine // (2 * DENSITY)
    at = np.arange(-REACH, REACH + 1) * fine + half - 1
    return np.stack(
        [spot[np.ix_(at + dy, at + dx)] for dy in (-quarter, quarter) for dx in (-quarter, quarter)]
    )


@lru_cache(maxsize=64)
def _transfer(blur: Blur, rows: int, columns: int) -> tuple[Complex, Floats]:
    """Spectra of `smear`, DENSITY^2 x rows x columns; and what undoes them together, twice as a last axis."""
    spread = np.zeros((DENSITY**2, rows, columns), np.float32)
    at = np.arange(-REACH, REACH + 1)
    y, x = np.meshgrid(at % rows, at % columns, indexing="ij")
    for phase, kernel in zip(spread, smear(blur), strict=True):
        np.add.at(phase, (y, x), kernel)
    spectra = np.fft.fft2(spread)
    inverse = 1 / ((np.abs(spectra) ** 2).sum(axis=0) + RHO)
    return spectra.astype(np.complex64), np.stack([inverse, inverse], axis=-1).astype(np.float32)


def _fourier(values: Floats) -> Floats:
    return np.asarray(cv2.dft(values, flags=cv2.DFT_COMPLEX_OUTPUT), np.float32)


def _back(spectrum: Floats) -> Floats:
    return np.asarray(
        cv2.dft(spectrum, flags=cv2.DFT_INVERSE | cv2.DFT_REAL_OUTPUT | cv2.DFT_SCALE), np.float32
    )


def _phases(samples: Floats) -> Floats:
    rows, columns = samples.shape[0] // DENSITY, samples.shape[1] // DENSITY
    return samples.reshape(rows, DENSITY, columns, DENSITY).transpose(1, 3, 0, 2).reshape(-1, rows, columns)


def _woven(phases: Floats) -> Floats:
    _, rows, columns = phases.shape
    apart = phases.reshape(DENSITY, DENSITY, rows, columns).transpose(2, 0, 3, 1)
    return apart.reshape(rows * DENSITY, columns * DENSITY)


def unblurred(samples: Floats, known: Signs, blur: Blur) -> tuple[Floats, Floats]:
    """Modules 0 (dark) to 1 (light), and the samples that they would give; both for all of `known`."""
    # Fourier transforms are several times faster for some sizes; what is added is unknown and goes on evenly.
    extra = [cv2.getOptimalDFTSize(n) - n for n in known.shape]
    lattice = np.pad(known, [(0, n) for n in extra], constant_values=FREE)
    seen = _phases(np.pad(samples, [(0, n * DENSITY) for n in extra], mode="edge"))
    spectra, inverse = _transfer(blur, *lattice.shape)
    fixed, truth = lattice != FREE, (lattice == LIGHT).astype(np.float32)
    tilt = _tilt(*lattice.shape)
    dark, light = (float(v) for v in np.percentile(samples, (2, 97)))
    contrast, base = np.full(seen.shape, light - dark, np.float32), np.full(seen.shape, dark, np.float32)
    modules, slack = np.where(fixed, truth, np.float32(0.5)), np.zeros(lattice.shape, np.float32)
    for _ in range(TURNS):
        wanted = np.zeros(inverse.shape, np.float32)
        for phase, spectrum in zip((seen - base) / np.maximum(contrast, 1), spectra, strict=True):
            product = np.conj(spectrum) * _fourier(phase).view(np.complex64)[..., 0]
            wanted += product[..., None].view(np.float32)
        wanted *= inverse
        for _ in range(ROUNDS):
            free = _back(wanted + _fourier(RHO * (modules - slack)) * inverse)
            slack += free
            modules = np.clip(slack, 0, 1)
            modules[fixed] = truth[fixed]
            slack -= modules
        spectrum = _fourier(modules).view(np.complex64)[..., 0]
        blurred = np.stack([_back((s * spectrum)[..., None].view(np.float32)) for s in spectra])
        design = np.concatenate([tilt * blurred, tilt]).reshape(6, -1)
        # Not numpy's product, for the reason given in `grid.bent`.
        both = np.concatenate([design, _f32(seen).reshape(1, -1)])
        products = np.asarray(cv2.gemm(design, both, 1, np.zeros(0, np.float32), 0, flags=cv2.GEMM_2_T))
        parts = np.linalg.solve(products[:, :6] + 1e-3 * np.eye(6), products[:, 6])
        contrast, base = (_f32(np.tensordot(p, tilt, 1)) for p in (parts[:3], parts[3:]))
    rows, columns = known.shape
    model = _woven(blurred * contrast + base)[: rows * DENSITY, : columns * DENSITY]
    return modules[:rows, :columns], model


@lru_cache(maxsize=64)
def _tilt(rows: int, columns: int) -> Floats:
    """Light that falls evenly, more from below, more from the right: 3 x DENSITY^2 x rows x columns."""
    y, x = (np.arange(n, dtype=np.float32) / n - 0.5 for n in (rows, columns))
    shape = (DENSITY**2, rows, columns)
    return np.stack([np.broadcast_to(t, shape) for t in (np.float32(1), y[:, None], x[None, :])])


def _f32(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, np.float32)
