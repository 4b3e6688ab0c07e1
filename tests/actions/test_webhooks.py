"""Events of the log told to another system: which, in what order, again after whatever goes wrong, and to whom not."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from backend import calling
from backend.actions import note_webhook_trouble
from backend.actions.add_webhook import AddWebhook, add_webhook
from backend.actions.change_webhook import ChangeWebhook, change_webhook
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.mark_seen import MarkSeen, mark_seen
from backend.actions.retry_message import RetryMessage, retry_message
from backend.actions.rotate_webhook_secret import RotateWebhookSecret, rotate_webhook_secret
from backend.actions.try_webhook import TryWebhook, try_webhook
from backend.calling import listen, send_due
from backend.domain.notices import Notice
from backend.domain.webhooks import WAITS, WebhookSecret
from backend.store.hooking import events_after, keep_heard
from backend.views.stuck import stuck_webhooks
from backend.views.telling import messages
from backend.views.webhooks import deliveries, webhook_page
from backend.views.worklist import worklist
from tests.actions.floor import Floor, codes
from tests.actions.receiver import Receiver, call, receiving

HOUSE = "https://lots.example"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def added(floor: Floor, receiver: Receiver, *types: str) -> str:
    """An endpoint at the receiver, which knows its secret."""
    command = AddWebhook(
        id=floor.new_id(), name="MES", address=receiver.address, types=list(types), inside="127.0.0.0/8"
    )
    shown: WebhookSecret = await add_webhook(floor.store, await floor.who("admin"), command)
    receiver.secret = shown.secret
    return shown.endpoint_id


async def held(floor: Floor, number: str) -> None:
    await hold_lot(
        floor.store, await floor.who("novak"), HoldLot(id=floor.new_id(), lot_number=number, reason="x")
    )


async def sent(floor: Floor, minutes: float = 0) -> int:
    """One look at log and outbox, so many minutes later."""
    floor.clock.forward(floor.clock.now + timedelta(minutes=minutes))
    await listen(floor.store)
    return await send_due(floor.store, HOUSE, call)


async def test_another_system_hears_what_it_asked_for_signed_and_in_order(
    floor: Floor, receiver: Receiver
) -> None:
    await floor.receive("0411/1")
    endpoint = await added(floor, receiver, "lot_received", "lot_held")
    received = await floor.receive("0412/1")
    number = (await floor.lot(received)).number
    await held(floor, number)
    assert await sent(floor) == 2
    first, second = receiver.taken
    assert first.signed and second.signed
    assert [each.body["type"] for each in receiver.taken] == ["lotgate.lot_received", "lotgate.lot_held"]
    assert second.body["source"] == HOUSE and second.body["data"]["lot"]["number"] == number
    assert second.body["data"]["lot"]["status"] == "held"
    assert await sent(floor) == 0, "each once"
    lines = await deliveries(floor.store.read, endpoint)
    assert [(each.type, each.state, each.status) for each in lines] == [
        ("lot_held", "sent", 204), ("lot_received", "sent", 204)
    ]  # fmt: skip


async def test_what_waits_long_stands_in_the_way_of_its_own_lot_alone(
    floor: Floor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an outage the oldest wait for hours: with room for one at a time the others go meanwhile."""
    monkeypatch.setattr(calling, "BATCH", 1)
    await added(floor, receiver, "lot_received", "lot_held")
    first = (await floor.lot(await floor.receive("0411/1"))).number
    await held(floor, first)
    other = (await floor.lot(await floor.receive("0412/1"))).number
    receiver.plan = [500]
    assert await sent(floor) == 0
    assert await sent(floor) == 1
    assert [each.body["data"]["lot"]["number"] for each in receiver.taken] == [other]
    for _ in range(2):
        await sent(floor, minutes=60)
    assert [each.body["type"] for each in receiver.taken[1:]] == ["lotgate.lot_received", "lotgate.lot_held"]


