"""Switching on the shop floor: the next delivery's sample follows from what became of the ones before (SMP-4)."""

from __future__ import annotations

import pytest

from backend.actions.correct_result import CorrectResult, correct_result
from backend.domain.inspections import ClassSampling, Inspection, Reading
from backend.domain.lots import Lot
from backend.domain.notices import Notice
from backend.domain.series import SeriesState, count_in
from backend.store import inspecting
from backend.store.change import Change
from backend.store.series import past_of
from backend.views.inspections import inspection_sheet
from tests.actions.floor import Floor, last_event

TUBING = "0411/1"
SURFACE = {"SUR-0": "2"}  # of 8 units, Ac 0


async def delivered(floor: Floor, odd: dict[str, str] | None = None) -> Inspection:
    """One delivery of the tubing, received and inspected."""
    received = await floor.receive(TUBING, quantity="500")
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
    whole = {each.of: each for each in count_in([], past, inspection.opened_at)}
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
