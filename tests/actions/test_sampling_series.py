"""Switching on the shop floor: the next delivery's sample follows from what became of the ones before (SMP-4)."""

from __future__ import annotations

from typing import Any

import pytest

from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.steer_series import Steered, SteerSeries, steer_series
from backend.domain.inspections import ClassSampling, Inspection, Reading
from backend.domain.lots import Hold, Lot, Portion
from backend.domain.notices import Notice
from backend.domain.releases import blockers
from backend.domain.sampling_rules import ByAql, Double
from backend.domain.series import SeriesState, count_in
from backend.domain.switching import Act
from backend.store import inspecting
from backend.store.change import Change
from backend.store.deciding import dossier
from backend.store.series import acts_of, past_of
from backend.views.inspections import inspection_sheet
from backend.views.series import SeriesLine, list_series
from tests.actions.floor import Floor, codes, last_event
from tests.actions.plans_in_force import line, put_in_force

TUBING = "0411/1"
SURFACE = {"SUR-0": "2"}  # of 8 units, Ac 0


async def delivered(floor: Floor, odd: dict[str, str] | None = None, quantity: str = "500") -> Inspection:
    """One delivery of the tubing, received and inspected."""
    received = await floor.receive(TUBING, quantity=quantity)
    assert received.inspection is not None
    await floor.shift.inspect(received.inspection.id, "li", odd)
    return await floor.store.read.get(Inspection, received.inspection.id)


def of_class(inspection: Inspection, severity: str) -> ClassSampling:
    assert inspection.sampling is not None
    return next(each for each in inspection.sampling if each.of == severity)


async def told(floor: Floor, code: str) -> list[Notice]:
    return await floor.store.read.all(Notice, "code = $1 order by created_at, id", code)


@pytest.mark.proves("SMP-4")
async def test_two_rejected_lots_tighten_the_next(floor: Floor) -> None:
    history = [of_class(await delivered(floor, SURFACE), "major") for _ in range(2)]
    assert [(each.severity, each.accepted) for each in history] == [("normal", False)] * 2
    third = await delivered(floor)
    major = of_class(third, "major")
    assert (major.severity, major.accepted, major.stopped) == ("tightened", True, False)
    assert major.since is not None
    assert of_class(third, "minor").severity == "normal"
    sheet = await inspection_sheet(floor.store.read, third.id)
    shown = {one.severity: (one.sampling, one.since) for one in sheet.sampling}
    assert shown == {"major": ("tightened", major.since), "minor": ("normal", None)}
    surface = next(item for item in sheet.items if item.key == "SUR-0")
    clarity = next(item for item in sheet.items if item.key == "CLR-0")
    assert (surface.n, clarity.n) == (13, 8), "S-2, AQL 1.5: letter D's arrow leads further down"
    [notice] = await told(floor, "sampling_switched")
    assert (notice.facts["severity"], notice.facts["sampling"]) == ("major", "tightened")
    await delivered(floor)
    assert len(await told(floor, "sampling_switched")) == 1, "told once"


@pytest.mark.proves("SMP-4")
async def test_a_corrected_verdict_lists_the_lots_inspected_under_a_wrong_plan(floor: Floor) -> None:
    await delivered(floor, SURFACE)
    second = await delivered(floor)
    third = await delivered(floor)
    assert of_class(third, "major").severity == "normal"
    wrong = await floor.store.read.first(
        Reading, "inspection_id = $1 and item_key = 'SUR-0' and status = 'current'", second.id
    )
    assert wrong is not None
    command = CorrectResult(
        id=floor.new_id(), reading_id=wrong.id, entered="2", reason="scratches overlooked", confirmed=True
    )
    await correct_result(floor.store, await floor.who("li"), command)
    corrected = await floor.store.read.get(Inspection, second.id)
    assert (of_class(corrected, "major").accepted, corrected.status) == (False, "failed")
    assert of_class(corrected, "major").decided_at == of_class(second, "major").decided_at
    [notice] = await told(floor, "plans_were_wrong")
    lot = (await floor.store.read.rows("select number from lot where id = $1", third.lot_id))[0][0]
    assert notice.facts["lots"] == [lot]
    assert (await last_event(floor.store))["facts"]["lots_under_wrong_plan"] == [lot]
    assert of_class(await delivered(floor), "major").severity == "tightened"


@pytest.mark.proves("SMP-4")
async def test_another_material_is_another_series(floor: Floor) -> None:
    for _ in range(2):
        await delivered(floor, SURFACE)
    received = await floor.receive("0412/1")
    assert received.inspection is not None
    other = await floor.store.read.get(Inspection, received.inspection.id)
    assert {each.severity for each in other.sampling or ()} == {"normal"}


