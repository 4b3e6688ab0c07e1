"""What has happened at the demo factory before today, played through the actions so that the log holds it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from backend.actions.close_ncr import CloseNcr, close_ncr
from backend.actions.complete_follow_up import CompleteFollowUp, complete_follow_up
from backend.actions.consume_lot import ConsumeLot, consume_lot
from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.finish_production import FinishProduction, finish_production
from backend.actions.start_production import StartProduction, start_production
from backend.demo.deliveries import DemoLabel
from backend.demo.materials import SET
from backend.demo.shift import Shift
from backend.domain.items import Item
from backend.domain.lots import Lot
from backend.domain.ncrs import FollowUp, Ncr, PlannedFollowUp
from backend.domain.receiving import Received

SETS = ("TUB-30", "1500"), ("NDL-21", "1000"), ("PCH-15", "1000"), ("LUR-06", "1000"), ("DRC-20", "1000")
"""What goes into a thousand sets of the history's lots."""


class History:
    """The past days, in order. `lots`: the number of each received lot by its order line."""

    def __init__(self, shift: Shift, labels: dict[str, DemoLabel], today: date) -> None:
        self.shift, self.labels, self.today = shift, labels, today
        self.store = shift.store
        self.released: dict[str, str] = {}

    def at(self, days_ago: int, hour: int, minute: int = 0) -> None:
        """Go to an hour (UTC; Shenzhen is eight ahead) of a day."""
        day = self.today - timedelta(days_ago)
        self.shift.clock.forward(datetime.combine(day, time(hour, minute), UTC))

    async def play(self) -> None:
        """All of it."""
        await self.materials_released()
        await self.sets_made_and_released()
        await self.accepted_as_is()
        await self.returned_to_supplier()
        await self.under_containment()
        await self.waiting_for_release()
        await self.in_production()
        await self.left_in_the_middle()

    async def receive(self, order: str) -> Received:
        """Receive the delivery of a past order line (`0401/1`)."""
        return await self.shift.receive(self.labels[order])

    async def materials_released(self) -> None:
        """Five materials, received, inspected by two people, released."""
        self.at(9, 0, 40)
        received = [await self.receive(each) for each in ("0401/1", "0401/2", "0402/1", "0402/2", "0403/1")]
        self.at(9, 2)
        for place, each in enumerate(received):
            if each.inspection is not None:
                await self.shift.inspect(each.inspection.id, ("li", "garcia")[place % 2])
        self.at(8, 1, 15)
        for each in received:
            await self.shift.sign(each.receipt_id)
        for order in ("0401/1", "0401/2", "0402/1", "0402/2", "0403/1"):
            label = self.labels[order]
            self.released[label.item] = received.pop(0).lot_number

    async def sets_made_and_released(self) -> None:
        """A production lot from released lots, through its final inspection and release."""
        self.at(7, 0, 30)
        lot = await self.start("MO-2611-07")
        await self.consume(lot, 2)
        self.at(6, 8)
        done = await self.finish(lot, "2000", days_ago=6)
        self.at(5, 1)
        if done.inspection is not None:
            await self.shift.inspect(done.inspection.id, "li")
        self.at(5, 6, 30)
        await self.shift.sign(done.receipt_id)

    async def accepted_as_is(self) -> None:
        """A diameter out of limits; accepted with a reason, followed up, closed, released."""
        self.at(5, 7)
        received = await self.receive("0403/2")
        ncr = await self.fail(received, "garcia", {"OD-2": "4.23"})
        novak = await self.shift.who("novak")
        self.at(4, 1)
        text = "Roll 2 set aside and marked; other rolls of the delivery measured, all within limits."
        await contain_ncr(
            self.store, novak, ContainNcr(id=self.store.new_id(), ncr_id=ncr.id, containment=text)
        )
        self.at(4, 3)
        promise = PlannedFollowUp(
            "Ask Songlin for the extrusion record of roll 2", novak.person_id, self.today.isoformat()
        )
        await dispose_ncr(
            self.store,
            novak,
            DisposeNcr(
                id=self.store.new_id(),
                ncr_id=ncr.id,
                disposition="use_as_is",
                justification="0.03 mm over; the joint pull test of three assemblies gave 21 N and more.",
                follow_ups=[promise],
            ),
        )
        self.at(3, 2)
        follow_up = await self.store.read.first(FollowUp, "ncr_id = $1", ncr.id)
        if follow_up is not None:
            done = CompleteFollowUp(
                id=self.store.new_id(),
                follow_up_id=follow_up.id,
                outcome="Record received; die cleaned, checked.",
            )
            await complete_follow_up(self.store, novak, done)
        await close_ncr(self.store, novak, CloseNcr(id=self.store.new_id(), ncr_id=ncr.id))
        self.at(3, 3)
        await self.shift.sign(
            received.receipt_id,
            "concession",
            condition="outer diameter of roll 2 up to 4.23 mm, for assembly line 1 only",
            ends_on=(self.today + timedelta(days=180)).isoformat(),
        )

    async def returned_to_supplier(self) -> None:
        """Needles with burrs: rejected, by signature too."""
        self.at(3, 4)
        received = await self.receive("0404/1")
        ncr = await self.fail(received, "li", {"TIP-0": "2"})
        novak = await self.shift.who("novak")
        self.at(3, 6)
        await dispose_ncr(
            self.store,
            novak,
            DisposeNcr(
                id=self.store.new_id(),
                ncr_id=ncr.id,
                disposition="return_to_supplier",
                justification="Burrs on 2 of 13 points; nothing of the lot may reach assembly.",
            ),
        )
        self.at(3, 8)
        await self.shift.sign(received.receipt_id, "reject")

    async def under_containment(self) -> None:
        """Pouches that peel too easily: held, the nonconformity contained, its disposition open."""
        self.at(2, 1)
        received = await self.receive("0404/2")
        ncr = await self.fail(received, "li", {"PEL-2": "0.9"})
        self.at(2, 3)
        text = "Lot moved to a separate shelf; lots sealed on the same machine are being listed."
        novak = await self.shift.who("novak")
        await contain_ncr(
            self.store, novak, ContainNcr(id=self.store.new_id(), ncr_id=ncr.id, containment=text)
        )

    async def waiting_for_release(self) -> None:
        """Needles that passed; the supervisor has not decided yet."""
        self.at(2, 5)
        received = await self.receive("0405/1")
        if received.inspection is not None:
            await self.shift.inspect(received.inspection.id, "garcia")

    async def in_production(self) -> None:
        """One lot on the line, and one that is made and waits for its final inspection."""
        self.at(2, 7)
        made = await self.start("MO-2611-11")
        await self.consume(made, 1)
        await self.finish(made, "1000", days_ago=2)
        self.at(1, 0, 20)
        await self.consume(await self.start("MO-2611-12"), 1)

    async def left_in_the_middle(self) -> None:
        """An inspection with four of ten items answered, and deliveries that nobody has looked at."""
        self.at(1, 1)
        received = await self.receive("0406/1")
        if received.inspection is not None:
            await self.shift.inspect(received.inspection.id, "li", until=4)
        self.at(1, 8)
        await self.receive("0405/2")
        await self.receive("0406/2")

    async def fail(self, received: Received, login: str, odd: dict[str, str]) -> Ncr:
        """Inspect with a failing answer; returns the nonconformity that it opened."""
        if received.inspection is None:
            raise LookupError("no inspection")
        recorded = await self.shift.inspect(received.inspection.id, login, odd)
        return await self.store.read.get(Ncr, recorded.ncrs[0])

    async def start(self, order: str) -> Lot:
        """Start a lot of infusion sets."""
        item = await self.store.read.first(Item, "code = $1", SET)
        if item is None:
            raise LookupError(SET)
        command = StartProduction(id=self.store.new_id(), item_id=item.id, production_order=order)
        return await start_production(self.store, await self.shift.who("zhao"), command)

    async def consume(self, lot: Lot, thousands: int) -> None:
        """Take what so many thousand sets need."""
        operator = await self.shift.who("zhao")
        for item, quantity in SETS:
            taken = ConsumeLot(
                id=self.store.new_id(),
                lot_id=lot.id,
                parent_number=self.released[item],
                quantity=str(int(quantity) * thousands),
            )
            await consume_lot(self.store, operator, taken)

    async def finish(self, lot: Lot, quantity: str, days_ago: int) -> Received:
        """Enter the finished sets into stock."""
        made_on = (self.today - timedelta(days_ago)).isoformat()
        command = FinishProduction(id=self.store.new_id(), lot_id=lot.id, quantity=quantity, made_on=made_on)
        return await finish_production(self.store, await self.shift.who("zhao"), command)
