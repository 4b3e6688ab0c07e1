"""A problem from the floor until it cannot come back: the report, its rework, the CAPA (QUA-1, QUA-2, LOT-6)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backend.actions.add_attachment import AddAttachment, add_attachment
from backend.actions.analyse_capa import AnalyseCapa, analyse_capa
from backend.actions.begin_capa_close import BeginCapaClose, begin_capa_close
from backend.actions.carry_out_capa import CarryOutCapa, carry_out_capa
from backend.actions.close_capa import CloseCapa, close_capa
from backend.actions.complete_follow_up import CompleteFollowUp, complete_follow_up
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.do_job import DoJob, do_job
from backend.actions.judge_capa import JudgeCapa, judge_capa
from backend.actions.open_capa import OpenCapa, open_capa
from backend.actions.plan_capa import PlanCapa, plan_capa
from backend.actions.report_nonconformity import ReportNonconformity, report_nonconformity
from backend.actions.withdraw_capa import WithdrawCapa, withdraw_capa
from backend.demo.people import BY_LOGIN, ZONE
from backend.domain.capas import Capa, Cause, Origin
from backend.domain.lots import Hold, Portion, Receipt
from backend.domain.ncrs import FollowUp, Ncr, PlannedFollowUp
from backend.domain.notices import Job, Notice
from backend.domain.people import Who
from backend.domain.security import system
from backend.store import reporting
from backend.store.signed_act import SigningBegun
from backend.views.loop import capa_view, list_capas
from backend.views.ncrs import list_ncrs, ncr_report
from backend.views.stuck import stuck
from backend.views.worklist import my_follow_ups
from tests.actions.floor import PARTY, Floor, codes, digest_of
from tests.actions.shipping import consignee, shipped
from tests.actions.test_dividing import lot_of, split
from tests.actions.test_production import consumed, finished, released, started


def day(floor: Floor, days: int) -> str:
    """So many days from today, at the site."""
    return (floor.clock.now + timedelta(days=days)).astimezone(ZoneInfo(ZONE)).date().isoformat()


async def reported(floor: Floor, number: str, login: str = "wang", **fields: Any) -> Ncr:
    right: dict[str, Any] = {"what": "needle tip bent", "severity": "major"}
    command = ReportNonconformity(id=floor.new_id(), lot_number=number, **(right | fields))
    return await report_nonconformity(floor.store, await floor.who(login), command)


def secrets(floor: Floor, who: Who, begun: SigningBegun) -> dict[str, Any]:
    return {
        "nonce": begun.nonce,
        "digest": digest_of(begun.record),
        "password": BY_LOGIN[who.login].password,
        "totp": floor.totp(who.login),
        "accountability_accepted": True,
    }


@pytest.mark.proves("QUA-1", "LOT-5", "RES-10")
async def test_what_the_floor_reports_holds_the_lot_and_all_that_was_made_of_it(floor: Floor) -> None:
    needles = await released(floor)
    near = await consignee(floor)
    part = (await split(floor, needles.number, "1000")).child
    await shipped(floor, near, (needles.number, "100"))
    made = await started(floor)
    await consumed(floor, made, needles.number, "500")
    sets = await finished(floor, made, "50")
    ncr = await reported(floor, needles.number)
    assert (ncr.status, ncr.source, ncr.quantity) == ("open", "floor", Decimal(2400))
    for lot_id in (needles.id, part.id, sets.lot_id):
        lying = await floor.store.read.all(Portion, "lot_id = $1 and quantity > 0", lot_id)
        assert {each.status for each in lying} == {"held"}, lot_id
    told = await floor.store.read.all(Notice, "code = 'held_but_shipped'")
    assert told[0].facts["consignees"] == [near.name]
    assert await floor.store.read.all(Notice, "code = 'ncr_reported'")
    report = await ncr_report(floor.store.read, ncr.id)
    assert (report.what, report.reading, report.opened_by) == ("needle tip bent", None, "王芳")
    listed = {line.number: line.what for line in await list_ncrs(floor.store.read, floor.site_id)}
    assert listed[ncr.number] == "needle tip bent"
    assert await codes(shipped(floor, near, (part.number, "1"))) == ["not_enough_shippable"]
    await dispose_ncr(
        floor.store,
        await floor.who("novak"),
        DisposeNcr(id=floor.new_id(), ncr_id=ncr.id, disposition="use_as_is", justification="one piece only"),
    )
    assert (await lot_of(floor, needles.number)).status == "inspecting", "it is decided anew"
    held = await floor.store.read.all(Hold, "lot_id = $1 and lifted_at is null", sets.lot_id)
    assert [each.code for each in held] == ["parent_held"], (
        "its own decision stands against what was made of it"
    )


@pytest.mark.proves("QUA-1")
async def test_the_twin_that_holds_nothing_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hold_nothing(*_: object) -> object:
        return None

    monkeypatch.setattr(reporting, "step_portions", hold_nothing)
    needles = await released(floor)
    await reported(floor, needles.number)
    lying = await floor.store.read.all(Portion, "lot_id = $1 and quantity > 0", needles.id)
    assert {each.status for each in lying} != {"held"}


@pytest.mark.proves("LOT-6", "QUA-1")
async def test_a_rework_of_what_was_reported_is_inspected_again(floor: Floor) -> None:
    needles = await released(floor)
    ncr = await reported(floor, needles.number, severity="minor", quantity=Decimal(3))
    await dispose_ncr(
        floor.store,
        await floor.who("novak"),
        DisposeNcr(id=floor.new_id(), ncr_id=ncr.id, disposition="rework", justification="deburr"),
    )
    receipt = (await floor.store.read.all(Receipt, "lot_id = $1", needles.id))[0]
    again = await floor.count("inspection where receipt_id = $1 and repeats is not null", receipt.id)
    assert again == 1
    kept = await floor.store.read.get(Ncr, ncr.id)
    assert kept.inspection_id is None, "the inspection that passed is no failure of its series"
    sun = (await floor.sign_in("sun")).who
    assert set(await codes(floor.begin(sun, receipt.id))) == {"rework_open", "items_missing"}


@pytest.mark.proves("QUA-1")
async def test_a_report_that_says_nothing_or_too_much_changes_nothing(floor: Floor) -> None:
    needles = await released(floor)
    before = await floor.count("ncr")
    assert await codes(reported(floor, needles.number, what=" ")) == ["what_missing"]
    assert await codes(reported(floor, needles.number, quantity=Decimal(99999))) == ["report_over_stock"]
    assert await codes(reported(floor, "L26-999999")) == ["lot_unknown"]
    assert await codes(reported(floor, needles.number, attachments=["0" * 64])) == ["attachment_unknown"]
    assert await floor.count("ncr") == before


@pytest.mark.proves("QUA-1", "RES-11")
async def test_past_reports_that_are_like_this_one_are_shown(floor: Floor) -> None:
    needles = await released(floor)
    first = await reported(floor, needles.number, what="the tip of a needle is bent")
    second = await reported(floor, needles.number, what="needle tips bent, two of ten")
    similar = (await ncr_report(floor.store.read, second.id)).similar
    assert (similar[0].number, similar[0].same) == (first.number, ["item", "supplier", "text"])
    assert all(each.score < similar[0].score for each in similar[1:])


async def opened(floor: Floor, *sources: Origin) -> Capa:
    command = OpenCapa(
        id=floor.new_id(), title="Bent needle tips", problem="Three of ten lots", sources=list(sources)
    )
    return await open_capa(floor.store, await floor.who("novak"), command)


async def analysed(floor: Floor, capa: Capa) -> Capa:
    command = AnalyseCapa(
        id=floor.new_id(),
        capa_id=capa.id,
        whys=["the tray is loose", "its lid does not lock"],
        causes=[Cause("material", "lid warps", proven=True), Cause("people", "packed in haste")],
        root_cause="The lid of the tray warps above 40 °C.",
    )
    return await analyse_capa(floor.store, await floor.who("novak"), command)


async def planned(floor: Floor, capa: Capa) -> Capa:
    zhao = (await floor.who("zhao")).person_id
    command = PlanCapa(
        id=floor.new_id(),
        capa_id=capa.id,
        actions=[PlannedFollowUp("Lid of another resin", zhao, day(floor, 10))],
        adverse="The resin is in the device file already.",
        criterion="No bent tip in ten lots.",
        waits_until=day(floor, 40),
    )
    return await plan_capa(floor.store, await floor.who("novak"), command)


async def attached(floor: Floor) -> str:
    """A file on record."""
    sha256 = hashlib.sha256(b"lots 1 to 10").hexdigest()
    command = AddAttachment(
        id=floor.new_id(), sha256=sha256, media_type="image/png", size=12, name="lots.png"
    )
    return (await add_attachment(floor.store, await floor.who("novak"), command)).id


async def judged(floor: Floor, capa: Capa, effective: bool = True, **fields: Any) -> Capa:
    command = JudgeCapa(
        id=floor.new_id(), capa_id=capa.id, effective=effective, evidence="Lots 1 to 10.", **fields
    )
    return await judge_capa(floor.store, await floor.who("novak"), command)


async def carried_out(floor: Floor, capa: Capa) -> Capa:
    command = CarryOutCapa(id=floor.new_id(), capa_id=capa.id)
    return await carry_out_capa(floor.store, await floor.who("novak"), command)


async def closed(floor: Floor, capa: Capa, login: str = "zhou") -> Capa:
    who = (await floor.sign_in(login)).who
    begun = await begin_capa_close(
        floor.store, who, BeginCapaClose(id=floor.new_id(), capa_id=capa.id, passkey=False)
    )
    command = CloseCapa(id=floor.new_id(), capa_id=capa.id, **secrets(floor, who, begun))
    return await close_capa(floor.store, who, command, PARTY)


@pytest.mark.proves("QUA-2")
async def test_a_capa_from_its_cause_to_its_signature(floor: Floor) -> None:
    needles = await released(floor)
    ncr = await reported(floor, needles.number)
    assert await codes(opened(floor, Origin("ncr", "N26-999999"))) == ["origin_unknown"]
    capa = await opened(floor, Origin("ncr", ncr.number))
    assert await codes(planned(floor, capa)) == ["step_not_allowed"]
    capa = await planned(floor, await analysed(floor, capa))
    assert await codes(carried_out(floor, capa)) == ["follow_up_open"]
    zhao = await floor.who("zhao")
    mine = await my_follow_ups(floor.store.read, zhao.person_id)
    assert [(each.ncr_number, each.kind) for each in mine] == [(capa.number, "capa")]
    done = CompleteFollowUp(id=floor.new_id(), follow_up_id=mine[0].id, outcome="fitted")
    await complete_follow_up(floor.store, zhao, done)
    assert await floor.store.read.all(Notice, "code = 'follow_up_done' and subject_id = $1", capa.id)
    capa = await carried_out(floor, capa)
    assert await codes(judged(floor, capa)) == ["capa_waits"]
    floor.clock.forward(floor.clock.now + timedelta(days=41))
    photo = await attached(floor)
    assert (await judged(floor, capa, effective=False, attachments=[photo])).status == "open"
    capa = await floor.store.read.get(Capa, capa.id)
    assert [each.root_cause for each in capa.rounds] == ["The lid of the tray warps above 40 °C."]
    assert capa.rounds[0].attachments == [photo], "its evidence stays with the attempt"
    capa = await planned(floor, await analysed(floor, capa))
    promise = (await floor.store.read.all(FollowUp, "done_at is null and subject_id = $1", capa.id))[0]
    done = CompleteFollowUp(id=floor.new_id(), follow_up_id=promise.id, outcome="fitted")
    await complete_follow_up(floor.store, zhao, done)
    capa = await carried_out(floor, capa)
    floor.clock.forward(floor.clock.now + timedelta(days=41))
    capa = await judged(floor, capa)
    assert await codes(closed(floor, capa, "novak")) == ["capa_own"]
    capa = await closed(floor, capa)
    assert (capa.status, capa.signature_id is not None) == ("closed", True)
    view = await capa_view(floor.store.read, capa.id, day(floor, 0))
    assert [moment.type for moment in view.timeline] == [
        "capa_opened", "capa_analysed", "capa_planned", "follow_up_completed", "capa_carried_out", "capa_judged",
        "capa_analysed", "capa_planned", "follow_up_completed", "capa_carried_out", "capa_judged", "capa_closed",
    ]  # fmt: skip


@pytest.mark.proves("QUA-2")
async def test_a_capa_past_its_day_is_asked_for_and_stands_among_what_is_stuck(floor: Floor) -> None:
    capa = await planned(floor, await analysed(floor, await opened(floor)))
    floor.clock.forward(floor.clock.now + timedelta(days=35))
    jobs = await floor.store.read.all(Job, "kind in ('capa_reminder', 'follow_up_reminder') order by kind")
    for job in jobs:
        await do_job(floor.store, system(floor.site_id), DoJob(id=floor.new_id(), job_id=job.id))
    told = {each.code for each in await floor.store.read.all(Notice)}
    assert {"capa_due", "capa_overdue", "follow_up_due", "follow_up_overdue"} <= told
    lines = await stuck(floor.store.read, floor.site_id, floor.store.clock(), day(floor, 0))
    assert {(line.kind, line.number, line.place) for line in lines if line.place == "capas"} == {
        ("capa", capa.number, "capas"),
        ("follow_up", capa.number, "capas"),
    }
    assert [line.overdue for line in await list_capas(floor.store.read, floor.site_id, day(floor, 0))] == [
        True
    ]
    why = WithdrawCapa(id=floor.new_id(), capa_id=capa.id, reason="the supplier left")
    await withdraw_capa(floor.store, await floor.who("zhou"), why)
    open_ones = await floor.count("follow_up where done_at is null and subject_id = $1", capa.id)
    assert open_ones == 0, "nothing is asked for any more"
