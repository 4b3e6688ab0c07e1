"""The release screen: what was measured, by whom, and everything that stands in the way (REL-2)."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import msgspec

from backend.domain.certificates import Delegated, Inspection, MissingLabels, Signer, Signing
from backend.domain.errors import Reason
from backend.domain.pace import hurried
from backend.domain.people import Who
from backend.domain.releases import blockers
from backend.domain.signatures import Disposition
from backend.domain.standing_results import asked_twice
from backend.store.deciding import Asked, Dossier, dossier
from backend.store.reader import Reader
from backend.store.release_records import record_of
from backend.views.lot_cards import TakenOverLine, taken_over_line
from backend.views.lots import LotLine, lot_line
from backend.views.ncrs import FollowUpLine, PersonRef, active_people, promised
from backend.views.people import printed_names
from backend.views.release_help import ChangeLine, Unblocker, changes_of, unblockers


class Decided(msgspec.Struct, frozen=True):
    """A decision in force; `quantity` is None where it is about all that the receipt held."""

    release_id: str
    decision: str
    by: str
    at: str
    quantity: Decimal | None
    condition: str | None
    ends_on: str | None


class PartLine(msgspec.Struct, frozen=True):
    """A portion that a decision can be about; `used` of it went into other lots at risk."""

    portion_id: str
    quantity: Decimal
    status: str
    location: str
    container: str | None
    used: Decimal


class ComponentLine(msgspec.Struct, frozen=True):
    """A lot that went in."""

    number: str
    status: str
    quantity: Decimal


class ReleaseSheet(msgspec.Struct, frozen=True):
    """One screen to decide on; `blockers` empty: nothing stands in the way of a release."""

    receipt_id: str
    version: int
    lot: LotLine
    quantity: Decimal
    unit: str
    received_by: str
    received_at: str
    inspections: list[Inspection]
    changed_since_first_entry: bool
    corrections: int
    changes: list[ChangeLine]
    """What was changed since first entry, the oldest first."""
    twice: list[list[str]]
    """Numbers of inspections that answer the same question: the decision says which stands."""
    hurried: list[str]
    """Names of those who answered faster than anybody measures."""
    blockers: list[Reason]
    """Of a plain release."""
    unblockers: list[Unblocker]
    """Who can remove which blocker; one that nobody can remove here has none."""
    retest_on: str | None
    delegated: Delegated | None
    """Where this person decides for somebody else."""
    decided: Decided | None
    """The last decision, where nothing is left to decide."""
    decisions: list[Decided]
    parts: list[PartLine]
    """What is undecided."""
    meanings: list[Disposition]
    """What this person may sign now."""
    consumed: list[ComponentLine]
    ncrs: list[str]
    missing_labels: MissingLabels | None
    sent_back: list[FollowUpLine]
    """What was missing, answered or not, the oldest first."""
    answerers: list[PersonRef]
    """Who knows the stock and is asked what is missing: who recorded a result last first, and who received it."""
    taken_over: TakenOverLine | None = None
    """Where it lay here before Lotgate."""


async def release_sheet(read: Reader, receipt_id: str, who: Who, today: str) -> ReleaseSheet:
    """As this person may decide it."""
    file = await dossier(read, receipt_id, who.person_id, today)
    case = file.case(who.person_id, today)
    signing = Signing(
        "release", "", "en", 1, Signer(who.person_id, who.printed_name, who.login), "password_totp"
    )
    record = await record_of(read, file, Asked("release", file.parts("release")), signing)
    names = await printed_names(read, file.lot.site_id)
    decisions = [
        Decided(
            each.id,
            each.decision,
            names.get(each.person_id, ""),
            each.decided_at,
            each.quantity,
            each.condition,
            each.ends_on,
        )
        for each in file.decisions
    ]
    return ReleaseSheet(
        receipt_id=receipt_id,
        version=file.receipt.version,
        lot=await lot_line(read, file.lot.id),
        quantity=file.quantity,
        unit=file.item.unit,
        received_by=names.get(file.receipt.received_by, ""),
        received_at=file.receipt.received_at,
        inspections=record.inspections,
        changed_since_first_entry=file.corrections > 0,
        corrections=file.corrections,
        changes=await changes_of(read, file, names),
        twice=[[each.number for each in family] for family in asked_twice(file.inspections)],
        hurried=sorted(names.get(person_id, "") for person_id in hurried(file.all_readings)),
        blockers=(stopping := blockers(case)),
        unblockers=await unblockers(read, file.lot.site_id, today, [reason.code for reason in stopping]),
        retest_on=file.lot.retest_on,
        delegated=Delegated(file.lent_by, file.lent.until) if file.lent is not None else None,
        decided=decisions[-1] if decisions and case.decided else None,
        decisions=decisions,
        parts=[
            PartLine(
                part.portion.id,
                part.quantity,
                part.portion.status,
                file.places.get(part.portion.location_id, ""),
                part.portion.container,
                part.used,
            )
            for part in file.parts("release")
        ],
        meanings=[
            meaning
            for meaning in get_args(Disposition)
            if not blockers(file.case(who.person_id, today, meaning), meaning)
        ],
        consumed=[ComponentLine(part.number, part.status, part.quantity) for part in file.components],
        ncrs=[ncr.number for ncr in file.ncrs],
        missing_labels=file.missing_labels,
        sent_back=[promised(each, file.owners) for each in file.sent_back],
        answerers=await _answerers(read, file, who),
        taken_over=taken_over_line(file.taken_over, names.get(file.taken_over.taken_by, ""))
        if file.taken_over is not None
        else None,
    )


async def _answerers(read: Reader, file: Dossier, who: Who) -> list[PersonRef]:
    active = {each.id: each for each in await active_people(read, file.lot.site_id)}
    return [active[each] for each in file.answerers if each in active and each != who.person_id]
