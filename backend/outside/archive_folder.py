"""The folder of an archive on disk: each lot whole or not there, and a list of digests that is written last.

Interrupted, it is gone on with: `progress.jsonl` has a line for every lot that is finished, with its digests.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import msgspec

from backend.domain.archives import ArchiveHead, LotEntry

HEAD, SUMS, PROGRESS = "archive.json", "SHA256SUMS", "progress.jsonl"
PAGE = Path(__file__).with_name("archive.html")
PLACE = "/*DATA*/"


class NotThisArchive(RuntimeError):
    """The folder is finished, is another archive, or is something else; the text says which."""


class Finished(msgspec.Struct, frozen=True):
    """A line of the progress: a lot, and the SHA-256 of each of its files."""

    entry: LotEntry
    sums: dict[str, str]


class _Index(msgspec.Struct, frozen=True):
    head: ArchiveHead
    lots: list[LotEntry]


class ArchiveFolder:
    """One archive that is being made."""

    def __init__(self, folder: Path, head: ArchiveHead, finished: list[Finished]) -> None:
        self.folder, self.head = folder, head
        self._finished = finished
        self._sums: dict[str, str] = {}
        self._done = {(each.entry.site, each.entry.number) for each in finished}

    def has(self, site: str, number: str) -> bool:
        """Whether this lot is in it already."""
        return (site, number) in self._done

    def __len__(self) -> int:
        return len(self._finished)

    def write(self, name: str, body: bytes) -> str:
        """A file of the archive as a whole; durable, and never half there. Returns its SHA-256."""
        self._sums[name] = _write(self.folder / name, body)
        return self._sums[name]

    def lot(self, entry: LotEntry, files: dict[str, bytes], kept: dict[str, Path]) -> None:
        """A lot with its own files, and attachments that lie elsewhere (copied once)."""
        sums = {name: _write(self.folder / name, body) for name, body in files.items()}
        for name, source in kept.items():
            target = self.folder / name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                fresh = target.with_name(target.name + ".new")
                shutil.copyfile(source, fresh)
                fresh.replace(target)
            sums[name] = hashlib.sha256(target.read_bytes()).hexdigest()
        done = Finished(entry, sums)
        with (self.folder / PROGRESS).open("ab") as progress:
            progress.write(msgspec.json.encode(done) + b"\n")
            progress.flush()
            os.fsync(progress.fileno())
        self._finished.append(done)
        self._done.add((entry.site, entry.number))

    def finish(self) -> str:
        """Index and digests; from now on it is finished. Returns the SHA-256 of the list of digests."""
        entries = sorted((each.entry for each in self._finished), key=lambda one: (one.site, one.number))
        self.write("index.html", index_page(self.head, entries))
        self._sums[HEAD] = hashlib.sha256((self.folder / HEAD).read_bytes()).hexdigest()
        for each in self._finished:
            self._sums.update(each.sums)
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._sums.items()))
        (self.folder / PROGRESS).unlink(missing_ok=True)
        return _write(self.folder / SUMS, lines.encode())


def begin(folder: Path, head: ArchiveHead) -> ArchiveFolder:
    """A new folder, or one that was begun for the same day and language: its own head then stands.

    Raises NotThisArchive for any other folder, OSError."""
    if (folder / SUMS).exists():
        raise NotThisArchive(f"{folder} is a finished archive; choose another folder")
    if (folder / HEAD).exists():
        begun = msgspec.json.decode((folder / HEAD).read_bytes(), type=ArchiveHead)
        if (begun.until, begun.language, begun.format) != (head.until, head.language, head.format):
            raise NotThisArchive(
                f"{folder} was begun for {begun.until} in {begun.language}; choose another folder"
            )
        return ArchiveFolder(folder, begun, _progress(folder / PROGRESS))
    if folder.exists() and any(folder.iterdir()):
        raise NotThisArchive(f"{folder} is not empty; choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / HEAD, msgspec.json.format(msgspec.json.encode(head), indent=1))
    return ArchiveFolder(folder, head, [])


def index_page(head: ArchiveHead, lots: list[LotEntry]) -> bytes:
    """The page with its data inside, since a page from disk may load none."""
    page = PAGE.read_text("utf-8")
    if page.count(PLACE) != 1:
        raise RuntimeError("archive.html has no single place for its data")
    return page.replace(
        PLACE, msgspec.json.encode(_Index(head, lots)).decode().replace("<", "\\u003c")
    ).encode()


def _progress(path: Path) -> list[Finished]:
    """What is finished; a last line that was torn off counts for nothing, and is taken away."""
    if not path.exists():
        return []
    whole = path.read_bytes().rpartition(b"\n")[0]
    lines = whole.split(b"\n") if whole else []
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return [msgspec.json.decode(line, type=Finished) for line in lines]


def _write(path: Path, body: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return hashlib.sha256(body).hexdigest()
