"""The report of a recall, and of an exercise: what machines read is what the paper says, field by field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest

from backend.app import print_record
from backend.domain.certificates import Language
from backend.domain.recalls import Basis
from backend.domain.record_exports import Field, Kind, RecordExport, as_csv, as_json, rows_of
from backend.domain.reports import Filters
from backend.outside.recall_pdf import recall_pdf
from backend.views.audit_extracts import Proved
from backend.views.recall_papers import recall_report
from backend.views.recall_reports import fields_of_paper
from backend.views.reports import report
from tests.actions.floor import Floor, codes
from tests.actions.shipping import answered, recalled
from tests.actions.test_recalls import exercised, scene
from tests.campaigns.export_reading import agrees, of_csv, of_xlsx
from tests.outside.test_recall_pdf import text_of

LANGUAGES: tuple[Language, ...] = ("en", "zh")
Print = Callable[[RecordExport], RecordExport]


async def nothing_proved(_: Sequence[int]) -> Proved:
    raise AssertionError("no event is in it")


async def told(floor: Floor, kind: Kind, number: str) -> RecordExport:
    filters = Filters(recall=number)
    return await report(
        floor.store.read, nothing_proved, floor.site_id, kind, filters, floor.clock(), "Quinn 秦"
    )


def disagrees(export: RecordExport, spoilt: Print = lambda export: export) -> list[str]:
    """Forms that do not say what the record says. `spoilt`: what a broken form would print instead."""
    wanted, made = [list(row) for row in rows_of(export)], spoilt(export)
    found = [f"pdf {each}" for each in LANGUAGES if not agrees(print_record(made, "pdf", each), export, each)]
    if of_csv(as_csv(made)) != wanted:
        found.append("csv")
    if of_xlsx(print_record(made, "xlsx", "en")) != wanted:
        found.append("xlsx")
    if msgspec.json.decode(as_json(made), type=RecordExport).fields != export.fields:
        found.append("json")
    return sorted(found)


async def stands_on_its_paper(floor: Floor, export: RecordExport, recall_id: str) -> None:
    """The paper that is handed out says each value too; instants as the site's clocks show them."""
    paper = await recall_report(floor.store.read, recall_id)
    assert export.fields == fields_of_paper(paper)
    printed = text_of(recall_pdf(paper, "en"))
    for field in export.fields:
        if field.path.split(".")[-1] in ("started_at", "ended_at", "letter_at", "answered_at", "at"):
            continue
        for part in field.value.replace(" · ", "; ").split("; "):
            found = "".join(part.split())
            assert found in printed or field.path.endswith(
                (".name", ".maker", ".site", ".figure", ".reached")
            ), field


@pytest.mark.proves("AUD-4", "QUA-6")
async def test_the_report_of_a_recall_agrees_in_every_form_and_with_its_paper(floor: Floor) -> None:
    made = await scene(floor)
    assert await codes(told(floor, "recall_report", "C26-999999")) == ["recall_unknown"]
    recall = await recalled(floor, Basis("lot", made.needles.number))
    await answered(floor, recall, made.near, returned="0", destroyed="0", used="200", lost="0")
    export = await told(floor, "recall_report", recall.number)
    assert disagrees(export) == []
    await stands_on_its_paper(floor, export, recall.id)
    assert await codes(told(floor, "mock_recall_report", recall.number)) == ["recall_unknown"]


@pytest.mark.proves("AUD-4", "QUA-7")
async def test_the_report_of_an_exercise_agrees_in_every_form_and_with_its_paper(floor: Floor) -> None:
    mock = await exercised(floor)
    export = await told(floor, "mock_recall_report", mock.number)
    assert disagrees(export) == []
    await stands_on_its_paper(floor, export, mock.id)
    # Forms that are broken in one place each; the same comparison has to find every one of them.
    for name, twin in TWINS.items():
        assert disagrees(export, twin) == ["csv", "json", "pdf en", "pdf zh", "xlsx"], name


def _spoilt(change: Callable[[list[Field]], list[Field]]) -> Print:
    return lambda export: msgspec.structs.replace(export, fields=change(list(export.fields)))


def _quantity_changed(fields: list[Field]) -> list[Field]:
    place = next(place for place, field in enumerate(fields) if field.path.endswith(".quantity"))
    value = fields[place].value
    fields[place] = msgspec.structs.replace(fields[place], value=str(int(value) + 1))
    return fields


def _two_swapped(fields: list[Field]) -> list[Field]:
    """Two lots' counts, each in the other's line: every value is still printed somewhere."""
    one, two = [place for place, field in enumerate(fields) if field.path.endswith(".counted")][:2]
    assert fields[one].value != fields[two].value
    fields[one], fields[two] = (
        msgspec.structs.replace(fields[one], value=fields[two].value),
        msgspec.structs.replace(fields[two], value=fields[one].value),
    )
    return fields


TWINS: dict[str, Print] = {
    "the last field is lost": _spoilt(lambda fields: fields[:-1]),
    "the first field is lost": _spoilt(lambda fields: fields[1:]),
    "a quantity is another one": _spoilt(_quantity_changed),
    "two values have changed places": _spoilt(_two_swapped),
    "a field stands there twice": _spoilt(lambda fields: [*fields, fields[-1]]),
}
