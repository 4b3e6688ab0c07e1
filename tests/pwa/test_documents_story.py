"""On the phone: an answer is refused for want of training, the way out is one tap away, and then it is taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from backend.actions.set_training_needs import Need, SetTrainingNeeds, set_training_needs
from backend.demo.shift import PastClock, Shift
from backend.domain.documents import Document
from backend.domain.people import Person
from backend.domain.words import Words
from tests.actions.documents_in_force import begin, sign, submit, write
from tests.pwa.house import House
from tests.pwa.views import enter, inspection, to_question

LOOKING = "WI-301"
"""The method of everything that is looked at, at revision B."""


async def must_read(house: House, login: str | None) -> None:
    """The method is under control and this person must be trained in it; None: nobody any more."""

    async def work(shift: Shift) -> None:
        kept = await shift.store.read.first(Document, "number = $1", LOOKING)
        document_id = kept.id if kept is not None else await under_control(shift)
        person = await shift.store.read.first(Person, "login = $1", login)
        needs = [Need(person_id=person.id)] if person is not None else []
        command = SetTrainingNeeds(id=shift.store.new_id(), document_id=document_id, needs=needs)
        await set_training_needs(shift.store, await shift.who("novak"), command)

    await house.play(work, PastClock(datetime.now(UTC) - timedelta(hours=2)))


async def under_control(shift: Shift) -> str:
    """Written, reviewed and signed."""
    draft = await begin(shift, LOOKING, Words("Looking at goods", "外观检查"), "B")
    return (
        await sign(shift, await submit(shift, await write(shift, draft, "仔细看。Look closely.")))
    ).document_id


@pytest.mark.proves("REL-11", "QUA-4")
async def test_who_is_not_trained_reads_passes_and_goes_on(house: House) -> None:
    await must_read(house, "li")
    try:
        async with house.phone() as phone:
            await enter(phone, "li", "zh")
            address = await inspection(phone)
            await phone.go(address)
            await to_question("attribute")(phone)
            question = await phone.at("question").get_attribute("data-item")
            await phone.tap("all-conform")
            await expect(phone.at("refused")).to_contain_text(f"您尚未完成 {LOOKING}（B 版）的培训")
            await phone.tap("to-training")
            await expect(phone.at("document-words")).to_contain_text("Look closely.")
            await expect(phone.at("training-confirm")).to_be_disabled()
            await phone.at("choice").nth(2).check()
            await phone.at("understood").check()
            await phone.tap("training-confirm")
            await expect(phone.at("trained")).to_be_visible()
            await phone.go(address)
            await to_question("attribute")(phone)
            assert await phone.at("question").get_attribute("data-item") == question
            await phone.tap("all-conform")
            await expect(phone.page.locator(f"[data-testid=question][data-item={question}]")).to_have_count(0)
            sheet = await phone.api(f"/api{address}")
            assert next(one for one in sheet["items"] if one["key"] == question)["reading"]["by"] == "李娜"
    finally:
        await must_read(house, None)
