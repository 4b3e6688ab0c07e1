"""EAN far out of focus: the one text that explains what is seen far better than any other, else none."""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
import pytest
import zxingcpp

import scanner.ean
import scanner.ean_places
import scanner.faint
from scanner.agreement import Tally
from scanner.attempts import ATTEMPTS
from scanner.bars import EAN_13
from scanner.ean import best_text, likeliest_ean, likeliest_ean_bent, slots_of
from scanner.ean_places import straight_places
from scanner.engines import Reading, zbar, zx
from scanner.faint import faint
from scanner.lens import Blur, blurred, places_at, shown_of
from scanner.picture import Grey
from scanner.views import View, scaled

TEXTS = ("4006381333931", "9780345460950", "0012345678905")
FORMATS = frozenset({"EAN13"})


def seen(
    text: str = TEXTS[0], *, disc: float = 4.5, px: float = 2.0, turn: float = 0.0, inverted: bool = False
) -> Grey:
    """A framed symbol, `px` a module, through a lens that makes of each point a disc of `disc` modules."""
    fine = 8
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.EAN13).to_image(
        scale=1, add_quiet_zones=False
    )
    row = np.pad(np.asarray(drawn)[0], 11, constant_values=255)
    label = np.pad(np.tile(row, (44, 1)), ((8, 8), (0, 0)), constant_values=255)
    label = np.pad(label, 20, constant_values=20)
    if inverted:
        label = 255 - label // 3
    large = cv2.resize(label, None, fx=fine, fy=fine, interpolation=cv2.INTER_NEAREST)
    spin = cv2.getRotationMatrix2D((large.shape[1] / 2, large.shape[0] / 2), turn, 1.0)
    large = cv2.warpAffine(large, spin, large.shape[::-1], borderValue=(20,))
    radius = max(1, round(disc * fine / 2))
    lens = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2).astype(np.float32)
    soft = cv2.filter2D(large.astype(np.float32), -1, lens / lens.sum())
    small = cv2.resize(soft, None, fx=px / fine, fy=px / fine, interpolation=cv2.INTER_AREA)
    grain = np.random.default_rng(4).normal(0, 1.0, small.shape)
    return np.asarray(np.clip(20 + 0.8 * small + grain, 0, 255), np.uint8)


def texts(picture: Grey) -> list[str]:
    return [
        reading.text for view in faint(picture) for reading in likeliest_ean(view, FORMATS) if reading.sure
    ]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("worn", [{}, {"turn": 25.0}, {"turn": 170.0}, {"disc": 2.0, "px": 1.3}])
def test_bars_out_of_focus_are_read_where_no_engine_reads(text: str, worn: dict[str, float]) -> None:
    picture = seen(text, **worn)  # type: ignore[arg-type]
    whole = View(picture, scaled(1.0))
    assert zx(whole, FORMATS) == [] == zbar(whole, FORMATS)
    assert texts(picture) == [text]


def test_light_bars_on_dark_are_read() -> None:
    assert texts(seen(disc=2.0, inverted=True)) == [TEXTS[0]]


def around(text: str, stretch: float, bow: float) -> View:
    """On a bottle seen from the side: `scanner.lens.Place`."""
    return around_modules(EAN_13.drawn(slots_of(text)), stretch, bow, 2.6)


def around_modules(bars: np.ndarray, stretch: float, bow: float, blur_px: float) -> View:
    """The same blur in pixels everywhere."""
    modules = np.pad(bars, 20)
    fine = np.kron(255.0 * (1 - modules), np.ones(16)).astype(np.float32)
    t = (np.arange(len(modules) + 1) - 20) / len(bars)
    inner = places_at(np.array([(0, 1, stretch, bow)], np.float32), np.clip(t, 0, 1).astype(np.float32))[0]
    edges = (inner + np.minimum(t, 0) + np.maximum(t - 1, 0)) * 400 + 90
    x = np.interp(np.arange(580), edges, np.arange(len(edges)) * 16.0)
    row = np.interp(x, np.arange(len(fine)), cv2.GaussianBlur(fine[None], (0, 0), 3)[0])
    grey = cv2.GaussianBlur(np.tile(row, (60, 1)).astype(np.float32), (0, 0), blur_px) * 0.5 + 60
    grain = np.random.default_rng(3).normal(0, 1.5, grey.shape)
    return View(np.clip(grey + grain, 0, 255).astype(np.uint8), scaled(1.0), upright_bars=True)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("stretch", "bow"), [(0.33, -0.08), (-0.33, -0.08), (0.0, -0.22)])
