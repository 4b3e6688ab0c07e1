"""Shipments of the bench's factory: every finished lot that has stock goes in part to one of fifty consignees."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from backend.app import now
from backend.domain.consignees import Consignee, Contact
from backend.domain.shipments import Shipment, ShipmentLine
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import table_of
from bench.ground import new_id

CONSIGNEES = 50


async def ship(path: Path) -> None:
    """A line for every finished lot that has a portion."""
    database = SqliteDatabase(path)
    await database.open()
    try:
        site = (await database.fetch("select id from site"))[0][0]
        person = (await database.fetch("select id from person"))[0][0]
        portions = await database.fetch(
            "select portion.id, portion.lot_id from portion join lot on lot.id = portion.lot_id where lot.id in "
            "(select child_lot_id from consumption) and lot.id not in (select parent_lot_id from consumption)"
        )
        contact = [Contact("Dr Chen", "chen@hospital.example", "+86 21 5550 0100")]
        to = [
            Consignee(new_id(), site, f"H-{n:02}", f"Hospital {n}", "1 Road", "CN", "zh", contact)
            for n in range(CONSIGNEES)
        ]
        sent = [
            Shipment(new_id(), site, f"S26-{n:07}", to[n % CONSIGNEES].id, "", "", "", [], person, now())
            for n in range(len(portions))
        ]
        lines = [
            ShipmentLine(new_id(), site, shipment.id, lot_id, portion_id, Decimal(5), [])
            for shipment, (portion_id, lot_id) in zip(sent, portions, strict=True)
        ]
        async with database.writing() as writer:
            for nouns in (to, sent, lines):
                table: Any = table_of(type(nouns[0]), "sqlite")
                await writer.insert_many(table.insert, [table.encode(each) for each in nouns])
    finally:
        await database.close()
