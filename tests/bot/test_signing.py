"""Chat tells of releases and never makes one; what looks like a secret is not kept (SIG-7)."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.demo.shift import PastClock, Shift
from bot.handlers.notices import _VERBS
from bot.handlers.table import COMMANDS, PRESSES
from bot.secrets_typed import asked_lately, looks_secret
from bot.words.wording import Wording
from tests.bot.conftest import BASE_URL, ChatHouse

ROOT = Path(__file__).parents[2]


async def waiting_release(house: ChatHouse) -> str:
    """A needle delivery, received and inspected; the receipt's id."""
    shift = Shift(house.store, (await house.who("sun")).site_id, PastClock(datetime.now(UTC)))
    received = await shift.receive(await house.label("NDL-21"))
    assert received.inspection is not None
    await shift.inspect(received.inspection.id, "li")
    return received.receipt_id


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


@pytest.mark.proves("SIG-7")
def test_no_part_of_the_bot_knows_how_to_sign() -> None:
    signing = {"backend.actions.sign_release", "backend.actions.begin_signing", "backend.store.signing"}
    for path in (ROOT / "bot").rglob("*.py"):
        assert not imported(path) & signing, path
    assert not any("sign" in verb for verb in (*PRESSES, *COMMANDS, *_VERBS))


@pytest.mark.proves("SIG-7")
async def test_the_notice_leads_to_the_page_and_has_no_way_to_decide(house: ChatHouse) -> None:
    sun = await house.phone("sun", "en")
    receipt = await waiting_release(house)
    await house.courier.once()
    assert "To decide" in sun.read() and "Nothing stands in the way" in sun.read()
    page, (not_yet,) = sun.shown()[-1]["reply_markup"]["inline_keyboard"]
    assert page == [{"text": "Open and decide", "url": f"{BASE_URL}/#/receipts/{receipt}/release"}]
    assert not_yet["text"].startswith("Not yet")


@pytest.mark.proves("REL-2")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_release_is_sent_back_and_answered_in_chat(house: ChatHouse, language: str) -> None:
    say = Wording(language).say
    sun, li = await house.phone("sun", language), await house.phone("li", language)
    receipt = await waiting_release(house)
    await house.courier.once()
    asked = await sun.press(say("button_send_back"))
    assert say("ask_missing", lot="", item="").rsplit("\n", 1)[1] in asked
    assert say("release_is_sent_back") in await sun.say("photo of the <seal>")
    await house.courier.once()
    assert "photo of the <seal>" in li.read()
    await li.press(say("button_answer"))
    assert say("follow_up_kept") in await li.say("it is intact")
    await house.courier.once()
    assert "it is intact" in sun.read() and say("button_open_release") in sun.buttons()
    assert say("button_answer") not in li.buttons(), "the matter of the notice is done"
    rows = await house.rows("select what, outcome from follow_up where subject_id = $1", receipt)
    assert rows == [("photo of the <seal>", "it is intact")]


@pytest.mark.proves("SIG-7")
async def test_a_signer_who_recorded_a_result_reads_why_not(house: ChatHouse) -> None:
    sun = await house.phone("sun", "en")
    receipt = await waiting_release(house)
    sun_id = (await house.who("sun")).person_id
    inspected = "(select id from inspection where receipt_id = $2)"
    async with house.store.database.writing() as writer:
        await writer.fetch(
            f"update reading set person_id = $1 where inspection_id in {inspected}", sun_id, receipt
        )
    await house.courier.once()
    assert "1 in the way" in sun.read() and "somebody else has to decide" in sun.read()


@pytest.mark.proves("SIG-7")
@pytest.mark.parametrize(
    "secret", ["482913", "482 913", "lotgate-demo-sun", "Tr0ub4dor&3", "correcthorsebattery"]
)
async def test_a_secret_after_a_signing_notice_is_not_kept(house: ChatHouse, secret: str) -> None:
    sun = await house.phone("sun", "en")
    await waiting_release(house)
    await house.courier.once()
    said = await sun.say(secret)
    assert "Never type a password" in said and secret not in said
    assert [call["message_id"] for call in house.telegram.called("deleteMessage")] == [
        str(sun.last["message"]["message_id"])
    ]
    assert await sun.say(secret) == said  # and again, however often
    assert not await stands_anywhere(house, secret)


async def stands_anywhere(house: ChatHouse, text: str) -> bool:
    """Whether any table of the database holds the text."""
    tables = await house.rows("select name from sqlite_master where type = 'table'")
    for (table,) in tables:
        if any(text in str(row) for row in await house.rows(f'select * from "{table}"')):
            return True
    return False


async def test_a_text_that_is_kept_is_found_by_that_search(house: ChatHouse) -> None:
    novak = await house.phone("novak")
    await novak.press("N26-000003")
    await novak.press("Decide")
    await novak.press("Scrap")
    await novak.say("Tr0ub4dor&3")
    assert await stands_anywhere(house, "Tr0ub4dor&3")


async def test_a_reading_of_six_digits_is_a_reading_for_those_who_were_not_asked_to_sign() -> None:
    assert looks_secret("482913") and not looks_secret("4.10") and not looks_secret("L26-000123")
    now = "2026-11-23T10:00:00.000000Z"
    assert asked_lately("2026-11-23T09:59:00.000000Z", "2026-11-23T09:58:00.000000Z", now)
    assert not asked_lately("2026-11-23T09:57:00.000000Z", "2026-11-23T09:58:00.000000Z", now)
    assert not asked_lately(None, "", now)
    assert not asked_lately("2026-11-23T08:00:00.000000Z", "", now)


async def test_the_notice_says_who_decided(house: ChatHouse) -> None:
    sun = await house.phone("sun", "en")
    li = await house.phone("li", "en")
    receipt = await waiting_release(house)
    await house.courier.once()
    clock = PastClock(datetime.now(UTC))
    house.store.clock = clock
    shift = Shift(house.store, (await house.who("sun")).site_id, clock)
    await shift.sign(receipt)
    before = len(sun.shown())
    await house.courier.once()
    await house.courier.once()
    assert "✅ released, 孙梅, " in sun.read() and "Open and decide" not in sun.buttons()
    assert len(sun.shown()) == before
    assert "released by 孙梅" in li.read()
