"""Bars averaged along themselves: what no row shows, all of them together do."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import scanner.deskew
import scanner.evened
from bench.scan_wear import worn
from scanner.deskew import deskewed, explained
from scanner.draw import draw_code
from scanner.engines import zx
from scanner.evened import evened, lower, sharpened, unrolled, upper
from scanner.picture import Grey
from scanner.views import View

SEEDS = range(3)


def read_in(views: list[View]) -> set[str]:
    return {
        reading.text.replace("\x1d", "") for view in views for reading in zx(view, frozenset({"Code128"}))
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_grain_that_hides_each_row_averages_out(seed: int) -> None:
    picture, text = worn("GS1-128", "noise", 45, seed)
    crops = deskewed(picture)
    assert read_in(crops) == set()
    assert read_in(evened(crops)) == {text}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_blur_of_most_of_a_module_is_taken_back(seed: int) -> None:
    picture, text = worn("GS1-128", "blur", 0.8, seed)
    profiles = evened(deskewed(picture))
    assert read_in(profiles) == set()
    assert read_in(sharpened(profiles)) == {text}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_label_around_a_vial_is_laid_flat(seed: int) -> None:
    picture, text = worn("GS1-128", "cylinder", 150, seed)
    profiles = evened(deskewed(picture))
    assert read_in([*profiles, *sharpened(profiles)]) == set()
    assert read_in(unrolled(profiles)) == {text}


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_a_label_seen_askew_is_cut_along_its_middle(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    picture, text = worn("GS1-128", "tilt", 62, seed)
    assert read_in(deskewed(picture)) == {text}
    monkeypatch.setattr(scanner.deskew, "LEAN_MAX", 0.0)
    assert read_in(deskewed(picture)) == set()


def test_two_runs_of_one_symbol_are_joined_over_glare(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, text = worn("GS1-128", "glare", 1, 5)
    assert read_in(evened(deskewed(picture))) == {text}
    monkeypatch.setattr(scanner.deskew, "JOINED_MAX", 0)
    assert read_in(evened(deskewed(picture))) == set()


WORDS = [
    "Sterile R",
    "LOT 25K0714",
    "Use by 2027-11-30",
    "Do not use if the pack is open",
    "Qty 20",
    "Size 7.5 cm",
]


def print_without_bars() -> Grey:
    paper = np.full((400, 900), 230, np.uint8)
    for line, words in enumerate(WORDS):
        place = (20 + 37 * line, 50 + 55 * line)
        cv2.putText(paper, words, place, cv2.FONT_HERSHEY_DUPLEX, 1.3, (30,), 3)
    return paper


def upright_bars() -> Grey:
    bars = draw_code("4006381333931", "EAN13")
    middle = cv2.resize(bars[len(bars) // 2 :][:1], (570, 300), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.copyMakeBorder(middle, 0, 0, 80, 80, cv2.BORDER_CONSTANT, value=(255,)), np.uint8)


def test_print_is_no_bar_code_and_costs_no_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    crops = deskewed(print_without_bars())
    assert crops and evened(crops) == []
    monkeypatch.setattr(scanner.evened, "EXPLAINED_MIN", 0.0)
    assert evened(crops)


def test_bars_come_before_print_whatever_their_size() -> None:
    code = cv2.resize(draw_code("4006381333931", "EAN13"), (220, 90), interpolation=cv2.INTER_AREA)
    paper = cv2.copyMakeBorder(print_without_bars(), 0, 200, 0, 0, cv2.BORDER_CONSTANT, value=(230,))
    paper[450:540, 600:820] = code
    first, *others = deskewed(paper)
    assert explained(first) > 0.6 > max(explained(other) for other in others)
    assert {reading.text for reading in zx(first, frozenset({"EAN13"}))} == {"4006381333931"}


def test_upper_and_lower_part_speak_for_themselves() -> None:
    code = upright_bars()
    for part in (upper, lower):
        assert {r.text for view in part(code) for r in zx(view, frozenset({"EAN13"}))} == {"4006381333931"}
    covered = code.copy()
    covered[: len(code) // 2] = 128
    assert upper(covered) == []
    assert {r.text for view in lower(covered) for r in zx(view, frozenset({"EAN13"}))} == {"4006381333931"}
