"""Say what a signal of a control chart was: seen, its cause, a report it went to, a changed process, or nothing."""

from __future__ import annotations

import msgspec

from backend.domain.chart_signals import SIGNAL_STEPS, Answer, ChartSignal
from backend.domain.errors import NotFound, Reason, Stale, refuse
from backend.domain.ncrs import Ncr
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.verb import verb


class AnswerSignal(msgspec.Struct, frozen=True, kw_only=True):
    """The answer; all but `acknowledge` say why, `refer` names the report by its number."""

    id: str
    signal_id: str
    answer: Answer
    reason: str = ""
    ncr: str | None = None
    version: int | None = None
    device_at: str | None = None


@verb
async def answer_signal(tx: Change, who: Who, command: AnswerSignal) -> ChartSignal:
    """Keep it beside the proposal (RES-11). It changes nothing about the lot."""
    signal = await tx.get(ChartSignal, command.signal_id)
    if command.version is not None and command.version != signal.version:
        raise Stale(Reason("changed_meanwhile", {"kind": "chart_signal", "id": signal.characteristic}))
    status = take(SIGNAL_STEPS, command.answer, signal.status)
    reason = command.reason.strip()
    if command.answer != "acknowledge" and not reason:
        raise refuse("reason_missing", field="reason")
    ncr = await _report(tx, command) if command.answer == "refer" else None
    answered = tx.update(
        signal,
        status=status,
        reason=reason or None,
        ncr_id=ncr.id if ncr else None,
        answered_by=who.person_id,
        answered_at=tx.now,
    )
    tx.record(
        "chart_signal_answered",
        "chart_signal",
        signal.id,
        reason=reason or None,
        characteristic=signal.characteristic,
        status=status,
        **({"ncr": ncr.number} if ncr else {}),
    )
    return answered


async def _report(tx: Change, command: AnswerSignal) -> Ncr:
    number = (command.ncr or "").strip()
    found = await tx.first(Ncr, "site_id = $1 and number = $2", tx.who.site_id, number)
    if found is None:
        raise NotFound(Reason("not_found", {"kind": "ncr", "id": number}, "ncr"))
    return found
