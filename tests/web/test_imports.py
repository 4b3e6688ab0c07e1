"""Spreadsheets of master data over HTTP: all or nothing, each wrong cell named, a file twice is once (IMP-1)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from backend.actions import import_sheet as importing_action
from backend.store.importing import Outcome, weigh
from tests.outside.workbooks import workbook
from tests.web.served import Phone, Served

HEAD = ["物料编码", "物料名称", "物料类别", "单位", "保质期（天）", "产品标识"]
ROWS = 10_000


def file_of(rows: list[list[Any]], **marks: Any) -> str:
    return b64encode(workbook(rows, **marks)).decode()


def materials(count: int) -> list[list[Any]]:
    return [HEAD, *[[f"IMP-{each:05}", f"导管 {each}", "原料", "件", 730, ""] for each in range(count)]]


async def count(served: Served, table: str) -> int:
    rows = await served.store.read.rows(f"select count(*) from {table}")
    return int(rows[0][0])


async def tried(phone: Phone, kind: str, file: str, **body: Any) -> Any:
    answer = await phone.client.post(f"/api/imports/{kind}/trial", json={"file": file} | body)
    assert answer.status_code == 200, answer.text[:500]
    return answer.json()


@pytest.mark.proves("IMP-1", "AUD-1")
async def test_ten_thousand_rows_with_three_bad_ones_write_nothing_and_good_ones_once(served: Served) -> None:
    zhou = await served.by("zhou")
    before = await count(served, "item")
    rows = materials(ROWS)
    rows[17][4], rows[5_000][2], rows[ROWS][5] = "two years", "半成品", "6901234567893"
    bad = file_of(rows)
    trial = await tried(zhou, "materials", bad)
    assert (trial["rows"], trial["fault_count"]) == (ROWS, 3)
    cells = ["E18", "C5001", f"F{ROWS + 1}"]
    assert [each["cell"] for each in trial["faults"]] == cells
    problem = await zhou.post("/api/imports/materials", 409, file=bad, name="bad.xlsx")
    assert [reason["field"] for reason in problem["reasons"]] == cells
    assert await count(served, "item") == before

    good = file_of(materials(ROWS))
    done = await zhou.post("/api/imports/materials", file=good, name="materials.xlsx")
    assert (done["new"], done["changed"], done["same"]) == (ROWS, 0, 0)
    assert await count(served, "item") == before + ROWS
    event = (await served.events(type="sheet_imported"))[0]
    assert event["facts"]["file"] == "materials.xlsx"
    assert event["facts"]["new"] == ROWS
    again = await zhou.post("/api/imports/materials", file=good, name="materials.xlsx")
    assert (again["new"], again["changed"], again["same"]) == (0, 0, ROWS)
    assert await count(served, "item") == before + ROWS


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize("naive", [False, True])
async def test_an_import_that_skips_bad_rows_leaves_the_good_ones(
    served: Served, naive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: it writes what it can."""

    async def lenient(*asked: Any) -> Outcome:
        return (await weigh(*asked))._replace(faults=[])

    if naive:
        monkeypatch.setattr(importing_action, "weigh", lenient)
    zhou, before, rows = await served.by("zhou"), await count(served, "item"), materials(5)
    rows[3][3] = ""
    await zhou.post("/api/imports/materials", 201 if naive else 409, file=file_of(rows), name="x.xlsx")
    assert (await count(served, "item") == before) is not naive