def test_bars_around_a_bottle_are_read_where_no_engine_reads(text: str, stretch: float, bow: float) -> None:
    view = around(text, stretch, bow)
    assert zx(view, FORMATS) == [] == zbar(view, FORMATS)
    assert [reading.text for reading in likeliest_ean(view, FORMATS)] == []
    upside_down = msgspec.structs.replace(view, grey=np.ascontiguousarray(view.grey[:, ::-1]))
    for each in (view, upside_down):
        assert [(r.text, r.sure) for r in likeliest_ean_bent(each, FORMATS)] == [(text, True)]


def test_an_edge_beside_the_bars_does_not_join_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A label's edge runs along the bars, as near as the quiet zone allows, and further than they do."""
    symbol = seen(px=2.0)[40:-40, 40:-40]
    wide = np.full((900, 900), int(np.percentile(symbol, 95)), np.uint8)
    top, left = 860 - len(symbol), 840 - symbol.shape[1]
    wide[top : top + len(symbol), left : left + symbol.shape[1]] = symbol
    wide[:, 840:] = 20
    wide = np.asarray(cv2.GaussianBlur(wide, (0, 0), 1.5), np.uint8)
    assert texts(wide) == [TEXTS[0]]
    monkeypatch.setattr(scanner.faint, "ALONE", 1)
    assert texts(wide) == []


def test_a_first_choice_of_places_keeps_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = [
        255 - np.asarray(view.grey, np.float32).mean(0) for text in TEXTS for view in faint(seen(text))
    ]
    chosen = [straight_places(profile, 0.9)[0][1:] for profile in profiles]
    monkeypatch.setattr(scanner.ean_places, "SCREENED_MAX", 10**6)
    assert chosen == [straight_places(profile, 0.9)[0][1:] for profile in profiles]


def noisy(rng: np.random.Generator, grain: float) -> tuple[np.ndarray, Blur]:
    blur = Blur(0.5, 4.0, round=True)
    shown = shown_of(EAN_13, slots_of(TEXTS[1]), blur)
    return shown + rng.normal(0, grain, shown.shape).astype(np.float32), blur


