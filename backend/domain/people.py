"""Who acts: people, what roles they hold where, and what they sign with. Identities are never reused."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal[
    "warehouse", "inspector", "supervisor", "quality_engineer", "quality_manager", "administrator", "operator"
]
Source = Literal["phone", "chat", "instrument", "import", "system", "command_line"]


class Person(msgspec.Struct, frozen=True):
    """One human, for ever. `login` is unique over all time; a person who leaves is made inactive."""

    id: str
    site_id: str
    login: str
    printed_name: str
    language: Literal["en", "zh"]
    active: bool
    password_hash: str
    totp_secret: str | None = None
    totp_confirmed: bool = False
    totp_last_step: int = 0
    accountability_accepted_at: str | None = None
    failed_signings: int = 0
    locked_until: str | None = None
    version: int = 1
    organisation_id: str | None = None
    """Whom the person works for; None: the site's own organisation."""


class RoleGrant(msgspec.Struct, frozen=True):
    """A role that a person holds at a site; `until`: through that ISO day, where it is given for a time."""

    id: str
    site_id: str
    person_id: str
    role: Role
    until: str | None = None
    ended_at: str | None = None


class Credential(msgspec.Struct, frozen=True):
    """A passkey: one credential, one person. The private key never leaves the device."""

    id: str
    site_id: str
    person_id: str
    credential_id: str
    public_key: str
    name: str
    added_at: str
    revoked_at: str | None = None


class ChatAccount(msgspec.Struct, frozen=True):
    """A chat account bound to a person. It may answer questions; it never signs (SIG-7)."""

    id: str
    site_id: str
    person_id: str
    bot: str
    chat_user: str
    bound_at: str
    ended_at: str | None = None


class Who(msgspec.Struct, frozen=True):
    """Who is at the door, as every action is told. `session_id` is empty for chat and command line."""

    person_id: str
    site_id: str
    login: str
    printed_name: str
    language: str
    roles: tuple[Role, ...]
    source: Source
    session_id: str = ""
