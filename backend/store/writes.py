"""What changes write: updates that must find their row as it was read, and new rows.

PostgreSQL takes all that a group of commands writes as one statement, in one round trip: a part for each table
and set of columns, an array for each column, so that the text is the same whatever the number of rows. SQLite
has no trips to save.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from backend.store.tables import ColumnOf, Kind

POSTGRES: dict[Kind, str] = {
    "text": "text[]",
    "json": "text[]",
    "int": "bigint[]",
    "bool": "boolean[]",
    "decimal": "numeric[]",
}


class Target(Protocol):
    """Where rows go: a noun's table, or the log."""

    @property
    def name(self) -> str:
        """As the database calls it."""

    @property
    def columns(self) -> tuple[ColumnOf, ...]:
        """In the order of a row's values."""

    @property
    def insert(self) -> str:
        """The statement for one row."""


class Update(NamedTuple):
    """Columns of a row, as the driver takes them; `version`: the one that it must still have."""

    table: Target
    id: str
    values: dict[str, Any]
    version: int | None

    def statement(self) -> tuple[str, list[Any]]:
        """SQL that returns the row's id where it was found, and its arguments."""
        args = [self.id, *self.values.values()]
        sets = ", ".join(f'"{name}" = ${place + 2}' for place, name in enumerate(self.values))
        guard = ""
        if self.version is not None:
            guard = f" and version = ${len(args) + 1}"
            args.append(self.version)
        return f'update "{self.table.name}" set {sets} where id = $1{guard} returning id', args

    def __str__(self) -> str:
        return f"{self.table.name} {self.id}"


class Insert(NamedTuple):
    """New rows of one table, as the driver takes them."""

    table: Target
    rows: list[list[Any]]


class Part(NamedTuple):
    """A part of PostgreSQL's statement: its text with `{}` for each argument, and the columns as arguments."""

    text: str
    args: list[list[Any]]
    must_find: int
    """Rows that an update must find; 0: an insert."""


def statements(updates: Sequence[Update], inserts: Sequence[Insert]) -> list[list[Part]]:
    """What may go into one statement together. Within one, nobody says which part is done first: where a table is
    both updated and inserted into, the updates go ahead, since a superseded row makes room for the next one."""
    changed, new = _updates(updates), _inserts(inserts)
    updated = {update.table.name for update in updates}
    if any(insert.table.name in updated for insert in inserts):
        return [changed, new]
    return [[*changed, *new]] if changed or new else []


def one_statement(parts: Sequence[Part]) -> tuple[str, list[Any]]:
    """One row with, for each part, how many rows it found; 0 for an insert."""
    texts: list[str] = []
    counts: list[str] = []
    args: list[Any] = []
    for place, part in enumerate(parts):
        marks = (f"${len(args) + number + 1}" for number in range(len(part.args)))
        texts.append(f"w{place} as ({part.text.format(*marks)})")
        args += part.args
        counts.append(f"(select count(*) from w{place})" if part.must_find else "0")
    return f"with {', '.join(texts)} select {', '.join(counts)}", args


def _updates(updates: Sequence[Update]) -> list[Part]:
    """One part for each table, set of columns, and whether the version counts."""
    alike: dict[tuple[str, tuple[str, ...], bool], list[Update]] = {}
    for update in updates:
        key = (update.table.name, tuple(update.values), update.version is not None)
        alike.setdefault(key, []).append(update)
    return [_alike(name, names, guarded, same) for (name, names, guarded), same in alike.items()]


def _alike(name: str, names: tuple[str, ...], guarded: bool, same: list[Update]) -> Part:
    kinds = {column.name: POSTGRES[column.kind] for column in same[0].table.columns}
    aliases = ["id", *(f"c{place}" for place in range(len(names)))]
    arrays = ["text[]", *(kinds[each] for each in names)]
    rows = [[update.id, *update.values.values()] for update in same]
    if guarded:
        aliases, arrays = [*aliases, "was"], [*arrays, "bigint[]"]
        rows = [[*row, update.version] for row, update in zip(rows, same, strict=True)]
    marks = ", ".join(f"{{}}::{array}" for array in arrays)
    sets = ", ".join(f'"{each}" = u.c{place}' for place, each in enumerate(names))
    guard = " and t.version = u.was" if guarded else ""
    text = (
        f'update "{name}" as t set {sets} from unnest({marks}) as u({", ".join(aliases)}) '
        f"where t.id = u.id{guard} returning t.id"
    )
    return Part(text, _columns(rows), len(rows))


def _inserts(inserts: Sequence[Insert]) -> list[Part]:
    """One part for each table."""
    rows: dict[str, list[list[Any]]] = {}
    tables = {insert.table.name: insert.table for insert in inserts}
    for insert in inserts:
        rows.setdefault(insert.table.name, []).extend(insert.rows)
    return [_insert(tables[name], new) for name, new in rows.items() if new]


def _insert(table: Target, rows: list[list[Any]]) -> Part:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    arrays = ", ".join(f"{{}}::{POSTGRES[column.kind]}" for column in table.columns)
    return Part(f'insert into "{table.name}" ({names}) select * from unnest({arrays})', _columns(rows), 0)


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(values) for values in zip(*rows, strict=True)]
