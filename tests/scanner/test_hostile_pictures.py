"""The short version of `./run fuzz pictures`: bounded time and memory each, and a server that answers meanwhile."""

from __future__ import annotations

import io
import random
import sys

import pytest
from PIL import Image

from scanner.reader import read
from tests.campaigns import hostile_pictures

COUNT, SEED = 150, 20261128
UPLOADS = 12


def test_hostile_pictures_cost_bounded_time_and_memory() -> None:
    found = hostile_pictures.alone(COUNT, SEED)
    assert found.wrong == []
    assert found.answers.total() >= COUNT
    assert found.answers["read"] and found.answers["picture_not_readable"]
    assert found.answers["picture_too_many_pixels"] and found.answers["picture_kind_not_supported"]


def test_a_server_answers_others_while_it_is_sent_hostile_pictures() -> None:
    found = hostile_pictures.served(UPLOADS, SEED)
    assert found.wrong == []
    assert found.answers.total() == UPLOADS
    assert found.meanwhile_ms


DIES = (
    "import sys; sys.stdout.buffer.write(bytes(4)); sys.stdout.flush(); sys.stdin.buffer.read(9); sys.exit(3)"
)


def test_the_campaign_notices_a_reader_that_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading in a process without its answer: every picture kills it."""
    monkeypatch.setattr(hostile_pictures, "CODES", (sys.executable, "-c", DIES))
    with pytest.raises(Exception, match="picture_not_readable"):
        hostile_pictures.alone(1, SEED)


def test_every_kind_of_file_is_among_them() -> None:
    names = {name.split(",")[0] for name, _ in hostile_pictures.pictures(600, SEED)}
    assert names > set(hostile_pictures.KINDS)
    done = {part for name, _ in hostile_pictures.pictures(600, SEED) for part in name.split(", ")[1:]}
    assert done == {hurt.__name__.strip("_") for hurt in hostile_pictures.HURTS}


STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF 2.32, 4.6.4, tag 0112: what a camera of this orientation stores of an upright scene."""


def test_a_label_is_read_whichever_way_its_exif_turns_it() -> None:
    sound = Image.fromarray(hostile_pictures.label(random.Random(1)))
    for turn, back in STORED_AS.items():
        exif, out = Image.Exif(), io.BytesIO()
        exif[0x0112] = turn
        (sound if back is None else sound.transpose(back)).save(out, "JPEG", exif=exif)
        assert [code.confirmed for code in read(out.getvalue())] == [True], turn
