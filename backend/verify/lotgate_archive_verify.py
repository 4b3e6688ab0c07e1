"""Check an archive made by `lotgate archive`: needs this file, lotgate_verify.py beside it, and Python 3.11.

    python3 lotgate_archive_verify.py FOLDER [--key maker.vkey]

Checked are: every file against SHA256SUMS, and that there is no other; every event of the log against the root of its
checkpoint (RFC 6962), and the checkpoint against the maker's key; of each lot, that its events stand in that log; each
certificate, as lotgate_verify.py does. Without --key the key in the folder is taken, which proves that the archive is
whole and of one piece, not who made it.

Ends with 0 all as written, 1 something was touched (each named), 2 cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

try:
    from backend.verify import lotgate_verify as proofs
except ImportError:  # beside it in an archive
    import lotgate_verify as proofs  # type: ignore[import-not-found, no-redef]

SUMS = "SHA256SUMS"
CHUNK = 2**20
_NOTE = re.compile(
    r"(([!-*,-~]+)\n(0|[1-9][0-9]{0,14})\n([A-Za-z0-9+/]{43}=)\n)\n\u2014 ([!-*,-~]+) ([A-Za-z0-9+/]+=*)\n"
)


class Fault(NamedTuple):
    """One thing that is not as it was written."""

    code: str
    file: str


SAYS = {
    "not_an_archive": (
        "no finished archive: {} is missing or unreadable",
        "不是完整的归档：缺少或无法读取 {}",
    ),
    "missing": ("missing: {}", "缺少：{}"),
    "changed": ("not as it was written: {}", "与写入时不同：{}"),
    "added": ("not part of the archive: {}", "不属于本归档：{}"),
    "key": ("the checkpoint is not signed by this key: {}", "检查点不是由该密钥签名：{}"),
    "root": ("the events do not lead to the root of the checkpoint: {}", "事件与检查点的根不符：{}"),
    "proof": ("an event of the lot does not stand in the log: {}", "批的事件不在日志中：{}"),
    "certificate": ("a certificate does not hold: {}", "放行证书不成立：{}"),
}


def check(folder: Path, key_files: list[str]) -> tuple[list[Fault], dict[str, int]]:
    """Everything that is wrong, and what was counted: files, events, lots, certificates."""
    counted = {"files": 0, "events": 0, "lots": 0, "certificates": 0}
    try:
        sums = read_sums(folder / SUMS)
        head = json.loads((folder / "archive.json").read_text("utf-8"))
        keys = proofs.load_keys(key_files or [str(folder / "maker.vkey")])
        note = (folder / "log" / "checkpoint").read_text("utf-8")
    except (OSError, ValueError, proofs.Finding) as error:
        return [Fault("not_an_archive", str(getattr(error, "filename", None) or SUMS))], counted
    faults = list(check_files(folder, sums))
    counted["files"] = len(sums)
    signed = read_checkpoint(note, keys)
    if signed is None:
        return [*faults, Fault("key", "log/checkpoint")], counted
    size, root = signed
    counted["events"] = size
    if size != head.get("events") or tree_root(lines_of(folder, sums)) != (size, root):
        faults.append(Fault("root", "log"))
    for name in sums:
        if name.endswith("/proofs.json"):
            counted["lots"] += 1
            if not check_lot(folder / name, size, root):
                faults.append(Fault("proof", name))
        elif name.endswith(".lotgate"):
            counted["certificates"] += 1
            pdf = folder / (name.removesuffix(".lotgate") + ".pdf")
            if not check_certificate(folder / name, pdf, keys):
                faults.append(Fault("certificate", name))
    return faults, counted


def read_sums(path: Path) -> dict[str, str]:
    """File to SHA-256, as sha256sum writes it. ValueError where a line is no such line."""
    sums: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        found = re.fullmatch(r"([0-9a-f]{64})  ([^\\]+)", line)
        if found is None or ".." in found[2].split("/") or found[2].startswith("/"):
            raise ValueError(line)
        sums[found[2]] = found[1]
    return sums


def sha256_of(path: Path) -> str:
    """Of a file, however large."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def check_files(folder: Path, sums: dict[str, str]) -> Iterator[Fault]:
    """Each file, and what lies there besides."""
    for name, wanted in sums.items():
        path = folder / name
        if not path.is_file():
            yield Fault("missing", name)
        elif sha256_of(path) != wanted:
            yield Fault("changed", name)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != SUMS and name not in sums and "__pycache__" not in path.parts:
            yield Fault("added", name)


