"""What a release decision rests on, gathered for the screen that explains and the gate that decides alike."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from backend.domain import certificates as paper
from backend.domain.answering import judge_readings
from backend.domain.delegations import Delegation
from backend.domain.inspections import Inspection, Reading, contributors
from backend.domain.items import Item, OrderLine, Supplier
from backend.domain.label_counts import LabelBalance, LabelCount, balance
from backend.domain.lots import Hold, Lot, Portion, Receipt
from backend.domain.ncrs import FollowUp, Ncr
from backend.domain.part_decisions import Part, Terms, parts_of, past_makers_gate, undecided
from backend.domain.people import Person
from backend.domain.releases import Component, Gates, OnPaper, ReleaseCase
from backend.domain.reworks import Rework
from backend.domain.shares import Share
from backend.domain.signatures import TO_MARKET, Disposition, Release
from backend.domain.sites import Site
from backend.domain.standing_results import Stand, standing
from backend.domain.taken_over import TakenOver
from backend.domain.training import Owed
from backend.store.aliases import as_kept
from backend.store.behind_gate import behind_gate
from backend.store.components import components, open_assessments, places, used_of
from backend.store.inspecting import Case, case_of
from backend.store.lending import delegation_of
from backend.store.people import roles_of
from backend.store.qualifying import stands_against
from backend.store.reader import Reader
from backend.store.retesting import is_renewing
from backend.store.training import untrained_of

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
    supplier_blocked: str | None
    """Its code where it is blocked, or qualified for the item no more."""
    order: OrderLine | None
    cases: list[Case]
    """Inspections of the receipt, oldest first."""
    all_readings: list[Reading]
    ncrs: list[Ncr]
    reworks: list[Rework]
    holds: list[Hold]
    components: list[Component]
    decisions: list[Release]
    """In force, in their order."""
    production: list[Release]
    """Production releases in force, of the receipt and of what it was split off."""
    portions: list[Portion]
    used: dict[str, Decimal]
    """What of a portion went into other lots."""
    places: dict[str, str]
    """Codes of locations by id."""
    labels: LabelBalance
    missing_labels: paper.MissingLabels | None
    assessments: list[tuple[str, str]]
    """Open ones of the receipt: number, gauge."""
    renewing: bool
    """Whether retests of the lot were accepted that no decision has followed yet (REL-8)."""
    own: str
    """The site's own organisation."""
    behind_gate: frozenset[str | None]
    """Of the decisions that its stock stands under: those behind the contract maker's gate."""
    organisations: dict[str, str]
    """Of people of other organisations, by their ids."""
    lent: Delegation | None = None
    """Under which the person who reads this would decide (REL-3)."""
    lent_by: str = ""
    """Printed name of who handed it on."""
    sent_back: list[FollowUp] = []
    """What was missing when it was to be decided, the answers with it; of what it was split off too."""
    owners: dict[str, str] = {}
    """Printed names of who is to answer."""
    untrained: list[Owed] = []
    """What the person who reads this is not trained in, of what the receipt was inspected by (REL-11)."""
    taken_over: TakenOver | None = None
    """Where the receipt, or what it was split off, lay here before Lotgate."""

    @property
    def quantity(self) -> Decimal:
        """What of the receipt is in stock, in the item's stock unit."""
        return sum((portion.quantity for portion in self.portions), Decimal(0))

    def undecided(self, meaning: Disposition = "release") -> list[Portion]:
        """Portions that a decision with this meaning can be about."""
        found = undecided(self.portions, self.decisions, meaning, self.renewing)
        if self.item.contract_maker_id is None or meaning not in TO_MARKET:
            return found
        return [each for each in found if past_makers_gate(each, self.renewing, self.behind_gate)]

    def gates(self, signer_id: str) -> Gates | None:
        """Where a contract maker is involved (REL-9)."""
        maker = self.item.contract_maker_id
        if maker is None:
            return None
        open_parts = undecided(self.portions, self.decisions, "production")
        passed = any(
            past_makers_gate(each, self.renewing, self.behind_gate)
            for each in self.portions
            if each.quantity > 0
        )
        under = {part.release_id for part in self.portions if part.status == "production_released"}
        produced = [
            each for each in self.production if each.receipt_id == self.receipt.id or each.id in under
        ]
        return Gates(
            maker,
            self.own,
            self.organisations.get(signer_id, self.own),
            bool(open_parts) and not passed,
            [(each.person_id, self.organisations.get(each.person_id, self.own)) for each in produced],
        )

    def parts(self, meaning: Disposition, shares: Sequence[Share] = ()) -> list[Part]:
        """What such a decision is about."""
        return parts_of(self.undecided(meaning), self.used, shares, self.item.unit)

    @property
    def corrections(self) -> int:
        """How many readings were superseded or invalidated (AUD-5); what a formula made of them follows by itself."""
        return sum(each.status != "current" and not each.computed for each in self.all_readings)

    @property
    def contributors(self) -> list[str]:
        """Everybody who recorded a result."""
        return contributors(self.all_readings)

    @property
    def answerers(self) -> list[str]:
        """Who knows the stock: who recorded a result last first, and who received it."""
        measured = [each for each in self.all_readings if not each.computed]
        latest = sorted(measured, key=lambda each: (each.at, each.id), reverse=True)
        return list(dict.fromkeys([*(each.person_id for each in latest), self.receipt.received_by]))

    @property
    def reworked(self) -> list[tuple[str, bool]]:
        """See `ReleaseCase.reworked`."""
        inspections = [case.inspection for case in self.cases]
        found = []
        # Reports that were disposed before a rework was an operation name what failed themselves.
        repeated = {each.ncr_id: each.inspection_id for each in self.reworks}
        for ncr in self.ncrs:
            failed = repeated.get(ncr.id, ncr.inspection_id)
            if ncr.disposition != "rework" or all(each.id != failed for each in inspections):
                continue
            again = [each.status for each in _last_again(inspections, failed)]
            if not {"passed", "failed"} & set(again):
                found.append((ncr.number, bool(again)))
        return found

    @property
    def reworking(self) -> list[tuple[str, str]]:
        """See `ReleaseCase.reworking`."""
        numbers = {ncr.id: ncr.number for ncr in self.ncrs}
        return [
            (each.number, numbers[each.ncr_id])
            for each in self.reworks
            if each.status == "open" and each.ncr_id in numbers
        ]

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
        waits = meaning in TO_MARKET and gates is not None and gates.waiting
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
            supplier_blocked=self.supplier_blocked,
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
            reworked=self.reworked,
            reworking=self.reworking,
            sent_back=[
                (each.what, self.owners.get(each.owner_id, ""))
                for each in self.sent_back
                if each.done_at is None
            ],
            untrained=self.untrained,
            on_paper=OnPaper(self.taken_over.on_paper, self.taken_over.taken_by)
            if self.taken_over is not None
            else None,
        )


