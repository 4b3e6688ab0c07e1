"""What is refused before anything is decoded."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.header import Header, read_header
from scanner.picture import BYTES_MAX, open_picture
from scanner.problems import UnreadablePicture
from scanner.reader import read


def png_bomb(width: int, height: int) -> bytes:
    """A sound PNG of that many white pixels in RGB: about a thousandth of its decoded size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * (3 * width)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def problem_of(data: bytes) -> tuple[str, dict[str, str | int | bool | None]]:
    with pytest.raises(UnreadablePicture) as raised:
        open_picture(data)
    return raised.value.code, raised.value.facts


@pytest.mark.parametrize(
    ("suffix", "kind"), [(".png", "png"), (".jpg", "jpeg"), (".webp", "webp"), (".bmp", "bmp")]
)
def test_headers_tell_kind_and_size(suffix: str, kind: str) -> None:
    data = bytes(cv2.imencode(suffix, np.full((37, 91, 3), 200, np.uint8))[1])
    assert read_header(data) == Header(kind, 91, 37)
    assert open_picture(data).shape == (37, 91)


@pytest.mark.parametrize("quality", [101, 80])
def test_webp_with_and_without_loss(quality: int) -> None:
    picture = np.full((37, 91, 4), 128, np.uint8)
    data = bytes(cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, quality])[1])
    header = read_header(data)
    assert (header.width, header.height, header.transparent) == (91, 37, True)


def test_too_many_pixels_are_refused_by_the_header() -> None:
    assert problem_of(png_bomb(8000, 7000)) == (
        "picture_too_many_pixels",
        {"pixels": 56_000_000, "limit": 50_000_000},
    )


def test_too_many_bytes_are_refused() -> None:
    code, facts = problem_of(b"\xff\xd8\xff" + bytes(BYTES_MAX))
    assert (code, facts["limit"]) == ("picture_too_large", 20_000_000)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypavif", "avif"),
        (b"GIF89a", "gif"),
        (b"%PDF-1.7", "pdf"),
        (b"", "unknown"),
        (b"<svg xmlns", "unknown"),
    ],
)
def test_other_kinds_are_named(start: bytes, kind: str) -> None:
    assert problem_of(start) == ("picture_kind_not_supported", {"kind": kind})


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".bmp"])
def test_a_file_cut_off_is_a_picture_or_an_error_never_a_crash(suffix: str) -> None:
    data = bytes(cv2.imencode(suffix, np.full((60, 60), 255, np.uint8))[1])
    for length in range(2, len(data), 7):
        try:
            assert open_picture(data[:length]).shape == (60, 60)
        except UnreadablePicture as problem:
            assert problem.code in ("picture_not_readable", "picture_kind_not_supported")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF....WEBP", b"BM"]), st.binary(max_size=200)
)
def test_garbage_is_an_error_never_a_crash(start: bytes, rest: bytes) -> None:
    with pytest.raises(UnreadablePicture):
        open_picture(start + rest)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (3, 3), (16, 16), (9, 2500), (2500, 9)])
def test_odd_shapes_are_read_as_empty(shape: tuple[int, int]) -> None:
    assert read(np.full(shape, 255, np.uint8)) == []
    assert read(np.zeros(shape, np.uint8)) == []


def test_sixteen_bits_a_channel() -> None:
    data = bytes(cv2.imencode(".png", np.full((20, 30, 4), 65535, np.uint16))[1])
    assert open_picture(data).tolist() == [[255] * 30] * 20
