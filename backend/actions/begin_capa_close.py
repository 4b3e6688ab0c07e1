"""Begin the signing that closes a CAPA: all of it, and a one-time nonce (QUA-2)."""

from __future__ import annotations

import msgspec

from backend.domain.capas import CAPA_STEPS, Capa, against_closing
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import capa_record
from backend.store.signed_act import SigningBegun, Subject, may_use_passkey, open_request
from backend.store.verb import verb


class BeginCapaClose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which; `passkey` False: password and one-time code instead."""

    id: str
    capa_id: str
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@verb(own=True)
async def begin_capa_close(tx: Change, who: Who, command: BeginCapaClose) -> SigningBegun:
    """Open a request. What stands in the way is said here already."""
    capa = await tx.get(Capa, command.capa_id)
    take(CAPA_STEPS, "close", capa.status)
    if found := against_closing(capa, who.person_id):
        raise Refused(*found)
    passkey = await may_use_passkey(tx, who, command.passkey)
    record = await capa_record(tx, capa, who, passkey, command.language or who.language)
    subject = Subject("capa", capa.id, capa.version)
    return await open_request(tx, who, subject, "close_capa", msgspec.to_builtins(record))
