"""Traces from anything, both ways, bounded; exports; what lots have in common (LOT-10, LOT-12, QUA-6)."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest

from backend.actions.state_process import StateProcess, state_process
from backend.domain.common_causes import Factor
from backend.domain.process_facts import StatedFact
from backend.domain.recalls import Basis
from backend.views import traces
from backend.views.common_causes import shared_by
from backend.views.trace_tables import trace_csv
from backend.views.traces import trace, trace_from
from tests.actions.floor import Floor, codes
from tests.actions.shipping import consignee, sent_back, shipped
from tests.actions.test_dividing import split
from tests.actions.test_production import consumed, finished, released, started


async def made(floor: Floor) -> tuple[Any, Any, Any]:
    """Needles, a split of them, and sets made of what is left."""
    needles = await released(floor)
    part = (await split(floor, needles.number, "1000")).child
    lot = await started(floor)
    await consumed(floor, lot, needles.number, "500")
    return needles, part, await floor.lot(await finished(floor, lot, "50"))


@pytest.mark.proves("LOT-10", "LOT-12", "LOT-3")
async def test_a_trace_shows_consumption_splits_shipments_and_returns_with_quantities(floor: Floor) -> None:
    needles, part, sets = await made(floor)
    to = await consignee(floor)
    shipment = await shipped(floor, to, (part.number, "300"))
    await sent_back(floor, shipment, "40")
    found = await trace(floor.store.read, floor.site_id, needles.number, "down")
    assert {(edge.child, edge.kind, edge.quantity) for edge in found.edges} == {
        (part.id, "split", Decimal(1000)),
        (sets.id, "consumed", Decimal(500)),
    }
    assert [(each.lot_id, each.quantity, each.returned) for each in found.shipments] == [
        (part.id, Decimal(300), Decimal(40))
    ]
    assert found.complete and {node.number: node.on_hand for node in found.nodes}[part.number] == Decimal(740)
    up = await trace_from(floor.store.read, floor.site_id, Basis("lot", f"{sets.number} {part.number}"), "up")
    assert {node.number for node in up.nodes} == {needles.number, part.number, sets.number}
    assert {node.number: node.depth for node in up.nodes}[needles.number] == -1


@pytest.mark.proves("LBL-8", "LOT-12")
async def test_a_table_of_it_agrees_with_the_screen(floor: Floor) -> None:
    needles, part, _ = await made(floor)
    await shipped(floor, await consignee(floor, name="=cmd|' /C calc'!A0"), (part.number, "300"))
    found = await trace(floor.store.read, floor.site_id, needles.number, "both")
    rows = list(csv.DictReader(io.StringIO(trace_csv(found)[1:])))
    lots = {row["lot"]: Decimal(row["on_hand"]) for row in rows if row["what"] == "lot"}
    assert lots == {node.number: node.on_hand for node in found.nodes}
    edges = sum(Decimal(row["quantity"]) for row in rows if row["what"] == "edge")
    assert edges == sum(edge.quantity for edge in found.edges)
    assert [row["consignee"] for row in rows if row["what"] == "shipment"] == ["H-01 =cmd|' /C calc'!A0"]


@pytest.mark.proves("LOT-10")
async def test_a_trace_that_is_cut_says_so(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    needles, _, _ = await made(floor)
    monkeypatch.setattr(traces, "MOST_EDGES", 1)
    assert not (await trace(floor.store.read, floor.site_id, needles.number, "down")).complete


@pytest.mark.proves("LOT-10")
async def test_each_way_may_have_all_the_edges_that_one_may(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, part, _ = await made(floor)
    rest = (await split(floor, part.number, "100")).child
    monkeypatch.setattr(traces, "MOST_EDGES", 1)
    found = await trace(floor.store.read, floor.site_id, part.number, "both")
    assert found.complete and [edge.child for edge in found.edges] == [part.id, rest.id]


@pytest.mark.proves("LOT-12")
async def test_lots_that_share_equipment_are_told_so(floor: Floor) -> None:
    needles = await released(floor)
    lots = []
    for place in range(4):
        lot = await started(floor, order=f"MO-{place}")
        await consumed(floor, lot, needles.number, "100")
        await finished(floor, lot, "50")
        facts = [StatedFact("equipment", "PRESS-3" if place < 2 else "PRESS-1"), StatedFact("line", "L1")]
        stated = StateProcess(id=floor.new_id(), lot_id=lot.id, facts=facts)
        await state_process(floor.store, await floor.who("zhao"), stated)
        lots.append(lot)
    basis = Basis("lot", f"{lots[0].number}, {lots[1].number}")
    shared = await shared_by(floor.store.read, floor.site_id, basis)
    first = shared.causes[0]
    assert (first.factor, first.cases, first.others) == (Factor("equipment", "PRESS-3"), 2, 0)
    known = {each.factor: each for each in shared.causes}
    assert known[Factor("lot", needles.number)].cases == 2
    assert known[Factor("line", "L1")].others == 2
    gone = shared_by(floor.store.read, floor.site_id, Basis("lot", "L0"))
    assert await codes(gone) == ["lot_unknown"]
