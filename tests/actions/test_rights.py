"""Who may do what: the table of rights walked cell by cell, at the door that every front goes through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.actions.accept_missing_labels import AcceptMissingLabels, accept_missing_labels
from backend.actions.add_attachment import AddAttachment, add_attachment
from backend.actions.add_document import AddDocument, add_document
from backend.actions.add_equipment import AddEquipment, add_equipment
from backend.actions.add_gauge import AddGauge, add_gauge
from backend.actions.add_group_channel import AddGroupChannel, add_group_channel
from backend.actions.add_partner import AddPartner, add_partner
from backend.actions.add_person import AddPerson, add_person
from backend.actions.add_plan import AddPlan, add_plan
from backend.actions.add_supplier_certificate import AddSupplierCertificate, add_supplier_certificate
from backend.actions.add_webhook import AddWebhook, add_webhook
from backend.actions.analyse_capa import AnalyseCapa, analyse_capa
from backend.actions.answer_complaint import AnswerComplaint, answer_complaint
from backend.actions.answer_signal import AnswerSignal, answer_signal
from backend.actions.approve_change_request import ApproveChangeRequest, approve_change_request
from backend.actions.approve_document import ApproveDocument, approve_document
from backend.actions.approve_plan import ApprovePlan, approve_plan
from backend.actions.assess_complaint import AssessComplaint, assess_complaint
from backend.actions.block_supplier import BlockSupplier, block_supplier
from backend.actions.capture_epcis import CaptureEpcis, capture_epcis
from backend.actions.carry_out_capa import CarryOutCapa, carry_out_capa
from backend.actions.change_document import ChangeDocument, change_document
from backend.actions.change_equipment_status import ChangeEquipmentStatus, change_equipment_status
from backend.actions.change_gauge_status import ChangeGaugeStatus, change_gauge_status
from backend.actions.change_item_rules import ChangeItemRules, change_item_rules
from backend.actions.change_right import ChangeRight, change_right
from backend.actions.change_webhook import ChangeWebhook, change_webhook
from backend.actions.close_assessment import CloseAssessment, close_assessment
from backend.actions.close_capa import CloseCapa, close_capa
from backend.actions.close_change_request import CloseChangeRequest, close_change_request
from backend.actions.close_complaint import CloseComplaint, close_complaint
from backend.actions.close_ncr import CloseNcr, close_ncr
from backend.actions.close_recall import CloseRecall, close_recall
from backend.actions.close_revocation import CloseRevocation, close_revocation
from backend.actions.complete_follow_up import CompleteFollowUp, complete_follow_up
from backend.actions.consume_lot import ConsumeLot, consume_lot
from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.deactivate_person import DeactivatePerson, deactivate_person
from backend.actions.decide_proposal import DecideProposal, decide_proposal
from backend.actions.delegate_decision import DelegateDecision, delegate_decision
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.end_delegation import EndDelegation, end_delegation
from backend.actions.finish_mock_recall import FinishMockRecall, finish_mock_recall
from backend.actions.finish_production import FinishProduction, finish_production
from backend.actions.finish_rework import FinishRework, finish_rework
from backend.actions.found_site import FoundSite, found_site
from backend.actions.hand_over_inspection import HandOverInspection, hand_over_inspection
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.import_sheet import ImportSheet, import_sheet
from backend.actions.inspect_opening import InspectOpening, inspect_opening
from backend.actions.investigate_complaint import InvestigateComplaint, investigate_complaint
from backend.actions.issue_certificate import IssueCertificate, issue_certificate
from backend.actions.judge_capa import JudgeCapa, judge_capa
from backend.actions.keep_change_request import KeepChangeRequest, keep_change_request
from backend.actions.keep_consignee import KeepConsignee, keep_consignee
from backend.actions.keep_document_draft import KeepDocumentDraft, keep_document_draft
from backend.actions.keep_plan_draft import KeepPlanDraft, keep_plan_draft
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.lift_legal_hold import LiftLegalHold, lift_legal_hold
from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.actions.merge_doubles import MergeDoubles, merge_doubles
from backend.actions.merge_lots import MergeLots, merge_lots
from backend.actions.move_inspection import MoveInspection, move_inspection
from backend.actions.move_portion import MovePortion, move_portion
from backend.actions.note_recall_letter import NoteRecallLetter, note_recall_letter
from backend.actions.note_supplier_change import NoteSupplierChange, note_supplier_change
from backend.actions.open_capa import OpenCapa, open_capa
from backend.actions.open_change_request import OpenChangeRequest, open_change_request
from backend.actions.open_document_draft import OpenDocumentDraft, open_document_draft
from backend.actions.open_plan_draft import OpenPlanDraft, open_plan_draft
from backend.actions.open_retest import OpenRetest, open_retest
from backend.actions.part_doubles import PartDoubles, part_doubles
from backend.actions.plan_capa import PlanCapa, plan_capa
from backend.actions.print_labels import PrintLabels, print_labels
from backend.actions.propose_invalidation import ProposeInvalidation, propose_invalidation
from backend.actions.propose_resample import ProposeResample, propose_resample
from backend.actions.qualify_supplier import QualifySupplier, qualify_supplier
from backend.actions.re_evaluate_supplier_change import ReEvaluateSupplierChange, re_evaluate_supplier_change
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.actions.reconcile_labels import ReconcileLabels, reconcile_labels
from backend.actions.record_calibration import RecordCalibration, record_calibration
from backend.actions.record_environment import RecordEnvironment, record_environment
from backend.actions.record_recall_answer import RecordRecallAnswer, record_recall_answer
from backend.actions.record_results import RecordResults, record_results
from backend.actions.report_exception import ReportException, report_exception
from backend.actions.report_nonconformity import ReportNonconformity, report_nonconformity
from backend.actions.retry_message import RetryMessage, retry_message
from backend.actions.return_change_request import ReturnChangeRequest, return_change_request
from backend.actions.return_document_draft import ReturnDocumentDraft, return_document_draft
from backend.actions.return_plan_draft import ReturnPlanDraft, return_plan_draft
from backend.actions.revoke_release import RevokeRelease, revoke_release
from backend.actions.rotate_webhook_secret import RotateWebhookSecret, rotate_webhook_secret
from backend.actions.schedule_report import ScheduleReport, schedule_report
from backend.actions.send_back_release import SendBackRelease, send_back_release
from backend.actions.service_equipment import ServiceEquipment, service_equipment
from backend.actions.set_environment_limit import SetEnvironmentLimit, set_environment_limit
from backend.actions.set_item_units import SetItemUnits, set_item_units
from backend.actions.set_legal_hold import SetLegalHold, set_legal_hold
from backend.actions.set_organisation import SetOrganisation, set_organisation
from backend.actions.set_retest_date import SetRetestDate, set_retest_date
from backend.actions.set_roles import SetRoles, set_roles
from backend.actions.set_training_needs import SetTrainingNeeds, set_training_needs
from backend.actions.ship_lots import ShipLots, ship_lots
from backend.actions.sign_in import sign_in
from backend.actions.sign_release import SignRelease, sign_release
from backend.actions.sign_take_over import SignTakeOver, sign_take_over
from backend.actions.split_lot import SplitLot, split_lot
from backend.actions.start_mock_recall import StartMockRecall, start_mock_recall
from backend.actions.start_production import StartProduction, start_production
from backend.actions.start_recall import StartRecall, start_recall
from backend.actions.state_process import StateProcess, state_process
from backend.actions.steer_report_schedule import SteerReportSchedule, steer_report_schedule
from backend.actions.steer_series import SteerSeries, steer_series
from backend.actions.submit_change_request import SubmitChangeRequest, submit_change_request
from backend.actions.submit_document_draft import SubmitDocumentDraft, submit_document_draft
from backend.actions.submit_plan_draft import SubmitPlanDraft, submit_plan_draft
from backend.actions.suspend_qualification import SuspendQualification, suspend_qualification
from backend.actions.take_complaint import TakeComplaint, take_complaint
from backend.actions.take_out import TakeOut, take_out
from backend.actions.take_return import TakeReturn, take_return
from backend.actions.try_plan_draft import TryPlanDraft, try_plan_draft
from backend.actions.try_webhook import TryWebhook, try_webhook
from backend.actions.unblock_supplier import UnblockSupplier, unblock_supplier
from backend.actions.withdraw_capa import WithdrawCapa, withdraw_capa
from backend.actions.withdraw_change_request import WithdrawChangeRequest, withdraw_change_request
from backend.actions.withdraw_document import WithdrawDocument, withdraw_document
from backend.actions.withdraw_recall import WithdrawRecall, withdraw_recall
from backend.demo.people import BY_LOGIN, DEMO_PEOPLE
from backend.domain.errors import LotgateError, NotAllowed
from backend.domain.imports import Sheet
from backend.domain.people import Person, Source, Who
from backend.domain.plans import PlanDocument
from backend.domain.recalls import Basis
from backend.domain.receiving import Received
from backend.domain.reports import Filters
from backend.domain.rights import DEFAULT_RIGHTS
from backend.domain.sessions import Session
from backend.domain.words import Words
from backend.store.door import Store
from tests.actions.floor import PARTY, Floor, last_event, refusal

X, ONE = "nowhere", Decimal(1)
Try = Callable[[Store, Who, str], Awaitable[Any]]
ATTEMPTS: dict[str, Try] = {
    "receive_lot": lambda s, w, i: receive_lot(s, w, ReceiveLot(id=i, order_line_id=X)),
    "move_portion": lambda s, w, i: move_portion(s, w, MovePortion(id=i, portion_id=X, location_id=X)),
    "add_attachment": lambda s, w, i: add_attachment(
        s, w, AddAttachment(id=i, sha256=i, media_type="image/png", size=1)
    ),
    "split_lot": lambda s, w, i: split_lot(s, w, SplitLot(id=i, lot_number=X, shares=[], reason="r")),
    "merge_lots": lambda s, w, i: merge_lots(s, w, MergeLots(id=i, numbers=[X], reason="r")),
    "take_out": lambda s, w, i: take_out(
        s, w, TakeOut(id=i, lot_number=X, fate="sampled", shares=[], reason="r")
    ),
    "open_retest": lambda s, w, i: open_retest(s, w, OpenRetest(id=i, lot_number=X)),
    "set_retest_date": lambda s, w, i: set_retest_date(
        s, w, SetRetestDate(id=i, lot_number=X, retest_on=X, reason="r")
    ),
    "change_item_rules": lambda s, w, i: change_item_rules(
        s, w, ChangeItemRules(id=i, item_id=X, retest_days=1, contract_maker_id=None, reason="r")
    ),
    "hand_over_inspection": lambda s, w, i: hand_over_inspection(
        s, w, HandOverInspection(id=i, inspection_id=X, to_id=X)
    ),
    "set_item_units": lambda s, w, i: set_item_units(s, w, SetItemUnits(id=i, item_id=X, reason="r")),
    "hold_lot": lambda s, w, i: hold_lot(s, w, HoldLot(id=i, lot_number=X, reason="r")),
    "lift_hold": lambda s, w, i: lift_hold(s, w, LiftHold(id=i, lot_number=X, code="by_hand", reason="r")),
    "print_labels": lambda s, w, i: print_labels(s, w, PrintLabels(id=i, lot_number=X, copies=1, media=X)),
    "reconcile_labels": lambda s, w, i: reconcile_labels(s, w, ReconcileLabels(id=i, lot_id=X, used=1)),
    "accept_missing_labels": lambda s, w, i: accept_missing_labels(
        s, w, AcceptMissingLabels(id=i, lot_id=X, count=1, reason="r")
    ),
    "start_production": lambda s, w, i: start_production(
        s, w, StartProduction(id=i, item_id=X, production_order="")
    ),
    "consume_lot": lambda s, w, i: consume_lot(
        s, w, ConsumeLot(id=i, lot_id=X, parent_number=X, quantity="1")
    ),
    "finish_production": lambda s, w, i: finish_production(
        s, w, FinishProduction(id=i, lot_id=X, quantity="1", made_on=X)
    ),
    "state_process": lambda s, w, i: state_process(s, w, StateProcess(id=i, lot_id=X, facts=[])),
    "keep_consignee": lambda s, w, i: keep_consignee(
        s, w, KeepConsignee(id=i, consignee_id=None, code="", name="", address="", country="", language="en",
                            contacts=[])
    ),
    "ship_lots": lambda s, w, i: ship_lots(s, w, ShipLots(id=i, consignee_id=X, lines=[])),
    "take_return": lambda s, w, i: take_return(
        s, w, TakeReturn(id=i, shipment_line_id=X, quantity="1", reason="r")
    ),
    "start_recall": lambda s, w, i: start_recall(s, w, StartRecall(id=i, nonce="", digest=""), PARTY),
    "withdraw_recall": lambda s, w, i: withdraw_recall(s, w, WithdrawRecall(id=i, recall_id=X, reason="r")),
    "note_recall_letter": lambda s, w, i: note_recall_letter(
        s, w, NoteRecallLetter(id=i, recall_id=X, consignee_id=X, channel="post")
    ),
    "record_recall_answer": lambda s, w, i: record_recall_answer(
        s, w, RecordRecallAnswer(id=i, recall_id=X, consignee_id=X, answer="a", lines=[])
    ),
    "close_recall": lambda s, w, i: close_recall(s, w, CloseRecall(id=i, recall_id=X, conclusion="c")),
    "start_mock_recall": lambda s, w, i: start_mock_recall(
        s, w, StartMockRecall(id=i, basis=Basis("lot", X), reason="r")
    ),
    "finish_mock_recall": lambda s, w, i: finish_mock_recall(
        s, w, FinishMockRecall(id=i, mock_id=X, counted=[], reached=[], note="n")
    ),
    "record_results": lambda s, w, i: record_results(s, w, RecordResults(id=i, inspection_id=X, entries=[])),
    "correct_result": lambda s, w, i: correct_result(
        s, w, CorrectResult(id=i, reading_id=X, entered="1", reason="r")
    ),
    "propose_invalidation": lambda s, w, i: propose_invalidation(
        s, w, ProposeInvalidation(id=i, reading_id=X, cause="preparation", reason="r")
    ),
    "propose_resample": lambda s, w, i: propose_resample(
        s, w, ProposeResample(id=i, inspection_id=X, reason="r")
    ),
    "decide_proposal": lambda s, w, i: decide_proposal(
        s, w, DecideProposal(id=i, proposal_id=X, approve=True, note="n")
    ),
    "report_nonconformity": lambda s, w, i: report_nonconformity(
        s, w, ReportNonconformity(id=i, lot_number=X, what="w", severity="minor")
    ),
    "open_capa": lambda s, w, i: open_capa(s, w, OpenCapa(id=i, title="t", problem="p")),
    "analyse_capa": lambda s, w, i: analyse_capa(s, w, AnalyseCapa(id=i, capa_id=X, root_cause="r")),
    "plan_capa": lambda s, w, i: plan_capa(
        s, w, PlanCapa(id=i, capa_id=X, adverse="a", criterion="c", waits_until=X)
    ),
    "carry_out_capa": lambda s, w, i: carry_out_capa(s, w, CarryOutCapa(id=i, capa_id=X)),
    "judge_capa": lambda s, w, i: judge_capa(s, w, JudgeCapa(id=i, capa_id=X, effective=True, evidence="e")),
    "close_capa": lambda s, w, i: close_capa(s, w, CloseCapa(id=i, capa_id=X, nonce="", digest=""), PARTY),
    "withdraw_capa": lambda s, w, i: withdraw_capa(s, w, WithdrawCapa(id=i, capa_id=X, reason="r")),
    "open_change_request": lambda s, w, i: open_change_request(s, w, OpenChangeRequest(id=i, title="t")),
    "keep_change_request": lambda s, w, i: keep_change_request(
        s,
        w,
        KeepChangeRequest(
            id=i, change_id=X, title="t", why="w", risk="r", affected=[], told=[], trained=[], due_on=X
        ),
    ),
    "submit_change_request": lambda s, w, i: submit_change_request(
        s, w, SubmitChangeRequest(id=i, change_id=X)
    ),
    "return_change_request": lambda s, w, i: return_change_request(
        s, w, ReturnChangeRequest(id=i, change_id=X, reason="r")
    ),
    "approve_change_request": lambda s, w, i: approve_change_request(
        s, w, ApproveChangeRequest(id=i, change_id=X, nonce="", digest=""), PARTY
    ),
    "withdraw_change_request": lambda s, w, i: withdraw_change_request(
        s, w, WithdrawChangeRequest(id=i, change_id=X, reason="r")
    ),
    "close_change_request": lambda s, w, i: close_change_request(
        s, w, CloseChangeRequest(id=i, change_id=X, conclusion="c")
    ),
    "take_complaint": lambda s, w, i: take_complaint(
        s, w, TakeComplaint(id=i, received_on=X, described="d", reporter="r")
    ),
    "assess_complaint": lambda s, w, i: assess_complaint(
        s, w, AssessComplaint(id=i, complaint_id=X, harm="none", reportable=False)
    ),
    "investigate_complaint": lambda s, w, i: investigate_complaint(
        s, w, InvestigateComplaint(id=i, complaint_id=X, findings="f", justified=False)
    ),
    "answer_complaint": lambda s, w, i: answer_complaint(s, w, AnswerComplaint(id=i, complaint_id=X, reply="r")),
    "close_complaint": lambda s, w, i: close_complaint(s, w, CloseComplaint(id=i, complaint_id=X)),
    "contain_ncr": lambda s, w, i: contain_ncr(s, w, ContainNcr(id=i, ncr_id=X, containment="c")),
    "dispose_ncr": lambda s, w, i: dispose_ncr(
        s, w, DisposeNcr(id=i, ncr_id=X, disposition="scrap", justification="j")
    ),
    "complete_follow_up": lambda s, w, i: complete_follow_up(
        s, w, CompleteFollowUp(id=i, follow_up_id=X, outcome="o")
    ),
    "finish_rework": lambda s, w, i: finish_rework(
        s, w, FinishRework(id=i, rework_id=X, done="d", quantity=Decimal(1))
    ),
    "close_ncr": lambda s, w, i: close_ncr(s, w, CloseNcr(id=i, ncr_id=X)),
    "sign_release": lambda s, w, i: sign_release(
        s, w, SignRelease(id=i, receipt_id=X, meaning="release", nonce="", digest=""), PARTY
    ),
    "sign_take_over": lambda s, w, i: sign_take_over(
        s, w, SignTakeOver(id=i, receipt_ids=[X], nonce="", digest=""), PARTY
    ),
    "inspect_opening": lambda s, w, i: inspect_opening(s, w, InspectOpening(id=i, receipt_id=X, reason="r")),
    "send_back_release": lambda s, w, i: send_back_release(s, w, SendBackRelease(id=i, receipt_id=X, what="w")),
    "revoke_release": lambda s, w, i: revoke_release(
        s, w, RevokeRelease(id=i, release_id=X, nonce="", digest=""), PARTY
    ),
    "close_revocation": lambda s, w, i: close_revocation(
        s, w, CloseRevocation(id=i, revocation_id=X, conclusion=None, reason="r")
    ),
    "delegate_decision": lambda s, w, i: delegate_decision(
        s, w, DelegateDecision(id=i, to_id=X, from_on=X, until=X, reason="r")
    ),
    "end_delegation": lambda s, w, i: end_delegation(s, w, EndDelegation(id=i, delegation_id=X, reason="r")),
    "add_partner": lambda s, w, i: add_partner(s, w, AddPartner(id=i, name=Words("", ""))),
    "set_organisation": lambda s, w, i: set_organisation(
        s, w, SetOrganisation(id=i, person_id=X, organisation_id=None, reason="r")
    ),
    "issue_certificate": lambda s, w, i: issue_certificate(
        s, w, IssueCertificate(id=i, release_id=X, pdf=X, size=1)
    ),
    "add_person": lambda s, w, i: add_person(
        s, w, AddPerson(id=i, login="!", printed_name="", language="en", roles=[], password_hash="")
    ),
    "deactivate_person": lambda s, w, i: deactivate_person(
        s, w, DeactivatePerson(id=i, person_id=X, reason="r")
    ),
    "set_roles": lambda s, w, i: set_roles(s, w, SetRoles(id=i, person_id=X, roles=[])),
    "change_right": lambda s, w, i: change_right(
        s, w, ChangeRight(id=i, right_id=X, nonce="", digest=""), PARTY
    ),
    "add_plan": lambda s, w, i: add_plan(
        s, w, AddPlan(id=i, item_id=X, stage="final", code=X, name=Words("", ""))
    ),
    "open_plan_draft": lambda s, w, i: open_plan_draft(s, w, OpenPlanDraft(id=i, plan_id=X, number=2)),
    "keep_plan_draft": lambda s, w, i: keep_plan_draft(
        s, w, KeepPlanDraft(id=i, version_id=X, version=1, document=PlanDocument([]))
    ),
    "try_plan_draft": lambda s, w, i: try_plan_draft(s, w, TryPlanDraft(id=i, version_id=X, version=1)),
    "submit_plan_draft": lambda s, w, i: submit_plan_draft(
        s, w, SubmitPlanDraft(id=i, version_id=X, version=1, change="c")
    ),
    "return_plan_draft": lambda s, w, i: return_plan_draft(
        s, w, ReturnPlanDraft(id=i, version_id=X, version=1, reason="r")
    ),
    "approve_plan": lambda s, w, i: approve_plan(
        s, w, ApprovePlan(id=i, version_id=X, nonce="", digest=""), PARTY
    ),
    "add_document": lambda s, w, i: add_document(
        s, w, AddDocument(id=i, number="", name=Words("", ""), kind="method", revision="")
    ),
    "change_document": lambda s, w, i: change_document(
        s, w, ChangeDocument(id=i, document_id=X, name=Words("", ""), kind="method", owner_id=X)
    ),
    "open_document_draft": lambda s, w, i: open_document_draft(
        s, w, OpenDocumentDraft(id=i, document_id=X, revision="B")
    ),
    "keep_document_draft": lambda s, w, i: keep_document_draft(
        s, w, KeepDocumentDraft(id=i, version_id=X, version=1, text="")
    ),
    "submit_document_draft": lambda s, w, i: submit_document_draft(
        s, w, SubmitDocumentDraft(id=i, version_id=X, version=1)
    ),
    "return_document_draft": lambda s, w, i: return_document_draft(
        s, w, ReturnDocumentDraft(id=i, version_id=X, version=1, reason="r")
    ),
    "approve_document": lambda s, w, i: approve_document(
        s, w, ApproveDocument(id=i, version_id=X, nonce="", digest=""), PARTY
    ),
    "withdraw_document": lambda s, w, i: withdraw_document(
        s, w, WithdrawDocument(id=i, document_id=X, reason="r")
    ),
    "set_training_needs": lambda s, w, i: set_training_needs(
        s, w, SetTrainingNeeds(id=i, document_id=X, needs=[])
    ),
    "move_inspection": lambda s, w, i: move_inspection(
        s, w, MoveInspection(id=i, inspection_id=X, nonce="", digest=""), PARTY
    ),
    "add_gauge": lambda s, w, i: add_gauge(
        s, w, AddGauge(id=i, code="", type="", name=Words("", ""), unit="", lower=ONE, upper=ONE, resolution=ONE,
                       interval_days=0, calibrated_on=X, certificate="")
    ),
    "record_calibration": lambda s, w, i: record_calibration(
        s, w, RecordCalibration(id=i, gauge_id=X, done_on=X, as_found="in_tolerance", as_left="in_tolerance",
                                certificate="c")
    ),
    "change_gauge_status": lambda s, w, i: change_gauge_status(
        s, w, ChangeGaugeStatus(id=i, gauge_id=X, step="retire", reason="r")
    ),
    "add_equipment": lambda s, w, i: add_equipment(s, w, AddEquipment(id=i, kind="line", code="", name=Words("", ""))),
    "set_environment_limit": lambda s, w, i: set_environment_limit(
        s, w, SetEnvironmentLimit(id=i, place="", quantity="", unit="", low=None, high=None, reason="")
    ),
    "set_legal_hold": lambda s, w, i: set_legal_hold(s, w, SetLegalHold(id=i, lot_number=X, reason="r")),
    "lift_legal_hold": lambda s, w, i: lift_legal_hold(s, w, LiftLegalHold(id=i, hold_id=X, reason="r")),
    "report_exception": lambda s, w, i: report_exception(
        s, w, ReportException(id=i, about_kind="inspection", about_id=X, what="w", severity="minor")
    ),
    "service_equipment": lambda s, w, i: service_equipment(
        s, w, ServiceEquipment(id=i, equipment_id=X, kind="repair", done_on=X, done="")
    ),
    "change_equipment_status": lambda s, w, i: change_equipment_status(
        s, w, ChangeEquipmentStatus(id=i, equipment_id=X, step="stop", reason="r")
    ),
    "qualify_supplier": lambda s, w, i: qualify_supplier(
        s, w, QualifySupplier(id=i, supplier_id=X, item_id=X, expires_on=X, reason="r")
    ),
    "suspend_qualification": lambda s, w, i: suspend_qualification(
        s, w, SuspendQualification(id=i, qualification_id=X, step="suspend", reason="r")
    ),
    "add_supplier_certificate": lambda s, w, i: add_supplier_certificate(
        s, w, AddSupplierCertificate(id=i, supplier_id=X, kind="k", number="n", valid_until=X)
    ),
    "note_supplier_change": lambda s, w, i: note_supplier_change(
        s, w, NoteSupplierChange(id=i, supplier_id=X, what="w", said_on=X)
    ),
    "re_evaluate_supplier_change": lambda s, w, i: re_evaluate_supplier_change(
        s, w, ReEvaluateSupplierChange(id=i, change_id=X, result="qualified_still", finding="f")
    ),
    "block_supplier": lambda s, w, i: block_supplier(s, w, BlockSupplier(id=i, supplier_id=X, reason="r")),
    "unblock_supplier": lambda s, w, i: unblock_supplier(s, w, UnblockSupplier(id=i, supplier_id=X, reason="r")),
    "steer_series": lambda s, w, i: steer_series(
        s, w, SteerSeries(id=i, series_id=X, of="major", act="resume", reason="r")
    ),
    "answer_signal": lambda s, w, i: answer_signal(
        s, w, AnswerSignal(id=i, signal_id=X, answer="dismiss", reason="r")
    ),
    "close_assessment": lambda s, w, i: close_assessment(
        s, w, CloseAssessment(id=i, assessment_id=X, conclusion="no_effect", reason="r")
    ),
    "add_group_channel": lambda s, w, i: add_group_channel(
        s, w, AddGroupChannel(id=i, kind="email", name="", address="", roles=[])
    ),
    "add_webhook": lambda s, w, i: add_webhook(s, w, AddWebhook(id=i, name="", address="", types=[], inside="")),
    "change_webhook": lambda s, w, i: change_webhook(
        s, w, ChangeWebhook(id=i, webhook_id=X, types=["*"], active=True)
    ),
    "rotate_webhook_secret": lambda s, w, i: rotate_webhook_secret(s, w, RotateWebhookSecret(id=i, webhook_id=X)),
    "try_webhook": lambda s, w, i: try_webhook(s, w, TryWebhook(id=i, webhook_id=X)),
    "schedule_report": lambda s, w, i: schedule_report(
        s, w, ScheduleReport(
            id=i, report="lot_list", filters=Filters(), form="csv", language="en", rhythm="daily", at="07:00",
            receivers=[X],
        ),
    ),
    "steer_report_schedule": lambda s, w, i: steer_report_schedule(
        s, w, SteerReportSchedule(id=i, schedule_id=X, step="pause")
    ),
    "record_environment": lambda s, w, i: record_environment(s, w, RecordEnvironment(id=i, values=[])),
    "retry_message": lambda s, w, i: retry_message(s, w, RetryMessage(id=i, message_id=X)),
    "merge_doubles": lambda s, w, i: merge_doubles(
        s, w, MergeDoubles(id=i, kind="supplier", kept_id=X, alias_id=X, reason="r")
    ),
    "part_doubles": lambda s, w, i: part_doubles(s, w, PartDoubles(id=i, merger_id=X, reason="r")),
    "import_sheet": lambda s, w, i: import_sheet(
        s, w, ImportSheet(id=i, sheet=Sheet("suppliers", {}, [], {}, [], []), name="x", sha256="x")
    ),
    "capture_epcis": lambda s, w, i: capture_epcis(s, w, CaptureEpcis(id=i, document="{}", base="")),
    # In no row of the table: for the system alone.
    "found_site": lambda s, w, i: found_site(
        s, w, FoundSite(id=i, site_id=X, organisation=Words("", ""), code=X, name=Words("", ""), zone=X,
                        locations=[], people=[])
    ),
    "load_master_data": lambda s, w, i: load_master_data(s, w, LoadMasterData(id=i)),
}  # fmt: skip
ALLOWED = {rule.action: set(rule.roles) for rule in DEFAULT_RIGHTS}
WITHOUT_ACTION = {"read_log"}
"""A right that only reads."""


def test_every_right_of_the_table_is_walked() -> None:
    assert set(ALLOWED) - WITHOUT_ACTION <= set(ATTEMPTS)


def naive_allowed(who: Who, action: str) -> bool:
    """The broken twin of REL-10: believes the roles that the front hands over."""
    return bool(ALLOWED.get(action, set()) & set(who.roles))


@pytest.mark.proves("REL-10", "ROL-1")
@pytest.mark.parametrize("source", ["phone", "chat"])
async def test_every_role_at_every_action_gets_the_same_answer_through_every_front(
    floor: Floor, source: Source
) -> None:
    for action, attempt in ATTEMPTS.items():
        for person in DEMO_PEOPLE:
            who = await floor.who(person.login)
            command_id = floor.new_id()
            who = msgspec.structs.replace(who, source=source)
            error = await answer(attempt(floor.store, who, command_id))
            refused = isinstance(error, NotAllowed) and error.reasons[0].code == "not_allowed"
            assert refused != bool(ALLOWED.get(action, set()) & set(person.roles)), (action, person.login)
            if refused:
                event = await last_event(floor.store)
                assert (event["type"], event["command"], event["person"]) == (
                    "refused",
                    command_id,
                    who.person_id,
                )
                assert (event["source"], event["facts"]["action"]) == (source, action)


async def answer(action: Awaitable[Any]) -> LotgateError | None:
    try:
        await action
    except LotgateError as error:
        return error
    return None


@pytest.mark.proves("REL-10")
async def test_roles_that_a_front_makes_up_count_for_nothing(floor: Floor) -> None:
    li = await floor.who("li")
    forged = msgspec.structs.replace(li, roles=("administrator", "warehouse"))
    assert naive_allowed(forged, "receive_lot"), "the twin believes it"
    assert isinstance(await refusal(receive_lot(floor.store, forged, floor.scan("0411/1"))), NotAllowed)


@pytest.mark.proves("ROL-1")
async def test_the_table_in_the_database_decides(floor: Floor) -> None:
    async with floor.store.database.writing() as writer:
        await writer.fetch(
            "update action_right set allowed = $1 where action = 'receive_lot' and role = 'warehouse'",
            0 if floor.store.database.dialect == "sqlite" else False,
        )
    assert isinstance(await refusal(floor.receive("0411/1")), NotAllowed)


@pytest.mark.proves("REL-3")
async def test_a_delegation_ends_with_its_day_at_the_site(floor: Floor) -> None:
    """Midnight in Shenzhen is 16:00 UTC; a twin that goes by the UTC day lets eight more hours pass."""
    wang = await floor.who("wang")
    day = await floor.store.today(floor.site_id)
    midnight = datetime.combine(day, time(16), UTC)
    async with floor.store.database.writing() as writer:
        await writer.fetch(
            "update role_grant set until = $1 where person_id = $2", day.isoformat(), wang.person_id
        )
    floor.clock.forward(midnight - timedelta(minutes=5))
    await floor.receive("0411/1")
    floor.clock.forward(midnight + timedelta(seconds=1))
    assert naive_holds(day, floor.clock.now), "the twin goes by the UTC day"
    assert isinstance(await refusal(floor.receive("0411/2")), NotAllowed)


def naive_holds(until: date, now: datetime) -> bool:
    """The broken twin of a role's end."""
    return now.astimezone(UTC).date() <= until


