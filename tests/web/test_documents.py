"""A method under control: written, signed by another, read by whoever works by it; nobody else enters or signs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.due import run_due
from tests.web.document_writing import add_document, approve_document, study, write_document
from tests.web.plan_writing import approve, begin_draft, signed, submit, write
from tests.web.served import Phone, Served, codes
from tests.web.walk import begin, conforming, inspect

MEASURING = "WI-312"
"""The method of LEN in the needles' plan, at revision C."""


async def enter(phone: Phone, inspection: str, code: str, expected: int = 201) -> dict:
    sheet = await phone.get(f"/api/inspections/{inspection}")
    item = next(each for each in sheet["items"] if each["characteristic"]["code"] == code)
    path = f"/api/inspections/{inspection}/results"
    body = {"item_key": item["key"], "entered": conforming(item), "confirmed": True}
    found: dict = await phone.post(path, expected, **body)
    return found


async def told(phone: Phone, code: str) -> list[dict]:
    return [each for each in await phone.get("/api/notices") if each["code"] == code]


@pytest.mark.proves("QUA-4", "REL-11", "REL-10", "SIG-2")
async def test_only_who_is_trained_in_the_version_in_force_enters_and_signs(served: Served) -> None:
    novak, zhou, li, sun = [await served.by(login) for login in ("novak", "zhou", "li", "sun")]
    received = (await served.receive("0412/2", quantity="100"))["received"]
    needles, receipt = received["inspection"]["id"], received["receipt_id"]

    first = await add_document(novak, MEASURING, "C", "Measure along the shaft. 沿针管测量长度。")
    await enter(li, needles, "LBL")  # what is only written stands in nobody's way
    record = (await approve_document(zhou, first))["record"]
    assert (record["number"], record["revision"], record["replaces"], record["plans"]) == (
        MEASURING,
        "C",
        None,
        [],
    )
    document = f"/api/documents/{first['document_id']}"
    await novak.put(f"{document}/training-needs", needs=[{"role": "inspector", "lapses_days": 365}])
    assert [each["facts"]["revision"] for each in await told(li, "training_due")] == ["C"]

    refused = await enter(li, needles, "LEN", 409)
    (reason,) = refused["reasons"]
    assert (reason["code"], reason["facts"]["document"], reason["facts"]["why"]) == (
        "untrained",
        MEASURING,
        "missing",
    )
    assert reason["facts"]["read"] == f"/#/training/{first['id']}"
    assert (await served.events(type="refused"))[0]["facts"]["reasons"][0]["code"] == "untrained"
    failed = await study(li, first["id"], 0)
    assert (failed["passed"], failed["wrong"]) == (False, 1)
    assert codes(await enter(li, needles, "LEN", 409)) == ["untrained"]
    passed = await study(li, first["id"], 2)
    assert passed["passed"] and passed["lapses_on"] is not None
    await enter(li, needles, "LEN")
    learner = next(each for each in (await novak.get(document))["learners"] if each["person"] == "李娜")
    assert (learner["standing"], learner["attempts"]) == ("trained", 2)

    await inspect(li, needles)
    await novak.put(
        f"{document}/training-needs",
        needs=[{"role": "inspector", "lapses_days": 365}, {"role": "supervisor"}],
    )
    assert codes(await sun.post("/api/signing", 409, subject_id=receipt, meaning="release")) == ["untrained"]
    await study(sun, first["id"], 2)
    await begin(sun, receipt)

    draft = await novak.post(f"{document}/drafts", revision="D")
    second = await write_document(novak, draft, "Measure along the shaft, twice. 沿针管测量两次。")
    served.clock.ahead = 60  # a one-time code is used once
    record = (await approve_document(zhou, second))["record"]
    assert (record["replaces"], record["trained"]) == ("C", ["inspector", "supervisor"])
    assert "II-NDL-21" in record["plans"]
    card = await novak.get(document)
    assert [(each["revision"], each["status"]) for each in card["versions"]] == [
        ("D", "effective"),
        ("C", "obsolete"),
    ]
    assert "II-NDL-21" in card["plans"]
    old = await li.get(f"/api/document-versions/{first['id']}")
    assert old["questions"] == [], "what is right is not for those who are asked"
    assert len((await novak.get(f"/api/document-versions/{first['id']}"))["questions"]) == 1
    assert old["text"].startswith("Measure along the shaft.") and old["signature"]["printed_name"] == "周文"
    later = (await served.receive("0412/2", quantity="100"))["received"]["inspection"]["id"]
    assert codes(await enter(li, later, "LEN", 409)) == ["untrained", "method_not_effective"]
    assert codes(await sun.post("/api/signing", 409, subject_id=receipt, meaning="reject")) == ["untrained"]
    await bring_up_to_date(served, later)
    assert codes(await enter(li, later, "LEN", 409)) == ["untrained"]
    assert (await study(li, second["id"], 2))["passed"]
    await enter(li, later, "LEN")
    assert codes(await study_refused(li, first["id"])) == ["version_not_effective"]

    found = await novak.get("/api/documents", words="测量两次")
    assert [each["number"] for each in found] == [MEASURING]
    assert await novak.get("/api/documents", words="100%") == []

    rows = (await novak.get("/api/training-matrix"))["people"]
    assert {row["person"]: row["standings"] for row in rows} == {
        "李娜": ["trained"],
        "Elena Garcia": ["missing"],
        "孙梅": ["missing"],
    }
    assert codes(await li.get("/api/training-matrix", 403)) == ["not_allowed"]

    before = len(await told(await served.by("garcia"), "training_due"))
    served.clock.ahead = timedelta(days=1, minutes=1).total_seconds()
    await run_due(served.parts, served.clock())
    assert len(await told(await served.phone().sign_in("garcia"), "training_due")) == before + 1


async def bring_up_to_date(served: Served, inspection: str) -> None:
    """The plan names the revision in force, and the open inspection moves to its new version."""
    novak, zhou = await served.by("novak"), await served.by("zhou")
    sheet = await begin_draft(novak, "II-NDL-21")
    path = f"/api/plan-versions/{sheet['id']}"
    tried = await novak.post(f"{path}/trial", version=sheet["version"])
    old = await novak.post(f"{path}/submission", 409, version=tried["version"], change="x")
    assert codes(old) == ["method_not_effective"]
    sheet = await write(novak, await novak.get(path), "LEN", method={"document": MEASURING, "version": "D"})
    served.clock.ahead += 60
    await approve(zhou, await submit(novak, sheet))
    served.clock.ahead += 60
    move = f"/api/inspections/{inspection}/move"
    await zhou.post(move, **signed(zhou, await zhou.post(f"{move}/signing", language="en")))


async def study_refused(phone: Phone, version_id: str) -> dict:
    found: dict = await phone.post(f"/api/training/{version_id}", 409, read_at="", answers=[2])
    return found
