"""Every state machine, read from its states: what may happen there and where it leads. All else is refused."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import backend.domain
from backend.domain.errors import Refused
from backend.domain.steps import Step, take

Table = tuple[Step, ...]

# Stock that nobody has decided on.
UNDECIDED = {
    "start_inspection": "inspecting",
    "hold": "held",
    "production": "production_released",
    "release": "released",
    "take_over": "released",
    "conditional": "conditional",
    "concession": "conceded",
    "reject": "rejected",
    "recall": "recalled",
}
SIGNAL_ANSWERS = {"explain": "explained", "refer": "referred", "rebase": "rebased", "dismiss": "dismissed"}
WAYS: dict[str, dict[str, dict[str, str]]] = {
    "lots.PORTION_STEPS": {
        "quarantine": UNDECIDED,
        "inspecting": UNDECIDED,
        "production_released": {
            "hold": "held",
            "release": "released",
            "take_over": "released",
            "concession": "conceded",
            "reject": "rejected",
            "suspend": "inspecting",
            "recall": "recalled",
        },
        "conditional": {
            "hold": "held",
            "production": "production_released",
            "release": "released",
            "take_over": "released",
            "concession": "conceded",
            "reject": "rejected",
            "suspend": "inspecting",
            "recall": "recalled",
        },
        "conceded": {"hold": "held", "suspend": "inspecting", "recall": "recalled"},
        "released": {"hold": "held", "renew": "released", "suspend": "inspecting", "recall": "recalled"},
        "held": {
            "hold": "held",
            "resume": "inspecting",
            "restore": "released",
            "restore_production": "production_released",
            "restore_conditional": "conditional",
            "restore_concession": "conceded",
            "renew": "released",
            "reject": "rejected",
            "recall": "recalled",
        },
        "rejected": {"reject": "rejected"},
        "recalled": {"recall": "recalled"},
    },
    "inspections.INSPECTION_STEPS": {
        "open": {"record": "in_progress"},
        "in_progress": {"record": "in_progress", "pass": "passed", "fail": "failed"},
        "passed": {"reopen": "in_progress"},
        "failed": {"reopen": "in_progress"},
    },
    "ncrs.NCR_STEPS": {
        "open": {"contain": "contained", "dispose": "disposed"},
        "contained": {"dispose": "disposed"},
        "disposed": {"close": "closed"},
        "closed": {},
    },
    "reworks.REWORK_STEPS": {"open": {"finish": "done"}, "done": {}},
    "capas.CAPA_STEPS": {
        "open": {"analyse": "analysed", "withdraw": "withdrawn"},
        "analysed": {"analyse": "analysed", "plan": "planned", "withdraw": "withdrawn"},
        "planned": {"plan": "planned", "carry_out": "waiting", "withdraw": "withdrawn"},
        "waiting": {"find_effective": "effective", "find_ineffective": "open"},
        "effective": {"close": "closed"},
        "closed": {},
        "withdrawn": {},
    },
    "change_requests.CHANGE_STEPS": {
        "draft": {"submit": "review", "withdraw": "withdrawn"},
        "review": {"return": "draft", "approve": "approved", "withdraw": "withdrawn"},
        "approved": {"close": "closed"},
        "closed": {},
        "withdrawn": {},
    },
    "complaints.COMPLAINT_STEPS": {
        "received": {"assess": "assessed"},
        "assessed": {"assess": "assessed", "investigate": "investigated"},
        "investigated": {"answer": "answered"},
        "answered": {"close": "closed"},
        "closed": {},
    },
    "plan_versions.PLAN_STEPS": {
        "draft": {"edit": "draft", "try": "draft", "submit": "review"},
        "review": {"return": "draft", "approve": "effective"},
        "effective": {"replace": "obsolete"},
        "obsolete": {},
    },
    "documents.DOCUMENT_STEPS": {
        "draft": {"edit": "draft", "submit": "in_review"},
        "in_review": {"return": "draft", "approve": "effective"},
        "effective": {"replace": "obsolete", "withdraw": "obsolete"},
        "obsolete": {},
    },
    "gauges.GAUGE_STEPS": {
        "in_use": {
            "lock_out": "locked_out",
            "retire": "retired",
            "calibrate_good": "in_use",
            "calibrate_bad": "out_of_tolerance",
        },
        "locked_out": {
            "return": "in_use",
            "retire": "retired",
            "calibrate_good": "in_use",
            "calibrate_bad": "out_of_tolerance",
        },
        "out_of_tolerance": {
            "retire": "retired",
            "calibrate_good": "in_use",
            "calibrate_bad": "out_of_tolerance",
        },
        "retired": {},
    },
    "gauges.ASSESSMENT_STEPS": {"open": {"close": "closed"}, "closed": {}},
    "equipment.EQUIPMENT_STEPS": {
        "in_use": {"stop": "out_of_order", "service": "in_use", "retire": "retired"},
        "out_of_order": {"return": "in_use", "service": "in_use", "retire": "retired"},
        "retired": {},
    },
    "proposals.PROPOSAL_STEPS": {
        "open": {"approve": "approved", "decline": "declined"},
        "approved": {},
        "declined": {},
    },
    "revocations.REVOCATION_STEPS": {
        "signed_once": {"sign_again": "in_force", "withdraw": "withdrawn"},
        "in_force": {"assess": "assessed"},
        "assessed": {},
        "withdrawn": {},
    },
    "qualifications.QUALIFICATION_STEPS": {
        "approved": {"qualify": "approved", "suspend": "suspended", "withdraw": "withdrawn"},
        "suspended": {"qualify": "approved", "withdraw": "withdrawn"},
        "withdrawn": {"qualify": "approved"},
    },
    "report_schedules.REPORT_STEPS": {
        "active": {"pause": "paused", "end": "ended"},
        "paused": {"resume": "active", "end": "ended"},
        "ended": {},
    },
    "recalls.RECALL_STEPS": {
        "signed_once": {"sign_again": "in_force", "withdraw": "withdrawn"},
        "in_force": {"close": "closed"},
        "closed": {},
        "withdrawn": {},
    },
    "recalls.MOCK_STEPS": {"running": {"finish": "finished"}, "finished": {}},
    "chart_signals.SIGNAL_STEPS": {
        "open": {"acknowledge": "acknowledged", **SIGNAL_ANSWERS},
        "acknowledged": SIGNAL_ANSWERS,
        "explained": {},
        "referred": {},
        "rebased": {},
        "dismissed": {},
    },
}


def tables() -> dict[str, Table]:
    """Every table of steps that a module of the rules holds."""
    found: dict[str, Table] = {}
    for module in pkgutil.iter_modules(backend.domain.__path__):
        held = importlib.import_module(f"backend.domain.{module.name}")
        for name, value in vars(held).items():
            if isinstance(value, tuple) and value and all(isinstance(each, Step) for each in value):
                found[f"{module.name}.{name}"] = value
    return found


TABLES = tables()


def ways(table: Table, states: set[str]) -> dict[str, dict[str, str]]:
    """Each step tried from each state: where it leads, or nothing where it is refused."""
    found: dict[str, dict[str, str]] = {}
    for state in states:
        found[state] = {}
        for name in {step.name for step in table}:
            try:
                found[state][name] = take(table, name, state)
            except Refused as refused:
                assert refused.reasons[0].code == "step_not_allowed"
    return found


def named(table: Table) -> set[str]:
    return {state for step in table for state in (*step.sources, step.target)}


@pytest.mark.proves("REL-1")
def test_every_machine_is_read_here() -> None:
    assert set(WAYS) == set(TABLES)
    for table in TABLES.values():
        assert len({step.name for step in table}) == len(table), "a step is named once"


@pytest.mark.proves("REL-1", "QUA-2", "QUA-3", "QUA-4", "QUA-8", "SMP-1")
@pytest.mark.parametrize("machine", WAYS)
def test_every_step_from_every_state_leads_where_it_should_or_is_refused(machine: str) -> None:
    assert named(TABLES[machine]) == set(WAYS[machine])
    assert ways(TABLES[machine], set(WAYS[machine])) == WAYS[machine]


def changed(table: Table) -> Iterator[Table]:
    """The broken twins: each table that differs by one step, one source or one target."""
    states = sorted(named(table))
    for place, step in enumerate(table):
        before, after = table[:place], table[place + 1 :]
        yield (*before, *after)
        for state in states:
            if state in step.sources:
                fewer = tuple(source for source in step.sources if source != state)
                yield (*before, step._replace(sources=fewer), *after)
            else:
                yield (*before, step._replace(sources=(*step.sources, state)), *after)
            if state != step.target:
                yield (*before, step._replace(target=state), *after)


@pytest.mark.proves("REL-1")
@pytest.mark.parametrize("machine", WAYS)
def test_no_single_change_of_a_table_goes_unnoticed(machine: str) -> None:
    twins = list(changed(TABLES[machine]))
    assert twins
    for twin in twins:
        assert ways(twin, set(WAYS[machine])) != WAYS[machine], twin
