"""Kind and size of a picture from its first bytes, before anything is decoded.

A small file can announce a huge picture (17 kB of PNG are enough for 576 MB of pixels), so the size is
checked here, where it costs nothing. Sources: PNG (ISO/IEC 15948, 11.2.1), JPEG (ITU-T T.81, B.1.1 and
B.2.2), WebP (RFC 9649, 2.5 to 2.7), BMP (BITMAPINFOHEADER).
"""

from __future__ import annotations

import struct

import msgspec

from scanner.problems import UnreadablePicture

JPEG_SEGMENTS_MAX = 2_000
"""Honest files have dozens; the bound keeps a hostile one from costing time."""

_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})


class Header(msgspec.Struct, frozen=True):
    """Kind (`png`, `jpeg`, `webp`, `bmp`), width and height in pixels, and whether it can be transparent."""

    kind: str
    width: int
    height: int
    transparent: bool = False


def read_header(data: bytes) -> Header:
    """Say what `data` claims to be.

    Errors: `UnreadablePicture` picture_kind_not_supported (another format), picture_not_readable (cut off).
    """
    kind = _kind(data)
    try:
        header = _READERS[kind](data)
    except (struct.error, IndexError) as error:
        raise UnreadablePicture("picture_not_readable") from error
    if header.width <= 0 or header.height <= 0:
        raise UnreadablePicture("picture_not_readable")
    return header


def _kind(data: bytes) -> str:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"BM"):
        return "bmp"
    raise UnreadablePicture("picture_kind_not_supported", {"kind": _foreign_kind(data)})


def _foreign_kind(data: bytes) -> str:
    if data[4:8] == b"ftyp":
        return "avif" if data[8:12] in (b"avif", b"avis") else "heic"
    for magic, kind in ((b"GIF8", "gif"), (b"II*\0", "tiff"), (b"MM\0*", "tiff"), (b"%PDF", "pdf")):
        if data.startswith(magic):
            return kind
    return "unknown"


def _png(data: bytes) -> Header:
    if data[12:16] != b"IHDR":
        raise UnreadablePicture("picture_not_readable")
    width, height, _depth, colour = struct.unpack_from(">IIBB", data, 16)
    # Colour types 4 and 6 carry alpha; others can name a transparent colour in tRNS, which precedes IDAT.
    return Header("png", width, height, transparent=colour in (4, 6) or b"tRNS" in data[:4096])


def _jpeg(data: bytes) -> Header:
    at = 2
    for _ in range(JPEG_SEGMENTS_MAX):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _STANDALONE:
            at += 2
        elif marker in _SOF:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Header("jpeg", width, height)
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    raise UnreadablePicture("picture_not_readable")


def _webp(data: bytes) -> Header:
    chunk = data[12:16]
    if chunk == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return Header("webp", width, height, transparent=bool(data[20] & 0x10))
    if chunk == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return Header(
            "webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, transparent=bool(bits >> 28 & 1)
        )
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Header("webp", width & 0x3FFF, height & 0x3FFF)
    raise UnreadablePicture("picture_not_readable")


def _bmp(data: bytes) -> Header:
    width, height = struct.unpack_from("<ii", data, 18)
    return Header("bmp", width, abs(height))  # a negative height means rows from the top


_READERS = {"png": _png, "jpeg": _jpeg, "webp": _webp, "bmp": _bmp}
