"""Several questions in one trip: PostgreSQL answers them in one row, a column of text arrays for each.

SQLite is asked one after the other, since there nothing travels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from backend.store.tables import TableOf, table_of


class Ask(NamedTuple):
    """Nouns of a kind by a condition, as `Reader.all` takes them."""

    noun: type[msgspec.Struct]
    where: str
    args: tuple[Any, ...]

    @property
    def table(self) -> TableOf[Any]:
        """Where PostgreSQL keeps them."""
        return table_of(self.noun, "postgres")


def ask(noun: type[msgspec.Struct], where: str, *args: Any) -> Ask:
    """`ask(Lot, "id = $1", lot_id)`."""
    return Ask(noun, where, args)


@lru_cache(256)
def one_question(asked: tuple[tuple[type[msgspec.Struct], str, int], ...]) -> str:
    """One statement for questions given as kind, condition and number of arguments."""
    columns: list[str] = []
    before = 0
    for noun, where, args in asked:
        table = table_of(noun, "postgres")
        texts = ", ".join(f'"{column.name}"::text' for column in table.columns)
        shifted = re.sub(r"\$(\d+)", lambda mark, by=before: f"${int(mark[1]) + by}", where)  # type: ignore[misc]
        columns.append(f'array(select array[{texts}] from "{table.name}" where {shifted})')
        before += args
    return f"select {', '.join(columns)}"


def statement(asked: Sequence[Ask]) -> tuple[str, list[Any]]:
    """The statement and all arguments in order."""
    text = one_question(tuple((each.noun, each.where, len(each.args)) for each in asked))
    return text, [value for each in asked for value in each.args]


def answers(asked: Sequence[Ask], row: Any) -> list[list[Any]]:
    """The nouns of each question."""
    return [
        [each.table.decode_text(texts) for texts in rows or ()] for each, rows in zip(asked, row, strict=True)
    ]
