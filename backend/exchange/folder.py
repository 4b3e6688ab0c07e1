"""One look at the watched folder: what lies still is claimed, imported, and moved with a report.

    FOLDER/orders/x.csv --claimed--> working/ --imported--> done/x.3f9ac1d2.csv and .report.txt
                                              --refused---> failed/x.3f9ac1d2.csv and .report.txt

Claiming and moving are renames, the import is one transaction whose command id follows from what the file is (kind,
name, content). So a kill at any moment leaves the file in one of these places; the next look does again what was
not finished, and an import that is there already is answered as it was.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from backend.actions.import_sheet import ImportSheet, import_sheet
from backend.domain.errors import LotgateError, Reason, Refused, Stale, refuse
from backend.domain.import_kinds import ImportKind
from backend.domain.imports import MOST_ROWS, CellFault, Sheet, read_import
from backend.domain.people import Who
from backend.domain.sheets import MOST_BYTES, Table
from backend.domain.words import Words
from backend.exchange.words import KINDS, TITLES, sentences
from backend.store.door import Store
from backend.views.imports import imported_at, sheet_trial

IMPORTS = UUID("7a6f3e1c-2f0b-5f4e-8e2d-6a5f3f0f9c11")
"""Name space of command ids: the same file is the same import."""
NAMED: dict[str, ImportKind] = {
    "suppliers": "suppliers", "supplier": "suppliers", "vendors": "suppliers", "供应商": "suppliers",
    "materials": "materials", "material": "materials", "items": "materials", "物料": "materials",
    "orders": "orders", "order": "orders", "deliveries": "orders", "delivery": "orders", "订单": "orders",
    "到货": "orders",
    "equipment": "equipment", "machines": "equipment", "lines": "equipment", "设备": "equipment",
    "产线": "equipment",
    "consignees": "consignees", "customers": "consignees", "hospitals": "consignees", "客户": "consignees",
    "stock": "stock", "opening": "stock", "库存": "stock", "期初": "stock",
    "complaints": "complaints", "complaint": "complaints", "投诉": "complaints", "客诉": "complaints",
}  # fmt: skip
"""Folders, and beginnings of file names, by what lies in them."""
SUFFIXES = (".csv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".partial")
KEPT = ("working", "done", "failed", "out")
COLUMNS = "columns.json"
MOST_NAME = 180
"""Bytes of a name; a file system takes 255 with what comes before and behind it."""
_COLUMNS = msgspec.json.Decoder(dict[ImportKind, dict[str, str]])


class Seen(NamedTuple):
    """How a file lay there: size, time of its last change, and since when it has lain so (steady seconds)."""

    size: int
    changed: int
    since: float


class Handled(NamedTuple):
    """What became of a file, and where it lies now."""

    file: Path
    taken: bool


class WatchedFolder:
    """`settle`: seconds for which a file must lie unchanged; `clock`: steady, in seconds; `most`: rows of a file."""

    def __init__(
        self,
        store: Store,
        who: Who,
        root: Path,
        read_table: Callable[[bytes], Table],
        settle: float,
        clock: Callable[[], float],
        most: int = MOST_ROWS,
    ) -> None:
        self.store, self.who, self.root = store, who, root
        self.read_table, self.settle, self.clock, self.most = read_table, settle, clock, most
        self._seen: dict[Path, Seen] = {}
        for name in KEPT:
            (root / name).mkdir(parents=True, exist_ok=True)

    async def look(self) -> list[Handled]:
        """What an earlier look did not finish, then what lies still."""
        await asyncio.to_thread(self._claim_still)
        working = await asyncio.to_thread(lambda: sorted((self.root / "working").iterdir()))
        return [await self._handle(file) for file in working if file.is_file()]

    def _claim_still(self) -> None:
        # A folder that was away comes back empty; it is not made where a share is not mounted.
        for name in KEPT:
            (self.root / name).mkdir(exist_ok=True)
        for file in self._still():
            self._claim(file)

    def _still(self) -> list[Path]:
        found: dict[Path, Seen] = {}
        for file in sorted([*self.root.iterdir(), *self.root.glob("*/*")]):
            if not self._is_offered(file):
                continue
            try:
                laid = lies(file)
            except FileNotFoundError:
                continue
            before = self._seen.get(file)
            since = before.since if before is not None and before[:2] == laid else self.clock()
            found[file] = Seen(*laid, since)
        self._seen = found
        now = self.clock()
        return [file for file, seen in found.items() if now - seen.since >= self.settle]

    def _is_offered(self, file: Path) -> bool:
        """A file for us: in the folder or one below it, whole as far as its name says."""
        name = file.name.lower()
        if file.parent != self.root and file.parent.name in KEPT:
            return False
        if name.startswith((".", "~")) or name.endswith(UNFINISHED) or file.name == COLUMNS:
            return False
        return file.is_file() and not file.is_symlink()

    def _claim(self, file: Path) -> None:
        """Out of the way of whoever writes the next one of the same name; of which folder it was, its new name says."""
        kind = self._kind_of(file) or "unknown"
        target = self.root / "working" / f"{kind}@{fitting(file.name)}"
        if not target.exists():
            os.rename(file, target)
            self._seen.pop(file, None)

    def _kind_of(self, file: Path) -> ImportKind | None:
        below = file.parent.name.lower() if file.parent != self.root else ""
        if below in NAMED:
            return NAMED[below]
        name = file.name.lower()
        return next((kind for word, kind in NAMED.items() if name.startswith(word)), None)

    async def _handle(self, file: Path) -> Handled:
        kind, _, name = file.name.partition("@")
        before = lies(file)
        try:
            data, sha256 = await asyncio.to_thread(_content, file)
        except PermissionError:
            data, sha256 = None, hashlib.sha256(name.encode()).hexdigest()
        try:
            if data is None:
                raise refuse("file_not_ours" if before[0] <= MOST_BYTES else "file_too_large")
            report = await self._import(kind, name, data, sha256)
            taken = True
        except Stale:
            return Handled(file, False)
        except LotgateError as error:
            report, taken = refused(name, [(reason.field or "", reason) for reason in error.reasons]), False
        except _Faulty as faulty:
            report, taken = refused(name, faulty.cells, faulty.count), False
        if before != lies(file):
            return Handled(file, False)  # somebody writes on: it is looked at again, whole
        moved = await asyncio.to_thread(self._move, file, name, sha256, report, taken)
        return Handled(moved, taken)

    async def _import(self, kind: str, name: str, data: bytes, sha256: str) -> list[Words]:
        if kind not in KINDS or Path(name).suffix.lower() not in SUFFIXES:
            raise refuse("watch_kind_unknown" if kind not in KINDS else "workbook_unreadable")
        id = str(uuid5(IMPORTS, f"{self.who.site_id}\n{self.who.person_id}\n{kind}\n{name}\n{sha256}"))
        at = await imported_at(self.store.read, id)
        if at is not None:
            return [titled("again", file=name, at=at)]
        sheet = await asyncio.to_thread(self._read, kind, data)  # type: ignore[arg-type]
        today = await self.store.today(self.who.site_id)
        trial = await sheet_trial(self.store.read.of_site(self.who.site_id), self.who, sheet, today)
        if trial.wrong:
            raise Refused(*trial.wrong)
        if trial.fault_count:
            raise _Faulty(trial.faults, trial.fault_count)
        done = await import_sheet(
            self.store, self.who, ImportSheet(id=id, sheet=sheet, name=name, sha256=sha256)
        )
        rows = len(sheet.rows)
        counts = {"new": done.new, "changed": done.changed, "same": done.same}
        words = KINDS[kind]
        return [
            Words(
                TITLES["taken"].en.format(file=name, kind=words.en, rows=rows, **counts),
                TITLES["taken"].zh.format(file=name, kind=words.zh, rows=rows, **counts),
            )
        ]

    def _read(self, kind: ImportKind, data: bytes) -> Sheet:
        told = self.root / COLUMNS
        try:
            columns = _COLUMNS.decode(told.read_bytes()).get(kind, {}) if told.exists() else {}
        except msgspec.DecodeError as error:
            raise Refused(Reason("import_columns_missing", {"columns": [f"{COLUMNS}: {error}"]})) from None
        table = self.read_table(data)
        sheet = read_import(kind, table, columns, self.most)
        if any(each.code == "import_columns_missing" for each in sheet.wrong):
            # What was told for the folder is meant for files that have it.
            known = read_import(kind, table, None, self.most)
            return sheet if known.wrong else known
        return sheet

    def _move(self, file: Path, name: str, sha256: str, report: list[Words], taken: bool) -> Path:
        """The report first, whole; then the file. A name is used again only for the same content."""
        folder = self.root / ("done" if taken else "failed")
        stem, suffix = os.path.splitext(name)
        target = folder / f"{stem}.{sha256[:8]}{suffix}"
        text = "\n".join([*(each.en for each in report), "", *(each.zh for each in report), ""])
        write_whole(target.with_name(f"{target.name}.report.txt"), text.encode())
        os.replace(file, target)
        return target


class _Faulty(Exception):
    """A sheet with wrong cells."""

    def __init__(self, faults: list[CellFault], count: int) -> None:
        super().__init__(count)
        self.cells = [(f"{each.cell} {each.header} {each.text!r}", each.reason) for each in faults]
        self.count = count


def refused(name: str, cells: list[tuple[str, Reason]], count: int | None = None) -> list[Words]:
    """What is wrong where, one line a cell."""
    lines = [titled("refused", file=name, count=len(cells) if count is None else count)]
    for place, reason in cells:
        said = sentences(reason)
        lines.append(Words(f"{place}: {said.en}".strip(": "), f"{place}：{said.zh}".strip("： ")))
    return lines


def titled(code: str, **facts: object) -> Words:
    """The first line of a report."""
    return Words(TITLES[code].en.format(**facts), TITLES[code].zh.format(**facts))


def fitting(name: str) -> str:
    """A file's name in letters that can be written down, short enough for what is put before and behind it.

    A name that is no UTF-8 is one of a system that writes GB18030; of one that is too long the end of its stem goes.
    """
    raw = os.fsencode(name)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    stem, suffix = os.path.splitext(text)
    room = MOST_NAME - len(suffix.encode())
    return stem.encode()[: max(room, 1)].decode(errors="ignore") + suffix[:MOST_NAME]


def _content(file: Path) -> tuple[bytes | None, str]:
    """What a file holds and its digest; of one that is too large the digest only."""
    with file.open("rb") as opened:
        if file.stat().st_size > MOST_BYTES:
            return None, hashlib.file_digest(opened, "sha256").hexdigest()
        data = opened.read()
    return data, hashlib.sha256(data).hexdigest()


def lies(file: Path) -> tuple[int, int]:
    """Size, and time of the last change."""
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


def write_whole(path: Path, data: bytes) -> None:
    """All of it, or what was there before."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
