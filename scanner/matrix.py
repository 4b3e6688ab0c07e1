"""Square symbols that no engine finds or makes out: own eyes, the engine's brain.

Where a patch of the picture looks like a symbol, the lattice of its modules is laid, bent until it fits, and
read module by module; the engine then corrects errors and decodes what is as clean as if just drawn.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from scanner.engines import Reading, Still, always, read_as
from scanner.fitting import Fit, best_fits, round_fits
from scanner.grid import Floats, Grid, bent, flatten
from scanner.layouts import DARK, FREE, LIGHT, QUIET, Layout
from scanner.modules import agreement, darkest, decided, decode, levels, lightest, lights_and_darks
from scanner.picture import Grey
from scanner.unblur import DENSITY, Blur, thinned, unblurred
from scanner.views import View

SCALE = 4
"""Pixels a module when flattened."""
SCORE_MIN = {"QRCode": 0.3, "MicroQRCode": 0.5, "DataMatrix": 0.5}
"""Finder patterns are seldom found by chance, dark borders often."""
SCORE_MIN_PATCH = 0.73
"""Of the best layout in a patch: of 222 worn symbols all that were read are above 0.75, of other patches a fifth."""
SCORE_MIN_BLURRED = 0.65
SCORE_MIN_ROUND = 0.6
LAYOUTS_MAX = 6
GLANCE_LAYOUTS, GLANCE_BENDS = 2, 1
"""Of 222 worn symbols that are read sharp, nine in ten are so, in a hundredth of the time that all others take."""
BENDS_MAX = 12
BLURRED_MAX = 45
LARGE = 60
"""Modules a side: larger lattices are bent only LARGE_BENDS_MAX times, for each costs 20 ms and more."""
LARGE_BENDS_MAX = 2
AGREEMENT_MIN = (0.62, 0.7, 0.75)
"""Share of the known modules that must be what they should, before the first bends; by chance it is 0.5 to 0.65."""
AGREEMENT_TO_READ = 0.75
"""Below it nothing is decoded: among many lattices over nothing, error correction finds a text now and then."""
PATIENCE = 2
"""Bends in a row that may bring nothing."""
AROUND = QUIET + 2
"""Modules looked at around a blurred symbol: what lies there smears into it."""

STEPS = ((0.0, 1e4), (0.0, 1e4), (0.2, 30.0), (0.2, 30.0), (1.0, 1.0), (1.0, 1.0))
"""Weight of modules not known beforehand, and stiffness, as the lattice of a blurred symbol settles."""
OFF_MAX = (0.6, 0.5, 0.45)
OFF_MAX_BEST = 0.33
"""How far off explanations may be as the lattice settles on what is known, and of the best blur, see `_through`.

