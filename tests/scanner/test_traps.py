"""Ways in which readers of codes are known to go wrong, each with the naive version that does."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import warnings
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from PIL import Image

from backend.domain.labels import read_label
from scanner.codes import LABEL_FORMATS
from scanner.draw import draw_code, draw_label
from scanner.engines import from_zbar, missing_engines, zbar
from scanner.film import scene
from scanner.picture import as_grey, open_picture
from scanner.problems import UnreadablePicture
from scanner.reader import read
from scanner.views import plain
from tests.scanner.test_limits import png_bomb

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
HERE = ((0, 0), (10, 0), (10, 10), (0, 10))


@pytest.mark.proves("LBL-2")
def test_a_data_matrix_keeps_a_separator_before_digits() -> None:
    """libdmtx turns this very separator and "21" into other characters, and says nothing."""
    [code] = read(draw_code("(10)A1(21)2127", "DataMatrix"))
    assert (code.text, code.symbology_id) == ("10A1\x1d212127", "]d2")


@pytest.mark.proves("LBL-2")
def test_what_libdmtx_makes_of_a_separator_nobody_could_notice() -> None:
    """It gives `'1` for GS and "21": a valid lot number, but another one."""
    [code] = read(draw_code("(01)09506000134352(10)A1(21)S1", "DataMatrix"))
    ours = read_label(code.text, code.symbology_id, today=TODAY)
    naive = read_label(code.text.replace("\x1d21", "'1"), code.symbology_id, today=TODAY)
    assert (ours.lot, ours.serial, ours.valid) == ("A1", "S1", True)
    assert (naive.lot, naive.serial, naive.valid) == ("A1'1S1", None, True)


LOADED = """
import ctypes, sys
import numpy
from scanner.reader import read
read(numpy.full((300, 300), 255, numpy.uint8))
print("dmtx" in open("/proc/self/maps").read())
ctypes.CDLL(sys.argv[1])
print("dmtx" in open("/proc/self/maps").read())
"""


def test_libdmtx_is_no_engine_of_ours(tmp_path: Path) -> None:
    """Nor is it loaded by one of them. A library of that name is noticed."""
    naive = shutil.copy(next(Path("/").glob("lib*/**/libm.so.6")), tmp_path / "libdmtx.so.0")
    run = subprocess.run(
        [sys.executable, "-c", LOADED, naive], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "True"]


def test_hibc_in_code_39_keeps_its_plus() -> None:
    label = draw_code("+A123BJC5D6E71G", "Code39")
    [code] = read(label)
    assert code.text == "+A123BJC5D6E71G"
    [naive] = zxingcpp.read_barcodes(label, formats=zxingcpp.BarcodeFormat.Code39)
    assert naive.text == "a123BJC5D6E71G"


def test_chinese_without_a_named_character_set() -> None:
    text = "一次性使用输液器 批号A12"
    image = zxingcpp.create_barcode(text.encode("gb18030"), zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    [code] = read(np.asarray(image, np.uint8))
    assert (code.text, code.raw) == (text, text.encode("gb18030"))
    [naive] = zxingcpp.read_barcodes(np.asarray(image, np.uint8))
    assert naive.text != text


@pytest.mark.parametrize("text", ["批号 A12", "Größe 5 µm", "Édition ÀÉ"])
def test_utf_8_and_latin_stay_what_they_are(text: str) -> None:
    image = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    [code] = read(np.asarray(image, np.uint8))
    assert code.text == text


@pytest.mark.proves("LBL-2")
def test_zbar_never_claims_to_know_of_gs1() -> None:
    """It keeps the separators inside but drops the first FNC1, so its Code 128 may be GS1-128 or not."""
    reading = from_zbar("Code128", b"10A1\x1d21S1", HERE)
    assert (reading.symbology_id, reading.text, reading.sure) == ("", "10A1\x1d21S1", True)


@pytest.mark.proves("LBL-2")
def test_the_mark_that_says_gs1_tells_a_lot_from_a_text_that_looks_like_one() -> None:
    """The same characters with and without it: to zbar alone they are one, so that an order number would be a lot."""
    marked, bare = (
        np.pad(np.asarray(code.to_image(scale=3), np.uint8), 40, constant_values=255)
        for code in (
            zxingcpp.create_barcode("(10)A1205", zxingcpp.BarcodeFormat.Code128, gs1=True),
            zxingcpp.create_barcode("10A1205", zxingcpp.BarcodeFormat.Code128),
        )
    )
    [lot], [text] = read(marked), read(bare)
    assert (lot.text, lot.symbology_id) == ("10A1205", "]C1")
    assert (text.text, text.symbology_id) == ("10A1205", "]C0")
    assert read_label(lot.text, lot.symbology_id, today=TODAY).lot == "A1205"
    assert read_label(text.text, text.symbology_id, today=TODAY).lot is None
    naive = [
        [(each.text, each.symbology_id) for each in zbar(plain(one)[0], LABEL_FORMATS)]
        for one in (marked, bare)
    ]
    assert naive == ([[], []] if "zbar" in missing_engines() else [[("10A1205", "")]] * 2)


@pytest.mark.proves("LBL-2")
def test_a_gs1_qr_code_is_read_where_opencvs_own_detector_throws() -> None:
    qr = zxingcpp.create_barcode("(01)09506000134352(10)A1(21)S1", zxingcpp.BarcodeFormat.QRCode, gs1=True)
    picture = np.pad(np.asarray(qr.to_image(scale=5), np.uint8), 40, constant_values=255)
    [code] = read(picture)
    assert (code.text, code.symbology_id) == ("010950600013435210A1\x1d21S1", "]Q3")
    with pytest.raises(cv2.error):
        cv2.QRCodeDetector().detectAndDecode(picture)


def test_zbar_is_not_believed_about_bytes_that_it_rewrites() -> None:
    assert not from_zbar("QRCode", "批号".encode(), HERE).sure


def test_zbar_reads_or_is_named_as_missing() -> None:
    [view] = plain(draw_label([], "4006381333931", "EAN13"))
    texts = [reading.text for reading in zbar(view, LABEL_FORMATS)]
    assert texts == ([] if "zbar" in missing_engines() else ["4006381333931"])


@pytest.mark.proves("LBL-7")
@pytest.mark.parametrize("ghost", ["123456", "00123456789013"])
def test_itf_that_is_no_itf_14_is_not_confirmed(ghost: str) -> None:
    """Too short, or with a wrong check digit. Asking the engine for ITF-14 stops neither."""
    image = zxingcpp.create_barcode(ghost, zxingcpp.BarcodeFormat.ITF).to_image(scale=3)
    picture = np.asarray(image, np.uint8)
    assert read(picture) == []
    assert [code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.ITF)] == [
        ghost
    ]


def test_blue_print_is_seen() -> None:
    code = np.pad(draw_code("LOT-1", "DataMatrix"), 20, constant_values=255)
    blue = np.stack([np.full_like(code, 255), code, code], axis=2)  # BGR: ink that shines in blue
    assert [found.text for found in read(blue)] == ["LOT-1"]
    assert read(np.ascontiguousarray(blue[..., 0])) == []
    assert as_grey(blue).ndim == 2


def test_a_small_png_of_576_megabytes_is_refused_where_pillow_only_warns() -> None:
    bomb = png_bomb(16_000, 12_000)
    assert len(bomb) < 700_000
    with pytest.raises(UnreadablePicture, match="picture_too_many_pixels"):
        open_picture(bomb)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        mild = png_bomb(10_000, 9_500)
        assert Image.open(io.BytesIO(mild)).size == (10_000, 9_500)
    assert [each.category for each in warned] == [Image.DecompressionBombWarning]
    with pytest.raises(UnreadablePicture, match="picture_too_many_pixels"):
        open_picture(mild)


ANGLES = range(5, 180, 10)


def test_gs1_128_is_read_at_any_angle() -> None:
    """Linear decoders look along rows and columns; without turning, all angles between are lost."""
    label = draw_label(["Tubing"], "(01)09506000134352(10)AB-12(21)S1", "Code128")
    views = [scene(label, angle_deg=float(angle), fill=0.95) for angle in ANGLES]
    expected = ["010950600013435210AB-12\x1d21S1"]
    found = [[code.text for code in read(view, clock=lambda: 0.0) if code.confirmed] for view in views]
    assert found == [expected] * len(views)
    naive = [view for view in views if zxingcpp.read_barcodes(view)]
    assert len(naive) < len(views) / 2


def _negatives() -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    rng = np.random.default_rng(3)
    bars = np.repeat(rng.integers(0, 2, 160).astype(np.uint8) * 255, 4)
    squares = rng.integers(0, 2, (24, 24)).astype(np.uint8) * 255
    text = draw_label(["LOT AB-12", "EXP 2027-11-30"], "LOT-1", "DataMatrix")
    half = draw_code("(01)09506000134352(10)AB-12", "Code128")
    matrix = draw_code("(01)09506000134352(10)AB-12", "DataMatrix")
    return {
        "paper": np.full((400, 600), 240, np.uint8),
        "noise": rng.integers(0, 256, (400, 600)).astype(np.uint8),
        "random bars": np.pad(np.tile(bars, (200, 1)), 40, constant_values=255),
        "random squares": np.pad(np.kron(squares, np.ones((8, 8), np.uint8)), 40, constant_values=255),
        "print without a code": text[:, text.shape[1] // 3 :],
        "half a bar code": half[:, : half.shape[1] // 2],
        "half a data matrix": matrix[: matrix.shape[0] // 2],
        "grid": np.asarray(cv2.resize(np.indices((20, 20)).sum(0).astype(np.uint8) % 2 * 255, (400, 400))),
    }


@pytest.mark.parametrize("name", _negatives())
def test_no_code_no_confirmed_read(name: str) -> None:
    assert [code for code in read(_negatives()[name], clock=lambda: 0.0) if code.confirmed] == []
