"""The batch record: how the lots of one production order were made, of what, with what result (ISO 13485 7.5.1,
CN GMP for medical devices, article 50)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from backend.domain.errors import NotFound, Reason
from backend.domain.genealogy import Consumption
from backend.domain.inspections import Inspection, Plan, Reading, Sample
from backend.domain.items import Item, Supplier
from backend.domain.lots import Lot, Portion, Receipt
from backend.domain.ncrs import Ncr
from backend.domain.plan_versions import PlanVersion
from backend.domain.process_facts import ProcessFact
from backend.domain.record_exports import Field, both, listed
from backend.domain.reworks import Rework
from backend.domain.signatures import TO_MARKET, Release, Signature
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.tables import Noun
from backend.views.environment import environment_of
from backend.views.people import printed_names

Rows = list[dict[str, Any]]
_FACTS = {"recipe": ("recipe",), "made_on_line": ("line", "equipment"), "operated": ("operator",),
          "parameter": ("parameter",)}  # fmt: skip
"""Sections of what was stated about the making, each with its kinds."""


async def batch_record(read: Reader, site_id: str, order: str, at: str) -> list[Field]:
    """All lots of the order, the oldest first, at the instant `at`. Raises NotFound where none was made under it."""
    lots = await read.all(Lot, "site_id = $1 and production_order = $2 order by number", site_id, order)
    if not lots:
        raise NotFound(Reason("order_unknown", {"order": order}))
    of = _Order(read, site_id, lots, await printed_names(read, site_id))
    items = await of.by_id(Item, [lot.item_id for lot in lots])
    receipts = await of.belonging(Receipt, "source = 'production'")
    first = items[lots[0].item_id]
    fields = listed(
        "order", [{"number": order, "item": first.code, "name": both(first.name), "lots": len(lots)}]
    )
    fields += listed("made", [
        {"number": lot.number, "item": items[lot.item_id].code, "made_on": lot.made_on, "expires_on": lot.expires_on,
         "status": lot.status, "opened_at": lot.created_at}
        for lot in lots
    ])  # fmt: skip
    facts = await of.belonging(ProcessFact)
    fields += listed("recipe", of.stated(facts, "recipe"))
    fields += listed("material", await of.materials())
    for section in ("made_on_line", "operated", "parameter"):
        fields += listed(section, of.stated(facts, section))
    fields += listed("environment", await of.surroundings(at))
    inspections = await of.belonging(Inspection)
    fields += listed("inspection", await of.inspected(inspections))
    fields += listed("result", await of.results(inspections))
    ncrs = await of.belonging(Ncr)
    fields += listed("ncr", of.reported(ncrs))
    fields += listed("rework", await of.reworked({ncr.id: ncr.number for ncr in ncrs}))
    fields += listed("yield", await of.yields(receipts, inspections, items))
    return fields + listed("decision", await of.decisions())


class _Order:
    """The lots of an order, and what hangs on them."""

    def __init__(self, read: Reader, site_id: str, lots: Sequence[Lot], names: dict[str, str]) -> None:
        self.read, self.site_id, self.lots, self.names = read, site_id, lots, names
        self.numbers = {lot.id: lot.number for lot in lots}

    async def belonging(self, noun: type[Noun], condition: str = "", column: str = "lot_id") -> list[Noun]:
        """Rows of these lots in the order in which they came to be."""
        return await self.of(noun, column, list(self.numbers), condition)

    async def of(
        self, noun: type[Noun], column: str, ids: Sequence[str], condition: str = "", by: str = "id"
    ) -> list[Noun]:
        """Rows whose column is one of these ids."""
        chosen = among(self.read, column, dict.fromkeys(ids))
        more = f" and {condition}" if condition else ""
        return await self.read.all(noun, f"{chosen.where}{more} order by {by}", chosen.argument)

    async def by_id(self, noun: type[Noun], ids: Sequence[str]) -> dict[str, Noun]:
        """Rows by their own ids."""
        return {each.id: each for each in await self.of(noun, "id", ids)}  # type: ignore[attr-defined]

    def stated(self, facts: Sequence[ProcessFact], section: str) -> Rows:
        """What was stated, whom and when with it."""
        return [
            {"lot": self.numbers[fact.lot_id], "kind": fact.kind, "code": fact.code, "value": fact.value,
             "unit": fact.unit, "by": self.names.get(fact.person_id), "at": fact.at}
            for fact in facts
            if fact.kind in _FACTS[section]
        ]  # fmt: skip

    async def surroundings(self, at: str) -> Rows:
        """What sensors said where and while each lot was made."""
        return [
            {"lot": lot.number, "place": each.place, "quantity": each.quantity, "unit": each.unit, "count": each.count,
             "least": each.least, "mean": each.mean, "most": each.most, "low": each.low, "high": each.high,
             "outside": each.outside, "outside_from": each.outside_from, "outside_until": each.outside_until}
            for lot in self.lots
            for each in await environment_of(self.read, lot, at)
        ]  # fmt: skip

    async def materials(self) -> Rows:
        """What went in: our lot, the supplier's, how much."""
        consumed = await self.belonging(Consumption, column="child_lot_id")
        parents = await self.by_id(Lot, [each.parent_lot_id for each in consumed])
        items = await self.by_id(Item, [each.item_id for each in parents.values()])
        sold = [each.supplier_id for each in parents.values() if each.supplier_id]
        suppliers = await self.by_id(Supplier, sold)
        found: Rows = []
        for each in consumed:
            parent = parents[each.parent_lot_id]
            item = items[parent.item_id]
            supplier = suppliers.get(parent.supplier_id or "")
            found.append({
                "item": item.code, "name": both(item.name), "lot": parent.number,
                "supplier": supplier.name if supplier else None, "supplier_lot": parent.supplier_lot,
                "quantity": each.quantity, "unit": item.unit, "child_lot_id": self.numbers[each.child_lot_id],
                "by": self.names.get(each.person_id), "at": each.at,
            })  # fmt: skip
        return found

    async def inspected(self, inspections: Sequence[Inspection]) -> Rows:
        """Each inspection with the plan version that it was done under."""
        versions = await self.by_id(PlanVersion, [each.plan_version_id for each in inspections])
        plans = await self.by_id(Plan, [each.plan_id for each in versions.values()])
        numbers = {each.id: each.number for each in inspections}
        found: Rows = []
        for each in inspections:
            version = versions[each.plan_version_id]
            found.append({
                "number": each.number, "lot": self.numbers[each.lot_id], "stage": each.stage,
                "plan": f"{plans[version.plan_id].code} · {version.number}", "status": each.status,
                "lot_size": each.lot_size, "purpose": each.purpose,
                "repeats": numbers.get(each.repeats or "", each.repeats),
                "opened_at": each.opened_at, "finished_at": each.finished_at,
            })  # fmt: skip
        return found

    async def results(self, inspections: Sequence[Inspection]) -> Rows:
        """Every reading, old ones too, in the order in which they were entered."""
        numbers = {each.id: each.number for each in inspections}
        readings = await self.of(Reading, "inspection_id", list(numbers))
        samples = await self.by_id(Sample, [each.sample_id for each in readings if each.sample_id])
        versions = await self.by_id(PlanVersion, [each.plan_version_id for each in inspections])
        plan = {each.id: versions[each.plan_version_id].document for each in inspections}
        return [
            {"inspection": numbers[each.inspection_id],
             "characteristic": both(plan[each.inspection_id].name_of(each.characteristic)),
             "sample": samples[each.sample_id].number if each.sample_id else None,
             "entered": each.entered, "verdict": each.verdict, "status": each.status, "reason": each.reason,
             "by": self.names.get(each.person_id), "at": each.at}
            for each in readings
        ]  # fmt: skip

    def reported(self, ncrs: Sequence[Ncr]) -> Rows:
        """What was not as it should be, and what became of it."""
        return [
            {"number": each.number, "lot": self.numbers[each.lot_id], "severity": each.severity,
             "status": each.status, "characteristic": each.characteristic, "what": each.what,
             "quantity": each.quantity, "containment": each.containment, "disposition": each.disposition,
             "justification": each.justification, "opened_at": each.opened_at, "closed_at": each.closed_at}
            for each in ncrs
        ]  # fmt: skip

    async def reworked(self, ncrs: dict[str, str]) -> Rows:
        """Each rework with what was done, where and by whom."""
        return [
            {"number": each.number, "ncr": ncrs.get(each.ncr_id), "lot": self.numbers[each.lot_id],
             "instruction": each.instruction, "quantity": each.quantity, "status": each.status, "done": each.done,
             "reworked": each.reworked, "line": each.line, "equipment": each.equipment,
             "by": self.names.get(each.done_by or ""), "done_at": each.done_at}
            for each in await self.belonging(Rework)
        ]  # fmt: skip

    async def yields(
        self, receipts: Sequence[Receipt], inspections: Sequence[Inspection], items: dict[str, Item]
    ) -> Rows:
        """Per lot, in the item's stock unit. What is planned is known where an in-process inspection asked for it."""
        portions = await self.belonging(Portion)
        planned = {
            each.lot_id: each.lot_size for each in inspections if each.stage == "in_process" and not each.unit
        }
        decisions = await self.belonging(Release, "superseded_at is null")
        found: Rows = []
        for lot in self.lots:
            if lot.made_on is None:
                continue
            made = sum((each.quantity for each in receipts if each.lot_id == lot.id), Decimal(0))
            released = _decided(decisions, lot.id, TO_MARKET, made)
            rejected = _decided(decisions, lot.id, ("reject",), made)
            found.append({
                "lot": lot.number, "unit": items[lot.item_id].unit, "planned": planned.get(lot.id), "produced": made,
                "released": released, "rejected": rejected, "on_hand": sum((each.quantity for each in portions
                if each.lot_id == lot.id), Decimal(0)), "yield_made": _share(made, planned.get(lot.id)),
                "yield_released": _share(released, made),
            })  # fmt: skip
        return found

    async def decisions(self) -> Rows:
        """Each decision with its signature, superseded ones too."""
        decided = await self.belonging(Release)
        signed = await self.by_id(Signature, [each.signature_id for each in decided])
        found: Rows = []
        for each in decided:
            signature = signed[each.signature_id]
            found.append({
                "lot": self.numbers[each.lot_id], "decision": each.decision, "quantity": each.quantity,
                "decided_at": each.decided_at, "superseded_at": each.superseded_at, "condition": each.condition,
                "ends_on": each.ends_on, "printed_name": signature.printed_name, "meaning": signature.meaning,
                "method": signature.method, "signed_at": signature.signed_at, "digest": signature.digest,
            })  # fmt: skip
        return found


def _decided(decisions: Sequence[Release], lot_id: str, meanings: tuple[str, ...], whole: Decimal) -> Decimal:
    """How much stands decided so; a decision from before there were parts is about the whole."""
    return sum(
        (
            whole if each.quantity is None else each.quantity
            for each in decisions
            if each.lot_id == lot_id and each.decision in meanings
        ),
        Decimal(0),
    )


def _share(part: Decimal, whole: Decimal | int | None) -> str | None:
    if not whole:
        return None
    return f"{(part * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"
