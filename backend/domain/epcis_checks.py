"""Is a document of somebody else's what EPCIS 2.0 says? Every fault with its JSON path, none half taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from backend.domain.epcis_shapes import DOCUMENT, EVENTS, EXTENDED, Either, Fields, Leaf, Many, Shape, Word
from backend.domain.errors import Reason

MOST_EVENTS = 500
MOST_FAULTS = 50
MOST_DIGITS = 60
FAST = timedelta(minutes=10)
"""By which a partner's clock may be ahead of ours."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20\x7f\ud800-\udfff<>\"{}|\\^`]*")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_TEXTS = {
    "offset": re.compile(r"[+-]((0\d|1[0-3]):[0-5]\d|14:00)"),
    "version": re.compile(r"\d+(\.\d+)*"),
    "uom": re.compile(r"[A-Z0-9]{2,3}"),
    "hex": re.compile(r"[A-Fa-f0-9]+"),
    "uri": _URI,
    "node": re.compile(rf"_:\S+|{_URI.pattern}"),
}
_ONE_OF = {
    "ObjectEvent": ("epcList", "quantityList", "sensorElementList"),
    "TransactionEvent": ("epcList", "quantityList"),
    "AggregationEvent": ("childEPCs", "childQuantityList"),
    "AssociationEvent": ("childEPCs", "childQuantityList"),
}
_EMPTY_WILL_DO = "epcList"
_QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")


def faults_of(document: Any) -> list[Reason]:
    """What stands against it, in order, at most MOST_FAULTS; `field` is the path."""
    found: list[Reason] = []
    for fault in _document(document):
        found.append(fault)
        if len(found) == MOST_FAULTS:
            break
    return found


def _document(document: Any) -> Iterator[Reason]:
    before = False
    for fault in check(document, DOCUMENT, "$"):
        before = True
        yield fault
    events = document.get("epcisBody", {}) if isinstance(document, dict) else {}
    listed = events.get("eventList") if isinstance(events, dict) else None
    if not isinstance(listed, list):
        return
    if len(listed) > MOST_EVENTS:
        yield Reason(
            "epcis_many", {"path": "$.epcisBody.eventList", "most": MOST_EVENTS}, "$.epcisBody.eventList"
        )
    elif not listed and not before:
        yield Reason("epcis_empty", {"path": "$.epcisBody", "names": "eventList"}, "$.epcisBody")
    else:
        for place, event in enumerate(listed):
            yield from event_faults(event, f"$.epcisBody.eventList[{place}]")


def event_faults(event: Any, path: str) -> Iterator[Reason]:
    """Of one event."""
    kind = event.get("type") if isinstance(event, dict) else None
    shape = EVENTS.get(kind) if isinstance(kind, str) else None
    yield from check(event, shape or EXTENDED, path)
    if isinstance(event, dict) and isinstance(kind, str) and shape is not None:
        yield from _rules(event, kind, path)


def _rules(event: dict[str, Any], kind: str, path: str) -> Iterator[Reason]:
    """What a table of fields can't say."""

    def has(name: str) -> bool:
        value = event.get(name)
        return isinstance(value, list) and (len(value) > 0 or name == _EMPTY_WILL_DO)

    names = _ONE_OF.get(kind)
    if names is not None:
        there = has(names[0]) or has(names[1])
        if kind == "ObjectEvent":
            there = there or (has("sensorElementList") and "readPoint" in event)
        elif event.get("action") == "DELETE":
            there = True
        if not there:
            yield Reason("epcis_empty", {"path": path, "names": ", ".join(names)}, path)
    if kind == "ObjectEvent" and "ilmd" in event and event.get("action") != "ADD":
        yield Reason("epcis_unknown", {"path": path, "name": "ilmd"}, f"{path}.ilmd")
    if kind == "TransformationEvent":
        ways = [
            has("inputEPCList") or has("inputQuantityList"),
            has("outputEPCList") or has("outputQuantityList"),
        ]
        if not (all(ways) or ("transformationID" in event and any(ways))):
            yield Reason("epcis_empty", {"path": path, "names": "input…List, output…List"}, path)
    if kind == "AggregationEvent" and event.get("action") in ("ADD", "DELETE") and "parentID" not in event:
        yield Reason("epcis_empty", {"path": path, "names": "parentID"}, path)
    yield from _units(event, path)
    yield from _correction(event, path)
    persistent = event.get("persistentDisposition")
    if isinstance(persistent, dict) and not persistent:
        inner = f"{path}.persistentDisposition"
        yield Reason("epcis_empty", {"path": inner, "names": "set, unset"}, inner)


def _units(event: dict[str, Any], path: str) -> Iterator[Reason]:
    """A unit is said with a number only (7.3.3.3)."""
    for name, listed in event.items():
        if name not in _QUANTITIES or not isinstance(listed, list):
            continue
        for place, each in enumerate(listed):
            if isinstance(each, dict) and "uom" in each and "quantity" not in each:
                at = f"{path}.{name}[{place}]"
                yield Reason("epcis_empty", {"path": at, "names": "quantity"}, at)


