"""How people are told: quiet hours, digests, escalation, groups, channels beside the bot."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from backend.actions.add_channel import AddChannel, add_channel
from backend.actions.add_group_channel import AddGroupChannel, add_group_channel
from backend.actions.do_job import DoJob, do_job
from backend.actions.end_channel import EndChannel, end_channel
from backend.actions.retry_message import RetryMessage, retry_message
from backend.actions.set_telling import SetTelling, set_telling
from backend.domain.errors import Refused
from backend.domain.push import GONE
from backend.domain.security import Plain, system
from backend.domain.signing import later
from backend.domain.telling import Channel, Sent
from backend.store.change import Change
from backend.views.due import due_jobs
from backend.views.telling import messages, telling_page
from bot.cards import Card
from bot.channels import A_MINUTE, ChannelCourier
from tests.bot.bot_api import visible
from tests.bot.clock import Clock
from tests.bot.conftest import BASE_URL, ChatHouse
from tests.bot.fake_telegram import Refusal
from tests.bot.floor import open_tubing, until_diameters

EVENING = "2026-12-01T15:00:00.000000Z"
"""23:00 at the demo's site, Asia/Shanghai."""
MORNING = "2026-12-01T22:00:01.000000Z"


def url64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


KEY = "693a1116-7a0c-4bc4-97a0-0ec251fa5aaa"


async def wish(house: ChatHouse, login: str, **wished: str | None) -> None:
    """Set how somebody is told."""
    nothing: dict[str, str | None] = dict.fromkeys(("quiet_from", "quiet_until", "digest_at", "deputy_id"))
    command = SetTelling(id=house.store.new_id(), **{**nothing, **wished})
    await set_telling(house.store, await house.who(login), command)


async def tell(house: ChatHouse, login: str, code: str, count: int = 1) -> None:
    """Tell somebody something of any kind, as an action does."""
    who = await house.who(login)

    async def work(tx: Change) -> None:
        for number in range(count):
            tx.tell(
                who.person_id,
                code,
                "recall" if code.startswith("recall") else "lot",
                f"lot-{number}",
                lot=f"L26-9{number:05}",
                recall="R26-0001",
                why="x",
            )
        tx.record("lot_held", "lot", "x")

    await house.store.change(system(who.site_id), "tell", Plain(house.store.new_id()), work, None)


async def jobs(house: ChatHouse) -> list[str]:
    """Do what is due; its kinds."""
    found = await due_jobs(house.store.read, house.store.clock())
    for job in found:
        await do_job(house.store, system(job.site_id), DoJob(id=house.store.new_id(), job_id=job.id))
    return [job.kind for job in found]


async def told(house: ChatHouse, login: str, code: str) -> int:
    rows = await house.rows(
        "select count(*) from notice join person on person.id = person_id where login = $1 and code = $2",
        login,
        code,
    )
    return int(rows[0][0])


@pytest.fixture
async def clock(house: ChatHouse) -> Clock:
    """The evening of a day after the demo's, whose own due work is out of the way."""
    made = Clock(EVENING)
    async with house.store.database.writing() as writer:
        await writer.fetch("update job set done_at = due_at")
    house.store.clock = made
    return made


async def test_in_quiet_hours_only_a_recall_comes_through(house: ChatHouse, clock: Clock) -> None:
    garcia = await house.phone("garcia")
    await wish(house, "garcia", quiet_from="22:00", quiet_until="06:00")
    await tell(house, "garcia", "lot_held")
    await tell(house, "garcia", "recall_started")
    before = len(garcia.shown())
    await house.courier.once()
    assert [("R26-0001" in text, "on hold" in text) for text in garcia.texts()[before:]] == [(True, False)]
    assert any("recall" in button for button in garcia.buttons())
    clock.on(hours=3)
    await house.courier.once()
    assert len(garcia.shown()) == before + 1
    clock.to(MORNING)
    await house.courier.once()
    assert "on hold" in garcia.read()


