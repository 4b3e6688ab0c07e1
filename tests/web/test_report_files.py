"""Files of reports that were made by themselves are let go of once their time is over, over HTTP, on both engines
(AUD-10)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from backend.actions import let_go_report_file
from backend.actions.keep_report_run import KeepReportRun, keep_report_run
from backend.domain.report_schedules import ReportRun, ReportSchedule
from backend.domain.security import system
from backend.due import run_due
from backend.store.attachment_files import FRESH, path_of, remove_bytes, write_bytes
from tests.web.served import Phone, Served, codes
from tests.web.test_reports import ordered

DAY = 86400
YEAR = 366 * DAY


async def made(served: Served, phone: Phone, **fields: Any) -> ReportRun:
    """One file of a report, made on the first day that it is due; ended then."""
    people = await phone.get("/api/people")
    zhou = next(one["id"] for one in people if one["login"] == "zhou")
    line = (await ordered(phone, [zhou], **fields))[0]
    served.clock.ahead += DAY
    await run_due(served.parts, served.clock())
    later = await served.phone().sign_in("zhou")
    await later.post(f"/api/report-schedules/{line['id']}/step", 200, step="end")
    (run,) = await served.store.read.all(ReportRun, "schedule_id = $1", line["id"])
    return run


def aged(served: Served, run: ReportRun) -> Path:
    """Its file, as if it had lain there for long: the folder's clock is not the server's."""
    path = path_of(served.parts.attachments, run.file or "")
    if path.exists():
        os.utime(path, (1, 1))
    return path


async def looked(served: Served, days: float) -> Phone:
    """So many days pass, and what falls due is done."""
    served.clock.ahead += days * DAY
    for _ in range(2):
        await run_due(served.parts, served.clock())
    return await served.phone().sign_in("zhou")


async def let_go(served: Served) -> list[Any]:
    """Events of files that went."""
    zhou = await served.phone().sign_in("zhou")
    return list(await zhou.get("/api/log", type="report_file_let_go"))


@pytest.mark.proves("AUD-10", "AUD-9")
async def test_a_file_goes_when_its_time_is_over_and_a_held_one_stays(served: Served) -> None:
    zhou = await served.by("zhou")
    number = (await served.receive("0412/3"))["received"]["lot_number"]
    plain = await made(served, zhou)
    zhou = await served.phone().sign_in("zhou")
    history = await made(served, zhou, report="lot_history", filters={"lot": number}, form="pdf")
    files = [aged(served, run) for run in (plain, history)]
    zhou = await looked(served, 1)
    hold = {"reason": "court file 12/26"}
    held = await zhou.post(f"/api/lots/{number}/legal-holds", 201, **hold)

    zhou = await looked(served, 740)
    assert all(path.exists() for path in files), "a hold at the site keeps a list that may name its lot"
    assert await let_go(served) == []
    await zhou.post(f"/api/legal-holds/{held['holds'][0]['id']}/lift", 201, reason="settled")

    zhou = await looked(served, 31)
    assert [path.exists() for path in files] == [False, True], "an undecided lot keeps its history"
    (noted,) = await let_go(served)
    facts = noted["facts"]
    assert (facts["run"], facts["sha256"], facts["record"], facts["years"]) == (
        plain.id,
        plain.file,
        "lot",
        2,
    )
    assert facts["until"] < served.clock()[:10]
    answer = await zhou.get(f"/api/report-runs/{plain.id}/file", 404)
    assert codes(answer) == ["report_file_gone"] and answer["reasons"][0]["facts"]["years"] == 2
    assert (await zhou.client.get(f"/api/report-runs/{history.id}/file")).status_code == 200
    lines = {run["id"]: run for each in await zhou.get("/api/report-schedules") for run in each["runs"]}
    assert (lines[plain.id]["file"], lines[history.id]["file"]) == (False, True)
    assert lines[plain.id]["gone_at"] and lines[history.id]["gone_at"] is None
    kept = await served.store.read.get(ReportRun, plain.id)
    assert (kept.file, kept.told) == (plain.file, plain.told), "what it was stays on record"


async def same_file(served: Served, run: ReportRun) -> ReportRun:
    """A later run whose report came out the same, byte for byte."""
    zhou = await served.phone().sign_in("zhou")
    receiver = next(one["id"] for one in await zhou.get("/api/people") if one["login"] == "zhou")
    line = (await ordered(zhou, [receiver]))[0]
    schedule = await served.store.read.get(ReportSchedule, line["id"])
    command = KeepReportRun(
        id=served.store.new_id(), schedule_id=schedule.id, job_id=schedule.job_id, file=run.file, name=run.name,
        size=run.size,
    )  # fmt: skip
    made_again = await keep_report_run(served.store, system(schedule.site_id), command)
    assert made_again is not None
    await zhou.post(f"/api/report-schedules/{schedule.id}/step", 200, step="end")
    return made_again


@pytest.mark.proves("AUD-10")
async def test_a_file_that_another_run_or_an_attachment_names_stays(served: Served) -> None:
    first = await made(served, await served.by("zhou"))
    await looked(served, 700)
    second = await same_file(served, first)
    path = aged(served, first)
    zhou = await looked(served, 60)
    assert (await served.store.read.get(ReportRun, first.id)).gone_at is not None
    assert path.exists(), "the younger run names it"
    await zhou.get(f"/api/report-runs/{first.id}/file", 404)
    assert (await zhou.client.get(f"/api/report-runs/{second.id}/file")).status_code == 200
    body = path.read_bytes()
    answer = await zhou.client.post("/api/attachments", content=body, headers={"content-type": "text/csv"})
    assert answer.status_code in (200, 201), answer.text[:300]
    aged(served, first)
    await looked(served, 800)
    assert (await served.store.read.get(ReportRun, second.id)).gone_at is not None
    assert path.exists(), "somebody has attached these very bytes"


@pytest.mark.proves("AUD-10")
async def test_what_dies_between_record_and_folder_is_made_up_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await made(served, await served.by("zhou"))
    path = aged(served, run)
    with monkeypatch.context() as broken:
        broken.setattr("backend.web.report_schedules.remove_bytes", _dies)
        await looked(served, 800)
        failed = await served.store.read.rows("select last_error from job where kind = 'report_files_due'")
        assert any("died" in str(row[0]) for row in failed)
    assert path.exists() and (await served.store.read.get(ReportRun, run.id)).gone_at is not None
    await looked(served, 1)
    assert not path.exists()
    assert len(await let_go(served)) == 1, "once"


def _dies(*_: object) -> bool:
    raise OSError("died")


@pytest.mark.proves("AUD-10")
async def test_the_broken_twin_lets_a_held_one_go(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    zhou = await served.by("zhou")
    number = (await served.receive("0412/3"))["received"]["lot_number"]
    run = await made(served, zhou, report="lot_history", filters={"lot": number}, form="csv")
    path = aged(served, run)
    right = let_go_report_file.against_letting_go
    monkeypatch.setattr(
        let_go_report_file, "against_letting_go", lambda kind, on, today, lots, holds: right(kind, on, today, [], [])
    )  # fmt: skip
    await looked(served, 800)
    assert not path.exists(), "the twin that looks at the calendar alone is caught by the first test"


def test_bytes_that_are_wanted_anew_are_not_removed(tmp_path: Path) -> None:
    sha256 = write_bytes(tmp_path, b"a report")
    path = path_of(tmp_path, sha256)
    assert not remove_bytes(tmp_path, sha256), "just written"
    os.utime(path, (1, 1))
    write_bytes(tmp_path, b"a report")  # an attachment with the same bytes, not yet in the database
    assert path.stat().st_mtime > 1 and not remove_bytes(tmp_path, sha256)
    os.utime(path, (1, 1))
    path.replace(path.with_suffix(".going"))  # killed in the middle
    assert remove_bytes(tmp_path, sha256) and list(path.parent.iterdir()) == []
    assert remove_bytes(tmp_path, sha256), "again is the same"
    assert FRESH >= 600
