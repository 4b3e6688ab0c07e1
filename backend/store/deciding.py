"""What a release decision rests on, gathered for the screen that explains and the gate that decides alike."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from backend.domain import certificates as paper
from backend.domain.answering import judge_readings
from backend.domain.delegations import Delegation
from backend.domain.genealogy import Consumption
from backend.domain.inspections import Inspection, Reading
from backend.domain.items import Item, ItemIdentifier, OrderLine, Supplier
from backend.domain.label_counts import LabelBalance, LabelCount, balance
from backend.domain.lots import Hold, Lot, Portion, Receipt
from backend.domain.ncrs import Ncr
from backend.domain.part_decisions import Part, Terms, parts_of, quantity_of, undecided
from backend.domain.people import Person
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic
from backend.domain.releases import Component, Gates, ReleaseCase
from backend.domain.retests import accepted
from backend.domain.shares import Share
from backend.domain.signatures import Disposition, Release
from backend.domain.sites import Organisation, Site
from backend.domain.standing_results import Stand, asked_twice, standing
from backend.domain.tallies import Tally
from backend.store.descent import carried_from
from backend.store.inspecting import Case, case_of
from backend.store.lending import delegation_of
from backend.store.reader import Reader
from backend.store.retesting import retests_of

SAID_OTHERWISE = ("ncr", "gauge_in_doubt", "retest_due")
"""Holds that a blocker of their own stands for."""


class Asked(msgspec.Struct, frozen=True):
    """The decision that a person wants to take: its meaning, what it is about, what it is bound to."""

    meaning: Disposition
    parts: list[Part]
    terms: Terms = Terms()
    stands: list[Stand] = []


class Dossier(msgspec.Struct):
    """Everything about one receipt that a supervisor reads before signing."""

    receipt: Receipt
    lot: Lot
    item: Item
    supplier: Supplier | None
    order: OrderLine | None
    cases: list[Case]
    """Inspections of the receipt, oldest first."""
    all_readings: list[Reading]
    ncrs: list[Ncr]
    holds: list[Hold]
    components: list[Component]
    decisions: list[Release]
    """In force, in their order."""
    portions: list[Portion]
    used: dict[str, Decimal]
    """What of a portion went into other lots."""
    places: dict[str, str]
    """Codes of locations by id."""
    labels: LabelBalance
    missing_labels: paper.MissingLabels | None
    assessments: list[tuple[str, str]]
    """Open ones of the receipt: number, gauge."""
    retests: list[Inspection]
    own: str
    """The site's own organisation."""
    organisations: dict[str, str]
    """Of people of other organisations, by their ids."""
    lent: Delegation | None = None
    """Under which the person who reads this would decide (REL-3)."""
    lent_by: str = ""
    """Printed name of who handed it on."""

    @property
    def renewing(self) -> bool:
        """Whether a retest of the lot was accepted that no decision has followed yet (REL-8)."""
        return accepted(self.lot, self.retests)

    @property
    def quantity(self) -> Decimal:
        """What of the receipt is in stock, in the item's stock unit."""
        return sum((portion.quantity for portion in self.portions), Decimal(0))

    def undecided(self, meaning: Disposition = "release") -> list[Portion]:
        """Portions that a decision with this meaning can be about."""
        found = undecided(self.portions, self.decisions, meaning, self.renewing)
        if self.item.contract_maker_id is None or meaning not in ("release", "concession"):
            return found
        passed = ("production_released", "released", "held") if self.renewing else ("production_released",)
        return [portion for portion in found if portion.status in passed]

    def gates(self, signer_id: str) -> Gates | None:
        """Where a contract maker is involved (REL-9)."""
        maker = self.item.contract_maker_id
        if maker is None:
            return None
        open_parts = undecided(self.portions, self.decisions, "production")
        passed = any(part.status == "production_released" and part.quantity > 0 for part in self.portions)
        produced = [each for each in self.decisions if each.decision == "production"]
        return Gates(
            maker,
            self.own,
            self.organisations.get(signer_id, self.own),
            bool(open_parts) and not passed and not self.renewing,
            [(each.person_id, self.organisations.get(each.person_id, self.own)) for each in produced],
        )

    def parts(self, meaning: Disposition, shares: Sequence[Share] = ()) -> list[Part]:
        """What such a decision is about."""
        return parts_of(self.undecided(meaning), self.used, shares)

    @property
    def corrections(self) -> int:
        """How many readings were superseded or invalidated (AUD-5); what a formula made of them follows by itself."""
        return sum(each.status != "current" and not each.computed for each in self.all_readings)

    @property
    def contributors(self) -> list[str]:
        """Everybody who recorded a result."""
        return sorted({reading.person_id for reading in self.all_readings})

    @property
    def in_force(self) -> list[Case]:
        """Inspections that no later one repeats."""
        repeated = {case.inspection.repeats for case in self.cases}
        return [case for case in self.cases if case.inspection.id not in repeated]

    @property
    def inspections(self) -> list[Inspection]:
        """In force; of several about the same question all."""
        return [case.inspection for case in self.in_force]

    def standing(self, stands: Sequence[Stand] | None) -> list[Case]:
        """The cases that a decision rests on."""
        ids = {each.id for each in standing(self.inspections, stands)}
        return [case for case in self.in_force if case.inspection.id in ids]

    def case(
        self,
        signer_id: str,
        today: str,
        meaning: Disposition = "release",
        stands: Sequence[Stand] | None = None,
    ) -> ReleaseCase:
        """As the gate judges it; `stands`: which inspections stand, None where nobody has said it yet."""
        missing, undecidable = [], []
        gates = self.gates(signer_id)
        waits = meaning in ("release", "concession") and gates is not None and gates.waiting
        judged = self.standing(stands)
        ids = {each.inspection.id for each in judged}
        for each in self.in_force:
            verdicts = judge_readings(each.document, each.asked, each.readings).items
            missing += [item.key for item in verdicts if item.verdict is None]
            if each.inspection.id in ids:
                undecidable += [
                    item.key
                    for item, asked in zip(verdicts, each.asked, strict=True)
                    if item.verdict == "undecidable" and not (asked.second and asked.sample_number == 0)
                ]
        return ReleaseCase(
            decided=not self.undecided(meaning) and not waits,
            lot_status=self.lot.status,
            expires_on=self.lot.expires_on,
            today=today,
            supplier_blocked=self.supplier.code
            if self.supplier is not None and self.supplier.status == "blocked"
            else None,
            inspections=[(each.inspection.number, each.inspection.status) for each in judged],
            missing_items=missing,
            undecidable_items=undecidable,
            ncrs=self.ncrs,
            # What an NCR, an assessment or a date holds is said by itself.
            holds=[hold.code for hold in self.holds if hold.code not in SAID_OTHERWISE],
            components=self.components,
            contributors=self.contributors,
            signer_id=signer_id,
            labels=self.labels,
            assessments=self.assessments,
            retest_on=self.lot.retest_on,
            retested=self.renewing,
            lent_by=self.lent.from_id if self.lent is not None else None,
            gates=gates,
        )


