"""Reports on paper and for machines: batch record, supplier report, audit trail extract, lists (AUD-4, AUD-9)."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from typing import Any

import msgspec
import pytest

from backend.domain.certificates import Language
from backend.domain.merkle import leaf_hash, verify_inclusion
from backend.domain.notes import open_note, read_checkpoint
from backend.domain.notices import Notice
from backend.domain.record_exports import Format, RecordExport, as_csv, rows_of
from backend.domain.report_schedules import ReportRun, ReportSchedule
from backend.due import run_due
from backend.views.due import due_jobs
from backend.web.report_schedules import make_due_report
from tests.campaigns.export_reading import agrees, of_csv, of_xlsx
from tests.web.served import Phone, Served, codes

LANGUAGES: tuple[Language, ...] = ("en", "zh")


async def taken(
    phone: Phone, kind: str, form: Format = "json", language: str = "en", **filters: Any
) -> bytes:
    asked = {"form": form, "language": language, **filters}
    answer = await phone.client.get(f"/api/reports/{kind}", params=asked)
    assert answer.status_code == 200, answer.text[:500]
    return bytes(answer.content)


async def told(phone: Phone, kind: str, **filters: Any) -> RecordExport:
    return msgspec.json.decode(await taken(phone, kind, **filters), type=RecordExport)


def agree_in_every_form(served: Served, export: RecordExport) -> None:
    wanted = [list(row) for row in rows_of(export)]
    assert of_csv(as_csv(export)) == wanted
    assert of_xlsx(served.parts.print_record(export, "xlsx", "en")) == wanted
    for language in LANGUAGES:
        assert agrees(served.parts.print_record(export, "pdf", language), export, language), language


def values(export: RecordExport, section: str, name: str) -> list[str]:
    """What a section says under one name, entry by entry."""
    parts = [(field.path.split("."), field.value) for field in export.fields]
    return [value for path, value in parts if path[0] == section and path[2:] == [name]]


@pytest.mark.proves("AUD-4", "AUD-9", "LOT-12")
async def test_a_batch_record_holds_how_an_order_was_made(shared: Served) -> None:
    zhou = await shared.by("zhou")
    rows = await shared.store.read.rows(
        "select lot.production_order, count(*) from consumption join lot on lot.id = consumption.child_lot_id "
        "where lot.status = 'released' group by lot.production_order"
    )
    order, consumed = rows[0]
    export = await told(zhou, "batch_record", order=order)
    assert values(export, "order", "number") == [order]
    assert len(values(export, "material", "lot")) == consumed > 0
    assert values(export, "material", "supplier_lot")
    assert values(export, "decision", "meaning") and values(export, "decision", "printed_name")
    assert set(values(export, "result", "verdict")) <= {"conforming", "nonconforming", "undecidable"}
    assert values(export, "yield", "yield_released") == ["100.0 %"]
    agree_in_every_form(shared, export)
    noted = (await shared.events(type="report_exported"))[0]
    assert noted["facts"]["filters"] == {"order": order}
    assert (
        await (await zhou.client.get("/api/reports/batch_record", params={"order": "none"})).aread()
    ) and [
        each["code"] for each in (await zhou.get("/api/reports/batch_record", 404, order="none"))["reasons"]
    ] == ["order_unknown"]


@pytest.mark.proves("AUD-4")
async def test_a_report_says_what_it_needs_and_what_it_has_no_use_for(shared: Served) -> None:
    zhou = await shared.by("zhou")
    for kind, asked, code in (
        ("batch_record", {}, "filter_missing"),
        ("batch_record", {"order": "x", "lot": "y"}, "filter_unknown"),
        ("supplier_report", {"supplier": "x", "since": "yesterday"}, "time_wrong"),
    ):
        answer = await zhou.get(f"/api/reports/{kind}", 409, **asked)
        assert [each["code"] for each in answer["reasons"]] == [code]


@pytest.mark.proves("AUD-4", "QUA-5")
async def test_a_supplier_report_holds_papers_figures_with_their_formulas_and_lots(shared: Served) -> None:
    zhou = await shared.by("zhou")
    one = (await zhou.get("/api/suppliers"))["suppliers"][0]
    export = await told(zhou, "supplier_report", supplier=one["code"])
    card = await zhou.get(f"/api/suppliers/{one['id']}/scorecard")
    given = [each["value"] for each in card["figures"] if each["value"] is not None]
    assert values(export, "figure", "value") == given
    assert len(values(export, "figure", "formula")) == len(card["figures"])
    view = await zhou.get(f"/api/suppliers/{one['id']}")
    assert set(values(export, "supplied_lot", "lot")) == {lot["number"] for lot in view["lots"]}
    agree_in_every_form(shared, export)
    before = await told(zhou, "supplier_report", supplier=one["code"], until="2020-01-01T00:00:00Z")
    assert values(before, "supplied_lot", "lot") == []


@pytest.mark.proves("AUD-1", "AUD-3", "AUD-4")
async def test_an_audit_extract_is_checked_without_us(shared: Served) -> None:
    zhou = await shared.by("zhou")
    number = values(await told(zhou, "lot_list", person="li"), "listed_lot", "number")[0]
    export = await told(zhou, "audit_extract", lot=number, person="li", type="results_recorded")
    assert set(values(export, "event", "type")) == {"results_recorded"}
    assert any(path.endswith(".new") for path in (field.path for field in export.fields))
    head = {
        field.path.split(".")[-1]: field.value for field in export.fields if field.path.startswith("log.")
    }
    assert head["vkey"] == shared.parts.log.vkey
    checkpoint = read_checkpoint(open_note(head["checkpoint"].encode())[0])
    rows = zip(*(values(export, "leaf", each) for each in ("position", "body", "leaf", "proof")), strict=True)
    checked = 0
    for position, body, leaf, proof in rows:
        assert leaf_hash(body.encode()).hex() == leaf
        path = [bytes.fromhex(each) for each in proof.split()]
        place = int(position), checkpoint.size, path, checkpoint.root
        assert verify_inclusion(leaf_hash(body.encode()), *place)
        assert not verify_inclusion(leaf_hash(body.replace("li", "lu").encode()), *place)
        checked += 1
    assert checked == int(head["events"]) > 0
    agree_in_every_form(shared, export)
    lot = await told(zhou, "audit_extract", lot=number)
    history = await told(zhou, "lot_history", lot=number)
    assert values(lot, "event", "position") == values(history, "event", "seq")
    wang = await shared.by("wang")
    for kind in ("audit_extract", "lot_history"):
        assert (await wang.get(f"/api/reports/{kind}", 403))["reasons"][0]["facts"]["action"] == "read_log"


@pytest.mark.proves("AUD-4")
async def test_a_list_of_lots_holds_what_its_filters_leave(shared: Served) -> None:
    zhou = await shared.by("zhou")
    everything = await told(zhou, "lot_list")
    numbers = values(everything, "listed_lot", "number")
    assert len(numbers) == (await shared.store.read.rows("select count(*) from lot"))[0][0]
    agree_in_every_form(shared, everything)
    supplier = (await zhou.get("/api/suppliers"))["suppliers"][0]
    of_supplier = values(await told(zhou, "lot_list", supplier=supplier["code"]), "listed_lot", "number")
    assert 0 < len(of_supplier) < len(numbers)
    assert values(await told(zhou, "lot_list", line="none"), "listed_lot", "number") == []
    middle = values(everything, "listed_lot", "created_at")[len(numbers) // 2]
    halves = [await told(zhou, "lot_list", **{side: middle}) for side in ("until", "since")]
    assert sorted(number for half in halves for number in values(half, "listed_lot", "number")) == numbers
    assert (await zhou.get("/api/reports/lot_list", 404, item="none"))["reasons"][0][
        "code"
    ] == "material_unknown"


@pytest.mark.proves("AUD-4", "QUA-6")
async def test_a_trace_list_holds_what_went_into_a_lot(shared: Served) -> None:
    zhou = await shared.by("zhou")
    rows = await shared.store.read.rows(
        "select child.number, parent.number from consumption join lot child on child.id = child_lot_id "
        "join lot parent on parent.id = parent_lot_id order by consumption.id"
    )
    number = rows[0][0]
    export = await told(zhou, "trace_list", lot=number)
    pairs = zip(
        values(export, "went_into", "child_lot_id"), values(export, "went_into", "parent_lot_id"), strict=True
    )
    assert {(child, parent) for child, parent in rows if child == number} <= set(pairs)
    agree_in_every_form(shared, export)


async def ordered(phone: Phone, receivers: list[str], expected: int = 201, **fields: Any) -> Any:
    wish: dict[str, Any] = {
        "report": "lot_list",
        "filters": {},
        "form": "csv",
        "language": "en",
        "rhythm": "daily",
    }
    return await phone.post(
        "/api/report-schedules", expected, **(wish | {"at": "07:00", "receivers": receivers} | fields)
    )


@pytest.mark.proves("AUD-4", "AUD-9", "REL-10")
async def test_a_report_is_made_once_for_each_day_and_sent_to_whoever_may_see_it(served: Served) -> None:
    zhou, people = await served.by("zhou"), await (await served.by("zhou")).get("/api/people")
    ids = {one["login"]: one["id"] for one in people}
    refused = await ordered(zhou, [ids["wang"], ids["sun"]], 409, report="audit_extract")
    assert [(each["code"], each["facts"]["person"]) for each in refused["reasons"]] == [
        ("receiver_without_right", ids["wang"])
    ]
    assert codes(await ordered(zhou, [], 409)) == ["receivers_missing"]
    assert codes(await ordered(zhou, [ids["sun"]], 409, rhythm="weekly", day=8)) == ["rhythm_day"]
    assert codes(await ordered(await served.by("wang"), [ids["wang"]], 403)) == ["not_allowed"]
    await ordered(zhou, [ids["sun"], ids["wang"]])
    extract: dict[str, Any] = {"report": "audit_extract", "filters": {"type": "lot_received"}, "form": "json"}
    line = (await ordered(zhou, [ids["sun"]], **extract))[0]
    assert (line["status"], line["runs"]) == ("active", [])

    served.clock.ahead = 3 * 86400
    schedules = await served.store.read.all(ReportSchedule, "")
    for _ in range(4):  # whoever made it last died before that was noted
        for job in await due_jobs(served.store.read, served.clock()):
            if job.kind == "report_due":
                await asyncio.gather(*(make_due_report(served.parts, job) for _ in range(3)))
        await run_due(served.parts, served.clock())
    runs = await served.store.read.all(ReportRun, "failed is null order by schedule_id, due_at")
    for schedule in schedules:
        own = [run for run in runs if run.schedule_id == schedule.id]
        assert len(own) in (2, 3) and all(run.told == schedule.receivers for run in own)
        assert [run.until for run in own[:-1]] == [run.since for run in own[1:]]
    told = await served.store.read.all(Notice, "code = 'report_ready'")
    assert Counter(each.facts["run"] for each in told) == {run.id: len(run.told) for run in runs}

    wang, sun = [await served.phone().sign_in(login) for login in ("wang", "sun")]
    shown = await wang.get("/api/report-schedules")
    assert {each["report"] for each in shown} == {"lot_list"}
    audit = next(run for run in runs if run.told == [ids["sun"]])
    path = f"/api/report-runs/{audit.id}/file"
    assert (await wang.get(path, 403))["reasons"][0]["facts"]["action"] == "read_log"
    body = (await sun.client.get(path)).content
    assert hashlib.sha256(body).hexdigest() == audit.file
    kept = msgspec.json.decode(body, type=RecordExport)
    assert set(values(kept, "event", "type")) <= {"lot_received"}

    zhou = await served.phone().sign_in("zhou")
    listed = await zhou.get("/api/report-schedules")
    assert sum(len(each["runs"]) for each in listed) == len(runs)
    for each in listed:
        await zhou.post(f"/api/report-schedules/{each['id']}/step", 200, step="pause")
    served.clock.ahead = 9 * 86400
    await run_due(served.parts, served.clock())
    assert len(await served.store.read.all(ReportRun, "")) == len(runs)
    zhou = await served.phone().sign_in("zhou")
    after = await zhou.post(f"/api/report-schedules/{listed[0]['id']}/step", 200, step="resume")
    assert next(each for each in after if each["id"] == listed[0]["id"])["next_at"] > served.clock()
    await zhou.post(f"/api/report-schedules/{listed[0]['id']}/step", 200, step="end")
    assert codes(await zhou.post(f"/api/report-schedules/{listed[0]['id']}/step", 409, step="resume")) == [
        "step_not_allowed"
    ]
