"""Which records are one: aliases in force, looked up by whoever writes under a record or counts by it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from backend.domain.aliases import Alias, AliasKind
from backend.domain.consignees import Consignee
from backend.domain.errors import Reason, Refused
from backend.domain.items import Item, Supplier
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.tables import Dialect

NOUNS: dict[AliasKind, type[Any]] = {"supplier": Supplier, "consignee": Consignee, "item": Item}
IN_FORCE = "undone_at is null"


async def alias_of(read: Reader, id: str) -> Alias | None:
    """What makes this record an alias now."""
    return await read.first(Alias, f"alias_id = $1 and {IN_FORCE}", id)


async def kept_id(read: Reader, id: str) -> str:
    """The record that this one stands for: mostly itself."""
    alias = await alias_of(read, id)
    return alias.kept_id if alias is not None else id


async def same_ids(read: Reader, id: str) -> list[str]:
    """All that are one with this record, the kept one first."""
    kept = await kept_id(read, id)
    found = await read.all(Alias, f"kept_id = $1 and {IN_FORCE} order by merged_at, id", kept)
    return [kept, *(each.alias_id for each in found)]


async def ids_by_code(read: Reader, kind: AliasKind, site_id: str, code: str) -> list[str]:
    """All that are one with what bears a code at a site, the kept one first; none where nothing bears it."""
    rows = await read.rows(f"select id from {kind} where site_id = $1 and code = $2", site_id, code.strip())
    return await same_as_any(read, [row[0] for row in rows])


def one_record(dialect: Dialect, here: str, there: str) -> str:
    """That two columns name one record, in SQL, under whichever of its codes; an index on `here` serves it."""
    named = (
        f"select {there} union all select kept_id from alias where alias_id = {there} and {IN_FORCE} "
        f"union all select alias_id from alias where kept_id = {there} and {IN_FORCE} "
        "union all select other.alias_id from alias as own join alias as other on other.kept_id = own.kept_id "
        f"where own.alias_id = {there} and own.undone_at is null and other.undone_at is null"
    )
    return f"{here} in ({named})" if dialect == "sqlite" else f"{here} = any(array({named}))"


async def same_as_any(read: Reader, ids: Iterable[str]) -> list[str]:
    """All that are one with any of these, each once."""
    return list(dict.fromkeys([one for id in ids for one in await same_ids(read, id)]))


async def joined_at(read: Reader, ids: Iterable[str]) -> str:
    """When the newest alias of these records became one; "": they have none."""
    which = among(read, "kept_id", ids)
    rows = await read.rows(
        f"select coalesce(max(merged_at), '') from alias where {which.where} and {IN_FORCE}", which.argument
    )
    return str(rows[0][0])


async def as_kept(read: Reader, item_id: str) -> Item:
    """An item by the rules that hold of it now: an alias under its own code and names, with the intervals, the maker
    and the inspection unit of the one that is kept."""
    item = await read.get(Item, item_id)
    if (kept := await kept_id(read, item_id)) == item_id:
        return item
    rules = await read.get(Item, kept)
    return msgspec.structs.replace(
        item,
        shelf_life_days=rules.shelf_life_days,
        retest_days=rules.retest_days,
        contract_maker_id=rules.contract_maker_id,
        inspection_unit=rules.inspection_unit,
    )


async def aliases_at(read: Reader, site_id: str, kind: AliasKind) -> dict[str, str]:
    """By the id of each alias that is in force at a site: the record that is kept."""
    found = await read.all(Alias, f"site_id = $1 and kind = $2 and {IN_FORCE}", site_id, kind)
    return {each.alias_id: each.kept_id for each in found}


async def codes_of(read: Reader, kind: AliasKind, ids: Iterable[str]) -> dict[str, str]:
    """Codes by id."""
    chosen = among(read, "id", ids)
    return {
        each.id: each.code
        for each in await read.all(NOUNS[kind], f"{chosen.where} order by id", chosen.argument)
    }


async def against_alias(read: Reader, kind: AliasKind, id: str, field: str | None = None) -> list[Reason]:
    """That nothing new is written under an alias; it names the record to write under."""
    alias = await alias_of(read, id)
    if alias is None:
        return []
    codes = await codes_of(read, kind, [id, alias.kept_id])
    return [Reason("record_merged", {"code": codes[id], "kept": codes[alias.kept_id]}, field)]


async def refuse_alias(read: Reader, kind: AliasKind, id: str, field: str | None = None) -> None:
    """Refused where it is an alias."""
    if reasons := await against_alias(read, kind, id, field):
        raise Refused(*reasons)
