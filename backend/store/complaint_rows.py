"""Complaints from a sheet: what each row comes to, held against what the site has (QUA-8, IMP-1).

A row is an intake like any other, and checked as one. The other system's reference names it: known, the row must say
what the intake said or what stands here now; what it leaves blank it says nothing of.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from backend.domain.complaints import Complaint, Intake, against_intake
from backend.domain.consignees import Consignee
from backend.domain.import_cells import alike
from backend.domain.imports import ImportRow
from backend.domain.lots import Lot
from backend.store.aliases import aliases_at
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.weighing import Weighing, spellings

SAID = ("received_on", "described", "reporter", "serial")
"""Fields of a row that are those of the complaint, letter by letter."""


class _Ground(NamedTuple):
    """What the site has."""

    known: dict[str, Complaint]
    """By reference."""
    spelt: dict[str, str]
    """References by what is alike of them."""
    lots: dict[str, Lot]
    """By number, those that rows name."""
    units: dict[str, str]
    """Stock units by item."""
    consignees: dict[str, Consignee]
    kept: dict[str, str]
    """Consignees that are aliases: the record that each is."""


async def weigh_complaints(read: Reader, site_id: str, rows: Sequence[ImportRow], weighing: Weighing) -> None:
    """Hold each row against the site."""
    ground = await _ground(read, site_id, rows)
    spelt = spellings(ground.consignees)
    for row in rows:
        reference = row.values["their_reference"]
        known = ground.known.get(reference)
        if known is not None:
            _again(row, known, ground, weighing)
        elif (there := ground.spelt.get(alike(reference))) is not None:
            weighing.refuse(row, "their_reference", "code_alike", code=there)
        else:
            _new(row, ground, spelt, weighing)


def _new(row: ImportRow, ground: _Ground, spelt: dict[str, str], weighing: Weighing) -> None:
    values, found = row.values, len(weighing.faults)
    code, number = values.get("consignee"), values.get("lot_number")
    lot, consignee = ground.lots.get(number or ""), ground.consignees.get(code or "")
    if number is not None and lot is None:
        weighing.refuse(row, "lot_number", "lot_unknown", lot=number)
    if code is not None and consignee is None:
        weighing.refuse_unknown(row, "consignee", "consignee_unknown", spelt, consignee=code)
    if lot is not None and "quantity" in values:
        weighing.against_unit(row, ground.units[lot.item_id])
    intake = Intake(
        received_on=values["received_on"],
        described=values["described"],
        reporter=values["reporter"],
        lot=lot,
        serial=values.get("serial"),
        quantity=Decimal(values["quantity"]) if "quantity" in values else None,
        consignee_id=_kept(ground, consignee.id) if consignee is not None else None,
        reference=values["their_reference"],
    )
    for reason in against_intake(intake, weighing.today.isoformat()):
        weighing.refuse(row, reason.field or "their_reference", reason.code, **reason.facts)
    if len(weighing.faults) > found:
        return
    if code is not None and consignee is not None and consignee.id in ground.kept:
        one = next(each for each in ground.consignees.values() if each.id == ground.kept[consignee.id])
        weighing.lands(row, "consignee", code, one.code)
    weighing.add(intake)


def _again(row: ImportRow, known: Complaint, ground: _Ground, weighing: Weighing) -> None:
    """The same complaint once more changes nothing; one that says something else is put right here, by a person."""
    differ = [field for field, is_so in _agreeing(row, known, ground) if not is_so]
    if not differ:
        weighing.counts["same"] += 1
    for field in differ:
        weighing.refuse(
            row, field, "complaint_known", complaint=known.number, old=_here(field, known, ground)
        )


def _agreeing(row: ImportRow, known: Complaint, ground: _Ground) -> list[tuple[str, bool]]:
    values = row.values
    found = [(field, values[field] == getattr(known, field)) for field in SAID if field in values]
    if "quantity" in values:
        found.append(("quantity", Decimal(values["quantity"]) == known.quantity))
    if "lot_number" in values:
        lot = ground.lots.get(values["lot_number"])
        found.append(("lot_number", lot is not None and lot.id in (known.lot_id, known.first_lot_id)))
    if "consignee" in values:
        said = ground.consignees.get(values["consignee"])
        here = known.consignee_id
        same = said is not None and here is not None and _kept(ground, said.id) == _kept(ground, here)
        found.append(("consignee", same))
    return found


def _here(field: str, known: Complaint, ground: _Ground) -> str:
    """What stands here, for whoever has to put it right."""
    match field:
        case "quantity":
            said = format(known.quantity, "f") if known.quantity is not None else ""
        case "lot_number":
            said = next((each.number for each in ground.lots.values() if each.id == known.lot_id), "")
        case "consignee":
            said = next(
                (each.code for each in ground.consignees.values() if each.id == known.consignee_id), ""
            )
        case _:
            said = getattr(known, field) or ""
    return said or "–"


def _kept(ground: _Ground, id: str) -> str:
    return ground.kept.get(id, id)


async def _ground(read: Reader, site_id: str, rows: Sequence[ImportRow]) -> _Ground:
    references = await read.rows(
        "select reference from complaint where site_id = $1 and reference is not null", site_id
    )
    said = among(read, "reference", {row.values["their_reference"] for row in rows}, 2)
    known = await read.all(Complaint, f"site_id = $1 and {said.where}", site_id, said.argument)
    numbers = among(read, "number", {row.values.get("lot_number", "") for row in rows} - {""}, 2)
    ids = among(read, "id", {each.lot_id for each in known if each.lot_id is not None}, 2)
    lots = {
        each.id: each
        for which in (numbers, ids)
        for each in await read.all(Lot, f"site_id = $1 and {which.where}", site_id, which.argument)
    }
    items = among(read, "id", {each.item_id for each in lots.values()})
    units = await read.rows(f"select id, unit from item where {items.where}", items.argument)
    consignees = await read.all(Consignee, "site_id = $1", site_id)
    return _Ground(
        {each.reference: each for each in known if each.reference is not None},
        spellings(each for (each,) in references),
        {each.number: each for each in lots.values()},
        dict(units),
        {each.code: each for each in consignees},
        await aliases_at(read, site_id, "consignee"),
    )