async def naive_once(house: ChatHouse) -> None:
    """The broken twin: whatever waits goes, whatever the hour."""
    async with house.store.database.writing() as writer:
        await writer.fetch("update telling set quiet_from = null")
    await house.courier.once()


async def test_a_courier_that_knows_no_quiet_hours_is_caught(house: ChatHouse, clock: Clock) -> None:
    garcia = await house.phone("garcia")
    await wish(house, "garcia", quiet_from="22:00", quiet_until="06:00")
    await tell(house, "garcia", "lot_held")
    await naive_once(house)
    assert "on hold" in garcia.read()


async def test_many_at_once_are_one_digest(house: ChatHouse, clock: Clock) -> None:
    garcia = await house.phone("garcia")
    await tell(house, "garcia", "lot_held", 25)
    before = len(garcia.shown())
    await house.courier.once()
    assert len(garcia.shown()) == before + 1
    assert "25 messages" in garcia.read() and "and 5 more" in garcia.read()
    assert await house.rows("select count(*) from outgoing where state = 'waiting'") == [(0,)]
    assert "What waits for you" in await garcia.press("What waits")


async def pass_tubing(house: ChatHouse) -> None:
    """A whole inspection without a fault."""
    garcia = await house.phone("garcia")
    number = await open_tubing(house)
    await garcia.say("/worklist")
    await garcia.press(number)
    await until_diameters(garcia)
    for value in ("4.10", "4.11", "3.00", "3.01"):
        await garcia.say(value)
    assert "passed" in garcia.live()


async def test_a_release_that_nobody_decides_on_goes_to_the_deputy_then_to_the_manager(
    house: ChatHouse, clock: Clock
) -> None:
    novak = (await house.who("novak")).person_id
    await wish(house, "sun", deputy_id=novak)
    await pass_tubing(house)
    clock.on(minutes=9)
    assert "release_deputy" not in await jobs(house)
    clock.on(minutes=2)
    assert "release_deputy" in await jobs(house)
    assert (await told(house, "novak", "release_deputy"), await told(house, "zhou", "release_escalated")) == (
        1,
        0,
    )
    clock.on(minutes=17)
    assert "release_manager" not in await jobs(house)
    clock.on(minutes=3)
    assert "release_manager" in await jobs(house)
    assert (await told(house, "novak", "release_deputy"), await told(house, "zhou", "release_escalated")) == (
        1,
        1,
    )
    clock.on(days=1)
    assert "release_manager" not in await jobs(house)


async def test_a_decided_release_escalates_to_nobody(house: ChatHouse, clock: Clock) -> None:
    await wish(house, "sun", deputy_id=(await house.who("novak")).person_id)
    await pass_tubing(house)
    async with house.store.database.writing() as writer:  # as a decision leaves it
        await writer.fetch("update portion set status = 'released'")
    clock.on(hours=1)
    assert "release_deputy" in await jobs(house)
    clock.on(hours=1)
    await jobs(house)
    assert (await told(house, "novak", "release_deputy"), await told(house, "zhou", "release_escalated")) == (
        0,
        0,
    )


async def test_the_morning_digest_comes_once_a_day_at_the_hour_that_was_chosen(
    house: ChatHouse, clock: Clock
) -> None:
    li = await house.phone("li", "zh")
    await wish(house, "li", digest_at="09:00")
    await wish(house, "li", digest_at="07:00")
    for day in range(3):
        clock.to(later("2026-12-01T23:00:01.000000Z", timedelta(days=day)))
        kinds = await jobs(house)
        assert kinds.count("morning_digest") == 1, kinds
        await house.courier.once()
        assert "检验" in li.read() and "待决定" in li.read()
        clock.on(hours=2)  # nine o'clock, of an earlier wish
        await jobs(house)
    assert await told(house, "li", "morning_digest") == 3


