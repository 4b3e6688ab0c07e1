"""The whole card of a lot: where it lies, what arrived, what was decided, what stands against it, its history."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.events import Event, Value
from backend.domain.label_counts import LabelBalance
from backend.domain.ledger import Ledger
from backend.domain.lots import Portion, Receipt
from backend.domain.part_decisions import undecided
from backend.domain.signatures import Release
from backend.domain.taken_over import TakenOver
from backend.domain.words import Words
from backend.store.reader import Reader
from backend.views.ledgers import lot_ledger
from backend.views.lot_labels import label_balance
from backend.views.lots import InspectionRef, LotLine, scanned_lot
from backend.views.people import printed_names


class LocationRef(msgspec.Struct, frozen=True):
    """A place in a line."""

    id: str
    code: str
    name: Words
    kind: str


class PortionLine(msgspec.Struct, frozen=True):
    """How much stands where, with which status."""

    id: str
    quantity: Decimal
    status: str
    location: LocationRef
    container: str | None


class OrderRef(msgspec.Struct, frozen=True):
    """The delivery that a receipt came from (LOT-12)."""

    purchase_order: str
    line: int
    carrier: str
    transport_batch: str


class ReleaseRef(msgspec.Struct, frozen=True):
    """A decision in force on a receipt or on parts of it."""

    id: str
    decision: str
    decided_at: str
    by: str
    certificate: bool
    quantity: Decimal
    condition: str | None
    ends_on: str | None


class TakenOverLine(msgspec.Struct, frozen=True):
    """What the old system said of a receipt that lay here before Lotgate, and who brought that in."""

    old_number: str
    status: str
    released_by: str | None
    released_on: str | None
    reference: str | None
    note: str | None
    file: str
    line: int
    by: str
    at: str


class ReceiptLine(msgspec.Struct, frozen=True):
    """One entry into stock."""

    id: str
    source: str
    quantity: Decimal
    received_at: str
    received_by: str
    order: OrderRef | None
    inspection: InspectionRef | None
    releases: list[ReleaseRef]
    undecided: Decimal
    entered: str | None = None
    """`3 box`, where it was received in another unit than the stock unit."""
    taken_over: TakenOverLine | None = None


class HoldLine(msgspec.Struct, frozen=True):
    """What keeps the lot from being used."""

    code: str
    opened_at: str
    ncr_number: str | None


class NcrRef(msgspec.Struct, frozen=True):
    """An NCR in a line."""

    id: str
    number: str
    status: str


class Moment(msgspec.Struct, frozen=True):
    """One event as the timeline shows it."""

    seq: int
    at: str
    person: str | None
    type: str
    reason: str | None
    facts: dict[str, Value]


class LotCard(LotLine, frozen=True):
    """Everything on one screen: the line, and what stands behind it."""

    production_order: str | None
    retest_on: str | None
    """The last day on which it may be used without a retest."""
    portions: list[PortionLine]
    receipts: list[ReceiptLine]
    open_inspections: list[InspectionRef]
    revoked: list[ReleaseRef]
    """Releases that two people have taken back; what was printed of them stays what it was (REL-7)."""
    holds: list[HoldLine]
    ncrs: list[NcrRef]
    labels: LabelBalance
    ledger: Ledger
    timeline: list[Moment]


_WORDS = msgspec.json.Decoder(Words)
_EVENT = msgspec.json.Decoder(Event)


async def lot_card(read: Reader, site_id: str, number: str) -> LotCard:
    """By our lot number."""
    scanned = await scanned_lot(read, site_id, number)
    lot_id = scanned.lot.id
    ncrs = await read.rows(
        "select id, number, status from ncr where lot_id = $1 "
        "or id in (select ncr_id from hold where hold.lot_id = $1) order by number",
        lot_id,
    )
    order = await read.rows("select production_order, retest_on from lot where id = $1", lot_id)
    return LotCard(
        **msgspec.structs.asdict(scanned.lot),
        production_order=order[0][0],
        retest_on=order[0][1],
        portions=await _portions(read, lot_id),
        receipts=await _receipts(read, lot_id),
        open_inspections=scanned.open_inspections,
        revoked=await _revoked(read, lot_id),
        holds=await _holds(read, lot_id),
        ncrs=[NcrRef(*row) for row in ncrs],
        labels=await label_balance(read, lot_id),
        ledger=await lot_ledger(read, lot_id),
        timeline=await timeline(read, lot_id),
    )


async def _portions(read: Reader, lot_id: str) -> list[PortionLine]:
    rows = await read.rows(
        "select portion.id, portion.quantity, portion.status, location.id, location.code, location.name, "
        "location.kind, portion.container from portion join location on location.id = portion.location_id "
        "where portion.lot_id = $1 order by portion.id",
        lot_id,
    )
    return [
        PortionLine(
            row[0],
            Decimal(row[1]),
            row[2],
            LocationRef(row[3], row[4], _WORDS.decode(row[5]), row[6]),
            row[7],
        )
        for row in rows
    ]


async def _receipts(read: Reader, lot_id: str) -> list[ReceiptLine]:
    rows = await read.rows(
        "select receipt.id, receipt.source, receipt.quantity, receipt.received_at, person.printed_name, "
        "order_line.purchase_order, order_line.line, order_line.carrier, order_line.transport_batch "
        "from receipt join person on person.id = receipt.received_by "
        "left join order_line on order_line.id = receipt.order_line_id "
        "where receipt.lot_id = $1 order by receipt.received_at, receipt.id",
        lot_id,
    )
    inspections = await read.rows(
        "select receipt_id, id, number, status, stage from inspection where lot_id = $1 or receipt_id in "
        "(select origin_id from receipt where receipt.lot_id = $1) order by number",
        lot_id,
    )
    newest = {row[0]: InspectionRef(*row[1:5]) for row in inspections}
    receipts = {receipt.id: receipt for receipt in await read.all(Receipt, "lot_id = $1", lot_id)}
    lying = await read.all(Portion, "lot_id = $1 order by id", lot_id)
    releases = await _releases(read, lot_id, lying)
    portions: dict[str, list[Portion]] = {}
    for portion in lying:
        portions.setdefault(portion.receipt_id, []).append(portion)
    taken = {each.receipt_id: each for each in await read.all(TakenOver, "lot_id = $1 order by id", lot_id)}
    decisions = {row[0]: [release for _, release in releases.get(row[0], [])] for row in rows}
    return [
        ReceiptLine(
            row[0],
            row[1],
            Decimal(row[2]),
            row[3],
            row[4],
            OrderRef(row[5], row[6], row[7], row[8]) if row[5] is not None else None,
            newest.get(row[0]) or newest.get(receipts[row[0]].origin_id or ""),
            [_release_ref(release, by, Decimal(row[2])) for by, release in releases.get(row[0], [])],
            sum((p.quantity for p in undecided(portions.get(row[0], []), decisions[row[0]])), Decimal(0)),
            entered.said if (entered := receipts[row[0]].entered) is not None else None,
            taken_over_line(taken[row[0]], row[4]) if row[0] in taken else None,
        )
        for row in rows
    ]


def taken_over_line(taken: TakenOver, by: str) -> TakenOverLine:
    """`by`: the printed name of who imported it."""
    return TakenOverLine(
        taken.old_number,
        taken.status,
        taken.released_by,
        taken.released_on,
        taken.reference,
        taken.note,
        taken.file,
        taken.line,
        by,
        taken.taken_at,
    )


async def _releases(
    read: Reader, lot_id: str, portions: list[Portion]
) -> dict[str, list[tuple[str, Release]]]:
    """Decisions in force with the signer's printed name, by receipt."""
    names: dict[str, str] = dict(
        await read.rows(
            'select "release".id, person.printed_name from "release" join person '
            'on person.id = "release".person_id where "release".lot_id = $1 or "release".id in '
            "(select release_id from portion where portion.lot_id = $1)",
            lot_id,
        )
    )
    releases = await read.all(
        Release,
        "superseded_at is null and (lot_id = $1 or id in (select release_id from portion where portion.lot_id = $1)) "
        "order by decided_at, id",
        lot_id,
    )
    # What was split off stands under the decision of what it came from.
    under = {(p.release_id, p.receipt_id) for p in portions if p.release_id is not None}
    found: dict[str, list[tuple[str, Release]]] = {}
    for release in releases:
        for receipt_id in sorted({release.receipt_id, *(r for id, r in under if id == release.id)}):
            found.setdefault(receipt_id, []).append((names[release.id], release))
    return found


