"""What happened to lots, read from their records for an EPCIS document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from backend.domain.epcis import Amount, Happening, LotOf, Place, document
from backend.domain.recalls import Basis
from backend.store.aliases import one_record
from backend.store.closure import closure
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.seeds import seeds

MOVED = {
    "received": ("receiving", "in_progress"),
    "returned_in": ("receiving", "returned"),
    "scrapped": ("destroying", "destroyed"),
}
DECIDED = {
    "release": "available",
    "concession": "available",
    "take_over": "available",
    "reject": "non_conformant",
}


async def epcis_document(read: Reader, site_id: str, basis: Basis, base: str, at: str) -> bytes:
    """Of the lots that a basis singles out and all that was made of them."""
    site = (await read.rows("select code, zone from site where id = $1", site_id))[0]
    ids = await closure(read, await seeds(read, site_id, basis))
    place = Place(site[0], site[1], base.rstrip("/"))
    return document(await happenings(read, ids), place, at)


async def happenings(read: Reader, lot_ids: Sequence[str]) -> list[Happening]:
    """All of it, in no order."""
    chosen = among(read, "lot_id", lot_ids)

    async def rows(sql: str) -> list[Any]:
        return list(await read.rows(sql.format(of=chosen.where), chosen.argument))

    edges = await rows(
        "select id, parent_lot_id, child_lot_id, quantity, kind, at from consumption where {of} order by id".replace(
            "{of}", among(read, "child_lot_id", lot_ids).where
        )
    )
    lots = await _lots(read, [*lot_ids, *(row[1] for row in edges)])
    found = [
        Happening(row[0], row[5], *MOVED[row[2]], [Amount(lots[row[1]], Decimal(row[3]))])
        for row in await rows(
            "select id, lot_id, kind, quantity, portion_id, at from movement where {of} "
            "and kind in ('received', 'returned_in', 'scrapped')"
        )
    ]
    found += [
        Happening(row[0], row[3], "inspecting", "conformant" if row[2] == "passed" else "non_conformant",
                  [Amount(lots[row[1]], Decimal(row[4]))])
        for row in await rows(
            "select id, lot_id, status, finished_at, lot_size from inspection where {of} "
            "and status in ('passed', 'failed') and finished_at is not null"
        )
    ]  # fmt: skip
    lying = await _ever(read, lot_ids)
    found += [
        Happening(row[0], row[3], "holding", "recalled" if row[2] == "recall" else "unavailable",
                  [Amount(lots[row[1]], lying.get(row[1], Decimal(0)))])
        for row in await rows("select id, lot_id, code, opened_at from hold where {of}")
    ]  # fmt: skip
    found += [
        Happening(row[0], row[3], "accepting", DECIDED[row[2]], [Amount(lots[row[1]], Decimal(row[4]))])
        for row in await rows(
            'select id, lot_id, decision, decided_at, quantity from "release" where {of} '
            "and decision in ('release', 'concession', 'take_over', 'reject') and quantity is not null"
        )
    ]
    found += await _shipped(read, lot_ids, lots)
    return found + await _became(read, edges, lots)


async def _shipped(read: Reader, lot_ids: Sequence[str], lots: dict[str, LotOf]) -> list[Happening]:
    chosen = among(read, "shipment_line.lot_id", lot_ids)
    rows = await read.rows(
        "select shipment_line.id, shipment_line.lot_id, shipment_line.quantity, shipment.number, shipment.shipped_at, "
        "consignee.code, site.code from shipment_line join shipment on shipment.id = shipment_id "
        "join consignee on consignee.id = consignee_id join site on site.id = shipment.site_id "
        f"where {chosen.where}",
        chosen.argument,
    )
    return [
        Happening(
            row[0],
            row[4],
            "shipping",
            "in_transit",
            [Amount(lots[row[1]], Decimal(row[2]))],
            source=row[6],
            destination=row[5],
            transaction=("desadv", row[3]),
        )
        for row in rows
    ]


async def _became(read: Reader, edges: Sequence[Any], lots: dict[str, LotOf]) -> list[Happening]:
    """One transformation a lot that was made or merged, one a split."""
    made: dict[tuple[str, str], list[Any]] = {}
    for row in edges:
        made.setdefault((row[2], row[4] or "consumed"), []).append(row)
    out = await _entered(read, sorted({child for child, _ in made}))
    found = []
    for (child, kind), rows in made.items():
        if child not in out:
            continue  # still being made
        inputs = [Amount(lots[row[1]], Decimal(row[3])) for row in rows]
        step = "commissioning" if kind == "consumed" else "repackaging"
        at, quantity = out[child]
        found.append(
            Happening(
                rows[0][0], max(at, rows[-1][5]), step, "in_progress", [Amount(lots[child], quantity)], inputs
            )
        )
    return found


async def _entered(read: Reader, lot_ids: Sequence[str]) -> dict[str, tuple[str, Decimal]]:
    """When a lot that was made of others entered stock, and with how much."""
    chosen = among(read, "lot_id", lot_ids)
    rows = await read.rows(
        f"select lot_id, at, quantity from movement where {chosen.where} "
        "and kind in ('produced', 'split_in', 'merged_in') order by at, id",
        chosen.argument,
    )
    found: dict[str, tuple[str, Decimal]] = {}
    for lot_id, at, quantity in rows:
        first, total = found.get(lot_id, (at, Decimal(0)))
        found[lot_id] = (first, total + Decimal(quantity))
    return found


async def _ever(read: Reader, lot_ids: Sequence[str]) -> dict[str, Decimal]:
    """How much of each lot ever entered stock."""
    chosen = among(read, "lot_id", lot_ids)
    found: dict[str, Decimal] = {}
    for lot_id, quantity in await read.rows(
        f"select lot_id, quantity from receipt where {chosen.where} and source <> 'return'", chosen.argument
    ):
        found[lot_id] = found.get(lot_id, Decimal(0)) + Decimal(quantity)
    return found


async def _lots(read: Reader, lot_ids: Sequence[str]) -> dict[str, LotOf]:
    """With the GTIN of their item: the supplier's for what was bought, ours for what is made; of another of its codes
    only where its own has none."""
    chosen = among(read, "lot.id", set(lot_ids))
    own = "item_identifier.item_id = lot.item_id", "item_identifier.supplier_id = lot.supplier_id"
    same = [
        one_record(read.dialect, f"item_identifier.{column}", f"lot.{column}")
        for column in ("item_id", "supplier_id")
    ]
    codes = ", ".join(
        f"(select min(value) from item_identifier where {item} and scheme = 'gtin' and ({supplier} "
        "or (item_identifier.supplier_id is null and lot.supplier_id is null)))"
        for item, supplier in (own, same)
    )
    rows = await read.rows(
        f"select lot.id, lot.number, lot.supplier_lot, item.unit, coalesce({codes}) "
        f"from lot join item on item.id = lot.item_id where {chosen.where}",
        chosen.argument,
    )
    return {row[0]: LotOf(row[1], row[2] or row[1], row[4], row[3]) for row in rows}
