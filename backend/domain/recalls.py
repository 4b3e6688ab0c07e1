"""Recalls (QUA-6) and mock recalls (QUA-7): where one begins, what it reaches, when it is done.

A recall begins at lots that something singles out, and reaches whatever was made of them, however often it was split,
merged and worked on again. Two people sign; then, in one transaction, what lies here is blocked and every consignee is
listed with what it has. It closes when each has answered and every unit is accounted for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.certificates import Signing, Site
from backend.domain.consignees import Contact
from backend.domain.errors import Reason
from backend.domain.steps import Step
from backend.domain.words import Words

RECORD_FORMAT = "lotgate-recall/1"
DAYS = 3
"""From when on unanswered letters are asked for, every day."""
ZERO = Decimal(0)
BasisKind = Literal[
    "lot", "serial", "supplier_lot", "equipment", "line", "operator", "gauge", "window", "consignee"
]


class Basis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What singles out the lots that a trace or recall begins at.

    `value`: lot numbers (several with commas), a serial number, a supplier's lot, the code of equipment, line, gauge or
    consignee, an operator's sign-in name. `since` and `until`: ISO days at the site, both included. `item`, `supplier`:
    codes that narrow it.
    """

    kind: BasisKind
    value: str = ""
    since: str | None = None
    until: str | None = None
    item: str | None = None
    supplier: str | None = None


class Fate(msgspec.Struct, frozen=True):
    """What became of so much of a lot at a consignee."""

    returned: Decimal
    destroyed: Decimal
    used: Decimal
    lost: Decimal

    @property
    def total(self) -> Decimal:
        """What is accounted for."""
        return self.returned + self.destroyed + self.used + self.lost


class Recall(msgspec.Struct, frozen=True):
    """A recall, from its first signature on."""

    id: str
    site_id: str
    number: str
    basis: Basis
    reason: str
    first_by: str
    first_signature_id: str
    first_at: str
    due_on: str
    status: Literal["signed_once", "in_force", "closed", "withdrawn"] = "signed_once"
    second_by: str | None = None
    second_signature_id: str | None = None
    second_at: str | None = None
    ended_by: str | None = None
    ended_at: str | None = None
    conclusion: str | None = None
    version: int = 1


class RecallLot(msgspec.Struct, frozen=True):
    """A lot that a recall reaches, with what of it lay here and what was with consignees when it started."""

    id: str
    site_id: str
    recall_id: str
    lot_id: str
    on_hand: Decimal
    shipped: Decimal


class RecallConsignee(msgspec.Struct, frozen=True):
    """Who has to be reached: when a letter went out, by which way, and what was answered."""

    id: str
    site_id: str
    recall_id: str
    consignee_id: str
    letter_at: str | None = None
    letter_by: str | None = None
    channel: str | None = None
    answered_at: str | None = None
    answered_by: str | None = None
    answer: str | None = None
    version: int = 1


class RecallLine(msgspec.Struct, frozen=True):
    """What one consignee has of one lot, and what it says became of it."""

    id: str
    site_id: str
    recall_id: str
    consignee_id: str
    lot_id: str
    quantity: Decimal
    fate: Fate | None = None
    version: int = 1

    @property
    def open(self) -> Decimal:
        """What is not accounted for."""
        return self.quantity - (self.fate.total if self.fate is not None else ZERO)


class RecallRecord(msgspec.Struct, frozen=True):
    """What each of the two signers was shown and signed."""

    site: Site
    basis: str
    reason: str
    lots: list[str]
    on_hand: list[str]
    shipped: list[str]
    consignees: list[str]
    elsewhere: list[str]
    """Lots that another recall holds already: they stay with it."""
    signature: Signing
    first_signer: str | None = None
    format: str = RECORD_FORMAT


RECALL_STEPS = (
    Step("sign_again", ("signed_once",), "in_force"),
    Step("withdraw", ("signed_once",), "withdrawn"),
    Step("close", ("in_force",), "closed"),
)
STATEMENT = Words(
    "I have reviewed the record above and start the recall (lots: {lots}; consignees: {consignees}). Reason: {reason}",
    "本人已审核上述记录，启动召回：{lots} 个批次，{consignees} 个收货方，原因：{reason}",
)
CHANNELS = ("email", "post", "phone", "courier")


