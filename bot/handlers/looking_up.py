"""Questions in words: where a lot is, what stands against it, its trace as a picture; and help for where one stands."""

from __future__ import annotations

import re

from backend.domain.labels import read_label
from backend.domain.lots import ScannedCode
from backend.domain.searching import GRAM
from backend.views.search import search
from backend.views.trace_pictures import COLOURS, trace_svg
from bot.handlers import home
from bot.screens import MOST_BUTTONS, Button, Screen
from bot.talk import (
    Asked,
    Card,
    Correcting,
    Doubted,
    Evidence,
    Finished,
    Fitting,
    Judging,
    Label,
    NcrShown,
    ReadOff,
)
from bot.turn import Turn

LOT = re.compile(r"[A-Za-z]\d{2}-\d{6}")
PART = re.compile(rf"[A-Za-z0-9./_-]{{{GRAM},}}")
"""A part of a number; it has a digit."""
ASKS = {
    "blocks": re.compile(r"\bblock|in the way|why not|阻碍|卡在|为什么|放行不了", re.IGNORECASE),
    "trace": re.compile(r"\btrace\b|genealogy|made of|追溯|谱系", re.IGNORECASE),
    "where": re.compile(r"\bwhere\b|在哪|哪里|库位", re.IGNORECASE),
    "tasks": re.compile(r"my tasks|what waits|to ?do\b|待办|我的任务", re.IGNORECASE),
}
MOST_TOLD = 8


async def free_text(turn: Turn, text: str) -> None:
    """A label, a lot's number, a question about one; anything else returns to the open item, with help."""
    turn.fresh = True
    text = text.strip()
    if read_label(text, today=turn.today).valid:
        turn.talk.step = Label([ScannedCode(text)])
        return
    asks = next((name for name, words in ASKS.items() if words.search(text)), "")
    if asks == "tasks":
        await home.go_home(turn)
        return
    named = LOT.search(text)
    part = "" if named else _part_of(text)
    number = named[0] if named else part if asks else text
    if not number and isinstance(turn.talk.step, Card):
        number = turn.talk.step.number
    card = await home.card_of(turn, number) if number else None
    if card is not None and asks == "trace":
        await trace(turn, card.number)
    elif card is not None:
        turn.talk.step = Card(card.number, asks)
    elif part and (asks or part == text) and await _fitting(turn, part, asks):
        return
    elif named or asks:
        turn.tell("lot_unknown_here", number=number) if number else turn.tell("ask_which_lot")
    else:
        await say_help(turn)


def _part_of(text: str) -> str:
    """The one word of a text that may be a part of a number; "" where there is none, or several."""
    words = [word for word in PART.findall(text) if any(map(str.isdecimal, word))]
    return words[0] if len(words) == 1 else ""


async def _fitting(turn: Turn, part: str, asks: str) -> bool:
    """The lot that has this in its number is shown; of several it is asked which."""
    found = await search(turn.read, turn.who.site_id, part, turn.today)
    numbers = [hit.number for hit in found.hits if hit.kind == "lot"]
    if len(numbers) == 1:
        turn.talk.step = Card(numbers[0], asks if asks != "trace" else "")
        if asks == "trace":
            await trace(turn, numbers[0])
    elif numbers:
        turn.talk.step = Fitting(part, numbers[: MOST_BUTTONS - 1])
    return bool(numbers)


async def show_fitting(turn: Turn, step: Fitting) -> Screen:
    """A button a lot; whoever wants another types more of its number."""
    rows = [[Button(number, ("lot", number))] for number in step.numbers]
    home_row = [Button(turn.wording.say("button_home"), ("home",))]
    return Screen(turn.wording.say("lots_fit", text=step.text), [*rows, home_row])


async def trace(turn: Turn, number: str) -> None:
    """The genealogy: a picture where the chat takes one, and the same in words."""
    words = {status: str(turn.wording.one_of("status", status)) for status in COLOURS}
    svg, found = await trace_svg(turn.read, turn.who.site_id, number, words)
    up = [node.number for node in found.nodes if node.depth < 0]
    down = [node.number for node in found.nodes if node.depth > 0]
    nothing = turn.wording.say("wish_none")
    turn.tell("trace_said", number=number, up=_some(up) or nothing, down=_some(down) or nothing)
    turn.talk.step = Card(number)
    if turn.hands.draw is not None and len(found.nodes) > 1:
        turn.picture = await turn.hands.draw(svg)


def _some(numbers: list[str]) -> str:
    more = f" + {len(numbers) - MOST_TOLD}" if len(numbers) > MOST_TOLD else ""
    return ", ".join(numbers[:MOST_TOLD]) + more


_HELP = {
    Asked: "help.asked",
    Doubted: "help.doubted",
    ReadOff: "help.doubted",
    Judging: "help.doubted",
    Evidence: "help.evidence",
    Correcting: "help.correcting",
    NcrShown: "help.ncr",
    Label: "help.label",
    Card: "help.card",
    Finished: "help.card",
}


async def say_help(turn: Turn) -> None:
    """What can be done just now, then what always can."""
    key = _HELP.get(type(turn.talk.step))
    if key is not None:
        turn.tell(key)
    turn.tell("help")
