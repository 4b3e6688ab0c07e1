"""From each role's first screen everything that the role may do is at most two taps away: counted on the real page.

What is done to one record needs that record first: it is found in its list, which is at most two taps away, by a scan
from any screen, by its notice, or it waits on the first screen itself. Those screens are named here, with their list.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from backend.demo.people import BY_LOGIN
from backend.domain.rights import DEFAULT_RIGHTS
from tests.pwa.house import House, Phone
from tests.pwa.test_every_screen import ROUTES
from tests.pwa.views import enter

TAPS = 2
SLOW = 8
"""How often screens are looked at again whose links may be on their way."""
DONE_AT: dict[str, str] = {
    "/scan": "receive_lot add_attachment",
    "/lots/:number/stock": "move_portion split_lot merge_lots take_out open_retest set_retest_date "
    "set_legal_hold lift_legal_hold",
    "/lots/:number": "hold_lot lift_hold issue_certificate",
    "/lots/:number/labels": "print_labels reconcile_labels accept_missing_labels",
    "/lots/:number/report": "report_nonconformity",
    "/partners": "change_item_rules set_item_units add_partner set_organisation",
    "/production": "start_production",
    "/production/:number": "consume_lot finish_production state_process",
    "/consignees": "keep_consignee",
    "/shipments": "ship_lots",
    "/shipments/:id": "take_return",
    "/recalls": "start_recall start_mock_recall",
    "/recalls/:id": "withdraw_recall note_recall_letter record_recall_answer close_recall",
    "/mock-recalls/:id": "finish_mock_recall",
    "/suppliers/:id": "qualify_supplier suspend_qualification add_supplier_certificate note_supplier_change "
    "re_evaluate_supplier_change block_supplier unblock_supplier",
    "/inspections/:id": "record_results correct_result hand_over_inspection",
    "/inspections/:id/second-look": "propose_invalidation propose_resample decide_proposal",
    "/inspections/:id/move": "move_inspection",
    "/ncrs/:id": "contain_ncr dispose_ncr complete_follow_up close_ncr finish_rework",
    "/capas": "open_capa",
    "/capas/:id": "analyse_capa plan_capa carry_out_capa judge_capa close_capa withdraw_capa",
    "/changes": "open_change_request",
    "/changes/:id": "keep_change_request submit_change_request return_change_request approve_change_request "
    "withdraw_change_request close_change_request",
    "/complaints": "take_complaint",
    "/complaints/:id": "assess_complaint investigate_complaint answer_complaint close_complaint",
    "/plans": "add_plan",
    "/plans/:id": "open_plan_draft steer_series",
    "/plan-versions/:id": "keep_plan_draft try_plan_draft submit_plan_draft return_plan_draft approve_plan",
    "/gauges": "add_gauge",
    "/gauges/:id": "record_calibration change_gauge_status",
    "/assessments/:id": "close_assessment",
    "/signals/:id": "answer_signal",
    "/receipts/:id/release": "sign_release send_back_release inspect_opening",
    "/releases/:id": "revoke_release close_revocation",
    "/delegations": "delegate_decision end_delegation",
    "/imports": "import_sheet",
    "/opening": "sign_take_over",
    "/doubles": "merge_doubles part_doubles",
    "/epcis": "capture_epcis",
    "/rights/:id": "change_right",
    "/documents": "add_document",
    "/documents/:id": "change_document open_document_draft withdraw_document",
    "/document-versions/:id": "keep_document_draft submit_document_draft return_document_draft approve_document",
    "/training-matrix": "set_training_needs",
    "/telling": "add_group_channel",
    "/messages": "retry_message",
    "/reports": "schedule_report",
    "/reports/:id": "steer_report_schedule",
    "/webhooks": "add_webhook change_webhook rotate_webhook_secret try_webhook",
    "/numbers/:page": "report_exception",
    "/equipment": "add_equipment",
    "/equipment/:id": "service_equipment change_equipment_status set_environment_limit",
    "/people": "add_person set_roles deactivate_person",
    "/log": "read_log",
}
"""Where on the page each action is taken."""
BY_PROGRAMS = {"record_environment"}
"""Values of sensors: they come by API and as CSV, not from a screen."""
FOUND_IN: dict[str, str] = {
    "/lots": "/lots/:number /lots/:number/stock /lots/:number/labels /lots/:number/report /lots/:number/trace "
    "/lots/:number/certificates /inspections/:id /inspections/:id/second-look /inspections/:id/move "
    "/receipts/:id /receipts/:id/release /releases/:id",
    "/production": "/production/:number",
    "/shipments": "/shipments/:id",
    "/recalls": "/recalls/:id /mock-recalls/:id",
    "/suppliers": "/suppliers/:id",
    "/ncrs": "/ncrs/:id",
    "/capas": "/capas/:id",
    "/changes": "/changes/:id",
    "/complaints": "/complaints/:id",
    "/plans": "/plans/:id /plan-versions/:id",
    "/gauges": "/gauges/:id /assessments/:id",
    "/equipment": "/equipment/:id",
    "/reports": "/reports/:id",
    "/charts": "/charts/:item /charts/:item/:stage/:characteristic "
    "/charts/:item/:stage/:characteristic/factors /signals/:id",
    "/rights": "/rights/:id",
    "/documents": "/documents/:id /document-versions/:id",
    "/training": "/training/:id",
    "/numbers": "/numbers/:page",
}
"""The exceptions: screens of one record, by the list that it is found in."""
ONLY_FOR = {
    "/training-matrix": "set_training_needs",
    "/messages": "retry_message",
    "/webhooks": "add_webhook",
    "/delegations": "delegate_decision",
    "/imports": "import_sheet",
    "/opening": "sign_take_over",
    "/doubles": "merge_doubles",
}
"""Screens that only lead on for those who may act there."""


def routes() -> set[str]:
    """The page's own table of addresses."""
    return set(re.findall(r'^  \["(/[^"]*)", load', ROUTES.read_text(), re.M))