def said(basis: Basis) -> str:
    """A basis in one line: `lot L26-000123`, `gauge G-CAL-01 2026-01-01..2026-01-31`."""
    days = f"{basis.since or ''}..{basis.until or ''}" if basis.since or basis.until else ""
    narrowed = [
        f"{name} {code}" for name, code in (("item", basis.item), ("supplier", basis.supplier)) if code
    ]
    return " ".join(part for part in (basis.kind, basis.value.strip(), days, *narrowed) if part)


def against_basis(basis: Basis) -> list[Reason]:
    """What is missing to find where it begins."""
    found = []
    if basis.kind == "window" and not (basis.since and basis.until):
        found.append(Reason("window_open", field="since"))
    if basis.kind != "window" and not basis.value.strip():
        found.append(Reason("basis_missing", {"kind": basis.kind}, "value"))
    for field in ("since", "until"):
        text = getattr(basis, field)
        if text is not None and not _is_day(text):
            found.append(Reason("day_wrong", {"day": text}, field))
    if not found and basis.since and basis.until and basis.since > basis.until:
        found.append(Reason("window_reversed", {"since": basis.since, "until": basis.until}, "since"))
    return found


def _is_day(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).date().isoformat() == text
    except ValueError:
        return False


def against_starting(
    reached: Sequence[str],
    elsewhere: Sequence[tuple[str, str]],
    recall: Recall | None,
    person_id: str,
    reason: str,
) -> list[Reason]:
    """Why this person can't sign the start now.

    `reached`: lots that it would recall. `elsewhere`: (lot, recall) of those that another recall has already.
    """
    found = []
    if recall is not None and recall.status != "signed_once":
        return [Reason("recall_not_waiting", {"recall": recall.number, "status": recall.status})]
    if not reached and elsewhere:
        recalls = sorted({number for _, number in elsewhere})
        found.append(Reason("recalled_already", {"recalls": recalls, "lots": [lot for lot, _ in elsewhere]}))
    elif not reached:
        found.append(Reason("recall_reaches_nothing"))
    if recall is not None and recall.first_by == person_id:
        found.append(Reason("recall_own_signature", {"rule": "QUA-6"}))
    if recall is None and not reason.strip():
        found.append(Reason("reason_missing", field="reason"))
    return found


def against_answer(line: RecallLine, fate: Fate, field: str) -> list[Reason]:
    """Nobody can account for more than they got, nor for less than nothing."""
    parts = (fate.returned, fate.destroyed, fate.used, fate.lost)
    if any(part < 0 for part in parts):
        return [Reason("quantity_negative", field=field)]
    if fate.total > line.quantity:
        facts = {"stated": format(fate.total, "f"), "shipped": format(line.quantity, "f")}
        return [Reason("answer_over_shipped", dict(facts), field)]
    return []


class Standing(msgspec.Struct, frozen=True):
    """One line as the close sees it: names, and what of the lot has come back from there since the start."""

    consignee: str
    lot: str
    line: RecallLine
    came_back: Decimal = ZERO


def against_closing(unanswered: Sequence[str], lines: Sequence[Standing], conclusion: str) -> list[Reason]:
    """Why a recall can't be closed: every consignee has answered, every unit is accounted for, and what was said to
    come back has come back (QUA-6). `unanswered`: names of consignees."""
    found = []
    if unanswered:
        found.append(Reason("recall_unanswered", {"consignees": list(unanswered), "count": len(unanswered)}))
    for each in lines:
        if each.line.open != 0 and each.consignee not in unanswered:
            facts = {"consignee": each.consignee, "lot": each.lot, "open": format(each.line.open, "f")}
            found.append(Reason("recall_unreconciled", dict(facts)))
        said_back = each.line.fate.returned if each.line.fate is not None else ZERO
        if said_back > each.came_back:
            facts = {
                "consignee": each.consignee,
                "lot": each.lot,
                "stated": format(said_back, "f"),
                "came": format(each.came_back, "f"),
            }
            found.append(Reason("recall_not_come_back", dict(facts)))
    if not conclusion.strip():
        found.append(Reason("reason_missing", field="conclusion"))
    return found


