"""A command that was sent before an upgrade and is repeated after it is the same command (DUP-1).

The digests were computed by the version whose newest migration was 0010. A field that commands get later is left
out where nobody sets it: a default of its own would make every queued command another one.
"""

from __future__ import annotations

import msgspec
import pytest

from backend.actions.begin_signing import BeginSigning
from backend.actions.correct_result import CorrectResult
from backend.actions.receive_lot import ReceiveLot
from backend.actions.record_results import Entry, RecordResults
from backend.actions.sign_release import SignRelease
from backend.actions.start_production import StartProduction
from backend.domain.lots import ScannedCode
from backend.store.command_form import digest_of

ID = "01999999-0000-7000-8000-000000000001"
LABEL = ScannedCode("010950600013435210A1", "]d2")
SENT: tuple[tuple[msgspec.Struct, str], ...] = (
    (ReceiveLot(id=ID, codes=[LABEL], order_line_id="line"),
     "3de0ad64447e555adb86d1d8cd35ce98608310bb2d98997ec870c06f72d763b2"),
    (StartProduction(id=ID, item_id="item", production_order="PO-1"),
     "5d1f0a8b22f57d8506935023f8e7f6b28c0d027f506007efc962493da19e48c7"),
    (BeginSigning(id=ID, subject_id="receipt", meaning="release"),
     "737b4cdd191cad0a22aaf26ae73a42521e7fadec65eeec21b05bf16e78899f91"),
    (SignRelease(id=ID, receipt_id="receipt", meaning="release", nonce="n", digest="d", password="secret"),
     "f1c46194828e991163e51b67f5a30cdb46d843b042376261acca51d816ff89f1"),
    (RecordResults(id=ID, inspection_id="inspection", entries=[Entry(item_key="OD-1", entered="4.11")]),
     "5b4dbd169a23ec59926cee0e8e3a7b4feb3a68eee6aaf2d0baac328f4eeb6c66"),
    (CorrectResult(id=ID, reading_id="reading", entered="4.12", reason="typed wrong"),
     "0f77ef057787ce3aea612a7ba27fcbf1eb3fb375f59ea9aca6abb42553c604e9"),
)  # fmt: skip


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize(("command", "digest"), SENT, ids=lambda each: type(each).__name__)
def test_a_command_from_before_an_upgrade_is_the_same_after_it(command: msgspec.Struct, digest: str) -> None:
    assert digest_of(command) == digest


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize(("command", "digest"), SENT, ids=lambda each: type(each).__name__)
def test_a_field_with_a_default_of_its_own_is_caught(command: msgspec.Struct, digest: str) -> None:
    """The broken twin: what is asked for later stands in every command as nothing."""
    grown = msgspec.defstruct("Grown", [("id", str), ("further", str | None, None)])
    body = msgspec.to_builtins(command) | msgspec.to_builtins(grown(ID))
    later = msgspec.defstruct("Later", [(name, object) for name in body])(**body)
    assert digest_of(later) != digest
