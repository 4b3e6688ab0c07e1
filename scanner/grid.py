"""The lattice of modules under a symbol in a picture: laying it, bending it to fit, looking through it.

Module coordinates (u, v): (0, 0) is the symbol's top left corner, (columns, rows) its bottom right one.
"""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.picture import Grey

Floats = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]

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
    one = np.ones_like(x)
    return np.stack([one, x, y, x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3], axis=1)


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
        u, v = np.meshgrid(
            (np.arange(width) + 0.5) / scale - margin, (np.arange(height) + 0.5) / scale - margin
        )
        xy = grid.to_pixels(np.stack([u.ravel(), v.ravel()], axis=1)).astype(np.float32)
        xy = xy.reshape(height, width, 2)
        seen = cv2.remap(grey, xy[..., 0], xy[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32)


def bent(
    grid: Grid, seen: Floats, model: Floats, weight: Floats, scale: int, margin: int, stiffness: float = 1.0
) -> Grid:
    """Move `grid` so that what is `seen` through it comes to lie on `model` (both from `flatten`'s view).

    One Gauss-Newton step: the displacement, a polynomial of third order, is what makes the linearised
    picture differ least from the model (Lucas and Kanade 1981).
    """
    height, width = seen.shape
    gx = cv2.Sobel(seen, cv2.CV_32F, 1, 0, ksize=3, scale=scale / 8)
    gy = cv2.Sobel(seen, cv2.CV_32F, 0, 1, ksize=3, scale=scale / 8)
    u, v = np.meshgrid((np.arange(width) + 0.5) / scale - margin, (np.arange(height) + 0.5) / scale - margin)
    used = np.flatnonzero((weight > 0) & (np.abs(gx) + np.abs(gy) > 1e-3))
    basis = polynomial(np.stack([u.ravel()[used], v.ravel()[used]], axis=1), grid.rows, grid.columns)
    w = weight.ravel()[used]
    design = np.hstack([basis * (gx.ravel()[used] * w)[:, None], basis * (gy.ravel()[used] * w)[:, None]])
    target = (model - seen).ravel()[used] * w
    normal = design.T @ design
    # The higher the order, the stiffer.
    stiff = np.tile([1e-4, 1e-4, 1e-4, *[1e-3 * stiffness] * 3, *[3e-3 * stiffness] * 4], 2) * (
        np.trace(normal) / len(normal)
    )
    step = np.linalg.solve(normal + np.diag(stiff), design.T @ target).reshape(2, TERMS).T
    step = np.clip(step, -1.0, 1.0)
    return msgspec.structs.replace(grid, bend=step if grid.bend is None else grid.bend + step)
