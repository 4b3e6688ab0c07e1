"""The next number of a kind at a site; the writer is alone, so two commands never get the same."""

from __future__ import annotations

import msgspec

from backend.domain.capas import Capa
from backend.domain.change_requests import ChangeRequest
from backend.domain.complaints import Complaint
from backend.domain.gauges import Assessment
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot
from backend.domain.ncrs import Ncr
from backend.domain.numbers import next_number, year_prefix
from backend.domain.recalls import MockRecall, Recall
from backend.domain.revocations import Revocation
from backend.domain.reworks import Rework
from backend.domain.shipments import CustomerReturn, Shipment
from backend.store.change import Change

NOUNS: dict[str, type[msgspec.Struct]] = {
    "lot": Lot,
    "inspection": Inspection,
    "ncr": Ncr,
    "assessment": Assessment,
    "revocation": Revocation,
    "shipment": Shipment,
    "customer_return": CustomerReturn,
    "recall": Recall,
    "mock_recall": MockRecall,
    "capa": Capa,
    "change_request": ChangeRequest,
    "complaint": Complaint,
    "rework": Rework,
}


async def numbers(tx: Change, kind: str, count: int) -> list[str]:
    """The next so many, asked for once; none of them may be given by `number` in the same change as well."""
    given = list[str]()
    for _ in range(count):
        given.append(next_number(year_prefix(kind, tx.now), given[-1]) if given else await number(tx, kind))
    return given


async def number(tx: Change, kind: str) -> str:
    """`L26-000124` after `L26-000123`; what this change has numbered already counts."""
    prefix = year_prefix(kind, tx.now)
    rows = await tx.rows(
        f"select number from {kind} where site_id = $1 and number >= $2 and number < $3 "
        "order by number desc limit 1",
        tx.who.site_id,
        prefix,
        prefix + ":",  # the character after 9
    )
    written = [rows[0][0]] if rows else []
    given = [each.number for each in tx.pending(NOUNS[kind])]  # type: ignore[attr-defined]
    return next_number(prefix, max([*written, *given], default=None))
