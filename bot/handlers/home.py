"""The worklist, a lot's card, the language."""

from __future__ import annotations

from backend.actions.set_language import SetLanguage, set_language
from backend.domain.errors import NotFound
from backend.domain.labels import read_label
from backend.domain.words import Language
from backend.views.lot_blockers import blockers_of
from backend.views.lot_cards import LotCard, lot_card
from backend.views.worklist import worklist
from bot.dialogues.labels import card_screen
from bot.dialogues.worklist import home_screen
from bot.screens import Button, Screen
from bot.talk import Card, Home, Languages
from bot.turn import Turn
from bot.words.wording import Wording

LONGEST_NUMBER = 40


async def show_home(turn: Turn, step: Home) -> Screen:
    """What waits."""
    work = await worklist(turn.read, turn.who, turn.today)
    return home_screen(turn.wording, work, step.first, turn.hands.base_url)


async def go_home(turn: Turn, first: str = "0") -> None:
    """To the worklist, from a place in it."""
    turn.talk.step = Home(int(first))


async def show_card(turn: Turn, step: Card) -> Screen:
    """A lot, and what stands against it where that is asked for."""
    card = await lot_card(turn.read, turn.who.site_id, step.number)
    reasons = (
        await blockers_of(turn.read, card, turn.who, turn.today.isoformat())
        if step.asks == "blocks"
        else None
    )
    return card_screen(turn.wording, card, turn.who.roles, turn.hands.base_url, reasons)


async def open_card(turn: Turn, number: str, asks: str = "") -> None:
    """Show a lot, with what is asked of it."""
    turn.talk.step = Card(number, asks)


async def show_languages(turn: Turn, step: Languages) -> Screen:
    """Each language in itself."""
    row = [Button("中文", ("language", "zh")), Button("English", ("language", "en"))]
    return Screen(turn.wording.say("ask_language"), [row])


async def open_languages(turn: Turn) -> None:
    """Which?"""
    turn.talk.step = Languages()


async def choose_language(turn: Turn, language: Language) -> None:
    """From now on, here and on every front."""
    command = SetLanguage(id=turn.command_id("language"), language=language)
    await set_language(turn.store, turn.who, command)
    turn.wording = Wording(language, turn.wording.zone)
    turn.tell("language_set")
    turn.talk.step = Home()


async def is_known(turn: Turn, text: str) -> bool:
    """Whether the text is a label's or a lot's number here."""
    return read_label(text, today=turn.today).valid or await card_of(turn, text) is not None


async def card_of(turn: Turn, text: str) -> LotCard | None:
    """Of the lot whose number the text is; None: it is none here."""
    number = text.strip().upper()
    if not number or len(number) > LONGEST_NUMBER:
        return None
    try:
        return await lot_card(turn.read, turn.who.site_id, number)
    except NotFound:
        return None
