"""What the export walk does beside the stock walk: ship and take back, recall and exercise, so that every record and
report has something to say. Texts try to be formulas, markup and characters without a shape."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal

from backend.actions.begin_recall import BeginRecall, begin_recall
from backend.actions.finish_mock_recall import FinishMockRecall, finish_mock_recall
from backend.actions.keep_consignee import KeepConsignee, keep_consignee
from backend.actions.note_recall_letter import NoteRecallLetter, note_recall_letter
from backend.actions.record_environment import RecordEnvironment, record_environment
from backend.actions.record_recall_answer import AnsweredLine, RecordRecallAnswer, record_recall_answer
from backend.actions.ship_lots import ShipLots, ship_lots
from backend.actions.start_mock_recall import StartMockRecall, start_mock_recall
from backend.actions.start_recall import StartRecall, start_recall
from backend.actions.state_process import StateProcess, state_process
from backend.actions.take_return import TakeReturn, take_return
from backend.domain.consignees import Consignee, Contact
from backend.domain.environment import StatedValue
from backend.domain.lots import SHIPPABLE, Lot, Portion
from backend.domain.process_facts import StatedFact
from backend.domain.proofs import signing_challenge
from backend.domain.recalls import Basis, Count, MockRecall, Recall, RecallConsignee, RecallLine
from backend.domain.shipments import ShipmentLine, WishedLine
from backend.identity.passkeys import decode
from tests.campaigns import stock_hands as hands
from tests.campaigns import stock_opening as opening
from tests.campaigns import stock_quality as quality
from tests.campaigns.stock_ground import Ground
from tests.faults.decisions import PARTY, digest_of
from tests.faults.factory import SYSTEM

CONSIGNEES = (("H-1", "人民医院"), ("H=2", "=1+1 *Clinic* #x"), ("H-3", "𠮷野 <b>&amp; St. Mary"))
WORDS = ("needles may break", "=HYPERLINK(1) *bold* #x", "断针，见投诉 C-7\n第二行")


async def consignees(walk: Ground) -> None:
    """Who may be shipped to."""
    for code, name in CONSIGNEES:
        contact = Contact(f"陈 {name}", "chen@hospital.example", "+86 21 5550 0100")
        command = KeepConsignee(
            id=walk.store.new_id(), consignee_id=None, code=code, name=name, address="1 Nanjing Road\nShanghai",
            country="CN", language=walk.chance.choice(("en", "zh")), contacts=[contact] * walk.chance.choice((1, 2)),
        )  # fmt: skip
        await keep_consignee(walk.store, walk.people["wei"], command)


async def ship(walk: Ground) -> bool:
    """One or two lots that may leave, a part of each."""
    to = await walk.some(Consignee)
    portions = await walk.store.read.all(Portion, "quantity > 0 order by id")
    there = {each.lot_id: each.quantity for each in portions if each.status in SHIPPABLE}
    if not there:
        return False
    chosen = walk.chance.sample(sorted(there), min(len(there), walk.chance.choice((1, 2))))
    lines = [
        WishedLine((await walk.store.read.get(Lot, each)).number, walk.quantity(there[each]))
        for each in chosen
    ]
    command = ShipLots(
        id=walk.store.new_id(), consignee_id=to.id, lines=lines, order_number="=PO 7", carrier="顺丰 SF",
        papers=["certificate of release"],
    )  # fmt: skip
    await ship_lots(walk.store, walk.people["wei"], command)
    return True


async def take_back(walk: Ground) -> bool:
    """Some of what was shipped."""
    line = await walk.some(ShipmentLine)
    if line is None:
        return False
    command = TakeReturn(
        id=walk.store.new_id(), shipment_line_id=line.id, quantity=walk.quantity(line.quantity),
        reason=walk.chance.choice(WORDS),
    )  # fmt: skip
    await take_return(walk.store, walk.people["wei"], command)
    return True


async def recall(walk: Ground) -> bool:
    """One of the two signatures, mostly about what somebody has; two started recalls are enough of a factory."""
    waiting = await walk.some(Recall, "status = 'signed_once'")
    started = await walk.store.read.all(Recall, "status = 'in_force'")
    lot = await walk.some(Lot, "id in (select lot_id from shipment_line)")
    if lot is None and walk.chance.random() < 0.1:
        lot = await walk.lot()
    if lot is None or len(started) > 1:
        return False
    recall_id = waiting.id if waiting is not None else None
    basis = None if waiting is not None else Basis("lot", lot.number)
    login = walk.chance.choice(("sofia", "quinn"))
    wish = BeginRecall(
        id=walk.store.new_id(), recall_id=recall_id, basis=basis, reason=walk.chance.choice(WORDS)
    )
    begun = await begin_recall(walk.store, walk.people[login], wish)
    command = StartRecall(
        id=walk.store.new_id(),
        recall_id=recall_id,
        basis=basis,
        nonce=begun.nonce,
        digest=digest_of(begun.record),
        assertion=walk.passkeys[login].sign(signing_challenge(begun.record, decode(begun.nonce))),
        accountability_accepted=True,
    )
    await start_recall(walk.store, walk.people[login], command, PARTY)
    return True


async def answer(walk: Ground) -> bool:
    """A letter is noted, or an answer; now and then more than was shipped."""
    asked = await walk.some(RecallConsignee)
    if asked is None:
        return False
    if asked.letter_at is None or walk.chance.random() < 0.2:
        note = NoteRecallLetter(
            id=walk.store.new_id(),
            recall_id=asked.recall_id,
            consignee_id=asked.consignee_id,
            channel="email",
        )
        await note_recall_letter(walk.store, walk.people["quinn"], note)
        return True
    lines = await walk.store.read.all(
        RecallLine, "recall_id = $1 and consignee_id = $2 order by id", asked.recall_id, asked.consignee_id
    )
    command = RecordRecallAnswer(
        id=walk.store.new_id(), recall_id=asked.recall_id, consignee_id=asked.consignee_id,
        answer=walk.chance.choice(WORDS), lines=[_answered(walk, line) for line in lines],
    )  # fmt: skip
    await record_recall_answer(walk.store, walk.people["quinn"], command)
    return True


def _answered(walk: Ground, line: RecallLine) -> AnsweredLine:
    half = format(line.quantity / 2, "f")
    whole = {walk.chance.choice(("returned", "destroyed", "used", "lost")): format(line.quantity, "f")}
    return AnsweredLine(line.id, **walk.chance.choice((whole, {"used": half, "lost": half}, {"used": half})))


async def exercise(walk: Ground) -> bool:
    """A mock recall is started, or the running one finished."""
    running = await walk.some(MockRecall, "status = 'running'")
    lot = await walk.lot()
    if running is None:
        if lot is None:
            return False
        start = StartMockRecall(
            id=walk.store.new_id(), basis=Basis("lot", lot.number), reason=walk.chance.choice(WORDS)
        )
        await start_mock_recall(walk.store, walk.people["quinn"], start)
        return True
    counted = [
        Count(each.lot, format(each.on_hand - walk.chance.choice((0, 0, each.on_hand)), "f"))
        for each in running.lots
        if walk.chance.random() < 0.8
    ]
    reached = [each.code for each in running.consignees if walk.chance.random() < 0.7]
    command = FinishMockRecall(
        id=walk.store.new_id(), mock_id=running.id, counted=counted, reached=reached, note=walk.chance.choice(WORDS)
    )  # fmt: skip
    await finish_mock_recall(walk.store, walk.people["quinn"], command)
    return True


async def state(walk: Ground) -> bool:
    """With what a lot is made, in words that try to be formulas, and what sensors say there."""
    lot = await walk.some(Lot, "production_order is not null")
    if lot is None:
        return False
    facts = [
        StatedFact("recipe", "R-7 校验", "=2+3"), StatedFact("line", "L=1"), StatedFact("operator", "赵强"),
        StatedFact("parameter", "@SUM(A1)", f"-{walk.chance.randrange(99)}.50", "°C"),
    ]  # fmt: skip
    await state_process(walk.store, SYSTEM, StateProcess(id=walk.store.new_id(), lot_id=lot.id, facts=facts))
    at = walk.store.clock()
    value = StatedValue("L=1", "RH", "%", at, format(Decimal(walk.chance.randrange(300, 600)) / 10, "f"))
    await record_environment(walk.store, SYSTEM, RecordEnvironment(id=walk.store.new_id(), values=[value]))
    return True


COMMANDS: dict[str, tuple[float, Callable[[Ground], Awaitable[bool]]]] = {
    "receive": (2, hands.receive_one),
    "inspect": (4, quality.inspect),
    "correct": (0.4, quality.correct),
    "propose": (0.6, quality.propose),
    "judge": (0.6, quality.judge),
    "dispose": (1.5, quality.dispose),
    "decide": (6, quality.decide),
    "revoke": (0.5, quality.revoke),
    "split": (1.5, hands.split),
    "merge": (1, hands.merge),
    "move": (0.5, hands.move),
    "take_out": (2, hands.take),
    "hold": (0.3, hands.hold),
    "lift": (2, hands.lift),
    "start": (1, hands.start),
    "consume": (4, hands.consume),
    "finish": (1, hands.finish),
    "wait": (0.2, quality.wait),
    "retest": (0.4, quality.retest),
    "take_stock": (0.3, opening.take_stock),
    "take_over": (1, opening.take_over),
    "ship": (5, ship),
    "take_back": (1, take_back),
    "recall": (1, recall),
    "answer": (3, answer),
    "exercise": (1, exercise),
    "state": (1, state),
}
"""How often each is tried, and what it does."""