@pytest.mark.parametrize("at_once", [1, 3])
def test_first_digits_that_are_passed_by_hold_neither_text_nor_rival(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In grain that leaves texts of other first digits nearly as likely; against going through all."""
    rng = np.random.default_rng(5)
    grainy = [noisy(rng, 0.6) for _ in range(20)]
    monkeypatch.setattr(scanner.ean, "LIKELY_FIRSTS", at_once)
    some = [best_text(*each) for each in grainy]
    monkeypatch.setattr(scanner.ean, "LIKELY_FIRSTS", 9)
    for (text, off, rival), one in zip([best_text(*each) for each in grainy], some, strict=True):
        assert one == (text, pytest.approx(off, rel=1e-4), pytest.approx(rival, rel=1e-4))


def test_best_text_is_the_best_of_those_near_by_and_the_next_is_worse() -> None:
    """Against trying every text that differs in two digits."""
    samples, blur = noisy(np.random.default_rng(1), 0.01)
    text, off, next_off = best_text(samples, blur)
    assert text == TEXTS[1]
    others = []
    for one in range(1, 12):
        for other in range(one + 1, 13):
            for a in "0123456789":
                for b in "0123456789":
                    digits = text[:one] + a + text[one + 1 : other] + b + text[other + 1 :]
                    if digits != text and valid(digits):
                        left = samples - shown_of(EAN_13, slots_of(digits), blur)
                        others.append(float((left * left).sum()))
    assert off == pytest.approx(
        float(((samples - shown_of(EAN_13, slots_of(text), blur)) ** 2).sum()), rel=0.2
    )
    assert off < next_off <= min(others) * 1.1


def valid(digits: str) -> bool:
    return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0


@pytest.mark.proves("LBL-7")
def test_what_is_no_ean_is_none() -> None:
    """Other symbols, random bars, and symbols of which a finger hides a part."""
    rng = np.random.default_rng(6)
    views = []
    for format, text in (("Code128", "LOT1234567"), ("Code39", "LOT1234567"), ("ITF", "00123456789012")):
        kind = getattr(zxingcpp.BarcodeFormat, format)
        drawn = zxingcpp.create_barcode(text, kind).to_image(scale=1, add_quiet_zones=False)
        views.append(np.asarray(drawn)[0] < 128)
    views += [rng.random(95) < 0.5 for _ in range(8)]
    found = []
    for modules in views:
        row = np.pad(np.asarray(modules, np.float32), 12)[None]
        soft = blurred(row, Blur(0.5, 3.0, round=True))[0]
        grey = np.tile(220 - 180 * np.repeat(soft, 2), (48, 1))
        view = View(np.clip(grey + rng.normal(0, 1, grey.shape), 0, 255).astype(np.uint8), scaled(1.0), True)
        found += [r for read in (likeliest_ean, likeliest_ean_bent) for r in read(view, FORMATS) if r.sure]
    assert found == []


@pytest.mark.proves("LBL-7")
def test_a_creased_symbol_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to six modules lie in a fold: what is left looks like other texts, and to a credulous reader enough so."""
    rng = np.random.default_rng(5)
    views = []
    for _ in range(40):
        text = str(rng.integers(10**11, 10**12))
        text += str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(text)) % 10)
        fold = rng.integers(10, 80)
        modules = np.delete(EAN_13.drawn(slots_of(text)), slice(fold, fold + rng.integers(1, 7)))
        view = around_modules(modules, rng.uniform(-0.4, 0.4), rng.uniform(-0.2, 0), rng.uniform(3, 8))
        views.append((text, view))

    def believed() -> list[tuple[str, str]]:
        readers = (likeliest_ean, likeliest_ean_bent)
        found = [(text, r) for text, view in views for read in readers for r in read(view, FORMATS)]
        return [(r.text, text) for text, r in found if r.sure and r.text != text]

    assert believed() == []
    monkeypatch.setattr(scanner.ean, "UNEVEN_MAX", 100)
    assert believed()


@pytest.mark.proves("LBL-7")
def test_flat_and_bent_are_one_reading_and_never_confirm_each_other() -> None:
    """They look at the same profile by the same measure, and so err alike."""
    names = [one.name for one in ATTEMPTS if one.engine in (likeliest_ean, likeliest_ean_bent)]
    assert len(names) == 2 and len(set(names)) == 1
    unsure = Reading("EAN13", TEXTS[0], TEXTS[0].encode(), "]E0", ((0, 0), (9, 0), (9, 9), (0, 9)), False)
    tally = Tally()
    for name in names:
        tally.add(name, [unsure])
    assert [code.confirmed for code in tally.codes()] == [False]


@pytest.mark.proves("LBL-7")
def test_a_text_that_has_a_rival_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """So far out of focus that others explain the picture nearly as well: the right one among them, or a wrong one."""
    pictures = [seen(text, disc=disc, px=1.5) for text in TEXTS for disc in (7.0, 7.5, 8.0, 8.5)]
    believed = [texts(picture) for picture in pictures]
    wanted = [text for text in TEXTS for _ in range(4)]
    assert all(read in ([], [text]) for read, text in zip(believed, wanted, strict=True))
    monkeypatch.setattr(scanner.ean, "MARGIN_MIN", 1.0)
    monkeypatch.setattr(scanner.ean, "MARGIN_SURE", 1.0)
    monkeypatch.setattr(scanner.ean, "EXPLAINED_MIN", 0.0)
    credulous = [texts(picture) for picture in pictures]
    assert any(set(read) - {text} for read, text in zip(credulous, wanted, strict=True))
