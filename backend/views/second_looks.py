"""An inspection with every result that it ever had, what is proposed about them, and its samplings (SMP-6, RES-8)."""

from __future__ import annotations

import msgspec

from backend.domain.inspections import Inspection, Reading
from backend.domain.proposals import CAUSES, Proposal
from backend.store.reader import Reader
from backend.views.people import printed_names


class ResultLine(msgspec.Struct, frozen=True):
    """One reading, whatever has become of it."""

    id: str
    item_key: str
    entered: str
    verdict: str
    status: str
    by: str
    at: str
    reason: str | None
    computed: bool


class ProposalLine(msgspec.Struct, frozen=True):
    """What is proposed, and what a second person said."""

    id: str
    kind: str
    item_key: str | None
    cause: str | None
    reason: str
    proposed_by: str
    proposed_at: str
    mine: bool
    status: str
    decided_by: str | None
    decided_at: str | None
    note: str | None
    opened_id: str | None


class SamplingLine(msgspec.Struct, frozen=True):
    """One of the inspections that ask the same question."""

    id: str
    number: str
    status: str
    opened_at: str


class SecondLook(msgspec.Struct, frozen=True):
    """All of it; `causes`: what a reading can be invalidated for."""

    id: str
    number: str
    status: str
    lot_number: str
    receipt_id: str
    results: list[ResultLine]
    proposals: list[ProposalLine]
    samplings: list[SamplingLine]
    causes: list[str]


async def second_look(read: Reader, inspection_id: str, person_id: str) -> SecondLook:
    """As this person may take it."""
    inspection = await read.get(Inspection, inspection_id)
    names = await printed_names(read, inspection.site_id)
    readings = await read.all(Reading, "inspection_id = $1 order by at, id", inspection_id)
    keys = {reading.id: reading.item_key for reading in readings}
    root = inspection.again_of or inspection.id
    samplings = await read.all(Inspection, "id = $1 or again_of = $1 order by opened_at, id", root)
    lot = await read.rows("select number from lot where id = $1", inspection.lot_id)
    return SecondLook(
        inspection.id,
        inspection.number,
        inspection.status,
        lot[0][0],
        inspection.receipt_id,
        [
            ResultLine(
                each.id,
                each.item_key,
                each.entered,
                each.verdict,
                each.status,
                names.get(each.person_id, ""),
                each.at,
                each.reason,
                each.computed,
            )
            for each in readings
        ],
        [
            ProposalLine(
                each.id,
                each.kind,
                keys.get(each.reading_id or ""),
                each.cause,
                each.reason,
                names.get(each.proposed_by, ""),
                each.proposed_at,
                each.proposed_by == person_id,
                each.status,
                names.get(each.decided_by or ""),
                each.decided_at,
                each.note,
                each.opened_id,
            )
            for each in await read.all(Proposal, "inspection_id = $1 order by proposed_at, id", inspection_id)
        ],
        [SamplingLine(each.id, each.number, each.status, each.opened_at) for each in samplings],
        list(CAUSES),
    )