@pytest.mark.proves("AUD-8", "SIG-4")
async def test_who_has_left_gets_nothing_from_that_moment_and_the_login_stays_taken(floor: Floor) -> None:
    wang, sessions = await floor.who("wang"), [await floor.sign_in("wang") for _ in range(2)]
    admin = await floor.who("admin")
    command = DeactivatePerson(id=floor.new_id(), person_id=wang.person_id, reason="left the company")
    assert (await deactivate_person(floor.store, admin, command)).sessions == 2
    for each in sessions:
        assert (await floor.store.read.get(Session, each.session.id)).ended_at is not None
    assert isinstance(await refusal(receive_lot(floor.store, wang, floor.scan("0411/1"))), NotAllowed)
    password = BY_LOGIN["wang"].password
    error = await refusal(sign_in(floor.store, floor.site_id, "wang", password))
    assert error.reasons[0].code == "sign_in_failed"
    assert (await floor.store.read.get(Person, wang.person_id)).active is False
    again = AddPerson(
        id=floor.new_id(), login="wang", printed_name="Wang Wu", language="zh", roles=[], password_hash="x"
    )
    assert (await refusal(add_person(floor.store, admin, again))).reasons[0].code == "login_taken"


@pytest.mark.proves("AUD-8", "AUD-9")
@pytest.mark.parametrize(("login", "password"), [("li", "lotgate-demo-wang"), ("nobody", "x"), ("li", "")])
async def test_a_failed_sign_in_says_nothing_and_stays_in_the_log(
    floor: Floor, login: str, password: str
) -> None:
    before = await floor.count("session")
    error = await refusal(sign_in(floor.store, floor.site_id, login, password))
    assert [(reason.code, reason.facts) for reason in error.reasons] == [("sign_in_failed", {})]
    assert await floor.count("session") == before
    event = await last_event(floor.store)
    assert (event["type"], event["facts"]["login"]) == ("sign_in_failed", login)
    assert password not in str(event) or not password


