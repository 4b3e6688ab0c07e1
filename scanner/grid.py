"""The lattice of modules under a symbol in a picture: laying it, bending it to fit, looking through it.

Module coordinates (u, v): (0, 0) is the symbol's top left corner, (columns, rows) its bottom right one.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.picture import Grey

Floats = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]

EDGE_MIN = 1.0
"""Grey levels a module: less is noise, and moves nothing."""

_NONE = np.zeros(0, np.float32)
TERMS = 10
"""Of a polynomial of third order in two variables: enough for a label around a bottle."""


class Grid(msgspec.Struct, frozen=True):
    """`quad`: 4 x 2 picture pixels of the symbol's corners, clockwise from (0, 0). `bend`: TERMS x 2, modules."""

    rows: int
    columns: int
    quad: Points
    bend: Points | None = None

    def to_pixels(self, uv: Points) -> Points:
        """N x 2 module coordinates to N x 2 pixels."""
        if self.bend is not None:
            uv = uv + polynomial(uv, self.rows, self.columns) @ self.bend
        x, y, w = self.homography() @ np.vstack([uv.T, np.ones(len(uv))])
        return np.stack([x / w, y / w], axis=1)

    def homography(self) -> npt.NDArray[np.float64]:
        """3 x 3, modules to pixels, without the bend."""
        square = np.array([[0, 0], [self.columns, 0], [self.columns, self.rows], [0, self.rows]], np.float32)
        return np.asarray(cv2.getPerspectiveTransform(square, self.quad.astype(np.float32)), np.float64)


def polynomial(uv: Points, rows: int, columns: int) -> Points:
    """N x TERMS: 1, x, y, xx, xy, yy, xxx, xxy, xyy, yyy with x and y -1 to 1 across the symbol."""
    x, y = 2 * uv[:, 0] / columns - 1, 2 * uv[:, 1] / rows - 1
    xx, yy = x * x, y * y
    return np.stack([np.ones_like(x), x, y, xx, x * y, yy, xx * x, xx * y, x * yy, yy * y], axis=1)


@lru_cache(maxsize=32)
def _raster(rows: int, columns: int, scale: int, margin: int) -> tuple[Floats, Floats]:
    """Of each pixel of `flatten`: (u, v, 1) as 3 x N, and its `polynomial` as N x TERMS."""
    u = (np.arange((columns + 2 * margin) * scale) + 0.5) / scale - margin
    v = (np.arange((rows + 2 * margin) * scale) + 0.5) / scale - margin
    uv = np.stack([plane.ravel() for plane in np.meshgrid(u, v)], axis=1)
    homogeneous = np.vstack([uv.T, np.ones(len(uv))])
    return homogeneous.astype(np.float32), polynomial(uv, rows, columns).astype(np.float32)


def flatten(grey: Grey, grid: Grid, scale: int, margin: int) -> Floats:
    """The symbol as if seen from above, `scale` pixels a module, with `margin` modules around it."""
    width, height = (grid.columns + 2 * margin) * scale, (grid.rows + 2 * margin) * scale
    if grid.bend is None:
        step = np.array(
            [[1 / scale, 0, 0.5 / scale - margin], [0, 1 / scale, 0.5 / scale - margin], [0, 0, 1]]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        seen = cv2.warpPerspective(
            grey, grid.homography() @ step, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
    else:
        straight, basis = _raster(grid.rows, grid.columns, scale, margin)
        uv = straight.copy()
        uv[:2] += (basis @ grid.bend.astype(np.float32)).T
        x, y, w = grid.homography().astype(np.float32) @ uv
        xs, ys = ((p / w).reshape(height, width) for p in (x, y))
        seen = cv2.remap(grey, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32)


def bent(
    grid: Grid, seen: Floats, model: Floats, weight: Floats, scale: int, margin: int, stiffness: float = 1.0
) -> Grid:
    """Move `grid` so that what is `seen` through it comes to lie on `model` (both as `flatten` sees).

    One Gauss-Newton step: the displacement, a polynomial of third order, is what makes the linearised
    picture differ least from the model (Lucas and Kanade 1981). `stiffness` holds back the higher orders.
    """
    gx = cv2.Sobel(seen, cv2.CV_32F, 1, 0, ksize=3, scale=scale / 8) * weight
    gy = cv2.Sobel(seen, cv2.CV_32F, 0, 1, ksize=3, scale=scale / 8) * weight
    used = np.flatnonzero((np.abs(gx) + np.abs(gy) > EDGE_MIN) & (weight > 0))
    if used.size < 2 * TERMS:
        return grid
    basis = _raster(grid.rows, grid.columns, scale, margin)[1][used]
    design = np.hstack([basis * gx.ravel()[used, None], basis * gy.ravel()[used, None]])
    target = ((model - seen) * weight).ravel()[used]
    # Not numpy's product: its library starts threads, which spin for longer than the product takes.
    normal = np.asarray(cv2.gemm(design, design, 1, _NONE, 0, flags=cv2.GEMM_1_T), np.float64)
    held = np.tile([1e-4] * 3 + [1e-3 * stiffness] * 3 + [3e-3 * stiffness] * 4, 2)
    held *= np.trace(normal) / len(normal)
    wanted = cv2.gemm(design, target[:, None], 1, _NONE, 0, flags=cv2.GEMM_1_T)[:, 0]
    step = np.linalg.solve(normal + np.diag(held), wanted).reshape(2, TERMS).T
    step = np.clip(step, -1.0, 1.0)
    return msgspec.structs.replace(grid, bend=step if grid.bend is None else grid.bend + step)
