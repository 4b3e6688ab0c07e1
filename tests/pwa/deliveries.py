"""More deliveries than the demo expects: as many as a task needs, their numbers counting on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import msgspec
import uuid_utils

from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.demo.deliveries import SYMBOLOGY, DemoLabel, label_of
from backend.demo.materials import MATERIALS, SUPPLIERS
from backend.demo.shift import Shift
from backend.domain.items import Item, ItemIdentifier, OrderLine, Supplier
from backend.domain.security import system
from tests.pwa.house import House

ORDERS = count(9000)


def pieces(many: int) -> list[tuple[str, str]]:
    """So many (item, supplier) whose codes differ, counted in pieces."""
    pairs = [(each.code, supplier) for supplier, _ in SUPPLIERS for each in MATERIALS if each.unit == "pcs"]
    return pairs[:many]


def readable(label: DemoLabel, lot: str) -> DemoLabel:
    """With brackets around its identifiers: a text that a hand scanner's lost separator can't make doubtful.

    Its lot is one that no other delivery has: where two share it, the second is received into the first's lot.
    """
    made, expires = (day.replace("-", "")[2:] for day in (label.made_on, label.expires_on))
    amount = f"(3110){label.quantity:0>6}" if label.unit == "m" else f"(30){label.quantity}"
    text = f"(01){label.gtin}(11){made}(17){expires}{amount}(10){lot}"
    return msgspec.structs.replace(label, lot=lot, text=text)


async def expected(
    house: House, pairs: Sequence[tuple[str, str]], *, received: bool = False, inspected: bool = False
) -> list[DemoLabel]:
    """An order line and its label for each (item, supplier); taken in, and inspected, where that is asked for."""
    labels: list[DemoLabel] = []

    async def work(shift: Shift) -> None:
        labels.extend(await _load(shift, pairs))

    await house.play(work)
    if received or inspected:
        taken = await take_in(house, labels)
        if inspected:
            await inspect(house, taken)
    return labels


async def take_in(house: House, labels: Sequence[DemoLabel]) -> list[str]:
    """The warehouse receives them through the API; answers their inspections."""
    opened = []
    async with house.asked_by("wang") as wang:
        for label in labels:
            codes = [{"text": label.text, "symbology_id": SYMBOLOGY}]
            body = {"id": str(uuid_utils.uuid7()), "codes": codes, "order_line_id": label.order_line_id}
            answer = (await wang.post("/api/receipts", json=body)).raise_for_status().json()
            if answer["received"]["inspection"] is not None:
                opened.append(str(answer["received"]["inspection"]["id"]))
    return opened


async def on_record(house: House, label: DemoLabel) -> tuple[str, str]:
    """The number of a delivery's lot, and its receipt's id."""
    async with house.asked_by("sun") as client:
        lot = str((await client.get(f"/api/lots?search={label.lot}")).json()["lots"][0]["number"])
        return lot, str((await client.get(f"/api/lots/{lot}/card")).json()["receipts"][0]["id"])


async def inspect(house: House, inspections: Sequence[str]) -> None:
    """The inspector finds that everything conforms."""
    async with house.asked_by("li") as li:
        for inspection in inspections:
            path = f"/api/inspections/{inspection}"
            for item in (await li.get(path)).raise_for_status().json()["items"]:
                asked = item["characteristic"]
                within = asked["target"] or asked["lower"] or asked["upper"] or "Q-1"
                entered = "0" if asked["kind"] == "attribute" else within
                body = {"item_key": item["key"], "entered": entered, "confirmed": True}
                answer = await li.post(f"{path}/results", json=body | {"id": str(uuid_utils.uuid7())})
                answer.raise_for_status()


async def _load(shift: Shift, pairs: Sequence[tuple[str, str]]) -> list[DemoLabel]:
    store, today = shift.store, datetime.now(UTC).date()
    lines, labels = [], []
    for item_code, supplier_code in pairs:
        item = await store.read.first(Item, "code = $1", item_code)
        supplier = await store.read.first(Supplier, "code = $1", supplier_code)
        if item is None or supplier is None:
            raise LookupError(f"{item_code} {supplier_code}")
        mine = ("item_id = $1 and supplier_id = $2", item.id, supplier.id)
        named = await store.read.first(ItemIdentifier, *mine)
        if named is None:
            raise LookupError(item_code)
        order = next(ORDERS)
        line = OrderLine(
            store.new_id(), item.site_id, f"PO-{today:%y}-{order}", 1, item.id, supplier.id,
            Decimal(1000), Decimal(0), "Nanling Freight", f"N{order}", today.isoformat(),
        )  # fmt: skip
        lines.append(line)
        labels.append(readable(label_of(line, item, supplier, named.value), f"{supplier.code}{order}-1A"))
    load = LoadMasterData(id=store.new_id(), order_lines=lines)
    await load_master_data(store, system(shift.site_id), load)
    return labels
