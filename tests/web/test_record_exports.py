"""A lot's whole history on paper and for machines: field by field the same, old readings included (AUD-4, AUD-9)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from backend.domain.certificates import Language
from backend.domain.record_exports import HEAD, Field, RecordExport, as_csv, as_json, fields_of, rows_of
from backend.domain.record_labels import LABELS, SECTIONS
from backend.domain.words import Words
from backend.outside.record_pdf import record_pdf
from backend.outside.sheet_out import xlsx
from backend.outside.workbook import read_table
from backend.store.tables import table_of
from backend.views.record_exports import PARTS
from tests.campaigns.export_reading import agrees, of_csv, of_xlsx
from tests.web.served import Phone, Served

NASTY = "=1+1 *bold* #x <b>&amp; 𠮷 \u202e 坏\n@SUM(A1)"


async def taken(phone: Phone, number: str, form: str, language: str = "en") -> bytes:
    answer = await phone.client.get(f"/api/lots/{number}/export", params={"form": form, "language": language})
    assert answer.status_code == 200, answer.text[:500]
    return bytes(answer.content)


@pytest.mark.proves("AUD-4", "AUD-9")
async def test_paper_and_machine_forms_say_the_same(served: Served) -> None:
    zhou = await served.by("zhou")
    lots = (await zhou.get("/api/lots"))["lots"]
    signed = {row[0] for row in await served.store.read.rows('select lot_id from "release"')}
    chosen = [next(lot["number"] for lot in lots if lot["id"] in signed), lots[0]["number"]]
    languages: tuple[Language, ...] = ("zh", "en")
    for number, language in zip(chosen, languages, strict=True):
        export = msgspec.json.decode(await taken(zhou, number, "json"), type=RecordExport)
        paths = [field.path for field in export.fields]
        assert len(set(paths)) == len(paths) > 20
        if number != chosen[-1]:
            assert {path.split(".")[0] for path in paths} >= {
                "lot", "receipt", "portion", "movement", "inspection", "reading", "release", "signature", "event",
            }  # fmt: skip
        assert of_csv(as_csv(export)) == [list(row) for row in rows_of(export)]
        assert of_xlsx(served.parts.print_record(export, "xlsx", "en")) == [
            list(row) for row in rows_of(export)
        ]
        assert agrees(served.parts.print_record(export, "pdf", language), export, language)
        # What is fetched next has grown by this export's own event.
        assert (await taken(zhou, number, "pdf", language)).startswith(b"%PDF")
        assert (await taken(zhou, number, "csv")).startswith(b"\xef\xbb\xbfpath,label_en")
        noted = [one for one in await served.events(type="record_exported") if one["facts"]["lot"] == number]
        assert {one["facts"]["format"] for one in noted} == {"json", "pdf", "csv"}


@pytest.mark.proves("REL-10", "AUD-9")
async def test_who_may_not_read_the_log_takes_no_history_out(shared: Served) -> None:
    number = (await (await shared.by("zhou")).get("/api/lots"))["lots"][0]["number"]
    wang = await shared.by("wang")
    refused = await wang.get(f"/api/lots/{number}/export", 403)
    assert [(each["code"], each["facts"]["action"]) for each in refused["reasons"]] == [
        ("not_allowed", "read_log")
    ]
    assert (await shared.events(type="refused"))[0]["facts"]["action"] == "read_log"
    await (await shared.by("sun")).get("/api/lots/L0/export", 404)


@pytest.mark.proves("AUD-4", "LBL-8")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_whatever_a_value_holds_it_stands_in_every_form(language: Any) -> None:
    values = ["01\x1d10\r", NASTY, "-0.10", "x" * 400, "5a" * 32, "校验 " * 80, "+8613800000000"]
    rows = [{"entered": value} for value in values]
    fields = list(fields_of("reading", rows, {}))
    assert [field.value for field in fields] == ["01[U+001D]10[U+000D]", *values[1:]]
    export = RecordExport(
        "lot_history", "L26-1", "Asia/Shanghai", "2026-11-23T18:18:00.000000Z", "孙梅", fields
    )
    assert msgspec.json.decode(as_json(export), type=RecordExport) == export
    assert of_csv(as_csv(export)) == [list(row) for row in rows_of(export)]
    book = xlsx(HEAD, rows_of(export))
    assert of_xlsx(book) == [list(row) for row in rows_of(export)]
    assert not read_table(book).formulas
    pdf = record_pdf(export, language)
    assert agrees(pdf, export, language)


@pytest.mark.proves("AUD-4")
def test_a_paper_that_lost_a_field_or_changed_one_is_noticed() -> None:
    """The broken twins: one field left out, one rounded, two that changed places."""
    fields = [
        Field(f"reading.1.{name}", Words(*LABELS[name]), value)
        for name, value in (("entered", "12.50"), ("verdict", "conforming"), ("status", "current"))
    ]
    export = RecordExport("lot_history", "L26-1", "Asia/Shanghai", "2026-11-23T18:18:00.000000Z", "x", fields)
    rounded = [msgspec.structs.replace(fields[0], value="12.5"), *fields[1:]]
    assert agrees(record_pdf(export, "en"), export, "en")
    for twin in (fields[:2], rounded, [fields[1], fields[0], fields[2]]):
        spoilt = msgspec.structs.replace(export, fields=twin)
        assert not agrees(record_pdf(spoilt, "en"), export, "en")


@pytest.mark.proves("AUD-4")
def test_every_section_has_its_name_and_none_of_its_tables_a_secret() -> None:
    for noun, _ in PARTS:
        assert table_of(noun, "sqlite").name in SECTIONS
        assert table_of(noun, "sqlite").logged