def _correction(event: dict[str, Any], path: str) -> Iterator[Reason]:
    """What corrects an event is another one (7.4.1.2)."""
    declared = event.get("errorDeclaration")
    others = declared.get("correctiveEventIDs") if isinstance(declared, dict) else None
    for place, each in enumerate(others if isinstance(others, list) else []):
        if isinstance(each, str) and each == event.get("eventID"):
            yield _wrong(each, "another event", f"{path}.errorDeclaration.correctiveEventIDs[{place}]")


def faults_ahead(events: Sequence[dict[str, Any]], now: str) -> list[Reason]:
    """Times that nobody can have seen yet, of events that are otherwise right: a partner's clock may be fast by FAST,
    local time that was sent as UTC is not taken for the truth."""
    latest = datetime.fromisoformat(now) + FAST
    found = []
    for place, event in enumerate(events):
        path = f"$.epcisBody.eventList[{place}]"
        times = [(f"{path}.eventTime", event["eventTime"])]
        if "errorDeclaration" in event:
            at = f"{path}.errorDeclaration.declarationTime"
            times.append((at, event["errorDeclaration"]["declarationTime"]))
        for at, text in times:
            if _moment(text) > latest:
                found.append(Reason("epcis_future", {"path": at, "found": text}, at))
    return found[:MOST_FAULTS]


def check(value: Any, shape: Shape, path: str) -> Iterator[Reason]:
    """Walk value and shape together."""
    if isinstance(shape, Leaf):
        if not is_leaf(value, shape.kind):
            yield _wrong(value, shape.kind, path)
    elif isinstance(shape, Word):
        if not _is_word(value, shape):
            yield _wrong(value, "word", path)
    elif isinstance(shape, Many):
        yield from _list(value, shape, path)
    elif isinstance(shape, Either):
        if all(next(check(value, each, path), None) is not None for each in shape.shapes):
            yield _wrong(value, "uri", path)
    else:
        yield from _object(value, shape, path)


def _list(value: Any, shape: Many, path: str) -> Iterator[Reason]:
    if not isinstance(value, list):
        yield _wrong(value, "list", path)
        return
    if len(value) < shape.least:
        yield Reason("epcis_empty", {"path": path, "names": path.rpartition(".")[2]}, path)
    if shape.unique and len({repr(each) for each in value}) < len(value):
        yield _wrong("…", "each once", path)
    for place, each in enumerate(value):
        yield from check(each, shape.of, f"{path}[{place}]")


def _object(value: Any, shape: Fields, path: str) -> Iterator[Reason]:
    if not isinstance(value, dict):
        yield _wrong(value, "object", path)
        return
    for name in shape.needed:
        if name not in value:
            yield Reason("epcis_missing", {"path": path, "name": name}, path)
    for name, inner in value.items():
        at = f"{path}.{name}"
        if name in shape.known:
            yield from check(inner, shape.known[name], at)
        elif shape.rest == "none" or (shape.rest == "uri" and not is_leaf(name, "uri")):
            yield Reason("epcis_unknown", {"path": path, "name": name[:80]}, at[:200])


def _wrong(value: Any, expected: str, path: str) -> Reason:
    return Reason("epcis_wrong", {"path": path, "found": str(value)[:80], "expected": expected}, path)


def _is_word(value: Any, shape: Word) -> bool:
    if not isinstance(value, str):
        return False
    if value in shape.words:
        return True
    return shape.own is not None and is_leaf(value, "uri") and not value.startswith(shape.own)


def is_leaf(value: Any, kind: str) -> bool:
    """Whether a value is of this kind."""
    if kind == "any":
        return True
    if kind == "bool":
        return isinstance(value, bool)
    if kind in ("number", "number ≥ 0", "attribute"):
        least = 0 if kind == "number ≥ 0" else None
        return _is_number(value, least) or (kind == "attribute" and isinstance(value, str | dict))
    if kind == "context":
        several = value if isinstance(value, list) else [value]
        fits = all(isinstance(each, dict) or is_leaf(each, "uri") for each in several)
        return fits and len({repr(each) for each in several}) == len(several)
    if not isinstance(value, str):
        return False
    if kind == "time":
        return _is_time(value)
    return kind == "text" or _TEXTS[kind].fullmatch(value) is not None


def _is_time(text: str) -> bool:
    if _TIME.fullmatch(text) is None:
        return False
    try:
        _moment(text)
    except ValueError:
        return False
    return True


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(re.sub(r"(\.\d{1,6})\d*", r"\1", text.upper()))


def _is_number(value: Any, least: int | None) -> bool:
    """One that can be kept and shown digit by digit: `1e999999999` is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    number = Decimal(value)
    if (
        not number.is_finite()
        or abs(number.adjusted()) > MOST_DIGITS
        or len(number.as_tuple().digits) > MOST_DIGITS
    ):
        return False
    return least is None or number >= least
