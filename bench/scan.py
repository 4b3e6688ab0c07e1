"""`./run bench scan FOLDER`: how much the scanner reads of a folder of photos, beside both engines alone.

The folder holds `manifest.json`, a list of {"file", "family", "expected"}, the texts on the photo; where nobody
wrote them down "codes" says how many there are. A line of the table is a family in one top folder.

    right       every expected text is among the confirmed ones (UPC-A is an EAN-13 with a leading 0);
                of counted photos: codes found of the codes that are there
    misread     photos with a confirmed text that the manifest does not name
    wrong       those of them whose text nobody found on the photo either (`photo_facts.csv`)
    doubtful    photos with an unconfirmed text that the manifest does not name
    p50, p95    CPU ms of reading one photo, decoding of the file left out, one core, warm

Families that are no label formats (and NEG) only count for what is read where nothing should be.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import msgspec
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from bench.scan_wear import AXES, BESIDES, KINDS, levels_of, worn
from scanner.codes import SYMBOLOGIES
from scanner.picture import Grey, open_picture
from scanner.problems import UnreadablePicture
from scanner.reader import read

LABELS = ("EAN/UPC", "QR", "MicroQR", "DataMatrix", "Code128", "Code39", "ITF")
FACTS = Path(__file__).parent / "photo_facts.csv"
"""What stands on photos and not in their manifest, each looked at: file, text, what it is."""
ZX_FORMATS = tuple(symbology.zx for symbology in SYMBOLOGIES)
ZBAR_FORMATS = tuple(symbology.zbar for symbology in SYMBOLOGIES if symbology.zbar)


class Photo(msgspec.Struct, frozen=True):
    """One line of the manifest."""

    file: str
    family: str
    expected: list[str] = []
    codes: int | None = None

    @property
    def line(self) -> str:
        """The line of the table that it belongs to."""
        return f"{self.family} · {self.file.split('/')[0]}"

    @property
    def half(self) -> str:
        """a or b, by the hash of the name."""
        return "ab"[zlib.crc32(self.file.encode()) % 2]


class Look(msgspec.Struct, frozen=True):
    """What one reader saw on one photo."""

    confirmed: list[str]
    doubtful: list[str]
    cpu_ms: float


Reader = Callable[[Grey], tuple[list[str], list[str]]]
Known = frozenset[tuple[str, str]]
"""File and text."""


def known() -> Known:
    """The facts, texts as `same` compares them."""
    with FACTS.open(newline="", encoding="utf-8") as lines:
        return frozenset((row["file"], same(row["text"])) for row in csv.DictReader(lines))


def lotgate(grey: Grey) -> tuple[list[str], list[str]]:
    """The whole cascade."""
    codes = read(grey)
    return [c.text for c in codes if c.confirmed], [c.text for c in codes if not c.confirmed]


def zxing_alone(grey: Grey) -> tuple[list[str], list[str]]:
    """zxing-cpp with its defaults, but for the text: as the other two give it."""
    formats = zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in ZX_FORMATS])
    found = zxingcpp.read_barcodes(grey, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return [barcode.text for barcode in found], []


def zbar_alone(grey: Grey) -> tuple[list[str], list[str]]:
    """zbar with its defaults."""
    symbols = [pyzbar.ZBarSymbol[name] for name in ZBAR_FORMATS]
    return [s.data.decode("utf-8", "replace") for s in pyzbar.decode(grey, symbols=symbols)], []


READERS: dict[str, Reader] = {"Lotgate": lotgate, "zxing-cpp": zxing_alone, "zbar": zbar_alone}


def look(reader: Reader, grey: Grey) -> Look:
    """Read once, with the CPU time it took."""
    begun = time.process_time()
    confirmed, doubtful = reader(grey)
    return Look(confirmed, doubtful, (time.process_time() - begun) * 1000)


def same(text: str) -> str:
    """UPC-A as EAN-13, white space at the ends dropped: engines and manifests differ there."""
    text = text.strip()
    return "0" + text if len(text) == 12 and text.isdecimal() else text


class Tally(msgspec.Struct):
    """One reader's figures on one line of the table."""

    photos: int = 0
    there: int = 0
    right: int = 0
    misread: int = 0
    wrong: int = 0
    doubtful: int = 0
    cpu_ms: list[float] = []

    def add(self, photo: Photo, seen: Look, facts: Known) -> None:
        """Count one photo."""
        self.photos += 1
        self.cpu_ms.append(seen.cpu_ms)
        if photo.codes is not None:
            self.there += photo.codes
            self.right += min(photo.codes, len(seen.confirmed))
            return
        wanted = {same(text) for text in photo.expected} if photo.family in LABELS else set()
        if photo.family in LABELS:
            self.there += 1
            self.right += wanted <= {same(text) for text in seen.confirmed}
        unnamed = {same(text) for text in seen.confirmed} - wanted
        self.misread += bool(unnamed)
        self.wrong += any((photo.file, text) not in facts for text in unnamed)
        self.doubtful += any(same(text) not in wanted for text in seen.doubtful)

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Tally(*(one + another for one, another in pairs))

    def share(self) -> str:
        """Right of what is there."""
        return f"{self.right}/{self.there} {100 * self.right / self.there:.1f} %" if self.there else "–"

    def percentile(self, part: float) -> float:
        """CPU ms that this part of the photos stays below."""
        ordered = sorted(self.cpu_ms)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


