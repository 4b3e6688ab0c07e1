"""The rights table over HTTP: action x role, each refused alike and logged; each allowed, whatever else stands
against it (ROL-1, REL-10)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, NamedTuple

import pytest

from backend.domain.people import RoleGrant
from backend.domain.rights import DEFAULT_RIGHTS, ROLES
from backend.domain.security import Plain, system
from backend.store.change import Change
from backend.store.door import Store
from tests.stores import new_id
from tests.web.served import Phone, Served, codes


class Asked(NamedTuple):
    """How an action is asked for over HTTP; the ids lead nowhere, so nothing is ever done."""

    method: str
    path: str
    body: dict[str, Any] | bytes


NOWHERE = new_id()
ASKED = {
    "receive_lot": Asked("POST", "/api/receipts", {"order_line_id": NOWHERE}),
    "move_portion": Asked("POST", f"/api/portions/{NOWHERE}/move", {"location_id": NOWHERE}),
    "add_attachment": Asked("POST", "/api/attachments", b"x"),
    "print_labels": Asked("POST", f"/api/lots/{NOWHERE}/labels", {"copies": 1, "media": "roll-57x32"}),
    "reconcile_labels": Asked("POST", f"/api/lots/{NOWHERE}/label-counts", {"used": 1}),
    "accept_missing_labels": Asked("POST", f"/api/lots/{NOWHERE}/missing-labels", {"count": 1, "reason": "x"}),
    "start_production": Asked("POST", "/api/production", {"item_id": NOWHERE, "production_order": "x"}),
    "consume_lot": Asked("POST", f"/api/production/{NOWHERE}/consumptions", {"parent_number": "x", "quantity": "1"}),
    "finish_production": Asked("POST", f"/api/production/{NOWHERE}/finish", {"quantity": "1", "made_on": "2026-11-23"}),
    "state_process": Asked("POST", f"/api/production/{NOWHERE}/process", {"facts": []}),
    "record_environment": Asked("POST", "/api/environment-values", {"values": []}),
    "set_environment_limit": Asked(
        "POST",
        "/api/environment-limits",
        {"place": "", "quantity": "", "unit": "", "low": None, "high": None, "reason": ""},
    ),
    "set_legal_hold": Asked("POST", f"/api/lots/{NOWHERE}/legal-holds", {"reason": "x"}),
    "lift_legal_hold": Asked("POST", f"/api/legal-holds/{NOWHERE}/lift", {"reason": "x"}),
    "report_exception": Asked(
        "POST",
        "/api/ncr-exceptions",
        {"about_kind": "inspection", "about_id": NOWHERE, "what": "x", "severity": "minor"},
    ),
    "keep_consignee": Asked("POST", "/api/consignees",
                            {"consignee_id": None, "code": "", "name": "", "address": "", "country": "",
                             "language": "en", "contacts": []}),
    "ship_lots": Asked("POST", "/api/shipments", {"consignee_id": NOWHERE, "lines": []}),
    "take_return": Asked("POST", f"/api/shipment-lines/{NOWHERE}/returns", {"quantity": "1", "reason": "x"}),
    "start_recall": Asked("POST", "/api/recalls", {"recall_id": NOWHERE, "nonce": "x", "digest": "x"}),
    "withdraw_recall": Asked("POST", f"/api/recalls/{NOWHERE}/withdrawal", {"reason": "x"}),
    "note_recall_letter": Asked("POST", f"/api/recalls/{NOWHERE}/consignees/{NOWHERE}/letter", {"channel": "post"}),
    "record_recall_answer": Asked("POST", f"/api/recalls/{NOWHERE}/consignees/{NOWHERE}/answer",
                                  {"answer": "x", "lines": []}),
    "close_recall": Asked("POST", f"/api/recalls/{NOWHERE}/close", {"reason": "x"}),
    "start_mock_recall": Asked("POST", "/api/mock-recalls", {"basis": {"kind": "lot", "value": "x"}, "reason": "x"}),
    "finish_mock_recall": Asked("POST", f"/api/mock-recalls/{NOWHERE}/finish",
                                {"counted": [], "reached": [], "note": "x"}),
    "qualify_supplier": Asked("POST", f"/api/suppliers/{NOWHERE}/qualifications",
                              {"item_id": NOWHERE, "expires_on": "x", "reason": "x"}),
    "suspend_qualification": Asked("POST", f"/api/qualifications/{NOWHERE}/suspension",
                                   {"step": "suspend", "reason": "x"}),
    "add_supplier_certificate": Asked("POST", f"/api/suppliers/{NOWHERE}/certificates",
                                      {"kind": "x", "number": "x", "valid_until": "x"}),
    "note_supplier_change": Asked("POST", f"/api/suppliers/{NOWHERE}/changes", {"what": "x", "said_on": "x"}),
    "re_evaluate_supplier_change": Asked("POST", f"/api/supplier-changes/{NOWHERE}/re-evaluation",
                                         {"result": "qualified_still", "finding": "x"}),
    "block_supplier": Asked("POST", f"/api/suppliers/{NOWHERE}/block", {"reason": "x"}),
    "unblock_supplier": Asked("POST", f"/api/suppliers/{NOWHERE}/unblock", {"reason": "x"}),
    "record_results": Asked("POST", f"/api/inspections/{NOWHERE}/results", {"item_key": "A-1", "entered": "1"}),
    "correct_result": Asked("POST", f"/api/readings/{NOWHERE}/correction", {"entered": "1", "reason": "x"}),
    "contain_ncr": Asked("POST", f"/api/ncrs/{NOWHERE}/containment", {"containment": "x"}),
    "dispose_ncr": Asked("POST", f"/api/ncrs/{NOWHERE}/disposition", {"disposition": "scrap", "justification": "x"}),
    "complete_follow_up": Asked("POST", f"/api/follow-ups/{NOWHERE}/completion", {"outcome": "x"}),
    "close_ncr": Asked("POST", f"/api/ncrs/{NOWHERE}/closure", {}),
    "split_lot": Asked("POST", "/api/lot-splits", {"lot_number": NOWHERE, "shares": [], "reason": "x"}),
    "merge_lots": Asked("POST", "/api/lot-mergers", {"numbers": [NOWHERE], "reason": "x"}),
    "take_out": Asked("POST", "/api/lot-outs",
                      {"lot_number": NOWHERE, "fate": "sampled", "shares": [], "reason": "x"}),
    "hand_over_inspection": Asked("POST", f"/api/inspections/{NOWHERE}/hand-over", {"to_id": NOWHERE}),
    "merge_doubles": Asked(
        "POST", "/api/doubles", {"kind": "supplier", "kept_id": NOWHERE, "alias_id": NOWHERE, "reason": "x"}
    ),
    "part_doubles": Asked("POST", f"/api/doubles/{NOWHERE}/parting", {"reason": "x"}),
    "import_sheet": Asked("POST", "/api/imports/orders",
                          {"name": "x", "file": b64encode(
                              b"PO,line,item,supplier,qty,due\n1,1,nowhere,nobody,1,2026-11-28\n").decode()}),
    "capture_epcis": Asked("POST", "/api/epcis/capture", b"{}"),
    "hold_lot": Asked("POST", "/api/lot-holds", {"lot_number": NOWHERE, "reason": "x"}),
    "lift_hold": Asked("POST", "/api/lot-hold-lifts", {"lot_number": NOWHERE, "code": "x", "reason": "x"}),
    "sign_release": Asked("POST", "/api/releases",
                          {"receipt_id": NOWHERE, "meaning": "release", "nonce": "x", "digest": "x"}),
    "change_right": Asked("PUT", f"/api/rights/{NOWHERE}", {"nonce": "x", "digest": "x"}),
    "add_plan": Asked("POST", "/api/plans",
                      {"item_id": NOWHERE, "stage": "final", "code": "x", "name": {"en": "x", "zh": "x"}}),
    "open_plan_draft": Asked("POST", f"/api/plans/{NOWHERE}/drafts", {"number": 2}),
    "keep_plan_draft": Asked("PUT", f"/api/plan-versions/{NOWHERE}/document",
                             {"version": 1, "document": {"characteristics": []}}),
    "try_plan_draft": Asked("POST", f"/api/plan-versions/{NOWHERE}/trial", {"version": 1}),
    "submit_plan_draft": Asked("POST", f"/api/plan-versions/{NOWHERE}/submission", {"version": 1, "change": "x"}),
    "return_plan_draft": Asked("POST", f"/api/plan-versions/{NOWHERE}/return", {"version": 1, "reason": "x"}),
    "approve_plan": Asked("POST", f"/api/plan-versions/{NOWHERE}/approval", {"nonce": "x", "digest": "x"}),
    "add_document": Asked("POST", "/api/documents",
                          {"number": "", "name": {"en": "x", "zh": "x"}, "kind": "method", "revision": ""}),
    "change_document": Asked("PUT", f"/api/documents/{NOWHERE}",
                             {"name": {"en": "x", "zh": "x"}, "kind": "method", "owner_id": NOWHERE}),
    "open_document_draft": Asked("POST", f"/api/documents/{NOWHERE}/drafts", {"revision": "B"}),
    "keep_document_draft": Asked("PUT", f"/api/document-versions/{NOWHERE}/text", {"version": 1, "text": "x"}),
    "submit_document_draft": Asked("POST", f"/api/document-versions/{NOWHERE}/submission", {"version": 1}),
    "return_document_draft": Asked("POST", f"/api/document-versions/{NOWHERE}/return",
                                   {"version": 1, "reason": "x"}),
    "approve_document": Asked("POST", f"/api/document-versions/{NOWHERE}/approval", {"nonce": "x", "digest": "x"}),
    "withdraw_document": Asked("POST", f"/api/documents/{NOWHERE}/withdrawal", {"reason": "x"}),
    "set_training_needs": Asked("PUT", f"/api/documents/{NOWHERE}/training-needs", {"needs": []}),
    "move_inspection": Asked("POST", f"/api/inspections/{NOWHERE}/move", {"nonce": "x", "digest": "x"}),
    "add_gauge": Asked("POST", "/api/gauges",
                       {"code": "", "type": "x", "name": {"en": "x", "zh": "x"}, "unit": "mm", "lower": "0",
                        "upper": "1", "resolution": "1", "interval_days": 1, "calibrated_on": "x", "certificate": "x"}),
    "record_calibration": Asked("POST", f"/api/gauges/{NOWHERE}/calibrations",
                                {"done_on": "x", "as_found": "in_tolerance", "as_left": "in_tolerance",
                                 "certificate": "x"}),
    "add_equipment": Asked("POST", "/api/equipment", {"kind": "line", "code": "", "name": {"en": "x", "zh": "x"}}),
    "service_equipment": Asked("POST", f"/api/equipment/{NOWHERE}/services",
                               {"kind": "repair", "done_on": "x", "done": "x"}),
    "change_equipment_status": Asked("POST", f"/api/equipment/{NOWHERE}/status", {"step": "stop", "reason": "x"}),
    "steer_series": Asked(
        "POST", f"/api/series/{NOWHERE}/acts", {"of": "major", "act": "resume", "reason": "x"}
    ),
    "change_gauge_status": Asked("POST", f"/api/gauges/{NOWHERE}/status", {"step": "retire", "reason": "x"}),
    "answer_signal": Asked("POST", f"/api/chart-signals/{NOWHERE}/answer", {"answer": "dismiss", "reason": "x"}),
    "close_assessment": Asked("POST", f"/api/assessments/{NOWHERE}/closure", {"conclusion": "hold", "reason": "x"}),
    "propose_invalidation": Asked("POST", f"/api/readings/{NOWHERE}/invalidation", {"cause": "x", "reason": "x"}),
    "propose_resample": Asked("POST", f"/api/inspections/{NOWHERE}/resample", {"reason": "x"}),
    "report_nonconformity": Asked("POST", "/api/ncrs", {"lot_number": NOWHERE, "what": "x", "severity": "minor"}),
    "send_back_release": Asked("POST", f"/api/receipts/{NOWHERE}/send-back", {"what": "x"}),
    "inspect_opening": Asked("POST", f"/api/receipts/{NOWHERE}/inspection", {"reason": "x"}),
    "sign_take_over": Asked("POST", "/api/opening-stock", {"receipt_ids": [NOWHERE], "nonce": "x", "digest": "x"}),
    "finish_rework": Asked("POST", f"/api/reworks/{NOWHERE}/finish", {"done": "x", "quantity": "1"}),
    "open_capa": Asked("POST", "/api/capas", {"title": "x", "problem": "x"}),
    "analyse_capa": Asked("POST", f"/api/capas/{NOWHERE}/cause", {"root_cause": "x", "whys": [], "causes": []}),
    "plan_capa": Asked("POST", f"/api/capas/{NOWHERE}/plan",
                       {"actions": [], "adverse": "x", "criterion": "x", "waits_until": "2027-01-01"}),
    "carry_out_capa": Asked("POST", f"/api/capas/{NOWHERE}/carrying-out", {}),
    "judge_capa": Asked("POST", f"/api/capas/{NOWHERE}/effect",
                        {"effective": True, "evidence": "x", "attachments": []}),
    "close_capa": Asked("POST", f"/api/capas/{NOWHERE}/close", {"nonce": "x", "digest": "x"}),
    "withdraw_capa": Asked("POST", f"/api/capas/{NOWHERE}/withdrawal", {"reason": "x"}),
    "open_change_request": Asked("POST", "/api/changes", {"title": "x"}),
    "keep_change_request": Asked("POST", f"/api/changes/{NOWHERE}/draft",
                                 {"title": "x", "why": "x", "risk": "x", "affected": [], "told": [], "trained": [],
                                  "due_on": "2027-01-01"}),
    "submit_change_request": Asked("POST", f"/api/changes/{NOWHERE}/submission", {"actions": []}),
    "return_change_request": Asked("POST", f"/api/changes/{NOWHERE}/return", {"reason": "x"}),
    "approve_change_request": Asked("POST", f"/api/changes/{NOWHERE}/approval", {"nonce": "x", "digest": "x"}),
    "withdraw_change_request": Asked("POST", f"/api/changes/{NOWHERE}/withdrawal", {"reason": "x"}),
    "close_change_request": Asked("POST", f"/api/changes/{NOWHERE}/close", {"conclusion": "x"}),
    "take_complaint": Asked("POST", "/api/complaints",
                            {"received_on": "2026-01-01", "described": "x", "reporter": "x"}),
    "assess_complaint": Asked("POST", f"/api/complaints/{NOWHERE}/assessment", {"harm": "none", "reportable": False}),
    "investigate_complaint": Asked("POST", f"/api/complaints/{NOWHERE}/findings",
                                   {"findings": "x", "justified": False}),
    "answer_complaint": Asked("POST", f"/api/complaints/{NOWHERE}/reply", {"reply": "x"}),
    "close_complaint": Asked("POST", f"/api/complaints/{NOWHERE}/close", {}),
    "decide_proposal": Asked("POST", f"/api/proposals/{NOWHERE}/decision", {"approve": True, "note": "x"}),
    "open_retest": Asked("POST", "/api/retests", {"lot_number": NOWHERE}),
    "set_retest_date": Asked("POST", "/api/retest-dates",
                             {"lot_number": NOWHERE, "retest_on": "2027-01-01", "reason": "x"}),
    "change_item_rules": Asked("POST", f"/api/items/{NOWHERE}/rules",
                               {"retest_days": None, "contract_maker_id": None, "reason": "x"}),
    "set_item_units": Asked("POST", f"/api/items/{NOWHERE}/units", {"reason": "x"}),
    "add_partner": Asked("POST", "/api/partners", {"name": {"en": "x", "zh": "x"}}),
    "set_organisation": Asked("POST", f"/api/people/{NOWHERE}/organisation", {"organisation_id": None, "reason": "x"}),
    "delegate_decision": Asked("POST", "/api/delegations",
                               {"to_id": NOWHERE, "from_on": "2026-01-01", "until": "2026-01-02", "reason": "x"}),
    "end_delegation": Asked("POST", f"/api/delegations/{NOWHERE}/end", {"reason": "x"}),
    "revoke_release": Asked("POST", f"/api/releases/{NOWHERE}/revocation", {"nonce": "x", "digest": "x"}),
    "close_revocation": Asked("POST", f"/api/revocations/{NOWHERE}/closure", {"conclusion": "recall", "reason": "x"}),
    "add_group_channel": Asked("POST", "/api/group-channels",
                               {"kind": "wecom", "name": "x", "address": "x", "roles": ["inspector"]}),
    "add_webhook": Asked("POST", "/api/webhooks", {"name": "x", "address": "x", "types": []}),
    "change_webhook": Asked("POST", f"/api/webhooks/{NOWHERE}", {"types": [], "active": True}),
    "rotate_webhook_secret": Asked("POST", f"/api/webhooks/{NOWHERE}/secret", {}),
    "try_webhook": Asked("POST", f"/api/webhooks/{NOWHERE}/trial", {}),
    "schedule_report": Asked("POST", "/api/report-schedules",
                             {"report": "lot_list", "filters": {}, "form": "csv", "language": "en", "rhythm": "daily",
                              "at": "07:00", "receivers": [NOWHERE]}),
    "steer_report_schedule": Asked("POST", f"/api/report-schedules/{NOWHERE}/step", {"step": "pause"}),
    "retry_message": Asked("POST", f"/api/messages/{NOWHERE}/retry", {}),
    "deactivate_person": Asked("POST", f"/api/people/{NOWHERE}/deactivation", {"reason": "x"}),
    "read_log": Asked("GET", "/api/log", {}),
}  # fmt: skip
WITHOUT_ADDRESS = {"add_person", "set_roles", "issue_certificate"}
"""Taken on the command line, and by Lotgate itself for whoever asks for a certificate."""


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The right is asked for by the same statement on both engines; the walk is taken on one."""
    return "sqlite"


