"""An archive that is read without Lotgate (AUD-10): what its folder holds, and what its index says of a lot.

index.html                   search and list of lots in a browser, nothing loaded from anywhere
lots/SITE/NUMBER/            index.html, record.pdf, record.json, record.csv, proofs.json,
                             for each decision a certificate (PDF) and a proof file (.lotgate)
files/ab/HASH.ext            attachments, by the SHA-256 of their bytes
log/events-000000000.jsonl   all events up to the checkpoint, one a line, line n of all is event n
log/checkpoint               the signed head of the log (C2SP)
maker.vkey                   the key that it is signed with
lotgate_verify.py, lotgate_archive_verify.py, verify.html    what checks it, with the standard library alone
archive.json                 until which day, made when, how many events of the log
SHA256SUMS                   of every other file; written last, so that an archive without it is not finished
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote

import msgspec

from backend.domain.record_exports import RecordExport
from backend.domain.words import Words

FORMAT = "lotgate-archive/1"
EVENTS_A_FILE = 10_000
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "text/csv": "csv",
    "text/plain": "txt",
    "audio/webm": "webm",
    "video/mp4": "mp4",
}


class ArchiveHead(msgspec.Struct, frozen=True):
    """What an archive is of; fixed when it is begun, so that one that is gone on with is the same."""

    format: str
    until: str
    """The last day (at each site) on which a lot that is in it came or was made."""
    language: Literal["en", "zh"]
    """Of the papers."""
    made_at: str
    events: int
    """How many events the checkpoint holds."""
    maker: str


class File(msgspec.Struct, frozen=True):
    """A file of a lot, as its page lists it."""

    name: str
    path: str
    """From the root of the archive."""
    kind: Literal["record", "certificate", "proof", "attachment", "missing"]


class LotEntry(msgspec.Struct, frozen=True):
    """A lot in the index."""

    site: str
    number: str
    item: str
    name: Words
    supplier: str
    supplier_lot: str
    order: str
    status: str
    day: str
    kept_until: str
    """ISO day; empty: without an end."""
    files: list[File]

    @property
    def folder(self) -> str:
        """Where it lies."""
        return lot_folder(self.site, self.number)


def lot_folder(site: str, number: str) -> str:
    """Where a lot lies: names that every file system takes."""
    return f"lots/{quote(site, safe='')}/{quote(number, safe='')}"


def file_path(sha256: str, media_type: str) -> str:
    """Where an attachment lies, with an ending that tells a browser what it is."""
    return f"files/{sha256[:2]}/{sha256}.{_ENDINGS.get(media_type, 'bin')}"


def log_path(first: int) -> str:
    """The file of events from `first` on."""
    return f"log/events-{first:09}.jsonl"


def hashes_in(export: RecordExport) -> list[str]:
    """Every SHA-256 that a record names, each once: those of attachments are among them."""
    return list(dict.fromkeys(found for field in export.fields for found in _HASH.findall(field.value)))
