"""Past results of the items and stage that a plan is for, a chunk of inspections at a time, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from backend.domain.inspections import ClassSampling, Plan
from backend.domain.plan_trials import PastLot, PastResult
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import PlanDocument
from backend.domain.series import severities_of
from backend.store.reader import Reader

CHUNK = 200
"""Inspections; some thousands of readings, judged in a few hundredths of a second."""
_OF_PLAN = (
    "plan_version_id in (select id from plan_version where plan_id in "
    "(select id from plan where site_id = $1 and item_id = $2 and stage = $3))"
)
_SAMPLING = msgspec.json.Decoder(list[ClassSampling])


class PastChunk(NamedTuple):
    """`before`: where the next chunk begins; None: this was the last."""

    lots: list[PastLot]
    before: str | None


class PastResults:
    """The past behind one plan. Documents of its versions are read once."""

    def __init__(self, read: Reader, plan: Plan) -> None:
        self.read, self.plan = read, plan
        self._documents: dict[str, PlanDocument] = {}

    async def count(self) -> int:
        """Inspections in all."""
        rows = await self.read.rows(f"select count(*) from inspection where {_OF_PLAN}", *self._of_plan())
        return int(rows[0][0])

    async def chunk(self, before: str | None = None) -> PastChunk:
        """Inspections that were opened before one of them, with their results in force."""
        inspections = await self.read.rows(
            "select inspection.id, lot.number, plan_version_id, lot_size, sampling from inspection "
            f"join lot on lot.id = inspection.lot_id where {_OF_PLAN} "
            "and ($4 = '' or inspection.id < $4) order by inspection.id desc limit $5",
            *self._of_plan(),
            before or "",
            CHUNK,
        )
        if not inspections:
            return PastChunk([], None)
        ids = [row[0] for row in inspections]
        results = await self._results(ids)
        lots = [
            PastLot(
                lot,
                id,
                await self._document(version),
                size,
                severities_of(_SAMPLING.decode(sampling) if sampling is not None else None),
                results.get(id, []),
            )
            for id, lot, version, size, sampling in inspections
        ]
        return PastChunk(lots, ids[-1] if len(ids) == CHUNK else None)

    def _of_plan(self) -> tuple[str, str, str]:
        return self.plan.site_id, self.plan.item_id, self.plan.stage

    async def _results(self, ids: list[str]) -> dict[str, list[PastResult]]:
        postgres = self.read.dialect == "postgres"
        among = "= any($1::text[])" if postgres else "in (select value from json_each($1))"
        rows = await self.read.rows(
            "select inspection_id, characteristic, item_key, value, qualifier, entered, verdict from reading "
            f"where inspection_id {among} and status = 'current' order by inspection_id, item_key",
            ids if postgres else msgspec.json.encode(ids).decode(),
        )
        found: dict[str, list[PastResult]] = {}
        for id, *rest in _decimals(rows, postgres):
            found.setdefault(id, []).append(PastResult(*rest))
        return found

    async def _document(self, version_id: str) -> PlanDocument:
        if version_id not in self._documents:
            self._documents[version_id] = (await self.read.get(PlanVersion, version_id)).document
        return self._documents[version_id]


def _decimals(rows: Any, decoded: bool) -> Iterator[Any]:
    """SQLite holds decimals as text."""
    for id, characteristic, key, value, qualifier, entered, verdict in rows:
        number = value if decoded or value is None else Decimal(value)
        yield id, characteristic, key, number, qualifier, entered, verdict
