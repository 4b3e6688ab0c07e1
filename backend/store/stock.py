"""Writing stock: portions change by the step table only, and the lot's status follows them."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import refuse
from backend.domain.lots import PORTION_STEPS, Lot, Movement, MovementKind, Portion, derived_status
from backend.domain.material_units import Converted
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


async def lot_named(tx: Change, number: str, field: str = "lot_number") -> Lot:
    """A lot of this site by our number; `field` is what a refusal names."""
    lot = await tx.first(Lot, "site_id = $1 and number = $2", tx.who.site_id, number.strip())
    if lot is None:
        raise refuse("lot_unknown", field=field, lot=number.strip())
    return lot


def divide(tx: Change, portion: Portion, quantity: Decimal) -> Portion:
    """A quantity of a portion as a portion of its own; what is left stays behind. All of it: the portion itself."""
    if quantity == portion.quantity:
        return portion
    tx.update(portion, quantity=portion.quantity - quantity)
    return tx.insert(msgspec.structs.replace(portion, id=tx.new_id(), quantity=quantity, version=1))


async def follow_portions(tx: Change, lot: Lot) -> Lot:
    """The lot's status after this change has divided, moved or decided portions of it."""
    asked = portions_of(lot.id)
    known = [await tx.get(Portion, portion.id) for portion in await tx.all(Portion, asked.where, *asked.args)]
    ids = {portion.id for portion in known}
    new = [each for each in tx.pending(Portion) if each.lot_id == lot.id and each.id not in ids]
    return keep_status(tx, await tx.get(Lot, lot.id), [*known, *new])


def keep_status(tx: Change, lot: Lot, portions: list[Portion]) -> Lot:
    """Store what the portions add up to, where it changed; a lot that is being made has none yet."""
    status = derived_status(portions) if portions else lot.status
    return tx.update(lot, status=status) if status != lot.status else lot


def move(
    tx: Change,
    portion: Portion,
    kind: MovementKind,
    quantity: Decimal,
    from_location: str | None,
    to_location: str | None,
    entered: Converted | None = None,
) -> None:
    """A line of the movement ledger."""
    tx.insert(
        Movement(
            tx.new_id(),
            portion.site_id,
            portion.lot_id,
            portion.id,
            kind,
            quantity,
            from_location,
            to_location,
            tx.who.person_id,
            tx.now,
            entered,
        )
    )
