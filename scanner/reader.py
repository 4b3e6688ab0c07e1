"""read(): a picture in, the codes on it out."""

from __future__ import annotations

import time
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from scanner.agreement import Tally
from scanner.attempts import ATTEMPTS, Attempt, follow_up
from scanner.codes import LABEL_FORMATS, Code
from scanner.engines import Reading, load_engines
from scanner.picture import as_grey, open_picture
from scanner.views import Preparation, View

BUDGET_MS = 300
"""Of processor time. A busy machine then answers later, but it does not read less."""


def read(
    image: bytes | npt.NDArray[np.uint8],
    *,
    formats: frozenset[str] = LABEL_FORMATS,
    budget_ms: float = BUDGET_MS,
    attempts: tuple[Attempt, ...] = ATTEMPTS,
    clock: Callable[[], float] = time.thread_time,
) -> list[Code]:
    """Find the codes in a picture file (bytes) or in grey or BGR pixels (height x width [x 3]).

    Attempts run in order until all that was seen is confirmed, or `budget_ms` is used up (by `clock`, in
    seconds); the first always runs, and a view once begun is looked at to its end. No code found: an empty list.

    Errors: `UnreadablePicture`, see `scanner.picture.open_picture`.
    """
    grey = open_picture(image) if isinstance(image, bytes) else as_grey(image)
    load_engines()
    ends = clock() + budget_ms / 1000
    tally = Tally()
    views: dict[Preparation, list[View]] = {}

    def look(attempt: Attempt) -> None:
        name, engine, preparation = attempt
        if preparation not in views:
            views[preparation] = preparation(grey)
        readings: list[Reading] = []
        for number, view in enumerate(views[preparation]):
            if number and clock() >= ends:
                break
            if view.quads and _is_read(view, tally.codes()):
                continue
            readings += engine(view, formats)
        tally.add(name, readings)

    look(attempts[0])
    if _is_certain(tally.codes()):
        for attempt in follow_up(tally.codes(), grey.size):
            if clock() < ends:
                look(attempt)
    for attempt in attempts[1:]:
        if clock() >= ends or _is_certain(tally.codes()):
            break
        look(attempt)
    return tally.codes()


def _is_certain(codes: list[Code]) -> bool:
    """Something was seen, and nothing of it is in doubt."""
    return bool(codes) and all(code.confirmed for code in codes)


def _is_read(view: View, codes: list[Code]) -> bool:
    """Where the view suspects a symbol, one was read already."""
    x, y = np.mean(view.quads, axis=(0, 1)) @ view.to_picture[:, :2].T + view.to_picture[:, 2]
    read = (np.array(code.corners, np.float32) for code in codes if code.confirmed)
    return any(cv2.pointPolygonTest(corners, (float(x), float(y)), False) >= 0 for corners in read)