Table = dict[str, dict[str, Tally]]
"""Line, then reader."""


def measure(folder: Path, photos: Iterable[Photo], misses: Callable[[str], None]) -> Table:
    """Every reader on every photo, one photo after the other."""
    table: Table = defaultdict(lambda: {name: Tally() for name in READERS})
    photos, facts = list(photos), known()
    cv2.setNumThreads(1)  # as in the worker that reads for the server
    for reader in READERS.values():
        reader(np.full((64, 64), 255, np.uint8))  # load what loads late
    for place, photo in enumerate(photos):
        try:
            grey = open_picture((folder / photo.file).read_bytes())
        except (OSError, UnreadablePicture) as error:
            misses(f"{photo.file}: {error}")
            continue
        for name, reader in READERS.items():
            seen = look(reader, grey)
            before = table[photo.line][name].right
            table[photo.line][name].add(photo, seen, facts)
            gained = table[photo.line][name].right - before
            if name == "Lotgate" and photo.family in LABELS and gained < (photo.codes or 1):
                misses(f"{photo.file}: saw {seen.confirmed or seen.doubtful or 'nothing'}")
        print(f"\r{place + 1} of {len(photos)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return table


def report(table: Table) -> str:
    """The table as Markdown."""
    lines = [
        "| photos | "
        + " | ".join(f"{name} right | misread | wrong | doubtful | p50 | p95" for name in READERS)
        + " |",
        "|---|" + "---:|" * 6 * len(READERS),
    ]
    lines += [_row(name, table[name]) for name in sorted(table)]
    for title, chosen in (
        ("**labels**", [n for n in table if n.split(" · ")[0] in LABELS]),
        ("**without EAN/UPC**", [n for n in table if n.split(" · ")[0] in LABELS[1:]]),
        ("**all**", list(table)),
    ):
        lines.append(_row(title, {reader: _sum(table[n][reader] for n in chosen) for reader in READERS}))
    return "\n".join(lines)


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total = total.plus(tally)
    return total


def _row(title: str, line: dict[str, Tally]) -> str:
    cells = [
        f"{t.share()} | {t.misread} | {t.wrong} | {t.doubtful} | {t.percentile(0.5):.1f} | {t.percentile(0.95):.0f}"
        for t in line.values()
    ]
    return f"| {title} ({next(iter(line.values())).photos}) | " + " | ".join(cells) + " |"


def wear_report(per_level: int, seed: int) -> str:
    """Mean of levels by symbol and axis of wear, of `AXES` also together: what each reader reads, and texts that are
    not there."""
    lines = ["| worn symbols | " + " | ".join(f"{name} | wrong" for name in READERS) + " |"]
    lines.append("|---|" + "---:|" * 2 * len(READERS))
    for kind in KINDS:
        means: dict[str, list[float]] = {name: [] for name in READERS}
        wrongs = dict.fromkeys(READERS, 0)
        for axis in AXES | BESIDES:
            levels = levels_of(kind, axis)
            right = dict.fromkeys(READERS, 0)
            wrong = dict.fromkeys(READERS, 0)
            for level in levels:
                for number in range(seed, seed + per_level):
                    picture, text = worn(kind, axis, level, number)
                    for name, reader in READERS.items():
                        seen = [one.replace("\x1d", "") for one in reader(picture)[0]]
                        right[name] += text in seen
                        wrong[name] += any(one != text for one in seen)
            print(f"\r{kind} {axis}        ", end="", file=sys.stderr, flush=True)
            share = {name: 100 * right[name] / len(levels) / per_level for name in READERS}
            for name in READERS:
                means[name] += [share[name]] if axis in AXES else []
                wrongs[name] += wrong[name]
            cells = [f"{share[name]:.0f} % | {wrong[name]}" for name in READERS]
            lines.append(f"| {kind} · {axis} | " + " | ".join(cells) + " |")
        cells = [f"**{sum(m) / len(m):.1f} %** | {wrongs[name]}" for name, m in means.items()]
        lines.append(f"| **{kind}** | " + " | ".join(cells) + " |")
    print(file=sys.stderr)
    return "\n".join(lines)


def main() -> int:
    """Read the manifest, measure, print."""
    parser = argparse.ArgumentParser(prog="./run bench scan", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="with manifest.json and the photos it names")
    parser.add_argument("--synthetic", action="store_true", help="worn symbols drawn here instead of photos")
    parser.add_argument("--per-level", type=int, default=1, help="pictures a level of wear")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--half", choices=("a", "b"), help="half of the photos, by the hash of the name")
    parser.add_argument("--family", action="append", help="only these families")
    parser.add_argument("--misses", action="store_true", help="name each photo that was not read")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    args = parser.parse_args()
    if args.synthetic:
        print(wear_report(args.per_level, args.seed))
        return 0
    if args.folder is None:
        parser.error("name a folder, or --synthetic")
    manifest = args.folder / "manifest.json"
    if not manifest.is_file():
        print(f"{manifest} is missing: a list of file, family, expected", file=sys.stderr)
        return 2
    photos = [
        photo
        for photo in msgspec.json.decode(manifest.read_bytes(), type=list[Photo])
        if args.half in (None, photo.half) and (not args.family or photo.family in args.family)
    ]
    missed: list[str] = []
    table = measure(args.folder, photos, missed.append)
    print(msgspec.json.encode(dict(table)).decode() if args.json else report(table))
    if args.misses:
        print("\n".join(missed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
