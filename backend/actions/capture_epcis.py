"""Keep the events of an EPCIS document that somebody sent: all of them, or none (QUA-6)."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import msgspec

from backend.domain.epcis_capture import Captured, EpcisEvent, EpcisMention, digest_of, read_capture, word_of
from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.verb import verb


class CaptureEpcis(msgspec.Struct, frozen=True, kw_only=True):
    """The document as it came; `base`: the address of this installation, by which it names lots of ours."""

    id: str
    document: str
    base: str
    device_at: str | None = None


class CaptureDone(msgspec.Struct, frozen=True):
    """How many events are new, and how many were here already; their ids in the order of the document."""

    new: int
    known: int
    event_ids: list[str]


@verb
async def capture_epcis(tx: Change, who: Who, command: CaptureEpcis) -> CaptureDone:
    """An event that is here with the same content is counted as known; with another one the document is refused."""
    events = read_capture(command.document, command.base, tx.today, tx.now)
    sha256 = hashlib.sha256(command.document.encode()).hexdigest()
    first: dict[tuple[str, bool], str] = {}
    differing: list[Reason] = []
    new = 0
    for place, event in enumerate(events):
        key = (event.event_id, event.declares_error)
        digest = first.get(key) or await _digest_here(tx, who.site_id, event)
        if digest is None:
            _keep(tx, who, event, sha256)
            new += 1
        elif digest != event.digest:
            path = f"$.epcisBody.eventList[{place}].eventID"
            differing.append(Reason("epcis_event_differs", {"path": path, "event": event.event_id}, path))
        first[key] = event.digest
    if differing:
        raise Refused(*differing)
    done = CaptureDone(new, len(events) - new, [event.event_id for event in events])
    tx.record("epcis_captured", "site", who.site_id, new=done.new, known=done.known, sha256=sha256)
    return done


async def _digest_here(tx: Change, site_id: str, event: Captured) -> str | None:
    """Of the event of this id that was kept before."""
    found = await tx.first(
        EpcisEvent,
        "site_id = $1 and event_id = $2 and declares_error = $3",
        site_id,
        event.event_id,
        event.declares_error,
    )
    if found is None or found.digest == event.digest:
        return found.digest if found else None
    return digest_of(json.loads(found.body, parse_float=Decimal))  # kept when `recordTime` still counted


def _keep(tx: Change, who: Who, event: Captured, sha256: str) -> None:
    content = event.content
    kept = tx.insert(
        EpcisEvent(
            tx.new_id(),
            who.site_id,
            event.event_id,
            event.declares_error,
            content["type"],
            content["eventTime"],
            word_of(content.get("bizStep")),
            word_of(content.get("disposition")),
            content.get("action"),
            event.digest,
            event.body,
            sha256,
            who.person_id,
            tx.now,
        )
    )
    for named in event.named:
        tx.insert(
            EpcisMention(
                tx.new_id(),
                who.site_id,
                kept.id,
                named.role,
                named.device_identifier,
                named.lot,
                named.serial,
                named.quantity,
                named.uom,
            )
        )
