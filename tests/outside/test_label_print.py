"""What we print we read back: every media, as PDF and for label printers, at three resolutions (LBL-8)."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pypdfium2
import pytest

from backend.domain.errors import Refused
from backend.domain.label_counts import MOST
from backend.domain.lot_labels import MEDIA, RESOLUTIONS, LotLabel, Media, media_named, own_text
from backend.domain.words import Words
from backend.outside.label_print import labels_pdf, labels_zpl
from scanner.picture import Grey
from scanner.reader import read

GTIN = "09527101000094"
HOSTILE = "^XZ~JA^FD=1+1"
OURS = LotLabel(
    own_text("L26-000042", GTIN, "2028-11-30"),
    "L26-000042",
    "SET-30",
    Words("Infusion set, 30 cm", "一次性使用输液器 30 厘米"),
    None,
    "2028-11-30",
    "500",
    "pcs",
)
BOUGHT = LotLabel(
    own_text("L26-000007", None, None),
    "L26-000007",
    "TUB-30",
    Words(
        "Medical grade PVC tubing, 3.0 x 4.1 mm, without phthalates, sold by the metre on drums of six hundred",
        "医用级聚氯乙烯管 3.0 × 4.1 毫米，不含邻苯二甲酸酯，六百米一盘",
    ),
    HOSTILE,
    None,
    None,
    "m",
)
LONG = LotLabel(
    own_text("L26-0000000000000099", GTIN, "2031-02-28"),
    "L26-0000000000000099",
    "SET-31",
    Words("\u202eSet", "\U00020bb7"),
    "#let x = panic() \\ *a* _b_ $c$ @d <e>",
    "2031-02-28",
    "0.000001",
    "kg",
)
LABELS = [OURS, BOUGHT, LONG]
SAID = {
    f"01{GTIN}1728113010L26-000042": "]d2",
    "LG1:L26-000007": "]d1",
    f"01{GTIN}1731022810L26-0000000000000099": "]d2",
}
ROLLS = [media for media in MEDIA if media.sheet is None]
FIELD = re.compile(rb"\^GFA,(\d+),(\d+),(\d+),([0-9A-F]+)\^FS\^PQ(\d+)\^XZ")


def pages(pdf: bytes, dpi: int) -> list[Grey]:
    """A PDF as a printer of this resolution puts it on paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            np.ascontiguousarray(np.squeeze(page.render(scale=dpi / 72, grayscale=True).to_numpy()))
            for page in document
        ]
    finally:
        document.close()


def fields(zpl: bytes) -> list[tuple[Grey, int]]:
    """The pictures in a label printer's file, and how often each is printed; everything else is a fixed frame."""
    found = []
    for total, whole, across, digits, copies in FIELD.findall(zpl):
        assert total == whole and len(digits) == 2 * int(total)
        rows = np.frombuffer(bytes.fromhex(digits.decode()), np.uint8).reshape(-1, int(across))
        found.append(((255 * (1 - np.unpackbits(rows, axis=1))).astype(np.uint8), int(copies)))
    return found


def read_back(picture: Grey) -> list[tuple[str, str]]:
    """What is certain on it."""
    return [(code.text, code.symbology_id) for code in read(picture) if code.confirmed]


@pytest.mark.parametrize("media", MEDIA, ids=lambda media: media.name)
def test_a_printed_page_is_read_back_at_every_resolution(media: Media) -> None:
    pdf = labels_pdf(LABELS, media, 2)
    for dpi in RESOLUTIONS:
        codes = [code for page in pages(pdf, dpi) for code in read_back(page)]
        assert len(codes) == 2 * len(LABELS), (media.name, dpi)
        assert dict(codes) == SAID, (media.name, dpi)


@pytest.mark.proves("LBL-8")
@pytest.mark.parametrize("media", ROLLS, ids=lambda media: media.name)
def test_a_label_printer_is_sent_pictures_alone_and_they_are_read_back(media: Media) -> None:
    for dpi in RESOLUTIONS:
        zpl = labels_zpl(LABELS, media, 3, dpi)
        made = fields(zpl)
        assert [copies for _, copies in made] == [3, 3, 3]
        assert dict(code for picture, _ in made for code in read_back(picture)) == SAID, (media.name, dpi)
        assert HOSTILE.encode() not in zpl and b"~" not in zpl
        frame = FIELD.sub(b"", zpl)
        assert re.fullmatch(rb"(?:\^XA\^PW\d+\^LL\d+\^LH0,0\^FO0,0\n)+", frame), (
            "nothing but the frame beside them"
        )
        for picture, _ in made:
            high, wide = picture.shape
            assert abs(high - media.height / 25.4 * dpi) <= 1 and 0 <= wide - media.width / 25.4 * dpi < 9


def naive_zpl(label: LotLabel) -> bytes:
    """The broken twin: texts as fields."""
    return f"^XA^FO10,10^FD{label.supplier_lot}^FS^FO10,60^BXN,4,200^FD{label.text}^FS^XZ\n".encode()


@pytest.mark.proves("LBL-8")
def test_texts_as_fields_would_be_commands() -> None:
    assert b"^XZ~JA" in naive_zpl(BOUGHT)
    assert fields(naive_zpl(BOUGHT)) == []


def test_the_code_says_the_gtin_only_where_it_is_ours_and_whole() -> None:
    assert own_text("L26-1", GTIN, None) == f"(01){GTIN}(10)L26-1"
    for gtin in (None, "", GTIN[:-1] + "5", "123"):
        assert own_text("L26-1", gtin, "2028-11-30") == "LG1:L26-1"
    assert own_text("L" * 21, GTIN, None) == "LG1:" + "L" * 21


def test_what_cannot_be_printed_is_refused_with_every_reason() -> None:
    names = [media.name for media in MEDIA]
    for name, format, copies, dpi in product(names, ("pdf", "zpl"), (1, MOST), RESOLUTIONS):
        if format == "pdf" or name.startswith("roll"):
            assert media_named(name, format, copies, dpi).name == name
    for asked, codes in {
        ("roll-9x9", "pdf", 1, 203): ["label_media_unknown"],
        ("sheet-a4-3x8", "zpl", 1, 203): ["label_media_needs_pdf"],
        ("roll-57x32", "doc", 0, 204): [
            "label_format_unknown",
            "label_resolution_unknown",
            "label_copies_wrong",
        ],
        ("roll-57x32", "zpl", MOST + 1, 203): ["label_copies_wrong"],
    }.items():
        with pytest.raises(Refused) as refused:
            media_named(*asked)
        assert [reason.code for reason in refused.value.reasons] == codes
