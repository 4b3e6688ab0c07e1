"""Other systems over HTTP: a webhook's secret is shown once, sensors' values come as a file, factors are asked for."""

from __future__ import annotations

import pytest

from backend.app import webhook_source
from backend.settings import read_settings
from tests.web.served import Served, codes

ROWS = (
    "place,quantity,unit,time,value\n"
    "L-A,RH,%,2026-11-20T08:00:00+08:00,41.5\n"
    "L-A,RH,%,2026-11-20T08:01:00+08:00,42\n"
)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The statements are tested on both engines with the actions."""
    return "sqlite"


def test_a_trial_run_is_told_apart_by_its_source() -> None:
    said = {"LOTGATE_ORIGIN": "https://lots.example"}
    assert webhook_source(read_settings(said)) == "https://lots.example"
    assert webhook_source(read_settings(said | {"LOTGATE_TRIAL": "yes"})) == "https://lots.example/trial-run"
    assert (
        webhook_source(read_settings(said | {"LOTGATE_TRIAL": "https://trial.example"}))
        == "https://lots.example"
    )


async def test_other_systems_over_http(served: Served) -> None:
    admin = (await served.phone().sign_in("admin")).client
    asked = {
        "id": served.store.new_id(),
        "name": "MES",
        "address": "https://mes.example/in",
        "types": ["lot_held"],
    }
    shown = (await admin.post("/api/webhooks", json=asked)).json()
    assert shown["secret"].startswith("whsec_")
    page = await admin.get("/api/webhooks")
    assert [each["name"] for each in page.json()["endpoints"]] == ["MES"] and "whsec_" not in page.text
    inner = asked | {"id": served.store.new_id(), "address": "https://192.168.0.7/in"}
    assert codes((await admin.post("/api/webhooks", json=inner)).json()) == ["webhook_inside"]
    deliveries = await admin.get(f"/api/webhooks/{shown['endpoint_id']}/deliveries")
    assert deliveries.json() == []

    operator = (await served.phone().sign_in("zhao")).client
    for _ in range(2):
        answer = await operator.post("/api/environment-values/csv", content=ROWS.encode())
        assert answer.json() == {"new": 2, "known": 0}, "sent again it is the same command"
    broken = await operator.post("/api/environment-values/csv", content=b"place,value\nL-A,1\n")
    assert codes(broken.json()) == ["csv_columns_missing"]
    head = "place,quantity,unit,time,value\nL-A,RH,%,2026/3/5 14:05,41\n"
    for row, said in (
        ('L-A,RH,%,2026-03-05,"41,5"', ["D3 environment_time", "E3 environment_value"]),
        ("L-A,RH,%,2026-03-05 14:05,42", ["E3 environment_differs"]),
        ("L-A,RH,%,2026-03-05 14:06,41,5", ["F3 csv_row_broken"]),
    ):
        wrong = await operator.post("/api/environment-values/csv", content=f"{head}{row}\n".encode())
        assert [f"{each['field']} {each['code']}" for each in wrong.json()["reasons"]] == said
    kept = await served.store.read.rows("select 1 from environment_value where at like '2026-03-05%'")
    assert kept == [], "nothing of a file with a wrong cell"
    few = await operator.get("/api/charts/CAP-04/incoming/PUL/factors")
    assert few.status_code == 409 and codes(few.json()) == ["factors_too_few_lots"]
