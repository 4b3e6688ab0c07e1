"""A reading in doubt gets a second look at its place alone."""

from __future__ import annotations

import numpy as np
import pytest

from scanner.attempts import NEARBY
from scanner.codes import LABEL_FORMATS, Code
from scanner.deskew import deskewed
from scanner.draw import draw_code, draw_label
from scanner.engines import Reading, always, zx
from scanner.film import scene
from scanner.nearby import joined, nearby
from scanner.picture import Grey
from scanner.reader import is_doubtful, read
from scanner.views import View, plain

EAN = "4006381333931"


def first_look(picture: Grey) -> Reading:
    [view] = deskewed(picture)[:1]
    [reading] = [r for v in (*plain(picture), view) for r in zx(v, LABEL_FORMATS)][:1]
    return reading


@pytest.mark.parametrize("angle", [0.0, 30.0, 75.0, 180.0, 250.0])
def test_the_place_is_cut_out_upright_and_leads_back(angle: float) -> None:
    picture = scene(draw_code(EAN, "EAN13"), angle_deg=angle, shift=(60.0, -30.0), fill=0.8)
    seen = first_look(picture)
    cut, back = nearby(picture, seen.corners)
    assert cut.size < picture.size
    [again] = zx(View(cut, back), LABEL_FORMATS)
    middles = [np.mean(corners, axis=0) for corners in (seen.corners, again.corners)]
    assert again.text == EAN and np.abs(middles[0] - middles[1]).max() < 60


def test_ways_back_are_walked_one_after_the_other() -> None:
    outer, inner = np.array([[0.0, -1, 5], [1, 0, 7]]), np.array([[0.5, 0, 2], [0, 0.5, 3]])
    point = np.array([8.0, 4, 1])
    step = np.append(inner @ point, 1)
    assert joined(outer, inner) @ point == pytest.approx(outer @ step)


def test_a_place_at_the_edge_of_a_picture_is_no_trouble() -> None:
    picture = draw_code(EAN, "EAN13")
    for corners in (((-5, 0), (40, 0), (40, 3), (-5, 3)), ((3, 3), (3, 3), (3, 3), (3, 3))):
        cut, back = nearby(picture, corners)
        assert cut.size and [view for _, engine, prepare in NEARBY for view in prepare(cut)]
        assert back.shape == (2, 3)


def test_one_clean_ean_takes_two_looks_and_is_confirmed() -> None:
    [code] = read(scene(draw_label([], EAN, "EAN13")), budget_ms=10_000)
    assert code.confirmed and code.attempt == "zx"


def code(format: str, text: str) -> Code:
    return Code(format, text, text.encode(), "", ((0, 0), (9, 0), (9, 9), (0, 9)), False, "zx")


@pytest.mark.parametrize(
    ("format", "text", "again"),
    [
        ("EAN13", EAN, True),
        ("Code39", "LOT-1", True),
        ("ITF", "30712345000010", True),
        ("ITF", "0829220876", False),  # a part of a symbol reads alike in every look at the same lines
        ("Code128", "A", False),
    ],
)
def test_which_readings_get_it(format: str, text: str, again: bool) -> None:
    assert is_doubtful(code(format, text)) is again


def test_time_without_end_is_always_left() -> None:
    assert always()
