"""Until when a lot's record is kept, over HTTP, on both engines (AUD-10)."""

from __future__ import annotations

import pytest

from tests.web.served import Served


@pytest.mark.proves("AUD-10")
async def test_a_lot_says_until_when_it_is_kept(served: Served) -> None:
    zhou = await served.by("zhou")
    received = (await served.receive("0412/3"))["received"]
    fresh = await zhou.get(f"/api/lots/{received['lot_number']}/keeping")
    assert fresh["until"] is None
    assert {
        "code": "lot_undecided",
        "facts": {"lot": received["lot_number"], "status": "quarantine"},
    } in fresh["open"]
    found = {}
    for line in (await zhou.get("/api/lots"))["lots"]:
        found[line["number"]] = await zhou.get(f"/api/lots/{line['number']}/keeping")
    ended = {number: each for number, each in found.items() if each["until"] is not None}
    assert ended, "some lot of the demo is decided, and so is all that it went into"
    for each in ended.values():
        assert not each["open"] and each["terms"][0]["until"] == each["until"]
        assert each["until"] == max(term["until"] for term in each["terms"])
    await zhou.get("/api/lots/L26-999999/keeping", 404)
