"""A release is taken back by two people: what lies here is held, what left is listed, the record stays as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from backend.actions import close_revocation as closing
from backend.actions.begin_revocation import BeginRevocation, begin_revocation
from backend.actions.close_revocation import CloseRevocation, close_revocation
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.revoke_release import RevokeRelease, revoke_release
from backend.domain import revocations
from backend.domain.errors import Reason
from backend.domain.lots import Hold, Lot, Portion
from backend.domain.notices import Notice
from backend.domain.people import Who
from backend.domain.receiving import Received
from backend.domain.revocations import Revocation
from backend.domain.signatures import Release, Signature
from backend.store import revoking
from backend.views.certificates import signed_release
from backend.views.lot_cards import lot_card
from backend.views.revocations import release_standing
from tests.actions.floor import PARTY, Floor, codes, digest_of
from tests.actions.test_dividing import balanced, lot_of, split
from tests.actions.test_part_decisions import NEEDLES, decide, lies
from tests.actions.test_production import consumed, finished, started


async def signed(floor: Floor, release_id: str, who: Who, reason: str = "wrong material") -> Revocation:
    from backend.demo.people import BY_LOGIN

    begun = await begin_revocation(
        floor.store,
        who,
        BeginRevocation(id=floor.new_id(), release_id=release_id, reason=reason, passkey=False),
    )
    command = RevokeRelease(
        id=floor.new_id(),
        release_id=release_id,
        nonce=begun.nonce,
        digest=digest_of(begun.record),
        password=BY_LOGIN[who.login].password,
        totp=floor.totp(who.login),
        accountability_accepted=True,
    )
    done = await revoke_release(floor.store, who, command, PARTY)
    floor.clock.forward(floor.clock.now + timedelta(minutes=2))  # a code signs once: wait for the next
    return done


async def used(floor: Floor) -> tuple[Received, Release, Any]:
    """Released, partly used, partly split off."""
    received = await floor.inspected(NEEDLES)
    done = await floor.shift.sign(received.receipt_id)
    lot = await started(floor)
    await consumed(floor, lot, received.lot_number, "500")
    sets = await finished(floor, lot)
    await split(floor, received.lot_number, "100")
    return received, await floor.store.read.get(Release, done.release_id), sets


async def taken_back(floor: Floor) -> None:
    received, release, sets = await used(floor)
    before = await signed_release(floor.store.read, release.id, floor.site_id)
    sun, zhou = (await floor.sign_in("sun")).who, (await floor.sign_in("zhou")).who
    first = await signed(floor, release.id, sun)
    assert first.status == "signed_once" and (await lies(floor, received)) == {"held": 3400}
    standing = await release_standing(floor.store.read, release.id, zhou.person_id)
    assert not standing.revoked, "one signature takes nothing back"
    assert await codes(signed(floor, release.id, sun)) == ["revocation_own_signature"]
    lift = LiftHold(id=floor.new_id(), lot_number=received.lot_number, code="release_revoked", reason="r")
    assert await codes(lift_hold(floor.store, await floor.who("novak"), lift)) == ["revocation_open"]
    second = await signed(floor, release.id, zhou, "")
    assert (second.status, second.reason, second.id) == ("in_force", "wrong material", first.id)
    assert {first.first_by, second.second_by} == {sun.person_id, zhou.person_id}
    listed = {(each.kind, format(each.quantity, "f"), each.lot) for each in second.gone}
    assert ("consumed", "500", sets.lot_number) in listed
    assert (await lot_of(floor, sets.lot_number)).status == "held", "what was made of it is held too"
    after = await floor.store.read.get(Release, release.id)
    assert msgspec.structs.replace(
        after, superseded_at=None, version=release.version, certificate_pdf=None
    ) == (msgspec.structs.replace(release, certificate_pdf=None)), "the original record stays as it was"
    again = await signed_release(floor.store.read, release.id, floor.site_id)
    assert (again.signature, again.record) == (before.signature, before.record)
    standing = await release_standing(floor.store.read, release.id, zhou.person_id)
    assert standing.revoked and standing.revocation is not None
    card = await lot_card(floor.store.read, floor.site_id, received.lot_number)
    assert [each.id for each in card.revoked] == [release.id], "who looks the certificate up is told"
    assert await floor.store.read.all(Notice, "code = 'release_revoked'")
    assert await codes(signed(floor, release.id, sun)) == ["release_revoked_already"]
    await balanced(floor, received.lot_number)


@pytest.mark.proves("REL-7")
async def test_two_people_take_a_release_back(floor: Floor) -> None:
    await taken_back(floor)


def naive_against(*_: object) -> list[Reason]:
    """The broken twin of REL-7: two signatures are enough, whoever gave them."""
    return []


@pytest.mark.proves("REL-7")
async def test_two_signatures_of_one_person_are_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revoking, "against", naive_against)
    with pytest.raises(AssertionError, match="was not refused"):
        await taken_back(floor)


@pytest.mark.proves("REL-7", "REL-10")
async def test_what_can_not_be_taken_back(floor: Floor) -> None:
    _, release, _ = await used(floor)
    sun, li = (await floor.sign_in("sun")).who, (await floor.sign_in("li")).who
    assert await codes(signed(floor, release.id, sun, " ")) == ["reason_missing"]
    assert await codes(signed(floor, release.id, li)) == ["not_allowed"]
    rejected = await floor.inspected("0411/1")
    done = await floor.shift.sign(rejected.receipt_id, "reject")
    assert await codes(signed(floor, done.release_id, sun)) == ["rejection_not_revoked"]
    assert revocations.against("release", True, None, "x", "r")[0].code == "release_superseded"


@pytest.mark.proves("REL-7")
async def test_one_that_is_withdrawn_leaves_the_stock_as_it_was_decided(floor: Floor) -> None:
    received, release, _ = await used(floor)
    sun = (await floor.sign_in("sun")).who
    first = await signed(floor, release.id, sun)
    zhou = await floor.who("zhou")

    def close(conclusion: Any, reason: str = "it was another lot") -> CloseRevocation:
        return CloseRevocation(
            id=floor.new_id(), revocation_id=first.id, conclusion=conclusion, reason=reason
        )

    assert await codes(close_revocation(floor.store, zhou, close("recall"))) == ["step_not_allowed"]
    assert await codes(close_revocation(floor.store, zhou, close(None, " "))) == ["reason_missing"]
    await close_revocation(floor.store, zhou, close(None))
    assert await lies(floor, received) == {"released": 3400}
    assert await floor.count("hold where code = 'release_revoked' and lifted_at is null") == 0


async def one_of_two_withdrawn(floor: Floor) -> None:
    """Two parts of a receipt, a release and a revocation of each."""
    received = await floor.inspected(NEEDLES)
    parts = [await decide(floor, received, quantity) for quantity in ("1500", "2500")]
    sun = (await floor.sign_in("sun")).who
    one, other = [await signed(floor, part.id, sun) for part in parts]
    zhou = await floor.who("zhou")

    async def withdraw(revocation: Revocation) -> None:
        command = CloseRevocation(
            id=floor.new_id(), revocation_id=revocation.id, conclusion=None, reason="it was the other part"
        )
        await close_revocation(floor.store, zhou, command)

    await withdraw(one)
    assert await lies(floor, received) == {"held": 4000}
    await withdraw(other)
    assert await lies(floor, received) == {"released": 4000}


@pytest.mark.proves("REL-7")
async def test_who_withdraws_one_revocation_frees_nothing_of_another(floor: Floor) -> None:
    await one_of_two_withdrawn(floor)


@pytest.mark.proves("REL-7")
async def test_freeing_what_another_revocation_holds_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "keeps", lambda *_: False)
    with pytest.raises(AssertionError):
        await one_of_two_withdrawn(floor)


@pytest.mark.proves("REL-7")
async def test_one_in_force_keeps_the_hold_that_it_took_for_its_own(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    parts = [await decide(floor, received, quantity) for quantity in ("1500", "2500")]
    sun, zhou = (await floor.sign_in("sun")).who, (await floor.sign_in("zhou")).who
    withdrawn = await signed(floor, parts[0].id, sun)
    await signed(floor, parts[1].id, sun)
    assert (await signed(floor, parts[1].id, zhou, "")).status == "in_force"
    command = CloseRevocation(
        id=floor.new_id(), revocation_id=withdrawn.id, conclusion=None, reason="it was the other part"
    )
    await close_revocation(floor.store, zhou, command)
    assert await lies(floor, received) == {"held": 4000}, "a person lifts it, and it is decided anew"


@pytest.mark.proves("REL-7")
async def test_after_the_assessment_a_person_lifts_the_hold_and_it_is_decided_anew(floor: Floor) -> None:
    received, release, _ = await used(floor)
    sun, zhou = (await floor.sign_in("sun")).who, (await floor.sign_in("zhou")).who
    await signed(floor, release.id, sun)
    second = await signed(floor, release.id, zhou, "")
    command = CloseRevocation(
        id=floor.new_id(), revocation_id=second.id, conclusion="no_recall", reason="the sets are all here"
    )
    assert (await close_revocation(floor.store, await floor.who("zhou"), command)).status == "assessed"
    assert set(await lies(floor, received)) == {"held"}, "an assessment lifts nothing"
    holds = await floor.store.read.all(Hold, "lot_id = $1 and lifted_at is null", received.lot_id)
    assert [hold.code for hold in holds] == ["release_revoked"]
    lift = LiftHold(
        id=floor.new_id(), lot_number=received.lot_number, code="release_revoked", reason="checked"
    )
    await lift_hold(floor.store, await floor.who("novak"), lift)
    await floor.shift.sign(received.receipt_id)
    assert set(await lies(floor, received)) == {"released"}


@pytest.mark.proves("REL-4", "REL-5")
async def test_a_decision_from_before_parts_ends_when_its_stock_is_decided_anew(floor: Floor) -> None:
    """As an older database has it: neither number nor portions that name it."""
    received = await floor.inspected(NEEDLES)
    done = await floor.shift.sign(received.receipt_id)

    async def age(tx: Any) -> None:
        release = await tx.get(Release, done.release_id)
        tx.update(release, number=None, quantity=None)
        for portion in await tx.all(Portion, "receipt_id = $1", received.receipt_id):
            tx.update(portion, release_id=None, status="held")
            held = (portion.site_id, portion.lot_id, portion.receipt_id, "evidence_changed", None, tx.now)
            tx.insert(Hold(tx.new_id(), *held))
        tx.update(await tx.get(Lot, received.lot_id), status="held")
        tx.record("master_data_loaded", "site", floor.site_id, rows=0)

    from backend.domain.security import Plain, system

    await floor.store.change(system(floor.site_id), "load_master_data", Plain(floor.new_id()), age, None)
    lift = LiftHold(
        id=floor.new_id(), lot_number=received.lot_number, code="evidence_changed", reason="looked into"
    )
    await lift_hold(floor.store, await floor.who("novak"), lift)
    again = await floor.shift.sign(received.receipt_id)
    in_force = await floor.store.read.all(
        Release, "receipt_id = $1 and superseded_at is null", received.receipt_id
    )
    assert [each.id for each in in_force] == [again.release_id]
    assert await floor.store.read.get(Signature, in_force[0].signature_id)
