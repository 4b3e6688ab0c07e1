"""Commands of a group ask together and write together, and each still decides on what those before it have done."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from backend.actions.deactivate_person import DeactivatePerson, deactivate_person
from backend.actions.receive_lot import receive_lot
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.actions.set_training_needs import Need, SetTrainingNeeds, set_training_needs
from backend.demo.shift import PastClock, Shift, conforming
from backend.domain.answering import Recorded
from backend.domain.errors import Stale
from backend.domain.inspections import Inspection, Reading
from backend.domain.people import Who
from backend.domain.words import Words
from backend.store import door
from backend.store.ahead import ReadAhead
from backend.store.inspecting import case_of
from backend.store.postgres import PostgresDatabase
from tests.actions.documents_in_force import begin, sign, submit, write
from tests.actions.floor import Floor


async def deliver(floor: Floor, place: int) -> Inspection:
    """A lot of tubing of its own, received."""
    label = floor.labels["0411/1"]
    text = label.text.replace(label.lot, f"{label.lot}{place}")
    command = floor.scan("0411/1", text, quantity="200")
    received = await receive_lot(floor.store, await floor.who("wang"), command)
    assert received.inspection is not None
    return await floor.store.read.get(Inspection, received.inspection.id)


async def answer(floor: Floor, inspection: Inspection, login: str = "li", entered: str = "0") -> Recorded:
    """One of its questions."""
    return await answer_as(floor, inspection, await floor.who(login), entered)


async def answer_as(floor: Floor, inspection: Inspection, who: Who, entered: str = "0") -> Recorded:
    """The same by somebody who is known: nothing is read first, so that commands come in the order of their calls."""
    entry = Entry(item_key="SUR-0", entered=entered, confirmed=True)
    command = RecordResults(id=floor.new_id(), inspection_id=inspection.id, entries=[entry])
    return await record_results(floor.store, who, command)


async def said(floor: Floor, inspections: list[Inspection]) -> list[str]:
    """The statements of a group that records one answer to each."""
    database = floor.store.database
    assert isinstance(database, PostgresDatabase)
    queries: list[str] = []
    who = await floor.who("li")
    commands = [
        RecordResults(
            id=floor.new_id(), inspection_id=each.id, entries=[Entry(item_key="SUR-0", entered="0")]
        )
        for each in inspections
    ]
    with database._writer.query_logger(lambda query: queries.append(query.query)):
        await asyncio.gather(*(record_results(floor.store, who, command) for command in commands))
    return queries


async def test_a_group_takes_five_trips_however_many_record(floor: Floor) -> None:
    if floor.store.database.dialect == "sqlite":
        return  # where nothing travels
    opened = [await deliver(floor, place) for place in range(10)]
    few, many = await said(floor, opened[:2]), await said(floor, opened[2:])
    assert len(many) == 5, many
    assert few == many, "each statement is prepared once"


@pytest.mark.proves("RES-9")
async def test_who_answers_second_in_a_group_is_told(floor: Floor) -> None:
    inspection = await deliver(floor, 0)
    outcomes = await asyncio.gather(
        answer(floor, inspection), answer(floor, inspection, "garcia", "2"), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(refusal) for refusal in refused] == [Stale], "whichever of the two came second"
    assert len(await floor.store.read.all(Reading, "inspection_id = $1", inspection.id)) == 1


async def told_while_the_supervisor_leaves(floor: Floor) -> list[str]:
    """In one group: the supervisor is deactivated, an inspection passes; who is told that a release waits."""
    store, inspection = floor.store, await deliver(floor, 0)
    sun, li, admin = [(await floor.who(login)) for login in ("sun", "li", "admin")]
    case = await case_of(store.read, inspection.id)
    kinds = {each.code: each for each in case.document.characteristics}
    entries = [
        Entry(
            item_key=item.key,
            entered=conforming(kinds[item.characteristic], item.sample_number),
            confirmed=True,
        )
        for item in case.asked
    ]
    leave = DeactivatePerson(id=store.new_id(), person_id=sun.person_id, reason="left the company")
    record = RecordResults(id=store.new_id(), inspection_id=inspection.id, entries=entries)
    await asyncio.gather(deactivate_person(store, admin, leave), record_results(store, li, record))
    passed = await store.read.get(Inspection, inspection.id)
    assert passed.status == "passed"
    rows = await store.read.rows(
        "select person_id from notice where code = 'release_waiting' and subject_id = $1", passed.receipt_id
    )
    return [id for (id,) in rows]


async def test_nobody_is_told_who_left_in_the_same_group(floor: Floor) -> None:
    assert await told_while_the_supervisor_leaves(floor) == []


async def test_believing_what_was_read_ahead_would_tell_who_left(
    floor: Floor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The broken twin."""
    if floor.store.database.dialect == "sqlite":
        return  # where nothing is read ahead
    monkeypatch.setattr(ReadAhead, "_fresh", lambda self, ahead, found: True)
    monkeypatch.setattr(door, "STIRRING", ())
    assert await told_while_the_supervisor_leaves(floor) != []


async def test_a_group_that_is_kept_back_writes_what_each_alone_would(floor: Floor) -> None:
    """Of one group two close the same lot's questions, one is refused, one is another lot's."""
    one, other = await deliver(floor, 0), await deliver(floor, 1)
    li, garcia = await floor.who("li"), await floor.who("garcia")
    results = await asyncio.gather(
        answer_as(floor, one, li, "2"),
        answer_as(floor, one, garcia),
        answer_as(floor, other, li),
        return_exceptions=True,
    )
    assert [type(each).__name__ for each in results] == ["Recorded", "Stale", "Recorded"]
    assert await floor.count("ncr where inspection_id = $1", one.id) == 1
    assert (
        await floor.count(
            "event where type = 'results_recorded' and subject_id in ($1, $2)", one.id, other.id
        )
        == 2
    )


async def recorded_while_training_is_asked_for(floor: Floor) -> str:
    """In one group: inspectors must be trained from now on in a method, and one of them answers by it."""
    inspection, who, li = await deliver(floor, 0), await floor.who("novak"), await floor.who("li")
    shift = Shift(floor.store, who.site_id, PastClock(datetime.now(UTC)))
    draft = await begin(shift, "WI-301", Words("Looking", "外观"), "B")
    method = await sign(shift, await submit(shift, await write(shift, draft, "Look.")))
    needs = SetTrainingNeeds(
        id=floor.new_id(), document_id=method.document_id, needs=[Need(role="inspector")]
    )
    _, outcome = await asyncio.gather(
        set_training_needs(floor.store, who, needs),
        answer_as(floor, inspection, li),
        return_exceptions=True,
    )
    return str(outcome) if isinstance(outcome, BaseException) else "recorded"


@pytest.mark.proves("REL-11")
async def test_who_has_to_be_trained_since_this_group_is_refused_in_it(floor: Floor) -> None:
    assert await recorded_while_training_is_asked_for(floor) == "untrained"


async def test_believing_what_was_read_ahead_would_let_the_untrained_answer(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin."""
    if floor.store.database.dialect == "sqlite":
        return  # where nothing is read ahead
    monkeypatch.setattr(ReadAhead, "_fresh", lambda self, ahead, found: True)
    assert await recorded_while_training_is_asked_for(floor) == "recorded"