def _release_ref(release: Release, by: str, received: Decimal) -> ReleaseRef:
    return ReleaseRef(
        release.id,
        release.decision,
        release.decided_at,
        by,
        release.certificate_pdf is not None,
        release.quantity if release.quantity is not None else received,
        release.condition,
        release.ends_on,
    )


async def _revoked(read: Reader, lot_id: str) -> list[ReleaseRef]:
    taken_back = (
        "id in (select release_id from revocation where lot_id = $1 and status in ('in_force', 'assessed')) "
        "order by decided_at, id"
    )
    found = await read.all(Release, taken_back, lot_id)
    if not found:
        return []
    names = await printed_names(read, found[0].site_id)
    receipts = {each.id: each.quantity for each in await read.all(Receipt, "lot_id = $1", lot_id)}
    return [
        _release_ref(each, names.get(each.person_id, ""), receipts.get(each.receipt_id, Decimal(0)))
        for each in found
    ]


async def _holds(read: Reader, lot_id: str) -> list[HoldLine]:
    rows = await read.rows(
        "select hold.code, hold.opened_at, ncr.number from hold left join ncr on ncr.id = hold.ncr_id "
        "where hold.lot_id = $1 and hold.lifted_at is null order by hold.opened_at",
        lot_id,
    )
    return [HoldLine(*row) for row in rows]


async def timeline(read: Reader, lot_id: str) -> list[Moment]:
    """Events of the lot and of its inspections, NCRs and decisions, in the log's order."""
    rows = await read.rows(
        "select event.body, person.printed_name from event left join person on person.id = event.person_id "
        "where event.subject_id = $1 or event.subject_id in (select id from inspection where lot_id = $1) "
        "or event.subject_id in (select id from ncr where lot_id = $1) "
        'or event.subject_id in (select id from "release" where lot_id = $1) order by event.seq',
        lot_id,
    )
    return [moment(row[0], row[1]) for row in rows]


def moment(body: str, person: str | None) -> Moment:
    """An event's body as a moment."""
    event = _EVENT.decode(body)
    return Moment(event.seq, event.at, person, event.type, event.reason, event.facts)