async def test_containment_that_nobody_does_is_asked_for_and_goes_to_the_manager(
    house: ChatHouse, clock: Clock
) -> None:
    garcia = await house.phone("garcia")
    number = await open_tubing(house)
    await garcia.say("/worklist")
    await garcia.press(number)
    await until_diameters(garcia)
    await garcia.say("4.35")
    await garcia.press("Confirm")
    await garcia.press("Record")
    for _ in range(2):
        clock.on(hours=25)
        assert "containment_reminder" in await jobs(house)
    assert await told(house, "novak", "containment_due") == 2
    assert await told(house, "zhou", "containment_due") == 1


class Line:
    """A channel's far end: cards that arrived, answers that it gives next."""

    def __init__(self) -> None:
        self.cards: list[tuple[Channel, Card]] = []
        self.answers: list[Sent] = []
        self.now = 0.0

    async def send(self, channel: Channel, card: Card) -> Sent:
        answer = self.answers.pop(0) if self.answers else Sent()
        if answer.why is None:
            self.cards.append((channel, card))
        return answer

    def courier(self, house: ChatHouse) -> ChannelCourier:
        return ChannelCourier(house.store, self.send, BASE_URL, lambda: self.now, house._no_sleep)


async def add(house: ChatHouse, login: str, **fields: Any) -> str:
    """A channel of one's own, or with `roles` a group's."""
    who, id = await house.who(login), house.store.new_id()
    given = {"kind": "wecom", "name": "robot", "address": KEY, **fields}
    if "roles" in given:
        return (await add_group_channel(house.store, who, AddGroupChannel(id=id, **given))).id
    return (await add_channel(house.store, who, AddChannel(id=id, **given))).id


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_a_channel_hears_what_its_person_is_told_once_and_without_values(
    house: ChatHouse, clock: Clock
) -> None:
    line = Line()
    courier = line.courier(house)
    await tell(house, "garcia", "lot_held")  # before there was a channel
    mine = await add(house, "garcia")
    urgent = await add(house, "garcia", kind="email", address="garcia@maker.example", urgent_only=True)
    await tell(house, "garcia", "lot_held")
    for _ in range(3):
        await courier.once()
        await line.courier(house).once()  # after a restart
    assert [(channel.id, card.title) for channel, card in line.cards] == [
        (mine, "🏷 A lot · L26-900000 · R26-0001")
    ]
    card = line.cards[0][1]
    assert (
        card.lines == ["For: Elena Garcia"]
        and card.link.startswith(f"{BASE_URL}/n/")
        and "x" not in card.title
    )
    await tell(house, "garcia", "recall_started")
    await courier.once()
    assert sorted(channel.id for channel, _ in line.cards[1:]) == sorted([mine, urgent])
    await end_channel(
        house.store, await house.who("garcia"), EndChannel(id=house.store.new_id(), channel_id=mine)
    )
    await tell(house, "garcia", "lot_held")
    await courier.once()
    assert len(line.cards) == 3
    page = await telling_page(house.store.read, await house.who("garcia"))
    assert [(one.kind, one.ends_with) for one in page.channels] == [("email", "mple")]


async def test_a_refusal_is_tried_again_given_up_shown_and_sent_again(house: ChatHouse, clock: Clock) -> None:
    line, who = Line(), await house.who("garcia")
    courier = line.courier(house)
    await add(house, "garcia")
    await tell(house, "garcia", "lot_held")
    line.answers = [Sent("wecom 45009 api freq out of limit", False, 60.0)]
    await courier.once()
    clock.on(seconds=30)
    await courier.once()
    assert line.cards == []
    clock.on(seconds=31)
    line.answers = [Sent("wecom 93000 invalid webhook url", True)]
    await courier.once()
    shown = (await messages(house.store.read, who.site_id, "failed"))[0]
    assert (shown.channel, shown.attempts, shown.why) == ("robot", 2, "wecom 93000 invalid webhook url")
    again = RetryMessage(id=house.store.new_id(), message_id=shown.id)
    await retry_message(house.store, await house.who("sun"), again)
    await courier.once()
    assert len(line.cards) == 1
    assert (await messages(house.store.read, who.site_id))[0].state == "closed"


