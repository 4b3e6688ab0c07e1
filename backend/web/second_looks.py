"""Second looks at results: proposals to invalidate or to sample again, and the second person's word."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.decide_proposal import DecideProposal, decide_proposal
from backend.actions.propose_invalidation import ProposeInvalidation, propose_invalidation
from backend.actions.propose_resample import ProposeResample, propose_resample
from backend.views.second_looks import SecondLook, second_look
from backend.web.asking import Has, Id, Me


class DoubtBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The cause that was found, and what shows it."""

    id: str
    cause: str
    reason: str
    device_at: str | None = None


class ResampleBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why the sample does not speak for the lot."""

    id: str
    reason: str
    device_at: str | None = None


class WordBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Approved or not, and why."""

    id: str
    approve: bool
    note: str
    device_at: str | None = None


@get("/api/inspections/{inspection_id:str}/second-look", operation_id="get_second_look")
async def look(inspection_id: Id, me: Me, parts: Has) -> SecondLook:
    """Every result that it ever had, and what is proposed."""
    return await second_look(me.reads(parts.store), inspection_id, me.who.person_id)


@post("/api/readings/{reading_id:str}/invalidation", operation_id="propose_invalidation")
async def doubt(reading_id: Id, data: JSONBody[DoubtBody], me: Me, parts: Has) -> SecondLook:
    """It counts until somebody else has approved."""
    command = ProposeInvalidation(reading_id=reading_id, **msgspec.structs.asdict(data))
    proposal = await propose_invalidation(parts.store, me.who, command)
    return await second_look(me.reads(parts.store), proposal.inspection_id, me.who.person_id)


@post("/api/inspections/{inspection_id:str}/resample", operation_id="propose_resample")
async def again(inspection_id: Id, data: JSONBody[ResampleBody], me: Me, parts: Has) -> SecondLook:
    """Nothing opens until somebody else has approved."""
    command = ProposeResample(inspection_id=inspection_id, **msgspec.structs.asdict(data))
    await propose_resample(parts.store, me.who, command)
    return await second_look(me.reads(parts.store), inspection_id, me.who.person_id)


@post("/api/proposals/{proposal_id:str}/decision", operation_id="decide_proposal")
async def word(proposal_id: Id, data: JSONBody[WordBody], me: Me, parts: Has) -> SecondLook:
    """Takes effect at once where it is approved."""
    command = DecideProposal(proposal_id=proposal_id, **msgspec.structs.asdict(data))
    proposal = await decide_proposal(parts.store, me.who, command)
    return await second_look(me.reads(parts.store), proposal.inspection_id, me.who.person_id)


HANDLERS = [look, doubt, again, word]
