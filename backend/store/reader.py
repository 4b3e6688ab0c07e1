"""The door to read: nouns by id or by condition, or plain rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from backend.domain.errors import NotFound, Reason
from backend.store.database import Row
from backend.store.tables import Dialect, Noun, table_of


class Reader:
    """Reads through any function that runs a statement: inside a change, or outside of one."""

    def __init__(self, dialect: Dialect, fetch: Callable[..., Awaitable[Sequence[Row]]]) -> None:
        self.dialect = dialect
        self.rows = fetch

    async def all(self, noun: type[Noun], where: str = "", *args: Any) -> list[Noun]:
        """Nouns by a condition."""
        table = table_of(noun, self.dialect)
        rows = await self.rows(f"{table.select} where {where}" if where else table.select, *args)
        return [table.decode(row) for row in rows]

    async def first(self, noun: type[Noun], where: str, *args: Any) -> Noun | None:
        """The first that fits."""
        found = await self.all(noun, f"{where} limit 1", *args)
        return found[0] if found else None

    async def get(self, noun: type[Noun], id: str) -> Noun:
        """By id."""
        found = await self.first(noun, "id = $1", id)
        if found is None:
            raise NotFound(Reason("not_found", {"kind": table_of(noun, self.dialect).name, "id": id}))
        return found
