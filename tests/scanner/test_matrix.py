"""Square symbols that no engine reads as they are: out of focus, moved, faint, around a bottle, badly printed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from scanner.codes import LABEL_FORMATS
from scanner.draw import draw_code
from scanner.finders import finder_patterned
from scanner.layouts import DARK, FREE, LIGHT, QUIET, Layout, datamatrix, micro_qr, qr
from scanner.matrix import directed, matrix, matrix_bent, matrix_unblurred
from scanner.modules import decode
from scanner.patches import patched
from scanner.picture import Grey
from scanner.reader import read
from scanner.unblur import Blur, smear

GS1 = "(01)09506000134352(17)271130(10)AB-12(21)S1"
ELEMENTS = "01095060001343521727113010AB-12\x1d21S1"
MODULE_PX = 4


def photo(
    format: str,
    *,
    angle_deg: float = 20.0,
    around_deg: float = 0.0,
    blur: float = 0.2,
    moved: tuple[float, float] = (0.0, 0.0),
    noise: float = 3.0,
    contrast: float = 170.0,
    dead_lines: int = 0,
    glare: float = 0.0,
) -> Grey:
    """A symbol of `MODULE_PX` a module; `blur` in modules, `moved` by modules in a direction (degrees)."""
    rng = np.random.default_rng(5)
    code = draw_code(GS1, format, dpi=508)  # 10 px a module
    inked = np.flatnonzero(code.min(axis=0) == 0)
    for _ in range(dead_lines):
        at = int(rng.integers(inked[0] + 20, inked[-1] - 20))
        code[:, at : at + 7] = 255
    side = int(len(code) * MODULE_PX / 10 * 1.5)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) - side / 2
    turn = np.deg2rad(angle_deg)
    u, v = (x * np.cos(turn) + y * np.sin(turn)), (y * np.cos(turn) - x * np.sin(turn))
    if around_deg:
        radius = len(inked) * MODULE_PX / 10 / np.deg2rad(around_deg)
        u = radius * np.arcsin(np.clip(u / radius, -1, 1))
    at_code = [(p * 10 / MODULE_PX + len(code) / 2).astype(np.float32) for p in (u, v)]
    large = cv2.GaussianBlur(code, (0, 0), 1.2)
    seen = cv2.remap(large, *at_code, cv2.INTER_LINEAR, borderValue=(255,)).astype(np.float32)
    seen = cv2.GaussianBlur(seen, (0, 0), blur * MODULE_PX)
    length, towards = moved[0] * MODULE_PX, np.deg2rad(moved[1])
    steps = np.linspace(-0.5, 0.5, 40) * length
    shifts = [np.array([[1, 0, s * np.cos(towards)], [0, 1, s * np.sin(towards)]]) for s in steps]
    seen = np.mean([cv2.warpAffine(seen, s, (side, side), borderValue=(255,)) for s in shifts], axis=0)
    spot = 330 * glare * np.exp(-((x - 25) ** 2 + (y + 20) ** 2) / 2 / (0.14 * side) ** 2)
    seen = 110 + (seen / 255 - 0.5) * contrast + spot + rng.normal(0, noise, seen.shape)
    return np.clip(seen, 0, 255).astype(np.uint8)


CONDITIONS = {
    "out of focus": {"blur": 0.7},
    "moved": {"moved": (2.5, 35.0)},
    "moved along the rows": {"moved": (1.6, 20.0)},
    "noise": {"noise": 30.0},
    "around a bottle": {"around_deg": 100.0},
    "around a vial": {"around_deg": 135.0},
    "dead lines": {"dead_lines": 2},
    "glare": {"glare": 0.6},
}


def texts(picture: Grey) -> set[str]:
    views = patched(picture)
    sharp = [reading.text for view in views for reading in matrix_bent(view, LABEL_FORMATS)]
    return set(sharp or [r.text for view in views for r in matrix_unblurred(view, LABEL_FORMATS)])


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("format", ["DataMatrix", "QRCode"])
def test_symbols_are_read_under(condition: str, format: str) -> None:
    assert texts(photo(format, **CONDITIONS[condition])) == {ELEMENTS}  # type: ignore[arg-type]


@pytest.mark.parametrize("condition", ["noise", "dead lines"])
def test_a_glance_is_enough_where_a_symbol_lies_flat(condition: str) -> None:
    picture = photo("DataMatrix", **CONDITIONS[condition])  # type: ignore[arg-type]
    assert {r.text for view in patched(picture) for r in matrix(view, LABEL_FORMATS)} == {ELEMENTS}


@pytest.mark.parametrize("condition", ["out of focus", "moved", "moved along the rows"])
@pytest.mark.parametrize("format", ["DataMatrix", "QRCode"])
def test_the_engine_alone_is_blind_there(condition: str, format: str) -> None:
    assert zxingcpp.read_barcodes(photo(format, **CONDITIONS[condition])) == []  # type: ignore[arg-type]


def test_corners_are_those_of_the_symbol() -> None:
    picture = photo("DataMatrix", angle_deg=0.0)
    [reading] = [r for view in patched(picture) for r in matrix(view, LABEL_FORMATS)]
    ink = np.argwhere(cv2.GaussianBlur(picture, (0, 0), 1.5) < 110)[:, ::-1]
    upper, lower = ink.min(axis=0), ink.max(axis=0)
    corners = np.array(reading.corners)
    assert np.abs(corners[0] - upper).max() < MODULE_PX and np.abs(corners[2] - lower).max() < MODULE_PX


def test_noise_and_print_are_no_symbols() -> None:
    rng = np.random.default_rng(1)
    grain = cv2.resize(rng.integers(0, 255, (60, 60), np.uint8), (240, 240), interpolation=cv2.INTER_NEAREST)
    page = np.full((300, 400), 235, np.uint8)
    page[30:270, 80:320] = grain
    assert texts(page) == set()


@pytest.mark.parametrize("layout", [datamatrix(10, 10), datamatrix(16, 48), qr(1), qr(7), micro_qr(2)])
def test_a_symbol_of_nothing_but_white_says_nothing(layout: Layout) -> None:
    """The zero word is a valid word of every Reed-Solomon code."""
    for sign in (LIGHT, DARK):
        signs = np.where(layout.known == FREE, sign, layout.known).astype(np.int8)
        assert decode(signs, layout) is None


def drawn_alike(layout: Layout, text: str) -> bool:
    kind = getattr(zxingcpp.BarcodeFormat, layout.format)
    drawn = np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=1, add_quiet_zones=False))
    known = layout.known[QUIET:-QUIET, QUIET:-QUIET]
    return drawn.shape == known.shape and bool(
        (np.where(drawn > 0, LIGHT, DARK) == known)[known != FREE].all()
    )


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        (datamatrix(12, 12), "ABCDE"),
        (datamatrix(32, 32), "Ab" * 30),
        (qr(1), "AB12"),
        (qr(7), "Ab" * 70),
        (micro_qr(2), "AB12"),
    ],
)
def test_layouts_are_what_the_encoder_draws(layout: Layout, text: str) -> None:
    assert drawn_alike(layout, text)


def test_a_smear_loses_no_light_and_knows_its_side() -> None:
    for blur in (Blur(0.3), Blur(1.0), Blur(0.3, 2.5, 0.5)):
        shares = smear(blur)
        assert shares.sum(axis=(1, 2)) == pytest.approx(1.0, abs=0.02)
        centre = shares.shape[1] // 2
        assert shares[0, centre, centre + 1] > shares[0, centre, centre - 1]  # the upper left sample


@pytest.mark.parametrize("towards", [0.0, 40.0, 90.0, 130.0])
def test_the_direction_of_a_movement_shows(towards: float) -> None:
    seen = photo("QRCode", moved=(2.5, towards)).astype(np.float32)
    evenness, angle = directed(seen)
    assert evenness < 0.65 and abs((np.rad2deg(angle) - towards + 90) % 180 - 90) < 12
    assert directed(photo("QRCode", blur=0.8).astype(np.float32))[0] > 0.65


@pytest.mark.parametrize("shape", [(13, 400), (60, 61), (300, 12)])
def test_patches_at_the_edge_of_a_picture_are_no_trouble(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    busy = rng.integers(0, 2, shape).astype(np.uint8) * 255
    assert texts(busy) == set() and texts(np.zeros(shape, np.uint8)) == set()


@pytest.mark.parametrize("around_deg", [60.0, 100.0])
@pytest.mark.parametrize("light", [False, True])
def test_finder_patterns_are_enough(around_deg: float, light: bool) -> None:
    """No quiet zone: other print runs up to the symbol, which is dark on light or light on dark."""
    picture = photo("QRCode", around_deg=around_deg)
    [alone] = [r for view in patched(picture) for r in matrix_bent(view, LABEL_FORMATS)]
    mask = cv2.fillConvexPoly(np.zeros(picture.shape, np.uint8), np.array(alone.corners), (255,))
    mask = cv2.dilate(mask, np.ones((7, 7), np.uint8))
    stripes = np.indices(picture.shape).sum(axis=0) // 6 % 2 * 150 + 40
    crowded = np.where(mask > 0, picture, stripes).astype(np.uint8)
    views = finder_patterned(255 - crowded if light else crowded)
    assert {r.text for view in views for r in matrix_bent(view, LABEL_FORMATS)} == {ELEMENTS}


def test_a_small_qr_code_does_not_hide_its_neighbour() -> None:
    """One that the engine reads at once, and one on a bottle."""
    plain, bottle = photo("QRCode", around_deg=1.0), photo("QRCode", around_deg=115.0)
    side = max(len(plain), len(bottle))
    page = np.full((3 * side, 3 * side), 190, np.uint8)
    page[: len(plain), : len(plain)] = plain
    page[2 * side : 2 * side + len(bottle), 2 * side : 2 * side + len(bottle)] = bottle
    assert len(zxingcpp.read_barcodes(page)) == 1
    assert [code.text for code in read(page, clock=lambda: 0.0)] == [ELEMENTS] * 2


@pytest.mark.parametrize("module_px", [2, 5, 25])
def test_finder_patterns_of_any_size(module_px: int) -> None:
    """Small ones close up, of large ones the middle is hollow, under a threshold that looks at neighbours."""
    code = draw_code(GS1, "QRCode", dpi=round(25.4 / 0.5 * module_px))
    for picture in (code, 255 - code):
        smooth = cv2.GaussianBlur(picture, (0, 0), 0.3 * module_px).astype(np.uint8)
        views = finder_patterned(np.pad(smooth, 10, mode="edge"))
        assert {r.text for view in views for r in matrix(view, LABEL_FORMATS)} == {ELEMENTS}
