"""A change is approved before anything of it is effective (QUA-3)."""

from __future__ import annotations

import pytest

from backend.actions.approve_change_request import ApproveChangeRequest, approve_change_request
from backend.actions.begin_change_approval import BeginChangeApproval, begin_change_approval
from backend.actions.close_change_request import CloseChangeRequest, close_change_request
from backend.actions.complete_follow_up import CompleteFollowUp, complete_follow_up
from backend.actions.keep_change_request import KeepChangeRequest, keep_change_request
from backend.actions.open_change_request import OpenChangeRequest, open_change_request
from backend.actions.return_change_request import ReturnChangeRequest, return_change_request
from backend.actions.submit_change_request import SubmitChangeRequest, submit_change_request
from backend.actions.withdraw_change_request import WithdrawChangeRequest, withdraw_change_request
from backend.domain.change_requests import Affected, ChangeRequest
from backend.domain.inspections import Plan
from backend.domain.ncrs import FollowUp, PlannedFollowUp
from backend.domain.notices import Notice
from backend.domain.words import Words
from backend.store.planning import against_changing, against_effect, versions_of
from backend.views.loop import change_view
from tests.actions import documents_in_force
from tests.actions.floor import PARTY, Floor, codes
from tests.actions.test_loop import day, secrets


async def draft(floor: Floor) -> ChangeRequest:
    novak = await floor.who("novak")
    title = OpenChangeRequest(id=floor.new_id(), title="Tubes: wider tolerance")
    request = await open_change_request(floor.store, novak, title)
    command = KeepChangeRequest(
        id=floor.new_id(),
        change_id=request.id,
        title=request.title,
        why="The supplier's tool is new.",
        risk="Leaks; the leak test stays.",
        affected=[Affected("plan", "II-TUB-30", "upper limit")],
        told=["warehouse"],
        trained=["inspector"],
        due_on=day(floor, 20),
    )
    return await keep_change_request(floor.store, novak, command)


@pytest.mark.proves("QUA-3")
async def test_a_change_is_approved_by_another_before_anything_of_it_is_effective(floor: Floor) -> None:
    request = await draft(floor)
    novak, zhou = await floor.who("novak"), (await floor.sign_in("zhou")).who
    action = PlannedFollowUp("New version of the plan", novak.person_id, day(floor, 5))
    hand_in = SubmitChangeRequest(id=floor.new_id(), change_id=request.id, actions=[action])
    await submit_change_request(floor.store, novak, hand_in)
    waits = await against_changing(floor.store.read, floor.site_id, "plan", "II-TUB-30")
    assert [reason.code for reason in waits] == ["change_not_approved"]
    plan = await floor.store.read.first(Plan, "code = 'II-TUB-30'")
    assert plan is not None
    version = (await versions_of(floor.store.read, plan.id))[-1]
    assert "change_not_approved" in [
        each.code for each in await against_effect(floor.store.read, version, zhou.person_id)
    ], "no version of it becomes effective"
    back = ReturnChangeRequest(id=floor.new_id(), change_id=request.id, reason="Which lots are under way?")
    await return_change_request(floor.store, zhou, back)
    await submit_change_request(
        floor.store, novak, SubmitChangeRequest(id=floor.new_id(), change_id=request.id)
    )
    begun = await begin_change_approval(
        floor.store, zhou, BeginChangeApproval(id=floor.new_id(), change_id=request.id, passkey=False)
    )
    assert begun.record["affected"] == [{"kind": "plan", "code": "II-TUB-30", "how": "upper limit"}]
    command = ApproveChangeRequest(id=floor.new_id(), change_id=request.id, **secrets(floor, zhou, begun))
    approved = await approve_change_request(floor.store, zhou, command, PARTY)
    assert approved.status == "approved"
    assert await against_changing(floor.store.read, floor.site_id, "plan", "II-TUB-30") == []
    told = {each.person_id for each in await floor.store.read.all(Notice, "code = 'change_approved'")}
    assert {(await floor.who(login)).person_id for login in ("wang", "li", "novak")} <= told
    end = {"change_id": request.id, "conclusion": "In force since lot 7."}
    refused = close_change_request(floor.store, novak, CloseChangeRequest(id=floor.new_id(), **end))
    assert await codes(refused) == ["follow_up_open"]
    promise = (await floor.store.read.all(FollowUp, "subject_id = $1", request.id))[0]
    done = CompleteFollowUp(id=floor.new_id(), follow_up_id=promise.id, outcome="version 3")
    await complete_follow_up(floor.store, novak, done)
    await close_change_request(floor.store, novak, CloseChangeRequest(id=floor.new_id(), **end))
    view = await change_view(floor.store.read, request.id)
    assert (view.status, view.approved_by) == ("closed", "周文")


@pytest.mark.proves("QUA-3", "QUA-4")
async def test_a_document_that_an_unapproved_change_touches_is_not_signed_into_force(floor: Floor) -> None:
    begun = await documents_in_force.begin(floor.shift, "WI-950", Words("Washing", "清洗"))
    submitted = await documents_in_force.submit(
        floor.shift, await documents_in_force.write(floor.shift, begun, "Wash at 55 °C.")
    )
    request = await draft(floor)
    keep = KeepChangeRequest(
        id=floor.new_id(),
        change_id=request.id,
        title=request.title,
        why=request.why,
        risk=request.risk,
        affected=[Affected("document", "WI-950")],
        told=[],
        trained=[],
        due_on=request.due_on,
    )
    novak = await floor.who("novak")
    await keep_change_request(floor.store, novak, keep)
    assert await codes(documents_in_force.sign(floor.shift, submitted)) == ["change_not_approved"]
    give_up = WithdrawChangeRequest(id=floor.new_id(), change_id=request.id, reason="not needed")
    await withdraw_change_request(floor.store, novak, give_up)
    assert (await documents_in_force.sign(floor.shift, submitted)).status == "effective"


@pytest.mark.proves("QUA-3")
async def test_the_owner_of_a_change_hears_of_its_approval_whatever_their_role(floor: Floor) -> None:
    sun, zhou = await floor.who("sun"), (await floor.sign_in("zhou")).who
    title = OpenChangeRequest(
        id=floor.new_id(),
        title="Label",
        why="w",
        risk="r",
        affected=[Affected("label", "LBL-07")],
        told=["quality_engineer"],
    )
    request = await open_change_request(floor.store, sun, title)
    hand_in = SubmitChangeRequest(id=floor.new_id(), change_id=request.id)
    await submit_change_request(floor.store, sun, hand_in)
    begun = await begin_change_approval(
        floor.store, zhou, BeginChangeApproval(id=floor.new_id(), change_id=request.id, passkey=False)
    )
    command = ApproveChangeRequest(id=floor.new_id(), change_id=request.id, **secrets(floor, zhou, begun))
    await approve_change_request(floor.store, zhou, command, PARTY)
    told = [each.person_id for each in await floor.store.read.all(Notice, "code = 'change_approved'")]
    assert told.count(sun.person_id) == 1
    assert (await floor.who("novak")).person_id in told
