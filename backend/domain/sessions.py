"""Rows that serve the running system and are no record: sessions, signing requests, conversations, deliveries.

They carry nothing that evidence rests on, so the log does not hold them; what they lead to, it does.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.events import Value


class Session(msgspec.Struct, frozen=True):
    """A signed-in browser. `id` is the SHA-256 of the cookie's secret; `signed_at` is its last signing."""

    id: str
    site_id: str
    person_id: str
    csrf: str
    started_at: str
    expires_at: str
    signed_at: str | None = None
    ended_at: str | None = None


class SigningRequest(msgspec.Struct, frozen=True):
    """What was shown to be signed, with its one-time nonce; used once, by this person, before `expires_at`."""

    id: str
    site_id: str
    person_id: str
    session_id: str
    subject_kind: str
    subject_id: str
    subject_version: int
    meaning: str
    record: dict[str, Value]
    expires_at: str
    used_at: str | None = None


class Ceremony(msgspec.Struct, frozen=True):
    """An open passkey registration: its challenge, used once."""

    id: str
    site_id: str
    person_id: str
    challenge: str
    expires_at: str
    used_at: str | None = None


class BindingCode(msgspec.Struct, frozen=True):
    """A one-time code with which a person binds a chat account; `id` is its SHA-256."""

    id: str
    site_id: str
    person_id: str
    expires_at: str
    used_at: str | None = None


class Conversation(msgspec.Struct, frozen=True):
    """Where a dialogue stands: `id` is bot:chat:user; JSON only. `state` names the step."""

    id: str
    state: str | None
    data: dict[str, Value]


class ChatUpdate(msgspec.Struct, frozen=True):
    """An update that was handled, keyed bot:update_id, so that a repeated one has no second effect."""

    id: str
    at: str


class Outgoing(msgspec.Struct, frozen=True):
    """A chat message to deliver: written with the change that caused it, sent after, kept until it went.

    `chat` and `message_id` say where it stands, so that it is edited once what it asks for is done (`closed`).
    `channel_id`: for a channel of its person or a group; None: for the person's chat with the bot. For a webhook it is
    the endpoint, `notice_id` the event, `seq` its place in the log, `about` what is told in order (its lot) and
    `answered` the status of the last answer.
    """

    id: str
    site_id: str
    person_id: str
    notice_id: str
    created_at: str
    state: Literal["waiting", "sent", "closed", "failed"]
    attempts: int = 0
    next_at: str = ""
    last_error: str | None = None
    chat: str | None = None
    message_id: int | None = None
    sent_at: str | None = None
    channel_id: str | None = None
    seq: int | None = None
    about: str | None = None
    answered: int | None = None


class ChatMessage(msgspec.Struct, frozen=True):
    """What the page's chat or a terminal shows, so that it shows it again; `id` is bot:chat:message.

    `buttons` are rows of {text, data} or {text, url}.
    """

    id: str
    chat: str
    number: int
    text: str
    buttons: list[list[dict[str, str]]]
    at: str


class CommandRecord(msgspec.Struct, frozen=True):
    """A command that had effect, and the answer it got; its digest stands in its event."""

    id: str
    site_id: str
    person_id: str
    action: str
    digest: str
    answer: str
    at: str
