"""A list of ids as one argument, however long: engines bound the number of arguments, not their size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from backend.store.reader import Reader
from backend.store.tables import Dialect

ASKED: dict[Dialect, str] = {
    "sqlite": "select value as id from json_each($1)",
    "postgres": "select unnest($1::text[]) as id",
}
"""The ids that `among` handed over as `$1`."""


class Among(NamedTuple):
    """A condition, and the argument that it stands on."""

    where: str
    argument: Any


def among(read: Reader, column: str, ids: Iterable[str], place: int = 1) -> Among:
    """`column` is one of `ids`, handed over as `$place`."""
    listed = tuple(ids)
    if read.dialect == "sqlite":
        return Among(
            f"{column} in (select value from json_each(${place}))", msgspec.json.encode(listed).decode()
        )
    return Among(f"{column} = any(${place}::text[])", listed)


def rows_of(dialect: Dialect, table: str, column: str, ids: str) -> str:
    """What to read `from`: the rows of a table of which this column holds one of the `ids` that a statement selects.

    Neither engine can know how many they are, so each is told how to use the index: SQLite to look each up, PostgreSQL
    to go through it once with a list of all.
    """
    if dialect == "sqlite":
        return f"({ids}) asked cross join {table} on {table}.{column} = asked.id"
    return f"(select * from {table} where {column} = any(array({ids}))) {table}"
