"""Traces from anything that singles out lots, as a screen, a table or JSON; and what lots have in common."""

from __future__ import annotations

from typing import Any, Literal

from litestar import MediaType, Request, Response, get
from litestar.params import FromQuery

from backend.domain.genealogy import Trace
from backend.domain.recalls import Basis, BasisKind
from backend.views.common_causes import CommonCauses, shared_by
from backend.views.epcis import epcis_document
from backend.views.trace_tables import trace_csv
from backend.views.traces import Direction, trace_from
from backend.web.asking import Has, Me

Text = FromQuery[str | None]
FILE: dict[str, str] = {"Content-Disposition": 'attachment; filename="trace.csv"'}


def basis_of(
    kind: BasisKind,
    value: str | None,
    since: str | None,
    until: str | None,
    item: str | None,
    supplier: str | None,
) -> Basis:
    """As an address says it; what is empty is not asked for."""
    return Basis(kind, value or "", since or None, until or None, item or None, supplier or None)


@get("/api/trace", operation_id="trace_from")
async def traced(
    me: Me,
    parts: Has,
    kind: FromQuery[BasisKind] = "lot",
    value: Text = None,
    since: Text = None,
    until: Text = None,
    item: Text = None,
    supplier: Text = None,
    direction: FromQuery[Direction] = "both",
) -> Trace:
    """Around the lots that a number, serial, supplier's lot, equipment, gauge, operator or time singles out."""
    basis = basis_of(kind, value, since, until, item, supplier)
    return await trace_from(parts.store.read_long, me.who.site_id, basis, direction)


@get("/api/trace.csv", operation_id="trace_csv", media_type=MediaType.TEXT)
async def as_table(
    me: Me,
    parts: Has,
    kind: FromQuery[BasisKind] = "lot",
    value: Text = None,
    since: Text = None,
    until: Text = None,
    item: Text = None,
    supplier: Text = None,
    direction: FromQuery[Literal["both", "up", "down"]] = "both",
) -> Response[str]:
    """The same as a table, in which no cell is a formula."""
    basis = basis_of(kind, value, since, until, item, supplier)
    found = await trace_from(parts.store.read_long, me.who.site_id, basis, direction)
    return Response(trace_csv(found), media_type="text/csv; charset=utf-8", headers=FILE)


@get("/api/common-causes", operation_id="common_causes")
async def in_common(
    me: Me,
    parts: Has,
    kind: FromQuery[BasisKind] = "lot",
    value: Text = None,
    since: Text = None,
    until: Text = None,
    item: Text = None,
    supplier: Text = None,
) -> CommonCauses:
    """What these lots share, by how much rarer it is among others of their kind."""
    basis = basis_of(kind, value, since, until, item, supplier)
    return await shared_by(parts.store.read_long, me.who.site_id, basis)


@get("/api/epcis.jsonld", operation_id="epcis_document")
async def as_epcis(
    request: Request[Any, Any, Any],
    me: Me,
    parts: Has,
    kind: FromQuery[BasisKind] = "lot",
    value: Text = None,
    since: Text = None,
    until: Text = None,
    item: Text = None,
    supplier: Text = None,
) -> Response[bytes]:
    """What happened to these lots and to what was made of them, as an EPCIS 2.0 document."""
    basis = basis_of(kind, value, since, until, item, supplier)
    base = str(request.base_url)
    body = await epcis_document(parts.store.read_long, me.who.site_id, basis, base, parts.store.clock())
    return Response(body, media_type="application/ld+json")


HANDLERS = [traced, as_table, in_common, as_epcis]
