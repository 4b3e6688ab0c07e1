"""The built page: its files, never older than the build, and the way back to it from any address."""

from __future__ import annotations

import asyncio
import mimetypes
from pathlib import Path

from litestar import Response, get

from backend.domain.errors import NotFound, Reason
from backend.web.asking import Has, Id

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("text/javascript", ".js")


def _file(folder: Path, name: str) -> Path | None:
    """A file of the build; nothing outside of it."""
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder.resolve()) and path.is_file() else None


async def _send(path: Path, immutable: bool) -> Response[bytes]:
    body = await asyncio.to_thread(path.read_bytes)
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    cache = "public, max-age=31536000, immutable" if immutable else "no-cache"
    return Response(body, media_type=media_type, headers={"cache-control": cache})


@get(["/", "/{name:path}"], include_in_schema=False)
async def page(parts: Has, name: Id = "") -> Response[bytes]:
    """A file of the page, or the page itself for an address that it knows by itself."""
    wanted = name.strip("/") or "index.html"
    if wanted.startswith(("api/", "schema")):
        raise NotFound(Reason("page_unknown"))
    path = _file(parts.page, wanted)
    if path is not None:
        return await _send(path, wanted.startswith("assets/"))
    index = _file(parts.page, "index.html")
    if index is None or "." in wanted.rpartition("/")[2]:
        raise NotFound(Reason("page_unknown" if index else "page_not_built"))
    return await _send(index, False)


@get("/healthz", operation_id="get_health")
async def health(parts: Has) -> str:
    """200 when it is ready: the database answers."""
    await parts.store.read.rows("select 1")
    return "ok"


HANDLERS = [page, health]
