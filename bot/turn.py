"""One update's worth of dialogue: who, where it stands, and what is to be shown when it is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID, uuid5

import msgspec

from backend.domain.days import day_of
from backend.domain.errors import LotgateError
from backend.domain.people import Who
from backend.views.chat import Doors
from bot.talk import Talk
from bot.words.wording import Wording
from scanner.codes import Code
from scanner.print_text import PrintedLine

COMMANDS = UUID("6f2c3c0e-9d3b-5a8e-8f0a-2b1d4c7e9a10")
"""Name space of command ids made from updates."""


class Hands(msgspec.Struct, frozen=True):
    """What the wiring hands in: the scanner, the file store (returns the SHA-256 in hex), the page's address, and
    the reader of print where it is installed."""

    read_picture: Callable[[bytes], Awaitable[list[Code]]]
    keep_file: Callable[[bytes], Awaitable[str]]
    base_url: str
    read_print: Callable[[bytes], Awaitable[list[PrintedLine]]] | None = None
    draw: Callable[[str], Awaitable[bytes]] | None = None
    """A drawing (SVG) as a picture (PNG), where the chat takes pictures."""


def command_id(key: str, part: str) -> str:
    """The id of one command of the update `key`."""
    return str(uuid5(COMMANDS, f"{key}:{part}"))


class Turn:
    """Handlers read it, take one action, and leave the next step in `talk.step`; what is shown follows from it.

    A turn that is cut off anywhere is run again from the same start when its update comes again: its command
    ids are the same, so each action gives its first answer and the dialogue goes the same way (DUP-1).
    """

    def __init__(self, store: Doors, who: Who, talk: Talk, wording: Wording, hands: Hands, key: str) -> None:
        self.store, self.who, self.talk, self.wording, self.hands, self.key = (
            store,
            who,
            talk,
            wording,
            hands,
            key,
        )
        self.read = store.read.of_site(who.site_id)
        self.above: list[str] = []
        """Paragraphs above the next screen: what has just happened."""
        self.alert: str | None = None
        """Answer to a press, as a window of its own."""
        self.fresh = False
        """Show a new live message below instead of editing the one there is."""
        self.picture: bytes | None = None
        """A picture (PNG) to send above the next screen."""
        self.secret = False
        """The person's message held what must not stand in a chat: it is deleted, and nothing is kept."""

    def command_id(self, part: str) -> str:
        """The id of a command of this turn: the same for the same update."""
        return command_id(self.key, part)

    @property
    def stamp(self) -> str:
        """Names the state that this turn leaves."""
        return uuid5(COMMANDS, f"{self.key}:stamp").hex[:10]

    @property
    def today(self) -> date:
        """The day at the person's site."""
        return day_of(self.store.clock(), self.wording.zone)

    def tell(self, key: str, **facts: object) -> None:
        """Say something above the next screen."""
        self.above.append(self.wording.say(key, **facts))

    def trouble(self, error: LotgateError) -> None:
        """Say why not, above the next screen."""
        self.above.append(self.wording.reasons(error))
