"""What waits for an inspector: theirs first, then what is under way, then the oldest; and how many more there are."""

from __future__ import annotations

import pytest

from backend.actions.hand_over_inspection import HandOverInspection, hand_over_inspection
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.views import worklist as views
from backend.views.inspections import inspection_sheet
from backend.views.worklist import Worklist, worklist
from tests.actions.floor import Floor


async def work_of(floor: Floor, login: str) -> Worklist:
    """The list of a person."""
    return await worklist(floor.store.read, await floor.who(login), floor.clock.now.date())


async def waiting(floor: Floor, login: str) -> list[str]:
    """Ids of the inspections in their list."""
    return [each.id for each in (await work_of(floor, login)).inspections]


async def answer_one(floor: Floor, login: str, inspection_id: str) -> None:
    """The first counted question, by this person: nothing is wrong."""
    who = await floor.who(login)
    sheet = await inspection_sheet(floor.store.read, inspection_id, who.person_id)
    key = next(
        item.key for item in sheet.items if item.reading is None and item.characteristic.kind == "attribute"
    )
    entry = Entry(item_key=key, entered="0")
    await record_results(
        floor.store, who, RecordResults(id=floor.new_id(), inspection_id=inspection_id, entries=[entry])
    )


async def hand_over(floor: Floor, inspection_id: str, to: str) -> None:
    """From Garcia."""
    command = HandOverInspection(
        id=floor.new_id(), inspection_id=inspection_id, to_id=(await floor.who(to)).person_id
    )
    await hand_over_inspection(floor.store, await floor.who("garcia"), command)


async def test_what_is_mine_comes_first_and_stays_in_a_list_that_is_full(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for order in ("0411/1", "0411/2", "0412/2"):
        await floor.receive(order)
    before = await work_of(floor, "li")
    already = [one.id for one in before.inspections if one.mine]
    begun, handed = (await waiting(floor, "li"))[-2:]
    assert not {begun, handed} & set(already)
    await answer_one(floor, "li", begun)
    await hand_over(floor, handed, "li")
    mine = [*already, begun, handed]
    after = (await work_of(floor, "li")).inspections
    assert [one.id for one in after][: len(mine)] == mine
    assert [one.id for one in after if one.mine] == mine
    theirs = (await work_of(floor, "garcia")).inspections
    others = [one for one in theirs if not one.mine]
    assert begun in [one.id for one in others] and handed in [one.id for one in others]
    under_way = [one.status for one in others]
    assert under_way == sorted(under_way), "what is in progress comes before what is open"

    everything = len(theirs)
    assert everything > len(mine)
    monkeypatch.setattr(views, "MOST_LISTED", len(mine))
    full = await work_of(floor, "li")
    assert [one.id for one in full.inspections] == mine
    assert full.inspections_more == everything - len(mine)
    monkeypatch.setattr(views, "MOST_LISTED", everything + 1)
    assert (await work_of(floor, "li")).inspections_more == 0


async def test_one_that_somebody_else_goes_on_with_is_theirs(floor: Floor) -> None:
    await floor.receive("0411/1")
    last = (await waiting(floor, "li"))[-1]
    await answer_one(floor, "li", last)
    await answer_one(floor, "garcia", last)
    mine = {one.id: one.mine for one in (await work_of(floor, "li")).inspections}
    assert not mine[last]
    assert (await waiting(floor, "garcia"))[0] == last
