"""Two records that are one supplier: what is counted together, what lands on the kept one, what stays as it was."""

from __future__ import annotations

from typing import Any

import pytest

from backend.actions.block_supplier import BlockSupplier, block_supplier
from backend.actions.import_sheet import ImportSheet, import_sheet
from backend.actions.merge_doubles import Merged, MergeDoubles, merge_doubles
from backend.actions.part_doubles import PartDoubles, part_doubles
from backend.actions.take_complaint import TakeComplaint, take_complaint
from backend.domain.imports import read_import
from backend.domain.inspections import Inspection
from backend.domain.items import OrderLine, Supplier
from backend.domain.lots import Lot
from backend.domain.recalls import Basis
from backend.domain.sheets import Table
from backend.store import series
from backend.views.doubles import doubles_page, side_by_side
from backend.views.imports import sheet_trial
from backend.views.lots import LotFilter, list_lots
from backend.views.recalls import recall_preview
from backend.views.scorecards import scorecard_of
from backend.views.search import search
from backend.views.series import list_series
from backend.views.shipments import list_consignees
from backend.views.suppliers import list_suppliers, supplier_view
from tests.actions.floor import Floor, codes, on_record
from tests.actions.shipping import consignee, shipped
from tests.actions.test_production import released
from tests.actions.test_sampling_series import SURFACE, TUBING, of_class
from tests.actions.test_suppliers import qualified, suspended

OTHER_TUBING = "0412/1"


async def supplier(floor: Floor, code: str) -> Supplier:
    found = await floor.store.read.first(Supplier, "site_id = $1 and code = $2", floor.site_id, code)
    assert found is not None
    return found


async def merged(floor: Floor, kept: Any, other: Any, kind: Any = "supplier", **fields: Any) -> Merged:
    right = {"id": floor.new_id(), "kind": kind, "kept_id": kept.id, "alias_id": other.id}
    command = MergeDoubles(**(right | {"reason": "one licence, one plant"} | fields))
    return await merge_doubles(floor.store, await floor.who("zhou"), command)


async def parted(floor: Floor, of: Merged, reason: str = "two plants after all") -> Any:
    command = PartDoubles(id=floor.new_id(), merger_id=of.alias.id, reason=reason)
    return await part_doubles(floor.store, await floor.who("admin"), command)


async def tubing(floor: Floor, order: str, odd: dict[str, str] | None = None) -> Inspection:
    received = await floor.receive(order, quantity="500")
    assert received.inspection is not None
    await floor.shift.inspect(received.inspection.id, "li", odd)
    return await floor.store.read.get(Inspection, received.inspection.id)


async def counted_together(floor: Floor) -> Merged:
    """A rejected lot under each name is two rejected lots of one supplier: the next one is inspected tightened."""
    await tubing(floor, TUBING, SURFACE)
    other = await tubing(floor, OTHER_TUBING, SURFACE)
    kept, alias = await supplier(floor, "QH"), await supplier(floor, "BS")
    made = await merged(floor, kept, alias)
    third = await tubing(floor, OTHER_TUBING)
    assert of_class(third, "major").severity == "tightened"
    # What comes in under the old name's order is the kept one's; what came before stays as it was.
    lots = [await floor.store.read.get(Lot, each.lot_id) for each in (other, third)]
    assert [lot.supplier_id for lot in lots] == [alias.id, kept.id]
    return made


@pytest.mark.proves("SMP-4", "QUA-5")
async def test_a_supplier_and_its_alias_are_counted_as_one_and_parted_again(floor: Floor) -> None:
    kept, alias, read = await supplier(floor, "QH"), await supplier(floor, "BS"), floor.store.read

    async def deliveries(id: str) -> int:
        figures = {each.code: each for each in (await scorecard_of(read, id, "2000")).figures}
        return len(figures["received"].behind)

    before = await deliveries(kept.id) + await deliveries(alias.id)
    made = await counted_together(floor)
    assert await floor.count("event where type = 'doubles_merged'") == 1
    for id in (kept.id, alias.id):
        assert await deliveries(id) == before + 3, "either name shows all deliveries"
    assert alias.name not in {line.supplier for line in await list_series(read, floor.site_id)}
    page = await list_suppliers(read, floor.site_id, "2026-01-01")
    assert {row.code: row.kept_code for row in page.suppliers}["BS"] == "QH"
    view = await supplier_view(read, kept.id, "2026-01-01")
    assert [each.code for each in view.aliases] == ["BS"]
    listed = await list_lots(read, floor.site_id, LotFilter(supplier="BS"))
    assert len(listed.lots) == view.lots_in_all
    hits = (await search(read, floor.site_id, "BS", floor.clock.now.date())).hits
    assert "supplier" in {hit.kind for hit in hits}, "found by its old code"
    rows = await on_record(floor.store)
    await parted(floor, made)
    after = await on_record(floor.store)
    touched = {name for name in after if after[name] != rows[name]}
    assert touched <= {"alias", "series_state"}, "what was written stays as it is"
    assert await codes(parted(floor, made)) == ["merger_undone"]
    fourth = await tubing(floor, OTHER_TUBING)
    assert of_class(fourth, "major").severity == "normal", "one rejected lot of its own"
    await merged(floor, kept, alias)


