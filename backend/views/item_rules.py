"""What holds of each material: after how long it is inspected again, and who makes it for us (REL-8, REL-9)."""

from __future__ import annotations

import msgspec

from backend.domain.items import Item
from backend.domain.sites import Organisation, Site
from backend.domain.words import Words
from backend.store.reader import Reader
from backend.views.lots import ItemRef


class OrganisationRef(msgspec.Struct, frozen=True):
    """A partner."""

    id: str
    name: Words


class ItemRules(msgspec.Struct, frozen=True):
    """One material."""

    item: ItemRef
    retest_days: int | None
    contract_maker: OrganisationRef | None


class ItemRulesPage(msgspec.Struct, frozen=True):
    """All materials, and who could make one of them for us."""

    items: list[ItemRules]
    partners: list[OrganisationRef]


async def list_item_rules(read: Reader, site_id: str) -> ItemRulesPage:
    """By code."""
    own = (await read.get(Site, site_id)).organisation_id
    known = {
        each.id: OrganisationRef(each.id, each.name) for each in await read.all(Organisation, "id <> $1", own)
    }
    items = await read.all(Item, "site_id = $1 order by code", site_id)
    return ItemRulesPage(
        [
            ItemRules(
                ItemRef(each.id, each.code, each.name, each.unit, each.kind),
                each.retest_days,
                known.get(each.contract_maker_id or ""),
            )
            for each in items
        ],
        sorted(known.values(), key=lambda each: each.name.en),
    )
