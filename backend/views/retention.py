"""Until when a lot's record is kept, with every rule that says so (AUD-10)."""

from __future__ import annotations

from backend.domain.retention import Keeping
from backend.store.reader import Reader
from backend.store.retaining import keeping_of_lot
from backend.views.lots import scanned_lot


async def keeping(read: Reader, site_id: str, number: str) -> Keeping:
    """By our lot number."""
    lot = (await scanned_lot(read, site_id, number)).lot
    return await keeping_of_lot(read, site_id, lot.id, lot.number)
