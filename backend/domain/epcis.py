"""EPCIS 2.0 documents (GS1, ISO/IEC 19987:2024) with terms of CBV 2.0 (ISO/IEC 19988:2024), as JSON-LD.

what happened here                      event           business step   disposition
a delivery was received                 ObjectEvent     receiving       in_progress
an inspection passed, failed            ObjectEvent     inspecting      conformant, non_conformant
a lot was held                          ObjectEvent     holding         unavailable
stock was released or conceded          ObjectEvent     accepting       available
stock was rejected                      ObjectEvent     accepting       non_conformant
materials became a product              Transformation  commissioning   in_progress
stock went on under another number      Transformation  repackaging     in_progress
stock was shipped                       ObjectEvent     shipping        in_transit
a customer returned something           ObjectEvent     receiving       returned
a lot was recalled                      ObjectEvent     holding         recalled
stock was scrapped                      ObjectEvent     destroying      destroyed

A lot is a class of pieces: its GS1 Digital Link (`01` GTIN, `10` lot) where its item has a GTIN, else an address of
this installation. Quantities are exact JSON numbers; the unit is its code of UN/ECE Recommendation 20, none where
pieces are counted. An event's id is that of the row that it was made of: a document that is sent twice says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
DIGITAL_LINK = "https://id.gs1.org"
REC20: dict[str, str | None] = {
    "pc": None, "pcs": None, "kg": "KGM", "g": "GRM", "mg": "MGM", "L": "LTR", "l": "LTR", "mL": "MLT", "ml": "MLT",
    "m": "MTR", "cm": "CMT", "mm": "MMT", "m2": "MTK", "m²": "MTK", "pair": "PR", "box": "BX", "roll": "RO",
}  # fmt: skip
"""Code of a unit in UN/ECE Recommendation 20; None: pieces, which EPCIS counts without one."""
_encode = msgspec.json.Encoder(decimal_format="number").encode


class LotOf(msgspec.Struct, frozen=True):
    """A lot as EPCIS names it; `name`: how others know it (the supplier's lot, or ours)."""

    number: str
    name: str
    gtin: str | None
    unit: str


class Amount(msgspec.Struct, frozen=True):
    """So much of a lot."""

    lot: LotOf
    quantity: Decimal


class Happening(msgspec.Struct, frozen=True):
    """One thing that happened; `inputs` only where something became something else."""

    id: str
    at: str
    step: str
    disposition: str
    amounts: list[Amount]
    inputs: list[Amount] = []
    source: str | None = None
    destination: str | None = None
    transaction: tuple[str, str] | None = None
    """Type (CBV) and number of the document behind it: ("desadv", "S26-000001")."""


class Place(msgspec.Struct, frozen=True):
    """Where it happened: the site's code and zone, and the address that names of this installation begin with."""

    site: str
    zone: str
    base: str


def epc_class(lot: LotOf, place: Place) -> str:
    """The URI of a lot."""
    if lot.gtin is not None:
        return f"{DIGITAL_LINK}/01/{lot.gtin}/10/{quote(lot.name, safe='')}"
    return f"{place.base}/lots/{quote(lot.number, safe='')}"


def _quantities(amounts: Sequence[Amount], place: Place) -> list[dict[str, Any]]:
    """A unit that has no code is left out with its quantity: a number alone would be a count of pieces."""
    found = []
    for each in amounts:
        if each.lot.unit not in REC20:
            continue
        element: dict[str, Any] = {"epcClass": epc_class(each.lot, place)}
        if not each.quantity:  # nothing of it lies here yet: the class as such
            found.append(element)
            continue
        element["quantity"] = each.quantity
        if (code := REC20[each.lot.unit]) is not None:
            element["uom"] = code
        found.append(element)
    return found


def offset(at: str, zone: str) -> str:
    """`+08:00`: the site's offset at an instant."""
    text = datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).isoformat()
    return text[-6:]


def event(what: Happening, place: Place) -> dict[str, Any]:
    """One event."""
    found: dict[str, Any] = {
        "type": "TransformationEvent" if what.inputs else "ObjectEvent",
        "eventID": f"urn:uuid:{what.id}",
        "eventTime": what.at,
        "eventTimeZoneOffset": offset(what.at, place.zone),
    }
    if what.inputs:
        found["inputQuantityList"] = _quantities(what.inputs, place)
        found["outputQuantityList"] = _quantities(what.amounts, place)
        # The classes alone, where a unit has no code: what went in must not be lost.
        found["inputEPCList"] = [epc_class(a.lot, place) for a in what.inputs if a.lot.unit not in REC20]
        found["outputEPCList"] = [epc_class(a.lot, place) for a in what.amounts if a.lot.unit not in REC20]
        found = {name: value for name, value in found.items() if value != []}
        found["transformationID"] = f"urn:uuid:{what.id}"
    else:
        found["action"] = "DELETE" if what.step == "destroying" else "OBSERVE"
        quantities = _quantities(what.amounts, place)
        unmeasured = [epc_class(a.lot, place) for a in what.amounts if a.lot.unit not in REC20]
        if quantities:
            found["quantityList"] = quantities
        if unmeasured or not quantities:
            found["epcList"] = unmeasured
    found["bizStep"] = what.step
    found["disposition"] = what.disposition
    if what.disposition == "recalled":
        found["persistentDisposition"] = {"set": ["recalled"]}
    found["readPoint"] = {"id": f"{place.base}/sites/{place.site}"}
    found["bizLocation"] = {"id": f"{place.base}/sites/{place.site}"}
    if what.transaction is not None:
        kind, number = what.transaction
        document = f"{place.base}/documents/{quote(number, safe='')}"
        found["bizTransactionList"] = [{"type": kind, "bizTransaction": document}]
    for name, key, who in (
        ("sourceList", "source", what.source),
        ("destinationList", "destination", what.destination),
    ):
        if who is not None:
            found[name] = [{"type": "owning_party", key: f"{place.base}/parties/{quote(who, safe='')}"}]
    if what.step == "shipping":
        del found["bizLocation"]  # what has left is nowhere here any more
    return found


def document(happenings: Sequence[Happening], place: Place, at: str) -> bytes:
    """The document, events by time. `at`: when it is made."""
    ordered = sorted(happenings, key=lambda each: (each.at, each.id))
    return _encode(
        {
            "@context": [CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": at,
            "epcisBody": {"eventList": [event(each, place) for each in ordered]},
        }
    )
