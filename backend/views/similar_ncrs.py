"""Past reports that are like one: advice for whoever decides, by what is the same and what reads alike (RES-11)."""

from __future__ import annotations

import msgspec

from backend.domain.likeness import alike
from backend.domain.ncrs import Ncr
from backend.store.aliases import aliases_at
from backend.store.reader import Reader

MOST = 5
LOOKED_AT = 500
"""The newest reports of the site that are compared."""
LIKE = 0.35
"""From this likeness of texts on a report is shown though nothing else is the same."""


class Similar(msgspec.Struct, frozen=True):
    """A past report. `score`: 0 to 100; `same`: what it shares (item, supplier, characteristic, text)."""

    id: str
    number: str
    lot_number: str
    said: str
    disposition: str | None
    status: str
    score: int
    same: list[str]


async def similar_to(read: Reader, ncr: Ncr) -> list[Similar]:
    """The likest first; none that shares nothing."""
    rows = await read.rows(
        "select ncr.id, ncr.number, lot.number, ncr.what, ncr.containment, ncr.justification, ncr.disposition, "
        "ncr.status, lot.item_id, lot.supplier_id, ncr.characteristic from ncr join lot on lot.id = ncr.lot_id "
        "where ncr.site_id = $1 order by ncr.opened_at desc, ncr.id desc limit $2",
        ncr.site_id,
        LOOKED_AT,
    )
    mine = next((row for row in rows if row[0] == ncr.id), None)
    others = [row for row in rows if row[0] != ncr.id]
    if mine is None or not others:
        return []
    texts = alike(_text(mine), [_text(row) for row in others])
    kept = {**await aliases_at(read, ncr.site_id, "item"), **await aliases_at(read, ncr.site_id, "supplier")}
    found = [_similar(mine, row, text, kept) for row, text in zip(others, texts, strict=True)]
    found.sort(key=lambda each: (-each.score, each.number))
    return [each for each in found if each.same][:MOST]


def _text(row: tuple[object, ...]) -> str:
    return " ".join(str(part) for part in row[3:6] if part)


def _similar(mine: tuple[object, ...], row: tuple[object, ...], text: float, kept: dict[str, str]) -> Similar:
    """Item and characteristic weigh most: the same fault of the same thing; then its supplier, then the words."""

    def one(place: int) -> bool:
        """Of both: the same record, or one that is an alias of it."""
        ids = [str(of[place]) for of in (mine, row)]
        return mine[place] is not None and kept.get(ids[0], ids[0]) == kept.get(ids[1], ids[1])

    points = {
        "characteristic": 40 * (mine[10] is not None and mine[10] == row[10]),
        "item": 30 * one(8),
        "supplier": 10 * one(9),
        "text": round((20 if mine[10] is not None else 60) * text) if text >= LIKE else 0,
    }
    strong = [name for name, worth in points.items() if worth > 0]
    # The supplier alone makes no two reports alike.
    same = strong if strong != ["supplier"] else []
    said = str(row[3] or row[10] or "")
    disposition = str(row[6]) if row[6] is not None else None
    return Similar(
        str(row[0]), str(row[1]), str(row[2]), said, disposition, str(row[7]), sum(points.values()), same
    )
