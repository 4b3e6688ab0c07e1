"""The first reading of `verify_log`: says that all is well, or that there is doubt; it names nothing.

It decodes no event into Python objects: the rows in an event's body stay slices of its bytes, and each is compared
with the row of the database written in the same form, a chunk of rows at a time. Whatever is not exactly as it
always is raises `Doubt`, and the strict reading (`verify_log`, `verify_rows`) then reads everything again and names
what was touched. So this file may doubt too often, and must never be quiet where the strict reading is not:

| the strict reading looks at                       | here                                                       |
|---------------------------------------------------|------------------------------------------------------------|
| places, hash, leaf column, witnessed leaf         | the same, for each event                                   |
| the columns that repeat the body                  | the same                                                   |
| is the body canonical: its own members            | written again from what was decoded, byte for byte         |
| the facts                                         | decoded strictly and written again                         |
| values of a new row                               | byte for byte the database's row, whose form is canonical  |
| values of a changed row, before and after         | decoded strictly and written again; folded as slices       |
| a row of the database: values and their types     | types by column, then byte for byte                        |
| a column that is younger than the row's event     | both rows column by column; nothing else may differ        |
| JSON columns                                      | decoded strictly and written again, once for each text     |
| witness, heads, answers                           | the same                                                   |
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Sequence
from types import NoneType
from typing import Any

import msgspec

from backend.domain.events import Value
from backend.domain.merkle import WIDTH, leaf_hash
from backend.domain.notes import Verify
from backend.store.database import Row, Unavailable
from backend.store.log import COLUMNS
from backend.store.log_report import Finding, LogReport
from backend.store.reader import Reader
from backend.store.snapshot import in_chunks
from backend.store.tables import LOGGED, Dialect, TableOf, table_of
from backend.store.verify_log import SELECT, LogCheck, no_float, report_of
from backend.store.verify_rows import ANSWERS, NULL, form_of, order_of, type_of
from backend.store.witness_files import Witnessed

CHUNK = 500
KNOWN_TEXTS = 20_000
"""JSON texts that are remembered as canonical."""
Raws = dict[str, msgspec.Raw]
_raws = msgspec.json.Decoder(Raws).decode
_row = msgspec.json.Decoder(dict[str, Value], float_hook=no_float).decode
_value = msgspec.json.Decoder(Value, float_hook=no_float).decode
_sorted = msgspec.json.Encoder(order="sorted").encode
_encode = msgspec.json.Encoder().encode
_lines = msgspec.json.Encoder().encode_lines


class Doubt(Exception):
    """Something is not as it always is."""


class _Change(msgspec.Struct, gc=False):
    """`RowChange` with its rows as slices; members in canonical order."""

    id: str
    new: msgspec.Raw
    old: Raws | None
    table: str


class _Event(msgspec.Struct, gc=False):
    """`Event`, likewise."""

    answer: str | None
    at: str
    changes: list[_Change]
    command: str | None
    device_at: str | None
    facts: msgspec.Raw
    id: str
    person: str | None
    reason: str | None
    schema: int
    seq: int
    site: str
    source: str
    subject: str
    subject_kind: str
    type: str


_event = msgspec.json.Decoder(_Event).decode


async def quick_report(
    read: Reader, witnessed: Witnessed, vkey: str | None, verify: Verify
) -> LogReport | None:
    """The report where nothing is to be found; None: read strictly."""
    findings: list[Finding] = []
    rows = QuickRows(read.dialect)
    log = QuickLog(witnessed, rows, findings)
    collecting = gc.isenabled()
    gc.disable()  # nothing here makes cycles, and looking for them among all these rows takes a tenth of the time
    try:
        async for chunk in in_chunks(read, SELECT, "seq", CHUNK):
            log.take_all(chunk)
        log.finish(vkey, verify)
        if findings:
            return None
        count = await rows.compare(read)
        answers = await rows.compare_answers(read)
    except (Doubt, Unavailable, msgspec.DecodeError, ValueError, KeyError, TypeError):
        return None
    finally:
        if collecting:
            gc.enable()
    return report_of(log, witnessed, count, answers, [])


class QuickLog(LogCheck):
    """Walks the events; any that is not whole, in its place and in its form is a doubt."""

    def __init__(self, witnessed: Witnessed, rows: QuickRows, findings: list[Finding]) -> None:
        super().__init__(witnessed, findings)
        self._rows = rows

    def take_all(self, rows: Sequence[Row]) -> None:
        """A chunk of the log."""
        append, fold, width = self._tree.append, self._rows.fold, len(COLUMNS) - 2
        first, hashes = self._next, list[bytes]()
        for row in rows:
            seq, body = row[0], row[9]
            if type(seq) is not int or seq != self._next or type(body) is not str:
                raise Doubt("place")
            data = body.encode()
            hashed = leaf_hash(data)
            append(hashed)
            hashes.append(hashed)
            if row[10] != hashed.hex():
                raise Doubt("hash")
            event = _event(data)
            if _encode(event) != data or _sorted(_row(event.facts)) != bytes(event.facts):
                raise Doubt("form")
            repeated = (
                event.seq, event.id, event.at, event.site, event.person, event.type, event.subject_kind,
                event.subject, event.command,
            )  # fmt: skip
            if repeated != row[:width]:
                raise Doubt("columns")
            fold(event)
            self._next = seq + 1
        self.count += len(rows)
        leaves = b"".join(hashes)
        if self._witnessed.leaves[first * WIDTH : self._next * WIDTH] != leaves:
            known = map(self._witnessed.leaf, range(first, self._next))
            if any(leaf not in (None, hashed) for leaf, hashed in zip(known, hashes, strict=True)):
                raise Doubt("leaf")


class QuickRows:
    """What each row must be, as slices of the events' bytes; and what each command was answered."""

    def __init__(self, dialect: Dialect) -> None:
        self._states: dict[str, dict[str, bytes]] = {table_of(noun, dialect).name: {} for noun in LOGGED}
        self._answers: dict[str, tuple[str, str, str, str]] = {}

    def fold(self, event: _Event) -> None:
        """One event, in the order of the log."""
        if event.answer is not None and event.command is not None:
            self._answers[event.command] = (event.site, event.person or "", event.at, event.answer)
        for change in event.changes:
            rows, id = self._states[change.table], change.id
            if change.old is not None:
                rows[id] = _changed(rows[id], change.old, bytes(change.new))
            elif id in rows:
                raise Doubt("twice")
            else:
                rows[id] = bytes(change.new)

    async def compare(self, read: Reader) -> int:
        """All tables; returns how many rows there are."""
        return sum([await self._compare_table(read, table_of(noun, read.dialect)) for noun in LOGGED])

    async def _compare_table(self, read: Reader, table: TableOf[Any]) -> int:
        states, writer, count = self._states[table.name], QuickWriter(table, read.dialect), 0
        async for rows in in_chunks(read, table.select, '"id"', CHUNK):
            count += len(rows)
            expected = [*map(states.pop, [row[0] for row in rows])]
            written = writer.lines(rows)
            # No row is written with a line break in it: texts that are equal are cut at the same places.
            if b"\n".join(expected) + b"\n" != written:
                _compare_each(expected, written.split(b"\n")[:-1])
        if states:
            raise Doubt("deleted")
        return count

    async def compare_answers(self, read: Reader) -> int:
        """Every answer that the log knows."""
        count = 0
        async for rows in in_chunks(read, ANSWERS, "id", CHUNK):
            for id, site, person, at, answer in rows:
                kept = self._answers.pop(id, None)
                if kept is None:
                    continue
                count += 1
                if kept != (site, person, at, hashlib.sha256(answer.encode()).hexdigest()):
                    raise Doubt("answer")
        if self._answers:
            raise Doubt("answers")
        return count