async def test_nobody_takes_their_own_access(floor: Floor) -> None:
    admin = await floor.who("admin")
    command = DeactivatePerson(id=floor.new_id(), person_id=admin.person_id, reason="oops")
    assert (await refusal(deactivate_person(floor.store, admin, command))).reasons[0].code == "not_oneself"


@pytest.mark.proves("AUD-8", "DUP-1")
async def test_whoever_has_no_account_any_more_gets_no_old_answer_either(floor: Floor) -> None:
    wang = await floor.who("wang")
    command = floor.scan("0411/1")
    first = await receive_lot(floor.store, wang, command)
    assert await receive_lot(floor.store, wang, command) == first
    gone = DeactivatePerson(id=floor.new_id(), person_id=wang.person_id, reason="left")
    await deactivate_person(floor.store, await floor.who("admin"), gone)
    error = await refusal(receive_lot(floor.store, wang, command))
    assert isinstance(error, NotAllowed) and (await last_event(floor.store))["type"] == "refused"
    assert await naive_answer(floor.store, command.id) == first, "the twin hands it out"


async def naive_answer(store: Store, command_id: str) -> Received | None:
    """The broken twin of the door: a known command gets its answer, whoever asks."""
    rows = await store.read.rows("select answer from command_record where id = $1", command_id)
    return msgspec.json.decode(rows[0][0], type=Received) if rows else None
