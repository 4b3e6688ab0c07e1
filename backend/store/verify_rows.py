"""Every business row against the events that made it: changed, deleted and inserted rows are named.

The events' old and new values fold to the state that each row must have, kept as canonical JSON bytes (about
0.4 kB of memory a row); the row as it stands is written in the same form and compared byte for byte, so
that a change of type (1 to true) or of white space inside a JSON column differs too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal
from operator import itemgetter
from types import NoneType
from typing import Any

import msgspec

from backend.domain.events import Event, RowChange
from backend.store.database import Row, Unavailable
from backend.store.log_report import Finding, shown
from backend.store.reader import Reader
from backend.store.snapshot import in_chunks
from backend.store.tables import LOGGED, SECRET, ColumnOf, Dialect, TableOf, plain, table_of

Raws = dict[str, msgspec.Raw]
_sorted = msgspec.json.Encoder(order="sorted").encode
_encode = msgspec.json.encode
_raw = msgspec.json.Decoder(msgspec.Raw).decode
_raws = msgspec.json.Decoder(Raws).decode
NULL = msgspec.Raw(b"null")
ANSWERS = "select id, site_id, person_id, at, answer from command_record"


class ExpectedRows:
    """What each row must be, by the log; and what each command was answered."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.states: dict[str, dict[str, bytes]] = {table_of(noun, "sqlite").name: {} for noun in LOGGED}
        self.answers: dict[str, tuple[Event, str]] = {}

    def take(self, event: Event) -> None:
        """Fold one event in, in the order of the log."""
        if event.answer is not None and event.command is not None:
            self.answers[event.command] = (event, event.answer)
        for change in event.changes:
            rows = self.states.get(change.table)
            if rows is None:
                self._contradiction(event, change, None, None, None)
            elif change.old is None:
                if change.id in rows:
                    self._contradiction(event, change, None, None, rows[change.id])
                rows[change.id] = _encode(change.new)  # in order: the body was canonical
            else:
                self._update(event, change, rows)

    def _update(self, event: Event, change: RowChange, rows: dict[str, bytes]) -> None:
        if change.id not in rows:
            self._contradiction(event, change, None, _encode(change.old), None)
            return
        state = _raws(rows[change.id])
        for name, value in (change.old or {}).items():
            was = bytes(state.get(name, NULL))
            if was != _sorted(value):
                self._contradiction(event, change, name, was, _sorted(value))
        state.update({name: msgspec.Raw(_sorted(value)) for name, value in change.new.items()})
        rows[change.id] = _sorted(state)

    def _contradiction(
        self, event: Event, change: RowChange, column: str | None, expected: object, found: object
    ) -> None:
        """An event that does not fit those before it."""
        self.findings.append(
            Finding(
                "event_contradicts",
                change.table,
                change.id,
                event.seq,
                column,
                shown(expected),
                shown(found),
            )
        )

    async def compare(self, read: Reader) -> int:
        """Compare with the rows of the database; returns how many it has."""
        return sum([await self._compare_table(read, noun) for noun in LOGGED])

    async def _compare_table(self, read: Reader, noun: type[msgspec.Struct]) -> int:
        table: TableOf[Any] = table_of(noun, read.dialect)
        expected, writer, count = self.states[table.name], RowWriter(table, read.dialect), 0
        try:
            async for rows in in_chunks(read, table.select, '"id"'):
                count += len(rows)
                for row in rows:
                    state = expected.pop(row[0], None)
                    if state != writer.state(row):
                        self._name(table.name, writer, row, state)
        except Unavailable as error:
            self.findings.append(Finding("table_unreadable", table.name, found=str(error)))
            return count
        self.findings += [
            Finding("row_deleted", table.name, id, expected=shown(state)) for id, state in expected.items()
        ]
        return count

    def _name(self, table: str, writer: RowWriter, row: Row, state: bytes | None) -> None:
        id = shown(row[0])
        if state is None:
            self.findings.append(Finding("row_inserted", table, id, found=shown(writer.state(row))))
            return
        wanted = _raws(state)
        for name, found in writer.columns(row):
            expected = bytes(wanted.get(name, NULL))
            if expected != found:
                self.findings.append(
                    Finding(
                        "row_changed", table, id, column=name, expected=shown(expected), found=shown(found)
                    )
                )

    async def compare_answers(self, read: Reader) -> int:
        """The answers kept for repeated commands against their digests in the log."""
        count = 0
        try:
            async for rows in in_chunks(read, ANSWERS, "id"):
                for id, *kept, answer in rows:
                    if id not in self.answers:
                        continue  # a command that changed nothing on record
                    count += 1
                    event, digest = self.answers.pop(id)
                    self._compare_answer(event, digest, kept, answer)
        except Unavailable as error:
            self.findings.append(Finding("table_unreadable", "command_record", found=str(error)))
            return count
        self.findings += [
            Finding("answer_missing", "command_record", id, event.seq)
            for id, (event, _) in self.answers.items()
        ]
        return count

    def _compare_answer(self, event: Event, digest: str, kept: list[Any], answer: object) -> None:
        wanted = [event.site, event.person or "", event.at]
        pairs = list(zip(("site_id", "person_id", "at"), wanted, kept, strict=True))
        found = hashlib.sha256(str(answer).encode("utf-8", "surrogateescape")).hexdigest()
        pairs.append(("answer", digest, found if isinstance(answer, str) else type(answer).__name__))
        self.findings += [
            Finding(
                "answer_changed", "command_record", event.command, event.seq, name, shown(want), shown(is_)
            )
            for name, want, is_ in pairs
            if want != is_
        ]


