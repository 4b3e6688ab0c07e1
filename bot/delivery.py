"""Delivering notices: rows that were written with the change that caused them become chat messages.

A row stays `waiting` until its message was accepted, so that a crash in between sends it once more rather
than never; its message id is kept, so that it is edited later instead of being followed by another.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError

from backend.actions.keep_delivery import (
    keep_closed,
    keep_failure,
    keep_sent,
    keep_together,
    keep_waiting,
)
from backend.actions.note_report import NoteReport, note_report
from backend.domain.days import day_of
from backend.domain.errors import LotgateError
from backend.domain.notices import Notice
from backend.domain.people import Who
from backend.domain.telling import MANY, is_loud, quiet_until
from backend.views.chat import (
    CHANGING,
    Delivery,
    Doors,
    Settlement,
    Standing,
    Unreachable,
    due_deliveries,
    settlements,
    standing_deliveries,
    zone_of,
)
from backend.views.releases import ReleaseSheet, release_sheet
from backend.views.telling import due_on_channels
from bot.cards import card_of, handle_of
from bot.channels import fan_out
from bot.dialogues.notices import (
    CHARTED,
    RELEASES,
    digest_screen,
    group_screen,
    notice_screen,
    settled_text,
)
from bot.pace import Pace
from bot.screens import Screen, fitted
from bot.showing import edit_screen, send_file, send_picture, send_screen
from bot.words.wording import Wording

PAUSE = 1.0
"""Seconds between two looks at what waits."""
AS_FILE = "as_file"
"""The fact of a notice that says so."""
log = logging.getLogger(__name__)


class Handed(NamedTuple):
    """A file that a notice hands over, and what the log is told of it once it has arrived."""

    name: str
    body: bytes
    noted: NoteReport


class Courier:
    """Delivers for one bot. `clock` in seconds, steady. `draw`: the picture (PNG) of a notice that has one. `idle`:
    looks after dialogues that were left. `hand`: the file of a notice that is handed over with it."""

    def __init__(
        self,
        store: Doors,
        bot: Bot,
        base_url: str,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        draw: Callable[[Notice, Who], Awaitable[bytes | None]] | None = None,
        idle: Callable[[], Awaitable[int]] | None = None,
        hand: Callable[[Notice, Who], Awaitable[Handed | None]] | None = None,
    ) -> None:
        self.store, self.bot, self.base_url, self.clock, self.sleep = store, bot, base_url, clock, sleep
        self.draw, self.idle, self.hand = draw, idle, hand
        self.pace = Pace()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.once()
            except Unreachable:
                log.warning("the database can't be reached; delivery waits")
            await self.sleep(PAUSE)

    async def once(self) -> int:
        """Everything that is due now; how many messages were sent or edited."""
        count = 0
        if self.idle is not None:
            await self.idle()
        due = await due_deliveries(self.store.read, str(self.bot.id), self.store.clock())
        waiting = await self._ready(due)
        while waiting:
            chat = self.pace.soonest(waiting)
            batch = waiting[chat].pop(0)
            if not waiting[chat]:
                del waiting[chat]
            count += await (self._deliver(batch[0]) if len(batch) == 1 else self._digest(chat, batch))
        count += await self._groups()
        standing = {each.outgoing.notice_id: each for each in await standing_deliveries(self.store.read)}
        for settlement in await settlements(self.store.read, list(standing)):
            count += await self._settle(standing[settlement.notice.id], settlement)
        return count

    async def _ready(self, due: Sequence[Delivery]) -> dict[int, list[list[Delivery]]]:
        """What may be told now, by chat, as single messages or as one digest; the rest waits or is given up."""
        by_chat: dict[int, list[Delivery]] = {}
        for each in due:
            if not each.active or each.chat_user is None:
                reason = "no_chat_account" if each.active else "person_inactive"
                await keep_failure(self.store, each.outgoing, reason, final=True)
                continue
            until = await self._quiet(each)
            if until is not None:
                await keep_waiting(self.store, [each.outgoing], until)
            else:
                by_chat.setdefault(int(each.chat_user), []).append(each)
        return {chat: batches_of(found) for chat, found in by_chat.items()}

    async def _quiet(self, delivery: Delivery) -> str | None:
        if is_loud(delivery.notice.code):
            return None
        zone = await zone_of(self.store.read, delivery.outgoing.site_id)
        return quiet_until(delivery.telling, self.store.clock(), zone)

    async def _digest(self, chat: int, batch: Sequence[Delivery]) -> int:
        """Many at once are one message."""
        who, newest = batch[0].who, batch[-1].notice
        wording = Wording(who.language, await zone_of(self.store.read, who.site_id))
        screen = digest_screen(wording, [each.notice for each in batch])
        await self.sleep(self.pace.wait(chat, self.clock()))
        try:
            message_id, _ = await send_screen(self.bot, chat, screen, "")
        except TelegramAPIError as error:
            final = isinstance(error, TelegramForbiddenError | TelegramBadRequest)
            for each in batch:
                await keep_failure(self.store, each.outgoing, error.message, final=final)
            return 0
        log.info("a digest of %s, up to %s", len(batch), newest.id)
        await keep_together(self.store, [each.outgoing for each in batch], str(chat), message_id)
        return 1

    async def _groups(self) -> int:
        """Cards for groups of this bot: no value, and a link for those whom the matter is for."""
        await fan_out(self.store)
        due = await due_on_channels(self.store.read, self.store.clock(), ("telegram_group",))
        count = 0
        for each in due:
            if each.channel.ended_at is not None:
                await keep_failure(self.store, each.outgoing, "channel_ended", final=True)
                continue
            chat = int(each.channel.address)
            wording = Wording(each.who.language, await zone_of(self.store.read, each.outgoing.site_id))
            card = card_of(wording, each.notice, each.names, self.base_url)
            link = f"https://t.me/{(await self.bot.me()).username}?start={handle_of(each.notice.id)}"
            screen = group_screen(card, link)
            await self.sleep(self.pace.wait(chat, self.clock()))
            try:
                message_id, _ = await send_screen(self.bot, chat, screen, "")
            except TelegramAPIError as error:
                final = isinstance(error, TelegramForbiddenError | TelegramBadRequest)
                await keep_failure(self.store, each.outgoing, error.message, final=final)
                continue
            await keep_together(self.store, [each.outgoing], each.channel.address, message_id)
            count += 1
        return count

    async def _deliver(self, delivery: Delivery) -> int:
        chat = int(delivery.chat_user or 0)
        screen = await screen_of(self.store, delivery.who, delivery.notice, self.base_url)
        await self.sleep(self.pace.wait(chat, self.clock()))
        try:
            picture = None
            if self.draw is not None and delivery.notice.code == CHARTED:
                picture = await self.draw(delivery.notice, delivery.who)
            handed = None
            if self.hand is not None and delivery.notice.facts.get(AS_FILE):
                handed = await self.hand(delivery.notice, delivery.who)
            if picture is not None:
                message_id = await send_picture(self.bot, chat, screen, picture)
            elif handed is not None:
                message_id = await send_file(self.bot, chat, screen, handed.name, handed.body)
                await note_report(self.store, delivery.who, handed.noted)
            else:
                message_id, _ = await send_screen(self.bot, chat, screen, "")
        except (TelegramForbiddenError, TelegramBadRequest) as error:
            await keep_failure(self.store, delivery.outgoing, error.message, final=True)
            return 0
        except TelegramAPIError as error:
            await keep_failure(self.store, delivery.outgoing, error.message, final=False)
            return 0
        closed = delivery.notice.code not in CHANGING or not screen.rows
        await keep_sent(self.store, delivery.outgoing, str(chat), message_id, closed)
        return 1

    async def _settle(self, standing: Standing, settled: Settlement) -> int:
        """The message says how its matter ended, and asks for nothing more."""
        outgoing = standing.outgoing
        if outgoing.chat is not None and outgoing.message_id is not None:
            wording = Wording(standing.language, await zone_of(self.store.read, outgoing.site_id))
            text = settled_text(wording, settled.notice, settled.code, settled.by, settled.at)
            chat = int(outgoing.chat)
            await self.sleep(self.pace.wait(chat, self.clock()))
            try:
                await edit_screen(self.bot, chat, outgoing.message_id, Screen(fitted(text)), "")
            except TelegramForbiddenError:
                log.info("a chat was closed by its person; its notice stays as it is")
            except TelegramAPIError as error:
                log.info("a settled notice is edited later: %s", error.message)
                return 0
        await keep_closed(self.store, outgoing)
        return 1


def batches_of(found: Sequence[Delivery]) -> list[list[Delivery]]:
    """Each by itself, or all as one from `MANY` on; what is loud or comes with a picture or a file always by itself."""
    alone = [
        each
        for each in found
        if is_loud(each.notice.code) or each.notice.code == CHARTED or each.notice.facts.get(AS_FILE)
    ]
    others = [each for each in found if each not in alone]
    if len(others) < MANY:
        return [[each] for each in found]
    return [*([each] for each in alone), others]


async def screen_of(store: Doors, who: Who, notice: Notice, base_url: str) -> Screen:
    """A notice as this person reads it; a release with what stands in its way just now.

    One whose matter is done by the time it is delivered says so and asks for nothing.
    """
    wording = Wording(who.language, await zone_of(store.read, who.site_id))
    for settled in await settlements(store.read, [notice.id]):
        return Screen(fitted(settled_text(wording, notice, settled.code, settled.by, settled.at)))
    sheet: ReleaseSheet | None = None
    if notice.code in RELEASES:
        try:
            today = day_of(store.clock(), wording.zone).isoformat()
            sheet = await release_sheet(store.read, notice.subject_id, who, today)
        except LotgateError:
            log.warning("a release that waits could not be read; its notice goes without a summary")
    screen = notice_screen(wording, notice, sheet, base_url)
    return Screen(fitted(screen.text), screen.rows)
