"""E-mail, and the services that have no sender of ours, through apprise.

Apprise says whether it went and logs why not; what it logged is kept with the message. It is loaded with the first
one: it has some hundred modules.
"""

from __future__ import annotations

import asyncio
import io
import logging
import warnings
from typing import Any
from urllib.parse import quote

LONGEST = 160


def deliver(address: str, title: str, text: str) -> str | None:
    """Send; None where it went, else what was logged. `address`: an apprise address."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # modules that it falls back from are deprecated in the standard library
        import apprise

        notifier = apprise.Apprise()
        if not notifier.add(address):
            return "apprise: no such address"
        heard = io.StringIO()
        capture: Any = apprise.LogCapture
        with capture(level=logging.WARNING, fmt="%(message)s") as logged:
            went = notifier.notify(title=title, body=text, body_format=apprise.NotifyFormat.TEXT)
            heard.write(logged.getvalue())
    if went:
        return None
    said = " ".join(heard.getvalue().split())
    return f"apprise: {said[:LONGEST] or 'not sent'}"


async def send(address: str, card: Any) -> str | None:
    """A card, in a thread."""
    return await asyncio.to_thread(deliver, address, card.title, "\n".join([*card.lines, card.link]))


def mail_address(server: str, to: str) -> str:
    """An apprise address of the operator's mail server (`mailtos://user:password@host?from=...`) for one reader."""
    return f"{server}{'&' if '?' in server else '?'}to={quote(to, safe='@')}"
