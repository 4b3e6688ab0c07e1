"""In a trial run every message, picture and file of the bot is marked in both languages, and still fits."""

from __future__ import annotations

from aiogram.methods import EditMessageText, SendDocument, SendMessage, SendPhoto

from backend.outside.trial_mark import MARK
from bot.screens import MOST_CAPTION, MOST_TEXT
from bot.trial import Marked
from tests.bot.bot_api import visible
from tests.bot.conftest import ChatHouse


async def test_all_that_a_conversation_shows_is_marked(house: ChatHouse) -> None:
    house.bot.session.middleware(Marked(MARK))
    wang = await house.phone("wang", "en")
    await wang.say("/worklist")
    await wang.say("where is L26-000001")
    await house.courier.once()
    assert len(wang.texts()) >= 2
    assert [text for text in wang.texts() if not text.startswith(MARK)] == []
    assert house.telegram.problems == []


async def test_pictures_and_files_too_and_nothing_grows_too_long() -> None:
    mark = Marked(MARK).marked
    photo, file = (
        mark(SendPhoto(chat_id=1, photo="x")),
        mark(SendDocument(chat_id=1, document="x", caption="c")),
    )
    assert isinstance(photo, SendPhoto) and visible(photo.caption or "") == MARK
    assert isinstance(file, SendDocument) and visible(file.caption or "") == f"{MARK}\nc"
    long = "\n".join(["x" * 80] * 60)
    for method in (SendMessage(chat_id=1, text=long), EditMessageText(text=long)):
        sent = mark(method)
        assert isinstance(sent, SendMessage | EditMessageText) and len(sent.text) <= MOST_TEXT
    said = mark(SendPhoto(chat_id=1, photo="x", caption=long[:MOST_CAPTION]))
    assert isinstance(said, SendPhoto) and len(said.caption or "") <= MOST_CAPTION
