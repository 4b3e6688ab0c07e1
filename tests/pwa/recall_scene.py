"""Something to recall, played beside the page: two pieces of a released product under numbers of their own, one shipped
and under recall, one whose recall waits for its second signature, and an exercise."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from backend.actions.begin_recall import BeginRecall, begin_recall
from backend.actions.keep_consignee import KeepConsignee, keep_consignee
from backend.actions.ship_lots import ShipLots, ship_lots
from backend.actions.sign_in import sign_in
from backend.actions.split_lot import SplitLot, split_lot
from backend.actions.start_mock_recall import StartMockRecall, start_mock_recall
from backend.actions.start_recall import StartRecall, start_recall
from backend.demo.people import BY_LOGIN
from backend.demo.shift import NO_PASSKEYS, PastClock, Shift
from backend.domain.canonical import canonical
from backend.domain.consignees import Consignee, Contact
from backend.domain.lots import Lot, Portion
from backend.domain.recalls import Basis, Recall
from backend.domain.shares import Share
from backend.domain.shipments import WishedLine
from tests.actions.documents_in_force import fresh_code
from tests.pwa.house import House

AGO = timedelta(hours=2)
"""One-time codes of two hours ago stand in the way of nobody who signs now."""


async def play_recalls(house: House) -> None:
    """Once; whoever asks again finds it there."""
    await house.play(_play, PastClock(datetime.now(UTC) - AGO))


async def _play(shift: Shift) -> None:
    if await shift.store.read.first(Recall, "site_id = $1", shift.site_id) is not None:
        return
    to = await consignee(shift)
    recalled, waiting = await piece(shift, "5"), await piece(shift, "2")
    command = ShipLots(
        id=shift.store.new_id(),
        consignee_id=to.id,
        lines=[WishedLine(recalled.number, "3")],
        carrier="顺丰",
        waybill="SF1000001",
        papers=["出厂放行单"],
    )
    await ship_lots(shift.store, await shift.who("wang"), command)
    first = await sign(shift, "sun", Basis("lot", recalled.number), None)
    await sign(shift, "zhou", None, first)
    await sign(shift, "sun", Basis("lot", waiting.number), None)
    start = StartMockRecall(
        id=shift.store.new_id(), basis=Basis("lot", waiting.number), reason="yearly exercise"
    )
    await start_mock_recall(shift.store, await shift.who("novak"), start)


async def consignee(shift: Shift, code: str = "H-01", name: str = "上海第六人民医院") -> Consignee:
    """Somebody to ship to."""
    command = KeepConsignee(
        id=shift.store.new_id(),
        consignee_id=None,
        code=code,
        name=name,
        address="宜山路 600 号",
        country="中国",
        language="zh",
        contacts=[Contact("陈医生", "chen@hospital.example", "+86 21 5550 0100")],
    )
    return await keep_consignee(shift.store, await shift.who("wang"), command)


async def piece(shift: Shift, quantity: str) -> Lot:
    """So much of a released finished lot under a number of its own."""
    lot = await shift.store.read.first(
        Lot,
        "status = 'released' and item_id in (select id from item where kind = 'finished') "
        "and split_from is null order by created_at",
    )
    assert lot is not None
    lying = await shift.store.read.all(Portion, "lot_id = $1 and status = 'released' order by id", lot.id)
    share = Share(next(each.id for each in lying if each.quantity > Decimal(100)), quantity)
    command = SplitLot(id=shift.store.new_id(), lot_number=lot.number, shares=[share], reason="a parcel")
    return (await split_lot(shift.store, await shift.who("wang"), command)).child


async def sign(shift: Shift, login: str, basis: Basis | None, first: Recall | None) -> Recall:
    """One of two signatures, by password and one-time code."""
    person, recall_id = BY_LOGIN[login], first.id if first is not None else None
    code = await fresh_code(shift, login)  # first: it may set the clock past the life of a request
    session = await sign_in(shift.store, shift.site_id, login, person.password)
    wish = BeginRecall(
        id=shift.store.new_id(), recall_id=recall_id, basis=basis, reason="连接处可能脱开", passkey=False
    )
    begun = await begin_recall(shift.store, session.who, wish)
    command = StartRecall(
        id=shift.store.new_id(),
        recall_id=recall_id,
        basis=basis,
        nonce=begun.nonce,
        digest=hashlib.sha256(canonical(begun.record)).hexdigest(),
        password=person.password,
        totp=code,
        accountability_accepted=True,
    )
    recall = await start_recall(shift.store, session.who, command, NO_PASSKEYS)
    shift.clock.forward(shift.clock.now + timedelta(minutes=2))
    return recall
