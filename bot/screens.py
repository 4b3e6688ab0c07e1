"""What a person sees: text and at most seven buttons, and how that becomes a message.

A live message's button carries `L:stamp:place`: the stamp names the state it was made for, the place what
it meant there. A notice's button carries `N:notice:verb`. Both are opaque and at most 64 bytes.
"""

from __future__ import annotations

import html

import msgspec
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.words.wording import Markup

MOST_BUTTONS = 7
MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_DATA = 64
LONGEST_LABEL = 60


class Button(msgspec.Struct, frozen=True):
    """`press`: a verb with its arguments, kept on our side; or an address; or data of a notice."""

    text: str
    press: tuple[str, ...] = ()
    url: str | None = None
    data: str | None = None


class Screen(msgspec.Struct, frozen=True):
    """Text with the markup of `Wording`, and rows of buttons."""

    text: str
    rows: list[list[Button]] = []


def live_data(stamp: str, place: int) -> str:
    """Data of a live message's button."""
    return f"L:{stamp}:{place}"


def notice_data(notice_id: str, verb: str) -> str:
    """Data of a notice's button."""
    return f"N:{notice_id}:{verb}"


def keyboard(screen: Screen, stamp: str) -> tuple[InlineKeyboardMarkup | None, list[list[str]]]:
    """The buttons, and what each live one means, by its place."""
    presses: list[list[str]] = []
    rows = []
    for row in screen.rows:
        made = []
        for button in row:
            data = button.data
            if data is None and button.url is None:
                data = live_data(stamp, len(presses))
                presses.append(list(button.press))
            made.append(InlineKeyboardButton(text=_label(button.text), callback_data=data, url=button.url))
        rows.append(made)
    return (InlineKeyboardMarkup(inline_keyboard=rows) if rows else None), presses


def _label(text: str) -> str:
    """A button's text has no markup: what was escaped for a message is turned back."""
    plain = html.unescape(text) if isinstance(text, Markup) else text
    return plain if len(plain) <= LONGEST_LABEL else plain[: LONGEST_LABEL - 1] + "…"


def fitted(text: str, most: int = MOST_TEXT) -> str:
    """Whole lines up to what a message may hold; markup never spans lines, so none is cut open."""
    if len(text) <= most:
        return text
    kept = ""
    for line in text.split("\n"):
        if len(kept) + len(line) + 2 > most:
            break
        kept += line + "\n"
    return kept + "…"


def rows_of(buttons: list[Button], a_row: int = 1) -> list[list[Button]]:
    """Buttons in rows of so many."""
    return [buttons[start : start + a_row] for start in range(0, len(buttons), a_row)]