class RowWriter:
    """Writes raw rows of a table as the log does: canonical JSON.

    A row whose values have the types of their columns goes the quick way; any other value is marked, so that
    it differs from whatever the log holds.
    """

    def __init__(self, table: TableOf[Any], dialect: Dialect) -> None:
        order = order_of(table)
        self._names = [table.columns[place].name for place in order]
        self._ordered = itemgetter(*order)
        self._types = [type_of(table.columns[place], dialect) for place in order]
        forms = [form_of(table.name, table.columns[place], dialect) for place in order]
        self._forms = [(name, form) for name, form in zip(self._names, forms, strict=True) if form]
        self._usual: set[tuple[type, ...]] = set()

    def state(self, row: Row) -> bytes:
        """The whole row."""
        values = self._ordered(row)
        types = tuple(map(type, values))
        if types in self._usual or self._admit(types):
            state = dict(zip(self._names, values, strict=True))
            try:
                for name, form in self._forms:
                    if state[name] is not None:
                        state[name] = form(state[name])
                return _encode(state)
            except (ValueError, KeyError):  # broken UTF-8, broken JSON, a truth value of 2
                pass
        return _encode(dict(self._marked(values)))

    def columns(self, row: Row) -> list[tuple[str, bytes]]:
        """Column by column."""
        return [(name, _encode(value)) for name, value in self._marked(self._ordered(row))]

    def _admit(self, types: tuple[type, ...]) -> bool:
        usual = all(is_ in (NoneType, wanted) for is_, wanted in zip(types, self._types, strict=True))
        if usual:
            self._usual.add(types)
        return usual

    def _marked(self, values: Row) -> list[tuple[str, Any]]:
        forms = dict(self._forms)
        marked = []
        for name, wanted, value in zip(self._names, self._types, values, strict=True):
            try:
                fitting = value is None or type(value) is wanted
                formed = forms[name](value) if fitting and name in forms and value is not None else value
                _encode(formed)
            except (ValueError, KeyError):
                fitting = False
            marked.append((name, formed if fitting else _strange(value, wanted)))
        return marked


def order_of(table: TableOf[Any]) -> list[int]:
    """The places of a table's columns in the order of their names."""
    return sorted(range(len(table.columns)), key=lambda place: table.columns[place].name)


def type_of(column: ColumnOf, dialect: Dialect) -> type:
    """The Python type in which a column's values come from the driver."""
    if column.kind == "int" or (column.kind == "bool" and dialect == "sqlite"):
        return int
    if column.kind == "decimal" and dialect == "postgres":
        return Decimal
    return bool if column.kind == "bool" else str


def form_of(table: str, column: ColumnOf, dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value is written where it is not written as it stands; raises ValueError or KeyError."""
    if (table, column.name) in SECRET:
        return lambda value: "sha256:" + hashlib.sha256(value.encode()).hexdigest()
    if column.kind == "json":
        return _json
    if column.kind == "decimal" and dialect == "postgres":
        return plain
    if column.kind == "bool" and dialect == "sqlite":
        return {0: False, 1: True}.__getitem__
    return None


def _json(value: str) -> msgspec.Raw:
    """Stored in canonical form already: compared as it stands, once it is one JSON value and nothing around."""
    if value[:1].isspace() or value[-1:].isspace():
        raise ValueError("white space around")
    return _raw(value.encode())


def _strange(value: object, wanted: type) -> dict[str, str]:
    raw = value.hex() if isinstance(value, bytes) else ascii(value)
    return {"not": wanted.__name__, "but": type(value).__name__, "raw": raw}
