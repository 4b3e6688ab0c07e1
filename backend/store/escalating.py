"""A release that waits for a decision: who is asked, and who is told when nobody answers (ADR 21)."""

from __future__ import annotations

from backend.domain.delegations import Delegation, in_force
from backend.domain.events import Value
from backend.domain.notices import Notice
from backend.domain.people import Person
from backend.domain.signing import later
from backend.domain.telling import DEPUTY_AFTER, MANAGER_AFTER, Telling
from backend.store.change import Change

UNDECIDED = ("quarantine", "inspecting", "held", "production_released", "conditional")


async def ask_to_decide(tx: Change, roles: tuple[str, ...], receipt_id: str, **facts: Value) -> None:
    """Tell those who may decide; where nobody does, their deputies hear of it."""
    await tx.tell_role(roles, "release_waiting", "receipt", receipt_id, **facts)
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
        Notice, "subject_id = $1 and code = 'release_waiting' order by created_at, id", receipt_id
    )


async def _waits(tx: Change, receipt_id: str, since: str) -> bool:
    """Something of it is undecided, and nobody has decided on any of it since they were asked."""
    marks = ", ".join(f"'{status}'" for status in UNDECIDED)
    rows = await tx.rows(
        f"select (select count(*) from portion where receipt_id = $1 and status in ({marks})), "
        '(select count(*) from "release" where receipt_id = $1 and decided_at >= $2)',
        receipt_id,
        since,
    )
    return int(rows[0][0]) > 0 and int(rows[0][1]) == 0


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
