"""Kinds of results over HTTP, on both engines: computed and computed anew, critical defects, files of instruments."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from backend.domain.inspections import Inspection, Reading
from backend.domain.ncrs import Ncr
from tests.stores import new_id
from tests.web.plan_writing import approve, begin_draft, keep, signed, submit
from tests.web.served import Phone, Served, codes

NEEDLES = "II-NDL-21"
SHARED: dict[str, Any] = {"unit": "mm", "resolution": "0.01", "rounding": "half_even"}


def line(code: str, kind: str = "numeric", **fields: Any) -> dict[str, Any]:
    """A characteristic with one sample."""
    right = {
        "code": code,
        "name": {"en": f"{code} name", "zh": f"{code} 名称"},
        "kind": kind,
        "severity": "major",
        "method": {"document": "WI-900", "version": "A"},
        "sampling": {"rule": "fixed", "n": 1},
    }
    return right | fields


KINDS = [
    {"code": "CR", "name": {"en": "Crack", "zh": "裂纹"}, "severity": "critical"},
    {"code": "SC", "name": {"en": "Scratch", "zh": "划痕"}, "severity": "minor"},
]
PLAN = [
    line("OD", lower="3.1", upper="3.3", replicates={"count": 2, "rule": "mean"}, **SHARED),
    line("ID", lower="2.0", upper="3.0", **SHARED),
    line("WALL", lower="0.2", upper="0.5", formula={"rule": "difference", "of": ["OD", "ID"]}, **SHARED),
    line("APP", "attribute", sampling={"rule": "iso2859_1", "level": "II", "aql": "4.0"}, defects=KINDS),
    line("PB", unit="mg/L", upper="0.05", detection={"lod": "0.01"}),
]


async def opened(served: Served, plan: list[dict[str, Any]] = PLAN) -> tuple[Phone, str]:
    """An inspector, and an inspection under a plan with these characteristics."""
    novak, zhou, li = await served.by("novak"), await served.by("zhou"), await served.by("li")
    sheet = await keep(novak, await begin_draft(novak, NEEDLES), plan)
    assert [reason["code"] for reason in sheet["against"]] == ["plan_not_tried"]
    await approve(zhou, await submit(novak, sheet, "Every kind of result"))
    received = await served.receive("0412/2", quantity="300")
    return li, received["received"]["inspection"]["id"]


async def record(phone: Phone, inspection: str, key: str, entered: str, **fields: Any) -> Any:
    """One answer, meant as typed."""
    path = f"/api/inspections/{inspection}/results"
    return await phone.post(path, item_key=key, entered=entered, confirmed=True, **fields)


async def current(served: Served, inspection: str) -> dict[str, Reading]:
    found = await served.store.read.all(Reading, "inspection_id = $1 and status = 'current'", inspection)
    return {each.item_key: each for each in found}


@pytest.mark.proves("RES-3", "RES-5", "RES-2")
async def test_a_computed_value_follows_its_readings_and_their_corrections(served: Served) -> None:
    li, inspection = await opened(served)
    sheet = await li.get(f"/api/inspections/{inspection}")
    assert [item["key"] for item in sheet["items"]] == ["OD-1", "ID-1", "APP-0", "PB-1"]
    assert [item["key"] for item in sheet["computed"]] == ["WALL-1"] and sheet["total"] == 4
    refused = await li.refused(
        409, f"/api/inspections/{inspection}/results", item_key="WALL-1", entered="0.3"
    )
    assert refused == ["item_computed"]
    first = await record(li, inspection, "OD-1", "3.21; 3.22")
    assert first["reading"]["result"] == "3.22" and first["sheet"]["computed"][0]["reading"] is None
    second = await record(li, inspection, "ID-1", "2.9")
    wall = second["sheet"]["computed"][0]["reading"]
    assert (wall["entered"], wall["value"], wall["verdict"], wall["source"]) == (
        "0.32",
        "0.315",
        "conforming",
        "system",
    )
    assert [each["item_key"] for each in wall["basis"]["inputs"]] == ["OD-1", "ID-1"]

    await li.post(
        f"/api/readings/{second['reading']['id']}/correction",
        entered="3.0",
        reason="Read 2.9 for 3.0",
        confirmed=True,
    )
    wall = (await li.get(f"/api/inspections/{inspection}"))["computed"][0]["reading"]
    assert (wall["entered"], wall["corrected"], wall["reason"]) == ("0.22", True, "Read 2.9 for 3.0")
    od = (await li.get(f"/api/inspections/{inspection}"))["items"][0]["reading"]["id"]
    await li.post(
        f"/api/readings/{od}/correction", entered="3.21; <3.22", reason="Off the scale", confirmed=True
    )
    computed = (await current(served, inspection))["WALL-1"]
    assert (computed.value, computed.verdict) == (None, "undecidable")
    assert computed.basis is not None and computed.basis.why == "censored"
    history = await served.store.read.all(
        Reading, "item_key = 'WALL-1' and inspection_id = $1 order by id", inspection
    )
    assert [each.status for each in history] == ["superseded", "superseded", "current"]
    assert [each.corrects for each in history] == [None, history[0].id, history[1].id]


@pytest.mark.proves("SMP-5", "RES-10")
async def test_one_critical_defect_fails_the_lot_and_its_report_is_critical(served: Served) -> None:
    li, inspection = await opened(served)
    path = f"/api/inspections/{inspection}/results"
    assert await li.refused(409, path, item_key="APP-0", entered="2") == ["defects_expected"]
    assert await li.refused(409, path, item_key="APP-0", entered="CR=1; SC=1") == ["units_expected"]
    recorded = await record(li, inspection, "APP-0", "CR=1; SC=1; 1")
    assert recorded["reading"]["verdict"] == "nonconforming" and recorded["ncr"]["severity"] == "critical"
    item = next(each for each in recorded["sheet"]["items"] if each["key"] == "APP-0")
    assert item["accept"] >= 1, "the tally alone would have accepted it"
    ncr = await served.store.read.first(Ncr, "inspection_id = $1", inspection)
    assert ncr is not None and ncr.characteristic == "APP"


CSV = "项目;样品;结果;单位\nOD;1;3,21;mm\nOD;1;0,322;cm\nID;1;2,90;\nPB;;未检出;\nAPP;;SC=1;\n".encode(
    "gb18030"
)


def file(data: bytes, **fields: Any) -> dict[str, Any]:
    return {"file": base64.b64encode(data).decode()} | fields


@pytest.mark.proves("RES-9", "RES-4", "RES-2")
async def test_a_file_is_tried_then_recorded_whole_and_once(served: Served) -> None:
    li, inspection = await opened(served)
    path = f"/api/inspections/{inspection}/import"
    answer = await li.client.post(f"{path}/trial", json=file(CSV))
    assert answer.status_code == 200, answer.text
    trial = answer.json()
    assert (trial["encoding"], trial["separator"], trial["errors"]) == ("GB18030", ";", [])
    assert [(cell["item_key"], cell["reason"]["code"]) for cell in trial["doubts"]] == [
        ("OD-1", "unit_converted")
    ]
    assert await current(served, inspection) == {}, "a trial writes nothing"

    assert await li.refused(409, path, **file(CSV, name="cmm.csv")) == ["unit_converted"]
    assert await current(served, inspection) == {}
    body = file(CSV, name="cmm.csv", confirmed=["OD-1"], id=new_id())
    recorded = await li.post(path, **body)
    found = await current(served, inspection)
    assert {key: (each.entered, each.source) for key, each in found.items()} == {
        "OD-1": ("3,21 mm; 0,322 cm", "instrument"),
        "ID-1": ("2,90", "instrument"),
        "PB-1": ("未检出", "instrument"),
        "APP-0": ("SC=1", "instrument"),
        "WALL-1": ("0.32", "system"),
    }
    assert recorded["inspection_status"] == "passed"
    event = (await served.events(type="results_recorded"))[0]
    assert event["facts"]["file"].startswith("cmm.csv sha256:")
    assert await li.post(path, **body) == recorded, "the same command again has the same answer"
    assert len(await current(served, inspection)) == 5
    assert (
        await li.refused(409, path, **file(CSV, name="cmm.csv", confirmed=["OD-1"])) == ["csv_answered"] * 4
    )


@pytest.mark.proves("RES-9")
async def test_one_wrong_cell_and_nothing_of_the_file_is_recorded(served: Served) -> None:
    li, inspection = await opened(served)
    path = f"/api/inspections/{inspection}/import"
    wrong = b"item,value,unit\nOD,3.21; 3.22,mm\nID,2.9,N\nXX,1,\n"
    refused = await li.post(path, 409, **file(wrong, name="x.csv"))
    assert codes(refused) == ["csv_item_unknown", "unit_other_dimension"]
    assert [each["field"] for each in refused["reasons"]] == ["4.item", "3.value"]
    assert await current(served, inspection) == {}
    assert (await served.store.read.get(Inspection, inspection)).status == "open"
    wang = await served.by("wang")
    good = file(b"item,value\nID,2.9\n", name="x.csv", source="import")
    assert await wang.refused(403, path, **good) == ["not_allowed"]
    await li.post(path, **good)
    assert (await current(served, inspection))["ID-1"].source == "import"
    assert await li.refused(409, f"{path}", file="no base64!", name="x") == ["csv_not_text"]


@pytest.mark.proves("SMP-8", "RES-3")
async def test_a_moved_inspection_computes_by_the_version_in_force(served: Served) -> None:
    li, inspection = await opened(served)
    await record(li, inspection, "OD-1", "3.21; 3.22")
    await record(li, inspection, "ID-1", "2.9")
    novak, zhou = await served.by("novak"), await served.by("zhou")
    closer = [each | ({"upper": "0.3"} if each["code"] == "WALL" else {}) for each in PLAN]
    sheet = await keep(novak, await begin_draft(novak, NEEDLES), closer)
    served.clock.ahead += 60  # a one-time code is used once
    await approve(zhou, await submit(novak, sheet, "A closer wall"))
    served.clock.ahead += 60
    path = f"/api/inspections/{inspection}/move"
    begun = await zhou.post(f"{path}/signing", language="en")
    await zhou.post(path, **signed(zhou, begun))
    wall = (await current(served, inspection))["WALL-1"]
    assert (wall.entered, wall.verdict) == ("0.32", "nonconforming")
    assert set(await current(served, inspection)) == {"OD-1", "ID-1", "WALL-1"}
