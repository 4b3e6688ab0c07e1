"""The one runner of due work: everything whose time has come at the `now` that it is given."""

from __future__ import annotations

import asyncio

import structlog

from backend.actions.do_job import DoJob, do_job
from backend.domain.errors import LotgateError
from backend.domain.notices import Job
from backend.domain.report_keeping import FILES_DUE
from backend.domain.security import system
from backend.store.database import Unavailable
from backend.views.due import due_jobs
from backend.web.parts import Parts
from backend.web.releases import issued
from backend.web.report_schedules import let_go_of_files, make_due_report

EVERY = 2.0
"""Seconds between looks."""
log = structlog.get_logger()


async def _issue(parts: Parts, job: Job) -> None:
    await issued(parts, job.subject_id, job.site_id)


OUTSIDE = {"issue_certificate": _issue, "report_due": make_due_report, FILES_DUE: let_go_of_files}
"""What has to be done outside of the database before the work is done."""


async def run_due(parts: Parts, now: str) -> int:
    """Do what is due; returns how much that was. A failure comes up again later, with its reason on record."""
    jobs = await due_jobs(parts.store.read, now)
    for job in jobs:
        error = None
        outside = OUTSIDE.get(job.kind)
        if outside is not None:
            try:
                await outside(parts, job)
            except (OSError, ValueError, RuntimeError, LotgateError) as failure:
                error = f"{type(failure).__name__}: {failure}"
        command = DoJob(id=parts.store.new_id(), job_id=job.id, error=error)
        await do_job(parts.store, system(job.site_id), command)
    return len(jobs)


async def keep_running(parts: Parts) -> None:
    """Until cancelled. A database that is away is waited for."""
    while True:
        try:
            await run_due(parts, parts.store.clock())
        except (Unavailable, LotgateError) as error:
            log.warning("due work waits", error=str(error))
        await asyncio.sleep(EVERY)
