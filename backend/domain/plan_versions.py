"""A version of an inspection plan: the document that an inspection freezes when it opens (SMP-1, SMP-8)."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.plans import PlanDocument


class PlanVersion(msgspec.Struct, frozen=True):
    """`document` never changes once the version is effective; a change is a new version."""

    id: str
    site_id: str
    plan_id: str
    number: int
    status: Literal["draft", "effective", "obsolete"]
    document: PlanDocument
    effective_from: str | None = None
    version: int = 1
