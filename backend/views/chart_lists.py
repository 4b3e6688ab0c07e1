"""Which control charts there are: of all materials, of one."""

from __future__ import annotations

import msgspec

from backend.domain.early_warning import Watch
from backend.domain.errors import NotFound, Reason
from backend.domain.items import Item
from backend.domain.plans import Characteristic
from backend.domain.words import Words
from backend.store.charting import FIRST_LOOK
from backend.store.inspecting import document_of
from backend.store.reader import Reader
from backend.views.chart_signals import SignalLine, signals
from backend.views.lots import SupplierRef

_WORDS = msgspec.json.Decoder(Words)


class ChartPlan(msgspec.Struct, frozen=True):
    """A material at a stage whose plan measures something; `signals` are those that wait for an answer."""

    item: str
    item_name: Words
    stage: str
    plan_id: str
    measured: int
    signals: int


class ChartDesk(msgspec.Struct, frozen=True):
    """Signals that nobody has answered, or only seen; then all that is charted."""

    signals: list[SignalLine]
    plans: list[ChartPlan]
    rules: list[int]
    baseline: int
    least: int


class ChartSupplier(msgspec.Struct, frozen=True):
    """A supplier with a chart; None: our own production."""

    supplier: SupplierRef | None
    lots: int


class ChartLine(msgspec.Struct, frozen=True):
    """A chart of a material: its characteristic and who has one."""

    stage: str
    characteristic: str
    name: Words
    unit: str
    suppliers: list[ChartSupplier]


class ChartMaterial(msgspec.Struct, frozen=True):
    """All charts of a material."""

    item: str
    item_name: Words
    charts: list[ChartLine]
    signals: list[SignalLine]


async def chart_desk(read: Reader, site_id: str, watch: Watch) -> ChartDesk:
    """What waits for an answer, and the materials whose plan in force measures something."""
    waiting = "chart_signal.site_id = $1 and chart_signal.status in ('open', 'acknowledged')"
    found = await signals(read, waiting, site_id)
    rows = await read.rows(
        "select item.code, item.name, plan.stage, plan.id, plan_version.id from plan "
        "join item on item.id = plan.item_id join plan_version on plan_version.plan_id = plan.id "
        "where plan.site_id = $1 and plan_version.status = 'effective' order by item.code, plan.stage",
        site_id,
    )
    plans = []
    for code, name, stage, plan_id, version in rows:
        measured = len(measured_of((await document_of(read, version)).characteristics))
        count = sum((each.item, each.stage) == (code, stage) for each in found)
        if measured:
            plans.append(ChartPlan(code, _WORDS.decode(name), stage, plan_id, measured, count))
    return ChartDesk(found, plans, list(watch.rules), watch.baseline, watch.least)


async def chart_material(read: Reader, site_id: str, item_code: str) -> ChartMaterial:
    """The charts of a material, by the plans that its lots were inspected by."""
    item = await item_of(read, site_id, item_code)
    rows = await read.rows(
        "select inspection.stage, inspection.plan_version_id, supplier.id, supplier.code, supplier.name, count(*) "
        "from lot join inspection on inspection.lot_id = lot.id left join supplier on supplier.id = lot.supplier_id "
        f"where lot.site_id = $1 and lot.item_id = $2 and {FIRST_LOOK} "
        "group by inspection.stage, inspection.plan_version_id, supplier.id, supplier.code, supplier.name "
        "order by inspection.stage, inspection.plan_version_id desc, supplier.code",
        site_id,
        item.id,
    )
    charts: dict[tuple[str, str, str], ChartLine] = {}
    for stage, version, supplier_id, code, name, count in rows:
        supplier = SupplierRef(supplier_id, code, name) if supplier_id else None
        for of in measured_of((await document_of(read, version)).characteristics):
            line = charts.setdefault(
                (stage, of.code, of.unit), ChartLine(stage, of.code, of.name, of.unit, [])
            )
            known = next((each for each in line.suppliers if each.supplier == supplier), None)
            if known is not None:
                line.suppliers.remove(known)
            line.suppliers.append(ChartSupplier(supplier, count + (known.lots if known else 0)))
    where = "chart_signal.site_id = $1 and chart_signal.item_id = $2"
    return ChartMaterial(
        item.code, item.name, list(charts.values()), await signals(read, where, site_id, item.id)
    )


async def item_of(read: Reader, site_id: str, code: str) -> Item:
    """By its code; raises NotFound."""
    found = await read.first(Item, "site_id = $1 and code = $2", site_id, code)
    if found is None:
        raise NotFound(Reason("not_found", {"kind": "item", "id": code}))
    return found


def measured_of(characteristics: list[Characteristic]) -> list[Characteristic]:
    """Those with a number for an answer."""
    return [each for each in characteristics if each.kind == "numeric"]
