"""Whether a supplier may deliver a material, and what becomes of its stock once it may not (QUA-5, LOT-13).

A supplier and its aliases are one, and so are a material and its aliases: what was taken back under an alias of either
stands against it until it is qualified anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from backend.domain.aliases import Alias
from backend.domain.days import days_before, start_of
from backend.domain.errors import Reason
from backend.domain.holds import SUPPLIER_SUSPENDED
from backend.domain.items import Supplier
from backend.domain.lots import Hold, Lot, Portion
from backend.domain.qualifications import (
    AHEAD_DAYS,
    QUALIFICATION_STEPS,
    Qualification,
    SupplierChange,
    against_supplier,
    lapsed,
    one_of,
)
from backend.domain.rights import QUALITY
from backend.domain.sites import Site
from backend.domain.steps import take
from backend.store.aliases import IN_FORCE, kept_id, same_as_any, same_ids
from backend.store.change import Change
from backend.store.descent import HELD
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.stock import step_portions


class SuspendedStock(msgspec.Struct, frozen=True):
    """Numbers of the lots of a supplier that are held now, and of the past ones: nothing usable of them lies here."""

    held: list[str]
    past: list[str]


async def in_force(read: Reader, site_id: str) -> bool:
    """Whether the site asks for qualifications at all."""
    return bool(await read.rows("select 1 from qualification where site_id = $1 limit 1", site_id))


async def qualification_of(read: Reader, supplier: Supplier, item_id: str) -> Qualification | None:
    """Of a supplier for a material, whatever its status."""
    where = "site_id = $1 and supplier_id = $2 and item_id = $3"
    return await read.first(Qualification, where, supplier.site_id, supplier.id, item_id)


async def standing_of(read: Reader, supplier: Supplier, item_id: str) -> Qualification | None:
    """What counts of a supplier that is kept and its aliases for a material that is kept and its aliases: its own, or
    what was taken back under an alias and not decided on since they are one."""
    own = await qualification_of(read, supplier, item_id)
    return one_of(own, await _under_aliases(read, supplier, item_id))


async def _under_aliases(read: Reader, supplier: Supplier, item_id: str) -> list[tuple[Qualification, str]]:
    """The newest first, each with the instant since which supplier and material are those that are kept."""
    merged = {supplier.id: "", item_id: ""}
    which = among(read, "kept_id", list(merged))
    aliases = await read.all(Alias, f"{which.where} and {IN_FORCE} order by merged_at, id", which.argument)
    if not aliases:
        return []
    merged |= {each.alias_id: each.merged_at for each in aliases}
    sellers, items = among(read, "supplier_id", merged), among(read, "item_id", merged, 2)
    found = await read.all(
        Qualification,
        f"{sellers.where} and {items.where} order by decided_at desc, id",
        sellers.argument,
        items.argument,
    )
    return [
        (each, max(merged[each.supplier_id], merged[each.item_id]))
        for each in found
        if (each.supplier_id, each.item_id) != (supplier.id, item_id)
    ]


async def taken_back(read: Reader, supplier_ids: Sequence[str]) -> list[str]:
    """Ids of the materials for which one of these suppliers was suspended or withdrawn."""
    chosen = among(read, "supplier_id", supplier_ids)
    found = await read.all(
        Qualification, f"status <> 'approved' and {chosen.where} order by item_id, id", chosen.argument
    )
    return list(dict.fromkeys(each.item_id for each in found))


async def against_delivery(
    read: Reader, site_id: str, supplier_id: str, item_id: str, today: str
) -> list[Reason]:
    """Why this supplier may not deliver this material on the ISO day `today`; empty: it may."""
    ids = await same_ids(read, supplier_id)
    supplier = await read.get(Supplier, ids[0])
    items = await same_ids(read, item_id)
    known = await standing_of(read, supplier, items[0])
    chosen = among(read, "supplier_id", ids)
    open_ones = await read.all(
        SupplierChange, f"{chosen.where} and result is null order by said_on, id", chosen.argument
    )
    return against_supplier(
        supplier.status == "blocked",
        known is not None or await in_force(read, site_id),
        known,
        [each for each in open_ones if each.concerns(*items)],
        today,
    )


async def stands_against(read: Reader, supplier: Supplier, item_id: str, today: str) -> str | None:
    """The code of a supplier whose lots of a material are not released: blocked, or qualified no more (REL-2)."""
    if (kept := await kept_id(read, supplier.id)) != supplier.id:
        supplier = await read.get(Supplier, kept)
    if supplier.status == "blocked":
        return supplier.code
    item_id = await kept_id(read, item_id)
    known = await standing_of(read, supplier, item_id)
    stands = (
        [known] if known is not None else [each for each, _ in await _under_aliases(read, supplier, item_id)]
    )
    return supplier.code if any(lapsed(each, today) is not None for each in stands) else None


def stop(tx: Change, known: Qualification, step: str, why: str) -> Qualification:
    """Take a qualification back, for a while or for good; what lies here of it is held beside this."""
    status = take(QUALIFICATION_STEPS, step, known.status)
    return tx.update(known, status=status, reason=why, decided_by=tx.who.person_id, decided_at=tx.now)


async def hold_stock(
    tx: Change, supplier: Supplier, item_ids: Sequence[str] | None, why: str, ids: Sequence[str] = ()
) -> SuspendedStock:
    """Hold every lot of a supplier that lies here and may still be used, of these materials or of all; quality
    hears which, and which of its lots are past. A material is meant under all its codes. `ids`: all that are one with
    the supplier, where that is new."""
    whose = among(tx, "supplier_id", ids or await same_ids(tx, supplier.id), 2)
    which = None if item_ids is None else set(await same_as_any(tx, item_ids)) | set(item_ids)
    where = f"site_id = $1 and {whose.where} order by number"
    lots = [
        lot
        for lot in await tx.all(Lot, where, supplier.site_id, whose.argument)
        if which is None or lot.item_id in which
    ]
    lying = among(tx, "lot_id", [lot.id for lot in lots])
    portions = await tx.all(Portion, f"{lying.where} order by id", lying.argument)
    usable = {each.lot_id for each in portions if each.quantity > 0 and each.status in (*HELD, "held")}
    held = [lot for lot in lots if lot.id in usable]
    for lot in held:
        again = "lot_id = $1 and code = $2 and lifted_at is null"
        if await tx.first(Hold, again, lot.id, SUPPLIER_SUSPENDED) is None:
            tx.insert(Hold(tx.new_id(), lot.site_id, lot.id, None, SUPPLIER_SUSPENDED, None, tx.now))
            await step_portions(tx, lot, "hold", only=HELD)
    stock = SuspendedStock([lot.number for lot in held], [lot.number for lot in lots if lot.id not in usable])
    await tx.tell_role(
        ("supervisor", *QUALITY),
        "supplier_suspended",
        "supplier",
        supplier.id,
        supplier=supplier.name,
        why=why,
        count=len(stock.held),
        past=len(stock.past),
    )
    return stock


async def wind_renewal(tx: Change, kind: str, subject_id: str, last_day: str) -> None:
    """Ask for the renewal of what counts until `last_day` a month before, or at once where that has gone by."""
    await _wind(tx, kind, subject_id, days_before(AHEAD_DAYS, last_day))


async def renewal_asked(tx: Change, kind: str, subject_id: str, last_day: str) -> bool:
    """Whether it is time to ask, now; the day after `last_day` it is asked for once more."""
    if tx.today < days_before(AHEAD_DAYS, last_day):
        return False
    if tx.today.isoformat() <= last_day:
        await _wind(tx, kind, subject_id, days_before(-1, last_day))
    return True


async def _wind(tx: Change, kind: str, subject_id: str, day: date) -> None:
    zone = (await tx.get(Site, tx.who.site_id)).zone
    tx.due(kind, subject_id, max(tx.now, start_of(day, zone)))
