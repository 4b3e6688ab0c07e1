"""A report that was ordered with its file comes into the chat as a document, for whoever may still see it (AUD-4)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from backend.actions.deactivate_person import DeactivatePerson, deactivate_person
from backend.actions.keep_report_run import KeepReportRun, keep_report_run
from backend.actions.schedule_report import ScheduleReport, schedule_report
from backend.domain.notices import Notice
from backend.domain.reports import Filters
from backend.domain.security import system
from backend.store.attachment_files import write_bytes
from bot.delivery import Courier
from bot.main import files
from tests.bot.conftest import BASE_URL, ChatHouse

BODY = b"%PDF a report"


@pytest.mark.proves("AUD-4", "AUD-9", "REL-10")
async def test_a_report_comes_as_a_document(house: ChatHouse, tmp_path: Path) -> None:
    zhou, wang, novak = [await house.who(login) for login in ("zhou", "wang", "novak")]
    phone = await house.phone("zhou", "en")
    schedule = await schedule_report(
        house.store,
        zhou,
        ScheduleReport(
            id=house.store.new_id(), report="audit_extract", filters=Filters(), form="pdf", language="en",
            rhythm="daily", at="07:00", receivers=[zhou.person_id, novak.person_id], as_file=True,
        ),
    )  # fmt: skip
    left = DeactivatePerson(id=house.store.new_id(), person_id=novak.person_id, reason="left")
    await deactivate_person(house.store, zhou, left)
    made = KeepReportRun(
        id=house.store.new_id(), schedule_id=schedule.id, job_id=schedule.job_id,
        file=write_bytes(tmp_path, BODY), name="audit_extract.pdf", size=len(BODY),
    )  # fmt: skip
    run = await keep_report_run(house.store, system(zhou.site_id), made)
    assert run is not None and (run.told, run.withheld) == ([zhou.person_id], [novak.person_id])
    again = msgspec.structs.replace(made, id=house.store.new_id())
    assert await keep_report_run(house.store, system(zhou.site_id), again) is None, "one for one due time"
    hand = files(house.store, tmp_path)
    courier = Courier(house.store, house.bot, BASE_URL, lambda: 0.0, house._no_sleep, hand=hand)
    for _ in range(5):
        await courier.once()
    (message,) = [each for each in house.telegram.shown(phone.user) if "document" in each]
    assert "Audit trail extract" in message["caption"]
    assert message["reply_markup"]["inline_keyboard"][0][0]["url"] == f"{BASE_URL}/#/reports/{schedule.id}"
    assert house.telegram.files[message["document"]["file_id"]] == BODY
    noted = await house.rows("select person_id from event where type = 'report_exported'")
    assert [tuple(each) for each in noted] == [(zhou.person_id,)]
    (notice,) = await house.store.read.all(Notice, "code = 'report_ready'")
    assert await hand(notice, wang) is None, "whoever may not see it gets no file, whatever the notice says"
