"""Plans as quality reads and writes them: the list, a plan with its history, a version and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from backend.domain.errors import Reason
from backend.domain.inspections import Plan
from backend.domain.plan_changes import CharacteristicChange, changes
from backend.domain.plan_trials import TrialCounts
from backend.domain.plan_versions import PlanVersion, against_approval
from backend.domain.plans import PlanDocument
from backend.domain.sampling import AQLS, LEVELS
from backend.domain.signatures import Signature
from backend.domain.words import Words
from backend.store.planning import against_document, effective_of, versions_of
from backend.store.reader import Reader
from backend.views.people import printed_names


class VersionRef(msgspec.Struct, frozen=True):
    """A version, named."""

    id: str
    number: int
    status: str


class PlanLine(msgspec.Struct, frozen=True):
    """A plan in the list; `draft`: what is being written or reviewed."""

    id: str
    code: str
    name: Words
    item: str
    item_name: Words
    stage: str
    effective: VersionRef | None
    effective_from: str | None
    draft: VersionRef | None
    kept_item: str | None = None
    """Its item is an alias of the item of this code: nothing is opened by it any more."""


class VersionLine(msgspec.Struct, frozen=True):
    """A version in a plan's history."""

    id: str
    number: int
    status: str
    change: str | None
    authors: list[str]
    signed_by: str | None
    signed_at: str | None
    effective_from: str | None
    obsolete_from: str | None
    characteristics: int


class OlderInspection(msgspec.Struct, frozen=True):
    """An open inspection under a version that is in force no more: it may be moved (SMP-8)."""

    id: str
    number: str
    lot: str
    version: int
    status: str


class PlanCard(msgspec.Struct, frozen=True):
    """One plan: all its versions, the newest first; `next`: the number of the next draft."""

    id: str
    code: str
    name: Words
    item: str
    item_name: Words
    stage: str
    versions: list[VersionLine]
    next: int
    older: list[OlderInspection]


class TrialShown(msgspec.Struct, frozen=True):
    """The trial that is kept on a version."""

    counts: TrialCounts
    by: str
    at: str


class SignedShown(msgspec.Struct, frozen=True):
    """The signature that made it effective (11.50)."""

    printed_name: str
    meaning: str
    signed_at: str
    digest: str


class PlanChoices(msgspec.Struct, frozen=True):
    """What the standard prints; and what this site writes already, to be chosen again."""

    levels: list[str]
    aqls: list[str]
    units: list[str]
    instrument_types: list[str]
    methods: list[str]


class PlanSheet(msgspec.Struct, frozen=True):
    """One version; `against`: what keeps it from being submitted; `mine`: who reads wrote on it."""

    id: str
    plan_id: str
    code: str
    name: Words
    item: str
    item_name: Words
    stage: str
    number: int
    status: str
    version: int
    document: PlanDocument
    against: list[Reason]
    compared_to: int | None
    changes: list[CharacteristicChange]
    change: str | None
    authors: list[str]
    mine: bool
    trial: TrialShown | None
    signature: SignedShown | None
    effective_from: str | None
    obsolete_from: str | None
    choices: PlanChoices


async def list_plans(read: Reader, site_id: str) -> list[PlanLine]:
    """By item and stage."""
    rows = await read.rows(
        "select plan.id, plan.code, plan.name, item.code, item.name, plan.stage, v.id, v.number, v.status, "
        "v.effective_from, kept.code from plan join item on item.id = plan.item_id "
        "left join alias on alias.alias_id = item.id and alias.undone_at is null "
        "left join item as kept on kept.id = alias.kept_id "
        "left join plan_version v on v.plan_id = plan.id and v.status <> 'obsolete' "
        "where plan.site_id = $1 order by plan.code, v.number",
        site_id,
    )
    by_plan: dict[str, list[Any]] = {}
    for row in rows:
        by_plan.setdefault(row[0], []).append(row)
    return [_line(of) for of in by_plan.values()]


def _line(rows: Sequence[Any]) -> PlanLine:
    id, code, name, item, item_name, stage = rows[0][:6]
    refs = {row[8]: VersionRef(row[6], row[7], row[8]) for row in rows if row[6] is not None}
    return PlanLine(
        id,
        code,
        _words(name),
        item,
        _words(item_name),
        stage,
        refs.get("effective"),
        next((row[9] for row in rows if row[8] == "effective"), None),
        refs.get("draft") or refs.get("review"),
        rows[0][10],
    )


