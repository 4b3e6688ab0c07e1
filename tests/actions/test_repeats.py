"""Commands that arrive twice, late, or in another order: effect once, the first answer again (DUP-1)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest

from backend.actions.close_ncr import CloseNcr, close_ncr
from backend.actions.complete_follow_up import CompleteFollowUp, complete_follow_up
from backend.actions.consume_lot import ConsumeLot, consume_lot
from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.finish_production import FinishProduction, finish_production
from backend.actions.move_portion import MovePortion, move_portion
from backend.actions.receive_lot import receive_lot
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.actions.start_production import StartProduction, start_production
from backend.domain.errors import LotgateError
from backend.domain.items import Item
from backend.domain.lots import Portion
from backend.domain.ncrs import FollowUp, PlannedFollowUp
from backend.domain.people import Who
from backend.domain.receiving import Received
from backend.domain.sites import Location
from backend.store.door import Store
from tests.actions.floor import Floor, codes, on_record, refusal


class Sent(NamedTuple):
    """One command on its way, as the phone keeps it in its outbox."""

    do: Callable[[], Awaitable[object]]
    name: str


class Outbox:
    """Keeps every command that was sent, to send it again."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.sent, self.answers = floor, list[Sent](), list[object]()

    async def send(
        self, action: Callable[[Store, Who, Any], Awaitable[Any]], login: str, command: Any
    ) -> Any:
        """Send it; its answer is kept."""
        who = await self.floor.who(login)
        return await self.keep(lambda: action(self.floor.store, who, command), action.__name__)

    async def keep(self, do: Callable[[], Awaitable[Any]], name: str) -> Any:
        """Do it, and remember how."""
        self.sent.append(Sent(do, name))
        self.answers.append(await do())
        return self.answers[-1]


async def working_day(floor: Floor) -> Outbox:
    """Each kind of command once, in an order in which each is possible."""
    box, new_id, read = Outbox(floor), floor.new_id, floor.store.read
    tubing: Received = await box.send(receive_lot, "wang", floor.scan("0411/1"))
    assert tubing.inspection is not None
    entries = [Entry(item_key="OD-1", entered="4.31", confirmed=True)]
    failed = await box.send(
        record_results, "li", RecordResults(id=new_id(), inspection_id=tubing.inspection.id, entries=entries)
    )
    ncr, day = failed.ncrs[0], (await floor.store.today(floor.site_id)).isoformat()
    await box.send(contain_ncr, "novak", ContainNcr(id=new_id(), ncr_id=ncr, containment="set aside"))
    promise = PlannedFollowUp("ask", (await floor.who("novak")).person_id, day)
    decision = DisposeNcr(
        id=new_id(), ncr_id=ncr, disposition="use_as_is", justification="thin", follow_ups=[promise]
    )
    await box.send(dispose_ncr, "novak", decision)
    follow_up = await read.first(FollowUp, "ncr_id = $1", ncr)
    assert follow_up is not None
    done = CompleteFollowUp(id=new_id(), follow_up_id=follow_up.id, outcome="asked")
    await box.send(complete_follow_up, "novak", done)
    await box.send(close_ncr, "novak", CloseNcr(id=new_id(), ncr_id=ncr))
    right = CorrectResult(id=new_id(), reading_id=failed.readings[0], entered="4.11", reason="wrong roll")
    await box.send(correct_result, "li", right)
    needles: Received = await box.send(receive_lot, "wang", floor.scan("0412/2"))
    assert needles.inspection is not None
    await floor.shift.inspect(needles.inspection.id, "li")
    portion = await read.first(Portion, "lot_id = $1", needles.lot_id)
    place = await read.first(Location, "code = 'QUA-2'")
    assert portion is not None and place is not None
    await box.send(
        move_portion, "wang", MovePortion(id=new_id(), portion_id=portion.id, location_id=place.id)
    )
    sun = (await floor.sign_in("sun")).who
    command = floor.by_password(sun, needles.receipt_id, await floor.begin(sun, needles.receipt_id))
    await box.keep(lambda: floor.sign(sun, command), "sign_release")
    item = await read.first(Item, "code = 'SET-20'")
    assert item is not None
    start = StartProduction(id=new_id(), item_id=item.id, production_order="MO-9")
    lot = await box.send(start_production, "zhao", start)
    taken = ConsumeLot(id=new_id(), lot_id=lot.id, parent_number=needles.lot_number, quantity="100")
    await box.send(consume_lot, "zhao", taken)
    finish = FinishProduction(id=new_id(), lot_id=lot.id, quantity="100", made_on=day)
    await box.send(finish_production, "zhao", finish)
    return box


