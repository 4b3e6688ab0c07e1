"""What quality does about stock in the stock walk: inspect, doubt, dispose, decide, take back, wait."""

from __future__ import annotations

from datetime import date, timedelta

from backend.actions.begin_revocation import BeginRevocation, begin_revocation
from backend.actions.begin_signing import BeginSigning, begin_signing
from backend.actions.close_revocation import CloseRevocation, close_revocation
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.decide_proposal import DecideProposal, decide_proposal
from backend.actions.delegate_decision import DelegateDecision, delegate_decision
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.end_delegation import EndDelegation, end_delegation
from backend.actions.finish_rework import FinishRework, finish_rework
from backend.actions.open_retest import OpenRetest, open_retest
from backend.actions.propose_invalidation import ProposeInvalidation, propose_invalidation
from backend.actions.propose_resample import ProposeResample, propose_resample
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.actions.revoke_release import RevokeRelease, revoke_release
from backend.actions.set_retest_date import SetRetestDate, set_retest_date
from backend.actions.sign_release import SignRelease, sign_release
from backend.domain.delegations import Delegation
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Portion, Receipt
from backend.domain.ncrs import Ncr
from backend.domain.proofs import signing_challenge
from backend.domain.proposals import CAUSES, Proposal
from backend.domain.revocations import Revocation
from backend.domain.reworks import Rework
from backend.domain.signatures import Release
from backend.domain.standing_results import Stand, asked_twice
from backend.identity.passkeys import decode
from tests.campaigns.stock_ground import RETEST_DAYS, Ground
from tests.faults.decisions import PARTY, digest_of
from tests.faults.factory import SITE, SYSTEM


async def inspect(walk: Ground) -> bool:
    """Answer what an inspection asks."""
    inspection = await walk.some(Inspection, "status in ('open', 'in_progress')")
    if inspection is None:
        return False
    entered = walk.chance.choices(("1.25", "1.34"), (6, 1))[0]
    entries = [Entry(item_key="ID-1", entered=entered, confirmed=True)]
    command = RecordResults(id=walk.store.new_id(), inspection_id=inspection.id, entries=entries)
    await record_results(walk.store, walk.who("ina", "ina", "ivo"), command)
    return True


async def correct(walk: Ground) -> bool:
    """Another value for a reading."""
    reading = await walk.some(Reading, "status = 'current'")
    if reading is None:
        return False
    entered = walk.chance.choice(("1.26", "1.35"))
    command = CorrectResult(
        id=walk.store.new_id(), reading_id=reading.id, entered=entered, reason="misread", confirmed=True
    )
    await correct_result(walk.store, walk.people["ina"], command)
    return True


async def propose(walk: Ground) -> bool:
    """Leave a reading out, or sample again."""
    who = walk.who("ina", "quinn")
    if walk.chance.random() < 0.5:
        reading = await walk.some(Reading)
        if reading is None:
            return False
        leave_out = ProposeInvalidation(
            id=walk.store.new_id(),
            reading_id=reading.id,
            cause=walk.chance.choice(CAUSES),
            reason="found so",
        )
        await propose_invalidation(walk.store, who, leave_out)
        return True
    inspection = await walk.some(Inspection)
    if inspection is None:
        return False
    command = ProposeResample(id=walk.store.new_id(), inspection_id=inspection.id, reason="wrong box")
    await propose_resample(walk.store, who, command)
    return True


async def judge(walk: Ground) -> bool:
    """Approve or decline a proposal; now and then one's own."""
    proposal = await walk.some(Proposal, "status = 'open'") or await walk.some(Proposal)
    if proposal is None:
        return False
    approve = walk.chance.random() < 0.7
    command = DecideProposal(
        id=walk.store.new_id(), proposal_id=proposal.id, approve=approve, note="looked at it"
    )
    await decide_proposal(walk.store, walk.who("sofia", "sofia", "quinn"), command)
    return True


async def dispose(walk: Ground) -> bool:
    """What becomes of what failed."""
    ncr = await walk.some(Ncr)
    if ncr is None:
        return False
    command = DisposeNcr(
        id=walk.store.new_id(),
        ncr_id=ncr.id,
        disposition=walk.chance.choice(("use_as_is", "rework", "rework", "scrap", "return_to_supplier")),
        justification="by chance",
    )
    await dispose_ncr(walk.store, walk.people["quinn"], command)
    await rework(walk)
    return True


async def rework(walk: Ground) -> None:
    """The oldest rework is done, but for those that nobody ever does; by number and not by chance, so that what
    follows is the same walk with and without it."""
    waiting = await walk.store.read.first(Rework, "status = 'open' and number not like '%3' order by id")
    if waiting is None:
        return
    done = FinishRework(
        id=walk.store.new_id(), rework_id=waiting.id, done="by chance", quantity=waiting.quantity
    )
    await finish_rework(walk.store, walk.people["quinn"], done)


