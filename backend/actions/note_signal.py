"""Note that a control chart signals, and tell quality: once for the same points (RES-11). Nothing waits for it."""

from __future__ import annotations

import msgspec

from backend.domain.chart_signals import ChartProposal, ChartSignal, Shown
from backend.domain.early_warning import untold
from backend.domain.inspections import Inspection, Stage
from backend.domain.items import Item, Supplier
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.domain.rights import QUALITY
from backend.store.change import Change
from backend.store.charting import ChartKey, signals_of_chart
from backend.store.inspecting import document_of
from backend.store.verb import verb


class NoteSignal(msgspec.Struct, frozen=True, kw_only=True):
    """What a chart shows at the lot of an inspection."""

    id: str
    inspection_id: str
    supplier_id: str
    item_id: str
    stage: Stage
    characteristic: str
    unit: str
    shown: list[Shown]
    proposal: ChartProposal
    rule_set: str
    device_at: str | None = None


@verb
async def note_signal(tx: Change, who: Who, command: NoteSignal) -> ChartSignal | None:
    """Keep it with its proposal; None where all of it was told already. No right lets a person do this."""
    key = ChartKey(
        who.site_id,
        command.item_id,
        command.supplier_id,
        command.stage,
        command.characteristic,
        command.unit,
    )
    told = [each for signal in await signals_of_chart(tx, key) for each in signal.shown]
    new = untold(command.shown, told)
    if not new:
        return None
    inspection = await tx.get(Inspection, command.inspection_id)
    lot = await tx.get(Lot, inspection.lot_id)
    signal = tx.insert(
        ChartSignal(
            id=tx.new_id(),
            site_id=who.site_id,
            item_id=command.item_id,
            supplier_id=command.supplier_id,
            stage=command.stage,
            characteristic=command.characteristic,
            unit=command.unit,
            inspection_id=inspection.id,
            lot_id=lot.id,
            shown=new,
            proposal=command.proposal,
            rule_set=command.rule_set,
            at=tx.now,
            status="open",
        )
    )
    item = await tx.get(Item, lot.item_id)
    document = await document_of(tx, inspection.plan_version_id)
    supplier = await tx.get(Supplier, lot.supplier_id) if lot.supplier_id else None
    await tx.tell_role(
        QUALITY,
        "chart_signal",
        "chart_signal",
        signal.id,
        lot=lot.number,
        item=msgspec.to_builtins(item.name),
        characteristic=msgspec.to_builtins(document.name_of(command.characteristic)),
        supplier=supplier.name if supplier else None,
        rules=sorted({each.rule for each in new}),
    )
    tx.record(
        "chart_signalled",
        "chart_signal",
        signal.id,
        lot=lot.number,
        characteristic=command.characteristic,
        rules=sorted({each.rule for each in new}),
        rule_set=command.rule_set,
    )
    return signal
