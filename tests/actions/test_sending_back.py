"""A release that is sent back: no decision, but nothing is released before somebody has answered (REL-2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.actions import sign_release as signing
from backend.actions.complete_follow_up import CompleteFollowUp, complete_follow_up
from backend.actions.do_job import DoJob, do_job
from backend.actions.send_back_release import SendBackRelease, send_back_release
from backend.domain.errors import NotAllowed, Reason, Stale
from backend.domain.lots import Portion
from backend.domain.ncrs import FollowUp
from backend.domain.notices import Notice
from backend.domain.releases import ReleaseCase, blockers
from backend.domain.security import system
from backend.domain.signatures import Disposition
from backend.views.due import due_jobs
from backend.views.releases import release_sheet
from backend.views.worklist import worklist
from tests.actions.floor import Floor, codes, last_event, refusal


async def sent_back(floor: Floor, receipt_id: str, what: str = "photo of the seal", **named: Any) -> FollowUp:
    """By the supervisor."""
    command = SendBackRelease(id=floor.new_id(), receipt_id=receipt_id, what=what, **named)
    return await send_back_release(floor.store, await floor.who("sun"), command)


async def answered(
    floor: Floor, asked: FollowUp, login: str = "li", outcome: str = "it is intact"
) -> FollowUp:
    """By somebody."""
    command = CompleteFollowUp(id=floor.new_id(), follow_up_id=asked.id, outcome=outcome)
    return await complete_follow_up(floor.store, await floor.who(login), command)


async def told(floor: Floor, login: str, code: str) -> list[Notice]:
    """What this person was told."""
    who = await floor.who(login)
    return await floor.store.read.all(
        Notice, "person_id = $1 and code = $2 order by created_at, id", who.person_id, code
    )


async def lots_escalated(floor: Floor) -> list[object]:
    """The lots of which the manager was told that nobody decides."""
    return [each.facts["lot"] for each in await told(floor, "zhou", "release_escalated")]


async def an_hour_later(floor: Floor) -> None:
    """Twice half an hour, and each time what is due for a release is done."""
    for _ in range(2):
        floor.clock.forward(floor.clock.now + timedelta(minutes=30))
        for job in await due_jobs(floor.store.read, floor.clock()):
            if job.kind in ("release_deputy", "release_manager"):
                await do_job(floor.store, system(floor.site_id), DoJob(id=floor.new_id(), job_id=job.id))


@pytest.mark.proves("REL-2")
async def test_it_waits_for_the_answer_and_the_stock_stands_as_it_did(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    sun = (await floor.sign_in("sun")).who
    before = await floor.store.read.all(Portion, "lot_id = $1", received.lot_id)
    asked = await sent_back(floor, received.receipt_id)
    event = await last_event(floor.store)
    assert (event["type"], event["reason"]) == ("release_sent_back", "photo of the seal")
    assert await floor.store.read.all(Portion, "lot_id = $1", received.lot_id) == before
    (notice,) = await told(floor, "li", "release_sent_back")
    assert (notice.facts["lot"], notice.facts["what"]) == (received.lot_number, "photo of the seal")
    assert await codes(floor.begin(sun, received.receipt_id)) == ["sent_back"]
    at_risk = floor.begin(sun, received.receipt_id, "conditional", condition="for training only")
    assert await codes(at_risk) == ["sent_back"]
    today = await floor.store.today(floor.site_id)
    (stuck,) = [
        each
        for each in (await worklist(floor.store.read, sun, today, floor.clock())).stuck
        if each.kind == "sent_back"
    ]
    assert (stuck.number, stuck.with_whom, stuck.what) == (received.lot_number, "李娜", "photo of the seal")
    li = await floor.who("li")
    mine = [
        each for each in (await worklist(floor.store.read, li, today)).follow_ups if each.kind == "receipt"
    ]
    assert [(each.id, each.ncr_id, each.ncr_number) for each in mine] == [
        (asked.id, received.receipt_id, received.lot_number)
    ]
    assert isinstance(await refusal(answered(floor, asked, "garcia")), NotAllowed)
    await answered(floor, asked)
    assert isinstance(await refusal(answered(floor, asked)), Stale)
    (back,) = await told(floor, "sun", "release_answered")
    assert back.facts["answer"] == "it is intact"
    sheet = await release_sheet(floor.store.read, received.receipt_id, sun, today.isoformat())
    assert [(each.what, each.outcome) for each in sheet.sent_back] == [("photo of the seal", "it is intact")]
    assert sheet.blockers == []
    assert (await floor.shift.sign(received.receipt_id)).decision == "release"


async def test_nobody_is_asked_to_decide_meanwhile_and_the_one_who_asked_is_after_the_answer(
    floor: Floor,
) -> None:
    received = await floor.inspected("0412/2")
    asked = await sent_back(floor, received.receipt_id)
    await an_hour_later(floor)
    assert received.lot_number not in await lots_escalated(floor)
    await answered(floor, asked)
    await an_hour_later(floor)
    assert received.lot_number in await lots_escalated(floor)


async def test_every_gap_is_named_and_what_is_decided_is_not_sent_back(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    sun = (await floor.who("sun")).person_id
    assert await codes(sent_back(floor, received.receipt_id, " ", owner_id="nobody")) == [
        "missing_unsaid",
        "owner_unknown",
    ]
    assert await codes(sent_back(floor, received.receipt_id, owner_id=sun)) == ["sent_back_to_self"]
    asked = await sent_back(floor, received.receipt_id, owner_id=(await floor.who("wang")).person_id)
    await answered(floor, asked, "sun", "found it")  # whoever asked takes it back
    await floor.shift.sign(received.receipt_id)
    assert await codes(sent_back(floor, received.receipt_id)) == ["decided_already"]


async def test_a_rejection_does_not_wait_and_ends_the_question(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    asked = await sent_back(floor, received.receipt_id)
    await floor.shift.sign(received.receipt_id, meaning="reject")
    ended = await floor.store.read.get(FollowUp, asked.id)
    assert ended.done_at is not None and ended.outcome is None


def naive(case: ReleaseCase, meaning: Disposition = "release") -> list[Reason]:
    """The broken twin: a signature that was begun before is not asked again."""
    return [reason for reason in blockers(case, meaning) if reason.code != "sent_back"]


async def signed_after_it_was_begun(floor: Floor, order: str) -> list[str]:
    """The codes that refuse a signature which was begun before the release was sent back."""
    received = await floor.inspected(order)
    zhou = (await floor.sign_in("zhou")).who
    begun = await floor.begin(zhou, received.receipt_id)
    await sent_back(floor, received.receipt_id)
    try:
        return await codes(floor.sign(zhou, floor.by_password(zhou, received.receipt_id, begun)))
    except AssertionError:
        return []


@pytest.mark.proves("REL-2")
async def test_a_signature_that_was_begun_before_is_refused(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await signed_after_it_was_begun(floor, "0412/2") == ["sent_back"]
    monkeypatch.setattr(signing, "blockers", naive)
    assert await signed_after_it_was_begun(floor, "0411/1") == [], "the twin releases it"
