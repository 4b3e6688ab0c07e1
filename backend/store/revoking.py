"""The revocation of a release in the database: what it is about now, what is signed, what it brings (REL-7)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from backend.domain.certificates import Language, Signer, Signing
from backend.domain.certificates import Site as SiteName
from backend.domain.errors import Reason
from backend.domain.events import Value
from backend.domain.genealogy import Consumption
from backend.domain.holds import REVOKED
from backend.domain.lots import Hold, Lot, Portion
from backend.domain.people import Person, Who
from backend.domain.revocations import (
    DAYS,
    REVOCATION_STEPS,
    STATEMENT,
    Gone,
    Revocation,
    RevocationRecord,
    against,
)
from backend.domain.signatures import Release, Signature
from backend.domain.signing import WORDING_VERSION
from backend.domain.sites import Site
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.descent import HELD, hold_descendants
from backend.store.numbering import number
from backend.store.reader import Reader
from backend.store.shipping import shipped_of
from backend.store.stock import follow_portions, step_portions


async def open_revocation(read: Reader, release_id: str) -> Revocation | None:
    """The one that is under way or in force."""
    return await read.first(Revocation, "release_id = $1 and status <> 'withdrawn'", release_id)


async def against_revoking(read: Reader, release: Release, person_id: str, reason: str) -> list[Reason]:
    """Why this person can't sign it now."""
    known = await open_revocation(read, release.id)
    return against(release.decision, release.superseded_at is not None, known, person_id, reason)


async def stock_under(read: Reader, release: Release) -> list[Portion]:
    """What stands under the decision, of this lot and of what was split off it; used-up portions among it."""
    if release.number is None:
        return await read.all(Portion, "receipt_id = $1 order by id", release.receipt_id)
    return await read.all(Portion, "release_id = $1 order by id", release.id)


async def others_on(read: Reader, revocation: Revocation, receipt_id: str) -> list[Revocation]:
    """Other revocations that may hold stock of this receipt: parts of one receipt can have releases of their own.

    One in force has left no stock under its release; whatever it took back came of the same delivery.
    """
    return await read.all(
        Revocation,
        "id <> $1 and status <> 'withdrawn' and (receipt_id = $2 or release_id in "
        "(select release_id from portion where receipt_id = $2) or (status <> 'signed_once' and receipt_id in "
        "(select one.id from receipt one join receipt mine on mine.id = $2 "
        "where coalesce(one.origin_id, one.id) = coalesce(mine.origin_id, mine.id)))) order by number",
        revocation.id,
        receipt_id,
    )


def keeps(other: Revocation, hold: Hold) -> bool:
    """Whether a hold stays for another revocation: one that waits for its second signature, or one that took this
    hold for its own when it came into force."""
    return other.second_at is None or hold.opened_at <= other.second_at


async def gone_of(read: Reader, portions: list[Portion]) -> list[Gone]:
    """What of these portions is no longer here: into which lots it went, and what left by other ways."""
    found: list[Gone] = []
    for portion in portions:
        for edge in await read.all(Consumption, "portion_id = $1 order by id", portion.id):
            lot = await read.get(Lot, edge.child_lot_id)
            found.append(Gone(edge.kind or "consumed", edge.quantity, lot.number, lot.status))
    for line in await shipped_of(read, "portion_id", [portion.id for portion in portions]):
        found.append(
            Gone("shipped", line.quantity, None, None, f"{line.consignee} {line.name}", line.shipment)
        )
    return found


def on_hand(portions: list[Portion]) -> Decimal:
    """What of it lies here."""
    return sum((portion.quantity for portion in portions), Decimal(0))


