"""Bars that blur or motion ran together, or that a vial bends: the likeliest text, if it explains what is seen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

import scanner.likelihood
from scanner.bars import EAN_13, SLOTS, Symbol, code_128
from scanner.elastic import likeliest_elastic, likeliest_rolled
from scanner.engines import Engine, always, zbar, zx
from scanner.lens import Blur, Place, path, settled
from scanner.likelihood import likeliest
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
    format: str = "Code128",
    text: str = GS1,
    *,
    blur: float = 0.3,
    moved: float = 0.0,
    oblique: float = 0.0,
    around: float = 0.0,
) -> View:
    """A profile through a lens out of focus (modules), moved along (modules), from the side (`Place.stretch`), on a
    cylinder that the symbol goes around (degrees)."""
    row = np.pad(255 - 255 * modules(text, format).astype(np.float32), QUIET, constant_values=255)
    fine = np.repeat(row, 16)
    t = np.linspace(0, 1, len(row) * MODULE_PX, dtype=np.float32)
    at = Place(0, len(fine) - 1, oblique).at(t)
    if around:
        x = np.linspace(-1.3, 1.3, len(t))  # half of the symbol's width
        angle = np.arcsin(np.clip(x * np.sin(np.deg2rad(around) / 2), -1, 1)) / np.deg2rad(around)
        at = len(fine) / 2 + 16 * (len(row) - 2 * QUIET) * angle.astype(np.float32)
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
def test_oblique_bars_are_laid_character_by_character(oblique: float) -> None:
    view = seen(blur=0.7, oblique=oblique)
    assert texts(view) == []
    assert [reading.text for reading in likeliest_elastic(view, FORMATS)] == [ELEMENTS]


@pytest.mark.parametrize("around", [145, 160])
@pytest.mark.parametrize("way", [1, -1])
def test_bars_far_around_a_vial_are_read_either_way_round(around: float, way: int) -> None:
    """Where no module of the edges is resolved. Neither engine reads it, nor who takes paper for flat."""
    there = seen(around=around)
    view = View(np.ascontiguousarray(there.grey[:, ::way]), there.to_picture, True)
    assert zx(view, FORMATS) == [] == zbar(view, FORMATS)
    assert texts(view) == [] == likeliest_elastic(view, FORMATS)
    (reading,) = likeliest_rolled(view, FORMATS)
    assert reading.text == ELEMENTS
    left, right = sorted(x for x, _ in reading.corners[:2])
    first, last = np.flatnonzero(view.grey[0] < 150)[[0, -1]]
    assert abs(left - first) < 2 * MODULE_PX and abs(right - last) < 2 * MODULE_PX


@pytest.mark.parametrize("read", [likeliest, likeliest_elastic])
def test_what_lies_upside_down_is_read_from_its_end(read: Engine) -> None:
    there = seen(blur=0.8)
    view = View(np.ascontiguousarray(there.grey[:, ::-1]), there.to_picture, True)
    assert [reading.text for reading in read(view, FORMATS, always)] == [ELEMENTS]


@pytest.mark.proves("LBL-7")
def test_what_is_no_code_128_is_none() -> None:
    """Other symbols, random bars, symbols cut off."""
    others = [
        seen(format, text, around=around)
        for format, text in (("EAN13", "4006381333931"), ("Code39", "LOT1234567"), ("ITF", "00123456789012"))
        for around in (0, 150)
    ]
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
    for read in (likeliest, likeliest_elastic, likeliest_rolled):
        assert [read(view, FORMATS) for view in others] == [[]] * len(others)


@pytest.mark.proves("LBL-7")
@pytest.mark.parametrize(
    ("read", "worn"),
    [
        (likeliest, {"blur": 0.5}),
        (likeliest, {"blur": 0.8}),
        (likeliest_elastic, {"blur": 0.8}),
        (likeliest_rolled, {"around": 150}),
    ],
)
def test_a_text_that_does_not_explain_the_picture_is_not_believed(
    read: Engine, worn: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some bars are painted over: a check character passes one wrong text in a hundred, the picture passes none."""
    view = seen(**worn)  # type: ignore[arg-type]
    painted = view.grey.copy()
    x = painted.shape[1] // 2
    painted[:, x : x + 3 * MODULE_PX] = painted.max()
    there = View(painted, view.to_picture, True)
    believed: list[str] = []
    monkeypatch.setattr(scanner.likelihood, "decoded", lambda modules, format: believed.append(format))
    assert read(there, FORMATS, always) == [] and believed == []
    monkeypatch.setattr(scanner.likelihood, "UNEXPLAINED_MAX", 1.0)
    assert read(there, FORMATS, always) == [] and believed


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
