"""What is tried on a picture, in this order. The order is the scanner's character: cheap and sure first."""

from __future__ import annotations

from scanner.deskew import deskewed
from scanner.engines import Engine, zbar, zx, zx_global
from scanner.views import Preparation, doubled, equalised, halved, plain, smoothed, thresholded, whole

Attempt = tuple[str, Engine, Preparation]

ATTEMPTS: tuple[Attempt, ...] = (
    ("zx", zx, plain),
    ("zx-equalised", zx, equalised),
    ("zbar-equalised", zbar, equalised),
    ("zx-thresholded", zx, thresholded),
    ("zx-deskewed", zx, deskewed),
    ("zx-doubled", zx, doubled),
    ("zx-whole", zx, whole),
    ("zx-smoothed", zx, smoothed),
    ("zbar", zbar, plain),
    ("zx-halved", zx, halved),
    ("zx-global", zx_global, plain),
)
