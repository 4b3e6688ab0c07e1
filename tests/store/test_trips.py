"""Fewer trips, same answers: questions asked together, writes sent as one statement, rights asked for a group."""

from __future__ import annotations

import asyncio

import pytest

from backend.actions.deactivate_person import DeactivatePerson, deactivate_person
from backend.actions.move_portion import MovePortion, move_portion
from backend.demo.factory import demo_who
from backend.domain.errors import NotAllowed
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Portion
from backend.domain.people import Person
from backend.domain.rights import ActionRight
from backend.domain.sites import Location
from backend.store import door
from backend.store.door import Store
from backend.store.together import ask


@pytest.mark.parametrize("noun", [Inspection, Reading, Portion, Person, ActionRight])
async def test_together_finds_what_each_question_finds_alone(demo_store: Store, noun: type[Person]) -> None:
    alone = await demo_store.read.all(noun, "site_id <> $1 order by id", "")
    assert alone
    nothing, found, one = await demo_store.read.together(
        ask(noun, "id = $1", "nobody"),
        ask(noun, "site_id <> $1 order by id", ""),
        ask(noun, "id = $1 and site_id = $2", alone[-1].id, alone[-1].site_id),
    )
    assert (nothing, found, one) == ([], alone, [alone[-1]])


async def leave_and_move(store: Store) -> tuple[object, object]:
    """In one group: a person of the warehouse is deactivated, and moves a portion."""
    admin, wang = await demo_who(store, "admin"), await demo_who(store, "wang")
    leave = DeactivatePerson(id=store.new_id(), person_id=wang.person_id, reason="left the company")
    portion = (await store.read.all(Portion, "quantity <> $1 and status = 'released' order by id", 0))[0]
    shelf = (await store.read.all(Location, "kind = 'released' and id <> $1", portion.location_id))[0]
    move = MovePortion(id=store.new_id(), portion_id=portion.id, location_id=shelf.id)
    return await asyncio.gather(
        deactivate_person(store, admin, leave), move_portion(store, wang, move), return_exceptions=True
    )


@pytest.mark.proves("ROL-1")
async def test_who_is_deactivated_acts_no_more_in_the_same_group(demo_store: Store) -> None:
    left, moved = await leave_and_move(demo_store)
    assert not isinstance(left, BaseException), left
    assert isinstance(moved, NotAllowed)


async def test_rights_asked_once_a_group_would_let_him(
    demo_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin."""
    monkeypatch.setattr(door, "STIRRING", ())
    left, moved = await leave_and_move(demo_store)
    assert not isinstance(left, BaseException), left
    assert not isinstance(moved, BaseException), moved