async def revocation_record(
    read: Reader, release: Release, who: Who, reason: str, passkey: bool, language: str
) -> RevocationRecord:
    """The same facts give the same bytes; the original decision is named by the digest of what was signed."""
    site = await read.get(Site, release.site_id)
    lot = await read.get(Lot, release.lot_id)
    signature = await read.get(Signature, release.signature_id)
    first = await open_revocation(read, release.id)
    portions = await stock_under(read, release)
    tongue: Language = "zh" if language == "zh" else "en"
    sentence = STATEMENT.in_language(tongue).format(decided_at=release.decided_at, lot=lot.number)
    return RevocationRecord(
        site=SiteName(site.code, site.name, site.zone),
        lot=lot.number,
        release=release.id,
        decision=release.decision,
        decided_at=release.decided_at,
        decided_by=signature.printed_name,
        record_digest=signature.digest,
        on_hand=format(on_hand(portions), "f"),
        gone=[_said(each) for each in await gone_of(read, portions)],
        reason=first.reason if first is not None else reason.strip(),
        signature=Signing(
            meaning="revoke_release",
            statement=sentence,
            language=tongue,
            wording_version=WORDING_VERSION,
            signer=Signer(who.person_id, who.printed_name, who.login),
            method="passkey" if passkey else "password_totp",
        ),
        first_signer=(await read.get(Person, first.first_by)).printed_name if first is not None else None,
    )


def _said(gone: Gone) -> str:
    return " ".join(
        part
        for part in (gone.kind, format(gone.quantity, "f"), gone.lot or gone.shipment, gone.consignee)
        if part
    )


async def sign_first(tx: Change, release: Release, signature: Signature, reason: str) -> Revocation:
    """The first of two: the stock is held at once, the release stands until somebody else signs."""
    lot = await tx.get(Lot, release.lot_id)
    revocation = tx.insert(
        Revocation(
            tx.new_id(),
            release.site_id,
            await number(tx, "revocation"),
            release.id,
            release.lot_id,
            release.receipt_id,
            reason,
            tx.who.person_id,
            signature.id,
            tx.now,
            (tx.today + timedelta(days=DAYS)).isoformat(),
        )
    )
    await _hold(tx, await stock_under(tx, release))
    facts = {"lot": lot.number, "by": tx.who.printed_name, "why": reason, "revocation": revocation.number}
    await tx.tell_role(
        ("supervisor", "quality_manager"), "revocation_waiting", "revocation", release.id, **facts
    )
    return revocation


async def sign_second(
    tx: Change, release: Release, revocation: Revocation, signature: Signature
) -> Revocation:
    """It is in force: nothing stands under the release any more, what left is listed, somebody has to assess."""
    portions = await stock_under(tx, release)
    gone = await gone_of(tx, portions)
    changed = tx.update(
        revocation,
        status=take(REVOCATION_STEPS, "sign_again", revocation.status),
        second_by=tx.who.person_id,
        second_signature_id=signature.id,
        second_at=tx.now,
        on_hand=on_hand(portions),
        gone=gone,
    )
    tx.update(release, superseded_at=tx.now)
    lot = await tx.get(Lot, release.lot_id)
    await _hold(tx, portions)
    for portion in portions:
        tx.update(await tx.get(Portion, portion.id), release_id=None)
    held = await hold_descendants(tx, lot, [portion.id for portion in portions], REVOKED)
    facts: dict[str, Value] = {
        "lot": lot.number,
        "revocation": changed.number,
        "lots": [each.number for each in held],
    }
    roles = ("supervisor", "quality_engineer", "quality_manager", "warehouse")
    await tx.tell_role(roles, "release_revoked", "revocation", release.id, **facts)
    tx.due("revocation_reminder", changed.id, f"{changed.due_on}T00:00:00.000000Z")
    return changed


async def _hold(tx: Change, portions: list[Portion]) -> None:
    for receipt_id in sorted({portion.receipt_id for portion in portions}):
        lot_id = next(portion.lot_id for portion in portions if portion.receipt_id == receipt_id)
        standing = "receipt_id = $1 and code = $2 and lifted_at is null"
        if await tx.first(Hold, standing, receipt_id, REVOKED) is None:
            tx.insert(Hold(tx.new_id(), tx.who.site_id, lot_id, receipt_id, REVOKED, None, tx.now))
        await step_portions(tx, await tx.get(Lot, lot_id), "hold", receipt_id, HELD)
        await follow_portions(tx, await tx.get(Lot, lot_id))
