"""An inspection that was begun here and left: a reminder after a quarter of an hour, back to the pool after two hours.

Nothing is lost: answers are on record as they are given, and what was typed or photographed for the item at hand
stays with the dialogue, which goes on there when its person comes back.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from backend.actions.keep_turn import keep_turn
from backend.actions.leave_inspection import LeaveInspection, leave_inspection
from backend.domain.errors import LotgateError
from backend.domain.security import system
from backend.views.chat import Doors, chat_person, conversation, idle_conversations
from backend.views.inspections import inspection_sheet
from bot.middleware import OneTurn
from bot.talk import Asked, Doubted, Evidence, Home, Judging, ReadOff, Talk, stored_form, talk_of
from bot.turn import command_id

REMIND_AFTER = timedelta(minutes=15)
RETURN_AFTER = timedelta(hours=2)
AT_AN_ITEM = (Asked, Doubted, Judging, Evidence, ReadOff)
log = logging.getLogger(__name__)


class Idle:
    """For one bot; `turns` keeps it from a dialogue that somebody is at just now."""

    def __init__(self, store: Doors, turns: OneTurn, bot_id: int) -> None:
        self.store, self.turns, self.bot_id = store, turns, bot_id

    async def once(self) -> int:
        """Look at every dialogue that stands at an item; how many were reminded or given back."""
        names = [each.__name__ for each in AT_AN_ITEM]
        count = 0
        for place in await idle_conversations(self.store.read, str(self.bot_id), names):
            user = place.rpartition(":")[2]
            who = await chat_person(self.store.read, str(self.bot_id), user, self.store.clock())
            if who is not None:
                count += await self.look(place, who.person_id, who.site_id)
        return count

    async def look(self, place: str, person_id: str, site_id: str) -> bool:
        """One dialogue; whether anything was done about it."""
        async with self.turns.lock(place):
            talk = talk_of(await conversation(self.store.read, place))
            step = talk.step
            if not isinstance(step, AT_AN_ITEM) or not talk.at:
                return False
            idle = datetime.fromisoformat(self.store.clock()) - datetime.fromisoformat(talk.at)
            back = idle >= RETURN_AFTER
            if not back and (idle < REMIND_AFTER or talk.reminded):
                return False
            await self._leave(place, talk, step.at.inspection, person_id, site_id, back)
            talk.reminded = True
            if back:
                talk.parked, talk.step, talk.stamp = step, Home(), ""
            await keep_turn(self.store, stored_form(place, talk), None)
        return True

    async def _leave(
        self, place: str, talk: Talk, inspection: str, person_id: str, site_id: str, back: bool
    ) -> None:
        """The same silence tells once, however often this runs."""
        try:
            sheet = await inspection_sheet(self.store.read, inspection, person_id)
            command = LeaveInspection(
                id=command_id(f"{place}:{talk.at}", "back" if back else "left"),
                inspection_id=inspection,
                person_id=person_id,
                answered=sheet.answered,
                total=sheet.total,
                back=back,
            )
            await leave_inspection(self.store, system(site_id), command)
        except LotgateError as error:
            log.info("an inspection that was left is gone: %s", error)
