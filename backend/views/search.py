"""What a number, or a part of one, may mean: a lot, item, inspection, NCR, recall, gauge, partner or shipment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

import msgspec

from backend.domain.labels import read_label
from backend.domain.lots import ScannedCode
from backend.domain.searching import MOST, Findings, Hit, Kind, folded
from backend.domain.words import Words
from backend.store.database import Row
from backend.store.finding import Name, beginning, exact, inside
from backend.store.many import among
from backend.store.reader import Reader
from backend.views.scans import scan

SEVERAL = 3
"""Names that one row may have: so many more are asked for than are shown."""


async def search(read: Reader, site_id: str, text: str, today: date) -> Findings:
    """The best first, each row once; nothing for an empty text."""
    wanted = folded(text)
    if not wanted:
        return Findings("", [], False)
    names = await _coded(read, site_id, text.strip(), today)
    for look in (exact, beginning, inside):
        if len(_subjects(names)) <= MOST:
            names += await look(read, site_id, wanted, (MOST + 1) * SEVERAL)
    best: dict[tuple[Kind, str], Name] = {}
    for name in names:
        best.setdefault((name.kind, name.subject_id), name)
    hits = await _hits(read, site_id, list(best.values())[: MOST + 1])
    return Findings(wanted, hits[:MOST], len(hits) > MOST)


def _subjects(names: Iterable[Name]) -> set[tuple[str, str]]:
    return {(name.kind, name.subject_id) for name in names}


async def _coded(read: Reader, site_id: str, text: str, today: date) -> list[Name]:
    """What a scanned code names: its lot, or its item where the lot is not known."""
    if read_label(text, today=today).scheme == "unknown":
        return []
    found = await scan(read, site_id, [ScannedCode(text)], today)
    if found.lot is not None:
        return [Name("lot", found.lot.id, "number", found.lot.number, "code")]
    if found.item is not None:
        return [Name("item", found.item.id, "code", found.item.code, "code")]
    return []


class Shown(NamedTuple):
    """How rows of a kind are read: id, site, number, words as JSON or plain, status, lot."""

    sql: str
    words: Callable[[str], Words]


def _plain(text: str) -> Words:
    return Words(text, text)


_BOTH: Callable[[str], Words] = msgspec.json.Decoder(Words).decode
_OF_LOT = "join lot on lot.id = {table}.lot_id join item on item.id = lot.item_id"
SHOWN: dict[Kind, Shown] = {
    "lot": Shown(
        "select lot.id, lot.site_id, number, item.name, lot.status, null from lot join item on item.id = item_id",
        _BOTH,
    ),
    "item": Shown("select item.id, item.site_id, code, name, null, null from item", _BOTH),
    "inspection": Shown(
        "select inspection.id, inspection.site_id, inspection.number, item.name, inspection.status, lot.number "
        "from inspection " + _OF_LOT.format(table="inspection"),
        _BOTH,
    ),
    "ncr": Shown(
        "select ncr.id, ncr.site_id, ncr.number, item.name, ncr.status, lot.number from ncr "
        + _OF_LOT.format(table="ncr"),
        _BOTH,
    ),
    "recall": Shown("select recall.id, recall.site_id, number, reason, status, null from recall", _plain),
    "mock_recall": Shown(
        "select mock_recall.id, mock_recall.site_id, number, reason, status, null from mock_recall", _plain
    ),
    "gauge": Shown("select gauge.id, gauge.site_id, code, name, status, null from gauge", _BOTH),
    "supplier": Shown("select supplier.id, supplier.site_id, code, name, status, null from supplier", _plain),
    "consignee": Shown(
        "select consignee.id, consignee.site_id, code, name, null, null from consignee", _plain
    ),
    "capa": Shown("select capa.id, capa.site_id, number, title, status, null from capa", _plain),
    "change_request": Shown(
        "select change_request.id, change_request.site_id, number, title, status, null from change_request",
        _plain,
    ),
    "complaint": Shown(
        "select complaint.id, complaint.site_id, number, described, status, null from complaint", _plain
    ),
    "shipment": Shown(
        "select shipment.id, shipment.site_id, number, consignee.name, null, null from shipment "
        "join consignee on consignee.id = consignee_id",
        _plain,
    ),
}


async def _hits(read: Reader, site_id: str, names: list[Name]) -> list[Hit]:
    """What is shown comes from the rows themselves, so that a name that no longer holds shows nobody else's."""
    rows: dict[tuple[Kind, str], Row] = {}
    for kind in dict.fromkeys(name.kind for name in names):
        chosen = among(read, f"{kind}.id", [name.subject_id for name in names if name.kind == kind])
        for row in await read.rows(f"{SHOWN[kind].sql} where {chosen.where}", chosen.argument):
            if row[1] == site_id:
                rows[kind, row[0]] = row
    return [_hit(name, rows[name[:2]]) for name in names if name[:2] in rows]


def _hit(name: Name, row: Row) -> Hit:
    _, _, number, words, status, lot = row
    field = name.field.split(" ")[0]
    return Hit(
        name.kind, row[0], number, name.rank, field, name.name, SHOWN[name.kind].words(words), status, lot
    )
