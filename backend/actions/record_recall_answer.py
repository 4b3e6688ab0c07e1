"""Record what a consignee says became of its part of a recall; corrected later, the log keeps what was said first."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Reason, Refused, refuse
from backend.domain.people import Who
from backend.domain.readings import parse_number
from backend.domain.recalls import Fate, Recall, RecallConsignee, RecallLine, against_answer
from backend.store.change import Change
from backend.store.verb import verb


class AnsweredLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one line: quantities in the lot's stock unit, as text; empty is none."""

    line_id: str
    returned: str = ""
    destroyed: str = ""
    used: str = ""
    lost: str = ""


class RecordRecallAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who answered, in their words, and what of which lot."""

    id: str
    recall_id: str
    consignee_id: str
    answer: str
    lines: list[AnsweredLine]
    device_at: str | None = None


@verb
async def record_recall_answer(tx: Change, who: Who, command: RecordRecallAnswer) -> RecallConsignee:
    """Record it. Whoever never got a letter can answer too."""
    recall = await tx.get(Recall, command.recall_id)
    to = await tx.first(
        RecallConsignee, "recall_id = $1 and consignee_id = $2", recall.id, command.consignee_id
    )
    if to is None:
        raise refuse("consignee_not_of_recall", recall=recall.number)
    if recall.status != "in_force":
        raise refuse("recall_not_in_force", recall=recall.number, status=recall.status)
    own = await tx.all(
        RecallLine, "recall_id = $1 and consignee_id = $2 order by id", recall.id, command.consignee_id
    )
    lines = {line.id: line for line in own}
    reasons = [] if command.answer.strip() else [Reason("answer_missing", field="answer")]
    stated = []
    for place, each in enumerate(command.lines):
        line = lines.get(each.line_id)
        if line is None:
            reasons.append(Reason("line_not_of_consignee", field=f"lines.{place}"))
            continue
        fate = Fate(*(_number(text) for text in (each.returned, each.destroyed, each.used, each.lost)))
        reasons += against_answer(line, fate, f"lines.{place}")
        stated.append((line, fate))
    if reasons:
        raise Refused(*reasons)
    for line, fate in stated:
        tx.update(line, fate=fate)
    answered = tx.update(
        to, answered_at=to.answered_at or tx.now, answered_by=who.person_id, answer=command.answer.strip()
    )
    tx.record(
        "recall_answered", "recall", recall.id, reason=command.answer.strip(), recall=recall.number,
        consignee=command.consignee_id,
    )  # fmt: skip
    return answered


def _number(text: str) -> Decimal:
    return parse_number(text, unit="").value if text.strip() else Decimal(0)
