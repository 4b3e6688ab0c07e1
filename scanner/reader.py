"""read(): a picture in, the codes on it out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.agreement import Tally
from scanner.attempts import ATTEMPTS, NEARBY, Attempt, follow_up
from scanner.codes import BY_NAME, LABEL_FORMATS, LINEAR_FORMATS, Code
from scanner.engines import Reading, load_engines
from scanner.nearby import joined, nearby
from scanner.picture import as_grey, open_picture
from scanner.views import Preparation, Refinement, View

BUDGET_MS = 140
"""Of processor time. A busy machine then answers later, but it does not read less."""
LEFT = 0.6
"""Of the budget: what is left at least after the first look, which in grainy pictures takes long."""
AGAIN_MS = 60
"""More, to look again where a code is in doubt."""
GRACE_MS = 250
"""More, for a view begun in time in which a symbol is suspected."""


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
    seconds); the first always runs, a view once begun is looked at for `GRACE_MS` more, and a code in doubt gets
    its second look for `AGAIN_MS` more. No code found: an empty list.

    Errors: `UnreadablePicture`, see `scanner.picture.open_picture`.
    """
    grey = open_picture(image) if isinstance(image, bytes) else as_grey(image)
    load_engines()
    ends = clock() + budget_ms / 1000
    tally = Tally()
    views: dict[tuple[Preparation, tuple[Refinement, ...]], list[View]] = {}

    def prepared(prepare: Preparation, refine: tuple[Refinement, ...]) -> list[View]:
        if (prepare, refine) not in views:
            made = refine[-1](prepared(prepare, refine[:-1])) if refine else prepare(grey)
            views[prepare, refine] = made
        return views[prepare, refine]

    def look(attempt: Attempt, formats: frozenset[str] = formats) -> None:
        name, engine = attempt.name, attempt.engine
        readings: list[Reading] = []
        votes = Counter[tuple[str, str]]()
        for number, view in enumerate(prepared(attempt.prepare, attempt.refine)):
            if number and clock() >= ends:
                break
            if view.quads and _is_read(view, tally.codes()):
                continue
            found = engine(view, formats, lambda: clock() < ends + GRACE_MS / 1000)
            votes.update({(reading.format, reading.text) for reading in found})
            readings += found
        if attempt.agreeing > 1:
            readings = [
                msgspec.structs.replace(
                    reading, sure=reading.sure and votes[reading.format, reading.text] >= attempt.agreeing
                )
                for reading in readings
            ]
        tally.add(name, readings)

    def look_again() -> None:
        """At each code in doubt, once, by itself; for what was seen in time there is time."""
        last = ends + AGAIN_MS / 1000
        for code in tally.codes():
            known = (code.format, code.text)
            if code.confirmed or known in looked_at or not is_doubtful(code):
                continue
            looked_at.add(known)
            cut, back = nearby(grey, code.corners)
            for name, engine, preparation in NEARBY:
                if clock() >= last or _is_certain(tally.codes()):
                    return
                for view in preparation(cut):
                    there = msgspec.structs.replace(view, to_picture=joined(back, view.to_picture))
                    tally.add(name, engine(there, formats & LINEAR_FORMATS, lambda: clock() < last))

    looked_at: set[tuple[str, str]] = set()
    look(attempts[0])
    ends = max(ends, clock() + LEFT * budget_ms / 1000)
    look_again()
    if _is_certain(tally.codes()):
        kinds = formats & {code.format for code in tally.codes()}
        for attempt in follow_up(tally.codes(), grey.size):
            if clock() < ends:
                look(attempt, kinds)
    for attempt in attempts[1:]:
        if clock() >= ends or _is_certain(tally.codes()):
            break
        look(attempt)
        look_again()
    return tally.codes()


def _is_certain(codes: list[Code]) -> bool:
    """Something was seen, and nothing of it is in doubt."""
    return bool(codes) and all(code.confirmed for code in codes)


def is_doubtful(code: Code) -> bool:
    """Its symbology wants a second reading. What wants three (ITF of any length) wants them of the whole picture."""
    return not BY_NAME[code.format].detects_errors and (code.format != "ITF" or len(code.text) == 14)


def _is_read(view: View, codes: list[Code]) -> bool:
    """Where the view suspects a symbol, one was read already."""
    x, y = np.mean(view.quads, axis=(0, 1)) @ view.to_picture[:, :2].T + view.to_picture[:, 2]
    read = (np.array(code.corners, np.float32) for code in codes if code.confirmed)
    return any(cv2.pointPolygonTest(corners, (float(x), float(y)), False) >= 0 for corners in read)
