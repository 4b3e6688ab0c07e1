"""Suppliers over HTTP: what is not qualified is held with its reason, what is suspended holds what lies here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.served import Phone, Served, codes
from tests.web.walk import begin, by_password, inspect

NEEDLES, TUBING, CLAMPS = "0412/2", "0412/1", "0412/3"
LIFT = "/api/lot-hold-lifts"
AUDIT = "audited on site, three trial lots"


async def supplier_of(phone: Phone, code: str) -> dict[str, Any]:
    page = await phone.get("/api/suppliers")
    row = next(each for each in page["suppliers"] if each["code"] == code)
    return dict(await phone.get(f"/api/suppliers/{row['id']}"))


async def item_id(phone: Phone, code: str) -> str:
    return str(next(each["id"] for each in await phone.get("/api/items") if each["code"] == code))


async def qualify(phone: Phone, supplier: dict[str, Any], item: str, until: str = "2031-05-31") -> Any:
    address = f"/api/suppliers/{supplier['id']}/qualifications"
    body = {"item_id": await item_id(phone, item), "expires_on": until, "reason": AUDIT}
    return await phone.post(address, **body)


async def card(phone: Phone, received: Any) -> Any:
    return await phone.get(f"/api/lots/{received['received']['lot_number']}/card")


@pytest.mark.proves("LOT-13", "QUA-5", "REL-2")
async def test_a_supplier_delivers_what_it_is_qualified_for_and_is_suspended_with_its_lots(
    served: Served,
) -> None:
    wang, li, sun, novak, zhou = [await served.by(each) for each in ("wang", "li", "sun", "novak", "zhou")]

    # Nobody is qualified for anything: the page says that the rule is not in force, and nothing is held.
    page = await zhou.get("/api/suppliers")
    assert page["in_force"] is False
    needles = await served.receive(NEEDLES)
    assert needles["received"]["not_qualified"] == [] and (await card(wang, needles))["holds"] == []
    maker = await supplier_of(zhou, "BS")

    # The first qualification starts it, for every supplier; an engineer may not give one.
    address = f"/api/suppliers/{maker['id']}/qualifications"
    right = {"item_id": await item_id(zhou, "NDL-21"), "expires_on": "2031-05-31", "reason": AUDIT}
    assert codes(await novak.post(address, 403, **right)) == ["not_allowed"]
    assert codes(await zhou.post(address, 409, **(right | {"reason": " ", "expires_on": "2020-01-01"}))) == [
        "reason_missing",
        "due_day_wrong",
    ]
    qualified = await zhou.post(address, **right)
    assert qualified["in_force"] and [each["item_code"] for each in qualified["qualifications"]] == ["NDL-21"]

    # Tubing from the same supplier: taken in, held, quality told with the reason; only quality lifts it.
    tubing = await served.receive(TUBING)
    assert [each["code"] for each in tubing["received"]["not_qualified"]] == ["qualification_missing"]
    assert tubing["lot"]["status"] == "held"
    assert [each["code"] for each in (await card(wang, tubing))["holds"]] == ["supplier_not_qualified"]
    told = next(each for each in await novak.get("/api/notices") if each["code"] == "supplier_not_qualified")
    assert told["facts"]["reason"] == "qualification_missing"
    number = tubing["received"]["lot_number"]
    sheet = await sun.get(f"/api/receipts/{tubing['received']['receipt_id']}/release")
    assert "on_hold" in [each["code"] for each in sheet["blockers"]]
    lift = {
        "lot_number": number,
        "code": "supplier_not_qualified",
        "reason": "first trial lot, inspected in full",
    }
    assert codes(await wang.post(LIFT, 403, **lift)) == ["not_allowed"]
    await novak.post(LIFT, **lift)
    assert (await card(wang, tubing))["status"] == "inspecting"

    # The needles are released; a change notice then holds what arrives, never what was received before.
    await inspect(li, needles["received"]["inspection"]["id"])
    receipt = needles["received"]["receipt_id"]
    released = await sun.post("/api/releases", **by_password(sun, receipt, await begin(sun, receipt)))
    assert released["lot"]["status"] == "released"
    await inspect(li, tubing["received"]["inspection"]["id"], fail="OD-2")
    report = next(each for each in await novak.get("/api/ncrs") if each["lot_number"] == number)
    await novak.post(f"/api/ncrs/{report['id']}/containment", containment="locked away")
    change = {"what": "granulate from another maker", "said_on": "2026-01-15", "item_ids": []}
    noted = await wang.post(f"/api/suppliers/{maker['id']}/changes", **change)
    clamps = await served.receive(CLAMPS)
    assert [each["code"] for each in clamps["received"]["not_qualified"]] == [
        "qualification_missing",
        "supplier_change_open",
    ]
    assert codes(await zhou.post(address, 409, **right)) == ["supplier_change_open"]

    # Evaluated again and not good enough: suspended, needles on stock held, gate shut, past lots listed.
    evaluation = f"/api/supplier-changes/{noted['changes'][0]['id']}/re-evaluation"
    finding = {"result": "not_qualified", "finding": "extractables not shown"}
    stopped = await novak.post(evaluation, **finding)
    assert needles["received"]["lot_number"] in stopped["held"] and number in stopped["held"]
    assert codes(await novak.post(evaluation, 409, **finding)) == ["supplier_change_evaluated"]
    held = await card(wang, needles)
    assert (held["status"], [each["code"] for each in held["holds"]]) == (
        "held",
        ["supplier_suspended"],
    )
    sheet = await sun.get(f"/api/receipts/{tubing['received']['receipt_id']}/release")
    assert "on_hold" in [each["code"] for each in sheet["blockers"]]
    after = await supplier_of(zhou, "BS")
    assert [each["lapsed"]["code"] for each in after["qualifications"]] == ["qualification_suspended"]

    # Qualified again, and lifted by quality with a reason: the signed release stands as it did.
    await zhou.post(address, **right)
    needles_number = needles["received"]["lot_number"]
    lift = {
        "lot_number": needles_number,
        "code": "supplier_suspended",
        "reason": "extractables shown, report E-12",
    }
    await novak.post(LIFT, **lift)
    assert (await card(wang, needles))["status"] == "released"

    # Blocked altogether: everything again; freed, what it is qualified for stands.
    blocked = await novak.post(f"/api/suppliers/{maker['id']}/block", reason="does not answer letters")
    assert needles["received"]["lot_number"] in blocked["held"]
    sheet = await sun.get(f"/api/receipts/{clamps['received']['receipt_id']}/release")
    assert "supplier_blocked" in [each["code"] for each in sheet["blockers"]]
    freed = await zhou.post(f"/api/suppliers/{maker['id']}/unblock", reason="answered")
    assert (freed["blocked"], freed["qualifications"][0]["status"]) == (False, "approved")

    # The scorecard counts these deliveries, and each figure names what it was counted from.
    card_of = await zhou.get(f"/api/suppliers/{maker['id']}/scorecard", days="1")
    figures = {each["code"]: each for each in card_of["figures"]}
    ours = [each["received"]["lot_number"] for each in (needles, tubing, clamps)]

    def behind(code: str) -> list[dict[str, Any]]:
        """Of our lots: by the time of day the demo itself has a delivery of today."""
        return [each for each in figures[code]["behind"] if each["number"] in ours]

    assert [each["number"] for each in behind("received")] == ours
    assert [each["number"] for each in behind("accepted")] == [needles_number]
    first, second = behind("ppm")
    assert (first["note"].split(" / ")[0], second["note"].split(" / ")[0]) == ("0", "1")
    units = sum(int(each["note"].split(" / ")[1]) for each in figures["ppm"]["behind"])
    bad = sum(int(each["note"].split(" / ")[0]) for each in figures["ppm"]["behind"])
    assert figures["ppm"]["facts"] == {"bad": bad, "of": units}
    assert figures["ppm"]["value"] == f"{1_000_000 * bad / units:.0f}"
    assert [each["note"] for each in behind("days_to_decision")] == ["0.0"]
    assert (figures["ncrs_open"]["value"], figures["ncrs_open"]["facts"]["of"]) == ("1", 1)
    assert (figures["days_to_containment"]["value"], figures["days_to_disposition"]["value"]) == ("0.0", None)

    # Who did what and why is in the log.
    types = [each["type"] for each in await served.events(limit="200")]
    assert {
        "supplier_qualified",
        "supplier_change_evaluated",
        "supplier_blocked",
        "supplier_unblocked",
    } <= set(types)
