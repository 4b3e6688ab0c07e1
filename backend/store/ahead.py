"""What the commands of a group will ask, read in one trip for all of them before the first is decided on.

PostgreSQL only: SQLite has no trips to save. What a command before it in the group has written meanwhile makes
such an answer stale, and the command then asks for itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from backend.domain.people import Who
from backend.store.database import Writer
from backend.store.together import Ask

Found = list[tuple[Ask, list[Any]]]


class Ahead(NamedTuple):
    """Questions whose arguments are all text.

    `ground`: kinds of rows that many commands ask for; writing any row of one of them makes the answers stale.
    Of all other kinds it is a row that names an argument or a row found: its lot, its inspection.
    """

    asks: Sequence[Ask]
    ground: frozenset[type[msgspec.Struct]]


Foresight = Callable[[Who, Any, str], Ahead]
"""What a command of this person at this moment will ask."""
NOTHING = Ahead((), frozenset())


class ReadAhead:
    """The answers, and what has been written since."""

    def __init__(self, aheads: Mapping[str, Ahead], answers: Mapping[Ask, list[Any]]) -> None:
        self._aheads, self._answers = aheads, answers
        self._names: set[str | None] = set()
        self._kinds: set[type[msgspec.Struct]] = set()

    def of(self, command: str) -> Found:
        """What was found for a command; nothing, where it is stale."""
        ahead = self._aheads.get(command, NOTHING)
        found = [(ask, self._answers[ask]) for ask in ahead.asks]
        return found if self._fresh(ahead, found) else []

    def _fresh(self, ahead: Ahead, found: Found) -> bool:
        own = [(ask, nouns) for ask, nouns in found if ask.noun not in ahead.ground]
        names = {noun.id for _, nouns in own for noun in nouns}.union(*(ask.args for ask, _ in own))
        return names.isdisjoint(self._names) and ahead.ground.isdisjoint(self._kinds)

    def wrote(self, rows: Sequence[msgspec.Struct]) -> None:
        """Rows as they were and as they are."""
        if not self._aheads:
            return
        for row in rows:
            kind = type(row)
            self._kinds.add(kind)
            self._names.update(_ids_of(kind)(row))


@cache
def _ids_of(kind: type[msgspec.Struct]) -> Callable[[msgspec.Struct], tuple[str | None, ...]]:
    """What a row names: its own id, and each column that ends in `_id`."""
    names = [name for name in kind.__struct_fields__ if name == "id" or name.endswith("_id")]
    return attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)


async def read_ahead(writer: Writer, aheads: Mapping[str, Ahead]) -> ReadAhead:
    """Ask; `aheads` by command id."""
    shapes: dict[tuple[type[msgspec.Struct], str, int], dict[Ask, None]] = {}
    for ahead in aheads.values():
        for ask in ahead.asks:
            shapes.setdefault((ask.noun, ask.where, len(ask.args)), {})[ask] = None
    if not shapes:
        return ReadAhead({}, {})
    asked = [list(asks) for asks in shapes.values()]
    args = [list(values) for asks in asked for values in zip(*(ask.args for ask in asks), strict=True)]
    answers: dict[Ask, list[Any]] = {}
    for shape, place, rows in await writer.fetch(_question(tuple(shapes)), *args):
        ask = asked[shape][place - 1]
        answers[ask] = [ask.table.decode_text(texts) for texts in rows]
    return ReadAhead(aheads, answers)


@lru_cache(256)
def _question(shapes: tuple[tuple[type[msgspec.Struct], str, int], ...]) -> str:
    """The same text for any number of commands: a row for each question of each shape, its answer as text arrays."""
    parts: list[str] = []
    before = 0
    for number, (noun, where, args) in enumerate(shapes):
        table = Ask(noun, where, ()).table
        texts = ", ".join(f'"{column.name}"::text' for column in table.columns)
        named = re.sub(r"\$(\d+)", r"k.a\1", where)
        arrays = ", ".join(f"${before + place + 1}::text[]" for place in range(args))
        names = ", ".join(f"a{place + 1}" for place in range(args))
        parts.append(
            f'select {number}, k.place, array(select array[{texts}] from "{table.name}" where {named}) '
            f"from unnest({arrays}) with ordinality as k({names}, place)"
        )
        before += args
    return " union all ".join(parts)
