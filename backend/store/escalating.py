"""A release that waits for a decision: who is asked, and who is told when nobody answers (ADR 21)."""

from __future__ import annotations

import msgspec

from backend.domain.delegations import Delegation, in_force
from backend.domain.events import Value
from backend.domain.items import Item
from backend.domain.lots import Lot, Receipt
from backend.domain.ncrs import FollowUp
from backend.domain.notices import Notice
from backend.domain.people import Person
from backend.domain.signing import later
from backend.domain.telling import DEPUTY_AFTER, MANAGER_AFTER, Telling
from backend.store.change import Change
from backend.store.reader import Reader

UNDECIDED = ("quarantine", "inspecting", "held", "production_released", "conditional")


async def ask_to_decide(tx: Change, roles: tuple[str, ...], receipt_id: str, **facts: Value) -> None:
    """Tell those who may decide; where nobody does, their deputies hear of it."""
    await tx.tell_role(roles, "release_waiting", "receipt", receipt_id, **facts)
    tx.due("release_deputy", receipt_id, later(tx.now, DEPUTY_AFTER))


async def about_release(read: Reader, receipt_id: str) -> dict[str, Value]:
    """What a notice about a release names: lot and item."""
    lot = await read.get(Lot, (await read.get(Receipt, receipt_id)).lot_id)
    item = await read.get(Item, lot.item_id)
    return {"lot": lot.number, "item": msgspec.to_builtins(item.name)}


async def ask_again(tx: Change, answered: FollowUp) -> None:
    """Who sent the release back hears the answer; where they do nothing, their deputy hears of it."""
    receipt_id = answered.matter[1]
    facts = {**await about_release(tx, receipt_id), "what": answered.what, "answer": answered.outcome}
    if answered.asked_by is not None and answered.asked_by != tx.who.person_id:
        tx.tell(answered.asked_by, "release_answered", "receipt", receipt_id, by=tx.who.printed_name, **facts)
        tx.due("release_deputy", receipt_id, later(tx.now, DEPUTY_AFTER))


async def tell_deputies(tx: Change, receipt_id: str) -> None:
    """The deputy of each who was asked, by their own word or by a delegation in force; the manager is next."""
    asked = await _asked(tx, receipt_id)
    if not asked or not await _waits(tx, receipt_id, asked[-1].created_at):
        return
    newest = [each for each in asked if each.created_at == asked[-1].created_at]
    told = {each.person_id for each in asked}
    for notice in newest:
        deputy = await _deputy(tx, notice.person_id)
        if deputy is not None and deputy not in told:
            told.add(deputy)
            person = await tx.get(Person, notice.person_id)
            facts = {**notice.facts, "of": person.printed_name}
            tx.tell(deputy, "release_deputy", "receipt", receipt_id, **facts)
    tx.due("release_manager", receipt_id, later(newest[0].created_at, MANAGER_AFTER))


async def tell_managers(tx: Change, receipt_id: str) -> None:
    """Nobody has decided, and no deputy."""
    asked = await _asked(tx, receipt_id)
    if asked and await _waits(tx, receipt_id, asked[-1].created_at):
        facts = {**asked[-1].facts, "minutes": int(MANAGER_AFTER.total_seconds()) // 60}
        await tx.tell_role(("quality_manager",), "release_escalated", "receipt", receipt_id, **facts)


async def _asked(tx: Change, receipt_id: str) -> list[Notice]:
    return await tx.all(
        Notice,
        "subject_id = $1 and code in ('release_waiting', 'release_answered') order by created_at, id",
        receipt_id,
    )


async def _waits(tx: Change, receipt_id: str, since: str) -> bool:
    """Something of it is undecided, nobody has decided on any of it since they were asked, nor sent it back."""
    marks = ", ".join(f"'{status}'" for status in UNDECIDED)
    rows = await tx.rows(
        f"select (select count(*) from portion where receipt_id = $1 and status in ({marks})), "
        '(select count(*) from "release" where receipt_id = $1 and decided_at >= $2), '
        "(select count(*) from follow_up where subject_kind = 'receipt' and subject_id = $1 and done_at is null)",
        receipt_id,
        since,
    )
    undecided, decided, sent_back = map(int, rows[0])
    return undecided > 0 and decided == 0 and sent_back == 0


async def _deputy(tx: Change, person_id: str) -> str | None:
    telling = await tx.first(Telling, "id = $1", person_id)
    chosen = telling.deputy_id if telling is not None else None
    if chosen is None:
        lent = await tx.all(Delegation, "from_id = $1 and ended_at is null order by until, id", person_id)
        today = tx.today.isoformat()
        usable = [each for each in lent if in_force([each], each.to_id, today)]
        chosen = usable[-1].to_id if usable else None
    if chosen is None:
        return None
    person = await tx.first(Person, "id = $1 and active", chosen)
    return person.id if person is not None else None
