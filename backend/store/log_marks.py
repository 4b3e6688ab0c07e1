"""Marks in the log: where a listener stands, and where the log ends."""

from __future__ import annotations

from backend.domain.log_marks import LogMark
from backend.store.change import Change
from backend.store.reader import Reader


async def end_of_log(read: Reader) -> int:
    """The newest event's place; -1: there is none."""
    return int((await read.rows("select coalesce(max(seq), -1) from event"))[0][0])


async def read_up_to(read: Reader, listener: str) -> int | None:
    """Up to where somebody has read; None: they have never looked."""
    mark = await read.first(LogMark, "id = $1", listener)
    return mark.seq if mark is not None else None


async def mark_up_to(tx: Change, listener: str, seq: int) -> None:
    """Move the mark forward; it never goes back."""
    known = await tx.first(LogMark, "id = $1", listener)
    if known is None:
        tx.insert(LogMark(listener, seq))
    elif known.seq < seq:
        tx.update(known, seq=seq)
