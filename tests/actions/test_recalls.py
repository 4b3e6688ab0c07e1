"""Recalls: what they reach, two people's signatures, all blocked at once, answers, the close; and exercises."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from backend.actions import close_recall as close_module
from backend.actions import start_mock_recall as mock_module
from backend.actions import start_recall as start_module
from backend.actions.close_recall import CloseRecall, close_recall
from backend.actions.do_job import DoJob, do_job
from backend.actions.finish_mock_recall import FinishMockRecall, finish_mock_recall
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.note_recall_letter import NoteRecallLetter, note_recall_letter
from backend.actions.start_mock_recall import StartMockRecall, start_mock_recall
from backend.actions.state_process import StateProcess, state_process
from backend.actions.withdraw_recall import WithdrawRecall, withdraw_recall
from backend.domain import recalls
from backend.domain.consignees import Consignee
from backend.domain.errors import Reason
from backend.domain.lots import Lot, Portion
from backend.domain.notices import Job, Notice
from backend.domain.process_facts import StatedFact
from backend.domain.recalls import Basis, Count, MockRecall, Recall, RecallLine, mock_outcome
from backend.domain.shipments import Shipment
from backend.store import recalling
from backend.views.recalls import recall_preview, recall_view
from tests.actions.floor import Floor, codes, on_record
from tests.actions.shipping import answered, consignee, recall_signed, recalled, sent_back, shipped
from tests.actions.test_dividing import lot_of, split
from tests.actions.test_production import consumed, finished, released, started


class Scene:
    """Needles in stock, split, shipped to two, used in a set that is shipped too."""

    needles: Lot
    part: Lot
    sets: Lot
    near: Consignee
    far: Consignee
    shipments: list[Shipment]


async def scene(floor: Floor) -> Scene:
    """As it is before anybody knows of a fault."""
    made = Scene()
    made.needles = await released(floor)
    made.near, made.far = await consignee(floor), await consignee(floor, "D-02", "Nordic Med", language="en")
    made.part = (await split(floor, made.needles.number, "1000")).child
    lot = await started(floor)
    await consumed(floor, lot, made.needles.number, "500")
    received = await finished(floor, lot, "50")
    assert received.inspection is not None
    made.sets = await floor.lot(received)
    made.shipments = [
        await shipped(floor, made.near, (made.needles.number, "800"), (made.part.number, "200")),
        await shipped(floor, made.far, (made.part.number, "300")),
    ]
    return made


@pytest.mark.proves("QUA-6", "LOT-5")
async def test_the_preview_reaches_splits_products_and_consignees(floor: Floor) -> None:
    made = await scene(floor)
    before = await on_record(floor.store)
    found = await recall_preview(floor.store.read, floor.site_id, Basis("lot", made.needles.number))
    assert {lot.number: (lot.on_hand, lot.shipped, lot.seed) for lot in found.lots} == {
        made.needles.number: (Decimal(1700), Decimal(800), True),
        made.part.number: (Decimal(500), Decimal(500), False),
        made.sets.number: (Decimal(50), Decimal(0), False),
    }
    assert [(each.code, sum(has.quantity for has in each.has)) for each in found.consignees] == [
        ("D-02", Decimal(300)),
        ("H-01", Decimal(1000)),
    ]
    assert found.consignees[1].contacts[0].phone == "+86 21 5550 0100"
    assert await on_record(floor.store) == before


async def blocked(floor: Floor) -> tuple[Scene, Recall]:
    made = await scene(floor)
    basis = Basis("lot", made.needles.number)
    sun, zhou = (await floor.sign_in("sun")).who, (await floor.sign_in("zhou")).who
    first = await recall_signed(floor, sun, basis)
    assert first.status == "signed_once"
    assert await floor.count("portion where status = 'recalled'") == 0, "one signature recalls nothing"
    assert await codes(recall_signed(floor, sun, None, first)) == ["recall_own_signature"]
    second = await recall_signed(floor, zhou, None, first)
    assert (second.id, second.status, second.reason) == (first.id, "in_force", "needles may break")
    assert {second.first_by, second.second_by} == {sun.person_id, zhou.person_id}
    for lot in (made.needles, made.part, made.sets):
        lying = await floor.store.read.all(Portion, "lot_id = $1", lot.id)
        assert {p.status for p in lying if p.quantity > 0} == {"recalled"}, lot.number
        assert (await lot_of(floor, lot.number)).status == "recalled"
    events = await floor.store.read.rows("select count(*) from event where type = 'recall_started'")
    assert events[0][0] == 1, "in one transaction"
    return made, second


@pytest.mark.proves("QUA-6")
async def test_two_people_start_it_and_all_that_lies_here_is_blocked_at_once(floor: Floor) -> None:
    made, recall = await blocked(floor)
    assert await codes(shipped(floor, made.near, (made.needles.number, "1"))) == ["not_enough_shippable"]
    assert await codes(consumed(floor, await started(floor), made.part.number, "1")) == [
        "not_enough_released"
    ]
    assert await codes(split(floor, made.part.number, "1")) == ["split_recalled"]
    lift = LiftHold(id=floor.new_id(), lot_number=made.part.number, code="recall", reason="r")
    assert await codes(lift_hold(floor.store, await floor.who("novak"), lift)) == ["hold_not_lifted_here"]
    lines = await floor.store.read.all(RecallLine, "recall_id = $1", recall.id)
    assert sum(line.quantity for line in lines) == Decimal(1300)
    assert await floor.store.read.all(Notice, "code = 'recall_started'")


def naive_against(*_: object) -> list[Reason]:
    """The broken twin of QUA-6: two signatures are enough, whoever gave them."""
    return []


async def naive_block(*_: object) -> None:
    """The broken twin of QUA-6: letters first, stock later."""


@pytest.mark.proves("QUA-6")
@pytest.mark.parametrize(
    ("module", "name", "twin"),
    [(start_module, "against_starting", naive_against), (recalling, "block", naive_block)],
)
async def test_one_signer_for_both_and_stock_left_free_are_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, twin: Any
) -> None:
    from backend.actions import begin_recall as begin_module

    monkeypatch.setattr(module, name, twin)
    if name == "against_starting":
        monkeypatch.setattr(begin_module, name, twin)
    with pytest.raises(AssertionError):
        await blocked(floor)


async def closed_in_the_end(floor: Floor) -> None:
    made, recall = await blocked(floor)
    zhou, novak = await floor.who("zhou"), await floor.who("novak")

    async def close(conclusion: str = "all is known") -> Recall:
        command = CloseRecall(id=floor.new_id(), recall_id=recall.id, conclusion=conclusion)
        return await close_recall(floor.store, zhou, command)

    letter = NoteRecallLetter(
        id=floor.new_id(), recall_id=recall.id, consignee_id=made.near.id, channel="email"
    )
    await note_recall_letter(floor.store, novak, letter)
    assert await codes(close()) == ["recall_unanswered"]
    await answered(floor, recall, made.near, used="100", returned="50")
    assert await codes(close()) == [
        "recall_unanswered", "recall_unreconciled", "recall_not_come_back", "recall_unreconciled",
        "recall_not_come_back",
    ]  # fmt: skip
    await answered(floor, recall, made.far, destroyed="299", lost="1")
    view = await recall_view(floor.store.read, recall.id, zhou.person_id)
    assert (view.effect.consignees, view.effect.written, view.effect.answered) == (2, 1, 2)
    assert view.effect.accounted == 46  # (150 + 150 + 300) of 1 300, rounded down
    assert await codes(answered(floor, recall, made.far, destroyed="301")) == ["answer_over_shipped"]
    assert await codes(answered(floor, recall, made.far, destroyed="-1")) == ["quantity_negative"]
    back = await sent_back(floor, made.shipments[0], "50", "recalled")
    lying = await floor.store.read.all(Portion, "receipt_id = $1", back.receipt_id)
    assert [portion.status for portion in lying] == ["recalled"], "what comes back stays blocked"
    lines = {
        line.lot_id: line.id
        for line in await floor.store.read.all(
            RecallLine, "recall_id = $1 and consignee_id = $2", recall.id, made.near.id
        )
    }
    from backend.actions.record_recall_answer import AnsweredLine, RecordRecallAnswer, record_recall_answer

    final = RecordRecallAnswer(
        id=floor.new_id(),
        recall_id=recall.id,
        consignee_id=made.near.id,
        answer="counted again",
        lines=[
            AnsweredLine(lines[made.needles.id], returned="50", used="750"),
            AnsweredLine(lines[made.part.id], used="200"),
        ],
    )
    await record_recall_answer(floor.store, novak, final)
    view = await recall_view(floor.store.read, recall.id, zhou.person_id)
    assert (view.effect.accounted, view.against_closing) == (100, [])
    assert {lot.number: (lot.blocked, lot.lies, lot.came_back) for lot in view.lots}[made.needles.number] == (
        Decimal(1700),
        Decimal(1750),
        Decimal(50),
    )
    assert await codes(close(" ")) == ["reason_missing"]
    done = await close()
    assert (done.status, done.conclusion) == ("closed", "all is known")
    assert await codes(answered(floor, recall, made.far, used="1")) == ["recall_not_in_force"]


@pytest.mark.proves("QUA-6")
async def test_it_closes_only_when_all_have_answered_and_every_unit_is_accounted_for(floor: Floor) -> None:
    await closed_in_the_end(floor)


def naive_closing(unanswered: Any, lines: Any, conclusion: str) -> list[Reason]:
    """The broken twin of QUA-6: most have answered."""
    return recalls.against_closing([], lines, conclusion) if len(unanswered) > 1 else []


@pytest.mark.proves("QUA-6")
async def test_closing_early_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(close_module, "against_closing", naive_closing)
    with pytest.raises(AssertionError):
        await closed_in_the_end(floor)


@pytest.mark.proves("QUA-6")
async def test_what_is_under_recall_is_refused_or_stays_with_its_own(floor: Floor) -> None:
    made = await scene(floor)
    inner = await recalled(floor, Basis("lot", made.part.number))
    sun, zhou = (await floor.sign_in("sun")).who, (await floor.sign_in("zhou")).who
    again = recall_signed(floor, sun, Basis("lot", made.part.number))
    assert await codes(again) == ["recalled_already"]
    wider = await recall_preview(floor.store.read, floor.site_id, Basis("lot", made.needles.number))
    assert [(each.lot_number, each.recall) for each in wider.elsewhere] == [(made.part.number, inner.number)]
    first = await recall_signed(floor, sun, Basis("lot", made.needles.number))
    await recall_signed(floor, zhou, None, first)
    assert await floor.count("recall_lot where lot_id = $1", made.part.id) == 1
    assert await floor.count("recall_lot where lot_id = $1", made.needles.id) == 1


@pytest.mark.proves("QUA-6", "REL-1")
async def test_one_that_nobody_signed_second_is_withdrawn_and_one_in_force_is_not(floor: Floor) -> None:
    made = await scene(floor)
    sun, novak = (await floor.sign_in("sun")).who, await floor.who("novak")
    first = await recall_signed(floor, sun, Basis("lot", made.needles.number))

    async def withdraw(recall: Recall, reason: str = "the wrong lot") -> Recall:
        command = WithdrawRecall(id=floor.new_id(), recall_id=recall.id, reason=reason)
        return await withdraw_recall(floor.store, novak, command)

    assert await codes(withdraw(first, " ")) == ["reason_missing"]
    assert (await withdraw(first)).status == "withdrawn"
    zhou = (await floor.sign_in("zhou")).who
    assert await codes(recall_signed(floor, zhou, None, first)) == ["recall_not_waiting"]
    assert await codes(withdraw(await recalled(floor, Basis("lot", made.needles.number)))) == [
        "step_not_allowed"
    ]


@pytest.mark.proves("QUA-6", "REL-10")
async def test_what_does_not_begin_a_recall(floor: Floor) -> None:
    sun, li = (await floor.sign_in("sun")).who, (await floor.sign_in("li")).who
    needles = await released(floor)

    async def refused(basis: Basis, reason: str = "r") -> list[str]:
        return await codes(recall_signed(floor, sun, basis, reason=reason))

    assert await refused(Basis("lot", "L0")) == ["lot_unknown"]
    assert await refused(Basis("lot")) == ["basis_missing"]
    assert await refused(Basis("window", since="2026-01-01")) == ["window_open"]
    assert await refused(Basis("window", since="2026-02-01", until="2026-01-01")) == ["window_reversed"]
    assert await refused(Basis("window", since="x", until="2026-01-01")) == ["day_wrong"]
    assert await refused(Basis("window", since="2001-01-01", until="2001-01-02")) == [
        "recall_reaches_nothing"
    ]
    assert await refused(Basis("serial", "S1")) == ["serial_unknown"]
    assert await refused(Basis("gauge", "G0")) == ["gauge_unknown"]
    assert await refused(Basis("equipment", "E1")) == ["basis_unknown"]
    assert await refused(Basis("supplier_lot", "none")) == ["supplier_lot_unknown"]
    assert await refused(Basis("lot", needles.number), " ") == ["reason_missing"]
    assert await codes(recall_signed(floor, li, Basis("lot", needles.number))) == ["not_allowed"]


@pytest.mark.proves("QUA-6", "LOT-12")
async def test_it_begins_at_a_suppliers_lot_equipment_an_operator_a_gauge_a_time_or_a_consignee(
    floor: Floor,
) -> None:
    made = await scene(floor)
    facts = [StatedFact("equipment", "PRESS-3"), StatedFact("parameter", "temperature", "121", "C")]
    command = StateProcess(id=floor.new_id(), lot_id=made.sets.id, facts=facts)
    await state_process(floor.store, await floor.who("zhao"), command)

    async def reached(basis: Basis) -> set[str]:
        found = await recall_preview(floor.store.read, floor.site_id, basis)
        return {lot.number for lot in found.lots if lot.seed}

    today = (await floor.store.today(floor.site_id)).isoformat()
    assert await reached(Basis("supplier_lot", made.needles.supplier_lot or "")) == {made.needles.number}
    assert await reached(Basis("equipment", "PRESS-3")) == {made.sets.number}
    assert made.sets.number in await reached(Basis("operator", "zhao"))
    assert made.needles.number in await reached(Basis("gauge", "G-CAL-01")) | await reached(
        Basis("window", since=today, until=today)
    )
    assert await reached(Basis("window", since=today, until=today, item="SET-20")) == {made.sets.number}
    assert await reached(Basis("consignee", "D-02")) == {made.part.number}
    again = StateProcess(id=floor.new_id(), lot_id=made.sets.id, facts=facts[:1])
    assert await codes(state_process(floor.store, await floor.who("zhao"), again)) == ["facts_known"]
    bought = StateProcess(id=floor.new_id(), lot_id=made.needles.id, facts=facts)
    assert await codes(state_process(floor.store, await floor.who("zhao"), bought)) == ["lot_not_made_here"]


@pytest.mark.proves("QUA-6", "LOT-5")
async def test_what_is_still_being_made_of_it_is_recalled_when_it_is_done(floor: Floor) -> None:
    needles = await released(floor)
    lot = await started(floor)
    await consumed(floor, lot, needles.number, "500")
    await recalled(floor, Basis("lot", needles.number))
    assert (await floor.lot(await finished(floor, lot, "50"))).status == "recalled"


@pytest.mark.proves("QUA-6")
async def test_unanswered_letters_are_asked_for_every_day(floor: Floor) -> None:
    _, recall = await blocked(floor)
    job = await floor.store.read.first(Job, "kind = 'recall_reminder' and subject_id = $1", recall.id)
    assert job is not None
    from backend.domain.security import system

    await do_job(floor.store, system(floor.site_id), DoJob(id=floor.new_id(), job_id=job.id))
    assert await floor.store.read.all(Notice, "code = 'recall_due'")
    assert await floor.count("job where kind = 'recall_reminder' and done_at is null") == 1


async def exercised(floor: Floor, besides: Callable[[], Awaitable[None]] | None = None) -> MockRecall:
    """All that a mock recall writes is its own row."""
    made = await scene(floor)
    before = await on_record(floor.store)
    novak = await floor.who("novak")
    start = StartMockRecall(id=floor.new_id(), basis=Basis("lot", made.needles.number), reason="yearly")
    mock = await start_mock_recall(floor.store, novak, start)
    counted = [
        Count(made.needles.number, "1700"),
        Count(made.part.number, "499"),
        Count(made.sets.number, "50"),
    ]
    finish = FinishMockRecall(
        id=floor.new_id(), mock_id=mock.id, counted=counted, reached=["H-01"], note="good"
    )
    done = await finish_mock_recall(floor.store, novak, finish)
    after = await on_record(floor.store)
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"mock_recall"}, "nothing else has changed"
    assert await codes(finish_mock_recall(floor.store, novak, FinishMockRecall(
        id=floor.new_id(), mock_id=mock.id, counted=[], reached=[], note="n"))) == ["step_not_allowed"]  # fmt: skip
    return done


@pytest.mark.proves("QUA-7")
async def test_a_mock_recall_is_timed_and_changes_nothing(floor: Floor) -> None:
    done = await exercised(floor)
    outcome = mock_outcome(done)
    assert outcome.seconds is not None and outcome.seconds >= 1
    assert (outcome.lots, outcome.on_hand, outcome.consignees, outcome.reached) == (3, 66, 2, 1)
    assert outcome.unreached == ["Nordic Med"] and outcome.differences[0].endswith(" 500 499")


@pytest.mark.proves("QUA-7")
async def test_a_mock_recall_that_blocks_something_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin of QUA-7: an exercise that is as real as can be."""

    async def real_reach(tx: Any, site_id: str, basis: Basis) -> Any:
        found = await recalling.mock_reach(tx, site_id, basis)
        reached = await recalling.reach(tx, site_id, basis)
        for lot in reached.lots:
            for portion in await tx.all(Portion, "lot_id = $1 order by id", lot.id):
                tx.update(portion, status="recalled")
        return found

    monkeypatch.setattr(mock_module, "mock_reach", real_reach)
    with pytest.raises(AssertionError, match="nothing else has changed"):
        await exercised(floor)


@pytest.mark.proves("QUA-7")
async def test_what_an_exercise_is_not_told(floor: Floor) -> None:
    made = await scene(floor)
    novak = await floor.who("novak")
    start = StartMockRecall(id=floor.new_id(), basis=Basis("lot", made.needles.number), reason=" ")
    assert await codes(start_mock_recall(floor.store, novak, start)) == ["reason_missing"]
    right = StartMockRecall(id=floor.new_id(), basis=Basis("lot", made.needles.number), reason="yearly")
    mock = await start_mock_recall(floor.store, novak, right)
    wrong = FinishMockRecall(
        id=floor.new_id(), mock_id=mock.id, counted=[Count("L0", "1"), Count(made.part.number, "-1")],
        reached=["X"], note="",
    )  # fmt: skip
    assert await codes(finish_mock_recall(floor.store, novak, wrong)) == [
        "reason_missing", "lot_not_of_recall", "number_expected", "consignee_not_of_recall",
    ]  # fmt: skip
