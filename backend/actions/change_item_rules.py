"""Say of a material how long it may lie before it is inspected again, and who makes it for us (REL-8, REL-9)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.items import Item
from backend.domain.people import Who
from backend.domain.sites import Organisation, Site
from backend.store.aliases import refuse_alias
from backend.store.change import Change
from backend.store.verb import verb

LONGEST = 36500


class ChangeItemRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds of a material from now on; None: no retest, made by ourselves."""

    id: str
    item_id: str
    retest_days: int | None
    contract_maker_id: str | None
    reason: str
    device_at: str | None = None


@verb
async def change_item_rules(tx: Change, who: Who, command: ChangeItemRules) -> Item:
    """Lots that are here keep their retest date; who has to release counts from the next decision on."""
    item = await tx.get(Item, command.item_id)
    await refuse_alias(tx, "item", item.id, "item_id")
    site = await tx.get(Site, item.site_id)
    reasons = []
    if command.retest_days is not None and not 0 < command.retest_days <= LONGEST:
        reasons.append(Reason("retest_days_wrong", {"days": command.retest_days}, "retest_days"))
    if command.contract_maker_id is not None:
        maker = await tx.first(Organisation, "id = $1", command.contract_maker_id)
        if maker is None or maker.id == site.organisation_id:
            reasons.append(Reason("contract_maker_unknown", field="contract_maker_id"))
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if reasons:
        raise Refused(*reasons)
    changed = tx.update(item, retest_days=command.retest_days, contract_maker_id=command.contract_maker_id)
    tx.record(
        "item_rules_changed",
        "item",
        item.id,
        reason=command.reason.strip(),
        item=item.code,
        retest_days=command.retest_days,
    )
    return changed