async def dossier(read: Reader, receipt_id: str, signer_id: str = "", today: str = "") -> Dossier:
    """Gather it; `signer_id`: for whom, on the ISO day `today`."""
    receipt = await read.get(Receipt, receipt_id)
    lot = await read.get(Lot, receipt.lot_id)
    origin = receipt.origin_id or receipt_id
    inspections = await read.all(
        Inspection, "receipt_id = $1 or receipt_id = $2 order by number", receipt_id, origin
    )
    cases = [await case_of(read, inspection.id) for inspection in inspections]
    readings: list[Reading] = []
    for inspection in inspections:
        readings += await read.all(Reading, "inspection_id = $1 order by id", inspection.id)
    portions = await read.all(Portion, "receipt_id = $1 order by id", receipt_id)
    counts = await read.all(LabelCount, "lot_id = $1 order by at, id", lot.id)
    lent = await delegation_of(read, signer_id, today) if signer_id else None
    return Dossier(
        receipt=receipt,
        lot=lot,
        item=await read.get(Item, lot.item_id),
        supplier=await read.get(Supplier, lot.supplier_id) if lot.supplier_id else None,
        order=await read.get(OrderLine, receipt.order_line_id) if receipt.order_line_id else None,
        cases=cases,
        all_readings=readings,
        ncrs=await read.all(
            Ncr,
            "receipt_id = $1 or receipt_id = $2 or id in "
            "(select ncr_id from hold where hold.lot_id = $3 and hold.receipt_id = $1) order by number",
            receipt_id,
            origin,
            lot.id,
        ),
        holds=await read.all(
            Hold,
            "lot_id = $1 and lifted_at is null and (receipt_id is null or receipt_id = $2)",
            lot.id,
            receipt_id,
        ),
        components=await components(read, lot.id),
        decisions=await read.all(
            Release, "receipt_id = $1 and superseded_at is null order by decided_at, id", receipt_id
        ),
        portions=portions,
        used=await used_of(read, receipt_id),
        places=await places(read, lot.site_id),
        labels=balance(counts),
        missing_labels=await _missing_labels(read, counts),
        assessments=await open_assessments(read, receipt_id),
        retests=await retests_of(read, lot, origin),
        own=(await read.get(Site, lot.site_id)).organisation_id,
        organisations=dict(
            await read.rows(
                "select id, organisation_id from person where site_id = $1 and organisation_id is not null",
                lot.site_id,
            )
        ),
        lent=lent,
        lent_by=(await read.get(Person, lent.from_id)).printed_name if lent is not None else "",
    )


