"""Confirm one-time codes with the first of them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Person, Who
from backend.identity.passwords import totp_step
from backend.store.change import Change
from backend.store.verb import verb


class ConfirmTotp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code that the app shows."""

    id: str
    code: str
    device_at: str | None = None


@verb(own=True)
async def confirm_totp(tx: Change, who: Who, command: ConfirmTotp) -> bool:
    """From now on a code signs where no passkey does. This code is used up."""
    person = await tx.get(Person, who.person_id)
    epoch = int(datetime.fromisoformat(tx.now).timestamp())
    step = totp_step(person.totp_secret, command.code, epoch) if person.totp_secret else None
    if step is None or step <= person.totp_last_step:
        raise refuse("totp_wrong", field="code")
    tx.update(person, totp_confirmed=True, totp_last_step=step)
    tx.record("totp_confirmed", "person", who.person_id)
    return True
