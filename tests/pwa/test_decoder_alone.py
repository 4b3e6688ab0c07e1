"""The phone's decoder as it is built, with and without what keeps it out of its package's traps."""

from __future__ import annotations

import base64
import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from backend.domain.labels import read_label
from bench.scan_wear import KINDS, Kind, worn
from scanner.draw import draw_code
from scanner.picture import Grey

ROOT = Path(__file__).parents[2]
DIST = ROOT / "pwa/dist"
LIBRARY = ROOT / "pwa/node_modules/zxing-wasm/dist/es/reader/index.js"
GS1 = "(01)09506000134352(10)A1(21)2127"


class Frame(NamedTuple):
    """A picture before the lens; `closer`: follow every row; `print`: how it is expected to look."""

    picture: Grey
    closer: bool = False
    print: str = "plain"


def decoded(*frames: Frame, built: bool = True) -> tuple[list[str], list[list[dict[str, Any]]]]:
    """Addresses that were asked, and the codes of each frame. Not `built`: zxing-wasm as its package comes."""
    worker = next(DIST.glob("assets/decode-*.js")).relative_to(DIST)
    asked = {
        "dist": str(DIST),
        "frames": [
            {
                "width": picture.shape[1],
                "height": picture.shape[0],
                "grey": base64.b64encode(picture.tobytes()).decode(),
                "closer": closer,
                "print": print,
            }
            for picture, closer, print in frames
        ],
        **({"worker": str(worker)} if built else {"library": str(LIBRARY)}),
    }
    script = ROOT / "tests/pwa/decoder_alone.mjs"
    run = subprocess.run(["node", script], input=json.dumps(asked), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    return answer["asked"], answer["codes"]


def foreign(addresses: list[str]) -> list[str]:
    return [address for address in addresses if not address.startswith("/assets/")]


def test_the_decoder_comes_from_our_own_origin() -> None:
    """zxing-wasm fetches its wasm from a foreign host by default, though its package holds it."""
    frame = Frame(draw_code(GS1, "DataMatrix"))
    asked, [[code]] = decoded(frame)
    assert asked and foreign(asked) == [] and code["format"] == "DataMatrix"
    asked, [codes] = decoded(frame, built=False)
    assert foreign(asked) and codes == []


@pytest.mark.proves("LBL-2")
@pytest.mark.parametrize("format", ["DataMatrix", "Code128", "QRCode"])
def test_the_phone_keeps_separator_and_symbology(format: str) -> None:
    """The browser's own detector names neither; what is left of the text can be read in several ways."""
    _, [[code]] = decoded(Frame(draw_code(GS1, format)))
    today = date(2026, 11, 23)
    whole = read_label(code["text"], code["symbology_id"], today=today)
    assert (whole.valid, whole.lot, whole.serial) == (True, "A1", "2127")
    naive = read_label(code["text"].replace("\x1d", ""), today=today)
    assert not naive.valid and naive.ambiguous


def test_live_frames_are_looked_at_briefly_and_closer_when_asked() -> None:
    """Following every row of every frame costs several times as much and misreads more."""
    code = draw_code("4006381333931", "EAN13")
    page = np.full((900, code.shape[1] + 100), 255, np.uint8)
    page[10:30, 50:-50] = code[:20]
    _, [live, [closer]] = decoded(Frame(page), Frame(page, closer=True))
    assert live == [] and closer["text"] == "4006381333931"


@pytest.mark.parametrize("kind", KINDS)
def test_the_phone_looks_through_its_own_shadow(kind: Kind) -> None:
    """Its edge across the symbol. Looked at as ever, most are lost."""
    worn_by = [worn(kind, "shadow", 0.3, seed) for seed in range(8)]
    _, found = decoded(*(Frame(picture, print="shaded") for picture, _ in worn_by))
    _, naive = decoded(*(Frame(picture) for picture, _ in worn_by))
    texts = [text for _, text in worn_by]
    assert right(found, texts) >= 6
    assert right(naive, texts) <= 3


@pytest.mark.parametrize("kind", KINDS)
def test_the_phone_reads_what_a_laser_marks_light_on_dark(kind: Kind) -> None:
    """Looked at as ever, none is seen."""
    worn_by = [worn(kind, "etched", 0.25, seed) for seed in range(8)]
    _, found = decoded(*(Frame(picture, closer=True, print="light") for picture, _ in worn_by))
    _, naive = decoded(*(Frame(picture) for picture, _ in worn_by))
    texts = [text for _, text in worn_by]
    assert right(found, texts) >= 7
    assert right(naive, texts) == 0


def right(found: list[list[dict[str, Any]]], texts: list[str]) -> int:
    """Frames whose code was read, none of them wrongly."""
    seen = [{code["text"].replace("\x1d", "") for code in codes} for codes in found]
    assert all(each <= {text} for each, text in zip(seen, texts, strict=True))
    return sum(map(bool, seen))