async def _missing_labels(read: Reader, counts: Sequence[LabelCount]) -> paper.MissingLabels | None:
    labels = balance(counts)
    if labels.missing == 0:
        return None
    names = dict[str, str]()
    for person_id in {each.person_id for each in counts if each.kind == "accepted"}:
        names[person_id] = (await read.rows("select printed_name from person where id = $1", person_id))[0][0]
    said = [each.reason for each in counts if each.kind in ("missing", "accepted") and each.reason]
    return paper.MissingLabels(labels.missing, labels.printed, said, sorted(names.values()))


async def used_of(read: Reader, receipt_id: str) -> dict[str, Decimal]:
    """What of each portion of a receipt went into other lots."""
    used: dict[str, Decimal] = {}
    of_receipt = "kind is null and portion_id in (select id from portion where receipt_id = $1)"
    for each in await read.all(Consumption, of_receipt, receipt_id):
        used[each.portion_id] = used.get(each.portion_id, Decimal(0)) + each.quantity
    return used


async def places(read: Reader, site_id: str) -> dict[str, str]:
    """Codes of a site's locations by id."""
    return dict(await read.rows("select id, code from location where site_id = $1", site_id))


async def open_assessments(read: Reader, receipt_id: str) -> list[tuple[str, str]]:
    """Number and gauge of each that nobody has concluded, of the receipt or of what it was split off or merged of
    (RES-7)."""
    from_ids = await carried_from(read, receipt_id)
    marks = ", ".join(f"${place + 1}" for place in range(len(from_ids)))
    rows = await read.rows(
        "select number, gauge.code from assessment join gauge on gauge.id = gauge_id "
        f"where receipt_id in ({marks}) and assessment.status = 'open' order by number",
        *from_ids,
    )
    return [(row[0], row[1]) for row in rows]


async def components(read: Reader, lot_id: str) -> list[Component]:
    """The lots consumed into this one, with what was taken of each, as they stand now.

    What was taken at risk stays so until the portion that it came from has its final decision.
    """
    taken: dict[str, Decimal] = {}
    from_portions: dict[str, set[str]] = {}
    for each in await read.all(Consumption, "child_lot_id = $1 and kind is null order by id", lot_id):
        taken[each.parent_lot_id] = taken.get(each.parent_lot_id, Decimal(0)) + each.quantity
        portion = await read.get(Portion, each.portion_id)
        from_portions.setdefault(each.parent_lot_id, set()).add(portion.status)
    found = []
    for parent_id, quantity in taken.items():
        lot = await read.get(Lot, parent_id)
        worst = next((s for s in ("rejected", "conditional") if s in from_portions[parent_id]), lot.status)
        status = lot.status if lot.status in ("held", "recalled") else worst
        found.append(Component(lot.number, status, quantity))
    return found


def decision_of(file: Dossier, asked: Asked) -> paper.Decision:
    """What is decided about how much; parts are named where the decision is not about all there is."""
    left = sum((p.quantity for p in file.undecided(asked.meaning)), Decimal(0)) - sum(
        (part.quantity for part in asked.parts), Decimal(0)
    )
    decided = paper.Decision(
        asked.meaning,
        format(quantity_of(asked.parts), "f"),
        file.item.unit,
        condition=asked.terms.condition,
        ends_on=asked.terms.ends_on,
        missing_labels=file.missing_labels,
        stands=_stands(file, asked.stands),
        delegated=paper.Delegated(file.lent_by, file.lent.until) if file.lent is not None else None,
    )
    if not left and not file.decisions:
        return decided
    parts = [
        paper.Part(
            part.portion.id,
            format(part.quantity, "f"),
            file.places.get(part.portion.location_id, ""),
            part.portion.container,
            format(part.used, "f") if part.used else None,
        )
        for part in asked.parts
    ]
    return msgspec.structs.replace(decided, parts=parts, left=format(left, "f"))


