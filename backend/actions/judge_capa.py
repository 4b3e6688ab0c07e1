"""Judge whether a CAPA has worked, by evidence, after its waiting time; what did not goes back to its cause (QUA-2)."""

from __future__ import annotations

import msgspec

from backend.domain.capas import CAPA_STEPS, Capa, Round, against_judging
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.attached import check_attached
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.verb import verb


class JudgeCapa(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The evidence, with files by their hash, and what it says."""

    id: str
    capa_id: str
    effective: bool
    evidence: str
    attachments: list[str] = []
    version: int | None = None
    device_at: str | None = None


@verb
async def judge_capa(tx: Change, who: Who, command: JudgeCapa) -> Capa:
    """Judge it; the attempt that did not work stays on record."""
    capa = await as_read(tx, Capa, "capa", command.capa_id, command.version)
    status = take(CAPA_STEPS, "find_effective" if command.effective else "find_ineffective", capa.status)
    if found := against_judging(capa, command.evidence, tx.today.isoformat()):
        raise Refused(*found)
    await check_attached(tx, command.attachments)
    evidence = command.evidence.strip()
    if command.effective:
        changed = tx.update(capa, status=status, evidence=evidence, attachments=command.attachments)
        facts = {"capa": capa.number, "title": capa.title}
        await tx.tell_who_may("close_capa", "capa_to_close", "capa", capa.id, **facts)
    else:
        tried = Round(
            capa.root_cause or "",
            capa.criterion or "",
            evidence,
            tx.now,
            who.printed_name,
            command.attachments,
        )
        changed = tx.update(
            capa,
            status=status,
            rounds=[*capa.rounds, tried],
            root_cause=None,
            adverse=None,
            criterion=None,
            waits_until=None,
        )
        if capa.owner_id != who.person_id:
            tx.tell(capa.owner_id, "capa_ineffective", "capa", capa.id, capa=capa.number, title=capa.title)
    tx.record("capa_judged", "capa", capa.id, reason=evidence, capa=capa.number, effective=command.effective)
    return changed
