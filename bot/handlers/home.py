"""The worklist, the language, and whatever text belongs to no question."""

from __future__ import annotations

from backend.actions.set_language import SetLanguage, set_language
from backend.domain.errors import NotFound
from backend.domain.labels import read_label
from backend.domain.lots import ScannedCode
from backend.domain.words import Language
from backend.views.lot_cards import LotCard, lot_card
from backend.views.worklist import worklist
from bot.dialogues.labels import card_screen
from bot.dialogues.worklist import home_screen
from bot.screens import Button, Screen
from bot.talk import Card, Home, Label, Languages, Step
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
    """A lot."""
    card = await lot_card(turn.read, turn.who.site_id, step.number)
    return card_screen(turn.wording, card, turn.who.roles, turn.hands.base_url)


async def open_card(turn: Turn, number: str) -> None:
    """Show a lot."""
    turn.talk.step = Card(number)


async def show_languages(turn: Turn, step: Languages) -> Screen:
    """Each language in itself."""
    row = [Button("中文", ("language", "zh")), Button("English", ("language", "en"))]
    return Screen(turn.wording.say("ask_language"), [row])


async def choose_language(turn: Turn, language: Language) -> None:
    """From now on, here and on every front."""
    command = SetLanguage(id=turn.command_id("language"), language=language)
    await set_language(turn.store, turn.who, command)
    turn.wording = Wording(language, turn.wording.zone)
    turn.tell("language_set")
    turn.talk.step = Home()


async def free_text(turn: Turn, step: Step, text: str) -> None:
    """A lot number shows its card, a label's text is a scan; anything else returns to the open item."""
    turn.fresh = True
    text = text.strip()
    if read_label(text, today=turn.today).valid:
        turn.talk.step = Label([ScannedCode(text)])
        return
    card = await _card(turn, text)
    if card is not None:
        turn.talk.step = Card(card.number)
        return
    turn.tell("help")


async def is_known(turn: Turn, text: str) -> bool:
    """Whether the text is a label's or a lot's number here."""
    return read_label(text, today=turn.today).valid or await _card(turn, text) is not None


async def _card(turn: Turn, text: str) -> LotCard | None:
    number = text.strip().upper()
    if not number or len(number) > LONGEST_NUMBER:
        return None
    try:
        return await lot_card(turn.read, turn.who.site_id, number)
    except NotFound:
        return None
