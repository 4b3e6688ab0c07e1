"""Sixty documents that a partner's system may send, each with what must become of it, written down before it was sent
(EPCIS 2.0, ISO/IEC 19987:2024; CBV 2.0, ISO/IEC 19988:2024; clauses by ISO's numbers).

`Sent.new`: so many events are kept. `Sent.refused`: (code, where) of every reason, and nothing is kept.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

GTIN, LOT = "09506000134352", "LOT-7"
LINK = f"https://id.gs1.org/01/{GTIN}/10/{LOT}"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
AT = "$.epcisBody.eventList[0]"
LGTIN = "urn:epc:class:lgtin:4012345.012345.998877"
SGTIN = "urn:epc:id:sgtin:4012345.011111.987"
SSCC = "urn:epc:id:sscc:4012345.0000000123"


class Sent(NamedTuple):
    """A document and its outcome."""

    what: str
    text: str | bytes
    new: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    status: int = 409


def uuid(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012}"


_made = 0


def event(kind: str = "ObjectEvent", **fields: Any) -> dict[str, Any]:
    """Of a kind, with what it must have; `None` leaves a field out."""
    global _made
    _made += 1
    base: dict[str, Any] = {
        "type": kind, "eventTime": "2024-11-28T09:30:00.000+01:00", "eventTimeZoneOffset": "+01:00",
        "eventID": uuid(_made),
    }  # fmt: skip
    if kind == "ObjectEvent":
        base |= {"action": "OBSERVE", "bizStep": "receiving", "epcList": [LINK]}
    elif kind in ("AggregationEvent", "AssociationEvent"):
        base |= {"action": "ADD", "parentID": SSCC, "childEPCs": [SGTIN], "bizStep": "packing"}
    elif kind == "TransactionEvent":
        paper = {"type": "po", "bizTransaction": "https://partner.example/po/7"}
        base |= {"action": "ADD", "bizTransactionList": [paper], "epcList": [SGTIN]}
    elif kind == "TransformationEvent":
        base |= {"inputQuantityList": [quantity()], "outputEPCList": [SGTIN], "bizStep": "commissioning"}
    return {name: value for name, value in (base | fields).items() if value is not None}


def quantity(**fields: Any) -> dict[str, Any]:
    found = {"epcClass": LGTIN, "quantity": 12.5, "uom": "KGM"} | fields
    return {name: value for name, value in found.items() if value is not None}


def document(*events: Any, **fields: Any) -> str:
    """A document of these events; `None` leaves a field out."""
    base = {
        "@context": [CONTEXT, {"ext": "https://partner.example/ext/"}], "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2024-11-29T08:00:00Z", "epcisBody": {"eventList": list(events)},
    }  # fmt: skip
    return json.dumps({name: value for name, value in (base | fields).items() if value is not None})


def ahead(**by: float) -> str:
    return (datetime.now(UTC) + timedelta(**by)).isoformat(timespec="milliseconds")


def taken(what: str, *events: Any, **fields: Any) -> Sent:
    return Sent(what, document(*events, **fields), new=len(events))


def refused(what: str, one: Any, *reasons: tuple[str, str]) -> Sent:
    """`reasons`: code, and where in the event."""
    return Sent(what, document(one), refused=tuple((code, f"{AT}{where}") for code, where in reasons))


def swapped(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


XML = """<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" creationDate="2024-11-29T08:00:00Z">
<EPCISBody><EventList><ObjectEvent><eventTime>2024-11-28T09:30:00Z</eventTime></ObjectEvent></EventList></EPCISBody>
</epcis:EPCISDocument>"""
ILMD = {
    "ext:bestBefore": "2030-01-01",
    "ext:list": [{"ext:inner": {"ext:deep": True}}],
    "cbvmda:lotNumber": LOT,
}
SENSOR = {
    "sensorMetadata": {"time": "2024-11-28T09:00:00Z", "deviceID": "urn:epc:id:giai:4000001.111"},
    "sensorReport": [
        {"type": "Temperature", "value": 4.5, "uom": "CEL"},
        {"type": "RelativeHumidity", "value": 40.0},
    ],
}
ERROR = {
    "declarationTime": "2024-11-29T07:00:00Z", "reason": "incorrect_data", "correctiveEventIDs": [uuid(999_999)],
    "ext:by": "Q",
}  # fmt: skip


def sixty() -> list[Sent]:
    """All of them, anew: what is sent twice is another case."""
    e, q = event, quantity
    twice = e()
    again = e(recordTime="2024-11-29T07:00:00Z")
    declared = e(errorDeclaration=ERROR)
    return [
        # kinds of event and their actions (7.4)
        taken("1 an object seen", e()),
        taken("2 a lot made, with its master data", e(action="ADD", bizStep="commissioning", ilmd=ILMD)),
        taken("3 an object destroyed", e(action="DELETE", bizStep="destroying", disposition="destroyed")),
        taken("4 packed", e("AggregationEvent")),
        taken("5 all unpacked: no children named", e("AggregationEvent", action="DELETE", childEPCs=None)),
        taken("6 packs seen, their parent unknown", e("AggregationEvent", action="OBSERVE", parentID=None)),
        refused("7 packed into nothing (7.4.3: a parent is required for ADD)", e("AggregationEvent", parentID=None),
                ("epcis_empty", "")),
        refused("8 unpacked from nothing", e("AggregationEvent", action="DELETE", parentID=None), ("epcis_empty", "")),
        refused("9 packed, and nothing in it", e("AggregationEvent", childEPCs=[]), ("epcis_empty", "")),
        taken("10 a sensor put on a container", e("AssociationEvent", bizStep="assembling")),
        refused("11 an association without a parent", e("AssociationEvent", parentID=None), ("epcis_missing", "")),
        taken("12 an order took a lot", e("TransactionEvent", epcList=None, quantityList=[q()])),
        taken("13 an order let go of all", e("TransactionEvent", action="DELETE", epcList=[])),
        refused("14 a transaction without one", e("TransactionEvent", bizTransactionList=[]),
                ("epcis_empty", ".bizTransactionList")),
        taken("15 made of something", e("TransformationEvent")),
        taken("16 half of a making, the other half follows by its id",
              e("TransformationEvent", outputEPCList=None, transformationID="urn:epc:id:gdti:0614141.12345.400")),
        refused("17 made of nothing", e("TransformationEvent", inputQuantityList=None), ("epcis_empty", "")),
        refused("18 a transformation has no action", e("TransformationEvent", action="ADD"),
                ("epcis_unknown", ".action")),
        taken("19 a kind of the partner's own", e("https://partner.example/Sterilised", cycle="134 °C")),
        refused("20 a kind that there is not", e("QuantityEvent"), ("epcis_wrong", ".type")),
        # names of things
        taken("21 identifiers as URNs", e(epcList=[SGTIN], quantityList=[q()])),
        taken("22 identifiers as web addresses", e(epcList=[f"https://id.gs1.org/01/{GTIN}/21/S-1"], quantityList=[
            q(epcClass=f"https://partner.example/some/path/01/{GTIN}/10/L%2F7?17=301231")])),
        taken("23 a class by pattern",
              e(epcList=None, quantityList=[q(epcClass="urn:epc:idpat:sgtin:4012345.044444.*")])),
        taken("24 a lot in Chinese signs",
              e(epcList=None, quantityList=[q(epcClass="urn:epc:class:lgtin:4012345.012345.%E6%89%B97")])),
        taken("25 a lot that nobody here knows", e(epcList=[f"https://id.gs1.org/01/{GTIN}/10/NEVER-SEEN"])),
        taken("26 a wrong check digit names nothing of ours", e(epcList=[f"https://id.gs1.org/01/{GTIN[:-1]}9/10/X"])),
        refused("27 a bare GTIN is no identifier", e(epcList=[GTIN]), ("epcis_wrong", ".epcList[0]")),
        refused("28 the same serial twice in one list", e(epcList=[SGTIN, SGTIN]), ("epcis_wrong", ".epcList")),
        # quantities (7.3.3.3)
        taken("29 pieces: a number without a unit", e(epcList=None, quantityList=[q(uom=None, quantity=200)])),
        taken("30 how many is not known", e(epcList=None, quantityList=[q(uom=None, quantity=None)])),
        refused("31 a unit without a number", e(epcList=None, quantityList=[q(quantity=None)]),
                ("epcis_empty", ".quantityList[0]")),
        refused("32 a number as text", e(epcList=None, quantityList=[q(quantity="200")]),
                ("epcis_wrong", ".quantityList[0].quantity")),
        refused("33 less than nothing", e(epcList=None, quantityList=[q(quantity=-1)]),
                ("epcis_wrong", ".quantityList[0].quantity")),
        refused("34 a unit in words", e(epcList=None, quantityList=[q(uom="kilogram")]),
                ("epcis_wrong", ".quantityList[0].uom")),
        Sent("35 a number that no memory holds",
             swapped(document(e(epcList=None, quantityList=[q()])), "12.5", "1e999999999"),
             refused=(("epcis_wrong", f"{AT}.quantityList[0].quantity"),)),
        # what, why, how
        refused("36 master data with an object that was only seen", e(ilmd=ILMD), ("epcis_unknown", ".ilmd")),
        taken("37 a sensor's values of a lot", e(sensorElementList=[SENSOR])),
        taken("38 a sensor's values of a room", e(epcList=None, sensorElementList=[SENSOR], bizStep="sensor_reporting",
                                                 readPoint={"id": "geo:42.698334,23.319941"})),
        refused("39 a sensor's values of nothing, nowhere", e(epcList=None, sensorElementList=[SENSOR]),
                ("epcis_empty", "")),
        refused("40 a report that says not of what", e(sensorElementList=[{"sensorReport": [{"value": 4.5}]}]),
                ("epcis_missing", ".sensorElementList[0].sensorReport[0]")),
        taken("41 a disposition that stays", e(persistentDisposition={"set": ["completeness_verified"],
                                                                      "unset": ["completeness_inferred"]})),
        refused("42 one that neither stays nor goes", e(persistentDisposition={}),
                ("epcis_empty", ".persistentDisposition")),
        refused("43 a step that the vocabulary has not", e(bizStep="recieving"), ("epcis_wrong", ".bizStep")),
        refused("44 a step as version 1.2 writes it", e(bizStep="urn:epcglobal:cbv:bizstep:receiving"),
                ("epcis_wrong", ".bizStep")),
        taken("45 a step of the partner's own", e(bizStep="https://partner.example/steps/ethylene-oxide")),
        taken("46 fields of the partner's own namespace", e(**{"ext:line": {"ext:no": [1, "a", None]}})),
        refused("47 a field of no namespace", e(colour="red"), ("epcis_unknown", ".colour")),
        # errors (7.4.1.2)
        taken("48 an error declared of an event that never came", declared),
        refused("49 an error declared at no time", e(errorDeclaration={"reason": "did_not_occur"}),
                ("epcis_missing", ".errorDeclaration")),
        refused("50 an event that corrects itself",
                e(eventID=uuid(1_000_050), errorDeclaration={**ERROR, "correctiveEventIDs": [uuid(1_000_050)]}),
                ("epcis_wrong", ".errorDeclaration.correctiveEventIDs[0]")),
        # times
        Sent("51 offsets at their edges", document(*[e(eventTimeZoneOffset=each) for each in
                                                     ("+14:00", "-13:59", "+00:00", "-00:00", "+05:45")]), new=5),
        Sent("52 offsets that are none", document(*[e(eventTimeZoneOffset=each) for each in
                                                    ("Z", "+0100", "+1:00", "+14:30", "UTC", "")]),
             refused=tuple(("epcis_wrong", f"{AT[:-3]}[{place}].eventTimeZoneOffset") for place in range(6))),
        Sent("53 times that are none", document(*[e(eventTime=each) for each in (
             "2024-11-28", "2024-11-28T09:30:00", "2024-02-30T09:30:00Z", "28.11.2024 09:30", "2024-11-28T24:30:00Z",
             1732786200)]),
             refused=tuple(("epcis_wrong", f"$.epcisBody.eventList[{place}].eventTime") for place in range(6))),
        refused("54 local time sent as UTC: hours ahead of the clock", e(eventTime=ahead(hours=8)),
                ("epcis_future", ".eventTime")),
        taken("55 a partner's clock that is two minutes fast", e(eventTime=ahead(minutes=2))),
        # documents
        Sent("56 no context", document(e(), **{"@context": None}), refused=(("epcis_missing", "$"),)),
        Sent("57 XML of version 1.2", XML, refused=(("epcis_is_xml", ""),)),
        Sent("58 one bad event among good ones", document(*[e() for _ in range(4)], e(eventTimeZoneOffset=None), e()),
             refused=(("epcis_missing", "$.epcisBody.eventList[4]"),)),
        Sent("59 an id twice, with two contents", document(twice, {**twice, "disposition": "damaged"}),
             refused=(("epcis_event_differs", "$.epcisBody.eventList[1].eventID"),)),
        Sent("60 the same event twice", document(twice, dict(twice), dict(twice)), new=1),
        # beyond sixty
        Sent("61 more events than one document may hold", document(*[e() for _ in range(501)]),
             refused=(("epcis_many", "$.epcisBody.eventList"),)),
        Sent("62 ten thousand events", document(*[e() for _ in range(10_000)]), status=413),
        Sent("63 an answer to a query in place of a document",
             document(e(), type="EPCISQueryDocument",
                      epcisBody={"queryResults": {"resultsBody": {"eventList": [e()]}}}),
             refused=(("epcis_wrong", "$.type"), ("epcis_missing", "$.epcisBody"))),
        Sent("64 an event without its document", json.dumps(e()),
             refused=(("epcis_missing", "$"), ("epcis_missing", "$"), ("epcis_missing", "$"), ("epcis_missing", "$"),
                      ("epcis_wrong", "$.type"), ("epcis_unknown", "$.*"))),
        Sent("65 a mark of byte order before it, as Windows writes", b"\xef\xbb\xbf" + document(e()).encode(), new=1),
        Sent("66 UTF-16", document(e()).encode("utf-16"), refused=(("epcis_not_json", ""),)),
        Sent("67 no document", b"", refused=(("epcis_not_json", ""),)),
        taken("68 header with master data", e(), epcisHeader={"epcisMasterData": {"vocabularyList": [
            {"type": "urn:epcglobal:epcis:vtype:EPCClass", "vocabularyElementList": [
                {"id": LGTIN, "attributes": [{"id": "cbvmda:descriptionShort", "attribute": "tubing"}]}]}]}}),
        refused("69 a quantity's unit at the wrong end of a making",
                e("TransformationEvent", outputQuantityList=[q(quantity=None)]),
                ("epcis_empty", ".outputQuantityList[0]")),
        refused("70 an error that was declared in the future",
                e(errorDeclaration={**ERROR, "declarationTime": ahead(days=2)}),
                ("epcis_future", ".errorDeclaration.declarationTime")),
        Sent("71 a number of the partner's own that no memory holds, and one of a sensor",
             swapped(document(e(**{"ext:n": 12.5}), e(**{"ext:n": 1})), "12.5", "1e999999999"), new=2),
        Sent("72 one that is none", swapped(document(e(**{"ext:n": 12.5})), "12.5", "1e9999999999999999999999"),
             refused=(("epcis_not_json", ""),)),
        Sent("73 the same event again, taken on record at another time elsewhere",
             document(again, {**again, "recordTime": "2024-11-29T07:59:01Z"}), new=1),
        taken("74 a year long gone, at the edge of what clocks know", e(eventTime="0001-01-01T00:00:00+14:00")),
    ]  # fmt: skip
