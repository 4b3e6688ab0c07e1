"""Plans of the demo factory replaced by those that a test needs, as master data is loaded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol

import msgspec

from backend.domain.errors import Refused
from backend.domain.inspections import Plan, Stage
from backend.domain.items import Item
from backend.domain.people import Who
from backend.domain.plan_checks import check_plan
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic, Kind, Method, PlanDocument, Severity
from backend.domain.sampling_rules import Fixed, Rule
from backend.domain.skip_lot import SkipLotRule
from backend.domain.words import Words
from backend.store.change import Change
from backend.store.door import Store


def line(
    code: str, sampling: Rule, kind: Kind = "attribute", severity: Severity = "major", **more: Any
) -> Characteristic:
    """A characteristic; numeric ones measure millimetres between 9 and 11, unless told otherwise."""
    limits = {"unit": "mm", "lower": Decimal(9), "upper": Decimal(11)} if kind == "numeric" else {}
    return Characteristic(
        code=code, name=Words(code, code), kind=kind, severity=severity, method=Method("WI-1", "1"),
        sampling=sampling, **{**limits, **more},
    )  # fmt: skip


LABEL = line("LBL", Fixed(1), check="label")


class Factory(Protocol):
    """The demo factory as a test has it: on the floor, or with its chat."""

    store: Store

    async def who(self, login: str) -> Who: ...


class _Put(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    device_at: str | None = None


async def put_in_force(
    floor: Factory,
    item_code: str,
    characteristics: list[Characteristic],
    skip_lot: SkipLotRule | None = None,
    stage: Stage = "incoming",
) -> PlanVersion:
    """A sound document as the version in force of an item's plan; what was in force before is obsolete."""
    document = PlanDocument(characteristics, skip_lot)
    if reasons := check_plan(document):
        raise Refused(*reasons)

    async def work(tx: Change) -> PlanVersion:
        item = await tx.first(Item, "code = $1", item_code)
        assert item is not None
        plan = await tx.first(Plan, "item_id = $1 and stage = $2", item.id, stage)
        if plan is None:
            plan = tx.insert(
                Plan(tx.new_id(), item.site_id, item.id, stage, f"{stage}-{item_code}", item.name)
            )
        versions = await tx.all(PlanVersion, "plan_id = $1", plan.id)
        for old in versions:
            if old.status == "effective":
                tx.update(old, status="obsolete")
        number = len(versions) + 1
        new = PlanVersion(tx.new_id(), plan.site_id, plan.id, number, "effective", document, "2026-01-01")
        tx.record("master_data_loaded", "site", plan.site_id, rows=1)
        return tx.insert(new)

    who: Who = await floor.who("zhou")
    command = _Put(id=floor.store.new_id())
    return await floor.store.change(who, "put_in_force", command, work, PlanVersion, own=True)
