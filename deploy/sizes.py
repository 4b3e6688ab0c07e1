"""Median and longest file of each folder, in lines: where a file outgrows the others, its name has no end.

    python deploy/sizes.py [FOLDER ...]

Tables of a standard may be long; a file over 400 lines is marked, so that somebody looks.
"""

import statistics
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("backend", "bot", "scanner", "pwa/src", "deploy", "tests", "bench")
SUFFIXES = {".py", ".ts", ".svelte", ".css", ".sql", ".typ"}
SPLIT_AT = 400


def line_counts(folders: list[Path]) -> dict[Path, dict[Path, int]]:
    """Folder -> file -> lines; empty files (package markers) are left out."""
    counts: dict[Path, dict[Path, int]] = defaultdict(dict)
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix not in SUFFIXES or not file.is_file():
                continue
            lines = len(file.read_text().splitlines())
            if lines:
                counts[file.parent][file] = lines
    return counts


def table(counts: dict[Path, dict[Path, int]]) -> list[str]:
    rows = [f"{'folder':<28} {'files':>5} {'median':>6} {'longest':>7}"]
    for folder, files in sorted(counts.items()):
        longest = max(files, key=lambda file: files[file])
        mark = "  <-- split" if files[longest] > SPLIT_AT else ""
        name = folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder
        median = statistics.median(files.values())
        rows.append(f"{name!s:<28} {len(files):>5} {median:>6.0f} {files[longest]:>7}  {longest.name}{mark}")
    return rows


if __name__ == "__main__":
    chosen = [Path(name) for name in sys.argv[1:]] or [ROOT / name for name in FOLDERS]
    print(*table(line_counts(chosen)), sep="\n")
