"""The log's witness on disk, outside the database: what was once committed stays known here.

    leaves        32 bytes a leaf hash, the hash of event n at offset 32 n
    checkpoint    the newest signed head (C2SP signed note), replaced whole
    checkpoints   heads of the past, one `size root-hex` a line, so that an old root can be asked for

Several processes may hold the same folder open: a leaf is written at its place, always with the same
bytes; heads change under a lock and never go back.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import msgspec

from backend.domain.merkle import WIDTH
from backend.domain.notes import BadNote, Checkpoint, open_note, read_checkpoint

ABSENT = bytes(WIDTH)
"""A place that a power cut left unwritten; no SHA-256 is all zeros."""


class Witnessed(msgspec.Struct, frozen=True):
    """The folder as read: `leaves` without the unwritten tail, the head's note, past heads as (size, root).

    `spoilt` are the numbers (from 1) of lines of `checkpoints` that cannot be read, `missing` the files that
    are not there.
    """

    leaves: bytes
    checkpoint: bytes | None
    history: list[tuple[int, bytes]]
    spoilt: list[int]
    missing: list[str]

    def head(self) -> Checkpoint | None:
        """The newest head, its signature unverified; None where it is missing or no checkpoint."""
        return head_of(self.checkpoint) if self.checkpoint is not None else None

    def size(self) -> int:
        """How many events are known to have been committed."""
        head = self.head()
        sizes = [size for size, _ in self.history]
        return max([len(self.leaves) // WIDTH, head.size if head else 0, *sizes])

    def leaf(self, seq: int) -> bytes | None:
        """The leaf hash of event `seq`; None where none was written."""
        leaf = self.leaves[seq * WIDTH : (seq + 1) * WIDTH]
        return None if leaf in (b"", ABSENT) else leaf


def head_of(note: bytes) -> Checkpoint | None:
    """The checkpoint in a note, unverified."""
    try:
        return read_checkpoint(open_note(note)[0])
    except (BadNote, UnicodeDecodeError):
        return None


def read_witness(folder: Path) -> Witnessed:
    """Read the folder. Heads first: they never run ahead of the leaves."""
    note = _read(folder / "checkpoint")
    past = _read(folder / "checkpoints")
    history, spoilt = _history(past or b"")
    kept = _read(folder / "leaves")
    leaves = kept or b""
    leaves = leaves[: len(leaves) // WIDTH * WIDTH]
    while leaves.endswith(ABSENT):
        leaves = leaves[:-WIDTH]
    files = {"checkpoint": note, "checkpoints": past, "leaves": kept}
    missing = [name for name, content in files.items() if content is None]
    return Witnessed(leaves, note, history, spoilt, missing)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _history(text: bytes) -> tuple[list[tuple[int, bytes]], list[int]]:
    """Whole lines only: the last one may be torn by a crash."""
    heads: list[tuple[int, bytes]] = []
    spoilt: list[int] = []
    for number, line in enumerate(text.split(b"\n")[:-1], 1):
        try:
            size, root = line.decode("ascii").split(" ")
            heads.append((int(size), bytes.fromhex(root)))
        except ValueError:
            spoilt.append(number)
    return heads, spoilt


class WitnessFiles:
    """The folder, open for writing. Every method may raise OSError."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._leaves = os.open(folder / "leaves", os.O_RDWR | os.O_CREAT, 0o644)

    def close(self) -> None:
        """Let go."""
        os.close(self._leaves)

    def write_leaves(self, start: int, leaves: bytes) -> None:
        """Put leaf hashes at their places, the first at index `start`; durable with the next head."""
        done = 0
        while done < len(leaves):
            done += os.pwrite(self._leaves, leaves[done:], start * WIDTH + done)

    def keep_head(self, note: bytes, size: int, root: bytes, remember: bool) -> None:
        """Replace the head, unless another process has kept one at least as long; `remember` it for ever."""
        with open(self.folder / "checkpoints", "a+b") as history:
            fcntl.flock(history, fcntl.LOCK_EX)
            kept = head_of(_read(self.folder / "checkpoint") or b"")
            if kept is None or kept.size < size:
                os.fsync(self._leaves)
                _replace(self.folder, "checkpoint", note)
            if remember:
                _append_line(history.fileno(), f"{size} {root.hex()}\n".encode())


def _replace(folder: Path, name: str, content: bytes) -> None:
    """Write aside, sync, rename, sync the folder: after a power cut the old or the new file is there, whole."""
    fresh = folder / f"{name}.new"
    with open(fresh, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, folder / name)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _append_line(descriptor: int, line: bytes) -> None:
    """Append; a line that a crash tore is cut off first."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, 4096, max(0, size - 4096))
    if tail and not tail.endswith(b"\n"):
        size -= len(tail) - (tail.rfind(b"\n") + 1)
        os.ftruncate(descriptor, size)
    os.write(descriptor, line)
    os.fsync(descriptor)
