"""Opening stock that was released on paper and that nobody has taken over yet: what a list is made of (ADR 38)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Reason
from backend.domain.people import Who
from backend.domain.releases import blockers
from backend.store.deciding import Dossier, dossier
from backend.store.reader import Reader
from backend.store.taken_lists import MOST
from backend.views.lot_cards import TakenOverLine, taken_over_line
from backend.views.lots import ItemRef
from backend.views.people import printed_names


class OpeningLine(msgspec.Struct, frozen=True):
    """A receipt that waits; `blockers` empty: this person may take it over now."""

    receipt_id: str
    lot_number: str
    item: ItemRef
    quantity: Decimal
    expires_on: str | None
    taken_over: TakenOverLine
    blockers: list[Reason]


class OpeningStock(msgspec.Struct, frozen=True):
    """The lines after the first `skip`, a list's worth of them; `waiting`: how many there are in all."""

    waiting: int
    most: int
    lines: list[OpeningLine]


_WAITING = (
    "from taken_over where site_id = $1 and status = 'released' and exists (select 1 from portion "
    "where portion.receipt_id = taken_over.receipt_id and portion.status in ('quarantine', 'inspecting', "
    "'held', 'production_released') and cast(portion.quantity as real) > 0)"
)


async def opening_stock(read: Reader, who: Who, today: str, skip: int = 0) -> OpeningStock:
    """In the order of the files and their rows."""
    rows = await read.rows(
        f"select receipt_id {_WAITING} order by taken_at, file, line limit {MOST} offset {skip:d}",
        who.site_id,
    )
    waiting = await read.rows(f"select count(*) {_WAITING}", who.site_id)
    names = await printed_names(read, who.site_id)
    lines = [_line(await dossier(read, row[0], who.person_id, today), who, today, names) for row in rows]
    return OpeningStock(int(waiting[0][0]), MOST, lines)


def _line(file: Dossier, who: Who, today: str, names: dict[str, str]) -> OpeningLine:
    assert file.taken_over is not None
    item = file.item
    return OpeningLine(
        file.receipt.id,
        file.lot.number,
        ItemRef(item.id, item.code, item.name, item.unit, item.kind),
        file.quantity,
        file.lot.expires_on,
        taken_over_line(file.taken_over, names.get(file.taken_over.taken_by, "")),
        blockers(file.case(who.person_id, today, "take_over"), "take_over"),
    )
