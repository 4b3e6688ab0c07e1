"""Events that others sent, the newest first, with the lots of ours that they name; or those about one lot."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.epcis_capture import EpcisEvent
from backend.store.aliases import one_record
from backend.store.database import Row
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.tables import Dialect
from backend.views.lots import scanned_lot

PAGE = 50
_COLUMNS = (
    "select epcis_event.id, event_id, declares_error, epcis_event.kind, event_time, step, disposition, action, "
    "person.printed_name, captured_at from epcis_event left join person on person.id = captured_by"
)


def fits(dialect: Dialect) -> tuple[str, ...]:
    """How an event names a lot of ours: by our address, by code and lot, by code and serial."""
    return (
        "join lot on lot.site_id = epcis_mention.site_id and lot.number = epcis_mention.lot "
        "and epcis_mention.device_identifier = ''",
        "join item_identifier on item_identifier.site_id = epcis_mention.site_id "
        "and item_identifier.value = epcis_mention.device_identifier "
        "join lot on lot.site_id = epcis_mention.site_id "
        f"and {one_record(dialect, 'lot.item_id', 'item_identifier.item_id')} and epcis_mention.lot <> '' "
        "and (item_identifier.supplier_id is null or lot.supplier_id is null "
        f"or {one_record(dialect, 'lot.supplier_id', 'item_identifier.supplier_id')}) "
        "and epcis_mention.lot in (lot.supplier_lot, lot.number)",
        "join serial_unit on serial_unit.site_id = epcis_mention.site_id "
        "and serial_unit.serial = epcis_mention.serial "
        "and epcis_mention.serial <> '' and epcis_mention.lot = '' join lot on lot.id = serial_unit.lot_id "
        f"join item_identifier on {one_record(dialect, 'item_identifier.item_id', 'lot.item_id')} "
        "and item_identifier.value = epcis_mention.device_identifier",
    )


class EpcisLot(msgspec.Struct, frozen=True):
    """A lot of ours that an event names, as what, and how much of it where that is said."""

    number: str
    role: str
    quantity: Decimal | None
    uom: str | None


class EpcisLine(msgspec.Struct, frozen=True):
    """An event in one line; `at` as its sender wrote it."""

    id: str
    event_id: str
    declares_error: bool
    kind: str
    at: str
    step: str | None
    disposition: str | None
    action: str | None
    by: str | None
    captured_at: str
    lots: list[EpcisLot]


class EpcisPage(msgspec.Struct, frozen=True):
    """A page; `next` continues after it."""

    events: list[EpcisLine]
    next: str | None


async def epcis_events(read: Reader, site_id: str, lot: str | None, after: str | None) -> EpcisPage:
    """The newest of those that were sent first; of one lot where its number is given."""
    conditions, args = ["epcis_event.site_id = $1"], [site_id]
    if lot:
        number = (await scanned_lot(read, site_id, lot)).lot.number
        args.append(number)
        named = " union ".join(
            f"select epcis_mention.epcis_event_id from epcis_mention {joined} where epcis_mention.site_id = $1 "
            "and lot.number = $2"
            for joined in fits(read.dialect)
        )
        conditions.append(f"epcis_event.id in ({named})")
    if after:
        args.append(after)
        conditions.append(f"epcis_event.id < ${len(args)}")
    rows = await read.rows(
        f"{_COLUMNS} where {' and '.join(conditions)} order by epcis_event.id desc limit {PAGE + 1}", *args
    )
    shown = rows[:PAGE]
    lots = await _lots(read, [row[0] for row in shown])
    lines = [_line(row, lots.get(row[0], [])) for row in shown]
    return EpcisPage(lines, shown[-1][0] if len(rows) > PAGE else None)


def _line(row: Row, lots: list[EpcisLot]) -> EpcisLine:
    return EpcisLine(
        row[0], row[1], bool(row[2]), row[3], row[4], row[5], row[6], row[7], row[8], row[9], lots
    )


async def _lots(read: Reader, event_ids: list[str]) -> dict[str, list[EpcisLot]]:
    chosen = among(read, "epcis_mention.epcis_event_id", event_ids)
    found: dict[str, list[EpcisLot]] = {}
    for joined in fits(read.dialect):
        for event_id, role, number, quantity, uom in await read.rows(
            "select epcis_mention.epcis_event_id, epcis_mention.role, lot.number, epcis_mention.quantity, "
            f"epcis_mention.uom from epcis_mention {joined} where {chosen.where} order by epcis_mention.id",
            chosen.argument,
        ):
            amount = None if quantity is None else Decimal(quantity)
            found.setdefault(event_id, []).append(EpcisLot(number, role, amount, uom))
    return found


async def epcis_event(read: Reader, id: str) -> EpcisEvent:
    """As it came."""
    return await read.get(EpcisEvent, id)
