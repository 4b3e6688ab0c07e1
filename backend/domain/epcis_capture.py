"""Events that others send us (EPCIS 2.0 capture): kept as they came, known by their id, and what of ours they name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any, Literal
from urllib.parse import unquote

import msgspec

from backend.domain.epcis_checks import faults_ahead, faults_of
from backend.domain.errors import Reason, Refused
from backend.domain.labels import read_label

Role = Literal["object", "input", "output", "child", "parent"]
ROLES: tuple[tuple[Role, tuple[str, ...]], ...] = (
    ("object", ("epcList", "quantityList")),
    ("input", ("inputEPCList", "inputQuantityList")),
    ("output", ("outputEPCList", "outputQuantityList")),
    ("child", ("childEPCs", "childQuantityList")),
    ("parent", ("parentID",)),
)
DEEPEST = 40
_ODD = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_CBV = re.compile(r"https?://ref\.gs1\.org/cbv/(?:BizStep|Disp)-([A-Za-z_]+)")
_EPC = re.compile(r"urn:epc:(?:id|idpat|class):(sgtin|lgtin):(\d+)\.(\d+)\.(.+)")


class EpcisEvent(msgspec.Struct, frozen=True):
    """One event as it came. `event_id`: the sender's, else one made of its content; `body`: its own text.

    An event that declares an error has the id of the one that it is about: both are kept (ISO/IEC 19987, 7.4.1).
    """

    id: str
    site_id: str
    event_id: str
    declares_error: bool
    kind: str
    event_time: str
    step: str | None
    disposition: str | None
    action: str | None
    digest: str
    """SHA-256 (hex) of its content, whatever the order of its fields."""
    body: str
    document_sha256: str
    captured_by: str
    captured_at: str


class EpcisMention(msgspec.Struct, frozen=True):
    """What an event names: a device identifier with a lot or serial, or a lot of ours by its own address."""

    id: str
    site_id: str
    epcis_event_id: str
    role: Role
    device_identifier: str
    lot: str
    serial: str
    quantity: Decimal | None = None
    uom: str | None = None


class Named(msgspec.Struct, frozen=True):
    """The same before it is a row."""

    role: Role
    device_identifier: str
    lot: str
    serial: str
    quantity: Decimal | None = None
    uom: str | None = None


class Captured(msgspec.Struct, frozen=True):
    """An event of a document: its text, its content, and what it names."""

    body: str
    content: dict[str, Any]
    event_id: str
    declares_error: bool
    digest: str
    named: list[Named]


class _Body(msgspec.Struct):
    eventList: list[msgspec.Raw]


class _Document(msgspec.Struct):
    epcisBody: _Body


def read_capture(document: str, base: str, today: date, now: str) -> list[Captured]:
    """Its events in order. Raises Refused with every fault and its path; `base`: the address of this installation;
    `now`: the instant (UTC) after which nothing can have happened."""
    if document.lstrip().startswith("<"):
        raise Refused(Reason("epcis_is_xml"))
    try:
        content = json.loads(document, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once)
        if _depth(document) > DEEPEST:
            raise ValueError("nested too deeply")
        if _ODD.search(document) is not None and "\\u0000" in _encoded(content):
            raise ValueError("a text holds a character that is none")
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Refused(Reason("epcis_not_json", {"detail": str(error)[:120]})) from None
    faults = faults_of(content)
    if faults:
        raise Refused(*faults)
    texts = msgspec.json.decode(document.encode(), type=_Document).epcisBody.eventList
    events = content["epcisBody"]["eventList"]
    if ahead := faults_ahead(events, now):
        raise Refused(*ahead)
    return [
        _captured(bytes(text).decode(), event, base, today) for text, event in zip(texts, events, strict=True)
    ]


def _encoded(content: Any) -> str:
    """Raises UnicodeEncodeError, a ValueError, for half a character."""
    text = json.dumps(content, ensure_ascii=False, default=str)
    text.encode()
    return text


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values of one name: which of them counts would be a guess."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _depth(text: str) -> int:
    """The deepest nesting; brackets inside of texts count too, which only errs on the safe side for a real document."""
    deepest = depth = 0
    quoted = False
    for found in re.finditer(r'\\.|["\[\]{}]', text):
        mark = found[0]
        if mark == '"':
            quoted = not quoted
        elif not quoted and mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif not quoted and mark in "]}":
            depth -= 1
    return deepest


def _captured(body: str, event: dict[str, Any], base: str, today: date) -> Captured:
    digest = digest_of(event)
    return Captured(
        body,
        event,
        event.get("eventID") or f"ni:///sha-256;{digest}",
        "errorDeclaration" in event,
        digest,
        list(_named(event, base, today)),
    )


def digest_of(event: dict[str, Any]) -> str:
    """SHA-256 (hex) of what an event says. When somebody else took it on record is none of that: who captures sets it
    anew (7.4.1.1), and the same event comes back with another one."""
    said = {name: value for name, value in event.items() if name != "recordTime"}
    return hashlib.sha256(content_text(said).encode()).hexdigest()


def word_of(text: str | None) -> str | None:
    """A word of the vocabulary by itself, where it came as its web address (`https://ref.gs1.org/cbv/BizStep-shipping`)."""
    found = _CBV.fullmatch(text or "")
    return found[1] if found else text


def content_text(value: Any) -> str:
    """One text for one content: fields in order, numbers without zeros at their end."""
    if isinstance(value, dict):
        parts = (f"{json.dumps(name)}:{content_text(value[name])}" for name in sorted(value))
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(content_text, value)) + "]"
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        number = Decimal(value)
        exact = Context(max(1, len(number.as_tuple().digits)), Emin=MIN_EMIN, Emax=MAX_EMAX)
        return "0" if number.is_zero() else str(number.normalize(exact))
    return json.dumps(value)


def _named(event: dict[str, Any], base: str, today: date) -> Iterator[Named]:
    for role, fields in ROLES:
        for field in fields:
            listed = event.get(field, [])
            for each in listed if isinstance(listed, list) else [listed]:
                uri = each["epcClass"] if isinstance(each, dict) else each
                quantity = each.get("quantity") if isinstance(each, dict) else None
                found = identity_of(uri, base, today)
                if found is not None:
                    device, lot, serial = found
                    amount = None if quantity is None else Decimal(quantity)
                    yield Named(
                        role, device, lot, serial, amount, each.get("uom") if amount is not None else None
                    )


def identity_of(uri: str, base: str, today: date) -> tuple[str, str, str] | None:
    """Device identifier (GTIN-14), lot and serial of a GS1 Digital Link, an LGTIN or SGTIN, or of our own address
    ("", number, ""); None for whatever names none of them."""
    found = _identity(uri, base, today)
    return found if found is not None and all(part.isprintable() for part in found) else None


def _identity(uri: str, base: str, today: date) -> tuple[str, str, str] | None:
    prefix = f"{base.rstrip('/')}/lots/"
    if uri.startswith(prefix):
        return "", unquote(uri.removeprefix(prefix)), ""
    if (epc := _EPC.fullmatch(uri)) is not None:
        gtin = _gtin(epc[2], epc[3])
        name = "" if epc[4] == "*" else unquote(epc[4])
        if gtin is None:
            return None
        return (gtin, name, "") if epc[1] == "lgtin" else (gtin, "", name)
    if not uri.lower().startswith(("http://", "https://")):
        return None
    reading = read_label(uri, today=today)
    if not reading.scheme.startswith("gs1") or reading.error is not None or reading.device_identifier is None:
        return None
    return reading.device_identifier, reading.lot or "", reading.serial or ""


def _gtin(company: str, item: str) -> str | None:
    """GTIN-14 of company prefix and item reference, whose first digit is the indicator (TDS 1.13, 7.1)."""
    if len(company) + len(item) != 13 or not item:
        return None
    digits = item[0] + company + item[1:]
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