async def correct_the_second(floor: Floor) -> list[Inspection]:
    """Three deliveries, the first rejected; then it turns out that the second had to be."""
    lots = [await delivered(floor, SURFACE), await delivered(floor), await delivered(floor)]
    wrong = await floor.store.read.first(
        Reading, "inspection_id = $1 and item_key = 'SUR-0' and status = 'current'", lots[1].id
    )
    assert wrong is not None
    command = CorrectResult(
        id=floor.new_id(), reading_id=wrong.id, entered="2", reason="overlooked", confirmed=True
    )
    await correct_result(floor.store, await floor.who("li"), command)
    return lots


async def state_of(floor: Floor, inspection: Inspection) -> SeriesState:
    """The state that is kept of its series, compared with all verdicts counted anew."""
    lot = await floor.store.read.get(Lot, inspection.lot_id)
    kept = await floor.store.read.first(
        SeriesState, "item_id = $1 and supplier_id = $2 and stage = 'incoming'", lot.item_id, lot.supplier_id
    )
    assert kept is not None
    past = await past_of(floor.store.read, lot, "incoming")
    acts = await acts_of(floor.store.read, lot, "incoming")
    whole = {each.of: each for each in count_in([], past, inspection.opened_at, acts)}
    assert {each.of: (each.standing, each.since) for each in kept.classes} == {
        of: (each.standing, each.since) for of, each in whole.items()
    }
    return kept


@pytest.mark.proves("SMP-4")
async def test_the_state_that_is_kept_is_what_the_history_gives(floor: Floor) -> None:
    for odd in (None, SURFACE, None, SURFACE, None, None):
        inspection = await delivered(floor, odd)
        state = await state_of(floor, inspection)
        assert state.waiting[-1] == inspection.id
        assert len(state.waiting) < 4, "what has been counted waits no more"
    assert not state.stale


@pytest.mark.proves("SMP-4")
async def test_a_corrected_verdict_is_counted_anew(floor: Floor) -> None:
    await correct_the_second(floor)
    fourth = await delivered(floor)
    assert of_class(fourth, "major").severity == "tightened"
    assert not (await state_of(floor, fourth)).stale


