"""EPCIS events that others send: kept as they came, once, all or none, found by the lots that they name (QUA-6)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.served import Phone, Served

CAPTURE = "/api/epcis/capture"
LIST = "/api/epcis/events"
EVENT = "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8"


def document(*events: dict[str, Any], **more: Any) -> str:
    """A document of these events."""
    return json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2024-11-29T08:00:00Z",
            "epcisBody": {"eventList": list(events)}, **more,
        }
    )  # fmt: skip


def seen(epc_class: str, **more: Any) -> dict[str, Any]:
    """A class of things was received somewhere."""
    return {
        "type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2024-11-28T09:30:00.000+01:00",
        "eventTimeZoneOffset": "+01:00", "bizStep": "receiving", "eventID": EVENT,
        "quantityList": [{"epcClass": epc_class, "quantity": 12.50, "uom": "KGM"}], **more,
    }  # fmt: skip


async def sent(phone: Phone, text: str, status: int = 200) -> Any:
    """A document as its sender posts it."""
    answer = await phone.client.post(CAPTURE, content=text, headers={"content-type": "application/ld+json"})
    assert answer.status_code == status, answer.text[:600]
    return answer.json()


@pytest.mark.proves("QUA-6")
async def test_an_event_is_kept_once_as_it_came_and_found_by_its_lot(served: Served) -> None:
    zhou = await served.by("zhou")
    received = (await served.receive("0412/3"))["received"]
    gtin, lot = (
        await served.store.read.rows(
            "select item_identifier.value, lot.supplier_lot from lot join item_identifier on "
            "item_identifier.item_id = lot.item_id and item_identifier.supplier_id = lot.supplier_id "
            "where lot.number = $1",
            received["lot_number"],
        )
    )[0]
    text = document(seen(f"https://id.gs1.org/01/{gtin}/10/{lot}"), sender="somebody")
    assert await sent(zhou, text) == {"new": 1, "known": 0, "event_ids": [EVENT]}
    assert (await sent(zhou, text))["new"] == 1, "the same command: answered as the first time"
    wang = await served.by("wang")
    assert await sent(wang, text.replace(": ", ":  ")) == {
        "new": 0,
        "known": 1,
        "event_ids": [EVENT],
    }
    [line] = (await zhou.get(LIST))["events"]
    assert (line["step"], line["at"], line["by"]) == (
        "receiving",
        seen("")["eventTime"],
        "Zhou Min 周敏",
    ) or line["by"]
    assert line["lots"] == [
        {"number": received["lot_number"], "role": "object", "quantity": "12.5", "uom": "KGM"}
    ]
    assert [one["id"] for one in (await zhou.get(LIST, lot=received["lot_number"]))["events"]] == [line["id"]]
    others = [each["number"] for each in (await zhou.get("/api/lots"))["lots"] if each["supplier_lot"] != lot]
    assert (await zhou.get(LIST, lot=others[0]))["events"] == []
    raw = await zhou.client.get(f"{LIST}/{line['id']}")
    assert raw.text in text and json.loads(raw.text) == seen(f"https://id.gs1.org/01/{gtin}/10/{lot}")
    noted = await served.events(type="epcis_captured")
    assert [(one["facts"]["new"], one["facts"]["known"]) for one in noted] == [(0, 1), (1, 0)]
    declared = seen(
        f"https://id.gs1.org/01/{gtin}/10/{lot}", errorDeclaration={"declarationTime": "2024-11-29T08:00:00Z"}
    )
    assert (await sent(zhou, document(declared)))["new"] == 1, (
        "what declares an error stands beside what it is about"
    )
    assert len((await zhou.get(LIST))["events"]) == 2


@pytest.mark.proves("QUA-6")
async def test_a_document_with_a_fault_leaves_nothing_and_says_where(served: Served) -> None:
    zhou = await served.by("zhou")
    good = seen("urn:epc:class:lgtin:4012345.012345.998877")
    other = seen("urn:epc:class:lgtin:4012345.012345.998877", eventID="urn:uuid:1")
    bad = {**other, "eventTimeZoneOffset": "8", "bizStep": "recieving", "colour": "red"}
    del bad["eventTime"]
    problem = await sent(zhou, document(good, bad), 409)
    at = "$.epcisBody.eventList[1]"
    assert {(reason["code"], reason["field"]) for reason in problem["reasons"]} == {
        ("epcis_missing", at), ("epcis_wrong", f"{at}.eventTimeZoneOffset"), ("epcis_wrong", f"{at}.bizStep"),
        ("epcis_unknown", f"{at}.colour"),
    }  # fmt: skip
    assert (await zhou.get(LIST))["events"] == [], "the good one is not half of a document"
    await sent(zhou, document(good))
    changed = {**good, "disposition": "damaged"}
    problem = await sent(zhou, document(other, changed), 409)
    assert [reason["code"] for reason in problem["reasons"]] == ["epcis_event_differs"]
    assert len((await zhou.get(LIST))["events"]) == 1
    for text in (
        "",
        "[]",
        "{",
        '{"a":1,"a":2}',
        "[" * 5000,
        '{"type":"EPCISDocument","x":NaN}',
        document(),
        "\ud83d".encode("utf-8", "surrogatepass").decode("latin1"),
    ):
        problem = await sent(zhou, text, 409)
        assert problem["reasons"], text[:40]
    odd = "https://id.gs1.org/01/09506000134352/10/%00"
    for event_id in ("urn:x:\ud800", "urn:x:\x00"):
        await sent(zhou, document(seen(odd, eventID=event_id)), 409)
    assert (
        await sent(zhou, document(seen("https://id.gs1.org/01/09506000134352/10/%00", eventID="urn:x:2")))
    )["new"] == 1


@pytest.mark.proves("QUA-6", "LOT-12")
async def test_our_own_document_comes_back_and_names_the_same_lots(served: Served) -> None:
    zhou = await served.by("zhou")
    received = (await served.receive("0412/3"))["received"]
    numbers = [
        each["number"] for each in (await zhou.get("/api/lots"))["lots"] if each["status"] != "in_production"
    ]
    for number in (received["lot_number"], *numbers[:6]):
        ours = (await zhou.client.get("/api/epcis.jsonld", params={"kind": "lot", "value": number})).text
        events = json.loads(ours)["epcisBody"]["eventList"]
        if not events:
            continue
        assert len((await sent(zhou, ours))["event_ids"]) == len(events)
        found: list[Any] = []
        page: Any = {"next": ""}
        while page["next"] is not None:
            page = await zhou.get(LIST, lot=number, **({"after": page["next"]} if page["next"] else {}))
            found += page["events"]
        assert found, number
        assert all(number in [lot["number"] for lot in each["lots"]] for each in found)
