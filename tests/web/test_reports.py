"""Reports on paper and for machines: batch record, supplier report, audit trail extract, lists (AUD-4, AUD-9)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from backend.domain.certificates import Language
from backend.domain.record_exports import Format, RecordExport, as_csv, rows_of
from tests.campaigns.export_reading import agrees, of_csv, of_xlsx
from tests.web.served import Phone, Served

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