def _stands(file: Dossier, stands: Sequence[Stand]) -> list[paper.Stands]:
    found = []
    for family in asked_twice(file.inspections):
        numbers = [each.number for each in family]
        for stand in stands:
            if stand.inspection in numbers:
                besides = [number for number in numbers if number != stand.inspection]
                found.append(paper.Stands(stand.inspection, besides, stand.reason.strip()))
    return found


async def record_of(
    read: Reader, file: Dossier, asked: Asked, signing: paper.Signing
) -> paper.CertificateRecord:
    """The record that the signer is shown and signs; the same facts give the same bytes."""
    site = await read.get(Site, file.lot.site_id)
    maker = await read.get(Organisation, site.organisation_id)
    identifier = await read.first(
        ItemIdentifier,
        "item_id = $1 and (supplier_id is null or supplier_id = $2) order by value",
        file.item.id,
        file.lot.supplier_id or "",
    )
    inspections = [await _inspection(read, case) for case in file.in_force]
    judged = {case.inspection.number for case in file.standing(asked.stands or None)}
    quantity = format(file.quantity, "f")
    order = file.order
    return paper.CertificateRecord(
        maker=maker.name,
        site=paper.Site(site.code, site.name, site.zone),
        item=paper.Item(file.item.code, file.item.name, identifier.value if identifier else None),
        lot=paper.Lot(
            number=file.lot.number,
            quantity=quantity,
            unit=file.item.unit,
            supplier=file.supplier.name if file.supplier else None,
            supplier_lot=file.lot.supplier_lot,
            receipt=f"{order.purchase_order}/{order.line}" if order else file.lot.production_order,
            received_on=file.receipt.received_at[:10],
            made_on=file.lot.made_on,
            expires_on=file.lot.expires_on,
        ),
        verdict="passed"
        if all(each.verdict == "passed" for each in inspections if each.number in judged)
        else "failed",
        inspections=inspections,
        corrections=paper.Corrections(file.corrections > 0, file.corrections),
        decision=decision_of(file, asked),
        signature=signing,
    )


def _limits(characteristic: Characteristic, tally: Tally) -> str:
    """By variables with what decided: the estimated share outside, and how much of it is accepted."""
    limits = limits_text(characteristic.lower, characteristic.upper)
    if tally.outside is None:
        return limits
    sign = "≤" if tally.outcome == "passed" else ">"
    return f"{limits} (Z1.9 s: {tally.outside} % {sign} {tally.most_outside} %)"


async def _inspection(read: Reader, case: Case) -> paper.Inspection:
    version = await read.get(PlanVersion, case.inspection.plan_version_id)
    plan_code = (await read.rows("select code from plan where id = $1", version.plan_id))[0][0]
    names = await _names(read, case.readings)
    verdict = judge_readings(case.document, case.asked, case.readings)
    results = []
    for tally in verdict.tallies:
        characteristic = next(c for c in case.document.characteristics if c.code == tally.characteristic)
        readings = [r for r in case.readings if r.characteristic == tally.characteristic]
        results.append(
            paper.Result(
                characteristic=tally.characteristic,
                name=characteristic.name,
                unit=characteristic.unit or None,
                limits=_limits(characteristic, tally),
                sample_size=tally.n,
                acceptance=tally.accept,
                readings=[reading.entered for reading in readings],
                nonconforming=tally.nonconforming,
                verdict="passed" if tally.outcome == "passed" else "failed",
                by=sorted({names[reading.person_id] for reading in readings}),
            )
        )
    return paper.Inspection(
        number=case.inspection.number,
        stage=case.inspection.stage,
        plan=plan_code,
        plan_version=version.number,
        sample_size=max((item.n for item in case.asked), default=0),
        verdict="passed" if verdict.overall == "passed" else "failed",
        results=results,
    )


async def _names(read: Reader, readings: Sequence[Reading]) -> dict[str, str]:
    names: dict[str, str] = {}
    for person_id in {reading.person_id for reading in readings}:
        names[person_id] = (await read.rows("select printed_name from person where id = $1", person_id))[0][0]
    return names


def limits_text(lower: Decimal | None, upper: Decimal | None) -> str:
    """`1.20 - 1.30`, `≥ 15`, `≤ 0.5`; empty where there are none."""
    if lower is not None and upper is not None:
        return f"{lower:f} – {upper:f}"
    if lower is not None:
        return f"≥ {lower:f}"
    return f"≤ {upper:f}" if upper is not None else ""
