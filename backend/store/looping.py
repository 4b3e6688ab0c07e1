"""What CAPAs, change requests and complaints share: read as they were seen, and what their signers are shown."""

from __future__ import annotations

from typing import TypeVar

from backend.domain import capas, change_requests
from backend.domain.capas import Capa, CapaRecord
from backend.domain.change_requests import ChangeRecord, ChangeRequest
from backend.domain.complaints import Complaint
from backend.domain.errors import Reason, Stale
from backend.domain.ncrs import FollowUp
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.planning import printed_name, signing, site_name
from backend.store.promising import promises_of
from backend.store.reader import Reader

Matter = TypeVar("Matter", Capa, ChangeRequest, Complaint)


async def as_read(tx: Change, noun: type[Matter], kind: str, id: str, version: int | None) -> Matter:
    """By id; raises Stale where it has changed since `version` was read. None: as it is now."""
    found = await tx.get(noun, id)
    if version is not None and version != found.version:
        raise Stale(Reason("changed_meanwhile", {"kind": kind, "id": found.number}))
    return found


async def said_promises(read: Reader, promises: list[FollowUp]) -> list[str]:
    """Each in one line: what, who, by when, what came of it."""
    return [
        " · ".join(
            part
            for part in (each.what, await printed_name(read, each.owner_id), each.due_on, each.outcome or "")
            if part
        )
        for each in promises
    ]


async def capa_record(read: Reader, capa: Capa, who: Who, passkey: bool, language: str) -> CapaRecord:
    """The same CAPA, person and choice give the same bytes."""
    return CapaRecord(
        site=await site_name(read, capa.site_id),
        number=capa.number,
        title=capa.title,
        problem=capa.problem,
        sources=capa.sources,
        whys=capa.whys,
        causes=capa.causes,
        root_cause=capa.root_cause or "",
        actions=await said_promises(read, await promises_of(read, "capa", capa.id)),
        adverse=capa.adverse or "",
        criterion=capa.criterion or "",
        evidence=capa.evidence or "",
        attachments=capa.attachments,
        rounds=capa.rounds,
        signature=signing("close_capa", capas.statement(capa.number, language), who, passkey, language),
    )


async def change_record(
    read: Reader, request: ChangeRequest, who: Who, passkey: bool, language: str
) -> ChangeRecord:
    """The same change, person and choice give the same bytes."""
    said = change_requests.statement(request.number, language)
    return ChangeRecord(
        site=await site_name(read, request.site_id),
        number=request.number,
        title=request.title,
        why=request.why,
        risk=request.risk,
        affected=request.affected,
        told=request.told,
        trained=request.trained,
        actions=await said_promises(read, await promises_of(read, "change_request", request.id)),
        author=await printed_name(read, request.opened_by),
        signature=signing("approve_change_request", said, who, passkey, language),
    )
