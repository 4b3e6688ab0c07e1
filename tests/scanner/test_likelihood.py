"""Bars that blur or motion ran together: the likeliest text, if it explains what is seen, else none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

import scanner.likelihood
from scanner.bars import EAN_13, SLOTS, Symbol, code_128
from scanner.engines import zbar, zx
from scanner.likelihood import Blur, Place, likeliest, likeliest_oblique, path, settled
from scanner.views import View, scaled

GS1 = "(01)09506000134352(10)AB-12(21)S1"
ELEMENTS = "010950600013435210AB-12\x1d21S1"
MODULE_PX = 4
QUIET = 40
FORMATS = frozenset({"Code128"})


def modules(text: str, format: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    kind = getattr(zxingcpp.BarcodeFormat, format)
    drawn = zxingcpp.create_barcode(text, kind, gs1=text.startswith("(")).to_image(
        scale=1, add_quiet_zones=False
    )
    return np.asarray(np.asarray(drawn)[0] < 128, np.bool_)


def seen(
    format: str = "Code128", text: str = GS1, *, blur: float = 0.3, moved: float = 0.0, oblique: float = 0.0
) -> View:
    """A profile through a lens out of focus (modules), moved along (modules), from the side (see `STEEP`)."""
    row = np.pad(255 - 255 * modules(text, format).astype(np.float32), QUIET, constant_values=255)
    fine = np.repeat(row, 16)
    t = np.linspace(0, 1, len(row) * MODULE_PX, dtype=np.float32)
    at = Place(0, len(fine) - 1, oblique).at(t)
    flat = np.interp(at, np.arange(len(fine)), cv2.GaussianBlur(fine[None], (0, 0), 3.0)[0])[None]
    if moved:
        flat = cv2.blur(flat, (round(moved * MODULE_PX), 1))
    flat = cv2.GaussianBlur(flat, (0, 0), blur * MODULE_PX)
    grain = np.random.default_rng(3).normal(0, 0.3, flat.shape)
    return View(
        np.repeat(np.clip(40 + 0.6 * flat + grain, 0, 255).astype(np.uint8), 48, axis=0), scaled(1.0), True
    )


def texts(view: View) -> list[str]:
    return [reading.text for reading in likeliest(view, FORMATS)]


@pytest.mark.parametrize("worn", [{"blur": 0.8}, {"blur": 0.9}, {"moved": 2.5}, {"moved": 3.0}])
def test_bars_are_read_where_no_edge_is_left(worn: dict[str, float]) -> None:
    view = seen(**worn)  # type: ignore[arg-type]
    assert zx(view, FORMATS) == [] == zbar(view, FORMATS)
    assert texts(view) == [ELEMENTS]


@pytest.mark.parametrize("oblique", [-0.25, 0.2])
def test_oblique_bars_are_looked_for_from_the_side(oblique: float) -> None:
    view = seen(blur=0.7, oblique=oblique)
    assert texts(view) == []
    assert [reading.text for reading in likeliest_oblique(view, FORMATS)] == [ELEMENTS]


@pytest.mark.proves("LBL-7")
def test_what_is_no_code_128_is_none() -> None:
    """Other symbols, random bars, symbols cut off."""
    others = [seen("EAN13", "4006381333931"), seen("Code39", "LOT1234567"), seen("ITF", "00123456789012")]
    rng = np.random.default_rng(5)
    for _ in range(12):
        bars = np.repeat(rng.integers(0, 2, 240).astype(np.uint8) * 200 + 20, MODULE_PX)
        soft = cv2.GaussianBlur(np.pad(bars, 160, constant_values=220)[None], (0, 0), 3.0)
        others.append(View(np.repeat(soft, 48, axis=0).astype(np.uint8), scaled(1.0), True))
    whole = seen(blur=0.8).grey
    others += [
        View(np.ascontiguousarray(whole[:, : whole.shape[1] * part // 10]), scaled(1.0), True)
        for part in (6, 7, 8)
    ]
    assert [texts(view) for view in others] == [[]] * len(others)


@pytest.mark.proves("LBL-7")
@pytest.mark.parametrize("blur", [0.5, 0.8])
def test_a_text_that_does_not_explain_the_picture_is_not_believed(
    blur: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some bars are painted over: a check character passes one wrong text in a hundred, the picture passes none."""
    view = seen(blur=blur)
    painted = view.grey.copy()
    x = painted.shape[1] // 2
    painted[:, x : x + 3 * MODULE_PX] = painted.max()
    there = View(painted, view.to_picture, True)
    believed: list[str] = []
    monkeypatch.setattr(scanner.likelihood, "decoded", lambda modules, format: believed.append(format))
    assert texts(there) == [] and believed == []
    monkeypatch.setattr(scanner.likelihood, "UNEXPLAINED_MAX", 1.0)
    assert texts(there) == [] and believed


@pytest.mark.parametrize(
    ("symbol", "text"), [(code_128(22), GS1), (EAN_13, "4006381333931"), (EAN_13, "0012345678905")]
)
def test_patterns_are_what_the_encoder_draws(symbol: Symbol, text: str) -> None:
    drawn = modules(text, symbol.format)
    assert len(drawn) == symbol.modules
    at = 0
    for slot in symbol.slots:
        width = SLOTS[slot].shape[1]
        assert (SLOTS[slot] == drawn[at : at + width]).all(axis=1).any(), slot
        at += width


def test_place_and_blur_settle_on_what_they_are() -> None:
    symbol = code_128(22)
    view = seen(blur=0.6, oblique=0.05)
    profile = 255 - view.grey.astype(np.float32).mean(0)
    drawn = np.pad(modules(GS1, "Code128").astype(np.float32), QUIET)
    chosen, at = [], QUIET
    for slot in symbol.slots:
        width = SLOTS[slot].shape[1]
        chosen.append(int((SLOTS[slot] == drawn[at : at + width]).all(axis=1).argmax()))
        at += width
    first, last = np.flatnonzero(profile > profile.max() / 2)[[0, -1]]
    place, blur = Place(float(first), float(last), 0.03), Blur(0.4, 0.0)
    for _ in range(3):
        place, blur, samples, explained = settled(profile, symbol, chosen, place, blur)
    assert explained > 0.995 and path(samples, symbol, blur) == chosen
