"""Begin the signing of a change of the rights table: the cell as it is and as it will be, and a one-time nonce."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.right_changes import against
from backend.domain.rights import ActionRight
from backend.store.change import Change
from backend.store.changing_rights import other_cells, right_record
from backend.store.signed_act import SigningBegun, Subject, may_use_passkey, open_request
from backend.store.verb import verb


class BeginRightChange(msgspec.Struct, frozen=True, kw_only=True):
    """Which cell, and whether the role may take the action from then on."""

    id: str
    right_id: str
    allowed: bool
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@verb(own=True)
async def begin_right_change(tx: Change, who: Who, command: BeginRightChange) -> SigningBegun:
    """Open a request. What stands in the way is said here already."""
    right = await tx.get(ActionRight, command.right_id)
    reasons = against(right, command.allowed, await other_cells(tx, right))
    if reasons:
        raise Refused(*reasons)
    passkey = await may_use_passkey(tx, who, command.passkey)
    record = await right_record(tx, right, who, command.allowed, passkey, command.language or who.language)
    subject = Subject("action_right", right.id, right.version)
    return await open_request(tx, who, subject, "change_right", msgspec.to_builtins(record))
