"""Units of a material over HTTP: said, used in receiving and in a label, and refused with the way out (LOT-8)."""

from __future__ import annotations

import pytest

from tests.web.served import Served, codes

CLAMPS = "0412/3"


@pytest.mark.proves("LOT-8")
async def test_boxes_are_received_as_pieces_and_a_new_box_changes_nothing_of_that(served: Served) -> None:
    zhou, wang = await served.by("zhou"), await served.by("wang")
    line = next(each for each in await wang.get("/api/deliveries") if each["ordered"] == "8 box")
    assert (line["item"]["code"], line["quantity"]) == ("RLC-01", "2000")
    address = f"/api/items/{line['item']['id']}/units"
    received = await served.receive(CLAMPS, quantity="3 box")
    assert received["received"]["quantity"] == "750" and received["received"]["entered"]["unit"] == "box"
    units = await zhou.post(
        address, units=[{"unit": "box", "count": "1", "stock": "200"}], inspection_unit="box", reason="C2"
    )
    assert [(each["stock"], each["in_force"]) for each in units["units"]] == [("200", True), ("250", False)]
    assert units["inspection_unit"] == "box"
    number = received["received"]["lot_number"]
    card = await wang.get(f"/api/lots/{number}/card")
    assert [(each["quantity"], each["entered"]) for each in card["receipts"]] == [("750", "3 box")]
    for quantity, code in (("0.333 box", "quantity_not_whole"), ("3 pallet", "unit_factor_missing")):
        body = {"order_line_id": line["id"], "supplier_lot": "X", "quantity": quantity}
        problem = await wang.post("/api/receipts", 409, **body)
        assert [(each["code"], each["field"]) for each in problem["reasons"]] == [(code, "quantity")]
    again = await served.receive(CLAMPS, quantity="1 box")
    assert again["received"]["quantity"] == "200"
    assert codes(await wang.post(address, 403, units=[], reason="x")) == ["not_allowed"]
