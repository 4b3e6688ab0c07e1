"""What must hold of all stock whatever was done, read from the rows by themselves: the rules written down a second
time (LOT-3, 6, 9, 11, REL-2, 3, 4, 7, 8, 9, RES-8)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import msgspec

from backend.domain.days import day_of
from backend.domain.delegations import Delegation
from backend.domain.genealogy import Consumption
from backend.domain.inspections import Inspection, Reading
from backend.domain.items import Item
from backend.domain.lots import Hold, Lot, Movement, Portion, Receipt, derived_status
from backend.domain.material_units import ItemUnit
from backend.domain.ncrs import Ncr
from backend.domain.proposals import Proposal
from backend.domain.revocations import Revocation
from backend.domain.reworks import Rework
from backend.domain.signatures import Release
from backend.domain.sites import Site
from backend.domain.taken_over import TakenOver
from backend.store.door import Store
from tests.campaigns.stock_ground import USABLE
from tests.faults.factory import SITE

WORDS = {"盒": "box", "卷": "roll"}
INTO = {"received", "produced", "split_in", "merged_in", "returned_in"}
TO_MARKET = {"release", "concession", "take_over"}
OUT_OF = {"consumed", "shipped", "returned_out", "scrapped", "sampled", "split_off", "merged_away"}


class Rows(msgspec.Struct):
    """All that is on record of the site's stock."""

    zone: str
    today: str
    items: dict[str, Item]
    lots: dict[str, Lot]
    receipts: dict[str, Receipt]
    portions: list[Portion]
    movements: list[Movement]
    moved: dict[str, Counter[str]]
    units: list[ItemUnit]
    edges: list[Consumption]
    releases: dict[str, Release]
    holds: list[Hold]
    inspections: list[Inspection]
    readings: list[Reading]
    ncrs: list[Ncr]
    reworks: list[Rework]
    proposals: list[Proposal]
    revocations: list[Revocation]
    delegations: list[Delegation]
    taken: list[TakenOver]

    def origin(self, receipt_id: str) -> str:
        """The receipt whose inspections speak for it."""
        return self.receipts[receipt_id].origin_id or receipt_id

    def merged_of_released(self, receipt_id: str) -> bool:
        """Whether it is a merger, and all that went into it was released then."""
        receipt = self.receipts[receipt_id]
        kinds = {p.id: p.status for p in self.portions}
        of = [edge for edge in self.edges if edge.child_lot_id == receipt.lot_id and edge.kind == "merged"]
        return receipt.source == "merge" and all(kinds[edge.portion_id] == "released" for edge in of)

    def family(self, receipt_id: str) -> set[str]:
        """Both."""
        return {receipt_id, self.origin(receipt_id)}


async def rows_of(store: Store) -> Rows:
    """Read them."""
    read, where = store.read, ("site_id = $1 order by id", SITE)
    moved: dict[str, Counter[str]] = {}
    movements = await read.all(Movement, *where)
    for movement in movements:
        moved.setdefault(movement.lot_id, Counter())[movement.kind] += movement.quantity  # type: ignore[assignment]
    return Rows(
        (await read.get(Site, SITE)).zone,
        (await store.today(SITE)).isoformat(),
        {each.id: each for each in await read.all(Item, *where)},
        {each.id: each for each in await read.all(Lot, *where)},
        {each.id: each for each in await read.all(Receipt, *where)},
        await read.all(Portion, *where),
        movements,
        moved,
        await read.all(ItemUnit, *where),
        await read.all(Consumption, *where),
        {each.id: each for each in await read.all(Release, *where)},
        await read.all(Hold, "site_id = $1 and lifted_at is null order by id", SITE),
        await read.all(Inspection, *where),
        await read.all(Reading, *where),
        await read.all(Ncr, *where),
        await read.all(Rework, *where),
        await read.all(Proposal, *where),
        await read.all(Revocation, *where),
        await read.all(Delegation, *where),
        await read.all(TakenOver, *where),
    )