async def test_orders_name_what_is_there_and_what_has_arrived_stays(served: Served) -> None:
    zhou, head = await served.by("zhou"), ["PO", "line", "item", "supplier", "qty", "due", "carrier"]
    await served.receive("0412/2")
    line = (await served.store.read.rows(
        "select purchase_order, line, item.code, supplier.code, received from order_line "
        "join item on item.id = item_id join supplier on supplier.id = order_line.supplier_id "
        "where order_line.received <> '0'"
    ))[0]  # fmt: skip
    order, number, item, supplier, arrived = line
    other = (await served.store.read.rows("select code from item where code <> $1", item))[0][0]
    rows: list[list[Any]] = [
        head,
        [order, number, other, supplier, 99_999, "2026-12-24", ""],
        ["PO-NEW", 1, item, "nobody", 5, "2026-12-24", ""],
        ["PO-NEW", 2, "nothing", supplier, 5, "2026-12-24", ""],
    ]
    faults = (await tried(zhou, "orders", file_of(rows)))["faults"]
    assert [(each["cell"], each["reason"]["code"]) for each in faults] == [
        ("C2", "order_line_begun"),
        ("D3", "supplier_unknown"),
        ("C4", "material_unknown"),
    ]
    low = await tried(zhou, "orders", file_of([head, [order, number, item, supplier, 1, "2026-12-24", ""]]))
    assert [each["reason"]["code"] for each in low["faults"]] == ["order_below_received"]
    good = file_of([head, [order, number, item, supplier, float(arrived), "2026-12-24", "SF"],
                    ["PO-NEW", 1, item, supplier, 5, "2026-12-24", ""]])  # fmt: skip
    done = await zhou.post("/api/imports/orders", file=good, name="orders.xlsx")
    assert (done["new"], done["changed"]) == (1, 1)
    rows_now = await served.store.read.rows(
        "select status, carrier, version from order_line where purchase_order = $1 and line = $2",
        order,
        number,
    )
    assert tuple(rows_now[0][:2]) == ("complete", "SF")
    expected = {each["order_line"]["purchase_order"] if "order_line" in each else each["purchase_order"]
                for each in await (await served.by("wang")).get("/api/deliveries")}  # fmt: skip
    assert "PO-NEW" in expected


async def test_a_material_with_lots_keeps_its_unit_and_an_identifier_names_one_material(
    served: Served,
) -> None:
    zhou = await served.by("zhou")
    await served.receive("0412/2")
    item = (
        await served.store.read.rows(
            "select code, unit from item where kind = 'raw' and id in (select item_id from lot)"
        )
    )[0]
    others = "select value from item_identifier join item on item.id = item_id where item.code <> $1"
    taken = (await served.store.read.rows(others, item[0]))[0][0]
    head = ["code", "name zh", "kind", "unit", "gtin"]
    for row, code in (
        ([item[0], "管", "raw", "另一单位", ""], "material_in_use"),
        (["NEW-1", "管", "raw", "件", taken], "identifier_taken"),
    ):
        trial = await tried(zhou, "materials", file_of([head, row]))
        assert [each["reason"]["code"] for each in trial["faults"]] == [code]
    renamed = await zhou.post(
        "/api/imports/materials", file=file_of([head, [item[0], "新名称", "raw", item[1], ""]]), name="x"
    )
    assert renamed["changed"] == 1


async def test_whoever_may_not_import_is_refused_and_logged(shared: Served) -> None:
    wang = await shared.by("wang")
    file = b64encode(b"code,name\nNEW,New\n").decode()
    assert await wang.refused(403, "/api/imports/suppliers", file=file, name="x.csv") == ["not_allowed"]


