"""The page's chat as a person uses it: what is pressed is what the server shows last."""

from __future__ import annotations

from playwright.async_api import expect

from tests.bot.story import Move
from tests.pwa.house import Phone

SLOW = 120_000
"""A server that begins again loads its chat at the first word."""


class Chat:
    """A person at the chat screen."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    async def open(self) -> None:
        """Its last screen, or the list of what waits."""
        await self.phone.go("/chat")
        await expect(self.phone.at("chat-button").last).to_be_visible(timeout=SLOW)

    async def say(self, text: str) -> None:
        """Type and send, until the server has taken it."""
        await self.phone.write("chat-input", text)
        await self.phone.tap("chat-send")
        await self.taken()

    async def press(self, words: str) -> None:
        """The newest button with these words, until the server has taken it."""
        await self.phone.touch(self.phone.at("chat-button").filter(has_text=words).last)
        await self.taken()

    async def taken(self) -> None:
        """Nothing waits on the page."""
        await expect(self.phone.at("chat")).to_have_attribute("data-waiting", "0", timeout=SLOW)

    async def heard(self, *words: str) -> None:
        """Something of the server's that says all of this stands here."""
        said = self.phone.at("heard")
        for each in words:
            said = said.filter(has_text=each)
        await expect(said.last).to_be_visible()

    async def act(self, move: Move, number: str) -> None:
        """A step of the story, and what stands there then."""
        await (self.press(move.what) if move.act == "press" else self.say(move.what))
        await self.heard(move.then, number)
