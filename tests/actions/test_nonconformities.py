"""The nonconformity report from its opening to its close, and what it does to the stock (QUA-1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backend.actions.close_ncr import CloseNcr, close_ncr
from backend.actions.complete_follow_up import CompleteFollowUp, complete_follow_up
from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.finish_rework import FinishRework, finish_rework
from backend.domain.errors import NotAllowed, Stale
from backend.domain.inspections import Inspection
from backend.domain.lots import Hold
from backend.domain.ncrs import Disposition, FollowUp, Ncr, PlannedFollowUp
from backend.domain.notices import Job, Notice
from backend.domain.receiving import Received
from backend.domain.reworks import Rework
from backend.store.deciding import Dossier
from backend.views.ncrs import ncr_report
from tests.actions.floor import Floor, codes, on_record, refusal


async def failed(floor: Floor, order: str = "0412/2") -> tuple[Received, Ncr]:
    """Needles, all answered, one burr found."""
    received = await floor.receive(order)
    assert received.inspection is not None
    recorded = await floor.shift.inspect(received.inspection.id, "li", {"TIP-0": "1"})
    return received, await floor.store.read.get(Ncr, recorded.ncrs[0])


async def contained(floor: Floor, ncr: Ncr, text: str = "set aside", **fields: Any) -> Ncr:
    command = ContainNcr(id=floor.new_id(), ncr_id=ncr.id, containment=text, **fields)
    return await contain_ncr(floor.store, await floor.who("novak"), command)


async def disposed(floor: Floor, ncr: Ncr, how: Disposition, why: str = "reasons", **fields: Any) -> Ncr:
    command = DisposeNcr(id=floor.new_id(), ncr_id=ncr.id, disposition=how, justification=why, **fields)
    return await dispose_ncr(floor.store, await floor.who("novak"), command)


async def closed(floor: Floor, ncr: Ncr, **fields: Any) -> Ncr:
    command = CloseNcr(id=floor.new_id(), ncr_id=ncr.id, **fields)
    return await close_ncr(floor.store, await floor.who("novak"), command)


STEPS = {"contain": contained, "dispose": lambda f, n: disposed(f, n, "use_as_is"), "close": closed}
WAY = {"open": (), "contained": ("contain",), "disposed": ("dispose",), "closed": ("dispose", "close")}
ALLOWED = {
    "open": {"contain", "dispose"},
    "contained": {"dispose"},
    "disposed": {"close"},
    "closed": set[str](),
}


@pytest.mark.proves("QUA-1", "REL-1")
@pytest.mark.parametrize("state", ALLOWED)
async def test_every_step_from_every_state(floor: Floor, state: str) -> None:
    for order, (step, take) in zip(("0412/2", "0415/1", "0416/1"), STEPS.items(), strict=True):
        _, ncr = await failed(floor, order)
        for before in WAY[state]:
            ncr = await STEPS[before](floor, ncr)
        assert ncr.status == state
        if step in ALLOWED[state]:
            assert (await take(floor, ncr)).version == ncr.version + 1
        else:
            kept = await on_record(floor.store)
            assert await codes(take(floor, ncr)) == ["step_not_allowed"]
            assert await on_record(floor.store) == kept


@pytest.mark.proves("QUA-1")
@pytest.mark.parametrize(
    ("how", "status", "inspections"),
    [
        ("use_as_is", "inspecting", 1),
        ("rework", "inspecting", 2),
        ("return_to_supplier", "rejected", 1),
        ("scrap", "rejected", 1),
    ],
)
async def test_what_a_disposition_does_to_the_stock(
    floor: Floor, how: Disposition, status: str, inspections: int
) -> None:
    received, ncr = await failed(floor)
    assert (await floor.lot(received)).status == "held"
    done = await disposed(floor, ncr, how)
    assert (done.status, done.disposition) == ("disposed", how)
    assert (await floor.lot(received)).status == status
    opened = await floor.store.read.all(Inspection, "receipt_id = $1 order by number", received.receipt_id)
    assert len(opened) == inspections
    assert [each.repeats for each in opened[1:]] == [opened[0].id] * (inspections - 1)
    assert opened[0].status == "failed", "the failure stays on record"
    holds = await floor.store.read.all(Hold, "lot_id = $1", received.lot_id)
    assert all(hold.lifted_at for hold in holds) and len(holds) == 1


async def rework_done(floor: Floor, ncr: Ncr, quantity: str = "10", **fields: str) -> Rework:
    rework = await floor.store.read.first(Rework, "ncr_id = $1", ncr.id)
    assert rework is not None
    right = {"done": "deburred", "line": "LINE-1"} | fields
    command = FinishRework(id=floor.new_id(), rework_id=rework.id, quantity=Decimal(quantity), **right)
    return await finish_rework(floor.store, await floor.who("zhao"), command)


@pytest.mark.proves("LOT-6")
async def test_a_rework_is_an_operation_that_says_what_was_done_before_the_report_closes(
    floor: Floor,
) -> None:
    received, ncr = await failed(floor)
    ncr = await disposed(floor, ncr, "rework", "Deburr the tips")
    report = await ncr_report(floor.store.read, ncr.id)
    assert report.rework is not None
    assert (report.rework.status, report.rework.instruction) == ("open", "Deburr the tips")
    assert await floor.store.read.all(Notice, "code = 'rework_opened'")
    assert await codes(closed(floor, ncr)) == ["rework_open"]
    assert await codes(rework_done(floor, ncr, "0")) == ["rework_quantity"]
    assert await codes(rework_done(floor, ncr, "999999")) == ["rework_quantity"]
    assert await codes(rework_done(floor, ncr, done=" ")) == ["rework_unsaid"]
    done = await rework_done(floor, ncr)
    assert (done.status, done.reworked, done.line) == ("done", Decimal(10), "LINE-1")
    assert await codes(rework_done(floor, ncr)) == ["step_not_allowed"]
    assert (await closed(floor, ncr)).status == "closed"
    assert (await floor.lot(received)).status == "inspecting", "it waits for its inspection still"


@pytest.mark.proves("LOT-6")
async def test_what_was_inspected_before_the_rework_was_done_is_inspected_once_more(floor: Floor) -> None:
    received, ncr = await failed(floor)
    await disposed(floor, ncr, "rework")
    early = await floor.store.read.first(Inspection, "repeats = $1", ncr.inspection_id)
    assert early is not None
    await floor.shift.inspect(early.id, "li")
    sun = (await floor.sign_in("sun")).who
    assert "rework_open" in await codes(floor.begin(sun, received.receipt_id))
    await rework_done(floor, ncr)
    later = await floor.store.read.first(Inspection, "repeats = $1", early.id)
    assert later is not None and later.status == "open"
    assert "items_missing" in await codes(floor.begin(sun, received.receipt_id))
    await floor.shift.inspect(later.id, "li")
    await floor.shift.sign(received.receipt_id)
    assert (await floor.lot(received)).status == "released"


async def reworked_and_used(floor: Floor) -> None:
    """Reworked stock is not even used at risk before it is done and its new results are in."""
    received, ncr = await failed(floor)
    await disposed(floor, ncr, "rework")
    assert "rework_open" in await codes(floor.begin((await floor.sign_in("sun")).who, received.receipt_id))
    await rework_done(floor, ncr)
    sun = (await floor.sign_in("sun")).who
    at_risk = {"condition": "line 1 only", "passkey": False}
    assert "rework_not_inspected" in await codes(
        floor.begin(sun, received.receipt_id, "conditional", **at_risk)
    )
    assert "items_missing" in await codes(floor.begin(sun, received.receipt_id))
    again = await floor.store.read.first(Inspection, "repeats = $1", ncr.inspection_id)
    assert again is not None
    await floor.shift.inspect(again.id, "li")
    await floor.shift.sign(received.receipt_id)
    kept = await floor.store.read.get(Inspection, ncr.inspection_id)
    assert (kept.status, (await floor.lot(received)).status) == ("failed", "released")


@pytest.mark.proves("LOT-6", "REL-6")
async def test_reworked_stock_waits_for_its_new_inspection_at_every_risk(floor: Floor) -> None:
    await reworked_and_used(floor)


@pytest.mark.proves("LOT-6")
async def test_rework_that_is_used_at_risk_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dossier, "reworked", [])
    with pytest.raises(AssertionError):
        await reworked_and_used(floor)


async def test_with_a_second_report_open_the_lot_stays_held(floor: Floor) -> None:
    received = await floor.receive("0411/1")
    assert received.inspection is not None
    odd = {"OD-1": "4.31", "KNK-0": "1"}
    recorded = await floor.shift.inspect(received.inspection.id, "li", odd)
    first, second = [await floor.store.read.get(Ncr, each) for each in recorded.ncrs]
    await disposed(floor, first, "use_as_is")
    assert (await floor.lot(received)).status == "held"
    await disposed(floor, second, "use_as_is")
    assert (await floor.lot(received)).status == "inspecting"


def naive_close(ncr_status: str, open_follow_ups: int) -> bool:
    """The broken twin of QUA-1: looks at the state only."""
    return ncr_status == "disposed"


@pytest.mark.proves("QUA-1")
async def test_it_does_not_close_before_its_follow_ups_are_done(floor: Floor) -> None:
    _, ncr = await failed(floor)
    wang = await floor.who("wang")
    day = (await floor.store.today(floor.site_id)).isoformat()
    promises = [PlannedFollowUp("return the lot", wang.person_id, day)]
    ncr = await disposed(floor, ncr, "return_to_supplier", follow_ups=promises)
    told = await floor.store.read.all(
        Notice, "person_id = $1 and code = 'follow_up_assigned'", wang.person_id
    )
    assert [each.facts["what"] for each in told] == ["return the lot"]
    assert await codes(closed(floor, ncr)) == ["follow_up_open"]
    assert naive_close(ncr.status, 1), "the twin closes over an open promise"
    follow_up = await floor.store.read.first(FollowUp, "ncr_id = $1", ncr.id)
    assert follow_up is not None
    assert await floor.store.read.first(Job, "subject_id = $1", follow_up.id) is not None

    async def done(login: str, outcome: str) -> FollowUp:
        command = CompleteFollowUp(id=floor.new_id(), follow_up_id=follow_up.id, outcome=outcome)
        return await complete_follow_up(floor.store, await floor.who(login), command)

    assert isinstance(await refusal(done("li", "not mine")), NotAllowed)
    assert await codes(done("wang", " ")) == ["outcome_missing"]
    assert (await done("wang", "gone on the noon truck")).outcome == "gone on the noon truck"
    assert isinstance(await refusal(done("wang", "again")), Stale)
    assert (await closed(floor, ncr)).status == "closed"


async def test_every_gap_in_a_disposition_is_named_at_once(floor: Floor) -> None:
    _, ncr = await failed(floor)
    promises = [PlannedFollowUp(" ", "nobody", "2020-01-01"), PlannedFollowUp("x", "nobody", "soon")]
    error = await refusal(disposed(floor, ncr, "scrap", " ", follow_ups=promises))
    assert [(reason.code, reason.field) for reason in error.reasons] == [
        ("justification_missing", "justification"),
        ("follow_up_empty", "follow_ups.0.what"),
        ("owner_unknown", "follow_ups.0.owner_id"),
        ("due_day_wrong", "follow_ups.0.due_on"),
        ("owner_unknown", "follow_ups.1.owner_id"),
        ("due_day_wrong", "follow_ups.1.due_on"),
    ]


@pytest.mark.proves("REL-12")
async def test_who_read_an_older_version_is_told_and_changes_nothing(floor: Floor) -> None:
    _, ncr = await failed(floor)
    await contained(floor, ncr, version=ncr.version)
    before = await on_record(floor.store)
    for late in (disposed(floor, ncr, "scrap", version=ncr.version), closed(floor, ncr, version=ncr.version)):
        error = await refusal(late)
        assert isinstance(error, Stale) and error.reasons[0].code == "changed_meanwhile"
    assert await on_record(floor.store) == before
