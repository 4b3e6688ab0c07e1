"""The decoders behind one signature: a view and the formats wanted in, readings out.

zxing-cpp is always there. zbar needs the system library libzbar0; where it is missing its attempts read
nothing and all else works. libdmtx is not used: it loses FNC1 in GS1 DataMatrix without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import ModuleType

import msgspec
import numpy as np
import numpy.typing as npt
import zxingcpp

from scanner.codes import BY_NAME, LINEAR_FORMATS, SYMBOLOGIES, Corners
from scanner.glance import Bars, bars_in
from scanner.views import View

DENSE_MAX_PX = 1000
"""In larger pictures every other row and column is enough for zbar: bars are as long, at half the cost."""


class Reading(msgspec.Struct, frozen=True):
    """What one engine read in one view, corners in the picture's pixels.

    `sure`: the symbol's own error detection vouches for the text.
    """

    format: str
    text: str
    raw: bytes
    symbology_id: str
    corners: Corners
    sure: bool


Still = Callable[[], bool]
"""Whether there is time left."""
Engine = Callable[[View, frozenset[str], Still], list[Reading]]


def always() -> bool:
    """Time without end."""
    return True


def zx(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """zxing-cpp, its default binarizer (local average). Its look at a view cannot be cut short."""
    return _zx(view, formats, zxingcpp.Binarizer.LocalAverage)


def zx_dark(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """The same for dark on light only, as nearly all print is: a fifth to a third faster."""
    return _zx(view, formats, zxingcpp.Binarizer.LocalAverage, light_on_dark=False)


def zx_global(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """zxing-cpp with one threshold for the picture: bright, even pictures with thin bars."""
    return _zx(view, formats, zxingcpp.Binarizer.GlobalHistogram)


def _zx(
    view: View, formats: frozenset[str], binarizer: zxingcpp.Binarizer, *, light_on_dark: bool = True
) -> list[Reading]:
    linear, square = formats & LINEAR_FORMATS, formats - LINEAR_FORMATS

    def look(wanted: frozenset[str], *, turned: bool) -> list[Reading]:
        if not wanted:
            return []
        found = zxingcpp.read_barcodes(
            view.grey,
            formats=zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, BY_NAME[n].zx) for n in wanted]),
            try_rotate=turned,
            try_invert=light_on_dark,
            binarizer=binarizer,
            text_mode=zxingcpp.TextMode.Plain,
        )
        return [_from_zx(barcode, view) for barcode in found]

    if view.upright_bars:
        return look(linear, turned=False)
    bars = bars_in(view.grey) if linear else Bars(upright=False, lying=False)
    if bars.lying:
        return look(formats, turned=True)
    return (look(linear, turned=False) if bars.upright else []) + look(square, turned=True)


def _from_zx(barcode: zxingcpp.Barcode, view: View) -> Reading:
    at = barcode.position
    points = [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
    return read_as(barcode, points, view, sure=BY_NAME[_name(barcode)].detects_errors)


def read_as(barcode: zxingcpp.Barcode, points: npt.ArrayLike, view: View, *, sure: bool) -> Reading:
    """What zxing-cpp decoded; `points`: 4 x 2 pixels of `view`, as in `Corners`."""
    return Reading(
        format=_name(barcode),
        text=_text(barcode),
        raw=barcode.bytes,
        symbology_id=barcode.symbology_identifier,
        corners=_corners(points, view),
        sure=sure,
    )


def _text(barcode: zxingcpp.Barcode) -> str:
    """The text as printed; FNC1 as GS."""
    if barcode.format == zxingcpp.BarcodeFormat.UPCE and isinstance(barcode.extra, dict):
        return str(barcode.extra["UPCE"])  # the engine's own text is the expanded EAN-13
    named_by_eci = barcode.symbology_identifier in ("]Q2", "]Q4", "]Q6", "]d4", "]d5", "]d6")
    if barcode.bytes.isascii() or named_by_eci or _name(barcode) in LINEAR_FORMATS:
        return str(barcode.text)
    return chinese_text(barcode.bytes) or str(barcode.text)


def _name(barcode: zxingcpp.Barcode) -> str:
    """Our name of it: the variant where we tell variants apart (EAN-8, Micro QR), else the symbology."""
    variant = str(barcode.format.name)
    return variant if variant in BY_NAME else str(barcode.symbology.name)


def chinese_text(raw: bytes) -> str | None:
    """Text of bytes whose character set nothing names, if they are GB 2312; else None (the engine's guess).

    Chinese printers write GB 18030 without saying so, and the engine takes it for Latin-1 or Shift JIS.
    Only the GB 2312 part is tried: nearly any bytes are GB 18030, and a guess must not invent rare signs.
    """
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    try:
        text = raw.decode("gb2312")
    except UnicodeDecodeError:
        return None
    return text if sum("\u4e00" <= sign <= "\u9fff" for sign in text) >= 2 else None


def zbar(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """zbar, better than zxing-cpp on blurred EAN. It takes grey only: of colour it would use one channel."""
    return _zbar(view, formats, rows=1 if max(view.grey.shape) <= DENSE_MAX_PX or view.upright_bars else 2)


def zbar_sparse(view: View, formats: frozenset[str], still: Still = always) -> list[Reading]:
    """The same of every other row."""
    return _zbar(view, formats, rows=2)


def _zbar(view: View, formats: frozenset[str], rows: int) -> list[Reading]:
    engine = _engine()
    names = {s.zbar: s.name for s in SYMBOLOGIES if s.zbar and s.name in formats}
    if engine is None or not names:
        return []
    found = engine.scan(view.grey, list(names), engine.Lines(rows, 0 if view.upright_bars else rows))
    readings = []
    for symbol in found:
        left, top, right, bottom = symbol.left, symbol.top, symbol.right, symbol.bottom
        points = [(left, top), (right, top), (right, bottom), (left, bottom)]
        readings.append(from_zbar(names[symbol.kind], symbol.data, _corners(points, view)))
    return readings


def from_zbar(name: str, data: bytes, corners: Corners) -> Reading:
    # zbar does not tell whether FNC1 came first (]C1, ]Q3), and rewrites bytes that are not ASCII.
    symbology_id = {"EAN13": "]E0", "UPCA": "]E0", "UPCE": "]E0", "EAN8": "]E4"}.get(name, "")
    sure = BY_NAME[name].detects_errors and data.isascii()
    return Reading(name, data.decode("utf-8", "replace"), data, symbology_id, corners, sure)


@cache
def _engine() -> ModuleType | None:
    try:
        from scanner import zbar_scan
    except (ImportError, OSError):  # the library is missing, or one that it needs
        return None
    return zbar_scan


def load_engines() -> None:
    """Load what loads late, so that its loading is not counted as reading."""
    _engine()


def missing_engines() -> list[str]:
    """Names of engines that cannot be loaded here (`zbar` without libzbar0); for the doctor."""
    return [] if _engine() else ["zbar"]


def _corners(points: npt.ArrayLike, view: View) -> Corners:
    back = np.column_stack([np.asarray(points, np.float64), np.ones(4)]) @ view.to_picture.T
    (a, b, c, d) = [(round(float(x)), round(float(y))) for x, y in back]
    return a, b, c, d
