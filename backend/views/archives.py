"""What goes into an archive: lots up to a day, their attachments and decisions, and the log (AUD-10)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from backend.domain.archives import EVENTS_A_FILE
from backend.domain.days import start_of
from backend.domain.words import Words
from backend.store.many import among
from backend.store.reader import Reader

_WORDS = msgspec.json.Decoder(Words)


class LotRow(NamedTuple):
    """A lot, as the index shows it."""

    id: str
    site_id: str
    site: str
    number: str
    item: str
    name: Words
    supplier: str
    supplier_lot: str
    order: str
    status: str
    day: str


class FileRow(NamedTuple):
    """An attachment."""

    sha256: str
    media_type: str
    name: str


async def lots_until(read: Reader, until: date) -> list[LotRow]:
    """Every lot of every site that came or was made up to this day, in the order of site and number."""
    found: list[LotRow] = []
    for site_id, code, zone in await read.rows("select id, code, zone from site order by code"):
        rows = await read.rows(
            "select lot.id, lot.number, item.code, item.name, supplier.name, lot.supplier_lot, lot.production_order, "
            "lot.status, lot.created_at from lot join item on item.id = lot.item_id "
            "left join supplier on supplier.id = lot.supplier_id "
            "where lot.site_id = $1 and lot.created_at < $2 order by lot.number",
            site_id,
            start_of(until + timedelta(days=1), zone),
        )
        found += [
            LotRow(
                row[0], site_id, code, row[1], row[2], _WORDS.decode(row[3]), row[4] or "", row[5] or "",
                row[6] or "", row[7], row[8][:10],
            )
            for row in rows
        ]  # fmt: skip
    return found


async def attachments_of(read: Reader, hashes: Sequence[str]) -> list[FileRow]:
    """Those of these hashes that are attachments, by hash."""
    chosen = among(read, "id", hashes)
    rows = await read.rows(
        f"select id, media_type, name from attachment where {chosen.where} order by id", chosen.argument
    )
    return [FileRow(*row) for row in rows]


async def decisions_of(read: Reader, lot_id: str) -> list[str]:
    """Ids of all decisions, superseded ones too, in their order."""
    rows = await read.rows('select id from "release" where lot_id = $1 order by decided_at, id', lot_id)
    return [row[0] for row in rows]


async def leaves(read: Reader, size: int) -> AsyncIterator[bytes]:
    """Leaf hashes of the first `size` events."""
    for first in range(0, size, EVENTS_A_FILE):
        for (leaf,) in await read.rows(
            "select leaf from event where seq >= $1 and seq < $2 order by seq",
            first,
            min(size, first + EVENTS_A_FILE),
        ):
            yield bytes.fromhex(leaf)


async def events_from(read: Reader, first: int, size: int) -> list[str]:
    """Bodies of the events of one file of the log."""
    rows = await read.rows(
        "select body from event where seq >= $1 and seq < $2 order by seq",
        first,
        min(size, first + EVENTS_A_FILE),
    )
    return [row[0] for row in rows]