async def test_whatever_goes_wrong_it_is_told_again_under_the_same_id(
    floor: Floor, receiver: Receiver
) -> None:
    endpoint = await added(floor, receiver, "lot_received", "lot_held")
    number = (await floor.lot(await floor.receive("0411/1"))).number
    await held(floor, number)
    other = (await floor.lot(await floor.receive("0412/1"))).number
    receiver.plan = [500, 204]
    assert await sent(floor) == 1
    assert [each.body["data"]["lot"]["number"] for each in receiver.taken] == [other], (
        "nothing of a lot overtakes"
    )
    for trouble in ("die", 302, "sleep"):
        receiver.plan = [trouble]
        assert await sent(floor, 2 * 60) == 0
    waiting = (await deliveries(floor.store.read, endpoint))[-1]
    assert (waiting.state, waiting.attempts, waiting.why) == ("waiting", 4, "no_answer")
    assert await sent(floor, 3 * 60) == 2
    assert [each.body["type"] for each in receiver.taken[1:]] == ["lotgate.lot_received", "lotgate.lot_held"]
    again = Counter(each.id for each in receiver.sent)
    assert sorted(again.values()) == [1, 1, 5]
    assert len({str(each.body) for each in receiver.sent}) == 3, "the same id says the same"
    assert all(each.signed for each in receiver.sent)


