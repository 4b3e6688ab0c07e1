"""Finding over HTTP by whole numbers, beginnings and parts, on both engines; names follow their rows."""

from __future__ import annotations

from typing import Any

from tests.web.served import Phone, Served


async def hits(phone: Phone, text: str) -> list[tuple[str, str, str]]:
    """Kind, number and rank of what is found."""
    found = await phone.get("/api/search", text=text)
    return [(hit["kind"], hit["number"], hit["rank"]) for hit in found["hits"]]


async def test_numbers_are_found_by_their_parts(served: Served) -> None:
    zhou = await served.by("zhou")
    received = (await served.receive("0412/3"))["received"]
    number, label = received["lot_number"], await served.label("0412/2")
    assert (await hits(zhou, number.lower()))[0] == ("lot", number, "exact")
    assert ("lot", number, "prefix") in await hits(zhou, number[:-1])
    assert ("lot", number, "part") in await hits(zhou, number[5:])
    assert ("lot", number, "part") in await hits(zhou, number[3:8])
    assert await hits(zhou, number[-2:]) == []  # two characters: only at the beginning
    rows: Any = await served.store.read.rows("select supplier_lot from lot where number = $1", number)
    supplier_lot = rows[0][0]
    assert (await hits(zhou, supplier_lot))[0] == ("lot", number, "exact")
    assert ("lot", number) in [hit[:2] for hit in await hits(zhou, supplier_lot[1:-1].lower())]
    assert ("item", "RLC-01", "exact") in await hits(zhou, "rlc-01")
    assert await hits(zhou, label.text) == [] or (await hits(zhou, label.text))[0][2] == "code"


async def test_every_kind_is_found_and_the_best_comes_first(served: Served) -> None:
    zhou = await served.by("zhou")
    kinds = {}
    for kind, column in (
        ("lot", "number"), ("item", "code"), ("inspection", "number"), ("ncr", "number"), ("gauge", "code"),
        ("supplier", "code"), ("consignee", "code"), ("shipment", "number"), ("recall", "number"),
    ):  # fmt: skip
        for (number,) in await served.store.read.rows(f'select {column} from "{kind}" limit 1'):
            kinds[kind] = number
            assert (kind, number, "exact") in await hits(zhou, number), kind
            if len(number) > 4:
                assert (kind, number) in [hit[:2] for hit in await hits(zhou, number[1:])][:20]
    assert {"lot", "item", "inspection", "gauge", "supplier"} <= set(kinds)
    many = await zhou.get("/api/search", text="26-0")
    assert len(many["hits"]) == 20 and many["more"]
    ranks = [hit["rank"] for hit in (await zhou.get("/api/search", text=kinds["lot"][:4]))["hits"]]
    assert ranks == sorted(ranks, key=["code", "exact", "prefix", "part"].index)


async def test_a_text_is_only_a_text(served: Served) -> None:
    zhou = await served.by("zhou")
    for text in (
        "",
        "   ",
        "%%%",
        "___",
        '"x" OR *',
        "L2*",
        "'); drop",
        "NEAR(",
        "\\\\\\",
        "🧪🧪🧪",
        "x" * 5000,
    ):
        assert await hits(zhou, text) == [], text
    await served.phone().get("/api/search", 401, text="L26")