def broken(rows: Rows) -> list[str]:
    """What of all that must hold does not."""
    return [each for rule in RULES for each in rule(rows)]


def quantities(rows: Rows) -> list[str]:
    """LOT-9: what came in is there or went out; nothing is below zero; a lot shows what lies in it."""
    found = []
    for lot in rows.lots.values():
        lying = [portion for portion in rows.portions if portion.lot_id == lot.id]
        there = sum((portion.quantity for portion in lying), Decimal(0))
        moved = rows.moved.get(lot.id, Counter())
        came = sum((q for kind, q in moved.items() if kind in INTO), Decimal(0))
        went = sum((q for kind, q in moved.items() if kind in OUT_OF), Decimal(0))
        if came != there + went:
            found.append(f"LOT-9 {lot.number}: {came} came in, {there} lie there, {went} went out")
        if lying and lot.status != derived_status(lying):
            found.append(f"LOT-11 {lot.number} says {lot.status}, its portions {derived_status(lying)}")
        found += [f"LOT-9 {lot.number}: {p.quantity} in a portion" for p in lying if p.quantity < 0]
    return found


def edges(rows: Rows) -> list[str]:
    """LOT-9: what went off a lot arrived in another, and the genealogy says the same."""
    found = []
    for kind, (away, into) in {
        "split": ("split_off", "split_in"),
        "merged": ("merged_away", "merged_in"),
    }.items():
        sums = [
            sum((each[away] for each in rows.moved.values()), Decimal(0)),
            sum((each[into] for each in rows.moved.values()), Decimal(0)),
            sum((edge.quantity for edge in rows.edges if edge.kind == kind), Decimal(0)),
        ]
        if len(set(sums)) != 1:
            found.append(f"LOT-9 {kind}: {sums[0]} went, {sums[1]} arrived, {sums[2]} in the genealogy")
    return found


def decisions(rows: Rows) -> list[str]:
    """LOT-11: what is usable stands under a decision in force that says so; numbers of decisions are used once."""
    found = []
    says = {
        "released": {"release", "take_over"},
        "conceded": {"concession"},
        "conditional": {"conditional"},
    }
    for portion in rows.portions:
        if portion.status not in USABLE or portion.release_id is None:  # a merger of released stock has none
            continue
        decision = rows.releases[portion.release_id]
        if decision.superseded_at is not None or decision.decision not in says[portion.status]:
            found.append(f"LOT-11 {portion.status} stock under {decision.decision} {decision.superseded_at}")
    in_force = [each for each in rows.releases.values() if each.superseded_at is None]
    numbers = Counter((each.receipt_id, each.number) for each in in_force)
    return found + [f"REL-4 decided twice: {key}" for key, times in numbers.items() if times > 1]


def undecided(rows: Rows) -> list[str]:
    """LOT-11: stock without a decision is used only where all that it was merged of was released."""
    return [
        f"LOT-11 {rows.lots[portion.lot_id].number}: {portion.status} without a decision"
        for portion in rows.portions
        if portion.status in USABLE
        and portion.quantity > 0
        and portion.release_id is None
        and not any(rows.merged_of_released(id) for id in rows.family(portion.receipt_id))
    ]


def holds(rows: Rows) -> list[str]:
    """Nothing that is on hold may be used, and what is held has a reason that can be lifted."""
    found = []
    for portion in rows.portions:
        mine = [
            hold
            for hold in rows.holds
            if hold.lot_id == portion.lot_id and hold.receipt_id in (None, portion.receipt_id)
        ]
        number = rows.lots[portion.lot_id].number
        if portion.status == "held" and portion.quantity > 0 and not mine:
            found.append(f"LOT-3 {number}: held without a hold")
        if portion.status in USABLE and portion.quantity > 0 and mine:
            found.append(f"LOT-5 {number}: {portion.status} under a hold ({mine[0].code})")
    return found