Of symbols 19 in 20 are below 0.40, 0.36, 0.34 and 0.28; of other patches, half, a third and a tenth.
"""
DEEPER_MAX = 2
MOVED_BELOW = 0.65
FOCUS = tuple(Blur(sigma) for sigma in (0.7, 0.5, 0.6, 0.85, 1.0))
LENGTHS = (2.0, 1.5, 2.5, 3.0, 3.5)
SHAKE = 0.3
"""Blur of its own of a moved picture, modules."""


def matrix(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """Symbols in sharp patches, flat and where they seem to lie: noise, tilt, missing print."""
    return _first(view, _likely(view, formats)[:GLANCE_LAYOUTS], GLANCE_BENDS, still)


def matrix_bent(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """The same with patience: of other sizes, bent, on cylinders."""
    flat = _likely(view, formats)
    found = _first(view, flat[:LAYOUTS_MAX], BENDS_MAX, still)
    if not found and flat and flat[0].score >= SCORE_MIN_ROUND and still():
        found = _first(view, round_fits(view, flat)[:LAYOUTS_MAX], BENDS_MAX, still)
    return found


def _likely(view: View, formats: frozenset[str]) -> list[Fit]:
    flat = best_fits(view, formats)
    return flat if flat and (view.qr or flat[0].score >= SCORE_MIN_PATCH) else []


def _first(view: View, fits: list[Fit], bends: int, still: Still) -> list[Reading]:
    for fit in fits:
        if not still():
            break
        if fit.score >= SCORE_MIN[fit.layout.format] and (found := _sharp(view.grey, fit, bends)):
            return [_reading(*found, fit, view)]
    return []


def matrix_unblurred(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """Symbols in patches out of focus or moved."""
    fits: dict[Layout, Fit] = {}
    for fit in _likely(view, formats):
        if fit.score >= SCORE_MIN_BLURRED and fit.layout.rows <= BLURRED_MAX and len(fits) < LAYOUTS_MAX:
            fits.setdefault(fit.layout, fit)
    trials: list[_Blurred] = []
    for fit in fits.values():
        trial = _Blurred(view.grey, fit)
        trials.append(trial)
        if not still():
            break
        if trial.begin() or fit.layout.format == "QRCode":  # finder patterns leave no doubt about the size
            break
    # The right size explains a picture far better than its neighbours.
    for trial in sorted(trials, key=lambda trial: trial.off)[:DEEPER_MAX]:
        if found := trial.barcode or (trial.read() if still() else None):
            return [_reading(found, trial.grid, trial.fit, view)]
    return []


def _reading(barcode: zxingcpp.Barcode, grid: Grid, fit: Fit, view: View) -> Reading:
    layout = fit.layout
    corners = np.array(
        [[0, 0], [layout.columns, 0], [layout.columns, layout.rows], [0, layout.rows]], np.float64
    )
    return read_as(barcode, grid.to_pixels(corners), view, sure=not layout.few)


def _sharp(grey: Grey, fit: Fit, bends: int) -> tuple[zxingcpp.Barcode, Grid] | None:
    layout, grid = fit.layout, fit.grid
    best, since = 0.0, 0
    bends = bends if layout.rows <= LARGE else min(bends, LARGE_BENDS_MAX)
    for bend in range(bends + 1):
        seen = flatten(grey, grid, SCALE, QUIET)
        tones = levels(seen, SCALE)
        signs = decided(tones, layout)
        agreed = agreement(tones, layout)
        if agreed >= AGREEMENT_TO_READ:
            worn = (decided(look(seen, SCALE), layout) for look in (darkest, lightest))
            for also in (signs, *worn, decided(tones, layout, glare=True)):
                if barcode := decode(also, layout):
                    return barcode, grid
        best, since = (agreed, 0) if agreed > best else (best, since + 1)
        if agreed < AGREEMENT_MIN[min(bend, len(AGREEMENT_MIN) - 1)] or since > PATIENCE or bend == bends:
            break
        light, dark = lights_and_darks(tones, signs, 4.0)
        model = _fine(np.where(signs == LIGHT, light, dark), SCALE)
        smooth, target = _smoothed(seen, 0.25), _smoothed(model, 0.4)
        grid = bent(grid, smooth, target, np.ones_like(seen), SCALE, QUIET)
    return None


class _Blurred:
    """One fit, looked at through blurs: the one that explains the picture best is kept."""

    def __init__(self, grey: Grey, fit: Fit) -> None:
        self.grey, self.fit, self.grid = grey, fit, fit.grid
        self.known = np.pad(fit.layout.known, AROUND - QUIET)
        self.sure = np.kron(self.known != FREE, np.ones((SCALE, SCALE), bool))
        self.inside = slice((AROUND - QUIET) * SCALE, -(AROUND - QUIET) * SCALE)
        evenness, self.angle = directed(flatten(grey, self.grid, 3, 0))
        moved = evenness < MOVED_BELOW
        self.blurs = [Blur(SHAKE, length, self.angle) for length in LENGTHS] if moved else list(FOCUS)
        self.barcode: zxingcpp.Barcode | None = None
        self.off = np.inf

    def begin(self) -> bool:
        """Settle by what is known beforehand. True if that was enough to read; `off` tells how promising it is."""
        for step, off_max in zip((*STEPS[:2], None), OFF_MAX, strict=True):
            self.off, self.barcode, seen, model = self._through(self.blurs[0])
            if self.barcode or self.off > off_max:
                break
            if step:
                self._settle(seen, model, *step)
        return self.barcode is not None

    def read(self) -> zxingcpp.Barcode | None:
        """Find the blur, then settle altogether."""
        return next((barcode for barcode in self._looks() if barcode), None)

    def _looks(self) -> Iterator[zxingcpp.Barcode | None]:
        if self.off > OFF_MAX[-1]:
            return
        tried = {self.blurs[0]: self.off}
        for blur in self.blurs[1:]:
            tried[blur], barcode, _, _ = self._through(blur)
            yield barcode
        best = min(tried, key=lambda blur: tried[blur])
        if tried[best] > OFF_MAX_BEST:
            return
        if best.length:
            for turn in (-0.2, 0.2):
                turned = Blur(SHAKE, best.length, self.angle + turn)
                tried[turned], barcode, _, _ = self._through(turned)
                yield barcode
            best = min(tried, key=lambda blur: tried[blur])
        for step in (*STEPS[1:], None):
            _, barcode, seen, model = self._through(best)
            yield barcode
            if step:
                self._settle(seen, model, *step)

    def _through(self, blur: Blur) -> tuple[float, zxingcpp.Barcode | None, Floats, Floats]:
        """How far off the best explanation is (1: as if there were none), what it says, picture, explanation."""
        seen = flatten(self.grey, self.grid, SCALE, AROUND)
        samples = thinned(seen, SCALE)
        modules, model = unblurred(samples, self.known, blur)
        rim = AROUND - QUIET
        signs = np.where(modules > 0.5, LIGHT, DARK).astype(np.int8)[rim:-rim, rim:-rim]
        inner = slice(rim * DENSITY, -rim * DENSITY)
        off = float((samples - model)[inner, inner].std() / (samples.std() + 1))
        barcode = decode(signs, self.fit.layout) if off < OFF_MAX[-1] else None
        return off, barcode, seen, model

    def _settle(self, seen: Floats, model: Floats, unknown: float, stiffness: float) -> None:
        weight = np.zeros_like(seen)
        inside = (self.inside, self.inside)
        weight[inside] = np.where(self.sure, np.float32(1), np.float32(unknown))[inside]
        smooth, target = _smoothed(seen, 0.3), _smoothed(_fine(model, SCALE // DENSITY), 0.25)
        self.grid = bent(self.grid, smooth, target, weight, SCALE, AROUND, stiffness)


def _fine(coarse: npt.NDArray[np.generic], times: int) -> Floats:
    return np.kron(coarse, np.ones((times, times), np.float32)).astype(np.float32)


def _smoothed(seen: Floats, modules: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), modules * SCALE), np.float32)


def directed(seen: Floats) -> tuple[float, float]:
    """How evenly edges point everywhere (1: evenly, 0: all one way), and across which direction they do not.

    A picture that moved has lost the edges across its motion: that is the direction, in radians.
    """
    smooth = cv2.GaussianBlur(seen, (0, 0), 0.8)
    gx, gy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    xx, yy, xy = (float(np.mean(p)) for p in (gx * gx, gy * gy, gx * gy))
    spread = float(np.hypot(xx - yy, 2 * xy))
    angle = 0.5 * float(np.arctan2(2 * xy, xx - yy)) + np.pi / 2
    return (xx + yy - spread) / (xx + yy + spread + 1e-6), angle
