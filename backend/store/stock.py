"""Writing stock: portions change by the step table only, and the lot's status follows them."""

from __future__ import annotations

from decimal import Decimal

from backend.domain.lots import PORTION_STEPS, Lot, Movement, Portion, derived_status
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.together import Ask, ask


def portions_of(lot_id: str) -> Ask:
    """All portions of a lot."""
    return ask(Portion, "lot_id = $1 order by id", lot_id)


async def step_portions(
    tx: Change, lot: Lot, step: str, receipt_id: str | None = None, only: tuple[str, ...] = ()
) -> Lot:
    """Take a step with every portion of the lot, or of one receipt, that still holds something.

    `only`: leave portions of any other status as they are.
    """
    asked = portions_of(lot.id)
    portions = await tx.all(Portion, asked.where, *asked.args)
    changed = []
    for portion in portions:
        portion = await tx.get(Portion, portion.id)
        concerned = receipt_id is None or portion.receipt_id == receipt_id
        if concerned and portion.quantity > 0 and (not only or portion.status in only):
            status = take(PORTION_STEPS, step, portion.status)
            if status != portion.status:
                portion = tx.update(portion, status=status)
        changed.append(portion)
    return keep_status(tx, lot, changed)


def keep_status(tx: Change, lot: Lot, portions: list[Portion]) -> Lot:
    """Store what the portions add up to, where it changed."""
    status = derived_status(portions)
    return tx.update(lot, status=status) if status != lot.status else lot


def move(
    tx: Change,
    portion: Portion,
    kind: str,
    quantity: Decimal,
    from_location: str | None,
    to_location: str | None,
) -> None:
    """A line of the movement ledger."""
    tx.insert(
        Movement(
            tx.new_id(),
            portion.site_id,
            portion.lot_id,
            portion.id,
            kind,  # type: ignore[arg-type]
            quantity,
            from_location,
            to_location,
            tx.who.person_id,
            tx.now,
        )
    )