async def decide(walk: Ground) -> bool:
    """Sign a decision on all or parts of a receipt, at either gate."""
    likely = walk.chance.random() < 0.8
    waiting = "status in ('inspecting', 'quarantine', 'production_released', 'conditional')"
    portion = await walk.some(Portion, waiting if likely else "")
    if portion is None:
        return False
    meanings = ("release", "conditional", "concession", "reject", "production")
    meaning = walk.chance.choices(meanings, (4, 1.5, 1.5, 0.5, 4 if walk.gates else 0.1))[0]
    maker = "supervisor0" if meaning == "production" else "sofia"
    login = walk.chance.choices((maker, "ivo", "sofia", "supervisor0"), (7, 2, 0.5, 1))[0]
    parts = walk.chance.random() < 0.6
    bound = meaning in ("conditional", "concession")
    until = (await walk.store.today(SITE)) + timedelta(days=walk.chance.choice((3, 3000)))
    begun = await begin_signing(
        walk.store,
        walk.people[login],
        BeginSigning(
            id=walk.store.new_id(),
            subject_id=portion.receipt_id,
            meaning=meaning,
            shares=await walk.shares("receipt_id", portion.receipt_id) if parts else [],
            condition="line 1" if bound else None,
            ends_on=until.isoformat() if meaning == "concession" else None,
            stands=await _stands(walk, portion.receipt_id),
        ),
    )
    challenge = signing_challenge(begun.record, decode(begun.nonce))
    command = SignRelease(
        id=walk.store.new_id(),
        receipt_id=portion.receipt_id,
        meaning=meaning,
        nonce=begun.nonce,
        digest=digest_of(begun.record),
        assertion=walk.passkeys[login].sign(challenge),
        accountability_accepted=True,
    )
    await sign_release(walk.store, walk.people[login], command, PARTY)
    return True


async def _stands(walk: Ground, receipt_id: str) -> list[Stand]:
    """Which results stand, said by chance where a question was asked twice."""
    receipt = await walk.store.read.get(Receipt, receipt_id)
    ids = (receipt.id, receipt.origin_id or receipt.id)
    asked = await walk.store.read.all(Inspection, "receipt_id = $1 or receipt_id = $2 order by number", *ids)
    repeated = {each.repeats for each in asked}
    twice = asked_twice([each for each in asked if each.id not in repeated])
    said = walk.chance.random() < 0.9
    return [Stand(walk.chance.choice(family).number, "closer look") for family in twice] if said else []


async def delegate(walk: Ground) -> bool:
    """Hand the decision to an inspector for some days; or end that."""
    given = await walk.some(Delegation, "ended_at is null")
    if given is not None and walk.chance.random() < 0.4:
        end = EndDelegation(id=walk.store.new_id(), delegation_id=given.id, reason="back")
        await end_delegation(walk.store, walk.people["sofia"], end)
        return True
    today = (await walk.store.today(SITE)).isoformat()
    until = date.fromisoformat(today) + timedelta(days=walk.chance.choice((0, 2, 200)))
    command = DelegateDecision(
        id=walk.store.new_id(),
        to_id=walk.people["ivo"].person_id,
        from_on=today,
        until=until.isoformat(),
        reason="holiday",
    )
    await delegate_decision(walk.store, walk.who("sofia", "sofia", "quinn"), command)
    return True


async def revoke(walk: Ground) -> bool:
    """One of the two signatures that take a release back."""
    release = await walk.some(Release, "superseded_at is null") or await walk.some(Release)
    if release is None:
        return False
    open_one = await walk.some(Revocation, "status = 'signed_once'")
    release_id = open_one.release_id if open_one and walk.chance.random() < 0.7 else release.id
    login = walk.chance.choice(("sofia", "quinn"))
    begun = await begin_revocation(
        walk.store,
        walk.people[login],
        BeginRevocation(id=walk.store.new_id(), release_id=release_id, reason="wrong resin"),
    )
    challenge = signing_challenge(begun.record, decode(begun.nonce))
    command = RevokeRelease(
        id=walk.store.new_id(),
        release_id=release_id,
        nonce=begun.nonce,
        digest=digest_of(begun.record),
        assertion=walk.passkeys[login].sign(challenge),
        accountability_accepted=True,
    )
    await revoke_release(walk.store, walk.people[login], command, PARTY)
    return True


async def close(walk: Ground) -> bool:
    """Withdraw a revocation, or say what it means."""
    revocation = await walk.some(Revocation)
    if revocation is None:
        return False
    command = CloseRevocation(
        id=walk.store.new_id(),
        revocation_id=revocation.id,
        conclusion=walk.chance.choice((None, "no_recall", "recall")),
        reason="looked into",
    )
    await close_revocation(walk.store, SYSTEM, command)
    return True


async def wait(walk: Ground) -> bool:
    """Some days pass."""
    await walk.wait(walk.chance.choice((1, 2, RETEST_DAYS + 1)))
    return True


async def date_retest(walk: Ground) -> bool:
    """Give a lot a retest date."""
    lot = await walk.lot()
    if lot is None:
        return False
    day = (await walk.store.today(SITE)) + timedelta(days=walk.chance.choice((-1, 1, 3)))
    command = SetRetestDate(
        id=walk.store.new_id(), lot_number=lot.number, retest_on=day.isoformat(), reason="supplier's paper"
    )
    await set_retest_date(walk.store, SYSTEM, command)
    return True


async def retest(walk: Ground) -> bool:
    """Inspect a lot again."""
    lot = await walk.lot()
    if lot is None:
        return False
    command = OpenRetest(id=walk.store.new_id(), lot_number=lot.number)
    await open_retest(walk.store, walk.people["sofia"], command)
    return True


async def change_sides(walk: Ground) -> bool:
    """The contract maker's person works for us for a while, or for them again."""
    if walk.maker is None:
        return False
    await walk.works_for(walk.chance.choice((walk.maker, walk.maker, None)))
    return True
