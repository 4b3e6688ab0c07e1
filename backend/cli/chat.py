"""`lotgate chat`: the bot in this terminal, with the dispatcher that Telegram and the page use."""

from __future__ import annotations

import argparse
import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.transport_page import PageChat

EXAMPLES = """examples:
  lotgate chat --as garcia
  LOTGATE_DATA=/srv/lotgate lotgate chat --as li

in the chat: type an answer, or the number of a button (.2 where a number would be an answer)
  /photo label.jpg    send a picture
  /quit               leave; everything stays where it is

exit status: 0 left, 1 not signed in
"""


ASKED = "answer, or .1 for a button> "


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `chat`."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--as", dest="login", required=True, metavar="NAME", help="whose chat; asks the password"
    )


def run(args: argparse.Namespace) -> int:
    """Talk until /quit or the end of input; returns the exit status."""
    import asyncio
    import contextlib

    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(_talk(args.login))
    return 0


class Terminal:
    """What is on screen: messages printed as text, their buttons numbered; the newest message's count."""

    def __init__(self) -> None:
        self.buttons: list[tuple[str, int]] = []
        """(data, message number) in the order of their numbers."""
        self.texts: dict[int, str] = {}

    async def show(self, message: dict[str, object]) -> None:
        """Print one message of the chat."""
        if message["method"] == "answerCallbackQuery":
            if message["text"]:
                print(f"\n! {plain(str(message['text']))}")
            return
        number, rows, text = message["message_id"], message["buttons"], plain(str(message["text"]))
        if not isinstance(number, int) or not isinstance(rows, list):
            return
        if not rows and self.texts.get(number) == text:
            return  # an earlier message that only lost its buttons
        self.texts[number] = text
        print(f"\n{text}")
        flat = [button for row in rows for button in row]
        if any("data" in button for button in flat):
            self.buttons = []
        for button in flat:
            if "url" in button:
                print(f"      {button['text']}: {button['url']}")
            else:
                self.buttons.append((button["data"], number))
                print(f"  [{len(self.buttons)}] {button['text']}")

    def meant(self, line: str, asked: bool) -> dict[str, object]:
        """A line as what it does: a button by its number, else a text.

        `asked`: a number would be an answer, so that only `.2` presses button 2.
        """
        chosen = re.fullmatch(r"\.(\d{1,2})" if asked else r"\.?(\d{1,2})", line.strip())
        place = int(chosen[1]) if chosen else 0
        if 0 < place <= len(self.buttons):
            data, number = self.buttons[place - 1]
            return {"press": data, "message_id": number}
        return {"text": line}


def plain(text: str) -> str:
    """A message without its markup."""
    return html.unescape(re.sub(r"</?(?:b|i|code)>", "", text))


async def _talk(login: str) -> int:
    import getpass
    import os
    import sys

    from backend.actions.sign_in import sign_in
    from backend.domain.errors import NotAllowed
    from backend.settings import read_settings
    from bot.main import hands_of, opened
    from bot.transport_page import TERMINAL, PageChats

    settings = read_settings(os.environ)
    async with opened(settings) as store:
        sites = await store.read.rows("select id from site order by code limit 1")
        if not sites:
            print("lotgate chat: there is no site here yet; `lotgate demo` makes one", file=sys.stderr)
            return 1
        try:
            signed = await sign_in(
                store, sites[0][0], login, getpass.getpass(f"Password of {login}: "), "chat"
            )
        except NotAllowed:
            print("lotgate chat: unknown login or wrong password", file=sys.stderr)
            return 1
        terminal = Terminal()
        hands = hands_of(settings.attachments, settings.public_origin)
        chat = PageChats(store, hands, TERMINAL).chat(signed.who, terminal.show)
        await chat.open(replay=False)
        await _converse(chat, terminal)
    return 0


async def _converse(chat: PageChat, terminal: Terminal) -> None:
    import asyncio
    import base64
    from pathlib import Path

    while True:
        try:
            asked = await chat.asks_for_text()
            line = await asyncio.to_thread(input, ASKED if asked else "> ")
        except EOFError:
            return
        if line.strip() == "/quit":
            return
        if line.startswith("/photo "):
            path = Path(line.removeprefix("/photo ").strip())
            try:
                picture = await asyncio.to_thread(path.read_bytes)
            except OSError as error:
                print(f"{path}: {error.strerror}")
                continue
            await chat.receive({"picture": base64.b64encode(picture).decode()})
        elif line.strip():
            await chat.receive(terminal.meant(line, asked))
        else:
            await chat.deliver()
