"""Labels drawn, filmed under bad conditions, and read back."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest
import zxingcpp

import scanner.reader
from scanner.attempts import ATTEMPTS, Attempt
from scanner.codes import LABEL_FORMATS
from scanner.draw import draw_code, draw_label
from scanner.engines import Reading, Still, zx
from scanner.film import scene
from scanner.picture import Grey
from scanner.reader import read
from scanner.views import View, plain

GS1 = "(01)09506000134352(17)271130(10)AB-12(21)S1"
ELEMENTS = "01095060001343521727113010AB-12\x1d21S1"
LINES = ["输液管 Infusion tubing 4 mm", "LOT AB-12  EXP 2027-11-30"]
SYMBOLOGY_IDS = {"DataMatrix": "]d2", "Code128": "]C1", "QRCode": "]Q3"}


def confirmed(picture: Grey | bytes) -> list[str]:
    """With a clock that stands still: how fast this machine is does not change the answer."""
    return [code.text for code in read(picture, clock=lambda: 0.0) if code.confirmed]


@pytest.mark.proves("LBL-1", "LBL-7")
@pytest.mark.parametrize(("format", "symbology_id"), SYMBOLOGY_IDS.items())
def test_a_gs1_label_keeps_separator_bytes_and_symbology(format: str, symbology_id: str) -> None:
    [code] = read(draw_label(LINES, GS1, format))
    assert (code.format, code.text, code.symbology_id) == (format, ELEMENTS, symbology_id)
    assert code.raw == ELEMENTS.encode() and code.confirmed and code.attempt == "zx"


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("EAN13", "4006381333931"),
        ("EAN8", "96385074"),
        ("UPCE", "04965802"),
        ("ITF", "30712345000010"),
        ("Code39", "LOT-AB12"),
        ("Code128", "LOT-ab12"),
        ("DataMatrix", "LOT-ab12"),
        ("QRCode", "LOT-ab12"),
        ("MicroQRCode", "AB12"),
    ],
)
def test_every_symbology_of_a_label_is_read(format: str, text: str) -> None:
    [code] = read(scene(draw_label(LINES, text, format)))
    assert (code.format, code.text, code.confirmed) == (format, text, True)


def test_upc_a_is_its_ean_13() -> None:
    [code] = read(draw_code("036000291452", "UPCA"))
    assert (code.text.rjust(13, "0"), code.confirmed) == ("0036000291452", True)


CONDITIONS = {
    "shadow": {"shade": 0.7},
    "noise": {"noise": 12.0},
    "out of focus": {"blur_px": 1.2, "fill": 0.95},
    "far away": {"fill": 0.6},
    "oblique light on a tilted label": {"angle_deg": 17.0, "shade": 0.5, "noise": 6.0},
}


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("format", SYMBOLOGY_IDS)
def test_read_rate_under_bad_conditions(condition: str, format: str) -> None:
    rng = np.random.default_rng(7)
    texts = [f"(01)09506000134352(10)L{number:03d}(21)S{number}" for number in range(4)]
    views = [scene(draw_label(LINES, text, format), rng=rng, **CONDITIONS[condition]) for text in texts]
    expected = [f"010950600013435210L{number:03d}\x1d21S{number}" for number in range(4)]
    assert [confirmed(view) for view in views] == [[text] for text in expected]


def test_several_codes_of_one_label_are_all_found() -> None:
    upper = draw_code("(01)09506000134352", "Code128")
    lower = draw_code("(17)271130(10)AB-12", "Code128")
    square = draw_code("(01)09506000134352(10)AB-12", "DataMatrix")
    width = max(code.shape[1] for code in (upper, lower, square)) + 40
    rows = [
        np.pad(code, ((30, 30), (20, width - 20 - code.shape[1])), constant_values=255)
        for code in (upper, lower, square)
    ]
    found = set(confirmed(np.concatenate(rows)))
    assert found == {"0109506000134352", "1727113010AB-12", "010950600013435210AB-12"}


@pytest.mark.proves("LBL-4")
def test_the_second_bar_code_of_a_label_is_found_askew() -> None:
    identifier = scene(draw_code("(01)09506000134352(17)271130", "Code128"))
    lot = scene(draw_code("(10)AB-12", "Code128"), angle_deg=25.0)
    both = np.concatenate([identifier, lot])
    assert set(confirmed(both)) == {"010950600013435217271130", "10AB-12"}
    naive = [barcode.text for barcode in zxingcpp.read_barcodes(both)]
    assert len(naive) == 1


def test_corners_are_where_the_code_is() -> None:
    code = draw_code("LOT-1", "DataMatrix")
    picture = np.full((600, 800), 255, np.uint8)
    picture[300 : 300 + code.shape[0], 450 : 450 + code.shape[1]] = code
    [found] = read(picture)
    centre = np.mean(found.corners, axis=0)
    assert np.abs(centre - (450 + code.shape[1] / 2, 300 + code.shape[0] / 2)).max() < 8


def test_a_phone_held_sideways_is_turned_as_exif_says() -> None:
    upright = scene(draw_label(LINES, GS1, "DataMatrix"), shift=(250.0, -100.0))
    stored = cv2.rotate(upright, cv2.ROTATE_90_COUNTERCLOCKWISE)  # orientation 6: turn clockwise to see
    jpeg = bytes(cv2.imencode(".jpg", stored)[1])
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    app1 = b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff
    [turned] = read(jpeg[:2] + app1 + jpeg[2:])
    [straight] = read(upright)
    assert turned.text == ELEMENTS
    assert np.abs(np.mean(turned.corners, axis=0) - np.mean(straight.corners, axis=0)).max() < 8


def test_black_on_transparent_is_black_on_white() -> None:
    code = np.pad(draw_code("LOT-1", "QRCode"), 20, constant_values=255)
    bgra = np.zeros((*code.shape, 4), np.uint8)
    bgra[..., 3] = 255 - code
    png = bytes(cv2.imencode(".png", bgra)[1])
    assert confirmed(png) == ["LOT-1"]
    naive = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert confirmed(np.asarray(naive, np.uint8)) == []


def test_only_the_formats_asked_for() -> None:
    picture = draw_label(LINES, GS1, "DataMatrix")
    assert read(picture, formats=frozenset({"QRCode", "EAN13"})) == []
    assert len(read(picture, formats=LABEL_FORMATS)) == 1


def test_the_budget_ends_the_attempts_but_never_the_first() -> None:
    tried: list[str] = []

    def blind(name: str) -> Attempt:
        return Attempt(name, lambda view, formats, still: tried.append(name) or [], ATTEMPTS[0].prepare)

    ticks = iter(range(100))
    read(
        np.full((50, 50), 255, np.uint8),
        budget_ms=2_000,
        attempts=tuple(blind(f"blind-{n}") for n in range(5)),
        clock=lambda: float(next(ticks)),
    )
    assert tried == ["blind-0", "blind-1"]
    assert confirmed_within(draw_code("LOT-1", "QRCode"), budget_ms=0) == ["LOT-1"]


def test_a_first_look_that_took_the_whole_budget_leaves_time_for_a_second() -> None:
    tried: list[str] = []
    now = [0.0]

    def slow(name: str) -> Attempt:
        def engine(view: View, formats: frozenset[str], still: Still) -> list[Reading]:
            tried.append(name)
            now[0] += 0.2
            return []

        return Attempt(name, engine, ATTEMPTS[0].prepare)

    blank = np.full((50, 50), 255, np.uint8)
    read(blank, budget_ms=100, attempts=tuple(slow(n) for n in "abc"), clock=lambda: now[0])
    assert tried == ["a", "b"]


def test_what_was_seen_in_time_gets_its_second_look_though_time_is_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture, now = draw_label([], "4006381333931", "EAN13"), [0.0]

    def late(view: View, formats: frozenset[str], still: Still) -> list[Reading]:
        now[0] += 0.2
        return zx(view, formats)

    def blind(view: View, formats: frozenset[str], still: Still) -> list[Reading]:
        return []

    def seen() -> list[bool]:
        attempts = (Attempt("blind", blind, plain), Attempt("late", late, plain))
        codes = read(picture, budget_ms=100, attempts=attempts, clock=lambda: now[0])
        return [code.confirmed for code in codes]

    monkeypatch.setattr(scanner.reader, "AGAIN_MS", 150)
    assert seen() == [True]
    monkeypatch.setattr(scanner.reader, "AGAIN_MS", 0)
    assert seen() == [False]


def confirmed_within(picture: Grey, *, budget_ms: float) -> list[str]:
    return [code.text for code in read(picture, budget_ms=budget_ms) if code.confirmed]
