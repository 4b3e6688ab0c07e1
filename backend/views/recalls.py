"""Recalls as people follow them: what one would reach, who has answered, what is missing, how well it works."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.consignees import Consignee, Contact
from backend.domain.errors import Reason
from backend.domain.lots import Movement, Portion
from backend.domain.recalls import (
    Basis,
    Effect,
    Fate,
    MockOutcome,
    MockRecall,
    Recall,
    RecallConsignee,
    RecallLot,
    against_closing,
    effect,
    mock_outcome,
    said,
)
from backend.domain.words import Words
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.recalling import reach, standings
from backend.views.lots import lines_by_id
from backend.views.people import printed_names


class ReachedLine(msgspec.Struct, frozen=True, gc=False):
    """A lot that is reached; `seed`: singled out itself, not made of another."""

    number: str
    item_code: str
    item_name: Words
    unit: str
    status: str
    on_hand: Decimal
    shipped: Decimal
    seed: bool


class ConsigneeHas(msgspec.Struct, frozen=True, gc=False):
    """What somebody has of a lot."""

    lot_number: str
    quantity: Decimal
    unit: str
    shipment: str


class PreviewConsignee(msgspec.Struct, frozen=True):
    """Who would have to be reached."""

    id: str
    code: str
    name: str
    contacts: list[Contact]
    has: list[ConsigneeHas]


class Elsewhere(msgspec.Struct, frozen=True):
    """A lot that stays with the recall which holds it already."""

    lot_number: str
    recall: str


class RecallPreview(msgspec.Struct, frozen=True):
    """What a recall on a basis would reach now."""

    basis: Basis
    said: str
    lots: list[ReachedLine]
    consignees: list[PreviewConsignee]
    elsewhere: list[Elsewhere]


class RecallRow(msgspec.Struct, frozen=True):
    """One in a list; a mock recall has `mock` set."""

    id: str
    number: str
    mock: bool
    said: str
    reason: str
    status: str
    at: str


class RecalledLot(msgspec.Struct, frozen=True):
    """A lot of a recall: `blocked` when it started, `lies` now, `disposed` since; `came_back` since."""

    number: str
    item_code: str
    unit: str
    blocked: Decimal
    shipped: Decimal
    lies: Decimal
    disposed: Decimal
    came_back: Decimal


class AnsweredLot(msgspec.Struct, frozen=True):
    """What a consignee has of a lot, what it says became of it, and what came back."""

    line_id: str
    lot_number: str
    unit: str
    quantity: Decimal
    fate: Fate | None
    open: Decimal
    came_back: Decimal


class RecallParty(msgspec.Struct, frozen=True):
    """One consignee of a recall."""

    consignee_id: str
    code: str
    name: str
    address: str
    contacts: list[Contact]
    letter_at: str | None
    channel: str | None
    answered_at: str | None
    answer: str | None
    lots: list[AnsweredLot]


class RecallView(msgspec.Struct, frozen=True):
    """A recall; before its second signature with what it would reach. `against_closing`: what its close waits for."""

    id: str
    number: str
    basis: Basis
    said: str
    reason: str
    status: str
    first_by: str
    first_at: str
    mine: bool
    second_by: str | None
    second_at: str | None
    due_on: str
    ended_by: str | None
    ended_at: str | None
    conclusion: str | None
    lots: list[RecalledLot]
    parties: list[RecallParty]
    effect: Effect
    against_closing: list[Reason]
    preview: RecallPreview | None


class MockView(msgspec.Struct, frozen=True):
    """An exercise with its outcome."""

    mock: MockRecall
    said: str
    started_by: str
    finished_by: str | None
    outcome: MockOutcome


async def recall_preview(read: Reader, site_id: str, basis: Basis) -> RecallPreview:
    """Nothing is written."""
    reached = await reach(read, site_id, basis)
    known = {lot.id: lot for lot in reached.lots}
    chosen = among(read, "id", reached.consignee_ids)
    consignees = await read.all(Consignee, f"{chosen.where} order by code", chosen.argument)
    has: dict[str, list[ConsigneeHas]] = {}
    for line in reached.lines:
        lot = known[line.lot_id]
        has.setdefault(line.consignee_id, []).append(
            ConsigneeHas(lot.number, line.there, lot.unit, line.shipment)
        )
    return RecallPreview(
        basis,
        said(basis),
        [
            ReachedLine(
                lot.number, lot.item, lot.name, lot.unit, lot.status, lot.on_hand, lot.shipped, lot.seed
            )
            for lot in reached.lots
        ],
        [PreviewConsignee(each.id, each.code, each.name, each.contacts, has[each.id]) for each in consignees],
        [Elsewhere(*pair) for pair in reached.elsewhere],
    )


async def list_recalls(read: Reader, site_id: str) -> list[RecallRow]:
    """Recalls and exercises, the newest first."""
    recalls = await read.all(Recall, "site_id = $1 order by first_at desc limit 50", site_id)
    mocks = await read.all(MockRecall, "site_id = $1 order by started_at desc limit 50", site_id)
    rows = [
        *(RecallRow(r.id, r.number, False, said(r.basis), r.reason, r.status, r.first_at) for r in recalls),
        *(RecallRow(m.id, m.number, True, said(m.basis), m.reason, m.status, m.started_at) for m in mocks),
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


async def recall_view(read: Reader, recall_id: str, person_id: str = "") -> RecallView:
    """By id, as this person sees it."""
    recall = await read.get(Recall, recall_id)
    names = await printed_names(read, recall.site_id)
    lots = await read.all(RecallLot, "recall_id = $1", recall.id)
    lines = await lines_by_id(read, [lot.lot_id for lot in lots])
    stands = await standings(read, recall)
    parties = await read.all(RecallConsignee, "recall_id = $1", recall.id)
    consignees = {each.id: each for each in await read.all(Consignee, "site_id = $1", recall.site_id)}
    waiting = [consignees[each.consignee_id].name for each in parties if each.answered_at is None]
    preview = None
    if recall.status == "signed_once":
        preview = await recall_preview(read, recall.site_id, recall.basis)
    return RecallView(
        recall.id,
        recall.number,
        recall.basis,
        said(recall.basis),
        recall.reason,
        recall.status,
        names.get(recall.first_by, ""),
        recall.first_at,
        recall.first_by == person_id,
        names.get(recall.second_by or ""),
        recall.second_at,
        recall.due_on,
        names.get(recall.ended_by or ""),
        recall.ended_at,
        recall.conclusion,
        await _lots(read, recall, lots),
        sorted(
            (
                RecallParty(
                    each.consignee_id,
                    consignees[each.consignee_id].code,
                    consignees[each.consignee_id].name,
                    consignees[each.consignee_id].address,
                    consignees[each.consignee_id].contacts,
                    each.letter_at,
                    each.channel,
                    each.answered_at,
                    each.answer,
                    [
                        AnsweredLot(
                            one.line.id,
                            one.lot,
                            lines[one.line.lot_id].item.unit,
                            one.line.quantity,
                            one.line.fate,
                            one.line.open,
                            one.came_back,
                        )
                        for one in stands
                        if one.line.consignee_id == each.consignee_id
                    ],
                )
                for each in parties
            ),
            key=lambda party: party.code,
        ),
        effect(recall.second_at, parties, [(lines[one.line.lot_id].item.unit, one.line) for one in stands]),
        against_closing(waiting, stands, "-") if recall.status == "in_force" else [],
        preview,
    )


async def _lots(read: Reader, recall: Recall, lots: list[RecallLot]) -> list[RecalledLot]:
    lines = await lines_by_id(read, [lot.lot_id for lot in lots])
    chosen = among(read, "lot_id", [lot.lot_id for lot in lots])
    since: dict[tuple[str, str], Decimal] = {}
    kinds = "kind in ('scrapped', 'returned_out', 'returned_in')"
    for each in await read.all(
        Movement, f"{chosen.where} and {kinds} and at >= $2", chosen.argument, recall.second_at or "9"
    ):
        kind = "came_back" if each.kind == "returned_in" else "disposed"
        since[each.lot_id, kind] = since.get((each.lot_id, kind), Decimal(0)) + each.quantity
    zero = Decimal(0)
    lying: dict[str, Decimal] = {}
    for portion in await read.all(Portion, f"{chosen.where} and status = 'recalled'", chosen.argument):
        lying[portion.lot_id] = lying.get(portion.lot_id, zero) + portion.quantity
    found = [
        RecalledLot(
            lines[lot.lot_id].number,
            lines[lot.lot_id].item.code,
            lines[lot.lot_id].item.unit,
            lot.on_hand,
            lot.shipped,
            lying.get(lot.lot_id, zero),
            since.get((lot.lot_id, "disposed"), zero),
            since.get((lot.lot_id, "came_back"), zero),
        )
        for lot in lots
    ]
    return sorted(found, key=lambda each: each.number)


async def mock_view(read: Reader, mock_id: str) -> MockView:
    """By id."""
    mock = await read.get(MockRecall, mock_id)
    names = await printed_names(read, mock.site_id)
    return MockView(
        mock,
        said(mock.basis),
        names.get(mock.started_by, ""),
        names.get(mock.finished_by or ""),
        mock_outcome(mock),
    )
