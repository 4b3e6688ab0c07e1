"""Live early warning: a signal told once to quality, kept with proposal and answer, and nothing that rests on it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backend.actions.answer_signal import AnswerSignal, answer_signal
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.demo.series import play_series
from backend.domain.chart_signals import ChartSignal
from backend.domain.early_warning import Watch
from backend.domain.inspections import Reading
from backend.domain.lots import Lot
from backend.domain.notices import Notice
from backend.domain.people import Person
from backend.views.charts import ChartSheet, chart_sheet, signal_sheet
from backend.views.releases import release_sheet
from backend.watching import watch_charts
from tests.actions.floor import Floor, codes, last_event, on_record

WATCH = Watch(rules=(1, 2), baseline=8, least=6)
BACKEND = Path(__file__).parents[2] / "backend"
STEADY = ("6.4", "6.6", "6.5", "6.3", "6.6", "6.5", "6.4", "6.5")


def forces(values: Sequence[str]) -> list[dict[str, str]]:
    """Lots of roller clamps, one sample each."""
    return [{"TRQ-1": value} for value in values]


async def clamps(floor: Floor, values: Sequence[str], first: int = 6000, supplier: str = "BS") -> list[Any]:
    return await play_series(floor.shift, "RLC-01", supplier, forces(values), first, timedelta(hours=1))


async def sheet(floor: Floor, item: str = "RLC-01", code: str = "TRQ", **fields: Any) -> ChartSheet:
    return await chart_sheet(floor.store.read, floor.site_id, item, "incoming", code, WATCH, **fields)


async def told(floor: Floor) -> list[tuple[str, Notice]]:
    """(login, notice) of every early warning."""
    found = []
    for notice in await floor.store.read.all(Notice, "code = 'chart_signal' order by id"):
        found.append(((await floor.store.read.get(Person, notice.person_id)).login, notice))
    return found


@pytest.fixture
async def watched(floor: Floor) -> Floor:
    """From here on the log is watched; eight steady lots lie behind."""
    await watch_charts(floor.store, WATCH)
    await clamps(floor, STEADY)
    assert await watch_charts(floor.store, WATCH) == []
    return floor


@pytest.mark.proves("RES-11")
async def test_a_signal_is_told_to_quality_once(watched: Floor) -> None:
    floor = watched
    await clamps(floor, ["7.9"], 7000)
    (signal,) = await watch_charts(floor.store, WATCH)
    assert {(shown.part, shown.rule) for shown in signal.shown} == {("position", 1), ("spread", 1)}
    assert (signal.status, signal.rule_set) == ("open", WATCH.version)
    assert (signal.proposal.position, signal.proposal.frozen, signal.proposal.values) == (
        "7.9",
        True,
        ["7.9"],
    )
    event = await last_event(floor.store)
    assert (event["type"], event["source"]) == ("chart_signalled", "system")
    people = [login for login, notice in await told(floor) if notice.subject_id == signal.id]
    assert sorted(people) == ["novak", "zhou"]
    assert await watch_charts(floor.store, WATCH) == []
    async with floor.store.database.writing() as writer:  # a crash before the mark was kept: looked at again
        await writer.fetch("update log_mark set seq = 0")
    assert await watch_charts(floor.store, WATCH) == []
    assert len(await told(floor)) == len(people)


async def test_a_run_goes_on_without_another_word(watched: Floor) -> None:
    floor = watched
    await clamps(floor, ["6.55"] * 12, 7000)
    signals = await watch_charts(floor.store, WATCH)
    rules = [shown.rule for signal in signals for shown in signal.shown if shown.part == "position"]
    assert rules == [2]


async def test_lots_of_another_supplier_have_their_own_chart(watched: Floor) -> None:
    floor = watched
    await clamps(floor, ["8.8", "8.7", "8.9"], 7000, supplier="QH")
    assert await watch_charts(floor.store, WATCH) == []
    drawn = await sheet(floor)
    assert drawn.supplier is not None and drawn.supplier.code == "QH" and drawn.lots == 3
    assert {each.supplier.code: each.lots for each in drawn.suppliers if each.supplier} == {"BS": 8, "QH": 3}


@pytest.mark.proves("RES-5", "RES-11")
async def test_a_correction_takes_the_place_of_the_reading_and_is_said(watched: Floor) -> None:
    floor = watched
    (received,) = await clamps(floor, ["7.9"], 7000)
    (signal,) = await watch_charts(floor.store, WATCH)
    reading = await floor.store.read.first(
        Reading, "inspection_id = $1 and item_key = 'TRQ-1'", received.inspection.id
    )
    assert reading is not None
    command = CorrectResult(
        id=floor.new_id(), reading_id=reading.id, entered="6.5", reason="Misread the scale"
    )
    await correct_result(floor.store, await floor.who("li"), command)
    assert await watch_charts(floor.store, WATCH) == []
    drawn = await sheet(floor)
    assert (drawn.points[-1].values, drawn.points[-1].rules, drawn.left_out.corrected) == ([6.5], [], 1)
    kept = await signal_sheet(floor.store.read, signal.id, WATCH)
    assert kept.proposal.values == ["7.9"], "what was proposed stays as it was"


async def test_several_samples_a_lot_are_averaged_and_half_measured_lots_wait(floor: Floor) -> None:
    values = [{"PEL-1": f"1.{5 + place % 2}", "PEL-2": f"1.{6 - place % 2}"} for place in range(7)]
    values[3] = {"PEL-1": "1.8", "PEL-2": "1.5"}
    await play_series(floor.shift, "PCH-15", "BS", values, 6000, timedelta(hours=1))
    drawn = await sheet(floor, "PCH-15", "PEL")
    assert (drawn.kind, drawn.lots, drawn.lower, drawn.upper) == ("ranges", 7, 1.2, None)
    assert drawn.points[3].position == pytest.approx(1.65) and drawn.points[3].spread == pytest.approx(0.3)
    assert drawn.ability is not None and drawn.ability.index.cp is None and drawn.ability.caution == "few"
    label = next(each for each in floor.labels.values() if each.item == "PCH-15" and each.supplier == "BS")
    received = await floor.shift.receive(label)
    assert received.inspection is not None
    await floor.shift.inspect(received.inspection.id, "li", {"PEL-1": "3.0"}, until=3)
    assert (await sheet(floor, "PCH-15", "PEL")).lots == 7


async def test_the_period_narrows_what_is_drawn_and_not_the_limits(watched: Floor) -> None:
    drawn = await sheet(watched)
    day = drawn.points[3].at[:10]
    narrow = await sheet(watched, since="2000-01-01", until="2000-01-02")
    assert narrow.points == [] and narrow.lots == drawn.lots and narrow.kind == drawn.kind
    assert (await sheet(watched, since=day)).points[0].limits == drawn.points[0].limits


# --- answers


async def answer(floor: Floor, signal: ChartSignal, login: str = "novak", **fields: Any) -> ChartSignal:
    command = AnswerSignal(id=floor.new_id(), signal_id=signal.id, **fields)
    return await answer_signal(floor.store, await floor.who(login), command)


@pytest.mark.proves("RES-11")
async def test_proposal_and_answer_stand_side_by_side(watched: Floor) -> None:
    floor = watched
    await clamps(floor, ["7.9"], 7000)
    (signal,) = await watch_charts(floor.store, WATCH)
    seen = await answer(floor, signal, answer="acknowledge")
    assert (seen.status, seen.reason) == ("acknowledged", None)
    assert await codes(answer(floor, signal, answer="dismiss")) == ["reason_missing"]
    assert await codes(answer(floor, signal, answer="refer", reason="x", ncr="N26-999999")) == ["not_found"]
    assert await codes(answer(floor, signal, answer="dismiss", reason="x", version=1)) == [
        "changed_meanwhile"
    ]
    done = await answer(floor, seen, answer="explain", reason="New mould cavity 4", version=2)
    assert (done.status, done.reason, done.proposal) == ("explained", "New mould cavity 4", signal.proposal)
    assert await codes(answer(floor, done, answer="dismiss", reason="x")) == ["step_not_allowed"]
    said = await signal_sheet(floor.store.read, signal.id, WATCH)
    assert said.answered_by is not None and said.rule_set == WATCH.version
    assert (await last_event(floor.store))["type"] == "refused"


async def test_a_report_takes_the_matter_over(watched: Floor) -> None:
    floor = watched
    await clamps(floor, ["9.8"], 7000)  # beyond 9.0: the reading opens its own report
    (signal,) = await watch_charts(floor.store, WATCH)
    number = (await floor.store.read.rows("select number from ncr order by opened_at desc limit 1"))[0][0]
    done = await answer(floor, signal, answer="refer", reason="The same lot", ncr=number)
    assert (await signal_sheet(floor.store.read, done.id, WATCH)).ncr == number


async def test_a_changed_process_begins_a_new_chart(watched: Floor) -> None:
    floor = watched
    await clamps(floor, ["7.5", "7.6"], 7000)
    signals = await watch_charts(floor.store, WATCH)
    await answer(floor, signals[0], answer="rebase", reason="Harder spring since this lot")
    drawn = await sheet(floor)
    assert (drawn.lots, drawn.left_out.before, drawn.frozen) == (2, 8, False)
    await clamps(floor, ["7.4", "7.6", "7.5", "7.4", "7.5", "7.5"], 8000)
    assert await watch_charts(floor.store, WATCH) == []


async def test_only_quality_answers(watched: Floor) -> None:
    floor = watched
    await clamps(floor, ["7.9"], 7000)
    (signal,) = await watch_charts(floor.store, WATCH)
    for login in ("li", "wang", "sun", "zhao"):
        assert await codes(answer(floor, signal, login, answer="acknowledge")) == ["not_allowed"]


# --- it never judges


async def judged(floor: Floor, receipt_id: str) -> dict[str, Any]:
    """All that a verdict, a hold or a blocker is: rows of business, and what stands in a release's way."""
    rows = await on_record(floor.store)
    kept = ("lot", "receipt", "portion", "hold", "inspection", "reading", "ncr", "release", "series_state")
    sun = await floor.who("sun")
    ready = await release_sheet(floor.store.read, receipt_id, sun, floor.store.clock()[:10])
    return {name: rows[name] for name in kept} | {"blockers": msgspec.to_builtins(ready.blockers)}


