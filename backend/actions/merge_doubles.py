"""Make two records of master data one: one is kept, the other is its alias from now on (see `domain/aliases`).

What stands against either supplier or item stands against both: a merger frees nothing. Signatures and past records are
not touched, and a second signature is asked for as little as for blocking or qualifying a supplier.
"""

from __future__ import annotations

import msgspec

from backend.domain.aliases import Alias, AliasKind, Good, against_joining, against_merging
from backend.domain.consignees import Consignee
from backend.domain.errors import Reason, Refused
from backend.domain.inspections import Plan
from backend.domain.items import Item, Supplier
from backend.domain.people import Who
from backend.domain.qualifications import Qualification
from backend.domain.recalls import Recall
from backend.store.aliases import IN_FORCE, NOUNS, codes_of, kept_id, same_ids
from backend.store.change import Change
from backend.store.many import among
from backend.store.measuring import factors_of
from backend.store.qualifying import hold_stock, taken_back
from backend.store.series import alias_changed, join_series, series_joining
from backend.store.verb import verb


class MergeDoubles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which record is kept, which becomes its alias, and how it was found that they are one."""

    id: str
    kind: AliasKind
    kept_id: str
    alias_id: str
    reason: str
    device_at: str | None = None


class Merged(msgspec.Struct, frozen=True):
    """The alias, and numbers of the lots that are held by it: under the other name, their supplier was stopped."""

    alias: Alias
    held: list[str]


@verb
async def merge_doubles(tx: Change, who: Who, command: MergeDoubles) -> Merged:
    """Merge them. Refused where either is an alias, or the one to become it has aliases of its own."""
    noun, why = NOUNS[command.kind], command.reason.strip()
    kept, other = await tx.get(noun, command.kept_id), await tx.get(noun, command.alias_id)
    ids = among(tx, "alias_id", [kept.id, other.id])
    named = ids.where + " or " + among(tx, "kept_id", [kept.id, other.id]).where
    known = await tx.all(Alias, f"({named}) and {IN_FORCE} order by id", ids.argument)
    codes = await codes_of(tx, command.kind, {one for each in known for one in (each.kept_id, each.alias_id)})
    reasons = against_merging((kept.id, kept.code), (other.id, other.code), known, codes, why)
    if command.kind == "consignee":
        reasons += await _recalled(tx, kept, other)
    if command.kind == "item" and kept.id != other.id:
        reasons += against_joining(await _good(tx, kept), await _good(tx, other), tx.now)
    joining = await series_joining(tx, kept.id, other.id) if command.kind != "consignee" else []
    reasons += [
        Reason("double_series_stopped", {"code": other.code, "kept": kept.code, "stage": each.stage})
        for each in joining
        if each.stopped
    ]
    if reasons:
        raise Refused(*reasons)
    alias = tx.insert(
        Alias(tx.new_id(), who.site_id, command.kind, other.id, kept.id, why, who.person_id, tx.now)
    )
    held: list[str] = []
    if command.kind == "supplier":
        held = await _stopped(tx, kept, other, why)
    elif command.kind == "item":
        held = await _unqualified(tx, kept, other, why)
    await join_series(tx, joining, why)
    if command.kind != "consignee":
        await alias_changed(tx, *await same_ids(tx, kept.id), other.id)
    tx.record(
        "doubles_merged", command.kind, kept.id, reason=why, kind=command.kind, kept=kept.code, alias=other.code,
        **({"held": held} if held else {}),
    )  # fmt: skip
    return Merged(alias, held)


async def _recalled(tx: Change, kept: Consignee, other: Consignee) -> list[Reason]:
    """While a recall waits for either of them, its letters and answers stay with whom they were sent to."""
    chosen = among(tx, "consignee_id", [kept.id, other.id])
    open_ones = await tx.all(
        Recall,
        f"status not in ('closed', 'withdrawn') and id in (select recall_id from recall_consignee where "
        f"{chosen.where}) order by number",
        chosen.argument,
    )
    return [Reason("double_in_recall", {"recall": each.number}) for each in open_ones]


async def _stopped(tx: Change, kept: Supplier, other: Supplier, why: str) -> list[str]:
    """What is blocked or taken back of one is so of both, and what lies here of it is held."""
    same = [*await same_ids(tx, kept.id), other.id]
    if "blocked" in (kept.status, other.status):
        if kept.status != "blocked":
            kept = tx.update(kept, status="blocked")
        return (await hold_stock(tx, kept, None, why, same)).held
    items = await taken_back(tx, same)
    return (await hold_stock(tx, kept, items, why, same)).held if items else []


async def _unqualified(tx: Change, kept: Item, other: Item, why: str) -> list[str]:
    """A supplier that was suspended or withdrawn for the item under either code is so under both, and what lies here
    of it is held."""
    same = [*await same_ids(tx, kept.id), other.id]
    which = among(tx, "item_id", same)
    taken = await tx.all(
        Qualification, f"status <> 'approved' and {which.where} order by supplier_id, id", which.argument
    )
    held: list[str] = []
    for supplier_id in dict.fromkeys([await kept_id(tx, each.supplier_id) for each in taken]):
        held += (await hold_stock(tx, await tx.get(Supplier, supplier_id), same, why)).held
    return held


async def _good(tx: Change, item: Item) -> Good:
    """An item with its aliases, as it stands now."""
    own = await tx.all(
        Plan,
        "item_id = $1 and exists (select 1 from plan_version where plan_id = plan.id and status = 'effective')",
        item.id,
    )
    return Good(item, await factors_of(tx, item.id), frozenset(each.stage for each in own))
