"""Doubles in master data: suspected, seen side by side, merged, parted."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from backend.actions.merge_doubles import Merged, MergeDoubles, merge_doubles
from backend.actions.part_doubles import PartDoubles, part_doubles
from backend.domain.aliases import Alias, AliasKind
from backend.views.doubles import DoublesPage, SideBySide, doubles_page, side_by_side
from backend.web.asking import Has, Id, Me


class PartBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why they are two after all."""

    id: str
    reason: str
    device_at: str | None = None


@get("/api/doubles", operation_id="list_doubles")
async def doubles(me: Me, parts: Has) -> DoublesPage:
    """What may be one, what was merged, what there is to choose from."""
    return await doubles_page(parts.store.read_long, me.who.site_id)


@get("/api/doubles/pair", operation_id="get_double")
async def pair(
    me: Me,
    parts: Has,
    kind: FromQuery[AliasKind] = "supplier",
    first: FromQuery[str] = "",
    second: FromQuery[str] = "",
) -> list[SideBySide]:
    """Both with what refers to each."""
    return await side_by_side(me.reads(parts.store), kind, first, second)


@post("/api/doubles", operation_id="merge_doubles")
async def merge(data: JSONBody[MergeDoubles], me: Me, parts: Has) -> Merged:
    """One is kept; answers with the lots that this holds."""
    return await merge_doubles(parts.store, me.who, data)


@post("/api/doubles/{merger_id:str}/parting", operation_id="part_doubles")
async def part(merger_id: Id, data: JSONBody[PartBody], me: Me, parts: Has) -> Alias:
    """They are two again."""
    fields: dict[str, Any] = msgspec.structs.asdict(data)
    return await part_doubles(parts.store, me.who, PartDoubles(merger_id=merger_id, **fields))


HANDLERS = [doubles, pair, merge, part]
