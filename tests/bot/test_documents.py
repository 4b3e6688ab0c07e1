"""In chat nobody enters by a method that they are not trained in; what to read is said, and then it goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.actions.finish_training import FinishTraining, finish_training
from backend.actions.set_training_needs import Need, SetTrainingNeeds, set_training_needs
from backend.demo.shift import PastClock, Shift
from backend.domain.words import Words
from backend.store.documents import DocumentDraft
from tests.actions.documents_in_force import begin, sign, submit, write
from tests.bot.conftest import ChatHouse
from tests.bot.floor import begin as begin_tubing
from tests.bot.floor import readings

LOOKING = "WI-301"
"""The method of the first questions about tubing, at revision B."""


async def method_in_force(house: ChatHouse) -> DocumentDraft:
    """Under control, with inspectors to be trained in it."""
    novak = await house.who("novak")
    shift = Shift(house.store, novak.site_id, PastClock(datetime.now(UTC)))
    draft = await begin(shift, LOOKING, Words("Looking at goods", "外观检查"), "B")
    signed = await sign(shift, await submit(shift, await write(shift, draft, "Look closely. 仔细看。")))
    needs = SetTrainingNeeds(
        id=house.store.new_id(), document_id=signed.document_id, needs=[Need(role="inspector")]
    )
    await set_training_needs(house.store, novak, needs)
    return signed


@pytest.mark.proves("REL-11", "REL-10")
@pytest.mark.parametrize(
    ("engine", "language", "conforms", "not_trained"),
    [
        ("sqlite", "en", "conform", "You are not trained in WI-301, revision B."),
        ("postgres", "zh", "合格", "您尚未完成 WI-301（B 版）的培训。"),
    ],
)
async def test_whoever_is_not_trained_enters_nothing_in_chat(
    house: ChatHouse, language: str, conforms: str, not_trained: str
) -> None:
    method = await method_in_force(house)
    phone = await house.phone("garcia", language)
    number = await begin_tubing(house, phone)
    await phone.press(conforms)
    assert not_trained in phone.read() and "REL-11" in phone.read()
    passed = FinishTraining(
        id=house.store.new_id(), version_id=method.version_id, read_at="2026-11-29T08:00:00Z", answers=[2]
    )
    await finish_training(house.store, await house.who("garcia"), passed)
    assert await readings(house, number) == []
    await phone.press(conforms)
    assert [verdict for *_, verdict in await readings(house, number)] == ["conforming"]
