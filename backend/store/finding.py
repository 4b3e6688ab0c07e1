"""Names that a text fits, in the order of how well: written just so, beginning so, with it inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from backend.domain.searching import GRAM, Kind, Rank, grams
from backend.store.database import Row
from backend.store.reader import Reader

NEWEST = 2_000
"""The newest names are looked through one by one first: a text that many hold is found there at once."""
INSIDE = 2_000
"""Of names that hold a text inside, so many are taken for ordering."""
END = chr(0x10FFFF)
_FIELDS = "kind, subject_id, field, search_name.name"


class Name(NamedTuple):
    """A name that fits."""

    kind: Kind
    subject_id: str
    field: str
    name: str
    rank: Rank


def _names(rows: Sequence[Row], rank: Rank) -> list[Name]:
    return [Name(row[0], row[1], row[2], row[3], rank) for row in rows]


async def exact(read: Reader, site_id: str, text: str, most: int) -> list[Name]:
    """Names written just so, the newest first."""
    rows = await read.rows(
        f"select {_FIELDS} from search_name where site_id = $1 and name = $2 order by place desc limit {most}",
        site_id,
        text,
    )
    return _names(rows, "exact")


async def beginning(read: Reader, site_id: str, text: str, most: int) -> list[Name]:
    """Names that begin so, the highest number first."""
    rows = await read.rows(
        f"select {_FIELDS} from search_name where site_id = $1 and name > $2 and name < $3 "
        f"order by name desc limit {most}",
        site_id,
        text,
        text + END,
    )
    return _names(rows, "prefix")


async def inside(read: Reader, site_id: str, text: str, most: int) -> list[Name]:
    """Names that hold it further on, the newest first; nothing for a text of one or two characters."""
    if len(text) < GRAM:
        return []
    has = (
        "instr(search_name.name, $2) > 1" if read.dialect == "sqlite" else "strpos(search_name.name, $2) > 1"
    )
    rows = await read.rows(
        f"select {_FIELDS} from (select * from search_name order by place desc limit {NEWEST}) as search_name "
        f"where site_id = $1 and {has} order by place desc limit {most}",
        site_id,
        text,
    )
    if len(rows) < most:
        rows = await read.rows(
            _INSIDE[read.dialect].format(has=has, most=most), site_id, text, _asked(read, text)
        )
    return _names(rows, "part")


_INSIDE = {
    "sqlite": f"select {_FIELDS} from search_gram join search_name on place = search_gram.rowid "
    "where search_gram match $3 and site_id = $1 and {has} order by search_gram.rowid desc limit {most}",
    "postgres": f"with fitting as materialized (select place, {_FIELDS} from search_name "
    f"where search_grams(search_name.name) @> $3 and site_id = $1 and {{has}} limit {INSIDE}) "
    "select kind, subject_id, field, name from fitting order by place desc limit {most}",
}


def _asked(read: Reader, text: str) -> str | list[str]:
    if read.dialect == "postgres":
        return grams(text)
    quoted = (gram.replace('"', '""') for gram in grams(text))
    return " AND ".join(f'"{gram}"' for gram in quoted)
