"""How one is told, chosen in chat; channels hold secrets and are added on the page."""

from __future__ import annotations

import re

from backend.actions.set_telling import SetTelling, set_telling
from backend.views.ncrs import PersonRef
from backend.views.people import list_people
from backend.views.telling import telling_page
from bot.dialogues.wishes import wishes_screen
from bot.screens import Screen
from bot.talk import Wishes
from bot.turn import Turn

_BETWEEN = re.compile(r"\s*[-–—~至到]\s*")


async def show_wishes(turn: Turn, step: Wishes) -> Screen:
    """As they are."""
    page = await telling_page(turn.read, turn.who)
    people = await list_people(turn.read, turn.who.site_id) if step.asking == "deputy" else []
    others = [
        PersonRef(each.id, each.printed_name)
        for each in people
        if each.active and each.id != turn.who.person_id
    ]
    return wishes_screen(turn.wording, page, others, step, turn.hands.base_url)


async def open_wishes(turn: Turn, asking: str = "", first: str = "0") -> None:
    """All of it, or one to be changed."""
    turn.talk.step = Wishes(asking, int(first))


async def choose(turn: Turn, of: str, value: str) -> None:
    """One of the choices."""
    await _set(turn, of, value.strip())


async def typed(turn: Turn, step: Wishes, text: str) -> None:
    """A time, or a span of times, as people write them."""
    await _set(turn, step.asking, _clock(text))


def _clock(text: str) -> str:
    """Full-width colons, one-digit hours and other dashes are what is meant."""
    parts = _BETWEEN.split(text.strip().replace("：", ":"))
    return "-".join(f"0{part}" if re.fullmatch(r"\d:\d\d", part) else part for part in parts)


async def _set(turn: Turn, of: str, value: str) -> None:
    page = await telling_page(turn.read, turn.who)
    begins, _, ends = value.partition("-")
    quiet = (begins or None, ends or None) if of == "quiet" else (page.quiet_from, page.quiet_until)
    command = SetTelling(
        id=turn.command_id("wish"),
        quiet_from=quiet[0],
        quiet_until=quiet[1],
        digest_at=(value or None) if of == "digest" else page.digest_at,
        deputy_id=(value or None) if of == "deputy" else page.deputy_id,
    )
    await set_telling(turn.store, turn.who, command)
    turn.tell("wish_kept")
    turn.talk.step = Wishes()
