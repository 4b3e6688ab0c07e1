"""Load master data: items, suppliers, identifiers, plans in force, expected deliveries. All or nothing."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.inspections import Plan
from backend.domain.items import Item, ItemIdentifier, OrderLine, Supplier
from backend.domain.material_units import ItemUnit
from backend.domain.people import Who
from backend.domain.plan_checks import check_plan
from backend.domain.plan_versions import PlanVersion
from backend.store.change import Change
from backend.store.verb import verb


class LoadMasterData(msgspec.Struct, frozen=True, kw_only=True):
    """Nouns with ids made by whoever loads them."""

    id: str
    items: list[Item] = []
    suppliers: list[Supplier] = []
    identifiers: list[ItemIdentifier] = []
    plans: list[Plan] = []
    plan_versions: list[PlanVersion] = []
    order_lines: list[OrderLine] = []
    item_units: list[ItemUnit] | msgspec.UnsetType = msgspec.UNSET
    device_at: str | None = None


@verb
async def load_master_data(tx: Change, who: Who, command: LoadMasterData) -> int:
    """How many rows; refused with every reason that a plan gives."""
    reasons = [
        msgspec.structs.replace(reason, field=f"plan_versions.{place}.{reason.field}")
        for place, version in enumerate(command.plan_versions)
        for reason in check_plan(version.document)
    ]
    rows: list[msgspec.Struct] = [
        *command.items,
        *command.suppliers,
        *command.identifiers,
        *command.plans,
        *command.plan_versions,
        *command.order_lines,
        *(command.item_units or ()),
    ]
    reasons += [
        Reason(
            "quantity_not_exact",
            {"quantity": format(line.entered.entered, "f")},
            f"order_lines.{place}.entered",
        )
        for place, line in enumerate(command.order_lines)
        if line.entered is not None and not line.entered.holds(line.quantity)
    ]
    reasons += [Reason("other_site") for row in rows if row.site_id != who.site_id]  # type: ignore[attr-defined]
    if reasons:
        raise Refused(*reasons)
    for row in rows:
        tx.insert(row)
    tx.record("master_data_loaded", "site", who.site_id, rows=len(rows))
    return len(rows)
