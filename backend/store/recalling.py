"""A recall in the database: what it would reach now, what its start writes, how far it has got (QUA-6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

import msgspec

from backend.domain.certificates import Language, Signer, Signing
from backend.domain.certificates import Site as SiteName
from backend.domain.consignees import Consignee
from backend.domain.events import Value
from backend.domain.holds import RECALLED
from backend.domain.lots import PORTION_STEPS, Hold, Lot, Portion
from backend.domain.people import Person, Who
from backend.domain.recalls import (
    DAYS,
    RECALL_STEPS,
    STATEMENT,
    Basis,
    MockConsignee,
    MockLot,
    Recall,
    RecallConsignee,
    RecallLine,
    RecallLot,
    RecallRecord,
    Standing,
    said,
)
from backend.domain.signatures import Signature
from backend.domain.signing import WORDING_VERSION
from backend.domain.sites import Site
from backend.domain.steps import take
from backend.domain.words import Words
from backend.store.aliases import aliases_at
from backend.store.change import Change
from backend.store.closure import added_up, closure, words_of
from backend.store.database import Row
from backend.store.many import ASKED, among, rows_of
from backend.store.numbering import number
from backend.store.reader import Reader
from backend.store.seeds import seeds
from backend.store.shipping import WithConsignee, shipped_of
from backend.store.stock import keep_status

ZERO = Decimal(0)
BLOCKED = tuple(status for step in PORTION_STEPS if step.name == "recall" for status in step.sources)
"""What a recall blocks: all but what is rejected already."""


class Reached(msgspec.Struct, frozen=True, gc=False):
    """A lot that a recall reaches: what of it lies here, what is with consignees."""

    id: str
    number: str
    item: str
    name: Words
    unit: str
    status: str
    on_hand: Decimal
    shipped: Decimal
    seed: bool


class Reach(NamedTuple):
    """All of it. `elsewhere`: (lot, recall) of lots that another recall holds; they are not among `lots`."""

    lots: list[Reached]
    lines: list[WithConsignee]
    elsewhere: list[tuple[str, str]]

    @property
    def consignee_ids(self) -> list[str]:
        """Of those who have something of it, by code."""
        known = {line.consignee_id: line.consignee for line in self.lines}
        return sorted(known, key=lambda each: known[each])


async def reach(read: Reader, site_id: str, basis: Basis, own: str | None = None) -> Reach:
    """What a recall on this basis would reach now: the lots singled out and all that was made of them.

    `own`: id of the recall that asks, which does not stand in its own way.
    """
    begin = await seeds(read, site_id, basis)
    lot_ids = await closure(read, begin)
    lots_asked = rows_of(read.dialect, "lot", "id", ASKED[read.dialect])
    rows = await read.rows(f"select {_SHOWN} from {lots_asked} {_JOINED}", among(read, "", lot_ids).argument)
    recalled = [row[0] for row in rows if row[_RECALLED]]
    taken = await _under_recall(read, recalled, own) if recalled else {}
    if taken:
        rows = [row for row in rows if row[0] not in taken]
    sent = [row[0] for row in rows if row[_SENT]]
    lines = [line for line in await shipped_of(read, "lot_id", sent) if line.there > 0] if sent else []
    lines = await _under_kept(read, site_id, lines) if lines else []
    away: dict[str, Decimal] = {}
    for line in lines:
        away[line.lot_id] = away.get(line.lot_id, ZERO) + line.there
    seeded = set(begin)
    lots = [_reached(row, away.get(row[0], ZERO), row[0] in seeded) for row in rows]
    lots.sort(key=attrgetter("number"))
    return Reach(lots, lines, sorted(taken.values()))


_SHOWN = (
    "lot.id, lot.number, item.code, item.name, item.unit, lot.status, "
    "(select string_agg(portion.quantity || '', ' ') from portion where portion.lot_id = lot.id "
    "and portion.status <> 'rejected'), "
    "(select 1 from shipment_line where shipment_line.lot_id = lot.id limit 1), "
    "(select 1 from recall_lot where recall_lot.lot_id = lot.id limit 1)"
)
_JOINED = "join item on item.id = lot.item_id"
_SENT, _RECALLED = 7, 8


def _reached(row: Row, shipped: Decimal, seed: bool) -> Reached:
    id, number, item, name, unit, status, portions, _, _ = row
    return Reached(id, number, item, words_of(name), unit, status, added_up(portions), shipped, seed)


async def _under_kept(read: Reader, site_id: str, lines: list[WithConsignee]) -> list[WithConsignee]:
    """What was shipped to an alias is asked of the consignee that it is, once, at the address that is in force."""
    kept = await aliases_at(read, site_id, "consignee")
    if not any(line.consignee_id in kept for line in lines):
        return lines
    chosen = among(read, "id", set(kept.values()))
    known = {each.id: each for each in await read.all(Consignee, chosen.where, chosen.argument)}

    def said(line: WithConsignee) -> WithConsignee:
        one = known.get(kept.get(line.consignee_id, ""))
        return line._replace(consignee_id=one.id, consignee=one.code, name=one.name) if one else line

    return [said(line) for line in lines]


async def _under_recall(read: Reader, lot_ids: Sequence[str], own: str | None) -> dict[str, tuple[str, str]]:
    """(lot, recall) by lot id, of recalls in force."""
    chosen = among(read, "recall_lot.lot_id", lot_ids)
    rows = await read.rows(
        "select lot.id, lot.number, recall.number from recall_lot join recall on recall.id = recall_lot.recall_id "
        f"join lot on lot.id = recall_lot.lot_id where {chosen.where} and recall.status = 'in_force' "
        "and recall.id <> $2",
        chosen.argument,
        own or "",
    )
    return {row[0]: (row[1], row[2]) for row in rows}


async def recall_record(
    read: Reader,
    reached: Reach,
    basis: Basis,
    reason: str,
    who: Who,
    passkey: bool,
    language: str,
    first: Recall | None,
) -> RecallRecord:
    """The same facts give the same bytes."""
    site = await read.get(Site, who.site_id)
    tongue: Language = "zh" if language == "zh" else "en"
    lots, consignees = len(reached.lots), len(reached.consignee_ids)
    numbers = {lot.id: lot.number for lot in reached.lots}
    why = first.reason if first is not None else reason.strip()
    sentence = STATEMENT.in_language(tongue).format(lots=lots, consignees=consignees, reason=why)
    return RecallRecord(
        site=SiteName(site.code, site.name, site.zone),
        basis=said(basis),
        reason=why,
        lots=[lot.number for lot in reached.lots],
        on_hand=[f"{lot.number} {lot.on_hand:f} {lot.unit}" for lot in reached.lots if lot.on_hand],
        shipped=[
            f"{numbers[line.lot_id]} {line.there:f} {line.consignee} {line.shipment}"
            for line in reached.lines
        ],
        consignees=sorted({f"{line.consignee} {line.name}" for line in reached.lines}),
        elsewhere=[f"{lot} {recall}" for lot, recall in reached.elsewhere],
        signature=Signing(
            meaning="start_recall",
            statement=sentence,
            language=tongue,
            wording_version=WORDING_VERSION,
            signer=Signer(who.person_id, who.printed_name, who.login),
            method="passkey" if passkey else "password_totp",
        ),
        first_signer=(await read.get(Person, first.first_by)).printed_name if first is not None else None,
    )


async def sign_first(tx: Change, basis: Basis, reason: str, signature: Signature) -> Recall:
    """The first of two: somebody else is asked to sign. Nothing is blocked yet; a hold by hand does that at once."""
    recall = tx.insert(
        Recall(
            tx.new_id(),
            tx.who.site_id,
            await number(tx, "recall"),
            basis,
            reason,
            tx.who.person_id,
            signature.id,
            tx.now,
            (tx.today + timedelta(days=DAYS)).isoformat(),
        )
    )
    facts = {"recall": recall.number, "by": tx.who.printed_name, "why": reason, "basis": said(basis)}
    roles = ("supervisor", "quality_engineer", "quality_manager")
    await tx.tell_role(roles, "recall_waiting", "recall", recall.id, **facts)
    return recall


async def sign_second(tx: Change, recall: Recall, reached: Reach, signature: Signature) -> Recall:
    """It is in force: in this one transaction all that lies here is blocked, and who has something of it is listed."""
    started = tx.update(
        recall,
        status=take(RECALL_STEPS, "sign_again", recall.status),
        second_by=tx.who.person_id,
        second_signature_id=signature.id,
        second_at=tx.now,
    )
    await block(tx, recall, reached.lots)
    for consignee_id in reached.consignee_ids:
        tx.insert(RecallConsignee(tx.new_id(), recall.site_id, recall.id, consignee_id))
    has: dict[tuple[str, str], Decimal] = {}
    for line in reached.lines:
        key = (line.consignee_id, line.lot_id)
        has[key] = has.get(key, ZERO) + line.there
    for (consignee_id, lot_id), quantity in has.items():
        tx.insert(RecallLine(tx.new_id(), recall.site_id, recall.id, consignee_id, lot_id, quantity))
    facts: dict[str, Value] = {
        "recall": recall.number,
        "why": recall.reason,
        "lots": len(reached.lots),
        "consignees": len(reached.consignee_ids),
    }
    roles = ("warehouse", "operator", "inspector", "supervisor", "quality_engineer", "quality_manager")
    await tx.tell_role(roles, "recall_started", "recall", recall.id, **facts)
    tx.due("recall_reminder", recall.id, f"{recall.due_on}T00:00:00.000000Z")
    return started


async def block(tx: Change, recall: Recall, lots: Iterable[Reached]) -> None:
    """Every portion that lies here, and the lots themselves: what is still being made of them is born recalled."""
    reached = list(lots)
    ids = [each.id for each in reached]
    known, of_lot = among(tx, "id", ids), among(tx, "lot_id", ids)
    await tx.all(Lot, f"{known.where} order by id", known.argument)
    lying: dict[str, list[Portion]] = {}
    for portion in await tx.all(Portion, f"{of_lot.where} order by id", of_lot.argument):
        if portion.quantity > 0 and portion.status in BLOCKED:
            status = take(PORTION_STEPS, "recall", portion.status)
            portion = tx.update(portion, status=status) if status != portion.status else portion
        lying.setdefault(portion.lot_id, []).append(portion)
    standing = f"{of_lot.where} and code = '{RECALLED}' and lifted_at is null"
    held = {hold.lot_id for hold in await tx.all(Hold, standing, of_lot.argument)}
    for each in reached:
        tx.insert(RecallLot(tx.new_id(), recall.site_id, recall.id, each.id, each.on_hand, each.shipped))
        if each.id not in held:
            tx.insert(Hold(tx.new_id(), recall.site_id, each.id, None, RECALLED, None, tx.now))
        keep_status(tx, await tx.get(Lot, each.id), lying.get(each.id, []))


async def standings(read: Reader, recall: Recall) -> list[Standing]:
    """Each line with names, and what has come back from there since the recall was in force."""
    lines = await read.all(RecallLine, "recall_id = $1 order by id", recall.id)
    back = {
        (row[0], row[1]): sum((Decimal(part) for part in row[2].split()), ZERO)
        for row in await read.rows(
            "select shipment.consignee_id, customer_return.lot_id, string_agg(customer_return.quantity || '', ' ') "
            "from customer_return join shipment_line on shipment_line.id = shipment_line_id "
            "join shipment on shipment.id = shipment_id where customer_return.lot_id in "
            "(select lot_id from recall_lot where recall_id = $1) and customer_return.at >= $2 "
            "group by shipment.consignee_id, customer_return.lot_id",
            recall.id,
            recall.second_at or recall.first_at,
        )
    }
    lots: dict[str, str] = dict(
        await read.rows(
            "select lot.id, lot.number from recall_lot join lot on lot.id = lot_id where recall_id = $1",
            recall.id,
        )
    )
    kept = await aliases_at(read, recall.site_id, "consignee")
    listed = {(line.consignee_id, line.lot_id) for line in lines}
    for (consignee_id, lot_id), quantity in list(back.items()):
        if (consignee_id, lot_id) not in listed and consignee_id in kept:
            own = (kept[consignee_id], lot_id)
            back[own] = back.get(own, ZERO) + quantity
    names = {each.id: each.name for each in await read.all(Consignee, "site_id = $1", recall.site_id)}
    return [
        Standing(
            names[line.consignee_id],
            lots[line.lot_id],
            line,
            back.get((line.consignee_id, line.lot_id), ZERO),
        )
        for line in lines
    ]


async def mock_reach(read: Reader, site_id: str, basis: Basis) -> tuple[list[MockLot], list[MockConsignee]]:
    """What a recall would reach, as an exercise puts it down; lots of a recall in force are left to that."""
    reached = await reach(read, site_id, basis)
    known = {lot.id: lot for lot in reached.lots}
    lots = [MockLot(lot.number, lot.item, lot.unit, lot.on_hand, lot.shipped) for lot in reached.lots]
    chosen = among(read, "id", reached.consignee_ids)
    consignees = await read.all(Consignee, f"{chosen.where} order by code", chosen.argument)
    return lots, [
        MockConsignee(
            each.code,
            each.name,
            each.contacts,
            [
                f"{known[line.lot_id].number} {line.there:f} {known[line.lot_id].unit} {line.shipment}"
                for line in reached.lines
                if line.consignee_id == each.id
            ],
        )
        for each in consignees
    ]