@pytest.mark.proves("IMP-1", "LOT-12")
async def test_lines_machines_and_consignees_come_from_sheets_and_the_same_again_changes_nothing(
    served: Served,
) -> None:
    zhou = await served.by("zhou")
    head = ["设备编号", "设备类型", "设备名称", "所在产线", "保养间隔（天）", "上次保养日期"]
    rows = [
        ["SEAL-09", "设备", "封口机", "LINE-9", 90, "2026-01-05"],
        ["LINE-9", "产线", "装配线 9", "", "", ""],
    ]
    bad = [head, [*rows[0][:3], "LINE-8", 90, ""], rows[1]]
    trial = await tried(zhou, "equipment", file_of(bad))
    assert [(each["cell"], each["reason"]["code"]) for each in trial["faults"]] == [
        ("D2", "equipment_unknown")
    ]
    bad[1][3] = "LINE-9"
    trial = await tried(zhou, "equipment", file_of(bad))
    assert [(each["cell"], each["reason"]["code"]) for each in trial["faults"]] == [
        ("E2", "service_day_missing")
    ]
    good = file_of([head, *rows])
    done = await zhou.post("/api/imports/equipment", file=good, name="设备台账.xlsx")
    assert (done["new"], done["changed"], done["same"]) == (2, 0, 0)
    listed = {each["code"]: each for each in (await zhou.client.get("/api/equipment")).json()}
    assert (listed["SEAL-09"]["line"], listed["SEAL-09"]["due_on"]) == ("LINE-9", "2026-04-05")
    assert await served.store.read.rows("select 1 from job where kind = 'service_reminder'")
    again = await zhou.post("/api/imports/equipment", file=good, name="设备台账.xlsx")
    assert again["same"] == 2
    rows[0][5] = "2025-01-05"
    older = await zhou.post("/api/imports/equipment", file=file_of([head, *rows]), name="old.xlsx")
    assert older["same"] == 2, "a sheet of yesterday takes no service back"

    head = ["客户编码", "客户名称", "地址", "国家", "联系人", "电话"]
    hospital = ["H-09", "第六人民医院", "宜山路 600 号", "中国", "陈医生", ""]
    trial = await tried(zhou, "consignees", file_of([head, hospital, ["H-10", "x", "y", "Chna", "z", "1"]]))
    assert {(each["cell"], each["reason"]["code"]) for each in trial["faults"]} == {
        ("E2", "contact_unreachable"),
        ("D3", "cell_no_country"),
    }
    hospital[5] = "+86 21 5550 0100"
    file = file_of([head, hospital])
    assert (await zhou.post("/api/imports/consignees", file=file, name="客户.xlsx"))["new"] == 1
    assert (await zhou.post("/api/imports/consignees", file=file, name="客户.xlsx"))["same"] == 1
    (kept,) = [each for each in (await zhou.client.get("/api/consignees")).json() if each["code"] == "H-09"]
    assert (kept["country"], kept["language"], kept["contacts"][0]["phone"]) == ("CN", "zh", hospital[5])


@pytest.mark.proves("IMP-1", "QUA-8")
async def test_complaints_of_another_system_are_taken_in_once_and_found_by_its_reference(
    served: Served,
) -> None:
    zhou, wang = await served.by("zhou"), await served.by("wang")
    head = ["Complaint No.", "Received", "Description", "Reported by", "Lot", "Customer"]
    row = ["CASE/77", "2026-11-20", "Tip bent,\na finger was pricked", "Dr Chen, +86 21 5550 0100", "", ""]
    file = file_of([head, row])
    trial = await tried(zhou, "complaints", file)
    assert (trial["new"], trial["faults"], trial["unread"]) == (1, [], [])
    assert (await zhou.post("/api/imports/complaints", file=file, name="cases.xlsx"))["new"] == 1
    assert (await zhou.post("/api/imports/complaints", file=file, name="cases.xlsx"))["same"] == 1
    (hit,) = (await wang.get("/api/search", text="case/77"))["hits"]
    complaint = await wang.get(f"/api/complaints/{hit['id']}")
    assert (complaint["reference"], complaint["described"], complaint["status"]) == (
        row[0],
        row[2],
        "received",
    )
    (event,) = await served.events(type="complaint_taken", subject=hit["id"])
    assert event["facts"]["reference"] == "CASE/77"
    said = {"received_on": row[1], "described": row[2], "reporter": row[3], "reference": row[0]}
    problem = await wang.post("/api/complaints", 409, **said)
    assert [(each["code"], each["field"]) for each in problem["reasons"]] == [
        ("complaint_there", "reference")
    ]
    other = file_of([head, [*row[:2], "Tip broken", *row[3:]]])
    problem = await zhou.post("/api/imports/complaints", 409, file=other, name="cases.xlsx")
    assert [(each["code"], each["field"]) for each in problem["reasons"]] == [("complaint_known", "C2")]
    await wang.post("/api/imports/complaints", 403, file=file, name="cases.xlsx")
