"""Start the stop-watch of a mock recall: what a real one would reach is put down, and nothing is touched (QUA-7)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.domain.recalls import Basis, MockRecall
from backend.store.change import Change
from backend.store.numbering import number
from backend.store.recalling import mock_reach
from backend.store.verb import verb


class StartMockRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where it begins, and what is exercised."""

    id: str
    basis: Basis
    reason: str
    device_at: str | None = None


@verb
async def start_mock_recall(tx: Change, who: Who, command: StartMockRecall) -> MockRecall:
    """The clock runs from here until somebody finishes it."""
    lots, consignees = await mock_reach(tx, who.site_id, command.basis)
    reasons = [] if command.reason.strip() else [Reason("reason_missing", field="reason")]
    if not lots:
        reasons.append(Reason("recall_reaches_nothing"))
    if reasons:
        raise Refused(*reasons)
    mock = tx.insert(
        MockRecall(
            tx.new_id(),
            who.site_id,
            await number(tx, "mock_recall"),
            command.basis,
            command.reason.strip(),
            who.person_id,
            tx.now,
            lots,
            consignees,
        )
    )
    tx.record(
        "mock_recall_started", "mock_recall", mock.id, reason=mock.reason, recall=mock.number, lots=len(lots)
    )
    return mock
