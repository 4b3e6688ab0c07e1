"""The whole history of a lot as one list of fields: rows, old readings included, and events (AUD-4)."""

from __future__ import annotations

from typing import Any

import msgspec

from backend.domain import (
    genealogy,
    inspections,
    label_counts,
    lots,
    ncrs,
    process_facts,
    proposals,
    recalls,
    revocations,
    reworks,
    shipments,
    signatures,
    taken_over,
)
from backend.domain.events import Event
from backend.domain.record_exports import Field, RecordExport, fields_of
from backend.store.reader import Reader
from backend.store.tables import table_of
from backend.views.lots import scanned_lot

_OF_LOT = "lot_id = $1"
_INSPECTIONS = (
    "select id from inspection where lot_id = $1 or receipt_id in "
    "(select origin_id from receipt where receipt.lot_id = $1)"
)
_OF_INSPECTION = f"inspection_id in ({_INSPECTIONS})"
_LINES = "select shipment_id from shipment_line where lot_id = $1"
_DECISIONS = 'select signature_id from "release" where lot_id = $1'
PARTS: tuple[tuple[type[msgspec.Struct], str], ...] = (
    (lots.Lot, "id = $1"),
    (lots.Receipt, _OF_LOT),
    (taken_over.TakenOver, _OF_LOT),
    (lots.Portion, _OF_LOT),
    (lots.SerialUnit, _OF_LOT),
    (lots.Movement, _OF_LOT),
    (lots.Hold, _OF_LOT),
    (label_counts.LabelCount, _OF_LOT),
    (inspections.Inspection, f"id in ({_INSPECTIONS})"),
    (inspections.Sample, _OF_INSPECTION),
    (inspections.Reading, _OF_INSPECTION),
    (inspections.Judgement, _OF_INSPECTION),
    (proposals.Proposal, _OF_INSPECTION),
    (ncrs.Ncr, _OF_LOT),
    (reworks.Rework, _OF_LOT),
    (
        ncrs.FollowUp,
        "ncr_id in (select id from ncr where lot_id = $1) or "
        "subject_id in (select id from receipt where lot_id = $1)",
    ),
    (signatures.Release, _OF_LOT),
    (signatures.Signature, f"id in ({_DECISIONS})"),
    (revocations.Revocation, _OF_LOT),
    (genealogy.Consumption, "parent_lot_id = $1 or child_lot_id = $1"),
    (process_facts.ProcessFact, _OF_LOT),
    (shipments.ShipmentLine, _OF_LOT),
    (shipments.Shipment, f"id in ({_LINES})"),
    (shipments.CustomerReturn, _OF_LOT),
    (recalls.RecallLot, _OF_LOT),
)
"""Tables in the order of their sections, each with the condition that picks what belongs to the lot."""
_NAMES = (
    ("person", "printed_name"),
    ("location", "code"),
    ("item", "code"),
    ("supplier", "name"),
    ("consignee", "name"),
    ("site", "code"),
)
_EVENT = msgspec.json.Decoder(Event)
EVENTS_OF_LOT = (
    f"(subject_id = $1 or subject_id in ({_INSPECTIONS}) "
    "or subject_id in (select id from ncr where lot_id = $1) "
    'or subject_id in (select id from "release" where lot_id = $1) '
    f"or subject_id in ({_LINES}))"
)
"""Which events are about the lot `$1`."""
_EVENTS = f"select seq, body from event where {EVENTS_OF_LOT} order by seq"


async def lot_export(read: Reader, site_id: str, number: str, at: str, by: str) -> RecordExport:
    """By our lot number."""
    lot = (await scanned_lot(read, site_id, number)).lot
    names = await _names(read, site_id)
    names |= dict(
        await read.rows(
            "select id, number from lot where id = $1 or id in (select parent_lot_id from consumption where "
            "child_lot_id = $1) or id in (select child_lot_id from consumption where parent_lot_id = $1)",
            lot.id,
        )
    )
    fields: list[Field] = []
    for noun, where in PARTS:
        stored = table_of(noun, read.dialect)
        for place, row in enumerate(await read.all(noun, f"{where} order by id", lot.id), start=1):
            fields += _entry(f"{stored.name}.{place}", stored.state(row), names)
    events = await lot_events(read, lot.id)
    for place, (_, body) in enumerate(events, start=1):
        fields += _entry(f"event.{place}", msgspec.to_builtins(_EVENT.decode(body)), names)
    zone = (await read.rows("select zone from site where id = $1", site_id))[0][0]
    return RecordExport("lot_history", lot.number, zone, at, by, fields)


async def lot_events(read: Reader, lot_id: str) -> list[tuple[int, str]]:
    """Place and body of every event that is about the lot, in the order of the log."""
    return [(row[0], row[1]) for row in await read.rows(_EVENTS, lot_id)]


def _entry(path: str, state: dict[str, Any], names: dict[str, str]) -> list[Field]:
    """A row; its own id is never told by a name."""
    own = {"id": state.get("id")}
    return [
        *fields_of(path, own, {}),
        *fields_of(path, {key: value for key, value in state.items() if key != "id"}, names),
    ]


async def _names(read: Reader, site_id: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for table, column in _NAMES:
        where = "id = $1" if table == "site" else "site_id = $1"
        found |= dict(await read.rows(f'select id, {column} from "{table}" where {where}', site_id))
    return found
