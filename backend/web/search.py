"""Finding by a number or a part of it."""

from __future__ import annotations

from litestar import get
from litestar.params import FromQuery

from backend.domain.searching import Findings
from backend.views.search import search
from backend.web.asking import Has, Me


@get("/api/search", operation_id="search")
async def found(me: Me, parts: Has, text: FromQuery[str] = "") -> Findings:
    """Twenty at most, the best first: a scanned code, the whole number, its beginning, a part of three characters."""
    site_id = me.who.site_id
    return await search(parts.store.read, site_id, text, await parts.store.today(site_id))


HANDLERS = [found]
