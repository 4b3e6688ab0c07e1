"""Dead links in the documents: every relative link of a tracked *.md names a file, every #anchor a heading.

Addresses of the outside (http, mailto) are not asked for: a check of the source must not need a network.
Anchors follow GitHub's rule: lower case, punctuation dropped, spaces to hyphens, a number after a repeat.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
INLINE_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE_LINK = re.compile(r"^\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.MULTILINE)
HTML_LINK = re.compile(r"<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)=\"([^\"]+)\"")
HTML_ANCHOR = re.compile(r"<\w+\b[^>]*?\b(?:id|name)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


class DeadLink(NamedTuple):
    document: Path
    line: int
    target: str


def links(text: str) -> list[tuple[int, str]]:
    """(line, target) of each link outside code, in the order of the document."""
    prose = INLINE_CODE.sub(_blank, FENCE.sub(_blank, text))
    found = [m for pattern in (INLINE_LINK, REFERENCE_LINK, HTML_LINK) for m in pattern.finditer(prose)]
    return [(prose.count("\n", 0, m.start()) + 1, m[1]) for m in sorted(found, key=lambda m: m.start())]


def anchors(text: str) -> set[str]:
    prose = FENCE.sub(_blank, text)
    names = set(HTML_ANCHOR.findall(prose))
    seen: Counter[str] = Counter()
    for heading in HEADING.findall(prose):
        label = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", label.lower()).replace(" ", "-")
        names.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return names


def dead_links(root: Path, documents: list[Path]) -> list[DeadLink]:
    return [
        DeadLink(document, line, target)
        for document in documents
        for line, target in links(document.read_text())
        if not OUTSIDE.match(target) and not _alive(root, document, unquote(target))
    ]


def tracked_documents(root: Path) -> list[Path]:
    """What git holds or would hold; without git, every *.md outside hidden and installed folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    if (root / ".git").exists() and shutil.which("git"):
        answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        return sorted(root / name for name in answer.stdout.split("\0") if name and (root / name).exists())
    skipped = {"node_modules", "data", "dist"}
    inside = ((path, path.relative_to(root).parts) for path in root.rglob("*.md"))
    return sorted(p for p, parts in inside if not skipped & {*parts} and not any(x[0] == "." for x in parts))


def _alive(root: Path, document: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    base = root if path.startswith("/") else document.parent
    file = (base / path.lstrip("/")).resolve() if path else document
    if not file.is_relative_to(root) or not file.exists():
        return False
    return not anchor or file.suffix != ".md" or anchor in anchors(file.read_text())


def _blank(match: re.Match[str]) -> str:
    """As many lines as before, so that line numbers stay right."""
    return "\n" * match[0].count("\n")


def main() -> int:
    root = Path(__file__).resolve().parents[1]
    found = dead_links(root, tracked_documents(root))
    for dead in found:
        print(f"{dead.document.relative_to(root)}:{dead.line}: dead link: {dead.target}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
