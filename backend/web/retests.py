"""Retests of lots, and what holds of each material."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.change_item_rules import ChangeItemRules, change_item_rules
from backend.actions.open_retest import OpenRetest, open_retest
from backend.actions.set_retest_date import SetRetestDate, set_retest_date
from backend.views.item_rules import ItemRulesPage, list_item_rules
from backend.views.lots import InspectionRef, LotLine, lot_line
from backend.web.asking import Has, Id, Me


class ItemRulesBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What holds from now on, and why."""

    id: str
    retest_days: int | None
    contract_maker_id: str | None
    reason: str
    device_at: str | None = None


@post("/api/retests", operation_id="open_retest")
async def retest(data: JSONBody[OpenRetest], me: Me, parts: Has) -> InspectionRef:
    """Inspect a lot again; its first results stay."""
    opened = await open_retest(parts.store, me.who, data)
    return InspectionRef(opened.id, opened.number, opened.status, opened.stage)


@post("/api/retest-dates", operation_id="set_retest_date")
async def date(data: JSONBody[SetRetestDate], me: Me, parts: Has) -> LotLine:
    """The last day on which it may be used without a retest."""
    return await lot_line(parts.store.read, (await set_retest_date(parts.store, me.who, data)).id)


@get("/api/item-rules", operation_id="list_item_rules")
async def rules(me: Me, parts: Has) -> ItemRulesPage:
    """Retest intervals and contract makers."""
    return await list_item_rules(me.reads(parts.store), me.who.site_id)


@post("/api/items/{item_id:str}/rules", operation_id="change_item_rules")
async def change(item_id: Id, data: JSONBody[ItemRulesBody], me: Me, parts: Has) -> ItemRulesPage:
    """Change them for one material."""
    command = ChangeItemRules(item_id=item_id, **msgspec.structs.asdict(data))
    await change_item_rules(parts.store, me.who, command)
    return await list_item_rules(me.reads(parts.store), me.who.site_id)


HANDLERS = [retest, date, rules, change]