class Effect(msgspec.Struct, frozen=True):
    """How well a recall works. Shares are whole per cent, rounded down, of the worst unit where there are several."""

    consignees: int
    written: int
    answered: int
    accounted: int
    """Per cent of what was shipped whose fate is known."""
    recovered: int
    """Per cent of what was shipped that was returned or destroyed."""
    first_letter_hours: Decimal | None
    last_answer_hours: Decimal | None


def effect(
    started_at: str | None, consignees: Sequence[RecallConsignee], lines: Iterable[tuple[str, RecallLine]]
) -> Effect:
    """Of a recall; `lines` with the unit that each is counted in."""
    by_unit: dict[str, list[RecallLine]] = {}
    for unit, line in lines:
        by_unit.setdefault(unit, []).append(line)
    return Effect(
        len(consignees),
        sum(each.letter_at is not None for each in consignees),
        sum(each.answered_at is not None for each in consignees),
        min((_share(each, lambda fate: fate.total) for each in by_unit.values()), default=100),
        min(
            (_share(each, lambda fate: fate.returned + fate.destroyed) for each in by_unit.values()),
            default=100,
        ),
        _hours(started_at, min((each.letter_at for each in consignees if each.letter_at), default=None)),
        _hours(started_at, max((each.answered_at for each in consignees if each.answered_at), default=None)),
    )


def _share(lines: Sequence[RecallLine], part: Callable[[Fate], Decimal]) -> int:
    shipped = sum((line.quantity for line in lines), ZERO)
    known = sum((part(line.fate) for line in lines if line.fate is not None), ZERO)
    return int(known * 100 / shipped) if shipped else 100


def _hours(start: str | None, end: str | None) -> Decimal | None:
    if start is None or end is None:
        return None
    seconds = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
    return Decimal(round(seconds / 360)) / 10


# --- the same with a stop-watch


class MockLot(msgspec.Struct, frozen=True):
    """A lot that the exercise reaches."""

    lot: str
    item: str
    unit: str
    on_hand: Decimal
    shipped: Decimal


class MockConsignee(msgspec.Struct, frozen=True):
    """Who would be written to, and what of which lots is there (`L26-000123 40 pc`)."""

    code: str
    name: str
    contacts: list[Contact]
    has: list[str]


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody found of a lot when they went and looked."""

    lot: str
    found: str


class MockRecall(msgspec.Struct, frozen=True):
    """An exercise: the closure as it was at its start, and what people found within its time. It touches no stock."""

    id: str
    site_id: str
    number: str
    basis: Basis
    reason: str
    started_by: str
    started_at: str
    lots: list[MockLot]
    consignees: list[MockConsignee]
    status: Literal["running", "finished"] = "running"
    finished_by: str | None = None
    finished_at: str | None = None
    counted: list[Count] = []
    reached: list[str] = []
    """Codes of consignees of whom somebody could be reached."""
    note: str | None = None
    version: int = 1


MOCK_STEPS = (Step("finish", ("running",), "finished"),)


class MockOutcome(msgspec.Struct, frozen=True):
    """What the exercise shows: `seconds` from start to finish, what was found of what should be there."""

    seconds: int | None
    lots: int
    on_hand: int
    """Per cent of lots whose count agrees with the books."""
    consignees: int
    reached: int
    differences: list[str]
    """`L26-000123 40 37`: lot, by the books, found."""
    unreached: list[str]


def mock_outcome(mock: MockRecall) -> MockOutcome:
    """Of an exercise, running or finished."""
    counted = {each.lot: Decimal(each.found) for each in mock.counted}
    lying = [lot for lot in mock.lots if lot.on_hand]
    differences = [
        f"{lot.lot} {lot.on_hand:f} {format(counted[lot.lot], 'f') if lot.lot in counted else '-'}"
        for lot in lying
        if counted.get(lot.lot) != lot.on_hand
    ]
    ended = mock.finished_at
    spent = None
    if ended is not None:
        span = datetime.fromisoformat(ended) - datetime.fromisoformat(mock.started_at)
        spent = int(span.total_seconds())
    known = {each.code for each in mock.consignees}
    return MockOutcome(
        spent,
        len(mock.lots),
        (len(lying) - len(differences)) * 100 // len(lying) if lying else 100,
        len(mock.consignees),
        len(known & set(mock.reached)),
        differences,
        [each.name for each in mock.consignees if each.code not in mock.reached],
    )
