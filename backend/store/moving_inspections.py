"""An inspection on its way to another version of its plan: what it is judged by before and after (SMP-8)."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from backend.domain.answering import asked_after
from backend.domain.errors import Reason
from backend.domain.inspections import ClassSampling, Plan
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.domain.plan_moves import Carried, MovedReading, MoveRecord, against_move, carry, statement
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Item
from backend.domain.series import sampling_at_opening
from backend.store.inspecting import Case, case_of, first_asked
from backend.store.planning import effective_of, printed_name, signing, site_name, versions_of
from backend.store.reader import Reader
from backend.store.series import acts_of, past_of


class Move(NamedTuple):
    """`asked`: the questions afterwards; `carried`: every reading in force under both versions."""

    case: Case
    lot: Lot
    plan: Plan
    old: PlanVersion
    new: PlanVersion
    sampling: list[ClassSampling]
    asked: list[Item]
    carried: list[Carried]
    against: list[Reason]

    @property
    def to_answer(self) -> list[str]:
        """Keys of the questions that will be open."""
        kept = {each.reading.item_key for each in self.carried if each.verdict is not None}
        return [item.key for item in self.asked if not item.computed and item.key not in kept]


async def move_of(read: Reader, inspection_id: str) -> Move:
    """To the version in force now. The severity of inspection stays what the series demanded at the opening."""
    case = await case_of(read, inspection_id)
    inspection = case.inspection
    old = await read.get(PlanVersion, inspection.plan_version_id)
    new = effective_of(await versions_of(read, old.plan_id)) or old
    lot = await read.get(Lot, inspection.lot_id)
    past = await past_of(read, lot, inspection.stage)
    acts = await acts_of(read, lot, inspection.stage)
    sampling = sampling_at_opening(new.document, past, inspection.opened_at, acts)
    if inspection.skipped:
        sampling = []
    moved = msgspec.structs.replace(inspection, sampling=sampling)
    asked = first_asked(new.document, moved)
    carried = carry(old.document, case.asked, new.document, asked, case.readings)
    along = [each.reading for each in carried if each.verdict is not None]
    further = asked_after(new.document, asked, along)
    if further is not asked:
        asked, carried = further, carry(old.document, case.asked, new.document, further, case.readings)
    return Move(
        case=case,
        lot=lot,
        plan=await read.get(Plan, old.plan_id),
        old=old,
        new=new,
        sampling=sampling,
        asked=asked,
        carried=carried,
        against=against_move(inspection, old, new),
    )


async def moved_readings(read: Reader, move: Move) -> list[MovedReading]:
    """For the record and for the page."""
    names = {
        person_id: await printed_name(read, person_id)
        for person_id in {each.reading.person_id for each in move.carried}
    }
    return [
        MovedReading(
            reading.item_key,
            reading.characteristic,
            reading.entered,
            names[reading.person_id],
            reading.verdict,
            verdict,
        )
        for reading, verdict in move.carried
    ]


async def move_record(read: Reader, move: Move, who: Who, passkey: bool, language: str) -> MoveRecord:
    """The same inspection, person and choice give the same bytes."""
    inspection = move.case.inspection
    said = statement(inspection.number, move.lot.number, move.old.number, move.new.number, language)
    return MoveRecord(
        site=await site_name(read, inspection.site_id),
        inspection=inspection.number,
        lot=move.lot.number,
        plan=move.plan.code,
        old_version=move.old.number,
        new_version=move.new.number,
        readings=await moved_readings(read, move),
        to_answer=move.to_answer,
        signature=signing("move_inspection", said, who, passkey, language),
    )
