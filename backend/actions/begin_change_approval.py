"""Begin the signing that approves a change: all of it, and a one-time nonce (QUA-3)."""

from __future__ import annotations

import msgspec

from backend.domain.change_requests import CHANGE_STEPS, ChangeRequest, against_approving
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import change_record
from backend.store.signed_act import SigningBegun, Subject, may_use_passkey, open_request
from backend.store.verb import verb


class BeginChangeApproval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which; `passkey` False: password and one-time code instead."""

    id: str
    change_id: str
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@verb(own=True)
async def begin_change_approval(tx: Change, who: Who, command: BeginChangeApproval) -> SigningBegun:
    """Open a request. What stands in the way is said here already."""
    request = await tx.get(ChangeRequest, command.change_id)
    take(CHANGE_STEPS, "approve", request.status)
    if found := against_approving(request, who.person_id):
        raise Refused(*found)
    passkey = await may_use_passkey(tx, who, command.passkey)
    record = await change_record(tx, request, who, passkey, command.language or who.language)
    subject = Subject("change_request", request.id, request.version)
    return await open_request(tx, who, subject, "approve_change_request", msgspec.to_builtins(record))
