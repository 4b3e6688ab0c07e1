"""Where the link of a card leads: to the matter, for the one whom it was sent to."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from backend.domain.lots import Lot
from backend.domain.notices import Notice
from backend.views.telling import PLACES, place_of
from tests.web.served import Phone, Served

ROUTES = Path(__file__).parents[2] / "pwa/src/window/routes.ts"
NEEDLES = "0412/2"


async def led(phone: Phone, code: str) -> str:
    """Where the newest notice of a code leads."""
    notice = next(each for each in await phone.get("/api/notices") if each["code"] == code)
    answer = await phone.client.get(f"/n/{notice['id']}")
    assert answer.is_redirect
    return answer.headers["location"]


@pytest.mark.proves("AUD-8")
async def test_a_notice_of_a_lot_leads_to_it_whether_it_names_the_lot_or_its_row(served: Served) -> None:
    li, sun = await served.by("li"), await served.by("sun")
    lot = (await served.receive(NEEDLES))["received"]["lot_number"]
    await li.post("/api/lot-holds", lot_number=lot, reason="a torn blister")
    assert await led(sun, "lot_held") == f"/#/lots/{lot}"

    row = await served.store.read.first(Lot, "number = $1", lot)
    told = await served.store.read.first(Notice, "code = $1", "lot_held")
    assert row is not None and told is not None
    by_row = msgspec.structs.replace(told, subject_id=row.id)
    assert await place_of(served.store.read, by_row) == f"/#/lots/{lot}"
    elsewhere = msgspec.structs.replace(told, site_id="another")
    assert await place_of(served.store.read, elsewhere) == "/#/notices"


def test_every_place_is_a_page() -> None:
    routes = {
        re.sub(r":\w+", "{}", each) for each in re.findall(r'^  \["(/[^"]*)"', ROUTES.read_text(), re.M)
    }
    assert len(routes) > 40
    assert {each.removeprefix("/#") for each in PLACES.values()} <= routes
