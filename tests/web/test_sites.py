"""Another site's things do not exist here: by every address that takes an id or a number, to read and to change."""

from __future__ import annotations

from typing import Any

import pytest

from backend.actions.found_site import FirstLocation, FirstPerson, FoundSite, found_site
from backend.domain.security import system
from backend.domain.words import Words
from backend.identity.passwords import hash_password
from tests.stores import new_id
from tests.web.served import Phone, Served, codes
from tests.web.walk import inspect

PASSWORD = "lotgate-other-site"
ROLES = [
    "warehouse",
    "inspector",
    "supervisor",
    "quality_engineer",
    "quality_manager",
    "administrator",
    "operator",
]


async def stranger(served: Served) -> Phone:
    """Somebody with every role, at another site of the same database."""
    site_id = new_id()
    person = FirstPerson("mallory", "Mallory Vale", "en", ROLES, hash_password(PASSWORD))  # type: ignore[arg-type]
    place = FirstLocation("QUA-1", Words("Quarantine", "待检区"), "quarantine")
    command = FoundSite(
        id=new_id(),
        site_id=site_id,
        organisation=Words("Other Maker", "他厂"),
        code="ZZ9",
        name=Words("Other works", "他厂"),
        zone="Europe/Berlin",
        locations=[place],
        people=[person],
    )
    await found_site(served.store, system(site_id), command)
    phone = served.phone()
    answer = await phone.client.post("/api/session", json={"login": "mallory", "password": PASSWORD})
    phone.session = answer.json()
    phone.client.headers["x-lotgate-csrf"] = phone.session["csrf"]
    assert phone.session["site"]["code"] == "ZZ9"
    return phone


async def known(served: Served) -> dict[str, str]:
    """Ids and numbers of the demo factory's things, of each kind."""

    async def one(sql: str) -> str:
        return str((await served.store.read.rows(sql))[0][0])

    return {
        "number": await one("select number from lot where status = 'released' order by number limit 1"),
        "making": await one("select id from lot where status = 'in_production' order by number limit 1"),
        "inspection": await one("select id from inspection where status = 'open' order by number limit 1"),
        "reading": await one("select id from reading where status = 'current' order by id limit 1"),
        "receipt": await one("select id from receipt order by id limit 1"),
        "release": await one('select id from "release" order by id limit 1'),
        "ncr": await one("select id from ncr where status = 'contained' order by id limit 1"),
        "follow_up": await one("select id from follow_up order by id limit 1"),
        "portion": await one("select id from portion order by id limit 1"),
        "location": await one("select id from location where code = 'QUA-2'"),
        "line": await one("select id from order_line where status = 'open' order by id limit 1"),
        "item": await one("select id from item where kind = 'finished'"),
        "person": await one("select id from person where login = 'li'"),
        "right": await one("select id from action_right where action = 'contain_ncr' and role = 'inspector'"),
    }


READS = [
    "/api/lots/{number}", "/api/lots/{number}/card", "/api/lots/{number}/trace", "/api/lots/{number}/history",
    "/api/inspections/{inspection}", "/api/ncrs/{ncr}", "/api/receipts/{receipt}/release",
    "/api/releases/{release}/certificate.pdf", "/api/releases/{release}/proof",
]  # fmt: skip
LISTS = ["/api/deliveries", "/api/items", "/api/ncrs", "/api/production", "/api/notices"]
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("/api/receipts", {"order_line_id": "{line}", "supplier_lot": "X", "quantity": "1"}),
    ("/api/portions/{portion}/move", {"location_id": "{location}"}),
    ("/api/production", {"item_id": "{item}", "production_order": "MO-1"}),
    ("/api/production/{making}/consumptions", {"parent_number": "{number}", "quantity": "1"}),
    ("/api/production/{making}/finish", {"quantity": "1", "made_on": "2026-11-23"}),
    ("/api/inspections/{inspection}/results", {"item_key": "LBL-0", "entered": "0"}),
    ("/api/readings/{reading}/correction", {"entered": "1", "reason": "x", "confirmed": True}),
    ("/api/ncrs/{ncr}/containment", {"containment": "x"}),
    ("/api/ncrs/{ncr}/disposition", {"disposition": "use_as_is", "justification": "x"}),
    ("/api/ncrs/{ncr}/closure", {}),
    ("/api/follow-ups/{follow_up}/completion", {"outcome": "x"}),
    ("/api/signing", {"subject_id": "{receipt}", "meaning": "release"}),
    ("/api/releases", {"receipt_id": "{receipt}", "meaning": "release", "nonce": "x", "digest": "x"}),
    ("/api/people/{person}/deactivation", {"reason": "x"}),
    ("/api/rights/{right}/signing", {"allowed": True}),
]  # fmt: skip


@pytest.mark.proves("AUD-8")
async def test_ids_of_another_site_lead_nowhere_and_give_nothing_away(served: Served) -> None:
    here, there, phone = await known(served), await served.by("zhou"), await stranger(served)
    untouched = await served.store.read.rows("select id, version from lot order by id")
    for path in READS:
        found = await there.client.get(path.format(**here))
        hidden = await phone.client.get(path.format(**here))
        assert (found.status_code, hidden.status_code) == (200, 404), path
        assert set(codes(hidden.json())) <= {"not_found", "lot_unknown"}, path
    for path in LISTS:
        assert await phone.get(path) == []
    assert (await phone.get("/api/lots"))["lots"] == []
    assert {person["login"] for person in await phone.get("/api/people")} == {"mallory"}
    assert {event["person"] for event in await phone.get("/api/log")} <= {None, "Mallory Vale"}
    for path, body in CHANGES:
        filled = {name: v.format(**here) if isinstance(v, str) else v for name, v in body.items()}
        answer = await phone.client.post(path.format(**here), json={"id": new_id()} | filled)
        reasons = set(codes(answer.json()))
        assert answer.status_code in (404, 409), (path, answer.text)
        assert reasons <= {"not_found", "lot_unknown", "delivery_not_expected"}, (path, answer.text)
    assert await served.store.read.rows("select id, version from lot order by id") == untouched


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_file_of_another_site_is_not_given_out(served: Served) -> None:
    li, phone = await served.by("li"), await stranger(served)
    kept = await li.client.post("/api/attachments", content=b"a photo", headers={"content-type": "image/png"})
    assert (await phone.client.get(f"/api/attachments/{kept.json()['id']}")).status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_notice_to_inspectors_stays_at_its_site(served: Served) -> None:
    phone = await stranger(served)
    received = await served.receive("0412/2")
    await inspect(await served.by("li"), received["received"]["inspection"]["id"])
    assert await phone.get("/api/notices") == []
    assert (await phone.get("/api/worklist"))["inspections"] == []
