"""Issue the certificate of a decision: its digests go into the log, so that the log proves it (AUD-7)."""

from __future__ import annotations

import msgspec

from backend.domain.attachments import Attachment
from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.domain.proofs import digests
from backend.domain.signatures import Release, Signature
from backend.store.change import Change
from backend.store.verb import verb


class IssueCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """The PDF was printed from the signed record and stored under its hash."""

    id: str
    release_id: str
    pdf: str
    """SHA-256 (hex)."""
    size: int
    device_at: str | None = None


@verb
async def issue_certificate(tx: Change, who: Who, command: IssueCertificate) -> Release:
    """Once a decision; asked again, the one that was issued is the answer."""
    release = await tx.get(Release, command.release_id)
    if release.certificate_pdf is not None:
        return release
    signature = await tx.get(Signature, release.signature_id)
    found = digests(signature.record, signature.evidence, b"")
    if found.record_digest != signature.digest:
        raise Refused(Reason("record_changed"))
    issued = tx.update(release, certificate_pdf=command.pdf)
    if await tx.first(Attachment, "id = $1", command.pdf) is None:
        tx.insert(
            Attachment(
                command.pdf,
                release.site_id,
                "application/pdf",
                command.size,
                "certificate.pdf",
                who.person_id,
                tx.now,
            )
        )
    tx.record(
        "certificate_issued",
        "release",
        release.id,
        record_digest=found.record_digest,
        evidence_digest=found.evidence_digest,
        pdf_digest=command.pdf,
    )
    return issued