def _last_again(inspections: list[Inspection], failed: str | None) -> list[Inspection]:
    """What repeats an inspection; of what was repeated in turn, since it came before the rework was done, the last."""
    found, waiting = [], [failed]
    repeated = {each.repeats for each in inspections}
    while waiting:
        asked = waiting.pop()
        for each in inspections:
            if asked is not None and asked in (each.repeats, each.again_of):
                if each.id in repeated:
                    waiting.append(each.id)
                else:
                    found.append(each)
    return found


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
    decisions = await read.all(
        Release, "receipt_id = $1 and superseded_at is null order by decided_at, id", receipt_id
    )
    counts = await read.all(LabelCount, "lot_id = $1 order by at, id", lot.id)
    lent = await delegation_of(read, signer_id, today) if signer_id else None
    supplier = await read.get(Supplier, lot.supplier_id) if lot.supplier_id else None
    sent_back = await sent_back_of(read, [receipt_id, origin])
    return Dossier(
        receipt=receipt,
        lot=lot,
        item=await as_kept(read, lot.item_id),
        supplier=supplier,
        supplier_blocked=await stands_against(read, supplier, lot.item_id, today) if supplier else None,
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
        reworks=await read.all(
            Rework,
            "receipt_id = $1 or receipt_id = $2 or ncr_id in "
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
        decisions=decisions,
        production=await read.all(
            Release,
            "decision = 'production' and superseded_at is null and (receipt_id = $1 or receipt_id = $2 or "
            "receipt_id in (select id from receipt where origin_id = $2)) order by decided_at, id",
            receipt_id,
            origin,
        ),
        portions=portions,
        used=await used_of(read, receipt_id),
        places=await places(read, lot.site_id),
        labels=balance(counts),
        missing_labels=await _missing_labels(read, counts),
        assessments=await open_assessments(read, receipt_id),
        renewing=await is_renewing(read, lot),
        behind_gate=await behind_gate(read, portions, decisions),
        own=(await read.get(Site, lot.site_id)).organisation_id,
        organisations=dict(
            await read.rows(
                "select id, organisation_id from person where site_id = $1 and organisation_id is not null",
                lot.site_id,
            )
        ),
        lent=lent,
        lent_by=(await read.get(Person, lent.from_id)).printed_name if lent is not None else "",
        sent_back=sent_back,
        owners=await _owners(read, sent_back),
        untrained=await _untrained(read, inspections, signer_id, today) if signer_id else [],
        taken_over=await read.first(TakenOver, "receipt_id = $1", origin),
    )


async def sent_back_of(read: Reader, receipt_ids: Sequence[str]) -> list[FollowUp]:
    """Each time that a release of these receipts was sent back, the oldest first."""
    if not receipt_ids:
        return []
    marks = ", ".join(f"${place + 1}" for place in range(len(receipt_ids)))
    where = f"subject_kind = 'receipt' and subject_id in ({marks}) order by id"
    return await read.all(FollowUp, where, *receipt_ids)


async def _owners(read: Reader, promises: Sequence[FollowUp]) -> dict[str, str]:
    found = dict[str, str]()
    for owner_id in {each.owner_id for each in promises}:
        found[owner_id] = (await read.get(Person, owner_id)).printed_name
    return found


async def _untrained(
    read: Reader, inspections: Sequence[Inspection], person_id: str, today: str
) -> list[Owed]:
    """For a person with the roles of that ISO day."""
    person = await read.first(Person, "id = $1", person_id)
    roles = await roles_of(read, person, today) if person is not None else ()
    return await untrained_of(read, [each.id for each in inspections], person_id, roles, today)


async def _missing_labels(read: Reader, counts: Sequence[LabelCount]) -> paper.MissingLabels | None:
    labels = balance(counts)
    if labels.missing == 0:
        return None
    names = dict[str, str]()
    for person_id in {each.person_id for each in counts if each.kind == "accepted"}:
        names[person_id] = (await read.rows("select printed_name from person where id = $1", person_id))[0][0]
    said = [each.reason for each in counts if each.kind in ("missing", "accepted") and each.reason]
    return paper.MissingLabels(labels.missing, labels.printed, said, sorted(names.values()))
