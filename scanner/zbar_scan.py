"""zbar through pyzbar's binding, without what pyzbar's own `decode` adds: outlines, and scans that nobody asked for."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

from pyzbar import wrapper

from scanner.picture import Grey

GREY = int.from_bytes(b"Y800", "little")
"""zbar's name of a picture of grey bytes (fourcc)."""
EVERY = 0
"""All symbologies, or the scanner itself."""


class Symbol(NamedTuple):
    """What zbar calls its kind, its bytes, and the box around the points at which lines crossed it (pixels)."""

    kind: str
    data: bytes
    left: int
    top: int
    right: int
    bottom: int


class Lines(NamedTuple):
    """Each how many-th row and column is scanned; 0: none."""

    rows: int
    columns: int


def scan(grey: Grey, kinds: list[str], lines: Lines) -> list[Symbol]:
    """Symbols of these kinds (names of pyzbar's `ZBarSymbol`)."""
    height, width = grey.shape
    pixels = ctypes.create_string_buffer(grey.tobytes(), grey.size)
    scanner, image = wrapper.zbar_image_scanner_create(), wrapper.zbar_image_create()
    if not scanner or not image:
        raise MemoryError("zbar")
    try:
        config = wrapper.ZBarConfig
        settings = [(EVERY, config.CFG_ENABLE, 0)]
        settings += [(wrapper.ZBarSymbol[kind], config.CFG_ENABLE, 1) for kind in kinds]
        settings += [(EVERY, config.CFG_X_DENSITY, lines.columns), (EVERY, config.CFG_Y_DENSITY, lines.rows)]
        for setting in settings:
            wrapper.zbar_image_scanner_set_config(scanner, *setting)
        wrapper.zbar_image_set_format(image, GREY)
        wrapper.zbar_image_set_size(image, width, height)
        wrapper.zbar_image_set_data(image, ctypes.cast(pixels, ctypes.c_void_p), grey.size, None)
        if wrapper.zbar_scan_image(scanner, image) < 0:
            return []
        names = {int(wrapper.ZBarSymbol[kind]): kind for kind in kinds}
        found, at = [], wrapper.zbar_image_first_symbol(image)
        while at:
            if (kind := int(at.contents.type)) in names:
                found.append(_symbol(names[kind], at))
            at = wrapper.zbar_symbol_next(at)
        return found
    finally:
        wrapper.zbar_image_destroy(image)
        wrapper.zbar_image_scanner_destroy(scanner)


def _symbol(kind: str, at: object) -> Symbol:
    points = range(wrapper.zbar_symbol_get_loc_size(at))
    xs = [wrapper.zbar_symbol_get_loc_x(at, point) for point in points]
    ys = [wrapper.zbar_symbol_get_loc_y(at, point) for point in points]
    length = wrapper.zbar_symbol_get_data_length(at)
    data = ctypes.string_at(wrapper.zbar_symbol_get_data(at), length)
    return Symbol(kind, data, min(xs, default=0), min(ys, default=0), max(xs, default=0), max(ys, default=0))
