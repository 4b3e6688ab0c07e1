"""Files of the record: stored under their hash in the data folder, sent out as what they are and nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, get, post

from backend.actions.add_attachment import AddAttachment, add_attachment
from backend.domain.attachments import Attachment
from backend.domain.errors import NotFound, Reason
from backend.domain.people import Who
from backend.domain.printed_fields import Proposal
from backend.store.attachment_files import path_of, write_bytes
from backend.web.asking import Has, Id, Me
from backend.web.parts import Parts
from backend.web.problems import TooLarge

LIMIT = 20 * 2**20
SHOWN = {"image/png", "image/jpeg", "image/webp", "application/pdf"}


async def whole_body(request: Request[Any, Any, Any], limit: int) -> bytes:
    """The body, read in pieces; refused as soon as it is larger than `limit`, whatever its header says."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(limit)
    return bytes(body)


async def keep_bytes(
    parts: Parts, who: Who, body: bytes, media_type: str, printed: list[Proposal] | None = None
) -> str:
    """Put bytes on record, and what was read of their print."""
    sha256 = await asyncio.to_thread(write_bytes, parts.attachments, body)
    command = AddAttachment(
        id=parts.store.new_id(),
        sha256=sha256,
        media_type=media_type.split(";")[0],
        size=len(body),
        printed=printed,
    )
    return (await add_attachment(parts.store, who, command)).id


@post("/api/attachments", operation_id="add_attachment", request_max_body_size=LIMIT)
async def add(request: Request[Any, Any, Any], me: Me, parts: Has) -> Attachment:
    """Raw body; the answer names its hash."""
    body = await whole_body(request, LIMIT)
    media_type = request.headers.get("content-type", "application/octet-stream")
    sha256 = await keep_bytes(parts, me.who, body, media_type)
    return await parts.store.read.get(Attachment, sha256)


@get("/api/attachments/{sha256:str}", operation_id="get_attachment")
async def fetch(sha256: Id, me: Me, parts: Has) -> Response[bytes]:
    """The bytes; what a browser could run is sent as a download."""
    found = await parts.store.read.first(Attachment, "id = $1 and site_id = $2", sha256, me.who.site_id)
    path = path_of(parts.attachments, sha256) if found else None
    if found is None or path is None or not path.exists():
        raise NotFound(Reason("not_found", {"kind": "attachment", "id": sha256}))
    body = await asyncio.to_thread(path.read_bytes)
    shown = found.media_type in SHOWN
    headers = {"x-content-type-options": "nosniff", "cache-control": "private, max-age=31536000, immutable"}
    if not shown:
        headers["content-disposition"] = "attachment"
    return Response(
        body, media_type=found.media_type if shown else "application/octet-stream", headers=headers
    )


HANDLERS = [add, fetch]
