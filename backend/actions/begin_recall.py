"""Begin the signing of a recall: what it reaches now, who has some of it, a one-time nonce (QUA-6)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused, refuse
from backend.domain.people import Who
from backend.domain.recalls import Basis, Recall, against_starting
from backend.store.change import Change
from backend.store.recalling import reach, recall_record
from backend.store.signed_act import SigningBegun, Subject, may_use_passkey, open_request
from backend.store.verb import verb


class BeginRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where it begins and why; or, with `recall_id`, the second signature under one that waits for it."""

    id: str
    recall_id: str | None = None
    basis: Basis | None = None
    reason: str = ""
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@verb(own=True)
async def begin_recall(tx: Change, who: Who, command: BeginRecall) -> SigningBegun:
    """Open a request. What stands in the way is said here already."""
    first = await tx.get(Recall, command.recall_id) if command.recall_id is not None else None
    basis = first.basis if first is not None else command.basis
    if basis is None:
        raise refuse("basis_missing", field="value", kind="")
    reached = await reach(tx, who.site_id, basis)
    numbers = [lot.number for lot in reached.lots]
    if reasons := against_starting(numbers, reached.elsewhere, first, who.person_id, command.reason):
        raise Refused(*reasons)
    passkey = await may_use_passkey(tx, who, command.passkey)
    language = command.language or who.language
    record = await recall_record(tx, reached, basis, command.reason, who, passkey, language, first)
    subject = Subject(
        "recall", first.id if first is not None else "", first.version if first is not None else 1
    )
    shown = msgspec.to_builtins(record)
    return await open_request(tx, who, subject, "start_recall", shown)
