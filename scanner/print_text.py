"""What is printed on a label, read as text: a second witness beside its code, and never more than that.

Needs the extra `lotgate[ocr]`: RapidOCR with PP-OCRv6 (Chinese and English; both models lie in its wheel) on
ONNX Runtime. Nothing is loaded from elsewhere.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
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


class PrintedLine(msgspec.Struct, frozen=True):
    """A line of print. `box`: its corners in pixels of the upright picture, in reading order: where the line
    begins (top), where it ends (top), where it ends (bottom), where it begins (bottom). `score`: 0 to 1, the
    engine's own mean over the characters."""

    text: str
    box: Corners
    score: float


def installed() -> bool:
    """Whether the extra is there."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


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
    if _is_upside_down(crops):
        crops = [cv2.rotate(crop, cv2.ROTATE_180) for crop in crops]
        boxes = [np.roll(box, 2, axis=0) for box in boxes]
    read = _engine().recognize_txt(crops)
    lines = [
        PrintedLine(text.strip(), _corners(box / scale, grey.shape), round(float(score), 3))
        for text, score, box in zip(read.txts or (), read.scores or (), boxes, strict=False)
        if text.strip()
    ]
    return sorted(lines, key=lambda line: (line.box[0][1], line.box[0][0]))


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


def _is_upside_down(crops: list[npt.NDArray[Any]]) -> bool:
    """What most of the print says, by length; single lines are often mistaken."""
    turned = _engine().text_cls(crops).cls_res
    weights = [crop.shape[1] * float(score) for crop, (_, score) in zip(crops, turned, strict=True)]
    against = sum(weight for weight, (label, _) in zip(weights, turned, strict=True) if "180" in label)
    return bool(against > sum(weights) / 2)


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
