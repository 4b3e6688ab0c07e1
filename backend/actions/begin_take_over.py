"""Begin to take over a list of lots: the record of each to show, the record of the list to sign."""

from __future__ import annotations

from typing import Any

import msgspec

from backend.domain.people import Who
from backend.store.change import Change
from backend.store.signed_act import SigningBegun, Subject, may_use_passkey, open_request
from backend.store.taken_lists import taken_list
from backend.store.verb import verb


class BeginTakeOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Receipts of opening stock, in the order of the list; `passkey` False: password and one-time code instead."""

    id: str
    receipt_ids: list[str]
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


class ListBegun(msgspec.Struct, frozen=True):
    """`request.record` is the list's; `records` are what its root is made of, in order."""

    request: SigningBegun
    records: list[dict[str, Any]]


@verb(own=True)
async def begin_take_over(tx: Change, who: Who, command: BeginTakeOver) -> ListBegun:
    """Open a request. What stands in the way of any of them is said here already."""
    passkey = await may_use_passkey(tx, who, command.passkey)
    language = command.language or who.language
    shown = await taken_list(tx, command.receipt_ids, who, passkey, language)
    subject = Subject("opening_list", tx.new_id(), 1)
    request = await open_request(tx, who, subject, "take_over", msgspec.to_builtins(shown.record))
    return ListBegun(request, [msgspec.to_builtins(record) for record in shown.records])