def inherited(rows: Rows) -> list[str]:
    """LOT-3: a split lot expires when what it came from does."""
    return [
        f"LOT-3 {lot.number} expires {lot.expires_on}"
        for lot in rows.lots.values()
        if lot.split_from is not None and lot.expires_on != rows.lots[lot.split_from].expires_on
    ]


def failures(rows: Rows) -> list[str]:
    """RES-10: nothing is used while a report about it is open."""
    found = []
    for ncr in rows.ncrs:
        if ncr.status in ("disposed", "closed"):
            continue
        found += [
            f"RES-10 {ncr.number} is open and {rows.lots[portion.lot_id].number} is {portion.status}"
            for portion in rows.portions
            if portion.status in USABLE
            and portion.quantity > 0
            and ncr.receipt_id in rows.family(portion.receipt_id)
        ]
    return found


def last_again(inspections: list[Inspection], failed: str | None) -> list[Inspection]:
    """What repeats a failed inspection, and was not repeated itself, read literally."""
    direct = [each for each in inspections if failed in (each.repeats, each.again_of)]
    found = []
    for each in direct:
        repeated = any(other.repeats == each.id for other in inspections)
        found += last_again(inspections, each.id) if repeated else [each]
    return found


def reworked(rows: Rows) -> list[str]:
    """LOT-6: what was reworked is used only after it was inspected again; the failure stays on record."""
    found = []
    inspected = {each.id: each for each in rows.inspections}
    for ncr in rows.ncrs:
        if ncr.disposition != "rework":
            continue
        rework = next((each for each in rows.reworks if each.ncr_id == ncr.id), None)
        if rework is None:
            found.append(f"LOT-6 {ncr.number}: nobody was told to rework it")
            continue
        if rework.inspection_id not in inspected:
            found.append(f"LOT-6 {ncr.number}: its inspection is gone")
        again = last_again(rows.inspections, rework.inspection_id)
        if rework.status == "done" and any(each.status in ("passed", "failed") for each in again):
            continue
        found += [
            f"LOT-6 {ncr.number}: {portion.status} before it was inspected again"
            for portion in rows.portions
            if portion.status in USABLE
            and portion.quantity > 0
            and ncr.receipt_id in rows.family(portion.receipt_id)
        ]
    return found


def signers(rows: Rows) -> list[str]:
    """REL-3: who decided made no result of it before, and decided for somebody else only while that was lent."""
    found = []
    inspected = {each.id: each for each in rows.inspections}
    lent = {each.id: each for each in rows.delegations}
    for release in rows.releases.values():
        of = rows.family(release.receipt_id)
        for reading in rows.readings:
            mine = inspected[reading.inspection_id].receipt_id in of and reading.at < release.decided_at
            if mine and reading.person_id == release.person_id and not reading.computed:
                found.append(f"REL-3 {release.decision} by who made a result of it")
        if release.delegation_id is not None:
            under = lent[release.delegation_id]
            day = day_of(release.decided_at, rows.zone).isoformat()
            ended = under.ended_at is not None and under.ended_at < release.decided_at
            if ended or not under.from_on <= day <= under.until:
                found.append(f"REL-3 decided {release.decided_at} under a delegation until {under.until}")
    return found


def revoked(rows: Rows) -> list[str]:
    """REL-7: two people; from the first signature on nothing under the release is used, by the second it ends."""
    found = []
    for each in rows.revocations:
        if each.status == "withdrawn":
            continue
        release = rows.releases[each.release_id]
        if each.second_by == each.first_by:
            found.append(f"REL-7 {each.number} signed twice by one person")
        if each.status != "signed_once" and release.superseded_at is None:
            found.append(f"REL-7 {each.number} is in force and so is the release")
        found += [
            f"REL-7 {each.number}: {portion.status} stock under the release"
            for portion in rows.portions
            if portion.release_id == release.id and portion.quantity > 0 and portion.status in USABLE
        ]
    return found


