"""How long files of reports are kept that were made by themselves, each class at its edge (AUD-10)."""

from __future__ import annotations

from typing import get_args

import pytest

from backend.domain.record_exports import Kind
from backend.domain.report_keeping import TERMS, against_letting_go, file_until
from backend.domain.retention import CLASSES, Keeping, LegalHoldLine

HOLD = LegalHoldLine("h1", "L26-000001", "court file 12/26", "Zhou", "2026-12-01T00:00:00.000000Z")


def lot(until: str | None) -> Keeping:
    return Keeping("L26-000001", until, [], [], [])


@pytest.mark.proves("AUD-10")
def test_every_report_has_a_class_and_a_time() -> None:
    assert set(TERMS) == set(get_args(Kind))
    assert {term.record for term in TERMS.values()} <= {*CLASSES, "system"}
    assert min(term.years for term in TERMS.values()) >= 2, "ISO 13485 4.2.5"


@pytest.mark.proves("AUD-10")
@pytest.mark.parametrize(
    ("kind", "today", "until", "held", "codes"),
    [
        ("lot_list", "2028-11-30", [], [], ["report_file_kept"]),  # its last day
        ("lot_list", "2028-12-01", [], [], []),
        ("audit_extract", "2031-11-30", [], [], ["report_file_kept"]),
        ("audit_extract", "2031-12-01", [], [], []),
        ("batch_record", "2028-12-01", ["2028-12-01"], [], ["report_lot_kept"]),
        ("batch_record", "2028-12-01", ["2028-11-30"], [], []),
        ("batch_record", "2028-12-01", ["2028-11-30", "2033-01-01"], [], ["report_lot_kept"]),
        ("batch_record", "2099-12-01", [None], [], ["report_lot_kept"]),
        ("supplier_report", "2099-12-01", [], [HOLD], ["legal_hold"]),
    ],
)
def test_a_file_goes_the_day_after_its_last(
    kind: Kind, today: str, until: list[str | None], held: list[LegalHoldLine], codes: list[str]
) -> None:
    found = against_letting_go(kind, "2026-11-30", today, [lot(each) for each in until], held)
    assert [reason.code for reason in found] == codes


def test_a_leap_day_is_never_a_day_early() -> None:
    assert file_until("lot_list", "2024-02-29") == "2026-03-01"
