"""What is read of worn symbols at least, by kind and axis of wear; wrong texts at most: none (`bench/scan_wear.py`).

Two levels of each axis that the engines alone find hard, and bars at every 15 degrees.
"""

from __future__ import annotations

import pytest

from bench.scan_wear import AXES, Kind, levels_of, worn
from scanner.reader import read

FLOORS: dict[Kind, dict[str, int]] = {
    "GS1-128": {
        "blur": 2,
        "cylinder": 2,
        "dots": 2,
        "glare": 2,
        "module": 2,
        "motion": 2,
        "noise": 2,
        "tilt": 2,
    },
    "DataMatrix": {"blur": 2, "contrast": 2, "cylinder": 2, "dots": 2, "glare": 2, "module": 2, "motion": 2},
    "QR": {"blur": 2, "contrast": 2, "cylinder": 2, "dots": 2, "glare": 2, "module": 2, "motion": 2},
}
HALF_TURN = AXES["rotation"][:12]
NO_LIMIT_MS = 10_000  # what is read must not hang on how busy the machine is


@pytest.mark.parametrize(
    ("kind", "axis"), [(kind, axis) for kind, floors in FLOORS.items() for axis in floors]
)
def test_worn_symbols_are_read_and_never_wrongly(kind: Kind, axis: str) -> None:
    right = 0
    for level in levels_of(kind, axis)[1:3]:
        picture, text = worn(kind, axis, level, 0)
        seen = [
            code.text.replace("\x1d", "") for code in read(picture, budget_ms=NO_LIMIT_MS) if code.confirmed
        ]
        assert set(seen) <= {text}, level
        right += text in seen
    assert right >= FLOORS[kind][axis]


@pytest.mark.parametrize("angle", HALF_TURN)
def test_gs1_128_is_read_at_every_angle(angle: float) -> None:
    picture, text = worn("GS1-128", "rotation", angle, 1)
    seen = [code.text.replace("\x1d", "") for code in read(picture, budget_ms=NO_LIMIT_MS) if code.confirmed]
    assert seen == [text]
