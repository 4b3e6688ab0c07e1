"""Begin a signing: the record to show, a one-time nonce, and what this person has to bring."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused
from backend.domain.part_decisions import Terms, check_terms
from backend.domain.people import Who
from backend.domain.releases import blockers
from backend.domain.shares import Share
from backend.domain.signatures import Disposition
from backend.domain.standing_results import Stand, check_stands
from backend.store.change import Change
from backend.store.deciding import Asked, dossier
from backend.store.measuring import shares_in_stock
from backend.store.signed_act import SigningBegun as SigningBegun
from backend.store.signed_act import Subject, may_use_passkey, open_request
from backend.store.signing import release_record
from backend.store.verb import verb


class BeginSigning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be signed, with the meaning chosen; `passkey` False: password and one-time code instead.

    `shares`: the parts that the decision is about; none: all that is undecided. A concession and a conditional
    release need a `condition`, a concession its last day `ends_on` (ISO). `stands`: where a question was asked
    twice, which inspection stands and why.
    """

    id: str
    subject_id: str
    meaning: Disposition
    shares: list[Share] = []
    condition: str | None = None
    ends_on: str | None = None
    stands: list[Stand] | msgspec.UnsetType = msgspec.UNSET
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@verb(own=True)
async def begin_signing(tx: Change, who: Who, command: BeginSigning) -> SigningBegun:
    """Open a request. What stands in the way is said here already, all of it."""
    file = await dossier(tx, command.subject_id, who.person_id, tx.today.isoformat())
    condition = (command.condition or "").strip() or None
    terms = Terms(condition, command.ends_on or None)
    stands = command.stands or []
    case = file.case(who.person_id, tx.today.isoformat(), command.meaning, stands or None)
    reasons = [*blockers(case, command.meaning), *check_terms(command.meaning, terms, tx.today)]
    if command.meaning != "reject" or stands:
        reasons += check_stands(file.inspections, stands)
    if reasons:
        raise Refused(*reasons)
    passkey = await may_use_passkey(tx, who, command.passkey)
    language = command.language or who.language
    shares, _ = await shares_in_stock(tx, file.item, command.shares)
    asked = Asked(command.meaning, file.parts(command.meaning, shares), terms, stands)
    record = await release_record(tx, file, who, asked, passkey, language)
    subject = Subject("receipt", command.subject_id, file.receipt.version)
    return await open_request(tx, who, subject, command.meaning, msgspec.to_builtins(record))
