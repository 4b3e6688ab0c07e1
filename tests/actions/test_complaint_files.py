"""Complaints of another system from a file: each row is the intake that a person would have made, once for each
reference, all of them or none (QUA-8, IMP-1, AUD-1, ROL-1)."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.actions.assess_complaint import AssessComplaint, assess_complaint
from backend.actions.import_sheet import Imported, ImportSheet, import_sheet
from backend.actions.take_complaint import TakeComplaint, take_complaint
from backend.domain.complaints import Complaint
from backend.domain.events import Event
from backend.domain.imports import read_import
from backend.outside.workbook import read_table
from backend.store import complaining, complaint_rows
from backend.store.log_report import Finding
from backend.store.verify_rows import ExpectedRows
from backend.store.verify_schema import check_schema
from backend.views.imports import SheetTrial, sheet_trial
from backend.views.loop import complaint_view
from backend.views.search import search
from tests.actions.floor import Floor, codes, refusal
from tests.actions.shipping import consignee
from tests.actions.test_doubles import merged
from tests.actions.test_loop import day
from tests.actions.test_production import released

HEAD = "投诉编号,收到日期,投诉内容,投诉人,批号,序列号,数量,客户编码"


def line(floor: Floor, reference: str, **cells: str) -> str:
    """A row of the other system's list."""
    said = {"on": day(floor, -1), "what": "针尖弯曲", "who": "陈医生 021-5550100"} | cells
    fields = ("on", "what", "who", "lot", "serial", "quantity", "consignee")
    return ",".join([reference, *(said.get(field, "") for field in fields)])


