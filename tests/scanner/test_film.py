"""The fake camera's film: a browser plays it, so its bytes are checked as a browser reads them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scanner.draw import draw_label
from scanner.film import camera_film, scene
from scanner.picture import Grey
from scanner.reader import read

LABELS = [draw_label(["Needle 针"], f"(01)09506000134352(10)L{n}", "DataMatrix") for n in range(2)]


def frames_of(path: Path, width: int, height: int) -> list[Grey]:
    """Read YUV4MPEG2 as its definition says: one header line, then FRAME lines each with Y, U, V planes."""
    head, _, body = path.read_bytes().partition(b"\n")
    assert head.split()[:3] == [b"YUV4MPEG2", b"W%d" % width, b"H%d" % height]
    assert b"C420jpeg" in head.split()
    size = len(b"FRAME\n") + width * height * 3 // 2
    assert len(body) % size == 0
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert all(chunk.startswith(b"FRAME\n") for chunk in chunks)
    return [np.frombuffer(chunk, np.uint8, width * height, 6).reshape(height, width) for chunk in chunks]


def test_every_frame_shows_its_label_and_the_bench_between(tmp_path: Path) -> None:
    film = tmp_path / "film.y4m"
    camera_film(LABELS, film, rng=np.random.default_rng(1), frames_each=3, frames_between=1)
    shown = [[code.text for code in read(frame)] for frame in frames_of(film, 1280, 720)]
    first, second = ["010950600013435210L0"], ["010950600013435210L1"]
    assert shown == [first] * 3 + [[]] + [second] * 3 + [[]]


def test_one_label_stays_in_view_and_moves(tmp_path: Path) -> None:
    film = tmp_path / "film.y4m"
    camera_film(LABELS[:1], film, (640, 480), rng=np.random.default_rng(1), frames_each=4)
    frames = frames_of(film, 640, 480)
    assert [len(read(frame)) for frame in frames] == [1] * 4
    assert len({frame.tobytes() for frame in frames}) == 4


def test_the_same_seed_makes_the_same_film(tmp_path: Path) -> None:
    one, two = tmp_path / "one.y4m", tmp_path / "two.y4m"
    for path in (one, two):
        camera_film(LABELS[:1], path, (320, 240), rng=np.random.default_rng(5), frames_each=2)
    assert one.read_bytes() == two.read_bytes()


def test_the_label_fills_the_middle_that_an_upright_phone_shows() -> None:
    view = scene(draw_label([], "(01)09506000134352(10)LOT-2026-11", "Code128"))
    bright = np.flatnonzero((view > 200).any(axis=0))
    assert bright[0] >= (1280 - 720) / 2 and bright[-1] < (1280 + 720) / 2
    assert bright[-1] - bright[0] > 0.8 * 720
