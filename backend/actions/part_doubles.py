"""Take a merger of two records back: the alias stands for itself again; what was written meanwhile stays."""

from __future__ import annotations

import msgspec

from backend.domain.aliases import Alias
from backend.domain.errors import Fact, Reason, Refused
from backend.domain.people import Who
from backend.store.aliases import codes_of, same_ids
from backend.store.change import Change
from backend.store.series import alias_changed
from backend.store.verb import verb


class PartDoubles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which merger, and why it was none."""

    id: str
    merger_id: str
    reason: str
    device_at: str | None = None


@verb
async def part_doubles(tx: Change, who: Who, command: PartDoubles) -> Alias:
    """Part them. Holds and blocks that the merger brought stay until quality lifts each."""
    alias, why = await tx.get(Alias, command.merger_id), command.reason.strip()
    codes = await codes_of(tx, alias.kind, [alias.alias_id, alias.kept_id])
    facts: dict[str, Fact] = {"code": codes[alias.alias_id], "kept": codes[alias.kept_id]}
    reasons = [] if why else [Reason("reason_missing", field="reason")]
    if alias.undone_at is not None:
        reasons.append(Reason("merger_undone", facts))
    if reasons:
        raise Refused(*reasons)
    parted = tx.update(alias, undone_by=who.person_id, undone_at=tx.now, undone_reason=why)
    if alias.kind != "consignee":
        await alias_changed(tx, *await same_ids(tx, alias.kept_id))
    tx.record(
        "doubles_parted", alias.kind, alias.kept_id, reason=why, kind=alias.kind, kept=facts["kept"],
        alias=facts["code"],
    )  # fmt: skip
    return parted
