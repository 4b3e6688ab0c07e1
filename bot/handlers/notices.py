"""Buttons below a notice: they lead into the dialogue, if they are this person's and still make sense (REL-12)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from backend.domain.notices import Notice
from backend.views.chat import notice_of
from backend.views.inspections import inspection_sheet
from backend.views.telling import my_notice
from bot.dialogues.notices import VERBS, notice_text
from bot.handlers import deciding
from bot.handlers.inspection_screens import go_on
from bot.talk import Home
from bot.turn import Turn


async def _inspect(turn: Turn, notice: Notice) -> None:
    sheet = await inspection_sheet(turn.read, notice.subject_id, turn.who.person_id)
    if sheet.status in ("passed", "failed"):
        turn.alert = turn.wording.say("gone")
    go_on(turn, sheet, [])


async def _contain(turn: Turn, notice: Notice) -> None:
    await deciding.contain(turn, notice.subject_id)


async def _decide(turn: Turn, notice: Notice) -> None:
    await deciding.decide(turn, notice.subject_id)


async def _open(turn: Turn, notice: Notice) -> None:
    await deciding.open_ncr(turn, notice.subject_id)


async def _done(turn: Turn, notice: Notice) -> None:
    await deciding.ask_outcome(turn, str(notice.facts.get("follow_up", "")))


async def _send_back(turn: Turn, notice: Notice) -> None:
    deciding.ask_what_is_missing(turn, notice.subject_id)


async def _work(turn: Turn, notice: Notice) -> None:
    turn.talk.step = Home()


_VERBS: dict[str, Callable[[Turn, Notice], Awaitable[None]]] = {
    "inspect": _inspect,
    "contain": _contain,
    "decide": _decide,
    "open": _open,
    "done": _done,
    "send_back": _send_back,
    "work": _work,
}


async def open_card(turn: Turn, notice_id: str) -> None:
    """From a card in a group: the handle grants nothing, and leads one to one's own notice of the same event only."""
    notice = await my_notice(turn.read, notice_id, turn.who.person_id)
    if notice is None:
        turn.tell("not_yours")
        return
    verbs = VERBS.get(notice.code, ())
    if verbs:
        await _VERBS[verbs[0][0]](turn, notice)
    else:
        turn.above.append(notice_text(turn.wording, notice))
        turn.talk.step = Home()


async def press_notice(turn: Turn, notice_id: str, verb: str) -> None:
    """Take it up in a new live message below; somebody else's notice leads nowhere."""
    notice = await notice_of(turn.read, notice_id)
    act = _VERBS.get(verb)
    if notice is None or act is None or notice.person_id != turn.who.person_id:
        turn.alert = turn.wording.say("not_yours")
        return
    turn.fresh = True
    await act(turn, notice)
