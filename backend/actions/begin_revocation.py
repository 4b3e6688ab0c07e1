"""Begin the signing of a revocation: the release as it was signed, what lies here and what left, a one-time nonce."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.signatures import Release
from backend.store.change import Change
from backend.store.revoking import against_revoking, revocation_record
from backend.store.signed_act import SigningBegun, Subject, may_use_passkey, open_request
from backend.store.verb import verb


class BeginRevocation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which release, and why; the second signer signs the first one's reason."""

    id: str
    release_id: str
    reason: str = ""
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@verb(own=True)
async def begin_revocation(tx: Change, who: Who, command: BeginRevocation) -> SigningBegun:
    """Open a request. What stands in the way is said here already."""
    release = await tx.get(Release, command.release_id)
    if reasons := await against_revoking(tx, release, who.person_id, command.reason):
        raise Refused(*reasons)
    passkey = await may_use_passkey(tx, who, command.passkey)
    language = command.language or who.language
    record = await revocation_record(tx, release, who, command.reason, passkey, language)
    subject = Subject("release", release.id, release.version)
    return await open_request(tx, who, subject, "revoke_release", msgspec.to_builtins(record))
