"""Why something was not done, as data. No HTTP here, and no prose: doors choose status and words.

LotgateError
├── NotFound      the thing named does not exist, or not for this person
├── NotAllowed    this person lacks the right (API, chat and phone answer alike, REL-10)
├── Refused       the rules say no; every reason at once
└── Stale         somebody was faster: the thing has changed since it was read
"""

from __future__ import annotations

import msgspec

Fact = str | int | bool | None | list[str]


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reason: a stable code (`quantity_exceeded`), facts to fill its sentence, the field it is about."""

    code: str
    facts: dict[str, Fact] = {}
    field: str | None = None


class LotgateError(Exception):
    """Carries one reason or several; never a sentence."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


class NotFound(LotgateError):
    """The thing named does not exist."""


class NotAllowed(LotgateError):
    """The person lacks the right."""


class Refused(LotgateError):
    """The rules say no."""


class Stale(LotgateError):
    """The thing has changed since the person read it."""


def refuse(code: str, *, field: str | None = None, **facts: Fact) -> Refused:
    """Build a `Refused` with one reason: `raise refuse("lot_expired", expiry="2026-01-31")`."""
    return Refused(Reason(code, facts, field))
