"""What is read of worn symbols at least, by kind and axis of wear; wrong texts at most: none (`bench/scan_wear.py`).

Of each axis the second to the fourth of five levels, none of which may fail; and bars at every 15 degrees.
"""

from __future__ import annotations

import pytest

from bench.scan_wear import AXES, BESIDES, KINDS, Kind, Worn, levels_of, worn
from scanner.attempts import ATTEMPTS, Attempt
from scanner.reader import read

HALF_TURN = AXES["rotation"][:12]
NO_LIMIT_MS = 10_000  # what is read must not hang on how busy the machine is


@pytest.mark.parametrize("axis", [axis for axis in AXES | BESIDES if axis != "rotation"])
@pytest.mark.parametrize("kind", KINDS)
def test_worn_symbols_are_read_and_never_wrongly(kind: Kind, axis: str) -> None:
    for level in levels_of(kind, axis)[1:4]:
        picture, text = worn(kind, axis, level, 0)
        codes = read(picture, budget_ms=NO_LIMIT_MS)
        seen = {code.text.replace("\x1d", "") for code in codes if code.confirmed}
        assert seen == {text}, level


@pytest.mark.parametrize("angle", HALF_TURN)
def test_gs1_128_is_read_at_every_angle(angle: float) -> None:
    picture, text = worn("GS1-128", "rotation", angle, 1)
    seen = [code.text.replace("\x1d", "") for code in read(picture, budget_ms=NO_LIMIT_MS) if code.confirmed]
    assert seen == [text]


def right(pictures: list[Worn], attempts: tuple[Attempt, ...]) -> int:
    """How many are read and confirmed."""
    found = [read(picture, attempts=attempts, budget_ms=NO_LIMIT_MS) for picture, _ in pictures]
    return sum(
        text in {code.text.replace("\x1d", "") for code in codes if code.confirmed}
        for codes, (_, text) in zip(found, pictures, strict=True)
    )


def test_a_shadow_over_a_symbol_is_looked_through() -> None:
    """Its edge anywhere across a Data Matrix. The broken twin takes what is dark for ink."""
    blinded = tuple(attempt for attempt in ATTEMPTS if not attempt.name.startswith("zx-levelled"))
    assert len(blinded) == len(ATTEMPTS) - 2
    pictures = [worn("DataMatrix", "shadow", 0.3, seed) for seed in range(8)]
    for attempts, least, most in ((ATTEMPTS, 7, 8), (blinded, 0, 1)):
        assert least <= right(pictures, attempts) <= most


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_laser_marks_light_on_dark_is_read(kind: Kind) -> None:
    """Out of focus. The broken twin exchanges light and dark in the whole picture only, as engines do."""
    blinded = tuple(attempt for attempt in ATTEMPTS if "-light" not in attempt.name)
    assert len(blinded) == len(ATTEMPTS) - 5
    pictures = [worn(kind, "etched", 0.65, seed) for seed in range(4)]
    for attempts, least, most in ((ATTEMPTS, 4, 4), (blinded, 0, 1)):
        assert least <= right(pictures, attempts) <= most


@pytest.mark.proves("LBL-7")
def test_bars_reshaped_by_guesses_are_believed_where_two_guesses_agree() -> None:
    """Seen from far aside and sharpened; one wrong guess passes the check character. The broken twin believes it."""
    picture, text = worn("GS1-128", "tilt", 72, 7001)
    trusting = tuple(attempt._replace(agreeing=1) for attempt in ATTEMPTS)
    assert trusting != ATTEMPTS
    for attempts, wrong in ((ATTEMPTS, False), (trusting, True)):
        found = read(picture, attempts=attempts, budget_ms=5_000)
        believed = {code.text for code in found if code.confirmed}
        assert bool(believed - {text}) == wrong, believed


def test_bars_far_around_a_vial_are_read() -> None:
    """160 degrees of it. The broken twin takes all paper for flat, or for bent as one guess has it."""
    blinded = tuple(attempt for attempt in ATTEMPTS if attempt.name != "likeliest-rolled")
    assert len(blinded) == len(ATTEMPTS) - 1
    pictures = [worn("GS1-128", "cylinder", 160, seed) for seed in range(4)]
    for attempts, least, most in ((ATTEMPTS, 4, 4), (blinded, 0, 1)):
        assert least <= right(pictures, attempts) <= most