def _canonical(row: bytes) -> None:
    """Raises Doubt where the members of a row are not written in their one form."""
    if _sorted(_row(row)) != row:
        raise Doubt("form")


def _changed(before: bytes, old: Raws, new: bytes) -> bytes:
    """`old` stands in the body as it is written here: the body was written again from it."""
    for row in (before, _encode(old), new):
        _canonical(row)
    state = _raws(before)
    for name, value in old.items():
        if state.get(name, NULL) != value:
            raise Doubt("old value")
    state.update(_raws(new))
    return _sorted(state)


def _compare_each(expected: Sequence[bytes], written: Sequence[bytes]) -> None:
    """Rows whose events are older than a column: it is null, and all else is as it was written."""
    for state, line in zip(expected, written, strict=True):
        if state != line:
            _canonical(state)
            wanted = _raws(state)
            if any(wanted.get(name, NULL) != value for name, value in _raws(line).items()):
                raise Doubt("row")


class _Texts(dict[str | None, msgspec.Raw | None]):
    """JSON texts that are canonical, each looked at once."""

    def __missing__(self, text: str) -> msgspec.Raw:
        data = text.encode()
        if _sorted(_value(data)) != data:
            raise Doubt("json")
        if len(self) > KNOWN_TEXTS:
            self.clear()
            self[None] = None
        raw = self[text] = msgspec.Raw(data)
        return raw


class QuickWriter:
    """Writes rows of a table as `RowWriter` does, a chunk at a time; any value that is not of its column's type,
    or JSON that is not canonical, is a doubt."""

    def __init__(self, table: TableOf[Any], dialect: Dialect) -> None:
        order = order_of(table)
        columns = [(place, table.columns[place]) for place in order]
        self._types = [(place, {type_of(column, dialect), NoneType}) for place, column in columns]
        texts = _Texts({None: None})
        self._forms: list[tuple[int, Callable[[Any], Any]]] = []
        for at, (_, column) in enumerate(columns):
            form = form_of(table.name, column, dialect)
            if form is not None:
                self._forms.append((at, texts.__getitem__ if column.kind == "json" else _or_none(form)))
        self._line = msgspec.defstruct("Line", [(column.name, Any) for _, column in columns], gc=False)

    def lines(self, rows: Sequence[Row]) -> bytes:
        """A line for each row."""
        raw = [*zip(*rows, strict=True)]
        values: list[Iterable[Any]] = []
        for place, types in self._types:
            if not types.issuperset(map(type, raw[place])):
                raise Doubt("type")
            values.append(raw[place])
        for at, form in self._forms:
            values[at] = map(form, values[at])
        return _lines([*map(self._line, *values)])


def _or_none(form: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else form(value)
