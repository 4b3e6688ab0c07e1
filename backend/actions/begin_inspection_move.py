"""Begin the signing of an inspection's move to the version in force: each reading under both, and a one-time nonce."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.moving_inspections import move_of, move_record
from backend.store.signed_act import SigningBegun, Subject, may_use_passkey, open_request
from backend.store.verb import verb


class BeginInspectionMove(msgspec.Struct, frozen=True, kw_only=True):
    """Which inspection; `passkey` False: password and one-time code instead."""

    id: str
    inspection_id: str
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@verb(own=True)
async def begin_inspection_move(tx: Change, who: Who, command: BeginInspectionMove) -> SigningBegun:
    """Open a request. What stands in the way is said here already."""
    move = await move_of(tx, command.inspection_id)
    if move.against:
        raise Refused(*move.against)
    passkey = await may_use_passkey(tx, who, command.passkey)
    record = await move_record(tx, move, who, passkey, command.language or who.language)
    inspection = move.case.inspection
    subject = Subject("inspection", inspection.id, inspection.version)
    return await open_request(tx, who, subject, "move_inspection", msgspec.to_builtins(record))
