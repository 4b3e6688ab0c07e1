"""An open inspection and what a move to the version in force would make of its readings (SMP-8)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason
from backend.domain.plan_moves import MovedReading
from backend.store.moving_inspections import move_of, moved_readings
from backend.store.reader import Reader


class MoveSheet(msgspec.Struct, frozen=True):
    """`against`: why it can't be moved; `to_answer`: keys of the questions that would be open."""

    inspection_id: str
    inspection: str
    lot: str
    plan_id: str
    plan: str
    old_version: int
    new_version: int
    readings: list[MovedReading]
    to_answer: list[str]
    against: list[Reason]


async def move_sheet(read: Reader, inspection_id: str) -> MoveSheet:
    """By the inspection's id."""
    move = await move_of(read, inspection_id)
    return MoveSheet(
        move.case.inspection.id,
        move.case.inspection.number,
        move.lot.number,
        move.plan.id,
        move.plan.code,
        move.old.number,
        move.new.number,
        await moved_readings(read, move),
        move.to_answer,
        move.against,
    )
