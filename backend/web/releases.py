"""Release: the sheet, the signing, the certificate."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import JSONBody

from backend.actions.begin_signing import BeginSigning, SigningBegun, begin_signing
from backend.actions.issue_certificate import IssueCertificate, issue_certificate
from backend.actions.send_back_release import SendBackRelease, send_back_release
from backend.actions.sign_release import SignRelease, sign_release
from backend.domain.certificates import Certificate
from backend.domain.notes import open_note, read_vkey
from backend.domain.proofs import build_proof
from backend.domain.security import system
from backend.identity.passkeys import RelyingParty
from backend.store.attachment_files import path_of, write_bytes
from backend.store.signed_act import SignedCommand
from backend.verify.page import SCRIPT, verify_page
from backend.views.certificates import Signed, signed_release
from backend.views.lots import LotLine, lot_line
from backend.views.releases import ReleaseSheet, release_sheet
from backend.web.asking import Has, Id, Me
from backend.web.parts import Parts


class ReleasedView(msgspec.Struct):
    """The decision, for the screen."""

    release_id: str
    decision: str
    signed_at: str
    printed_name: str
    lot: LotLine


class SentBackBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is missing, and who is to answer; none: who recorded a result last, or who received it."""

    id: str
    what: str
    owner_id: str | msgspec.UnsetType = msgspec.UNSET
    device_at: str | None = None


class PasskeyRequest(msgspec.Struct):
    """For `navigator.credentials.get`; the challenge is made on the phone from what it rendered."""

    rp_id: str
    credential_ids: list[str]
    timeout: int = 120_000


class SignatureBody(SignedCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature on exactly what was shown; what is signed stands in the address."""


class SigningRequestView(msgspec.Struct):
    """What to show, hash and sign."""

    nonce: str
    record: dict[str, Any]
    text: str
    password_needed: bool
    accountability_needed: bool
    accountability: str
    passkey: PasskeyRequest | None
    totp: bool
    expires_at: str


@get("/api/receipts/{receipt_id:str}/release", operation_id="get_release_sheet")
async def sheet(receipt_id: Id, me: Me, parts: Has) -> ReleaseSheet:
    """What was measured, by whom, and everything that stands in the way."""
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await release_sheet(me.reads(parts.store), receipt_id, me.who, today)


@post("/api/receipts/{receipt_id:str}/send-back", operation_id="send_back_release")
async def send_back(receipt_id: Id, data: JSONBody[SentBackBody], me: Me, parts: Has) -> ReleaseSheet:
    """Not yet: something is missing. Nothing is decided; the release waits for the answer."""
    command = SendBackRelease(receipt_id=receipt_id, **msgspec.structs.asdict(data))
    await send_back_release(parts.store, me.who, command)
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await release_sheet(me.reads(parts.store), receipt_id, me.who, today)


@post("/api/signing", operation_id="begin_signing")
async def begin(
    data: JSONBody[BeginSigning], request: Request[Any, Any, Any], me: Me, parts: Has
) -> SigningRequestView:
    """Choose the meaning; get the record and a one-time nonce."""
    begun = await begin_signing(parts.store, me.who, data)
    return signing_request(begun, parts.party(request.headers.get("host", "")))


def signing_request(begun: SigningBegun, party: RelyingParty) -> SigningRequestView:
    """For the phone; passkeys are asked for where the record says that one signs."""
    passkey = PasskeyRequest(party.id, begun.credential_ids)
    by_passkey = begun.record["signature"]["method"] == "passkey"
    fields = msgspec.structs.asdict(begun) | {"passkey": passkey if by_passkey else None}
    del fields["credential_ids"]
    return SigningRequestView(**fields)


@post("/api/releases", operation_id="sign_release")
async def sign(
    data: JSONBody[SignRelease], request: Request[Any, Any, Any], me: Me, parts: Has
) -> ReleasedView:
    """Sign: one decision a receipt, whoever else presses at the same time."""
    released = await sign_release(parts.store, me.who, data, parts.party(request.headers.get("host", "")))
    line = await lot_line(parts.store.read, released.lot_id)
    return ReleasedView(
        released.release_id, released.decision, released.signed_at, released.printed_name, line
    )


async def issued(parts: Parts, release_id: str, site_id: str) -> Signed:
    """The decision with its certificate, issued now where nobody has yet."""
    signed = await signed_release(parts.store.read, release_id, site_id)
    if signed.event is not None:
        return signed
    head = await parts.log.head()
    text, _ = open_note(head.note)
    paper = Certificate(
        record=signed.record,
        signed_at=signed.signature.signed_at,
        signature_id=signed.signature.id,
        record_digest=signed.signature.digest,
        fingerprint=read_vkey(parts.log.vkey).fingerprint(),
        checkpoint=text.decode(),
    )
    pdf = await asyncio.to_thread(parts.print_certificate, paper, signed.record.signature.language)
    sha256 = await asyncio.to_thread(write_bytes, parts.attachments, pdf)
    command = IssueCertificate(id=parts.store.new_id(), release_id=release_id, pdf=sha256, size=len(pdf))
    await issue_certificate(parts.store, system(site_id), command)
    return await signed_release(parts.store.read, release_id, site_id)


@get("/api/releases/{release_id:str}/certificate.pdf", operation_id="get_certificate")
async def certificate(release_id: Id, me: Me, parts: Has) -> Response[bytes]:
    """For people."""
    signed = await issued(parts, release_id, me.who.site_id)
    path = path_of(parts.attachments, signed.release.certificate_pdf or "")
    pdf = await asyncio.to_thread(path.read_bytes)
    headers = {"content-disposition": f'inline; filename="{signed.lot_number}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@get("/api/releases/{release_id:str}/proof", operation_id="get_proof")
async def proof(release_id: Id, me: Me, parts: Has) -> Response[bytes]:
    """For verifiers: everything that a stranger needs but the maker's key."""
    signed = await issued(parts, release_id, me.who.site_id)
    assert signed.event is not None and signed.event_seq is not None
    path, checkpoint = await parts.log.proof(signed.event_seq)
    body = build_proof(
        signed.signature.record, signed.signature.evidence, signed.event, path, checkpoint, parts.log.vkey
    )
    headers = {"content-disposition": f'attachment; filename="{signed.lot_number}.lotgate"'}
    return Response(body, media_type="application/octet-stream", headers=headers)


@get("/api/verifier.html", operation_id="get_verifier")
async def verifier(parts: Has) -> Response[bytes]:
    """One page that verifies offline, with the maker's key inside; to be saved and passed on."""
    headers = {"content-disposition": 'attachment; filename="lotgate-verifier.html"'}
    return Response(verify_page([parts.log.vkey]).encode(), media_type="text/html", headers=headers)


@get("/api/lotgate_verify.py", operation_id="get_verifier_script")
async def verifier_script() -> Response[bytes]:
    """The same as one Python file that needs the standard library alone."""
    headers = {"content-disposition": 'attachment; filename="lotgate_verify.py"'}
    return Response(SCRIPT.read_bytes(), media_type="text/x-python", headers=headers)


@get("/api/maker.vkey", operation_id="get_maker_key")
async def maker_vkey(parts: Has) -> Response[bytes]:
    """The maker's verifier key."""
    headers = {"content-disposition": 'attachment; filename="maker.vkey"'}
    return Response(f"{parts.log.vkey}\n".encode(), media_type="text/plain", headers=headers)


HANDLERS = [sheet, send_back, begin, sign, certificate, proof, verifier, verifier_script, maker_vkey]
