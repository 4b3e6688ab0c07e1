"""The record that a signer is shown and signs: the certificate's facts, from a dossier and what is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from backend.domain import certificates as paper
from backend.domain.answering import judge_readings
from backend.domain.inspections import Reading
from backend.domain.items import ItemIdentifier
from backend.domain.part_decisions import quantity_of
from backend.domain.people import Person
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic
from backend.domain.sites import Organisation, Site
from backend.domain.standing_results import Stand, asked_twice
from backend.domain.tallies import Tally
from backend.store.aliases import same_ids
from backend.store.deciding import Asked, Dossier
from backend.store.inspecting import Case
from backend.store.many import among
from backend.store.reader import Reader


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
    which = among(read, "item_id", await same_ids(read, file.item.id), 3)
    identifier = await read.first(
        ItemIdentifier,
        f"(supplier_id is null or supplier_id = $2) and {which.where} "
        "order by case when item_id = $1 then 0 else 1 end, value",
        file.item.id,
        file.lot.supplier_id or "",
        which.argument,
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
        verdict=_verdict([each.verdict for each in inspections if each.number in judged]),
        inspections=inspections,
        corrections=paper.Corrections(file.corrections > 0, file.corrections),
        decision=msgspec.structs.replace(decision_of(file, asked), taken_over=await _paper(read, file)),
        signature=signing,
    )


def _verdict(judged: Sequence[paper.Verdict]) -> paper.LotVerdict:
    if not judged:
        return "not_inspected"
    return "passed" if all(each == "passed" for each in judged) else "failed"


async def _paper(read: Reader, file: Dossier) -> paper.TakenOver | None:
    taken = file.taken_over
    if taken is None:
        return None
    by = (await read.get(Person, taken.taken_by)).printed_name
    said = paper.TakenOver(
        taken.old_number, taken.status, taken.file, taken.sha256, taken.line, by, taken.taken_at[:10]
    )
    if not taken.on_paper:
        return said
    return msgspec.structs.replace(
        said, released_by=taken.released_by, released_on=taken.released_on, reference=taken.reference
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
