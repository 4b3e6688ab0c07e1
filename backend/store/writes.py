"""What one change writes: updates that must find their row as it was read, and new rows.

PostgreSQL takes all of it as one statement, in one round trip; SQLite has no trips to save.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from backend.store.tables import Kind, TableOf

POSTGRES: dict[Kind, str] = {
    "text": "text[]",
    "json": "text[]",
    "int": "bigint[]",
    "bool": "boolean[]",
    "decimal": "numeric[]",
}


class Update(NamedTuple):
    """Columns of a row, as the driver takes them; `version`: the one that it must still have."""

    table: TableOf[Any]
    id: str
    values: dict[str, Any]
    version: int | None

    def statement(self, first: int = 1) -> tuple[str, list[Any]]:
        """SQL that returns the row's id where it was found, and its arguments, numbered from `first`."""
        args = [self.id, *self.values.values()]
        sets = ", ".join(f'"{name}" = ${first + 1 + place}' for place, name in enumerate(self.values))
        guard = ""
        if self.version is not None:
            guard = f" and version = ${first + len(args)}"
            args.append(self.version)
        return f'update "{self.table.name}" set {sets} where id = ${first}{guard} returning id', args

    def __str__(self) -> str:
        return f"{self.table.name} {self.id}"


class Insert(NamedTuple):
    """New rows of one table, as the driver takes them."""

    table: TableOf[Any]
    rows: list[list[Any]]

    def statement(self, first: int) -> tuple[str, list[Any]]:
        """PostgreSQL: one argument a column, numbered from `first`, whatever the number of rows."""
        columns = self.table.columns
        names = ", ".join(f'"{column.name}"' for column in columns)
        arrays = ", ".join(
            f"${first + place}::{POSTGRES[column.kind]}" for place, column in enumerate(columns)
        )
        text = f'insert into "{self.table.name}" ({names}) select * from unnest({arrays})'
        return text, [list(values) for values in zip(*self.rows, strict=True)]


def statements(updates: Sequence[Update], inserts: Sequence[Insert]) -> list[Sequence[Update | Insert]]:
    """What may go into one statement together. Within one, nobody says which part is done first: where a table is
    both updated and inserted into, the updates go ahead, since a superseded row makes room for the next one."""
    updated = {update.table.name for update in updates}
    if any(insert.table.name in updated for insert in inserts):
        return [updates, inserts]
    return [[*updates, *inserts]] if updates or inserts else []


def one_statement(parts: Sequence[Update | Insert]) -> tuple[str, list[Any]]:
    """PostgreSQL: one row with, for each update, whether it found its row."""
    texts: list[str] = []
    found: list[str] = []
    args: list[Any] = []
    for place, part in enumerate(parts):
        text, more = part.statement(len(args) + 1)
        texts.append(f"w{place} as ({text})")
        args += more
        if isinstance(part, Update):
            found.append(f"exists (select from w{place})")
    return f"with {', '.join(texts)} select {', '.join(found) or 'true'}", args
