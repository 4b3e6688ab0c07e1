"""Who is in the chat: a one-time code from the page binds an account; anybody else gets nothing (AUD-8)."""

from __future__ import annotations

import pytest

from backend.actions.deactivate_person import DeactivatePerson, deactivate_person
from backend.actions.make_binding_code import LIFE, make_binding_code
from backend.domain.signing import later
from tests.bot.conftest import ChatHouse

SECRETS = ("L26-", "I26-", "N26-", "PVC", "Garcia")


async def security_events(house: ChatHouse) -> int:
    return int((await house.rows("select count(*) from event where type = 'security'"))[0][0])


@pytest.mark.proves("AUD-8")
async def test_a_stranger_learns_nothing_and_leaves_a_security_event(house: ChatHouse) -> None:
    stranger = house.stranger()
    before = await security_events(house)
    for text in ("/start", "/worklist", "L26-000001", "4.10"):
        said = await stranger.say(text)
        assert "My keys" in said and not any(secret in said for secret in SECRETS)
    assert await security_events(house) == before + 1  # one a minute, however many messages
    assert await house.rows("select id from conversation") == []


@pytest.mark.proves("AUD-8")
async def test_a_stranger_cannot_press_somebody_elses_buttons(house: ChatHouse) -> None:
    garcia, stranger = await house.phone("garcia"), house.stranger("zh")
    live = garcia.shown()[-1]
    data = live["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    readings = await house.count("reading")
    said = await stranger.press_data(data, live)
    assert "我的密钥" in said
    assert await house.count("reading") == readings


async def test_a_code_binds_and_leads_to_what_waits(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    assert "Linked to Elena Garcia" in phone.read() and "What waits for you" in phone.read()


@pytest.mark.proves("AUD-8")
async def test_a_code_works_once_and_for_ten_minutes(house: ChatHouse) -> None:
    made = await make_binding_code(house.store, await house.who("li"))
    first, second = house.stranger(), house.stranger()
    await first.say(f"/start {made.code}")
    assert "wrong, used or older" in await second.say(f"/start {made.code}")
    late = await make_binding_code(house.store, await house.who("sun"))
    now = house.store.clock
    house.store.clock = lambda: later(later(now(), LIFE), LIFE)
    assert "wrong, used or older" in await second.say(f"/start {late.code}")
    assert "wrong, used or older" in await second.say("/start AAAAAAAAAAAAAAAAAAAAAA")


async def test_the_code_is_stored_nowhere(house: ChatHouse) -> None:
    made = await make_binding_code(house.store, await house.who("li"))
    phone = house.stranger()
    await phone.say(f"/start {made.code}")
    for table in ("binding_code", "command_record", "event", "conversation", "chat_update"):
        rows = await house.rows(f"select * from {table}")
        assert not any(made.code in str(row) for row in rows)


async def test_one_account_is_one_person(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    made = await make_binding_code(house.store, await house.who("li"))
    said = await phone.say(f"/start {made.code}")
    assert "belongs to another person" in said
    rows = await house.rows(
        "select login from chat_account join person on person.id = person_id where ended_at is null"
    )
    assert rows == [("garcia",)]


@pytest.mark.proves("AUD-8")
async def test_a_deactivated_person_is_a_stranger_at_once(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    garcia = await house.who("garcia")
    command = DeactivatePerson(id=house.store.new_id(), person_id=garcia.person_id, reason="left")
    await deactivate_person(house.store, await house.who("zhou"), command)
    said = await phone.say("/worklist")
    assert "My keys" in said and "What waits" not in said


async def test_groups_hear_no_values(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    phone.chat = {"id": -100200, "type": "group", "title": "Line 1"}
    calls = len(house.telegram.calls)
    await phone.say("4.10")
    assert len(house.telegram.calls) == calls  # not addressed: not answered
    await phone.say("/worklist")
    (said,) = house.telegram.shown(-100200)
    assert "private chat" in said["text"] and not any(secret in said["text"] for secret in SECRETS)
