"""The dispatcher that every transport feeds: Telegram, the page's chat, a terminal.

aiogram sorts updates and speaks the Bot API; the dialogue itself stands in `handlers/table.py`.
"""

from __future__ import annotations

import io
import re

from aiogram import Bot, Dispatcher, F, Router
from aiogram.types import CallbackQuery, Message

from backend.views.chat import Doors, asked_to_sign_at
from bot.cards import named_by
from bot.handlers import home, looking_up, notices, table
from bot.middleware import OneTurn
from bot.secrets_typed import asked_lately, looks_secret
from bot.showing import forget, strip_buttons
from bot.turn import Hands, Turn

LARGEST_PICTURE = 20 * 2**20
"""Bytes; the Bot API hands out no larger files."""
SIGNERS = {"supervisor", "quality_manager"}
_COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s.*)?", re.DOTALL)


def build_dispatcher(store: Doors, hands: Hands) -> Dispatcher:
    """A dispatcher with its own router; conversations are kept in the store, so aiogram's own are off."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher["turns"] = OneTurn(store, hands)
    dispatcher.update.outer_middleware(dispatcher["turns"])
    router = Router()
    router.message(F.text)(on_text)
    router.message(F.photo | F.document)(on_picture)
    router.message()(on_anything)
    router.callback_query()(on_press)
    dispatcher.include_router(router)
    return dispatcher


async def on_text(message: Message, turn: Turn, bot: Bot) -> None:
    """A command, an answer, or something that should never have been typed."""
    text = message.text or ""
    if await _is_secret(turn, text, f"{bot.id}:{message.chat.id}"):
        turn.secret = True
        await forget(bot, message)
        return
    command = _COMMAND.fullmatch(text)
    if command is None:
        await table.take_text(turn, text)
        return
    turn.fresh = True
    handle = named_by(text.partition(" ")[2].strip()) if command[1] == "start" else None
    if handle is not None:
        await notices.open_card(turn, handle)
        return
    act = table.COMMANDS.get(command[1])
    if act is None:
        await looking_up.say_help(turn)
    else:
        await act(turn)


async def _is_secret(turn: Turn, text: str, chat: str) -> bool:
    """After a signing notice, whatever is asked; and from people who sign, where nothing is asked.

    The same text is a reading or a lot number at any other time.
    """
    if text.startswith("/") or not looks_secret(text):
        return False
    asked_at = await asked_to_sign_at(turn.read, turn.who.person_id, chat)
    if asked_lately(asked_at, turn.talk.at, turn.store.clock()):
        return True
    signs = not SIGNERS.isdisjoint(turn.who.roles)
    return signs and not table.is_asking(turn.talk.step) and not await home.is_known(turn, text)


async def on_picture(message: Message, turn: Turn, bot: Bot) -> None:
    """The largest size of a photo, or a picture sent as a file."""
    file = message.photo[-1] if message.photo else message.document
    if file is None or (file.file_size or 0) > LARGEST_PICTURE:
        turn.above.append(turn.wording.say("reason.picture_too_large"))
        return
    data = io.BytesIO()
    await bot.download(file, destination=data)
    await table.take_picture(turn, data.getvalue())


async def on_anything(message: Message, turn: Turn) -> None:
    """A sticker, a voice message: back to the open item."""
    turn.fresh = True
    await looking_up.say_help(turn)


async def on_press(press: CallbackQuery, turn: Turn, bot: Bot) -> None:
    """A button of the live message, of an earlier one, or of a notice."""
    kind, _, rest = (press.data or "").partition(":")
    first, _, second = rest.partition(":")
    if kind == "N":
        await notices.press_notice(turn, first, second)
        return
    meant = _meaning(turn, first, second) if kind == "L" else None
    if meant is None:
        turn.alert = turn.wording.say("stale")
        if press.message is not None and press.message.message_id != turn.talk.live:
            turn.fresh = True
            await strip_buttons(bot, press.from_user.id, press.message.message_id)
        return
    await table.PRESSES[meant[0]](turn, *meant[1:])


def _meaning(turn: Turn, stamp: str, place: str) -> list[str] | None:
    """What the button meant in the state that it was made for; None once that state is over (REL-12)."""
    if not stamp or stamp != turn.talk.stamp or not place.isdigit() or int(place) >= len(turn.talk.presses):
        return None
    return turn.talk.presses[int(place)]
