"""What is printed on a label, read as text: a second witness beside its code, and never more than that.

Needs the extra `lotgate[ocr]`: RapidOCR with PP-OCRv6 (Chinese and English; both models lie in its wheel) on
ONNX Runtime. Nothing is loaded from elsewhere.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from scanner.codes import Corners
from scanner.picture import Grey, as_grey, open_picture

LONGEST_PX = 2_000
"""Lines are cut out of the picture at this size; more costs memory and reads no more."""
FOUND_AT_PX = 1_280
"""Lines are looked for at this size."""
SMALL_PX = 700
"""A smaller picture is doubled first: the letters of a cropped label are few pixels high."""
WIDEST = 4
"""Longest side over shortest; a longer strip is padded, so that the network is not fed thousands of columns."""
LINES_MAX = 120
UPRIGHT_SHARE = 1.5
"""Height over width from which a line is taken to stand on its end (as the engine does)."""
WHITE = 255
CLEAR_SHARE = 0.05
CLEAR_SCORE = 0.9
"""From here on nobody asks whether the label lies upside down."""


class PrintedLine(msgspec.Struct, frozen=True):
    """A line of print. `box`: its corners in pixels of the upright picture, in reading order: where the line
    begins (top), where it ends (top), where it ends (bottom), where it begins (bottom). `score`: 0 to 1, the
    engine's own mean over the characters. `as_lies`: what it says the way the picture lies, where it was taken to
    lie upside down."""

    text: str
    box: Corners
    score: float
    as_lies: str = ""


def read_lines(image: bytes | npt.NDArray[np.uint8]) -> list[PrintedLine]:
    """The lines of print on a picture file (bytes) or in grey or BGR pixels, from top to bottom.

    One thread; about 0.4 s of processor time for a label, 4 s for a page of print. Errors: `UnreadablePicture`,
    see `scanner.picture.open_picture`; `ModuleNotFoundError` without the extra.
    """
    grey = open_picture(image) if isinstance(image, bytes) else as_grey(image)
    sheet, scale = _prepared(grey)
    crops, found = _lines_of(cv2.cvtColor(sheet, cv2.COLOR_GRAY2BGR))
    if not crops:
        return []
    boxes = [_as_read(np.asarray(box, np.float32)) for box in found]
    read, turned, lying = _read_upright(crops)
    lines = [
        PrintedLine(
            text.strip(),
            _corners((np.roll(box, 2, axis=0) if turned else box) / scale, grey.shape),
            score,
            as_lies.strip(),
        )
        for (text, score), box, as_lies in zip(read, boxes, lying, strict=True)
        if text.strip()
    ]
    return sorted(lines, key=lambda line: (line.box[0][1], line.box[0][0]))


def _read_upright(crops: list[npt.NDArray[Any]]) -> tuple[list[tuple[str, float]], bool, list[str]]:
    """Text and score of each line, whether the label lies upside down, and then what each says as it lies.

    The engine's own judge of that is often mistaken, about digits above all; where it is not unanimous, or the
    reading poor, both ways are read and the better one counts.
    """
    against = _share_upside_down(crops)
    first = against > 0.5
    read = _recognised(crops, turned=first)
    clear = min(against, 1 - against) < CLEAR_SHARE and _quality(read) >= CLEAR_SCORE
    if clear and not first:
        return read, False, [""] * len(crops)
    other = _recognised(crops, turned=not first)
    turned = first if clear or _quality(read) >= _quality(other) else not first
    upright, upside_down = (other, read) if first else (read, other)
    if not turned:
        return upright, False, [""] * len(crops)
    return upside_down, True, [text for text, _ in upright]


def _recognised(crops: list[npt.NDArray[Any]], *, turned: bool) -> list[tuple[str, float]]:
    views = [cv2.rotate(crop, cv2.ROTATE_180) for crop in crops] if turned else crops
    read = _engine().recognize_txt(views)
    return [(text, round(float(score), 3)) for text, score in zip(read.txts, read.scores, strict=True)]


def _quality(read: list[tuple[str, float]]) -> float:
    """Mean score over all characters."""
    return sum(len(text) * score for text, score in read) / max(1, sum(len(text) for text, _ in read))


def _prepared(grey: Grey) -> tuple[Grey, float]:
    """At a size that the networks like, on white paper that is not too long; and the scale."""
    longest = max(grey.shape)
    scale = min(2.0 if longest < SMALL_PX else 1.0, LONGEST_PX / longest)
    if scale != 1:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        grey = np.asarray(cv2.resize(grey, size, interpolation=how), np.uint8)
    least = max(32, max(grey.shape) // WIDEST)
    below, beside = (max(0, least - side) for side in grey.shape)
    return np.pad(grey, ((0, below), (0, beside)), constant_values=WHITE), scale


def _lines_of(picture: npt.NDArray[Any]) -> tuple[list[npt.NDArray[Any]], list[npt.NDArray[Any]]]:
    """The pictures of the lines, each along its own reading direction or against it, and their boxes."""
    engine = _engine()
    found = engine.text_det(picture)
    if found.boxes is None or len(found.boxes) == 0:
        return [], []
    boxes = list(found.boxes[:LINES_MAX])
    return list(engine.crop_text_regions(picture, boxes)), boxes


def _as_read(box: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """A line on its end is turned counterclockwise by the engine: it then begins at the box's second corner."""
    width = max(np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[2] - box[3]))
    height = max(np.linalg.norm(box[0] - box[3]), np.linalg.norm(box[1] - box[2]))
    return np.roll(box, -1, axis=0) if height >= UPRIGHT_SHARE * width else box


def _share_upside_down(crops: list[npt.NDArray[Any]]) -> float:
    """Of the print, by length."""
    judged = _engine().text_cls(crops).cls_res
    weights = [crop.shape[1] * float(score) for crop, (_, score) in zip(crops, judged, strict=True)]
    against = sum(weight for weight, (label, _) in zip(weights, judged, strict=True) if "180" in label)
    return float(against / max(1.0, sum(weights)))


def _corners(box: npt.NDArray[np.float32], shape: tuple[int, ...]) -> Corners:
    height, width = shape[:2]
    a, b, c, d = ((min(max(round(float(x)), 0), width), min(max(round(float(y)), 0), height)) for x, y in box)
    return a, b, c, d


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    one_thread = "EngineConfig.onnxruntime"
    engine: Any = RapidOCR(
        params={
            "Global.log_level": "error",
            f"{one_thread}.intra_op_num_threads": 1,
            f"{one_thread}.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": FOUND_AT_PX,
            "Det.max_candidates": 3 * LINES_MAX,
        }
    )
    engine._load_det_model()
    engine._load_cls_model()
    engine._load_rec_model()
    return engine
