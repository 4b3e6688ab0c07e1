"""Make two records of master data one: one is kept, the other is its alias from now on (see `domain/aliases`).

What stands against either supplier stands against both: a merger frees nothing. Signatures and past records are not
touched, and a second signature is asked for as little as for blocking or qualifying a supplier.
"""

from __future__ import annotations

import msgspec

from backend.domain.aliases import Alias, AliasKind, against_merging
from backend.domain.consignees import Consignee
from backend.domain.errors import Reason, Refused
from backend.domain.items import Supplier
from backend.domain.people import Who
from backend.domain.recalls import Recall
from backend.store.aliases import IN_FORCE, NOUNS, codes_of
from backend.store.change import Change
from backend.store.many import among
from backend.store.qualifying import hold_stock, taken_back
from backend.store.series import alias_changed
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
    """The alias, and numbers of the lots that are held by it: the other name of their supplier was stopped."""

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
    if reasons:
        raise Refused(*reasons)
    alias = tx.insert(
        Alias(tx.new_id(), who.site_id, command.kind, other.id, kept.id, why, who.person_id, tx.now)
    )
    held = await _stopped(tx, kept, other, why) if command.kind == "supplier" else []
    if command.kind == "supplier":
        await alias_changed(tx, kept.id, other.id)
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
    if "blocked" in (kept.status, other.status):
        if kept.status != "blocked":
            kept = tx.update(kept, status="blocked")
        return (await hold_stock(tx, kept, None, why, [kept.id, other.id])).held
    items = await taken_back(tx, [kept.id, other.id])
    return (await hold_stock(tx, kept, items, why, [kept.id, other.id])).held if items else []
