"""Putting a turn's outcome into the chat: one live message, edited in place; every press answered."""

from __future__ import annotations

import logging
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    GetUpdates,
    Response,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message

from bot.screens import MOST_CAPTION, Button, Screen, fitted, keyboard
from bot.turn import Turn

MOST_BELOW = 4
"""Messages after which a live message has left the screen, so that a new one takes its place."""
LONGEST_ALERT = 200
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
CALLS: tuple[type[TelegramMethod[Any]], ...] = (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    GetUpdates,
    SendDocument,
    SendMessage,
    SendPhoto,
)
ANSWERS: tuple[Any, ...] = tuple(Response[call.__returning__] for call in CALLS)  # type: ignore[name-defined]
"""The types of their answers. aiogram makes one for each answer, which takes 40 ms, unless somebody keeps it."""
log = logging.getLogger(__name__)


async def show_turn(bot: Bot, chat_id: int, turn: Turn, screen: Screen, press: CallbackQuery | None) -> None:
    """Answer the press, show the screen, remember where and what its buttons mean."""
    talk = turn.talk
    if press is not None:
        await answer_press(bot, press, turn.alert)
    elif turn.alert:
        turn.above.append(turn.alert)
    text = fitted("\n\n".join([*turn.above, screen.text]))
    shown = Screen(text, screen.rows)
    try:
        if turn.picture is not None:
            await bot.send_photo(chat_id=chat_id, photo=BufferedInputFile(turn.picture, "trace.png"))
            turn.fresh = True
        edited = None
        if talk.live is not None and not turn.fresh and talk.below < MOST_BELOW:
            edited = await edit_screen(bot, chat_id, talk.live, shown, turn.stamp)
        if edited is None:
            old = talk.live
            talk.live, talk.presses = await send_screen(bot, chat_id, shown, turn.stamp)
            talk.below = 0
            await strip_buttons(bot, chat_id, old)
        else:
            talk.presses = edited
    except TelegramForbiddenError:
        log.warning("a chat was closed by its person: nothing shown")
    talk.stamp = turn.stamp


async def send_screen(bot: Bot, chat_id: int, screen: Screen, stamp: str) -> tuple[int, list[list[str]]]:
    """Send it; returns the message's id and what its buttons mean."""
    markup, presses = keyboard(screen, stamp)
    try:
        sent = await _send(bot, chat_id, screen.text, markup)
    except TelegramBadRequest as error:
        if not _is_about_address(error):
            raise
        screen = without_addresses(screen)
        markup, presses = keyboard(screen, stamp)
        sent = await _send(bot, chat_id, screen.text, markup)
    return sent.message_id, presses


async def send_picture(bot: Bot, chat_id: int, screen: Screen, png: bytes) -> int:
    """A picture with the screen below it; returns the message's id."""
    try:
        sent = await _send_photo(bot, chat_id, screen, png)
    except TelegramBadRequest as error:
        if not _is_about_address(error):
            raise
        sent = await _send_photo(bot, chat_id, without_addresses(screen), png)
    return sent.message_id


async def _send_photo(bot: Bot, chat_id: int, screen: Screen, png: bytes) -> Message:
    photo = BufferedInputFile(png, "chart.png")
    caption = fitted(screen.text, MOST_CAPTION)
    return await bot.send_photo(
        chat_id=chat_id, photo=photo, caption=caption, reply_markup=keyboard(screen, "")[0]
    )


async def send_file(bot: Bot, chat_id: int, screen: Screen, name: str, body: bytes) -> int:
    """A file with the screen below it; returns the message's id."""
    for shown in (screen, without_addresses(screen)):
        try:
            sent = await bot.send_document(
                chat_id=chat_id,
                document=BufferedInputFile(body, name),
                caption=fitted(shown.text, MOST_CAPTION),
                reply_markup=keyboard(shown, "")[0],
            )
        except TelegramBadRequest as error:
            if shown is not screen or not _is_about_address(error):
                raise
        else:
            break
    return sent.message_id


async def edit_screen(
    bot: Bot, chat_id: int, message_id: int, screen: Screen, stamp: str
) -> list[list[str]] | None:
    """Edit it in place; None where the message can't be edited any more."""
    markup, presses = keyboard(screen, stamp)
    try:
        await bot.edit_message_text(
            text=screen.text,
            chat_id=chat_id,
            message_id=message_id,
            reply_markup=markup,
            link_preview_options=NO_PREVIEW,
        )
    except TelegramBadRequest as error:
        if "not modified" in error.message:
            return presses
        log.info("a live message could not be edited: %s", error.message)
        return None
    return presses


async def _send(bot: Bot, chat_id: int, text: str, markup: InlineKeyboardMarkup | None) -> Message:
    return await bot.send_message(
        chat_id=chat_id, text=text, reply_markup=markup, link_preview_options=NO_PREVIEW
    )


def _is_about_address(error: TelegramBadRequest) -> bool:
    """Telegram takes no button with an address of a private network; the text may hold it."""
    return "url" in error.message.lower()


def without_addresses(screen: Screen) -> Screen:
    """Addresses as text instead of buttons."""
    addresses = [button.url for row in screen.rows for button in row if button.url]
    rows: list[list[Button]] = [[button for button in row if not button.url] for row in screen.rows]
    return Screen("\n".join([screen.text, *addresses]), [row for row in rows if row])


async def strip_buttons(bot: Bot, chat_id: int, message_id: int | None) -> None:
    """An earlier live message keeps its text and loses its buttons."""
    if message_id is None:
        return
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id)
    except TelegramBadRequest:
        log.debug("an earlier live message is gone or has no buttons")


async def answer_press(bot: Bot, press: CallbackQuery, alert: str | None = None) -> None:
    """Every press is answered; one that is too old for an answer is left."""
    try:
        await bot.answer_callback_query(
            press.id, text=alert[:LONGEST_ALERT] if alert else None, show_alert=bool(alert)
        )
    except TelegramBadRequest:
        log.debug("a press was too old to be answered")


async def forget(bot: Bot, message: Message) -> None:
    """Take a person's message out of the chat, where the chat still allows it."""
    try:
        await bot.delete_message(chat_id=message.chat.id, message_id=message.message_id)
    except TelegramBadRequest:
        log.info("a message that held a secret could not be deleted")
