"""A person's steps over HTTP with a plan: begin a draft, write on it, try it, submit it, sign it."""

from __future__ import annotations

from typing import Any

from tests.stores import new_id
from tests.web.served import Phone
from tests.web.walk import by_password


async def plan_of(phone: Phone, code: str) -> dict[str, Any]:
    """A plan's card by its code."""
    line = next(one for one in await phone.get("/api/plans") if one["code"] == code)
    card: dict[str, Any] = await phone.get(f"/api/plans/{line['id']}")
    return card


async def begin_draft(phone: Phone, code: str) -> dict[str, Any]:
    """The sheet of the next version, a copy of the one in force."""
    plan = await plan_of(phone, code)
    draft = await phone.post(f"/api/plans/{plan['id']}/drafts", number=plan["next"])
    sheet: dict[str, Any] = await phone.get(f"/api/plan-versions/{draft['version_id']}")
    return sheet


async def write(phone: Phone, sheet: dict[str, Any], code: str, **fields: Any) -> dict[str, Any]:
    """Change fields of one characteristic; the sheet as it is then."""
    lines = [line | (fields if line["code"] == code else {}) for line in sheet["document"]["characteristics"]]
    return await keep(phone, sheet, lines)


async def keep(phone: Phone, sheet: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Keep these characteristics."""
    path = f"/api/plan-versions/{sheet['id']}"
    await phone.put(f"{path}/document", version=sheet["version"], document={"characteristics": lines})
    kept: dict[str, Any] = await phone.get(path)
    return kept


async def submit(phone: Phone, sheet: dict[str, Any], change: str = "A closer limit") -> dict[str, Any]:
    """Try it on all past results, then put it under review."""
    path = f"/api/plan-versions/{sheet['id']}"
    tried = await phone.post(f"{path}/trial", version=sheet["version"])
    await phone.post(f"{path}/submission", version=tried["version"], change=change)
    submitted: dict[str, Any] = await phone.get(path)
    return submitted


def signed(phone: Phone, begun: Any, **fields: Any) -> dict[str, Any]:
    """The body of a signature by password and one-time code."""
    body = by_password(phone, "", begun) | {"id": new_id()} | fields
    return {name: value for name, value in body.items() if name not in ("receipt_id", "meaning")}


async def approve(phone: Phone, sheet: dict[str, Any]) -> Any:
    """Sign it; what was shown and signed."""
    path = f"/api/plan-versions/{sheet['id']}"
    begun = await phone.post(f"{path}/signing", language="en")
    await phone.post(f"{path}/approval", **signed(phone, begun))
    return begun