@pytest.mark.proves("SMP-4")
async def test_a_series_that_knows_no_alias_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def itself(_: Any, id: str) -> list[str]:
        return [id]

    monkeypatch.setattr(series, "same_ids", itself)
    with pytest.raises(AssertionError):
        await counted_together(floor)


@pytest.mark.proves("LOT-13", "REL-2", "QUA-5")
async def test_a_merger_frees_nothing_and_an_alias_is_not_chosen_any_more(floor: Floor) -> None:
    needles = await released(floor)  # of BS
    kept, alias = await supplier(floor, "QH"), await supplier(floor, "BS")
    given = await qualified(floor, needles)
    await suspended(floor, given)
    own = await floor.receive(TUBING)
    await qualified(floor, await floor.lot(own))
    assert await codes(merged(floor, kept, kept, reason=" ")) == ["reason_missing", "double_is_itself"]
    made = await merged(floor, kept, alias)
    assert needles.number in made.held
    view = await side_by_side(floor.store.read, "supplier", kept.id, alias.id)
    assert [each.code for each in view[1].against] == ["record_merged"]
    for action in (
        block_supplier(
            floor.store,
            await floor.who("novak"),
            BlockSupplier(id=floor.new_id(), supplier_id=alias.id, reason="r"),
        ),
        merged(floor, await supplier(floor, "SL"), alias),
    ):
        assert await codes(action) == ["record_merged"]
    assert await codes(merged(floor, await supplier(floor, "SL"), kept)) == ["double_has_aliases"]
    # Suspended under its other name: what arrives is held until the kept one is qualified anew.
    arrived = await floor.receive("0417/1")
    assert [each.code for each in arrived.not_qualified] == ["qualification_suspended"]
    floor.clock.now = floor.clock.now.replace(microsecond=0)
    await qualified(floor, await floor.lot(arrived))
    again = await floor.receive("0415/1")
    assert again.not_qualified == []
    blocked = BlockSupplier(id=floor.new_id(), supplier_id=kept.id, reason="closed by the authority")
    stock = await block_supplier(floor.store, await floor.who("novak"), blocked)
    assert needles.number in [*stock.held, *stock.past], "a block reaches the lots of both names"


@pytest.mark.proves("IMP-1")
async def test_a_row_that_names_the_old_code_lands_on_the_kept_one_and_says_so(floor: Floor) -> None:
    kept, alias = await supplier(floor, "QH"), await supplier(floor, "BS")
    await merged(floor, kept, alias)
    who = await floor.who("novak")

    async def imported(kind: Any, *rows: list[str]) -> Any:
        sheet = read_import(kind, Table(list(enumerate(rows, 1))))
        trial = await sheet_trial(floor.store.read, who, sheet, floor.clock.now.date())
        command = ImportSheet(id=floor.new_id(), sheet=sheet, name="x.csv", sha256="0" * 64)
        return trial, await import_sheet(floor.store, who, command)

    order = ["PO-9", "1", "TUB-30", "BS", "100", "2031-01-01"]
    head = ["purchaseorder", "line", "item", "supplier", "quantity", "due"]
    trial, done = await imported("orders", head, order)
    assert [(each.cell, each.reason.code) for each in trial.landed] == [("D2", "import_landed_on_kept")]
    assert (done.new, done.landed) == (1, 1)
    line = await floor.store.read.first(OrderLine, "purchase_order = $1", "PO-9")
    assert line is not None and line.supplier_id == kept.id
    assert (await imported("orders", head, order))[1].same == 1, "repeatable"
    names = [["code", "name", "status"], ["QH", "Qinghe", "yes"], ["BS", "Beishan", "no"]]
    done = (await imported("suppliers", *names))[1]
    now = await supplier(floor, "QH")
    assert (now.name, now.status, done.landed) == ("Qinghe", "blocked", 1)
    assert (await supplier(floor, "BS")).name == alias.name


@pytest.mark.proves("QUA-6")
async def test_a_recall_asks_a_consignee_with_two_names_once(floor: Floor) -> None:
    needles = await released(floor)
    one, two = await consignee(floor, "H-01"), await consignee(floor, "H-02", "人民医院（新院区）")
    for to in (one, two):
        await shipped(floor, to, (needles.number, "100"))
    page = await doubles_page(floor.store.read, floor.site_id)
    assert [(each.first.code, each.second.code, each.likenesses) for each in page.suspected] == [
        ("H-01", "H-02", ["contact"])
    ]
    made = await merged(floor, one, two, "consignee")
    found = await recall_preview(floor.store.read, floor.site_id, Basis("lot", needles.number))
    assert [each.code for each in found.consignees] == ["H-01"]
    assert "H-02" not in {each.code for each in await list_consignees(floor.store.read, floor.site_id)}
    assert await codes(shipped(floor, two, (needles.number, "1"))) == ["record_merged"]
    told = TakeComplaint(
        id=floor.new_id(), received_on=floor.clock().split("T")[0], described="bent", reporter="Dr Chen",
        consignee_id=two.id,
    )  # fmt: skip
    assert await codes(take_complaint(floor.store, await floor.who("novak"), told)) == ["record_merged"]
    assert (await doubles_page(floor.store.read, floor.site_id)).suspected == []
    await parted(floor, made)
    found = await recall_preview(floor.store.read, floor.site_id, Basis("lot", needles.number))
    assert [each.code for each in found.consignees] == ["H-01", "H-02"]