async def test_a_state_that_no_correction_reaches_would_let_it_pass(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin."""

    async def nothing(tx: Change, lot: Lot, before: Inspection, after: Inspection) -> None:
        return None

    monkeypatch.setattr(inspecting, "verdict_changed", nothing)
    await correct_the_second(floor)
    assert of_class(await delivered(floor), "major").severity == "normal"


SURFACE_ONLY = line("SUR", ByAql("II", "1.0"))


async def small(floor: Floor, odd: dict[str, str] | None = None) -> Inspection:
    """One of the small deliveries that an order has many of."""
    return await delivered(floor, odd, "100")


async def tubing(floor: Floor) -> SeriesLine:
    """The series of the tubing from the supplier of order 0411."""
    [(supplier,)] = await floor.store.read.rows("select name from supplier where code = 'QH'")
    lines = await list_series(floor.store.read, floor.site_id)
    return next(each for each in lines if (each.item.code, each.supplier) == ("TUB-30", supplier))


async def steer(floor: Floor, act: Act, login: str = "novak", **fields: str) -> Steered:
    """What the quality engineer does to the major class of the tubing's series."""
    wanted: dict[str, Any] = {
        "series_id": (await tubing(floor)).id, "of": "major", "act": act, "reason": "reviewed",
    }  # fmt: skip
    command = SteerSeries(id=floor.new_id(), **(wanted | fields))
    return await steer_series(floor.store, await floor.who(login), command)


async def standing(floor: Floor) -> tuple[str, list[Act]]:
    major = next(each for each in (await tubing(floor)).classes if each.of == "major")
    return major.sampling, major.may


async def accepted(floor: Floor, times: int) -> Inspection:
    for _ in range(times):
        inspection = await small(floor)
    return inspection


@pytest.mark.proves("SMP-4")
async def test_reduced_inspection_waits_for_a_persons_leave(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [SURFACE_ONLY])
    await small(floor, SURFACE)  # the score begins anew, whatever came before
    for _ in range(5):
        await small(floor)
    assert await codes(steer(floor, "allow_reduced")) == ["series_act_not_due"]
    await accepted(floor, 11)
    assert of_class(await small(floor), "major").severity == "normal", "nobody has given leave"
    assert len(await told(floor, "reduced_possible")) == 1, "said once"
    assert await standing(floor) == ("normal", ["allow_reduced"])
    assert await codes(steer(floor, "allow_reduced", login="li")) == ["not_allowed"]
    assert await codes(steer(floor, "allow_reduced", reason=" ")) == ["reason_missing"]
    assert (await steer(floor, "allow_reduced")).severity == "reduced"
    event = await last_event(floor.store)
    assert (event["type"], event["reason"], event["facts"]["act"]) == (
        "series_steered",
        "reviewed",
        "allow_reduced",
    )
    reduced = await small(floor)
    assert of_class(reduced, "major").severity == "reduced"
    await state_of(floor, reduced)
    assert (await steer(floor, "end_reduced", reason="production was irregular")).severity == "normal"
    assert of_class(await small(floor), "major").severity == "normal"


@pytest.mark.proves("SMP-4")
async def test_a_discontinued_series_waits_for_the_suppliers_corrective_action(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [SURFACE_ONLY])
    for _ in range(7):
        await small(floor, {"SUR-0": "13"})
    stopped = await floor.receive(TUBING, quantity="100")
    lot = await floor.lot(stopped)

    async def statuses() -> set[str]:
        portions = await floor.store.read.all(Portion, "receipt_id = $1", stopped.receipt_id)
        return {portion.status for portion in portions}

    holds = await floor.store.read.all(Hold, "receipt_id = $1", stopped.receipt_id)
    assert [hold.code for hold in holds] == ["inspection_discontinued"]
    assert await statuses() == {"held"}
    assert stopped.inspection is not None
    file = await dossier(floor.store.read, stopped.receipt_id)
    blocking = blockers(file.case("nobody", "2026-11-28"))
    assert "inspection_discontinued" in [reason.facts.get("hold") for reason in blocking]
    lift = LiftHold(id=floor.new_id(), lot_number=lot.number, code="inspection_discontinued", reason="sure")
    assert await codes(lift_hold(floor.store, await floor.who("novak"), lift)) == ["hold_not_lifted_here"]
    assert await codes(steer(floor, "allow_reduced")) == ["series_act_not_due"]
    steered = await steer(floor, "resume", reason="new tool, 8D report 17")
    assert (steered.severity, steered.lots) == ("tightened", [lot.number])
    assert await statuses() == {"inspecting"}
    assert await standing(floor) == ("tightened", [])
    following = await small(floor)
    major = of_class(following, "major")
    assert (major.severity, major.stopped) == ("tightened", False)
    assert not await floor.store.read.all(Hold, "receipt_id = $1", following.receipt_id)
    await state_of(floor, following)


@pytest.mark.proves("SMP-4", "SMP-2")
async def test_double_plans_switch_by_the_rules_of_their_edition(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [line("SUR", Double("II", "2.5"))])
    for _ in range(2):
        await small(floor, {"SUR-0": "13"})
    third = await small(floor)
    major = of_class(third, "major")
    assert (major.severity, major.standard, major.accepted) == ("tightened", "z1.4", True)
    for _ in range(4):
        await small(floor)
    await accepted(floor, 10)
    assert of_class(await small(floor), "major").severity == "normal"
    assert await standing(floor) == ("normal", ["allow_reduced"]), "ten accepted lots"
    await steer(floor, "allow_reduced")
    reduced = await small(floor)
    assert of_class(reduced, "major").severity == "reduced"
    sheet = await inspection_sheet(floor.store.read, reduced.id)
    assert [(item.n, item.accept, item.reject, item.more) for item in sheet.items] == [(5, 0, 2, True)]


@pytest.mark.proves("SMP-4", "SMP-2")
async def test_a_corrected_double_verdict_lists_lots_under_a_wrong_plan(floor: Floor) -> None:
    await put_in_force(floor, "TUB-30", [line("SUR", Double("II", "2.5"))])
    await small(floor, {"SUR-0": "13"})
    second, third = await small(floor), await small(floor)
    wrong = await floor.store.read.first(Reading, "inspection_id = $1 and status = 'current'", second.id)
    assert wrong is not None
    command = CorrectResult(
        id=floor.new_id(), reading_id=wrong.id, entered="9", reason="overlooked", confirmed=True
    )
    await correct_result(floor.store, await floor.who("li"), command)
    lot = (await floor.store.read.rows("select number from lot where id = $1", third.lot_id))[0][0]
    assert (await last_event(floor.store))["facts"]["lots_under_wrong_plan"] == [lot]
    assert of_class(await small(floor), "major").severity == "tightened"
