"""Notices on channels beside page and bot: fanned out, paced, delivered at least once, given up with a reason."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from backend.actions.end_channel import EndChannel, end_channel
from backend.actions.keep_delivery import keep_failure, keep_for_channels, keep_together, keep_waiting
from backend.domain.errors import Stale
from backend.domain.push import GONE
from backend.domain.security import system
from backend.domain.telling import MANY, ROBOTS, Channel, Sent, is_loud, quiet_until
from backend.views.chat import Doors, Unreachable, zone_of
from backend.views.telling import ChannelDelivery, due_on_channels, untold
from bot.cards import Card, card_of, digest_of
from bot.words.wording import Wording

PAUSE = 2.0
"""Seconds between two looks."""
A_MINUTE = 20
"""Messages that a robot takes in 60 s (WeCom, DingTalk; Feishu takes more)."""
KINDS = (*ROBOTS, "email", "apprise", "web_push")
log = logging.getLogger(__name__)


Sender = Callable[[Channel, Card], Awaitable[Sent]]


class Minute:
    """How many went to each channel in the last sixty seconds."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[float]] = {}

    def free_in(self, channel: str, now: float) -> float:
        """Seconds until one more may go; 0: now."""
        sent = self._sent.setdefault(channel, deque())
        while sent and sent[0] <= now - 60:
            sent.popleft()
        return sent[0] + 60 - now if len(sent) >= A_MINUTE else 0.0

    def took(self, channel: str, now: float) -> None:
        """One went."""
        self._sent.setdefault(channel, deque()).append(now)


class ChannelCourier:
    """Delivers cards. `clock` in seconds, steady."""

    def __init__(
        self,
        store: Doors,
        send: Sender,
        base_url: str,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.store, self.send, self.base_url, self.clock, self.sleep = store, send, base_url, clock, sleep
        self.minute = Minute()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.once()
            except Unreachable:
                log.warning("the database can't be reached; channels wait")
            await self.sleep(PAUSE)

    async def once(self) -> int:
        """Everything that is due now; how many cards went."""
        await fan_out(self.store)
        due: dict[str, list[ChannelDelivery]] = {}
        for each in await due_on_channels(self.store.read, self.store.clock(), KINDS):
            due.setdefault(each.channel.id, []).append(each)
        return sum([await self._channel(waiting) for waiting in due.values()])

    async def _channel(self, waiting: list[ChannelDelivery]) -> int:
        ready = await self._ready(waiting)
        loud = [each for each in ready if is_loud(each.notice.code)]
        quiet = [each for each in ready if not is_loud(each.notice.code)]
        batches = [[each] for each in loud]
        batches += [quiet] if len(quiet) >= MANY else [[each] for each in quiet]
        return sum([await self._deliver(cards) for cards in batches])

    async def _ready(self, waiting: list[ChannelDelivery]) -> list[ChannelDelivery]:
        """Those that may be told now."""
        ready = []
        for each in waiting:
            if each.channel.ended_at is not None or not each.active:
                why = "channel_ended" if each.channel.ended_at is not None else "person_inactive"
                await keep_failure(self.store, each.outgoing, why, final=True)
                continue
            zone = await zone_of(self.store.read, each.outgoing.site_id)
            until = quiet_until(each.telling, self.store.clock(), zone)
            if until is not None and not is_loud(each.notice.code):
                await keep_waiting(self.store, [each.outgoing], until)
            else:
                ready.append(each)
        return ready

    async def _deliver(self, cards: Sequence[ChannelDelivery]) -> int:
        first = cards[0]
        robot = first.channel.kind in ROBOTS
        if robot and self.minute.free_in(first.channel.id, self.clock()) > 0:
            return 0
        wording = Wording(first.who.language, await zone_of(self.store.read, first.outgoing.site_id))
        if len(cards) == 1:
            card = card_of(wording, first.notice, first.names, self.base_url)
        else:
            card = digest_of(wording, [each.notice for each in cards], self.base_url)
        self.minute.took(first.channel.id, self.clock())
        outcome = await self.send(first.channel, card)
        if outcome.why is None:
            await keep_together(self.store, [each.outgoing for each in cards])
            return 1
        for each in cards:
            wait = timedelta(seconds=outcome.wait)
            await keep_failure(self.store, each.outgoing, outcome.why, outcome.final, wait)
        if outcome.why == GONE:
            ended = EndChannel(id=self.store.new_id(), channel_id=first.channel.id)
            await end_channel(self.store, system(first.channel.site_id), ended)
        return 0


async def fan_out(store: Doors) -> None:
    """A message for each channel that has yet to tell a notice."""
    found = [(each.outgoing, each.channel.id) for each in await untold(store.read, store.clock())]
    if found:
        try:
            await keep_for_channels(store, found)
        except Stale:
            log.info("another process was faster")