def dates(rows: Rows) -> list[str]:
    """REL-8: nothing is used past its retest date."""
    found = []
    for portion in rows.portions:
        lot = rows.lots[portion.lot_id]
        late = lot.retest_on is not None and lot.retest_on < rows.today
        if late and portion.quantity > 0 and portion.status in USABLE:
            found.append(f"REL-8 {lot.number} is {portion.status} past {lot.retest_on}")
    return found


def gates(rows: Rows) -> list[str]:
    """REL-9: what another maker makes for us is released by two people, the maker's first."""
    found = []
    for release in rows.releases.values():
        lot = rows.lots[release.lot_id]
        if rows.items[lot.item_id].contract_maker_id is None or release.decision not in TO_MARKET:
            continue
        produced = [
            each
            for each in rows.releases.values()
            if each.decision == "production"
            and rows.origin(each.receipt_id) == rows.origin(release.receipt_id)
            and each.decided_at < release.decided_at
        ]
        if not any(each.person_id != release.person_id for each in produced):
            found.append(f"REL-9 {lot.number}: {release.decision} without the maker's")
    return found


def taken_over(rows: Rows) -> list[str]:
    """REL-2: taken over is what was released on paper, with name, day and reference, by nobody who said so."""
    found = []
    for release in rows.releases.values():
        if release.decision != "take_over":
            continue
        said = [each for each in rows.taken if each.receipt_id in rows.family(release.receipt_id)]
        number = rows.lots[release.lot_id].number
        if not any(each.released_by and each.released_on and each.reference for each in said):
            found.append(f"REL-2 {number} is taken over without a release on paper")
        if any(each.taken_by == release.person_id for each in said):
            found.append(f"REL-2 {number} is taken over by who imported it")
    return found


def results(rows: Rows) -> list[str]:
    """RES-8: a reading is left out by two people only."""
    approved = {
        each.reading_id: each
        for each in rows.proposals
        if each.kind == "invalidate" and each.status == "approved"
    }
    found = []
    for reading in rows.readings:
        if reading.status != "invalid":
            continue
        proposal = approved.get(reading.id)
        if proposal is None or proposal.decided_by in (None, proposal.proposed_by, reading.person_id):
            found.append(f"RES-8 {reading.item_key} is left out by one person")
    return found


def units(rows: Rows) -> list[str]:
    """LOT-8: what was said in another unit is the stock by the factor of its day, exactly; no piece is broken."""
    found = []
    for of in (*rows.movements, *rows.receipts.values()):
        said, at = of.entered, of.at if isinstance(of, Movement) else of.received_at
        if said is None:
            continue
        item_id = rows.lots[of.lot_id].item_id
        mine = [each for each in rows.units if each.item_id == item_id and each.since <= at]
        mine = [each for each in mine if each.unit == WORDS.get(said.unit, said.unit)]
        factor = Fraction(1000)
        if mine:
            last = max(mine, key=lambda each: each.since)
            factor = Fraction(last.stock) / Fraction(last.count)
        exactly = Fraction(said.entered) * factor
        part = isinstance(of, Movement) and of.kind == "consumed"
        if said.quantity != exactly or (not part and of.quantity != exactly):
            found.append(f"LOT-8 {said.said} are on record as {of.quantity}, and were {exactly}")
    pieces = {item.id for item in rows.items.values() if item.unit == "pcs"}
    return found + [
        f"LOT-8 {portion.quantity} pieces lie there"
        for portion in rows.portions
        if rows.lots[portion.lot_id].item_id in pieces and portion.quantity % 1
    ]


RULES = (
    units,
    quantities,
    edges,
    decisions,
    undecided,
    holds,
    inherited,
    failures,
    reworked,
    signers,
    revoked,
    dates,
    gates,
    taken_over,
    results,
)