@pytest.mark.proves("DUP-1")
async def test_a_day_sent_again_in_any_order_after_days_changes_nothing(floor: Floor) -> None:
    box = await working_day(floor)
    assert len({each.name for each in box.sent}) == 12
    before, events = await on_record(floor.store), await floor.count("event")
    floor.clock.forward(floor.clock.now + timedelta(days=4))
    as_sent = list(range(len(box.sent)))
    for places in (as_sent, as_sent[::-1], Random(7).sample(as_sent, len(as_sent))):
        answers = [await box.sent[place].do() for place in places]
        assert answers == [box.answers[place] for place in places], "the first answer, again"
    assert await asyncio.gather(*(each.do() for each in box.sent)) == box.answers
    assert await on_record(floor.store) == before
    assert await floor.count("event") == events


@pytest.mark.proves("DUP-1")
async def test_a_command_sent_ten_times_at_once_has_effect_once(floor: Floor) -> None:
    wang, command = await floor.who("wang"), floor.scan("0411/1", quantity="100")
    answers = await asyncio.gather(*(receive_lot(floor.store, wang, command) for _ in range(10)))
    assert len({answer.receipt_id for answer in answers}) == 1
    line = floor.labels["0411/1"].order_line_id
    assert await floor.count("receipt where order_line_id = $1", line) == 1
    fresh = [msgspec.structs.replace(command, id=floor.new_id()) for _ in range(3)]
    await asyncio.gather(*(receive_lot(floor.store, wang, each) for each in fresh))
    assert await floor.count("receipt where order_line_id = $1", line) == 4, "without the id each would count"


@pytest.mark.proves("DUP-1")
async def test_commands_before_their_time_are_refused_and_succeed_when_sent_again(floor: Floor) -> None:
    """The outbox sends a consumption before the release has come: refused, kept, sent again."""
    zhao = await floor.who("zhao")
    received = await floor.inspected("0412/2")
    item = await floor.store.read.first(Item, "code = 'SET-20'")
    assert item is not None
    start = StartProduction(id=floor.new_id(), item_id=item.id, production_order="MO-9")
    lot = await start_production(floor.store, zhao, start)
    early = ConsumeLot(id=floor.new_id(), lot_id=lot.id, parent_number=received.lot_number, quantity="5")
    assert await codes(consume_lot(floor.store, zhao, early)) == ["not_enough_released"]
    await floor.shift.sign(received.receipt_id)
    assert (await consume_lot(floor.store, zhao, early)).child.id == lot.id


async def test_an_id_used_for_something_else_is_refused(floor: Floor) -> None:
    wang, command = await floor.who("wang"), floor.scan("0411/1", quantity="100")
    await receive_lot(floor.store, wang, command)
    other = msgspec.structs.replace(command, quantity="101")
    error: LotgateError = await refusal(receive_lot(floor.store, wang, other))
    assert error.reasons[0].code == "command_id_reused"
    li = await floor.who("li")
    stolen = RecordResults(id=command.id, inspection_id="x", entries=[Entry(item_key="a", entered="1")])
    assert await codes(record_results(floor.store, li, stolen)) == ["command_id_reused"]
