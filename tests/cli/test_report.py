"""`lotgate report`: the same file as the page gives, noted in the log, for whoever may see it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from backend.domain.record_exports import RecordExport
from tests.cli.lotgate import Lotgate
from tests.cli.test_results import demo, rows
from tests.stores import Templates


@pytest.mark.proves("AUD-4", "AUD-9", "REL-10")
async def test_a_report_is_written_noted_and_refused(
    lotgate: Lotgate, templates: Templates, tmp_path: Path
) -> None:
    await lotgate.on("sqlite", templates, "demo", demo)
    file, target = lotgate.data / "lotgate.sqlite3", tmp_path / "extract.json"
    command = ("report", "audit_extract", "--type", "release_signed", "--to", str(target))
    said = await lotgate(*command, "--as", "wang", typed="lotgate-demo-wang\n")
    assert said.code == 1 and "not allowed" in said.err and not target.exists()
    said = await lotgate(*command, "--as", "zhou", typed="lotgate-demo-zhou\n")
    assert said.code == 0, said.err
    body = target.read_bytes()
    export = msgspec.json.decode(body, type=RecordExport)
    assert export.kind == "audit_extract" and len(export.fields) > 20
    (noted,) = rows(file, "select body from event where type = 'report_exported'")[-1]
    assert hashlib.sha256(body).hexdigest() in noted
    said = await lotgate(
        "report", "batch_record", "--as", "zhou", "--to", str(target), typed="lotgate-demo-zhou\n"
    )
    assert said.code == 1 and "filter missing" in said.err