def file_of(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode("gb18030")


async def taken(floor: Floor, *rows: str, login: str = "novak", name: str = "投诉.csv") -> Imported:
    data = file_of(*rows)
    command = ImportSheet(
        id=floor.new_id(),
        sheet=read_import("complaints", read_table(data)),
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return await import_sheet(floor.store, await floor.who(login), command)


async def tried(floor: Floor, *rows: str) -> SheetTrial:
    who, sheet = await floor.who("novak"), read_import("complaints", read_table(file_of(*rows)))
    return await sheet_trial(floor.store.read, who, sheet, await floor.store.today(who.site_id))


async def by(floor: Floor, reference: str) -> Complaint:
    (found,) = await floor.store.read.all(Complaint, "reference = $1", reference)
    return found


async def events_of(floor: Floor, subject: str) -> list[dict[str, Any]]:
    rows = await floor.store.read.rows("select body from event where subject_id = $1 order by seq", subject)
    return [msgspec.json.decode(body) for (body,) in rows]


async def log_findings(floor: Floor) -> list[Finding]:
    """Rows, answers and schema against what the log and the migrations say."""
    findings, read = list[Finding](), floor.store.read
    expected = ExpectedRows(findings)
    for (body,) in await read.rows("select body from event order by seq"):
        expected.take(msgspec.json.decode(body, type=Event))
    await expected.compare(read)
    await expected.compare_answers(read)
    return findings + await check_schema(read)


def faults(trial: SheetTrial) -> list[tuple[str, str]]:
    return [(each.cell, each.reason.code) for each in trial.faults]


@pytest.mark.proves("QUA-8", "IMP-1", "AUD-1")
async def test_a_row_is_the_very_intake_that_a_person_makes(floor: Floor) -> None:
    needles, near = await released(floor), await consignee(floor)
    row = line(floor, "QMS-1", lot=needles.number, serial="S-7", quantity="2", consignee="H-01")
    assert (await tried(floor, row)).new == 1
    assert await floor.count("complaint where reference = 'QMS-1'") == 0, "a trial writes nothing"
    assert (await taken(floor, row)).new == 1
    by_hand = await take_complaint(
        floor.store,
        await floor.who("novak"),
        TakeComplaint(
            id=floor.new_id(),
            received_on=day(floor, -1),
            described="针尖弯曲",
            reporter="陈医生 021-5550100",
            lot_number=needles.number,
            serial="S-7",
            quantity=Decimal(2),
            consignee_id=near.id,
            reference="QMS-2",
        ),
    )
    by_file = await by(floor, "QMS-1")
    own = ("id", "number", "opened_at", "reference")
    one, other = (
        {name: value for name, value in msgspec.structs.asdict(each).items() if name not in own}
        for each in (by_file, await by(floor, "QMS-2"))
    )
    assert one == other and one["lot_id"] == needles.id
    (first,), (second,) = [await events_of(floor, each.id) for each in (by_file, by_hand)]
    for event in (first, second):
        assert (event["type"], event["subject_kind"]) == ("complaint_taken", "complaint")
        assert event["facts"]["lot"] == needles.number and event["person"] == by_hand.opened_by
    assert first["reason"] == second["reason"] == "针尖弯曲"
    written = [sorted(each["table"] for each in event["changes"]) for event in (first, second)]
    assert written[0] == written[1] and {"complaint", "job", "notice"} == {*written[0]}
    view = await complaint_view(floor.store.read, by_file.id)
    assert (view.reference, view.status, len(view.timeline)) == ("QMS-1", "received", 1)
    done = (await floor.store.read.rows("select body from event where type = 'sheet_imported'"))[-1][0]
    imported = msgspec.json.decode(done)
    assert imported["command"] == first["command"] and imported["facts"]["new"] == 1
    assert (imported["changes"], first["answer"]) == ([], None), "each row of the log stands in one event"
    found = await search(floor.store.read, floor.site_id, "qms-1", await floor.store.today(floor.site_id))
    assert [(hit.kind, hit.number, hit.field) for hit in found.hits[:1]] == [
        ("complaint", by_file.number, "reference")
    ]
    assert await log_findings(floor) == []


@pytest.mark.proves("IMP-1", "QUA-8")
async def test_the_same_again_changes_nothing_and_other_words_are_refused_at_their_cell(floor: Floor) -> None:
    needles, other = await released(floor), await released(floor, "0412/3")
    await consignee(floor)
    rows = [line(floor, "QMS-1", lot=needles.number, consignee="H-01"), line(floor, "QMS-2", quantity="3")]
    assert (await taken(floor, *rows)).new == 2
    again = await taken(floor, *rows, name="again.csv")
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    one = await by(floor, "QMS-1")
    assess = AssessComplaint(
        id=floor.new_id(), complaint_id=one.id, harm="none", reportable=False, lot_number=other.number
    )
    await assess_complaint(floor.store, await floor.who("novak"), assess)
    before = await by(floor, "QMS-1")
    assert (before.status, before.lot_id) == ("assessed", other.id)
    for said in (rows, [line(floor, "QMS-1", lot=other.number), line(floor, "QMS-2")]):
        trial = await tried(floor, *said)
        assert (trial.fault_count, trial.same) == (0, 2), "as it was said, as it stands now, and left blank"
    odd = [
        line(floor, "QMS-1", what="其他内容", who="王医生", lot="L99-999999"),
        line(floor, "QMS-2", quantity="4", consignee="H-01", serial="S-1", on=day(floor, -2)),
        line(floor, "qms-2"),
    ]
    trial = await tried(floor, *odd)
    assert faults(trial) == [
        ("C2", "complaint_known"),
        ("D2", "complaint_known"),
        ("E2", "complaint_known"),
        ("B3", "complaint_known"),
        ("F3", "complaint_known"),
        ("G3", "complaint_known"),
        ("H3", "complaint_known"),
        ("A4", "row_twice"),
    ]
    assert [trial.faults[place].reason.facts["old"] for place in (0, 2, 5)] == ["针尖弯曲", other.number, "3"]
    assert faults(await tried(floor, odd[2])) == [("A2", "code_alike")]
    assert await codes(taken(floor, line(floor, "QMS-9"), odd[1])) == ["complaint_known"] * 4
    assert await floor.count("complaint where reference = 'QMS-9'") == 0, "all of it or nothing"
    assert await by(floor, "QMS-1") == before


@pytest.mark.proves("IMP-1", "QUA-8")
@pytest.mark.parametrize("naive", [False, True])
async def test_a_list_that_grows_day_by_day_makes_each_complaint_once(
    floor: Floor, naive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin knows a file by its digest and keeps no reference: every day's list is taken in anew."""
    if naive:
        take_in = complaining.take_in

        def forgetful(tx: Any, intake: Any, number: str) -> Complaint:
            return take_in(tx, msgspec.structs.replace(intake, reference=None), number)

        monkeypatch.setattr(complaining, "take_in", forgetful)
    before = await floor.count("complaint")
    rows = [line(floor, f"QMS-{n}") for n in (1, 2, 3)]
    for up_to in (1, 2, 3, 3):
        await taken(floor, *rows[:up_to], name=f"{up_to}.csv")
    assert (await floor.count("complaint") - before == 3) is not naive


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize("naive", [False, True])
async def test_what_the_import_overlooks_the_database_refuses(
    floor: Floor, naive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin looks nothing up: one reference is one complaint even so."""
    await taken(floor, line(floor, "QMS-1"))
    if naive:
        ground = complaint_rows._ground

        async def blind(*asked: Any) -> Any:
            return (await ground(*asked))._replace(known={}, spelt={})

        monkeypatch.setattr(complaint_rows, "_ground", blind)
        assert await codes(taken(floor, line(floor, "QMS-1"))) == ["conflict"]
    else:
        assert (await taken(floor, line(floor, "QMS-1"))).same == 1
    assert await floor.count("complaint where reference = 'QMS-1'") == 1


@pytest.mark.proves("IMP-1", "QUA-8")
async def test_every_fault_stands_at_its_cell_and_is_what_the_intake_says(floor: Floor) -> None:
    needles = await released(floor)
    await consignee(floor)
    rows = [
        line(floor, "QMS-1", on=day(floor, 1)),
        line(floor, "QMS-2", lot="L99-999999"),
        line(floor, "QMS-3", consignee="H-99"),
        line(floor, "QMS-4", consignee="h-01"),
        line(floor, "QMS-5", what="", who=""),
        line(floor, "QMS-6", quantity="0"),
        line(floor, "", lot=needles.number),
    ]
    trial = await tried(floor, *rows)
    assert faults(trial) == [
        ("B2", "received_day_wrong"),
        ("E3", "lot_unknown"),
        ("H4", "consignee_unknown"),
        ("H5", "code_alike"),
        ("C6", "cell_empty"),
        ("D6", "cell_empty"),
        ("G7", "quantity_not_positive"),
        ("A8", "cell_empty"),
    ]
    boxes = HEAD.replace("数量", "数量（g）")
    text = "\n".join([boxes, line(floor, "QMS-1", lot=needles.number, quantity="2")]).encode("gb18030")
    sheet, who = read_import("complaints", read_table(text)), await floor.who("novak")
    counted = await sheet_trial(floor.store.read, who, sheet, await floor.store.today(who.site_id))
    assert faults(counted) == [("G2", "header_unit_differs")]


@pytest.mark.proves("QUA-8", "DUP-1")
async def test_a_reference_is_one_complaint_by_whichever_door_it_comes(floor: Floor) -> None:
    wang = await floor.who("wang")
    said = {"received_on": day(floor, -1), "described": "针尖弯曲", "reporter": "陈医生 021-5550100"}
    there = await take_complaint(
        floor.store, wang, TakeComplaint(id=floor.new_id(), reference=" QMS-1 ", **said)
    )
    assert there.reference == "QMS-1"
    assert (await taken(floor, line(floor, "QMS-1"))).same == 1
    error = await refusal(
        take_complaint(floor.store, wang, TakeComplaint(id=floor.new_id(), reference="QMS-1", **said))
    )
    assert [(each.code, each.field, each.facts["complaint"]) for each in error.reasons] == [
        ("complaint_there", "reference", there.number)
    ]
    long = TakeComplaint(id=floor.new_id(), reference="9" * 201, **said)
    assert await codes(take_complaint(floor.store, wang, long)) == ["reference_too_long"]
    for _ in range(2):  # without one, two that say the same are two
        await take_complaint(floor.store, wang, TakeComplaint(id=floor.new_id(), **said))


@pytest.mark.proves("ROL-1", "QUA-8")
async def test_a_file_is_no_way_past_the_right_to_take_complaints_in(floor: Floor) -> None:
    error = await refusal(taken(floor, line(floor, "QMS-1"), login="admin"))
    assert [(each.code, each.facts["action"]) for each in error.reasons] == [
        ("not_allowed", "take_complaint")
    ]
    assert await codes(taken(floor, line(floor, "QMS-1"), login="wang")) == ["not_allowed"], "no imports"
    assert await floor.count("complaint where reference = 'QMS-1'") == 0


@pytest.mark.proves("QUA-8")
async def test_quality_is_told_of_one_by_its_number_and_of_many_once(floor: Floor) -> None:
    told = "notice where code = $1"
    before = await floor.count(told, "complaint_taken")
    await taken(floor, *(line(floor, f"QMS-{n}") for n in range(20)), name="二十.csv")
    rows = await floor.store.read.rows(
        "select login from notice join person on person.id = person_id where code = 'complaints_imported'"
    )
    assert [login for (login,) in rows] == ["zhou"], "whoever imports knows"
    assert await floor.count(told, "complaint_taken") == before
    reminders = "job join complaint on complaint.id = job.subject_id where reference like 'QMS-%'"
    assert await floor.count(reminders) == 20
    numbers = {(await by(floor, f"QMS-{n}")).number for n in range(20)}
    assert len(numbers) == 20 and all(number.startswith("Q") for number in numbers)
    await taken(floor, line(floor, "QMS-20"))
    assert await floor.count(told, "complaint_taken") == before + 1


async def test_a_consignee_that_became_an_alias_lands_on_the_one_that_is_kept(floor: Floor) -> None:
    near, far = await consignee(floor), await consignee(floor, "H-02", "第二人民医院")
    await taken(floor, line(floor, "QMS-1", consignee="H-02"))
    await merged(floor, near, far, "consignee")
    rows = [line(floor, "QMS-1", consignee="H-01"), line(floor, "QMS-2", consignee="H-02")]
    trial = await tried(floor, *rows)
    assert (trial.same, trial.new) == (1, 1)
    assert [(each.cell, each.reason.facts["kept"]) for each in trial.landed] == [("H3", "H-01")]
    assert (await taken(floor, *rows)).landed == 1
    assert (await by(floor, "QMS-2")).consignee_id == near.id
