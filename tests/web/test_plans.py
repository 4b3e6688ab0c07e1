"""A plan's version on its way: written by some, tried, reviewed, signed by somebody else, effective, obsolete."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.plan_versions import PlanVersion
from backend.domain.signatures import Signature
from tests.web.plan_writing import approve, begin_draft, keep, plan_of, signed, submit, write
from tests.web.served import Served, codes
from tests.web.walk import answer, digest_of, inspect

NEEDLES = "II-NDL-21"
CLOSER = {"lower": "24.9", "upper": "25.1"}


async def statuses(served: Served, code: str) -> list[tuple[int, str]]:
    plan = await plan_of(await served.by("novak"), code)
    return sorted((each["number"], each["status"]) for each in plan["versions"])


@pytest.mark.proves("SMP-1", "QUA-4", "SIG-1", "SIG-2")
async def test_a_version_becomes_effective_by_the_signature_of_somebody_else(served: Served) -> None:
    novak, zhou = await served.by("novak"), await served.by("zhou")
    sheet = await begin_draft(novak, NEEDLES)
    assert (sheet["number"], sheet["status"], sheet["compared_to"], sheet["changes"]) == (2, "draft", 1, [])
    sheet = await write(novak, sheet, "LEN", **CLOSER)
    (change,) = sheet["changes"]
    assert (change["code"], change["change"]) == ("LEN", "changed")
    fields = [(field["field"], field["old"], field["new"]) for field in change["fields"]]
    assert fields == [("lower", "24.5", "24.9"), ("upper", "25.5", "25.1")]
    assert [reason["code"] for reason in sheet["against"]] == ["plan_not_tried"]
    path = f"/api/plan-versions/{sheet['id']}"
    assert await novak.refused(409, f"{path}/submission", version=sheet["version"], change="x") == [
        "plan_not_tried"
    ]
    sheet = await submit(novak, sheet)
    assert (sheet["status"], sheet["trial"]["by"], sheet["authors"]) == (
        "review",
        "Anna Novak",
        ["Anna Novak"],
    )
    assert codes(
        await novak.put(f"{path}/document", 409, version=sheet["version"], document=sheet["document"])
    ) == ["step_not_allowed"]

    begun = await approve(zhou, sheet)
    record = begun["record"]
    assert (record["plan"]["code"], record["version"], record["replaces"]) == (NEEDLES, 2, 1)
    assert record["changes"] == sheet["changes"] and record["change"] == "A closer limit"
    assert record["characteristics"] == sheet["document"]["characteristics"]
    assert record["trial"]["counts"] == sheet["trial"]["counts"]
    assert await statuses(served, NEEDLES) == [(1, "obsolete"), (2, "effective")]
    signature = await served.store.read.first(Signature, "subject_id = $1", sheet["id"])
    assert signature is not None and (signature.meaning, signature.printed_name) == ("approve_plan", "周文")
    assert (signature.record, signature.digest) == (record, digest_of(record))
    event = (await served.events(type="plan_approved"))[0]
    assert (event["facts"]["version"], event["facts"]["replaces"], event["person"]) == (2, 1, "周文")

    old = next(each for each in (await plan_of(novak, NEEDLES))["versions"] if each["number"] == 1)
    read = await novak.get(f"/api/plan-versions/{old['id']}")
    assert read["status"] == "obsolete" and len(read["document"]["characteristics"]) == 4
    shown = await novak.get(path)
    assert shown["signature"]["printed_name"] == "周文" and shown["compared_to"] == 1


@pytest.mark.proves("SMP-8")
async def test_an_open_inspection_keeps_its_version_and_the_next_receipt_opens_from_the_new_one(
    served: Served,
) -> None:
    novak, zhou, li = await served.by("novak"), await served.by("zhou"), await served.by("li")
    before = (await served.receive("0412/2", quantity="100"))["received"]["inspection"]["id"]
    sheet = await write(novak, await begin_draft(novak, NEEDLES), "LEN", **CLOSER)
    await approve(zhou, await submit(novak, sheet))
    after = (await served.receive("0412/2", quantity="100"))["received"]["inspection"]["id"]

    async def limits(inspection: str) -> tuple[int, str]:
        found = await li.get(f"/api/inspections/{inspection}")
        length = next(item for item in found["items"] if item["characteristic"]["code"] == "LEN")
        return found["plan"]["version"], length["characteristic"]["upper"]

    assert await limits(before) == (1, "25.5")
    assert await limits(after) == (2, "25.1")
    recorded = await inspect(li, before)
    assert recorded["sheet"]["plan"]["version"] == 1, (
        "its readings are judged by the version it was opened with"
    )
    older = (await plan_of(novak, NEEDLES))["older"]
    assert before not in {one["id"] for one in older}, "what is finished is not moved any more"


@pytest.mark.proves("SIG-2", "SIG-4", "QUA-4")
async def test_whoever_wrote_on_a_version_does_not_sign_it(served: Served) -> None:
    novak, zhou = await served.by("novak"), await served.by("zhou")
    sheet = await write(novak, await begin_draft(novak, NEEDLES), "LEN", **CLOSER)
    sheet = await write(zhou, sheet, "LEN", target="25.00")
    sheet = await submit(novak, sheet)
    assert await zhou.refused(409, f"/api/plan-versions/{sheet['id']}/signing") == ["plan_own_draft"]
    assert (await zhou.get(f"/api/plan-versions/{sheet['id']}"))["mine"] is True
    assert await statuses(served, NEEDLES) == [(1, "effective"), (2, "review")]


@pytest.mark.proves("SIG-2", "SIG-8")
async def test_what_was_changed_since_it_was_shown_is_not_signed(served: Served) -> None:
    novak, zhou = await served.by("novak"), await served.by("zhou")
    sheet = await submit(novak, await write(novak, await begin_draft(novak, NEEDLES), "LEN", **CLOSER))
    path = f"/api/plan-versions/{sheet['id']}"
    begun = await zhou.post(f"{path}/signing", language="en")
    returned = await zhou.post(f"{path}/return", version=sheet["version"], reason="Why closer?")
    assert returned["status"] == "draft"
    assert codes(await zhou.post(f"{path}/approval", 409, **signed(zhou, begun))) == ["step_not_allowed"]
    draft = await novak.get(path)
    await submit(novak, await write(novak, draft, "LEN", upper="25.2"))
    begun_before = begun
    assert codes(await zhou.post(f"{path}/approval", 412, **signed(zhou, begun_before))) == ["record_changed"]
    begun = await zhou.post(f"{path}/signing", language="en")
    wrong = signed(zhou, begun, digest="0" * 64)
    assert codes(await zhou.post(f"{path}/approval", 412, **wrong)) == ["record_changed"]
    begun = await zhou.post(f"{path}/signing", language="en")
    other = await submit(novak, await begin_draft(novak, "II-TUB-30"))
    stolen = signed(zhou, begun)
    assert codes(await zhou.post(f"/api/plan-versions/{other['id']}/approval", 409, **stolen)) == [
        "nonce_unknown"
    ]
    assert await statuses(served, NEEDLES) == [(1, "effective"), (2, "review")]


@pytest.mark.proves("SMP-1")
async def test_two_who_write_at_once_are_told_and_neither_is_overwritten(served: Served) -> None:
    novak, zhou = await served.by("novak"), await served.by("zhou")
    mine = await begin_draft(novak, NEEDLES)
    theirs = await zhou.get(f"/api/plan-versions/{mine['id']}")
    await write(zhou, theirs, "LEN", upper="25.4")
    refused = await novak.put(
        f"/api/plan-versions/{mine['id']}/document", 412, version=mine["version"], document=mine["document"]
    )
    reason = refused["reasons"][0]
    assert (reason["code"], reason["facts"]["by"]) == ("plan_draft_changed", "周文")
    now = await novak.get(f"/api/plan-versions/{mine['id']}")
    assert next(c for c in now["document"]["characteristics"] if c["code"] == "LEN")["upper"] == "25.4"


@pytest.mark.proves("SMP-1", "SMP-3", "SMP-5", "RES-3")
async def test_a_draft_may_be_unfinished_but_is_not_submitted_so(served: Served) -> None:
    novak = await served.by("novak")
    sheet = await begin_draft(novak, NEEDLES)
    sheet = await write(novak, sheet, "TIP", sampling={"rule": "iso2859_1", "level": "IV", "aql": "2.0"})
    sheet = await write(novak, sheet, "LEN", lower="26", upper="25.55")
    against = [(reason["code"], reason["field"], reason["facts"]["rule"]) for reason in sheet["against"]]
    assert against == [
        ("aql_unsupported", "characteristics.1.sampling.aql", "SMP-3"),
        ("limits_contradict", "characteristics.2.lower", "SMP-1"),
        ("limit_finer_than_resolution", "characteristics.2.upper", "RES-3"),
        ("plan_not_tried", "trial", "SMP-1"),
    ]
    path = f"/api/plan-versions/{sheet['id']}"
    assert await novak.refused(409, f"{path}/submission", version=sheet["version"], change=" ") == [
        "aql_unsupported",
        "limits_contradict",
        "limit_finer_than_resolution",
        "plan_not_tried",
        "plan_change_missing",
    ]
    assert await novak.refused(409, f"{path}/trial", version=sheet["version"]) == [
        "aql_unsupported",
        "limits_contradict",
        "limit_finer_than_resolution",
    ]
    huge = [
        line | {"lower": "1E+400"} for line in sheet["document"]["characteristics"] if line["code"] == "LEN"
    ]
    refused = await novak.put(
        f"{path}/document", 409, version=sheet["version"], document={"characteristics": huge}
    )
    assert codes(refused) == ["number_out_of_range"]
    empty = await keep(novak, sheet, [])
    assert [reason["code"] for reason in empty["against"]] == ["characteristics_missing", "plan_not_tried"]


@pytest.mark.proves("SMP-1")
async def test_versions_follow_one_another(served: Served) -> None:
    novak = await served.by("novak")
    plan = await plan_of(novak, NEEDLES)
    drafts = f"/api/plans/{plan['id']}/drafts"
    for number in (0, 1, 3):
        assert await novak.refused(409, drafts, number=number) == ["plan_version_not_next"]
    await novak.post(drafts, number=2)
    assert await novak.refused(409, drafts, number=3) == ["plan_draft_open"]


@pytest.mark.proves("SMP-1")
async def test_a_plan_is_added_for_an_item_and_stage_once(served: Served) -> None:
    novak, zhou = await served.by("novak"), await served.by("zhou")
    items = {item["code"]: item["id"] for item in await novak.get("/api/items")}
    name = {"en": "In-process, infusion set", "zh": "过程检验：输液器"}
    wish: dict[str, Any] = {
        "item_id": items["SET-20"],
        "stage": "in_process",
        "code": "IP-SET-20",
        "name": name,
    }
    assert await novak.refused(409, "/api/plans", **wish | {"stage": "final", "code": "FI-SET-20"}) == [
        "plan_code_taken",
        "plan_exists",
    ]
    assert await novak.refused(409, "/api/plans", **wish | {"code": " "}) == ["plan_name_missing"]
    added = await novak.post("/api/plans", **wish)
    sheet = await novak.get(f"/api/plan-versions/{added['version_id']}")
    line = {
        "code": "FLO", "name": {"en": "Flow", "zh": "流量"}, "kind": "numeric", "severity": "major",
        "method": {"document": "WI-401", "version": "A"}, "sampling": {"rule": "fixed", "n": 2}, "unit": "mL",
        "lower": "1000", "resolution": "1", "rounding": "half_up", "photo_required": True,
        "sampling_point": {"en": "Line 1", "zh": "一线"}, "instrument_type": "balance",
    }  # fmt: skip
    sheet = await submit(novak, await keep(novak, sheet, [line]))
    assert sheet["trial"]["counts"]["results"] == 0 and sheet["changes"][0]["change"] == "added"
    await approve(zhou, sheet)
    assert await statuses(served, "IP-SET-20") == [(1, "effective")]


@pytest.mark.proves("SMP-8", "SIG-2", "RES-9")
async def test_a_move_to_the_new_version_is_signed_and_keeps_both_judgements(served: Served) -> None:
    novak, zhou, li = await served.by("novak"), await served.by("zhou"), await served.by("li")
    id = (await served.receive("0412/2"))["received"]["inspection"]["id"]
    items = {item["key"]: item for item in (await li.get(f"/api/inspections/{id}"))["items"]}
    await answer(li, id, items["LBL-0"], "0")
    await answer(li, id, items["TIP-0"], "0")
    await answer(li, id, items["LEN-1"], "25.4")
    move = f"/api/inspections/{id}/move"
    assert await zhou.refused(409, f"{move}/signing") == ["plan_version_same"]

    sheet = await begin_draft(novak, NEEDLES)
    sheet = await write(novak, sheet, "LEN", **CLOSER)
    sheet = await write(novak, sheet, "TIP", sampling={"rule": "c0", "n": 20})
    await approve(zhou, await submit(novak, sheet))
    assert [one["id"] for one in (await plan_of(novak, NEEDLES))["older"] if one["id"] == id] == [id]
    shown = await zhou.get(move)
    readings = {r["item_key"]: (r["old"], r["new"]) for r in shown["readings"]}
    assert readings == {
        "LBL-0": ("conforming", "conforming"),
        "TIP-0": ("conforming", None),
        "LEN-1": ("conforming", "nonconforming"),
    }
    assert shown["to_answer"] == ["TIP-0", "COA-1"] and shown["against"] == []
    assert await li.refused(403, move, nonce="x", digest="x") == ["not_allowed"]

    served.clock.ahead += 60  # the code of the last signature serves no second time
    begun = await zhou.post(f"{move}/signing", language="en")
    assert begun["record"]["readings"] == shown["readings"]
    moved = await zhou.post(move, **signed(zhou, begun))
    assert (moved["version"], moved["status"], len(moved["ncrs"])) == (2, "in_progress", 1)
    after = await li.get(f"/api/inspections/{id}")
    assert (after["plan"]["version"], after["next"], after["answered"]) == (2, "TIP-0", 2)
    length = next(item for item in after["items"] if item["key"] == "LEN-1")["reading"]
    assert length["verdict"] == "nonconforming" and length["judged"] == [
        {"version": 1, "verdict": "conforming"},
        {"version": 2, "verdict": "nonconforming"},
    ]
    rows = await served.store.read.rows(
        "select reading.item_key, plan_version.number, judgement.verdict, reading.status from judgement "
        "join reading on reading.id = judgement.reading_id "
        "join plan_version on plan_version.id = judgement.plan_version_id order by judgement.id"
    )
    assert ("TIP-0", 1, "conforming", "superseded") in [tuple(row) for row in rows]
    assert after["sample_size"] == 20, "what the new version needs was pulled by the same seed"
    signature = await served.store.read.first(Signature, "meaning = 'move_inspection'")
    assert signature is not None and signature.digest == digest_of(begun["record"])
    assert codes(await zhou.post(move, 409, **signed(zhou, begun))) == ["nonce_used"]


@pytest.mark.proves("SMP-1")
async def test_a_draft_is_tried_on_past_results_in_parts_and_in_whole(served: Served) -> None:
    novak = await served.by("novak")
    sheet = await begin_draft(novak, NEEDLES)
    path = f"/api/plan-versions/{sheet['id']}/trial"
    part = await novak.get(path)
    assert part["counts"]["results"] == part["counts"]["same"] > 0 and part["differences"] == []
    assert part["total"] == part["counts"]["lots"] and part["before"] is None
    past = await served.store.read.rows(
        "select lot.number, entered from reading join inspection on inspection.id = reading.inspection_id "
        "join lot on lot.id = inspection.lot_id join plan_version on plan_version.id = plan_version_id "
        "where plan_id = $1 and characteristic = 'LEN' and reading.status = 'current'",
        sheet["plan_id"],
    )
    sheet = await write(novak, sheet, "LEN", lower="30.0", upper="31.0", target=None)
    part = await novak.get(path)
    assert sorted((d["lot"], d["entered"]) for d in part["differences"]) == sorted(tuple(row) for row in past)
    assert {(d["old"], d["new"]) for d in part["differences"]} == {("conforming", "nonconforming")}
    tried = await novak.post(path, version=sheet["version"])
    kept = await served.store.read.get(PlanVersion, sheet["id"])
    assert kept.trial is not None and kept.trial.counts.worse == len(past) == part["counts"]["worse"]
    changed = await write(novak, sheet | {"version": tried["version"]}, "LEN", upper="32.0")
    assert changed["trial"] is None, "a trial is of exactly one document"


@pytest.mark.proves("SMP-1", "SMP-2")
async def test_a_rule_says_what_it_lets_pass(shared: Served) -> None:
    novak = await shared.by("novak")
    line = (await novak.get("/api/plans"))[0]
    sheet = await novak.get(f"/api/plan-versions/{line['effective']['id']}")
    characteristic = sheet["document"]["characteristics"][0] | {
        "severity": "major",
        "sampling": {"rule": "iso2859_1", "level": "II", "aql": "1.0"},
    }
    ask = {"characteristic": characteristic, "lot_size": 1200}

    async def asked(status: int, **fields: Any) -> Any:
        answer = await novak.client.post("/api/sampling-curve", json=ask | fields)
        assert answer.status_code == status, answer.text
        return answer.json()

    curve = await asked(200)
    assert [(r["severity"], r["n"], r["accept"], r["reject"]) for r in curve["rules"]] == [
        ("normal", 80, 2, 3), ("tightened", 80, 1, 2), ("reduced", 32, 1, 2),
    ]  # fmt: skip
    five = next(point for point in curve["said"] if point["percent"] == 5)
    assert five["nonconforming"] == 60 and 22 < five["cases"] < 24
    assert codes(await asked(409, lot_size=0)) == ["lot_size_invalid"]
    wrong = characteristic | {"sampling": {"rule": "iso2859_1", "level": "II", "aql": "1.1"}}
    assert codes(await asked(409, characteristic=wrong)) == ["aql_unsupported"]


@pytest.mark.proves("QUA-4", "LOT-6")
async def test_what_was_reworked_is_inspected_again_under_the_version_in_force(served: Served) -> None:
    novak, zhou, li = await served.by("novak"), await served.by("zhou"), await served.by("li")
    first = (await served.receive("0412/2"))["received"]["inspection"]["id"]
    await inspect(li, first, fail="LEN-1")
    ncr = (await served.store.read.rows("select id from ncr where inspection_id = $1", first))[0][0]
    sheet = await write(novak, await begin_draft(novak, NEEDLES), "LEN", **CLOSER)
    await approve(zhou, await submit(novak, sheet))
    path = f"/api/ncrs/{ncr}"
    report = await novak.get(path)
    report = await novak.post(f"{path}/containment", version=report["version"], containment="Moved aside")
    reworked = {"disposition": "rework", "justification": "Cut to length", "follow_ups": []}
    await novak.post(f"{path}/disposition", version=report["version"], **reworked)
    rows = await served.store.read.rows(
        "select plan_version.number, repeats from inspection join plan_version on plan_version.id = plan_version_id "
        "where repeats = $1 or inspection.id = $1 order by inspection.id",
        first,
    )
    assert [tuple(row) for row in rows] == [(1, None), (2, first)]


def version_in_force(plan: dict[str, Any], _inspection: str) -> int:
    """The broken twin of SMP-8: an inspection is read by whatever version of its plan is in force."""
    return int(next(each["number"] for each in plan["versions"] if each["status"] == "effective"))


@pytest.mark.proves("SMP-8")
async def test_a_reader_of_the_version_in_force_would_be_caught(served: Served) -> None:
    novak, zhou, li = await served.by("novak"), await served.by("zhou"), await served.by("li")
    opened = (await served.receive("0412/2", quantity="100"))["received"]["inspection"]["id"]
    await approve(
        zhou, await submit(novak, await write(novak, await begin_draft(novak, NEEDLES), "LEN", **CLOSER))
    )
    frozen = (await li.get(f"/api/inspections/{opened}"))["plan"]["version"]
    assert (frozen, version_in_force(await plan_of(novak, NEEDLES), opened)) == (1, 2)