async def only_role(store: Store, person_id: str, role: str) -> None:
    """Let a person hold this role alone."""

    async def change(tx: Change) -> None:
        for grant in await tx.all(RoleGrant, "person_id = $1 and ended_at is null", person_id):
            tx.update(grant, ended_at=tx.now)
        site = (await tx.rows("select site_id from person where id = $1", person_id))[0][0]
        tx.insert(RoleGrant(new_id(), site, person_id, role))  # type: ignore[arg-type]
        tx.record("roles_set", "person", person_id, role=role)

    site = (await store.read.rows("select site_id from person where id = $1", person_id))[0][0]
    await store.change(system(site), "roles_set", Plain(new_id()), change, None)


async def ask(phone: Phone, asked: Asked) -> Any:
    """The answer, as status and reason codes."""
    if isinstance(asked.body, bytes):
        answer = await phone.client.request(asked.method, asked.path, content=asked.body)
    elif asked.method == "GET":
        answer = await phone.client.get(asked.path)
    else:
        answer = await phone.client.request(asked.method, asked.path, json={"id": new_id()} | asked.body)
    return answer.status_code, codes(answer.json()) if answer.status_code >= 400 else []


def test_every_action_of_the_table_has_an_address() -> None:
    assert set(ASKED) == {rule.action for rule in DEFAULT_RIGHTS} - WITHOUT_ADDRESS


