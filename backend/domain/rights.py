"""The rights table (ROL-1): action x role -> allowed, signature needed, second person needed.

This is the table a site starts with; the one in force is in the database, shown on a page,
read by every door, and changed only by a signed act.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from backend.domain.people import Role


class ActionRight(msgspec.Struct, frozen=True):
    """One cell of the table at one site."""

    id: str
    site_id: str
    action: str
    role: Role
    allowed: bool
    signature: bool = False
    second_person: bool = False
    version: int = 1


class Rule(NamedTuple):
    """Who may take an action at a new site, and how."""

    action: str
    roles: tuple[Role, ...]
    signature: bool = False
    second_person: bool = False

    def rights(self, site_id: str, new_id: Callable[[], str]) -> list[ActionRight]:
        """Its row for each role."""
        found = []
        for role in ROLES:
            allowed = role in self.roles
            signature, second = allowed and self.signature, allowed and self.second_person
            found.append(ActionRight(new_id(), site_id, self.action, role, allowed, signature, second))
        return found


ROLES: tuple[Role, ...] = (
    "warehouse",
    "operator",
    "inspector",
    "supervisor",
    "quality_engineer",
    "quality_manager",
    "administrator",
)
QUALITY: tuple[Role, ...] = ("quality_engineer", "quality_manager")

DEFAULT_RIGHTS = (
    Rule("receive_lot", ("warehouse",)),
    Rule("move_portion", ("warehouse", "operator")),
    Rule("add_attachment", ("warehouse", "operator", "inspector", "supervisor", *QUALITY)),
    Rule("split_lot", ("warehouse", "operator", "supervisor", *QUALITY)),
    Rule("merge_lots", ("supervisor", *QUALITY)),
    Rule("take_out", ("warehouse", "inspector", "supervisor", *QUALITY)),
    Rule("open_retest", ("supervisor", *QUALITY)),
    Rule("set_retest_date", QUALITY),
    Rule("change_item_rules", ("quality_manager",)),
    Rule("set_item_units", ("quality_manager",)),
    Rule("hold_lot", ("inspector", "supervisor", *QUALITY)),
    Rule("lift_hold", QUALITY),
    Rule("set_legal_hold", ("quality_manager", "administrator")),
    Rule("lift_legal_hold", ("quality_manager",)),
    Rule("print_labels", ("warehouse", "operator", "supervisor", *QUALITY)),
    Rule("reconcile_labels", ("warehouse", "operator", "supervisor", *QUALITY)),
    Rule("accept_missing_labels", ("supervisor", *QUALITY), second_person=True),
    Rule("start_production", ("operator", "warehouse")),
    Rule("consume_lot", ("operator", "warehouse")),
    Rule("finish_production", ("operator", "warehouse")),
    Rule("state_process", ("operator", "warehouse", "supervisor", *QUALITY)),
    Rule("record_environment", ("operator", "warehouse", "supervisor", *QUALITY, "administrator")),
    Rule("set_environment_limit", QUALITY),
    Rule("keep_consignee", ("warehouse", "supervisor", *QUALITY)),
    Rule("ship_lots", ("warehouse",)),
    Rule("take_return", ("warehouse",)),
    Rule("start_recall", ("supervisor", *QUALITY), signature=True, second_person=True),
    Rule("withdraw_recall", QUALITY),
    Rule("note_recall_letter", ("warehouse", "supervisor", *QUALITY)),
    Rule("record_recall_answer", ("warehouse", "supervisor", *QUALITY)),
    Rule("close_recall", ("quality_manager",)),
    Rule("start_mock_recall", ("supervisor", *QUALITY)),
    Rule("finish_mock_recall", ("supervisor", *QUALITY)),
    Rule("qualify_supplier", ("quality_manager",)),
    Rule("suspend_qualification", QUALITY),
    Rule("add_supplier_certificate", QUALITY),
    Rule("note_supplier_change", ("warehouse", "supervisor", *QUALITY)),
    Rule("re_evaluate_supplier_change", QUALITY),
    Rule("block_supplier", QUALITY),
    Rule("unblock_supplier", ("quality_manager",)),
    Rule("record_results", ("inspector",)),
    Rule("correct_result", ("inspector",)),
    Rule("hand_over_inspection", ("inspector",)),
    Rule("propose_invalidation", ("inspector", "supervisor", *QUALITY)),
    Rule("propose_resample", ("inspector", "supervisor", *QUALITY)),
    Rule("decide_proposal", ("supervisor", *QUALITY), second_person=True),
    Rule("report_nonconformity", ("warehouse", "operator", "inspector", "supervisor", *QUALITY)),
    Rule("report_exception", QUALITY),
    Rule("contain_ncr", QUALITY),
    Rule("dispose_ncr", QUALITY),
    Rule("complete_follow_up", ("inspector", "warehouse", "operator", "supervisor", *QUALITY)),
    Rule("close_ncr", QUALITY),
    Rule("finish_rework", ("operator", "warehouse", "supervisor", *QUALITY)),
    Rule("open_capa", QUALITY),
    Rule("analyse_capa", QUALITY),
    Rule("plan_capa", QUALITY),
    Rule("carry_out_capa", QUALITY),
    Rule("judge_capa", QUALITY),
    Rule("close_capa", ("quality_manager",), signature=True, second_person=True),
    Rule("withdraw_capa", ("quality_manager",)),
    Rule("open_change_request", ("supervisor", *QUALITY)),
    Rule("keep_change_request", ("supervisor", *QUALITY)),
    Rule("submit_change_request", ("supervisor", *QUALITY)),
    Rule("return_change_request", ("quality_manager",)),
    Rule("approve_change_request", ("quality_manager",), signature=True, second_person=True),
    Rule("withdraw_change_request", ("supervisor", *QUALITY)),
    Rule("close_change_request", QUALITY),
    Rule("take_complaint", ("warehouse", "supervisor", *QUALITY)),
    Rule("assess_complaint", QUALITY),
    Rule("investigate_complaint", QUALITY),
    Rule("answer_complaint", QUALITY),
    Rule("close_complaint", QUALITY),
    Rule("steer_series", QUALITY),
    Rule("add_gauge", QUALITY),
    Rule("record_calibration", QUALITY),
    Rule("change_gauge_status", (*QUALITY, "supervisor")),
    Rule("close_assessment", QUALITY),
    Rule("add_equipment", ("supervisor", *QUALITY)),
    Rule("service_equipment", ("operator", "supervisor", *QUALITY)),
    Rule("change_equipment_status", ("operator", "supervisor", *QUALITY)),
    Rule("answer_signal", QUALITY),
    Rule("sign_release", ("supervisor", "quality_manager"), signature=True, second_person=True),
    Rule("sign_take_over", ("supervisor", "quality_manager"), signature=True, second_person=True),
    Rule("inspect_opening", ("supervisor", *QUALITY)),
    Rule("send_back_release", ("supervisor", "quality_manager")),
    Rule("revoke_release", ("supervisor", *QUALITY), signature=True, second_person=True),
    Rule("close_revocation", ("quality_manager",)),
    Rule("delegate_decision", ("supervisor", "quality_manager")),
    Rule("end_delegation", ("supervisor", "quality_manager")),
    Rule("merge_doubles", ("quality_manager", "administrator")),
    Rule("part_doubles", ("quality_manager", "administrator")),
    Rule("import_sheet", (*QUALITY, "administrator")),
    Rule("add_partner", ("quality_manager", "administrator")),
    Rule("capture_epcis", ("warehouse", "supervisor", *QUALITY, "administrator")),
    Rule("set_organisation", ("administrator",)),
    Rule("issue_certificate", ("supervisor", *QUALITY)),
    Rule("change_right", ("administrator", "quality_manager"), signature=True),
    Rule("add_plan", QUALITY),
    Rule("open_plan_draft", QUALITY),
    Rule("keep_plan_draft", QUALITY),
    Rule("try_plan_draft", QUALITY),
    Rule("submit_plan_draft", QUALITY),
    Rule("return_plan_draft", QUALITY),
    Rule("approve_plan", ("quality_manager",), signature=True, second_person=True),
    Rule("move_inspection", QUALITY, signature=True),
    Rule("add_document", QUALITY),
    Rule("change_document", QUALITY),
    Rule("open_document_draft", QUALITY),
    Rule("keep_document_draft", QUALITY),
    Rule("submit_document_draft", QUALITY),
    Rule("return_document_draft", QUALITY),
    Rule("approve_document", ("quality_manager",), signature=True, second_person=True),
    Rule("withdraw_document", ("quality_manager",)),
    Rule("set_training_needs", (*QUALITY, "supervisor")),
    Rule("schedule_report", ("supervisor", *QUALITY, "administrator")),
    Rule("steer_report_schedule", ("supervisor", *QUALITY, "administrator")),
    Rule("add_group_channel", ("supervisor", *QUALITY, "administrator")),
    Rule("retry_message", ("supervisor", *QUALITY, "administrator")),
    Rule("add_webhook", ("administrator",)),
    Rule("change_webhook", ("administrator",)),
    Rule("rotate_webhook_secret", ("administrator",)),
    Rule("try_webhook", ("administrator",)),
    Rule("add_person", ("administrator",)),
    Rule("set_roles", ("administrator",)),
    Rule("deactivate_person", ("administrator", "quality_manager")),
    Rule("read_log", (*QUALITY, "administrator", "supervisor")),
)
