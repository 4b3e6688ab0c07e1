"""Make a version of a document effective by signing it (QUA-4, SIG-2); the one before it becomes obsolete at once."""

from __future__ import annotations

import msgspec

from backend.domain.certificates import Signing
from backend.domain.documents import DOCUMENT_STEPS, Document, DocumentVersion
from backend.domain.errors import Refused, refuse
from backend.domain.events import Value
from backend.domain.people import Who
from backend.domain.steps import take
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.documents import (
    TOLD,
    DocumentDraft,
    against_effect,
    as_draft,
    ask_to_read,
    document_record,
    keep_asking,
    needs_of,
    plans_naming,
)
from backend.store.door import Store
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import take_request


class ApproveDocument(SignedCommand, frozen=True, kw_only=True):
    """The signature, on exactly what was shown."""

    version_id: str


async def approve_document(
    store: Store, who: Who, command: ApproveDocument, party: RelyingParty
) -> DocumentDraft:
    """Sign, by somebody who wrote nothing of it; whoever must be trained in it is asked to read."""

    async def sign(tx: Change, password_right: bool | None) -> DocumentDraft:
        return await _sign(tx, who, command, party, password_right)

    return await sign_act(store, who, "approve_document", command, sign, DocumentDraft)


async def _sign(
    tx: Change, who: Who, command: ApproveDocument, party: RelyingParty, password_right: bool | None
) -> DocumentDraft:
    proof = proof_of(command)
    request = await take_request(tx, who, proof)
    if (request.subject_kind, request.subject_id) != ("document_version", command.version_id):
        raise refuse("nonce_unknown", field="nonce")
    version = await tx.get(DocumentVersion, command.version_id)
    status = take(DOCUMENT_STEPS, "approve", version.status)
    reasons = await against_effect(tx, version, who.person_id)
    if reasons:
        raise Refused(*reasons)
    signing = msgspec.convert(request.record["signature"], Signing)
    record = await document_record(tx, version, who, signing.method == "passkey", signing.language)
    signature = await sign_record(tx, who, party, request, record, proof, password_right)
    document = await tx.get(Document, version.document_id)
    today = tx.today.isoformat()
    if document.effective_id is not None:  # first: only one may be effective at any instant
        old = await tx.get(DocumentVersion, document.effective_id)
        tx.update(old, status=take(DOCUMENT_STEPS, "replace", old.status), obsolete_from=today)
    approved = tx.update(version, status=status, effective_from=today, signature_id=signature.id)
    in_force = tx.update(
        document, effective_id=version.id, effective_revision=version.revision, withdrawn_on=None
    )
    tx.record(
        "document_approved",
        "document",
        document.id,
        reason=version.change,
        document=document.number,
        revision=version.revision,
        replaces=document.effective_revision,
        digest=signature.digest,
    )
    await _tell(tx, who, in_force, version)
    needs = await needs_of(tx, document.id)
    await ask_to_read(tx, in_force, needs)
    if needs:
        await keep_asking(tx)
    return as_draft(approved)


async def _tell(tx: Change, who: Who, document: Document, version: DocumentVersion) -> None:
    """Quality hears which plans name another revision now: nothing of theirs starts before they name this one."""
    plans = await plans_naming(tx, document.site_id, document.number, version.revision)
    facts: dict[str, Value] = {
        "document": document.number,
        "revision": version.revision,
        "by": who.printed_name,
        "plans": ", ".join(plans),
    }
    await tx.tell_role(TOLD, "document_effective", "document", document.id, **facts)