LINKS = """() => [...document.querySelectorAll("a[href^='#/']")]
  .filter(one => one.getClientRects().length > 0).map(one => one.getAttribute("href").slice(1).split("?")[0])"""


async def links(phone: Phone, path: str) -> set[str]:
    """Where the links lead that stand on a screen now; one that is still coming may stand there later."""
    await phone.go(path)
    await expect(phone.page.locator("h1")).to_be_visible()
    await expect(phone.page.locator(".bone")).to_have_count(0)
    return set(await phone.page.evaluate(LINKS))


async def reached(phone: Phone, taps: int) -> set[str]:
    """Addresses that so many links lead to from the first screen; a record is where it ends, as the next is like it."""
    known = routes()
    found, edge = {"/"}, {"/"}
    for _ in range(taps):
        edge = set[str]().union(*[await links(phone, path) for path in sorted(edge)]) - found
        found |= edge
        edge &= known
    return found


def wanted_by(roles: set[str]) -> set[str]:
    """Screens where something is done that one of these roles may do, or their lists; and all that are nobody's own."""
    may = {rule.action for rule in DEFAULT_RIGHTS if roles & set(rule.roles)}
    list_of = {screen: place for place, screens in FOUND_IN.items() for screen in screens.split()}
    done = {list_of.get(screen, screen) for screen, actions in DONE_AT.items() if may & set(actions.split())}
    return done | {path for path in routes() if ":" not in path and ONLY_FOR.get(path, "") in {"", *may}}


@pytest.mark.parametrize("login", ["wang", "zhao", "li", "sun", "novak", "zhou", "admin"])
async def test_what_a_role_may_do_is_two_taps_from_its_first_screen(house: House, login: str) -> None:
    wanted = wanted_by(set(BY_LOGIN[login].roles))
    async with house.phone() as phone:
        await enter(phone, login, "en")
        near = await reached(phone, 1)
        assert {"/log", "/suppliers"} <= wanted - near, "what takes two taps is not found by one"
        for _ in range(SLOW):
            if wanted <= near:
                break
            near |= await reached(phone, TAPS)
    assert wanted - near == set()


def test_no_action_and_no_screen_is_forgotten() -> None:
    done = [action for actions in DONE_AT.values() for action in actions.split()]
    assert sorted([*done, *BY_PROGRAMS]) == sorted(rule.action for rule in DEFAULT_RIGHTS)
    assert {screen for screens in FOUND_IN.values() for screen in screens.split()} == {
        path for path in routes() if ":" in path
    }