@pytest.mark.proves("ROL-1", "REL-10")
async def test_every_cell_of_the_table_is_kept_over_http_and_every_refusal_is_logged(served: Served) -> None:
    phone = await served.phone().sign_in("garcia")
    person_id = phone.session["person"]["id"]
    allowed = {rule.action: set(rule.roles) for rule in DEFAULT_RIGHTS}
    refused, walked = 0, 0
    for role in ROLES:
        await only_role(served.store, person_id, role)
        for action, asked in ASKED.items():
            status, reasons = await ask(phone, asked)
            cell = (action, role, status, reasons)
            if role in allowed[action]:
                assert "not_allowed" not in reasons and status < 500, cell
            else:
                assert (status, reasons) == (403, ["not_allowed"]), cell
                refused += 1
            walked += 1
    assert walked == len(ROLES) * len(ASKED)
    rows = await served.store.read.rows(
        "select body from event where type = 'refused' and person_id = $1", person_id
    )
    logged = [body for (body,) in rows if '"not_allowed"' in body]
    assert len(logged) == refused, "each refusal stands in the log"


@pytest.mark.proves("ROL-1")
async def test_the_page_shows_the_table_that_the_doors_read(shared: Served) -> None:
    table = await (await shared.by("li")).get("/api/rights")
    shown = {(cell["action"], cell["role"]): cell["allowed"] for cell in table["rights"]}
    assert shown == {(rule.action, role): role in rule.roles for rule in DEFAULT_RIGHTS for role in ROLES}
    assert table["actions"] == [rule.action for rule in DEFAULT_RIGHTS]
