"""Which decisions stock stands under that are behind the contract maker's gate (REL-9)."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.lots import Portion
from backend.domain.part_decisions import BEHIND_GATE
from backend.domain.signatures import Release
from backend.store.many import among
from backend.store.reader import Reader


async def behind_gate(
    read: Reader, portions: Sequence[Portion], decisions: Sequence[Release]
) -> frozenset[str | None]:
    """As `past_makers_gate` asks for it; `decisions`: of the receipt, those in force."""
    stood = among(read, "id", {each.release_id for each in portions if each.release_id is not None})
    kinds = ", ".join(f"'{each}'" for each in BEHIND_GATE)
    rows = await read.rows(
        f'select id from "release" where {stood.where} and decision in ({kinds})', stood.argument
    )
    whole = any(each.number is None and each.decision != "reject" for each in decisions)
    return frozenset([*(row[0] for row in rows), *([None] if whole else [])])
