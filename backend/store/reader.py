"""The door to read: nouns by id or by condition, or plain rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from backend.domain.errors import NotFound, Reason
from backend.store.database import Row
from backend.store.tables import Dialect, Noun, table_of
from backend.store.together import Ask, answers, statement


class Reader:
    """Reads through any function that runs a statement: inside a change, or outside of one.

    A reader of a site finds nothing of another one by its id; `site_id` "" is a reader of the whole database.
    """

    def __init__(
        self, dialect: Dialect, fetch: Callable[..., Awaitable[Sequence[Row]]], site_id: str = ""
    ) -> None:
        self.dialect = dialect
        self.rows = fetch
        self.site_id = site_id

    def of_site(self, site_id: str) -> Reader:
        """The same, for somebody who belongs to this site."""
        return Reader(self.dialect, self.rows, site_id)

    async def all(self, noun: type[Noun], where: str = "", *args: Any) -> list[Noun]:
        """Nouns by a condition."""
        table = table_of(noun, self.dialect)
        rows = await self.rows(f"{table.select} where {where}" if where else table.select, *args)
        return [table.decode(row) for row in rows]

    async def together(self, *asked: Ask) -> list[list[Any]]:
        """The nouns of several questions, where it counts in one trip."""
        if self.dialect == "sqlite":
            return [await self.all(each.noun, each.where, *each.args) for each in asked]
        sql, args = statement(asked)
        return answers(asked, (await self.rows(sql, *args))[0])

    async def first(self, noun: type[Noun], where: str, *args: Any) -> Noun | None:
        """The first that fits."""
        found = await self.all(noun, f"{where} limit 1", *args)
        return found[0] if found else None

    async def get(self, noun: type[Noun], id: str) -> Noun:
        """By id. What belongs to another site does not exist here."""
        return self.mine(noun, id, await self.all(noun, "id = $1 limit 1", id))

    def mine(self, noun: type[Noun], id: str, found: Sequence[Noun]) -> Noun:
        """What was found by an id, where this reader may see it."""
        if not found or self.site_id not in ("", getattr(found[0], "site_id", self.site_id)):
            raise NotFound(Reason("not_found", {"kind": table_of(noun, self.dialect).name, "id": id}))
        return found[0]
