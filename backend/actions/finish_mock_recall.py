"""Stop the watch of a mock recall with what was found: counts of what lies here, who could be reached (QUA-7)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.domain.recalls import MOCK_STEPS, Count, MockRecall
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.verb import verb


class FinishMockRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was counted of which lot, codes of the consignees that were reached, what is concluded."""

    id: str
    mock_id: str
    counted: list[Count]
    reached: list[str]
    note: str
    device_at: str | None = None


@verb
async def finish_mock_recall(tx: Change, who: Who, command: FinishMockRecall) -> MockRecall:
    """What is not counted and nobody who is not reached counts as found."""
    mock = await tx.get(MockRecall, command.mock_id)
    status = take(MOCK_STEPS, "finish", mock.status)
    lots, codes = {lot.lot for lot in mock.lots}, {each.code for each in mock.consignees}
    reasons = [] if command.note.strip() else [Reason("reason_missing", field="note")]
    for place, count in enumerate(command.counted):
        if count.lot not in lots:
            reasons.append(Reason("lot_not_of_recall", {"lot": count.lot}, f"counted.{place}"))
        elif not _is_quantity(count.found):
            reasons.append(Reason("number_expected", {"text": count.found}, f"counted.{place}"))
    reasons += [
        Reason("consignee_not_of_recall", {"recall": mock.number}, f"reached.{place}")
        for place, code in enumerate(command.reached)
        if code not in codes
    ]
    if reasons:
        raise Refused(*reasons)
    finished = tx.update(
        mock,
        status=status,
        finished_by=who.person_id,
        finished_at=tx.now,
        counted=[Count(each.lot, each.found.strip()) for each in command.counted],
        reached=list(command.reached),
        note=command.note.strip(),
    )
    tx.record("mock_recall_finished", "mock_recall", mock.id, reason=finished.note, recall=mock.number)
    return finished


def _is_quantity(text: str) -> bool:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return False
    return value.is_finite() and value >= 0
