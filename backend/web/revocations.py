"""Taking a release back, and looking up whether one was."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody

from backend.actions.begin_revocation import BeginRevocation, begin_revocation
from backend.actions.close_revocation import CloseRevocation, close_revocation
from backend.actions.revoke_release import RevokeRelease, revoke_release
from backend.domain.revocations import Conclusion
from backend.views.revocations import ReleaseStanding, release_standing
from backend.web.asking import Has, Id, Me
from backend.web.releases import SignatureBody, SigningRequestView, signing_request


class RevocationWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why; the second signer signs the first one's reason."""

    id: str
    reason: str = ""
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


class ClosureBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What it means for what left; None: withdrawn before the second signature."""

    id: str
    conclusion: Conclusion | None
    reason: str
    device_at: str | None = None


@get("/api/releases/{release_id:str}", operation_id="get_release")
async def standing(release_id: Id, me: Me, parts: Has) -> ReleaseStanding:
    """Whether it stands; a certificate that was given out can't know."""
    return await release_standing(me.reads(parts.store), release_id, me.who.person_id)


@post("/api/releases/{release_id:str}/revocation/signing", operation_id="begin_revocation")
async def begin(
    release_id: Id, data: JSONBody[RevocationWish], request: Request[Any, Any, Any], me: Me, parts: Has
) -> SigningRequestView:
    """What will be signed, with a one-time nonce."""
    command = BeginRevocation(release_id=release_id, **msgspec.structs.asdict(data))
    begun = await begin_revocation(parts.store, me.who, command)
    return signing_request(begun, parts.party(request.headers.get("host", "")))


@post("/api/releases/{release_id:str}/revocation", operation_id="revoke_release")
async def revoke(
    release_id: Id, data: JSONBody[SignatureBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> ReleaseStanding:
    """The first signature holds the stock, the second takes the release back."""
    command = RevokeRelease(release_id=release_id, **msgspec.structs.asdict(data))
    await revoke_release(parts.store, me.who, command, parts.party(request.headers.get("host", "")))
    return await release_standing(me.reads(parts.store), release_id, me.who.person_id)


@post("/api/revocations/{revocation_id:str}/closure", operation_id="close_revocation")
async def close(revocation_id: Id, data: JSONBody[ClosureBody], me: Me, parts: Has) -> ReleaseStanding:
    """The assessment's conclusion, or withdrawal."""
    command = CloseRevocation(revocation_id=revocation_id, **msgspec.structs.asdict(data))
    closed = await close_revocation(parts.store, me.who, command)
    return await release_standing(me.reads(parts.store), closed.release_id, me.who.person_id)


HANDLERS = [standing, begin, revoke, close]
