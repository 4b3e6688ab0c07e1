"""What was decided on lots, laid out for other systems: one CSV a day, written anew when the log says more of that day.

A day's file is made of the records alone, and the mark up to which the log was read is written after the files: killed
between, the same files are written once more.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from backend.domain.tables_out import table
from backend.exchange.folder import write_whole
from backend.store.door import Store
from backend.views.decisions import HEAD, days_decided, decisions_of

MARK = ".upto"


def read_mark(mark: Path) -> int:
    """Up to where the log was read; -1 at first."""
    mark.parent.mkdir(parents=True, exist_ok=True)
    return int(mark.read_text()) if mark.exists() else -1


async def lay_out(store: Store, site_id: str, folder: Path) -> list[str]:
    """The days whose files were written."""
    mark = folder / MARK
    upto = read_mark(mark)
    days, seq = await days_decided(store.read_long, site_id, upto)
    for day in days:
        rows = await decisions_of(store.read_long, site_id, day)
        body = table(HEAD, rows).encode()
        await asyncio.to_thread(write_whole, folder / f"decisions-{day}.csv", body)
    if seq > upto:
        await asyncio.to_thread(write_whole, mark, str(seq).encode())
    return days
