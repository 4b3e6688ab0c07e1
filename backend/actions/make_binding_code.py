"""Make a one-time code with which I bind my chat account; shown once, good for ten minutes."""

from __future__ import annotations

import secrets
from datetime import timedelta

import msgspec

from backend.domain.people import Who
from backend.domain.security import Plain
from backend.domain.sessions import BindingCode
from backend.domain.signing import later
from backend.identity.passwords import secret_id
from backend.store.change import Change
from backend.store.door import Store

LIFE = timedelta(minutes=10)


class BindingCodeMade(msgspec.Struct, frozen=True):
    """`code` goes behind /start, or into the deep link `https://t.me/BOT?start=CODE`."""

    code: str
    expires_at: str


async def make_binding_code(store: Store, who: Who) -> BindingCodeMade:
    """A new code each time; it is stored as its hash only, so that no answer on record holds it."""
    code = secrets.token_urlsafe(16)

    async def make(tx: Change) -> str:
        row = BindingCode(secret_id(code), who.site_id, who.person_id, later(tx.now, LIFE))
        return tx.insert(row).expires_at

    command = Plain(store.new_id())
    expires_at = await store.change(who, "make_binding_code", command, make, str, own=True)
    return BindingCodeMade(code, expires_at)
