"""A person's steps over HTTP with a controlled document: add it, write, submit, sign; read it and answer its quiz."""

from __future__ import annotations

from typing import Any

from tests.web.plan_writing import signed
from tests.web.served import Phone

QUIZ = [
    {"text": "Where is it measured?", "choices": ["At the hub", "At the tip", "Along the shaft"], "right": 2}
]


async def write_document(phone: Phone, draft: dict[str, Any], text: str, **fields: Any) -> dict[str, Any]:
    """Keep a draft's text, and put it under review; its sheet then."""
    path = f"/api/document-versions/{draft['version_id']}"
    body = {"version": draft["version"], "text": text, "questions": QUIZ, "change": "As it is done now"}
    kept = await phone.put(f"{path}/text", **body | fields)
    await phone.post(f"{path}/submission", version=kept["version"])
    sheet: dict[str, Any] = await phone.get(path)
    return sheet


async def add_document(phone: Phone, number: str, revision: str, text: str) -> dict[str, Any]:
    """A method under control, its first version under review."""
    name = {"en": f"Work instruction {number}", "zh": f"作业指导书 {number}"}
    draft = await phone.post("/api/documents", number=number, name=name, kind="method", revision=revision)
    return await write_document(phone, draft, text)


async def approve_document(phone: Phone, sheet: dict[str, Any]) -> Any:
    """Sign it; what was shown and signed."""
    path = f"/api/document-versions/{sheet['id']}"
    begun = await phone.post(f"{path}/signing", language="en")
    await phone.post(f"{path}/approval", **signed(phone, begun))
    return begun


async def study(phone: Phone, version_id: str, *answers: int) -> Any:
    """Read it and answer."""
    path = f"/api/training/{version_id}"
    lesson = await phone.get(path)
    assert all(set(question) == {"text", "choices"} for question in lesson["questions"])
    return await phone.post(path, read_at="2026-11-29T08:00:00Z", answers=list(answers))
