"""A glance tells where bars may stand, and never misses bars that an engine would read."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanner.codes import LINEAR_FORMATS
from scanner.draw import draw_code
from scanner.engines import zbar, zbar_sparse, zx_dark
from scanner.film import scene
from scanner.glance import bars_in
from scanner.picture import Grey
from scanner.views import View, middle, plain, scaled

EAN, GS1 = "4006381333931", "(01)09506000134352(10)A1B2C3"


def print_of(lines: int) -> Grey:
    """A page of text."""
    page = np.full((600, 600), 235, np.uint8)
    for line in range(lines):
        cv2.putText(page, "Sterile R 2026-11 LOT 4711", (20, 40 * line + 40), 0, 1.1, (30,), 3)
    return page


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize(("text", "kind"), [(EAN, "EAN13"), ("96385074", "EAN8"), ("LOT-4711", "Code128")])
@pytest.mark.parametrize("module", [1.3, 3.0, 7.0])
def test_bars_are_seen_the_way_they_stand(text: str, kind: str, module: float, quarters: int) -> None:
    symbol = draw_code(text, kind)
    factor = module * 95 / symbol.shape[1]
    small = cv2.resize(symbol, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    picture = np.full((900, 1100), 225, np.uint8)
    picture[60 : 60 + small.shape[0], 80 : 80 + small.shape[1]] = small
    picture = np.ascontiguousarray(np.rot90(picture, quarters))
    assert tuple(bars_in(picture)) == ((True, False) if quarters % 2 == 0 else (False, True))


@pytest.mark.parametrize("angle", range(0, 360, 15))
def test_what_the_engine_reads_at_an_angle_is_not_passed_by(angle: int) -> None:
    picture = scene(draw_code(EAN, "EAN13"), angle_deg=float(angle), fill=0.8)
    [view] = plain(picture)
    found = zx_dark(view, LINEAR_FORMATS)
    read = [r for r in found if r.text == EAN]
    bars = bars_in(picture)
    assert read or 30 <= angle % 90 <= 60, "else the test shows nothing"
    if read:
        assert bars.upright or bars.lying


def test_paper_and_print_are_passed_by() -> None:
    assert tuple(bars_in(np.full((400, 400), 200, np.uint8))) == (False, False)
    assert tuple(bars_in(print_of(14))) == (False, False)


def test_print_around_bars_hides_them_neither_way() -> None:
    page = print_of(14)
    symbol = draw_code(EAN, "EAN13")
    symbol = cv2.resize(symbol, (240, 90), interpolation=cv2.INTER_AREA)
    page[250:340, 150:390] = symbol
    assert bars_in(page).upright
    assert bars_in(np.ascontiguousarray(page.T)).lying


def test_what_is_too_small_for_a_glance_is_looked_at() -> None:
    assert tuple(bars_in(np.full((20, 400), 200, np.uint8))) == (True, True)


@pytest.mark.parametrize("quarters", [0, 1])
def test_every_other_row_of_the_middle_is_enough(quarters: int) -> None:
    symbol = cv2.resize(draw_code(EAN, "EAN13"), (300, 140), interpolation=cv2.INTER_AREA)
    picture = np.full((200, 380), 230, np.uint8)
    picture[30:170, 40:340] = symbol
    [view] = middle(np.ascontiguousarray(np.rot90(picture, quarters)))
    [reading] = zbar_sparse(view, LINEAR_FORMATS)
    assert reading.text == EAN
    along = np.ptp(np.array(reading.corners), axis=0)
    assert along[quarters] > 200 > along[1 - quarters], "corners are the picture's, not the strip's"


def test_upright_bars_are_scanned_along_rows_only() -> None:
    symbol = cv2.resize(draw_code(EAN, "EAN13"), (300, 140), interpolation=cv2.INTER_AREA)
    paper = np.pad(symbol, 40, constant_values=255)
    for turned, upright, read in ((False, True, True), (True, True, False), (True, False, True)):
        view = View(np.ascontiguousarray(paper.T if turned else paper), scaled(1.0), upright_bars=upright)
        assert bool(zbar(view, LINEAR_FORMATS)) is read