async def holds_on_signal(floor: Floor, signal: ChartSignal) -> None:
    """The broken twin: statistics that act."""
    number = (await floor.store.read.get(Lot, signal.lot_id)).number
    command = HoldLot(id=floor.new_id(), lot_number=number, reason="A rule fired")
    await hold_lot(floor.store, await floor.who("novak"), command)


@pytest.mark.proves("RES-11")
async def test_a_signal_changes_no_verdict_no_hold_and_no_blocker(watched: Floor) -> None:
    floor = watched
    (received,) = await clamps(floor, ["7.9"], 7000)
    before = await judged(floor, received.receipt_id)
    (signal,) = await watch_charts(floor.store, WATCH)
    assert await judged(floor, received.receipt_id) == before
    await answer(floor, signal, answer="explain", reason="New mould cavity 4")
    assert await judged(floor, received.receipt_id) == before
    await holds_on_signal(floor, signal)
    assert await judged(floor, received.receipt_id) != before


READERS = {
    "app.py", "settings.py", "watching.py", "actions/note_signal.py", "actions/answer_signal.py", "cli/chart.py",
    "domain/chart_signals.py", "domain/early_warning.py", "domain/drift.py", "domain/control_charts.py",
    "store/charting.py", "store/tables.py", "store/migrate.py", "web/charts.py", "web/parts.py", "views/charts.py",
    "views/chart_lists.py", "views/chart_signals.py", "views/chart_drift.py", "views/chart_pictures.py",
    "views/drawings.py", "domain/factors.py", "views/factors.py",
}  # fmt: skip
"""Who may know of charts; what judges, holds or blocks is not among them."""
CHARTS = {"chart_signals", "early_warning", "control_charts", "drift", "charting"}


def knows_charts(source: str) -> bool:
    """Whether a module imports anything of charts."""
    return any(
        (node.module or "").rsplit(".", 1)[-1] in CHARTS
        or (node.module == "backend.domain" and any(name.name in CHARTS for name in node.names))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
    )


@pytest.mark.proves("RES-11")
def test_nothing_that_decides_knows_of_charts() -> None:
    found = {
        path.relative_to(BACKEND).as_posix()
        for path in BACKEND.rglob("*.py")
        if knows_charts(path.read_text())
    }
    assert found <= READERS
    assert {"actions/note_signal.py", "views/charts.py"} <= found
    releases = (BACKEND / "domain/releases.py").read_text()
    twin = f"from backend.domain.chart_signals import ChartSignal\n{releases.replace('from __future__', '# from')}"
    assert not knows_charts(releases) and knows_charts(twin)
