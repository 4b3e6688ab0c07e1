"""What a certificate is made of: the signed record, its signature, and the log's event that proves it."""

from __future__ import annotations

import msgspec

from backend.domain.certificates import CertificateRecord
from backend.domain.errors import NotFound, Reason
from backend.domain.events import Value
from backend.domain.signatures import Release, Signature
from backend.store.reader import Reader


class Signed(msgspec.Struct, frozen=True):
    """A decision with its signature; `event` is None until the certificate is issued."""

    release: Release
    signature: Signature
    record: CertificateRecord
    lot_number: str
    event_seq: int | None
    event: bytes | None


async def signed_release(read: Reader, release_id: str, site_id: str) -> Signed:
    """By the decision's id."""
    release = await read.first(Release, "id = $1 and site_id = $2", release_id, site_id)
    if release is None:
        raise NotFound(Reason("not_found", {"kind": "release", "id": release_id}))
    signature = await read.get(Signature, release.signature_id)
    lot = await read.rows("select number from lot where id = $1", release.lot_id)
    events = await read.rows(
        "select seq, body from event where subject_id = $1 and type = 'certificate_issued' order by seq limit 1",
        release_id,
    )
    return Signed(
        release=release,
        signature=signature,
        record=msgspec.convert(signature.record, CertificateRecord),
        lot_number=lot[0][0],
        event_seq=events[0][0] if events else None,
        event=events[0][1].encode() if events else None,
    )


def record_values(signed: Signed) -> dict[str, Value]:
    """The record exactly as it was signed."""
    return signed.signature.record
