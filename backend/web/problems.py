"""Errors to answers: RFC 9457 problem details. Kinds become status codes; reasons stay data."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi import ResponseSpec

from backend.domain.errors import Fact, LotgateError, NotAllowed, NotFound, Reason, Refused, Stale
from backend.store.database import Unavailable

STATUS: tuple[tuple[type[LotgateError], int, str], ...] = (
    (NotFound, 404, "Not found"),
    (NotAllowed, 403, "Not allowed"),
    (Refused, 409, "Refused by the rules"),
    (Stale, 412, "Changed meanwhile"),
)
TITLES = {
    400: "Malformed request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Wrong method",
    413: "Too large",
    415: "Wrong kind of content",
    429: "Too many attempts",
    503: "Database not reachable",
}
MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger()


class Problem(msgspec.Struct, kw_only=True):
    """RFC 9457. `code` is the first reason's; every front words `reasons` in the reader's language."""

    status: int
    title: str
    detail: str
    code: str
    reasons: list[Reason] = []
    instance: str = ""
    type: str = "about:blank"


RESPONSES = {
    status: ResponseSpec(Problem, description=title, media_type=MEDIA_TYPE, generate_examples=False)
    for status, title in {
        400: "Malformed",
        401: "Not signed in",
        403: "Not allowed",
        404: "Not found",
        409: "Refused, with every reason",
        412: "Changed meanwhile",
    }.items()
}


class NotSignedIn(Exception):
    """No session, an ended one, or one of an inactive person."""


class TooMany(Exception):
    """Too many attempts from one place or for one login."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"wait {minutes} minutes")
        self.minutes = minutes


class TooLarge(Exception):
    """The body is larger than this address takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


async def refuse_unreadable(request: Request[Any, Any, Any]) -> None:
    """No address of ours holds a NUL, and no file or PostgreSQL text may. Not async, it would cost a thread."""
    if "\0" in request.scope["path"] or b"%00" in request.scope.get("query_string", b""):
        raise ValidationException("NUL in the address")


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Any exception as a problem; what nobody expected is logged and says nothing of its inside."""
    problem = _problem(error)
    problem.instance = request.url.path
    if problem.status == 500:
        log.error("unexpected", path=request.url.path, method=request.method, exc_info=error)
    headers = {"cache-control": "no-store"}
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def _problem(error: Exception) -> Problem:
    for kind, status, title in STATUS:
        if isinstance(error, kind):
            return _of(status, title, list(error.reasons))
    if isinstance(error, NotSignedIn):
        return _of(401, TITLES[401], [Reason("not_signed_in")])
    if isinstance(error, TooMany):
        return _of(429, TITLES[429], [Reason("too_many_attempts", {"minutes": error.minutes})])
    if isinstance(error, TooLarge):
        return _of(413, TITLES[413], [Reason("too_large", {"limit": error.limit})])
    if isinstance(error, Unavailable):
        return _of(503, TITLES[503], [Reason("database_unavailable")])
    if isinstance(error, ValidationException):
        return _of(400, TITLES[400], _invalid(error))
    if isinstance(error, HTTPException):
        code = {404: "page_unknown", 405: "method_wrong", 413: "too_large"}.get(
            error.status_code, "malformed"
        )
        facts: dict[str, Fact] = {"message": str(error.detail)} if code == "malformed" else {}
        return _of(error.status_code, TITLES.get(error.status_code, "Error"), [Reason(code, facts)])
    if isinstance(error, RecursionError):  # a body of brackets within brackets
        return _of(400, TITLES[400], [Reason("malformed", {"message": "nested too deeply"})])
    if isinstance(error, UnicodeDecodeError):
        return _of(400, TITLES[400], [Reason("malformed", {"message": "not UTF-8"})])
    return _of(500, "Something failed here", [Reason("unexpected")])


def _of(status: int, title: str, reasons: list[Reason]) -> Problem:
    detail = "; ".join(_english(reason) for reason in reasons)
    return Problem(
        status=status, title=title, detail=detail, code=reasons[0].code if reasons else "", reasons=reasons
    )


def _english(reason: Reason) -> str:
    """A plain fallback for programs; people read the fronts' own words."""
    facts = ", ".join(
        f"{name} {value}" for name, value in reason.facts.items() if value not in (None, "", [])
    )
    words = reason.code.replace("_", " ")
    return f"{words} ({facts})" if facts else words


def _invalid(error: ValidationException) -> list[Reason]:
    found = []
    for each in error.extra if isinstance(error.extra, list) else []:
        if isinstance(each, dict):
            facts: dict[str, Fact] = {"message": str(each.get("message", ""))}
            found.append(Reason("malformed", facts, str(each.get("key", "")) or None))
    return found or [Reason("malformed", {"message": str(error.detail)})]
