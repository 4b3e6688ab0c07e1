"""Documents beside the page: a method at its second revision with who must be trained, one being written, one under
review. No plan of the demo factory names them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from backend.actions.finish_training import FinishTraining, finish_training
from backend.actions.open_document_draft import OpenDocumentDraft, open_document_draft
from backend.actions.set_training_needs import Need, SetTrainingNeeds, set_training_needs
from backend.demo.shift import PastClock, Shift
from backend.domain.documents import Document
from backend.domain.words import Words
from tests.actions.documents_in_force import begin, sign, submit, write
from tests.pwa.house import House

AGO = timedelta(hours=2)
_once: WeakKeyDictionary[House, asyncio.Lock] = WeakKeyDictionary()
TEXT = "1. 按图放置样品。Place the sample as drawn.\n2. 测量三次，取平均值。Measure three times and take the mean."


async def play_documents(house: House) -> None:
    """Once; whoever asks again, or at the same time, finds them there."""
    async with _once.setdefault(house, asyncio.Lock()):
        await house.play(_play, PastClock(datetime.now(UTC) - AGO))


async def _play(shift: Shift) -> None:
    if await shift.store.read.first(Document, "number = $1", "WI-902") is not None:
        return
    method = await begin(shift, "WI-900", Words("Peel force of pouches", "袋的剥离力"))
    await sign(shift, await submit(shift, await write(shift, method, "1. 测量一次。Measure once.")))
    draft = await open_document_draft(
        shift.store,
        await shift.who("novak"),
        OpenDocumentDraft(id=shift.store.new_id(), document_id=method.document_id, revision="B"),
    )
    in_force = await sign(shift, await submit(shift, await write(shift, draft, TEXT)))
    needs = [Need(role="inspector", lapses_days=365), Need(role="supervisor")]
    await set_training_needs(
        shift.store,
        await shift.who("novak"),
        SetTrainingNeeds(id=shift.store.new_id(), document_id=method.document_id, needs=needs),
    )
    passed = FinishTraining(
        id=shift.store.new_id(), version_id=in_force.version_id, read_at=shift.clock(), answers=[2]
    )
    await finish_training(shift.store, await shift.who("garcia"), passed)
    await write(shift, await begin(shift, "WI-901", Words("Sharpness of needles", "针尖锋利度")), TEXT)
    reviewed = await begin(shift, "WI-902", Words("Flow of sets", "输液器流量"))
    await submit(shift, await write(shift, reviewed, TEXT))