async def test_a_browser_that_is_gone_is_told_nothing_more(house: ChatHouse, clock: Clock) -> None:
    """Its push service says so; the channel ends by itself, and its owner sees why."""
    line, who = Line(), await house.who("garcia")
    keys = ".".join(url64(bytes([4]) + bytes(size)) for size in (64, 15))
    await add(house, "garcia", kind="web_push", address="https://push.example/abc", secret=keys)
    line.answers = [Sent(GONE, True)]
    for _ in range(2):
        await tell(house, "garcia", "lot_held")
        await line.courier(house).once()
    assert line.cards == [] and line.answers == []
    page = await telling_page(house.store.read, who)
    assert page.channels == []
    shown = await messages(house.store.read, who.site_id, "failed")
    assert [(one.channel, one.why) for one in shown] == [("robot", "push_gone")]
    ended = await house.rows("select person_id from event where type = 'channel_ended'")
    assert ended == [(None,)], "no person ended it"


@pytest.mark.parametrize("secret", [None, "", "a.b", f"{'A' * 87}.{'A' * 22}", f"B{'A' * 86}"])
async def test_a_browser_without_keys_is_no_channel(house: ChatHouse, secret: str | None) -> None:
    with pytest.raises(Refused) as refused:
        await add(house, "garcia", kind="web_push", address="https://push.example/abc", secret=secret)
    assert [(each.code, each.field) for each in refused.value.reasons] == [("push_keys", "secret")]


async def test_twenty_a_minute_go_to_a_robot_and_none_is_lost(house: ChatHouse, clock: Clock) -> None:
    line = Line()
    courier = line.courier(house)
    await add(house, "garcia")
    sent = 0
    for minute in range(3):
        for _ in range(10):
            await tell(house, "garcia", "recall_started", 2)  # loud ones are never put together
            await courier.once()
            clock.on(seconds=1)
            line.now += 1
        assert len(line.cards) - sent <= A_MINUTE, minute
        sent = len(line.cards)
        clock.on(seconds=50)
        line.now += 50
        await courier.once()
    for _ in range(3):
        line.now += 61
        await courier.once()
    assert len({card.link for _, card in line.cards}) == 60 == len(line.cards)


async def test_a_group_hears_a_matter_once_and_only_those_it_is_for_may_act(
    house: ChatHouse, clock: Clock
) -> None:
    """Two supervisors are asked, one card stands in the group; its link opens for one of them and for nobody else."""
    garcia, novak = await house.phone("garcia"), await house.phone("novak")
    group = {"id": -1001234567890, "type": "supergroup", "title": "Floor"}
    private, novak.chat = novak.chat, group
    await novak.say("/here")
    novak.chat = private
    assert "This group" in house.telegram.called("sendMessage")[-1]["text"]
    number = await open_tubing(house)
    for _ in range(3):
        await house.courier.once()
    cards = [each for each in house.telegram.called("sendMessage") if each["chat_id"] == "-1001234567890"][1:]
    assert len(cards) == 1
    text = visible(cards[0]["text"])
    assert number in text and "Elena Garcia" in text and "PVC" not in text
    link = json.loads(cards[0]["reply_markup"])["inline_keyboard"][0][0]["url"]
    start = "/start " + link.partition("?start=")[2]
    assert link.startswith("https://t.me/lotgate_bot?start=n-")
    assert number in await garcia.say(start)
    assert "for somebody else" in await novak.say(start)
    stranger = house.stranger()
    assert "not linked" in await stranger.say(start) and number not in stranger.read()


async def test_a_group_that_threw_the_bot_out_is_given_up_and_shown(house: ChatHouse, clock: Clock) -> None:
    site = (await house.who("novak")).site_id
    await add(house, "novak", kind="telegram_group", address="-1001234567890", roles=["inspector"])
    await open_tubing(house)
    house.telegram.refusals["sendMessage"] = [
        Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
    ]
    await house.courier.once()
    (shown,) = [each for each in await messages(house.store.read, site) if each.channel == "robot"]
    assert shown.state == "failed" and "kicked" in (shown.why or "")
