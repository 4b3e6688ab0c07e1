"""Sensors' values come in and go with what was made there and then; factors of a characteristic are ranked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from backend.actions.record_environment import EnvironmentRecorded, RecordEnvironment, record_environment
from backend.actions.set_environment_limit import SetEnvironmentLimit, set_environment_limit
from backend.demo.series import play_series
from backend.domain.environment import StatedValue, read_instant
from backend.domain.environment_csv import stated_of
from backend.domain.lots import Lot
from backend.domain.process_facts import ProcessFact
from backend.domain.security import Plain, system
from backend.domain.sheets import csv_table
from backend.store.change import Change
from backend.views.batch_records import batch_record
from backend.views.environment import environment_of
from backend.views.factors import factor_sheet, shift_of
from tests.actions.floor import Floor, codes
from tests.actions.test_production import consumed, finished, released, started

ZONE = "Asia/Shanghai"
SHEET = "设备;项目;单位;时间;数值\r\nL-A;湿度;%;2026-11-20 08:00;41.5\r\nL-B;湿度;%;2026/11/20 08:00;55\r\n"


async def said(floor: Floor, *values: StatedValue, login: str = "zhao") -> EnvironmentRecorded:
    command = RecordEnvironment(id=floor.new_id(), values=list(values))
    return await record_environment(floor.store, await floor.who(login), command)


def humidity(place: str, at: str, value: str) -> StatedValue:
    return StatedValue(place, "RH", "%", at, value)


async def made_on(floor: Floor, lot: Lot, line: str, pressure: str) -> None:
    """What an operator states of a lot of our own, written for lots that a test can have many of."""

    async def work(tx: Change) -> None:
        for kind, code, value, unit in (("line", line, "", ""), ("parameter", "P", pressure, "bar")):
            fact = ProcessFact(tx.new_id(), lot.site_id, lot.id, kind, code, value, unit, "", tx.now)  # type: ignore[arg-type]
            tx.insert(fact)
        tx.record("process_stated", "lot", lot.id)

    await floor.store.change(system(lot.site_id), "state", Plain(floor.new_id()), work, None)


async def test_factors_of_a_characteristic_are_ranked_by_what_goes_with_it(floor: Floor) -> None:
    values = [6.40 + 0.02 * (place % 5) + (0.30 if place % 2 else 0.0) for place in range(16)]
    series = [{"TRQ-1": f"{value:.2f}"} for value in values]
    for place, received in enumerate(
        await play_series(floor.shift, "RLC-01", "BS", series, 6000, timedelta(hours=1))
    ):
        lot = await floor.lot(received)
        line = "L-B" if place % 2 else "L-A"
        await made_on(floor, lot, line, f"{3 + (place * 7) % 16 / 10:.1f}")
        await said(floor, humidity(line, lot.created_at, str(40 + 10 * (place % 2) + place % 5)))
    read = floor.store.read.of_site(floor.site_id)
    ranking = (await factor_sheet(read, floor.site_id, "RLC-01", "incoming", "TRQ")).ranking
    found = {(each.kind, each.name): each for each in ranking.ranked}
    line_found, around = found["line", ""], found["environment", "RH"]
    assert ranking.lots >= 16 and line_found.lots == 16 and around.lots == 16
    assert line_found.measure == "omega2" and line_found.effect > 0.8 and line_found.chance < 0.001
    assert [each.code for each in line_found.groups] == ["L-B", "L-A"]
    assert around.measure == "rho" and around.effect > 0.8 and around.unit == "%"
    assert abs(found["parameter", "P"].effect) < 0.5 and found["parameter", "P"].chance > 0.05
    assert {(each.kind, each.why) for each in ranking.unranked} >= {("supplier", "one_kind")}


async def test_too_few_lots_are_refused_with_how_many_there_are(floor: Floor) -> None:
    read = floor.store.read.of_site(floor.site_id)
    assert await codes(factor_sheet(read, floor.site_id, "CAP-04", "incoming", "PUL")) == [
        "factors_too_few_lots"
    ]


async def test_values_come_once_and_another_one_for_the_same_is_refused(floor: Floor) -> None:
    stated = stated_of(csv_table(SHEET.encode("gb18030"))).values
    assert await said(floor, *stated) == EnvironmentRecorded(2, 0)
    assert await said(floor, *stated, humidity("L-A", "2026-11-20T00:00:00Z", "40")) == EnvironmentRecorded(
        1, 2
    )
    kept = await floor.store.read.rows(
        "select place, at, value from environment_value where quantity = '湿度' order by place"
    )
    assert [(row[0], row[1], str(row[2])) for row in kept] == [
        ("L-A", "2026-11-20T00:00:00.000000Z", "41.5"), ("L-B", "2026-11-20T00:00:00.000000Z", "55")
    ]  # fmt: skip
    other = StatedValue("L-A", "湿度", "%", "2026-11-20T08:00:00+08:00", "42")
    assert await codes(said(floor, other)) == ["environment_differs"]
    wrong = [
        humidity("", "yesterday", "4,2"), humidity("L-A", "2099-01-01T00:00:00Z", "1e3"),
    ]  # fmt: skip
    assert sorted(await codes(said(floor, *wrong))) == [
        "environment_text", "environment_time", "environment_time", "environment_value", "environment_value",
    ]  # fmt: skip
    assert await codes(said(floor)) == ["environment_count"]
    assert await codes(said(floor, humidity("L-A", "2026-11-20T00:00:00Z", "1"), login="li")) == [
        "not_allowed"
    ]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-20T08:00:00+08:00", "2026-11-20T00:00:00.000000Z"),
        ("2026-11-20 08:00", "2026-11-20T00:00:00.000000Z"),
        ("20.11.2026", None),
        ("", None),
    ],
)
def test_an_instant_without_an_offset_is_the_sites(text: str, instant: str | None) -> None:
    assert read_instant(text, ZONE) == instant


def test_an_hour_that_clocks_showed_twice_is_asked_about() -> None:
    assert read_instant("2026-10-25 02:30", "Europe/Berlin") is None
    assert read_instant("2026-10-25T02:30:00+01:00", "Europe/Berlin") == "2026-10-25T01:30:00.000000Z"


def test_shifts_by_the_sites_clocks() -> None:
    at = [f"2026-11-20T{hour:02}:00:00.000000Z" for hour in (21, 22, 5, 6, 13, 14)]
    assert [shift_of(each, ZONE) for each in at] == ["22-06", "06-14", "06-14", "14-22", "14-22", "22-06"]


async def limited(
    floor: Floor, place: str, low: str | None, high: str | None, reason: str = "ISO 7 room"
) -> Any:
    command = SetEnvironmentLimit(
        id=floor.new_id(), place=place, quantity="RH", unit="%", 
        low=Decimal(low) if low else None, high=Decimal(high) if high else None, reason=reason,
    )  # fmt: skip
    return await set_environment_limit(floor.store, await floor.who("novak"), command)


@pytest.mark.proves("LOT-12")
async def test_a_batch_record_says_what_sensors_said_while_and_where_a_lot_was_made(floor: Floor) -> None:
    needles = await released(floor)
    started_before = floor.clock()
    floor.clock.forward(floor.clock.now + timedelta(minutes=5))
    lot = await started(floor)
    await made_on(floor, lot, "L-A", "3.0")
    for value in ("39.9", "44", "61", "45.5"):
        floor.clock.forward(floor.clock.now + timedelta(minutes=5))
        await said(floor, humidity("L-A", floor.clock(), value), humidity("L-B", floor.clock(), "99"))
    await said(floor, humidity("L-A", started_before, "99"))
    read = floor.store.read.of_site(floor.site_id)
    (bare,) = await environment_of(read, lot, floor.clock())
    assert (bare.place, bare.count, bare.outside) == ("L-A", 4, None), "no limits, and no other time or place"
    assert await codes(limited(floor, "L-A", "60", "40", " ")) == ["limits_crossed", "reason_missing"]
    await limited(floor, "L-A", "40", None)
    await limited(floor, "L-A", "40", "60")
    await consumed(floor, lot, needles.number, "500")
    await finished(floor, lot, "50")
    floor.clock.forward(floor.clock.now + timedelta(minutes=5))
    await said(floor, humidity("L-A", floor.clock(), "99"))
    fields = await batch_record(read, floor.site_id, lot.production_order or "", floor.clock())
    around = {
        field.path.split(".")[2]: field.value for field in fields if field.path.startswith("environment.1.")
    }
    assert around["least"] == "39.9" and around["most"] == "61" and around["mean"] == "47.60"
    assert (around["count"], around["outside"], around["low"], around["high"]) == ("4", "2", "40", "60")
    assert around["outside_from"] < around["outside_until"]
    assert not [field for field in fields if field.path.startswith("environment.2.")]