async def test_a_crash_anywhere_loses_nothing_and_repeats_only_under_the_same_id(
    floor: Floor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await added(floor, receiver, "lot_received")

    class Killed(BaseException):
        """The process ends here."""

    async def killed(*_: Any) -> None:
        raise Killed

    for place in ("keep_heard", "keep_answered"):
        await floor.receive({"keep_heard": "0411/1", "keep_answered": "0412/1"}[place])
        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(calling, place, killed)
            await sent(floor)
    await sent(floor)
    assert len({each.id for each in receiver.taken}) == 2
    repeated = Counter(each.id for each in receiver.taken)
    assert max(repeated.values()) == 2, "sent, and the answer not kept: at least once"


async def test_a_listener_whose_mark_is_kept_before_its_deliveries_is_caught(
    floor: Floor, receiver: Receiver
) -> None:
    """The broken twin: mark first, deliveries after; between the two the process dies."""
    await added(floor, receiver, "lot_received")
    await floor.receive("0411/1")
    events = await events_after(floor.store.read, -1)
    await keep_heard(floor.store, [], (await floor.store.read.rows("select max(seq) from event"))[0][0])
    await sent(floor)
    assert events and receiver.taken == []


async def test_what_is_given_up_says_why_and_is_sent_again_when_asked(
    floor: Floor, receiver: Receiver
) -> None:
    endpoint = await added(floor, receiver, "lot_received")
    await floor.receive("0411/1")
    receiver.plan = [503] * (len(WAITS) + 1)
    for _ in range(len(WAITS) + 1):
        await sent(floor, 24 * 60 + 1)
    (line,) = await deliveries(floor.store.read, endpoint)
    assert (line.state, line.attempts, line.status) == ("failed", len(WAITS) + 1, 503)
    assert line.why is not None and line.why.startswith("HTTP 503 yyy") and len(line.why) <= 200
    shown = await messages(floor.store.read, floor.site_id, "failed")
    assert [(each.id, each.channel, each.code) for each in shown] == [(line.id, "MES", "webhook")]
    retry = RetryMessage(id=floor.new_id(), message_id=line.id)
    await retry_message(floor.store, await floor.who("admin"), retry)
    assert await sent(floor) == 1
    assert (await webhook_page(floor.store.read, floor.site_id)).endpoints[0].failed == 0


async def given_up(floor: Floor, receiver: Receiver, order: str) -> None:
    """An event that nobody takes, until nothing more is tried."""
    await floor.receive(order)
    receiver.plan = [503] * (len(WAITS) + 1)
    for _ in range(len(WAITS) + 1):
        await sent(floor, 24 * 60 + 1)


async def told_once(floor: Floor, receiver: Receiver) -> None:
    """Told at the first event that is given up and at the next one no more, until something was taken again."""
    await added(floor, receiver, "lot_received")
    admin = await floor.who("admin")
    for order in ("0411/1", "0412/1"):
        await given_up(floor, receiver, order)
        told = await floor.store.read.all(Notice, "code = 'webhook_given_up'")
        assert [(each.person_id, each.facts["name"]) for each in told] == [(admin.person_id, "MES")]
    for login in ("admin", "sun"):
        lines = (
            await worklist(floor.store.read, await floor.who(login), floor.clock.now.date(), floor.clock())
        ).stuck
        assert [(each.number, (each.what or "")[:8]) for each in lines if each.kind == "webhook"] == [
            ("MES", "HTTP 503")
        ]
    receiver.plan = []
    await floor.receive("0412/2")
    assert await sent(floor) == 1
    assert await stuck_webhooks(floor.store.read, floor.site_id) == []
    await given_up(floor, receiver, "0411/2")
    assert await floor.count("notice where code = 'webhook_given_up'") == 2


async def test_whoever_keeps_an_endpoint_is_told_once_that_it_takes_nothing_more(
    floor: Floor, receiver: Receiver
) -> None:
    await told_once(floor, receiver)


async def test_telling_again_for_each_event_is_caught(
    floor: Floor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> bool:
        return False

    monkeypatch.setattr(note_webhook_trouble, "trouble_told", never)
    with pytest.raises(AssertionError):
        await told_once(floor, receiver)


async def test_a_receiver_that_is_gone_is_asked_no_more(floor: Floor, receiver: Receiver) -> None:
    endpoint = await added(floor, receiver, "*")
    await floor.receive("0411/1")
    receiver.plan = [410]
    await sent(floor)
    (line,) = (await webhook_page(floor.store.read, floor.site_id)).endpoints
    assert (line.active, line.waiting) == (False, 0)
    (told,) = await floor.store.read.all(Notice, "code = 'webhook_gone'")
    assert [each.number for each in await stuck_webhooks(floor.store.read, floor.site_id)] == ["MES"]
    await mark_seen(floor.store, await floor.who("admin"), MarkSeen(id=floor.new_id(), notice_ids=[told.id]))
    assert await stuck_webhooks(floor.store.read, floor.site_id) == []
    await floor.receive("0412/1")
    assert await sent(floor) == 0
    admin = await floor.who("admin")
    on = ChangeWebhook(id=floor.new_id(), webhook_id=endpoint, types=["lot_received"], active=True)
    await change_webhook(floor.store, admin, on)
    assert await sent(floor) == 0, "what happened meanwhile is not told"
    await try_webhook(floor.store, admin, TryWebhook(id=floor.new_id(), webhook_id=endpoint))
    assert await sent(floor) == 1 and receiver.taken[-1].body["type"] == "lotgate.webhook_tried"


async def test_a_new_secret_signs_at_once_and_the_old_one_for_a_day(floor: Floor, receiver: Receiver) -> None:
    endpoint = await added(floor, receiver, "*")
    admin = await floor.who("admin")
    new = await rotate_webhook_secret(
        floor.store, admin, RotateWebhookSecret(id=floor.new_id(), webhook_id=endpoint)
    )
    assert new.secret != receiver.secret
    for minutes, signed in ((0, True), (25 * 60, False)):
        await try_webhook(floor.store, admin, TryWebhook(id=floor.new_id(), webhook_id=endpoint))
        assert await sent(floor, minutes) == 1
        assert receiver.taken[-1].signed is signed, "by the old one"
    receiver.secret = new.secret
    await try_webhook(floor.store, admin, TryWebhook(id=floor.new_id(), webhook_id=endpoint))
    await sent(floor)
    assert receiver.taken[-1].signed
    (body,) = (await floor.store.read.rows("select body from event where type = 'webhook_added'"))[0]
    assert "whsec_" not in body and "sha256:" in body


@pytest.mark.parametrize(
    ("address", "types", "code"),
    [
        ("http://127.0.0.1/in", ["*"], "webhook_inside"),
        ("http://mes.example/in", ["*"], "webhook_plain"),
        ("mes.example", ["*"], "webhook_address"),
        ("https://mes.example/in", [], "webhook_types"),
        ("https://mes.example/in", ["signed_in"], "webhook_type"),
    ],
)
async def test_what_cannot_be_an_endpoint(floor: Floor, address: str, types: list[str], code: str) -> None:
    command = AddWebhook(id=floor.new_id(), name="", address=address, types=types, inside="")
    assert await codes(add_webhook(floor.store, await floor.who("admin"), command)) == [code]
