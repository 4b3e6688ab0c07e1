"""What hands do with stock in the stock walk: receive, divide, move, use, make, take out; hold and let go."""

from __future__ import annotations

from decimal import Decimal

from backend.actions.consume_lot import ConsumeLot, consume_lot
from backend.actions.finish_production import FinishProduction, finish_production
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.merge_lots import MergeLots, merge_lots
from backend.actions.move_portion import MovePortion, move_portion
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.actions.split_lot import SplitLot, split_lot
from backend.actions.start_production import StartProduction, start_production
from backend.actions.take_out import TakeOut, take_out
from backend.domain.items import OrderLine
from backend.domain.lots import Hold, Lot, Portion
from backend.domain.sites import Location
from tests.campaigns.stock_ground import USABLE, Ground
from tests.faults.factory import SITE, SYSTEM


async def receive_one(walk: Ground) -> bool:
    """Take in an expected delivery, or a part of it; the rest comes as another receipt of the same lot."""
    if not walk.lines:
        return False
    line = await walk.store.read.get(OrderLine, walk.lines[-1].id)
    command = ReceiveLot(
        id=walk.store.new_id(),
        order_line_id=line.id,
        supplier_lot=f"S-{line.purchase_order}",
        expires_on="2099-12-31",
        quantity=walk.quantity(line.quantity - line.received) if walk.chance.random() < 0.5 else None,
    )
    await receive_lot(walk.store, walk.people["wei"], command)
    if (await walk.store.read.get(OrderLine, line.id)).status == "complete":
        walk.lines.pop()
    return True


async def repack(walk: Ground) -> bool:
    """Another factor from now on."""
    if walk.chance.random() < 0.3:
        await walk.measured("box", "1", walk.chance.choice(("10", "12")), walk.product)
    else:
        await walk.measured("roll", walk.chance.choice(("3", "6")), walk.chance.choice(("250", "100")))
    return True


async def split(walk: Ground) -> bool:
    """Parts of a lot under a number of their own."""
    lot = await walk.lot()
    if lot is None:
        return False
    command = SplitLot(
        id=walk.store.new_id(),
        lot_number=lot.number,
        shares=await walk.shares("lot_id", lot.id),
        reason="two lines",
    )
    await split_lot(walk.store, walk.people["wei"], command)
    return True


async def merge(walk: Ground) -> bool:
    """Two or three lots, now and then the same one twice."""
    lots = [await walk.lot() for _ in range(walk.chance.choice((2, 2, 3)))]
    numbers = [lot.number for lot in lots if lot is not None]
    if walk.chance.random() < 0.3:
        numbers += numbers[:1]
    command = MergeLots(id=walk.store.new_id(), numbers=numbers, reason="one pallet")
    await merge_lots(walk.store, walk.people["quinn"], command)
    return True


async def move(walk: Ground) -> bool:
    """A portion to any location."""
    portion, place = await walk.some(Portion, "quantity > 0"), await walk.some(Location)
    if portion is None:
        return False
    command = MovePortion(id=walk.store.new_id(), portion_id=portion.id, location_id=place.id)
    await move_portion(walk.store, walk.people["wei"], command)
    return True


async def take(walk: Ground) -> bool:
    """Out for good."""
    lot = await walk.lot()
    if lot is None:
        return False
    command = TakeOut(
        id=walk.store.new_id(),
        lot_number=lot.number,
        fate=walk.chance.choice(("sampled", "scrapped", "returned_out")),
        shares=await walk.shares("lot_id", lot.id),
        reason="by chance",
    )
    await take_out(walk.store, walk.people["quinn"], command)
    return True


async def hold(walk: Ground) -> bool:
    """By hand."""
    lot = await walk.lot()
    if lot is None:
        return False
    command = HoldLot(id=walk.store.new_id(), lot_number=lot.number, reason="wet")
    await hold_lot(walk.store, walk.people["quinn"], command)
    return True


async def lift(walk: Ground) -> bool:
    """Whatever holds something."""
    found = await walk.some(Hold, "lifted_at is null")
    lot = await walk.store.read.get(Lot, found.lot_id) if found is not None else None
    if lot is None:
        return False
    command = LiftHold(id=walk.store.new_id(), lot_number=lot.number, code=found.code, reason="dry")
    await lift_hold(walk.store, walk.people["quinn"], command)
    return True


async def start(walk: Ground) -> bool:
    """A production lot."""
    command = StartProduction(
        id=walk.store.new_id(), item_id=walk.product.id, production_order=walk.store.new_id()[-8:]
    )
    await start_production(walk.store, SYSTEM, command)
    return True


async def consume(walk: Ground) -> bool:
    """Some of a lot into one that is being made; now and then what may not be used."""
    child = await walk.some(Lot, "status = 'in_production'")
    usable = "status in ('released', 'conceded', 'conditional')"
    parent = await walk.some(Lot, usable) or await walk.lot()
    if child is None or parent is None:
        return False
    lying = await walk.store.read.all(Portion, "lot_id = $1 order by id", parent.id)
    there = sum((portion.quantity for portion in lying if portion.status in USABLE), Decimal(0))
    command = ConsumeLot(
        id=walk.store.new_id(),
        lot_id=child.id,
        parent_number=parent.number,
        quantity=walk.quantity(there, parent.item_id == walk.product.id),
    )
    await consume_lot(walk.store, SYSTEM, command)
    return True


async def finish(walk: Ground) -> bool:
    """What was made goes into stock."""
    lot = await walk.some(Lot, "status = 'in_production'")
    if lot is None:
        return False
    command = FinishProduction(
        id=walk.store.new_id(),
        lot_id=lot.id,
        quantity=walk.chance.choice(("50", "4 box", "0.3 box", "0.3 box")),
        made_on=(await walk.store.today(SITE)).isoformat(),
    )
    await finish_production(walk.store, SYSTEM, command)
    return True