async def plan_card(read: Reader, plan_id: str) -> PlanCard:
    """By id."""
    plan = await read.get(Plan, plan_id)
    versions = await versions_of(read, plan_id)
    item = await _item(read, plan)
    names = await _names(read, versions)
    signed = {s.id: s for s in await _signatures(read, versions)}
    lines = [
        VersionLine(
            each.id,
            each.number,
            each.status,
            each.change,
            [names[author] for author in each.authors or ()],
            signed[each.signature_id].printed_name if each.signature_id else None,
            signed[each.signature_id].signed_at if each.signature_id else None,
            each.effective_from,
            each.obsolete_from,
            len(each.document.characteristics),
        )
        for each in reversed(versions)
    ]
    return PlanCard(
        plan.id,
        plan.code,
        plan.name,
        item[0],
        _words(item[1]),
        plan.stage,
        lines,
        max((each.number for each in versions), default=0) + 1,
        await _older(read, plan_id),
    )


async def plan_sheet(read: Reader, version_id: str, person_id: str) -> PlanSheet:
    """By id. Compared to the version in force; one that is or was, to the one before it."""
    version = await read.get(PlanVersion, version_id)
    plan = await read.get(Plan, version.plan_id)
    versions = await versions_of(read, plan.id)
    item = await _item(read, plan)
    names = await _names(read, versions)
    before = _before(version, versions)
    signatures = await _signatures(read, [version])
    unsigned = version.status in ("draft", "review")
    return PlanSheet(
        id=version.id,
        plan_id=plan.id,
        code=plan.code,
        name=plan.name,
        item=item[0],
        item_name=_words(item[1]),
        stage=plan.stage,
        number=version.number,
        status=version.status,
        version=version.version,
        document=version.document,
        against=await against_document(read, version) if unsigned else [],
        compared_to=before.number if before is not None else None,
        changes=changes(before.document if before is not None else None, version.document),
        change=version.change,
        authors=[names[author] for author in version.authors or ()],
        mine=bool(against_approval(version, person_id)),
        trial=TrialShown(version.trial.counts, names[version.trial.person_id], version.trial.at)
        if version.trial is not None
        else None,
        signature=SignedShown(
            signatures[0].printed_name, signatures[0].meaning, signatures[0].signed_at, signatures[0].digest
        )
        if signatures
        else None,
        effective_from=version.effective_from,
        obsolete_from=version.obsolete_from,
        choices=await _choices(read, plan.site_id),
    )


def _before(version: PlanVersion, versions: list[PlanVersion]) -> PlanVersion | None:
    if version.status in ("draft", "review"):
        return effective_of(versions)
    return next((each for each in reversed(versions) if each.number < version.number), None)


async def _item(read: Reader, plan: Plan) -> Any:
    return (await read.rows("select code, name from item where id = $1", plan.item_id))[0]


async def _names(read: Reader, versions: list[PlanVersion]) -> dict[str, str]:
    return await printed_names(read, versions[0].site_id) if versions else {}


async def _signatures(read: Reader, versions: list[PlanVersion]) -> list[Signature]:
    ids = [each.signature_id for each in versions if each.signature_id is not None]
    return [await read.get(Signature, id) for id in ids]


async def _older(read: Reader, plan_id: str) -> list[OlderInspection]:
    rows = await read.rows(
        "select inspection.id, inspection.number, lot.number, v.number, inspection.status "
        "from plan_version v join inspection on inspection.plan_version_id = v.id "
        "join lot on lot.id = inspection.lot_id where v.plan_id = $1 and v.status = 'obsolete' "
        "and inspection.status in ('open', 'in_progress') order by inspection.number",
        plan_id,
    )
    return [OlderInspection(*row) for row in rows]


async def _choices(read: Reader, site_id: str) -> PlanChoices:
    """Of the versions in force, what is written already."""
    found = await read.all(PlanVersion, "site_id = $1 and status = 'effective'", site_id)
    lines = [line for version in found for line in version.document.characteristics]
    return PlanChoices(
        levels=list(LEVELS),
        aqls=[aql for aql in AQLS if float(aql) <= 10],
        units=sorted({line.unit for line in lines if line.unit}),
        instrument_types=sorted({line.instrument_type for line in lines if line.instrument_type}),
        methods=sorted({f"{line.method.document} {line.method.version}" for line in lines}),
    )


def _words(text: str) -> Words:
    return msgspec.json.decode(text, type=Words)