def read_checkpoint(note: str, keys: list[Any]) -> tuple[int, bytes] | None:
    """Size and root of a checkpoint that one of the keys has signed."""
    found = _NOTE.fullmatch(note)
    if found is None:
        return None
    signed = base64.b64decode(found[6])
    for key in keys:
        named = (found[2], found[5], signed[:4]) == (key.name, key.name, key.id)
        if named and proofs.ed25519_verify(key.public, found[1].encode(), signed[4:]):
            return int(found[3]), base64.b64decode(found[4])
    return None


def lines_of(folder: Path, sums: dict[str, str]) -> Iterator[bytes]:
    """Every event of the log in order."""
    for name in sorted(name for name in sums if re.fullmatch(r"log/events-\d{9}\.jsonl", name)):
        if (folder / name).is_file():
            with (folder / name).open("rb") as file:
                for line in file:
                    yield line.removesuffix(b"\n")


def tree_root(lines: Iterator[bytes]) -> tuple[int, bytes]:
    """How many entries, and the root over them: RFC 6962 2.1."""
    stack: list[tuple[int, bytes]] = []
    size = 0
    for line in lines:
        depth, node = 0, hashlib.sha256(b"\x00" + line).digest()
        while stack and stack[-1][0] == depth:
            node = hashlib.sha256(b"\x01" + stack.pop()[1] + node).digest()
            depth += 1
        stack.append((depth, node))
        size += 1
    if not stack:
        return 0, hashlib.sha256(b"").digest()
    _, root = stack.pop()
    while stack:
        root = hashlib.sha256(b"\x01" + stack.pop()[1] + root).digest()
    return size, root


def check_lot(path: Path, size: int, root: bytes) -> bool:
    """Whether each event of a lot stands in the log of this root."""
    try:
        for entry in json.loads(path.read_text("utf-8"))["events"]:
            leaf = hashlib.sha256(b"\x00" + entry["event"].encode()).digest()
            steps = [base64.b64decode(step) for step in entry["path"]]
            if not proofs.in_tree(leaf, int(entry["seq"]), size, steps, root):
                return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


def check_certificate(path: Path, pdf: Path, keys: list[Any]) -> bool:
    """As the customer's own check does it, with its paper where that is there."""
    try:
        paper = pdf.read_bytes() if pdf.is_file() else None
        return bool(proofs.verify(path.read_bytes(), keys, paper).code == 0)
    except OSError:
        return False


def report(faults: list[Fault], counted: dict[str, int], lang: int) -> str:
    """For people; 0 English, 1 Chinese."""
    lines = [SAYS[fault.code][lang].format(fault.file) for fault in faults]
    whole = (
        "all as written: {files} files, {events} events, {lots} lots, {certificates} certificates",
        "与写入时一致：{files} 个文件，{events} 个事件，{lots} 个批，{certificates} 份证书",
    )
    return "\n".join(lines or [whole[lang].format(**counted)])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Folder, key, language."""
    parser.add_argument("folder", type=Path, help="the archive")
    parser.add_argument("--key", action="append", default=[], help="your own copy of the maker's vkey")
    parser.add_argument("--lang", choices=["en", "zh"], default="en")


def run(folder: Path, key: list[str], lang: str) -> int:
    """Check, print, return the exit code."""
    faults, counted = check(folder, key)
    print(report(faults, counted, ("en", "zh").index(lang)))
    if any(fault.code == "not_an_archive" for fault in faults):
        return 2
    return 1 if faults else 0


def main() -> int:
    """As a program of its own."""
    parser = argparse.ArgumentParser(description="Check an archive of lots, offline.")
    add_arguments(parser)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    args = parser.parse_args()
    return run(args.folder, args.key, args.lang)


if __name__ == "__main__":
    sys.exit(main())
