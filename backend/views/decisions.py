"""What was decided on lots, day by day (UTC), as other systems take it."""

from __future__ import annotations

from backend.store.reader import Reader

HEAD = (
    "decided_at", "decision", "lot", "item", "supplier", "supplier_lot", "production_order", "quantity", "unit",
    "expires_on", "decided_by", "superseded_at",
)  # fmt: skip
DECIDED = ("release_signed", "release_revoked", "revocation_closed")


async def days_decided(read: Reader, site_id: str, seq: int) -> tuple[list[str], int]:
    """Days on which something was decided, or a decision of which was taken back, by the log after `seq`; and the
    place up to which it was read."""
    end = int((await read.rows("select coalesce(max(seq), -1) from event"))[0][0])
    marks = ", ".join(f"'{each}'" for each in DECIDED)
    rows = await read.rows(
        "select distinct substr(release.decided_at, 1, 10) from event "
        "join release on release.lot_id = event.subject_id "
        f"where event.type in ({marks}) and event.site_id = $1 and event.seq > $2 and event.seq <= $3 order by 1",
        site_id,
        seq,
        end,
    )
    return [day for (day,) in rows], end


async def decisions_of(read: Reader, site_id: str, day: str) -> list[list[object]]:
    """All of a day, in order; what was superseded says so."""
    rows = await read.rows(
        "select release.decided_at, release.decision, lot.number, item.code, supplier.code, lot.supplier_lot, "
        "lot.production_order, coalesce(release.quantity, receipt.quantity), item.unit, lot.expires_on, "
        "person.printed_name, release.superseded_at "
        "from release join lot on lot.id = release.lot_id join item on item.id = lot.item_id "
        "join receipt on receipt.id = release.receipt_id join person on person.id = release.person_id "
        "left join supplier on supplier.id = lot.supplier_id "
        "where release.site_id = $1 and release.decided_at >= $2 and release.decided_at < $3 "
        "order by release.decided_at, release.id",
        site_id,
        f"{day}T",
        f"{day}U",
    )
    return [list(row) for row in rows]
