"""Cut the certificate's font out of Noto Sans SC, so that a PDF looks the same on every machine.

Run by hand when the set of characters changes; the result is committed:

    npm pack @expo-google-fonts/noto-sans-sc     (and unpack it: it holds the font and its licence, OFL 1.1)
    uv run --with fonttools deploy/make_font.py package/400Regular/NotoSansSC_400Regular.ttf

Kept are the 6 763 characters of GB 2312, the characters that Chinese given names use beyond it, Latin with its
European letters, Greek, and the signs of measurement. A character outside is printed as [U+XXXX], see
`backend/outside/font_coverage.py`. Layout features, hints and glyph names go: they double the size.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

TARGET = Path(__file__).parent.parent / "backend" / "outside" / "fonts" / "NotoSansSC-Lotgate.ttf"
RANGES = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x2C6, 0x2DD), (0x370, 0x3FF), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x2070, 0x20BF), (0x2100, 0x214F), (0x2150, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x25FF),
    (0x2600, 0x266F), (0x2700, 0x27BF), (0x3000, 0x303F), (0x3200, 0x33FF), (0xFF01, 0xFFEE),
]  # fmt: skip
NAMES = "喆堃玥昇珺祎旻瑄璟烨晗翊偲婧淼垚骁煊琰沄芃珩琬筠璇璐玙瑀瑛瑾璨琛琤珅玮玘汭沣湉澍濛灏炜炅烜焜熠燊犇"


def gb2312() -> set[int]:
    """All code points of GB 2312, by the standard library's codec."""
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def main(source: str) -> None:
    wanted = gb2312() | {ord(letter) for letter in NAMES}
    wanted |= {code for first, last in RANGES for code in range(first, last + 1)}
    options = subset.Options(layout_features=[], hinting=False, glyph_names=False, notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "STAT"]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    table = CmapSubtable.newSubtable(12)  # one plain list of ranges, which we read ourselves
    table.platformID, table.platEncID, table.language, table.reserved = 3, 10, 0, 0
    table.length, table.cmap = 0, dict(font.getBestCmap())
    font["cmap"].tables = [table]
    font.save(TARGET, reorderTables=True)
    print(f"{TARGET.name}: {len(table.cmap)} characters, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
