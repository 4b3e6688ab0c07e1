"""Who decides for whom and until when; and two gates of two organisations where somebody else makes it for us."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from backend.actions.add_partner import AddPartner, add_partner
from backend.actions.change_item_rules import ChangeItemRules, change_item_rules
from backend.actions.delegate_decision import DelegateDecision, delegate_decision
from backend.actions.end_delegation import EndDelegation, end_delegation
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.open_retest import OpenRetest, open_retest
from backend.actions.set_organisation import SetOrganisation, set_organisation
from backend.actions.set_retest_date import SetRetestDate, set_retest_date
from backend.domain import certificates as paper
from backend.domain.delegations import Delegation, in_force
from backend.domain.items import Item
from backend.domain.lots import SHIPPABLE, USABLE
from backend.domain.people import Person, RoleGrant
from backend.domain.receiving import Received
from backend.domain.releases import blockers
from backend.domain.security import Plain, system
from backend.domain.signatures import Release, Signature
from backend.domain.words import Words
from backend.store import deciding
from backend.store import standing as standing_of
from backend.store.change import Change
from backend.store.deciding import dossier
from backend.store.release_records import decision_of
from backend.views.people import list_delegations
from tests.actions.floor import Floor, codes
from tests.actions.test_part_decisions import NEEDLES, lies
from tests.actions.test_production import consumed, started


async def person(floor: Floor, login: str) -> Person:
    found = await floor.store.read.first(Person, "login = $1", login)
    assert found is not None
    return found


async def handed_on(
    floor: Floor, to: str = "zhao", giver: str = "sun", days: int = 3, ahead: int = 0
) -> Delegation:
    today = await floor.store.today(floor.site_id)
    command = DelegateDecision(
        id=floor.new_id(),
        to_id=(await person(floor, to)).id,
        from_on=(today + timedelta(days=ahead)).isoformat(),
        until=(today + timedelta(days=ahead + days)).isoformat(),
        reason="holiday",
    )
    return await delegate_decision(floor.store, await floor.who(giver), command)


async def pressed(floor: Floor, received: Received, login: str) -> list[str]:
    """The codes of a refused signature; what it lacks besides the right is never reached."""
    from backend.actions.sign_release import SignRelease

    who = (await floor.sign_in(login)).who
    command = SignRelease(
        id=floor.new_id(), receipt_id=received.receipt_id, meaning="release", nonce="none", digest="none"
    )
    return await codes(floor.sign(who, command))


async def expired_is_refused(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    assert await pressed(floor, received, "zhao") == ["not_allowed"]
    await handed_on(floor, ahead=1)
    assert await pressed(floor, received, "zhao") == ["not_allowed"], "it has not begun"
    floor.clock.forward(floor.clock.now + timedelta(days=1))
    assert await pressed(floor, received, "zhao") == ["nonce_unknown"], "let through to the signature"
    floor.clock.forward(floor.clock.now + timedelta(days=3))
    assert await pressed(floor, received, "zhao") == ["nonce_unknown"], "through its last day"
    floor.clock.forward(floor.clock.now + timedelta(days=1))
    assert await pressed(floor, received, "zhao") == ["not_allowed"]


@pytest.mark.proves("REL-3", "REL-10")
async def test_a_delegation_holds_from_its_first_to_its_last_day(floor: Floor) -> None:
    await expired_is_refused(floor)


@pytest.mark.proves("REL-3")
async def test_a_delegation_without_an_end_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: whoever was handed the right keeps it."""
    endless = {d: q.replace("else delegation.until end", "else '9999-12-31' end")
               for d, q in standing_of.QUESTION.items()}  # fmt: skip
    monkeypatch.setattr(standing_of, "QUESTION", endless)
    with pytest.raises(AssertionError):
        await expired_is_refused(floor)


@pytest.mark.proves("REL-3")
async def test_a_delegation_taken_back_or_of_somebody_who_lost_the_right_is_refused(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    delegation = await handed_on(floor)
    command = EndDelegation(id=floor.new_id(), delegation_id=delegation.id, reason="back")
    await end_delegation(floor.store, await floor.who("sun"), command)
    assert await pressed(floor, received, "zhao") == ["not_allowed"]
    again = EndDelegation(id=floor.new_id(), delegation_id=delegation.id, reason="back")
    assert await codes(end_delegation(floor.store, await floor.who("sun"), again)) == ["delegation_ended"]
    await handed_on(floor)
    from backend.actions.set_roles import SetRoles, set_roles

    sun = await person(floor, "sun")
    await set_roles(
        floor.store,
        await floor.who("admin"),
        SetRoles(id=floor.new_id(), person_id=sun.id, roles=["warehouse"]),
    )
    assert await pressed(floor, received, "zhao") == ["not_allowed"]


async def ends_today(floor: Floor, login: str) -> None:
    """The roles of this person were given through the site's present day only."""
    holder, day = await person(floor, login), (await floor.store.today(floor.site_id)).isoformat()

    async def change(tx: Change) -> None:
        for grant in await tx.all(RoleGrant, "person_id = $1 and ended_at is null", holder.id):
            tx.update(grant, until=day)
        tx.record("roles_set", "person", holder.id, until=day)

    await floor.store.change(system(floor.site_id), "roles_set", Plain(floor.new_id()), change, None)


async def ends_with_the_role(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    await handed_on(floor, days=5)
    await ends_today(floor, "sun")
    assert await pressed(floor, received, "zhao") == ["nonce_unknown"], "through the role's last day"
    floor.clock.forward(floor.clock.now + timedelta(days=1))
    assert await pressed(floor, received, "zhao") == ["not_allowed"]


@pytest.mark.proves("REL-3")
async def test_a_delegation_ends_with_the_last_day_of_the_giver_s_role(floor: Floor) -> None:
    await ends_with_the_role(floor)


@pytest.mark.proves("REL-3")
async def test_a_delegation_that_outlives_the_role_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: what was handed on stays when the giver's own right is gone."""
    outliving = {d: q.replace("then role_grant.until else", "then delegation.until else")
                 for d, q in standing_of.QUESTION.items()}  # fmt: skip
    monkeypatch.setattr(standing_of, "QUESTION", outliving)
    with pytest.raises(AssertionError):
        await ends_with_the_role(floor)


@pytest.mark.proves("REL-3")
async def test_whose_own_role_has_run_out_decides_for_who_handed_it_on(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    zhou = await person(floor, "zhou")
    await ends_today(floor, "zhou")
    floor.clock.forward(floor.clock.now + timedelta(days=1))
    delegation = await handed_on(floor, to="zhou")
    today = (await floor.store.today(floor.site_id)).isoformat()
    file = await dossier(floor.store.read, received.receipt_id, zhou.id, today)
    assert (file.lent, file.lent_by) == (delegation, "孙梅")


@pytest.mark.proves("REL-3")
async def test_what_is_handed_on_is_shown_and_signed(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    delegation = await handed_on(floor, to="novak")
    file = await dossier(
        floor.store.read,
        received.receipt_id,
        (await person(floor, "novak")).id,
        (await floor.store.today(floor.site_id)).isoformat(),
    )
    assert (file.lent, file.lent_by) == (delegation, "孙梅")
    asked = deciding.Asked("release", file.parts("release"))
    assert decision_of(file, asked).delegated == paper.Delegated("孙梅", delegation.until)
    lines = await list_delegations(floor.store.read, floor.site_id, delegation.from_on)
    assert [(each.to, each.standing) for each in lines] == [("Anna Novak", "in_force")]
    own = await dossier(floor.store.read, received.receipt_id, (await person(floor, "sun")).id, "2026-11-28")
    assert own.lent is None, "who may by a role decides by it"


@pytest.mark.proves("REL-3")
async def test_neither_contributor_nor_their_deputy_decides(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES, "li")
    delegation = await handed_on(floor, to="li")
    today = (await floor.store.today(floor.site_id)).isoformat()
    li = await person(floor, "li")
    file = await dossier(floor.store.read, received.receipt_id, li.id, today)
    assert [each.code for each in blockers(file.case(li.id, today))] == ["own_result"]
    file.lent = msgspec.structs.replace(delegation, from_id=li.id, to_id=(await person(floor, "zhao")).id)
    assert [each.code for each in blockers(file.case("zhao", today))] == ["delegated_by_contributor"]


@pytest.mark.proves("REL-3")
async def test_what_is_no_delegation(floor: Floor) -> None:
    assert await codes(handed_on(floor, to="sun")) == ["not_oneself"]
    assert await codes(handed_on(floor, to="zhou")) == ["delegation_needless"]
    assert await codes(handed_on(floor, days=91)) == ["delegation_long"]
    assert await codes(handed_on(floor, days=-1)) == ["delegation_ends"]
    assert await codes(handed_on(floor, ahead=-1)) == ["delegation_begins"]
    assert await codes(handed_on(floor, giver="li")) == ["not_allowed"]
    assert in_force([], "x", "2026-11-28") is None


async def contracted(floor: Floor, code: str = "NDL-21") -> None:
    """Such a material is made by a partner, and sun works there."""
    zhou = await floor.who("zhou")
    partner = await add_partner(
        floor.store, zhou, AddPartner(id=floor.new_id(), name=Words("Contract maker", "受托方"))
    )
    item = await floor.store.read.first(Item, "code = $1", code)
    assert item is not None
    rules = ChangeItemRules(
        id=floor.new_id(),
        item_id=item.id,
        retest_days=None,
        contract_maker_id=partner.id,
        reason="contract 7",
    )
    await change_item_rules(floor.store, zhou, rules)
    command = SetOrganisation(
        id=floor.new_id(),
        person_id=(await person(floor, "sun")).id,
        organisation_id=partner.id,
        reason="is theirs",
    )
    await set_organisation(floor.store, await floor.who("admin"), command)


async def made_elsewhere(floor: Floor) -> Received:
    """Needles are, and these came in and were inspected."""
    await contracted(floor)
    return await floor.inspected(NEEDLES)


async def renewed_before_any_gate(floor: Floor) -> tuple[list[str], list[str]]:
    """What was never released is held by hand, and a retest of it is accepted: the codes that stand against a market
    release, and the statuses of stock that one could be about."""
    received = await made_elsewhere(floor)
    today = await floor.store.today(floor.site_id)
    dated = SetRetestDate(
        id=floor.new_id(), lot_number=received.lot_number, retest_on=today.isoformat(), reason="letter"
    )
    await set_retest_date(floor.store, await floor.who("zhou"), dated)
    hold = HoldLot(id=floor.new_id(), lot_number=received.lot_number, reason="a torn carton")
    await hold_lot(floor.store, await floor.who("li"), hold)
    again = await open_retest(
        floor.store, await floor.who("novak"), OpenRetest(id=floor.new_id(), lot_number=received.lot_number)
    )
    await floor.shift.inspect(again.id, "li")
    file = await dossier(floor.store.read, received.receipt_id)
    assert file.renewing and {portion.status for portion in file.portions} == {"held"}
    zhou = (await floor.sign_in("zhou")).who
    against = await codes(floor.begin(zhou, received.receipt_id))
    return against, [portion.status for portion in file.undecided("release")]


@pytest.mark.proves("REL-8", "REL-9")
async def test_a_retest_opens_no_way_past_the_makers_gate(floor: Floor) -> None:
    against, open_to_market = await renewed_before_any_gate(floor)
    assert "production_release_missing" in against and open_to_market == []


async def test_a_dossier_that_takes_a_renewal_for_the_makers_gate_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: whatever a retest was accepted of is taken for released before."""
    monkeypatch.setattr(deciding, "past_makers_gate", lambda portion, renewing, behind: renewing)
    against, open_to_market = await renewed_before_any_gate(floor)
    assert "production_release_missing" not in against and open_to_market == ["held"]


async def two_gates(floor: Floor) -> None:
    received = await made_elsewhere(floor)
    zhou, sun = (await floor.sign_in("zhou")).who, (await floor.sign_in("sun")).who
    assert await codes(floor.begin(zhou, received.receipt_id)) == ["production_release_missing"]
    assert await codes(floor.begin(zhou, received.receipt_id, "production")) == ["gate_of_maker"]
    done = await floor.shift.sign(received.receipt_id, "production")
    assert done.decision == "production"
    assert set(await lies(floor, received)) == {"production_released"}
    assert await codes(consumed(floor, await started(floor), received.lot_number, "1")) == [
        "not_enough_released"
    ]
    assert await codes(floor.begin(sun, received.receipt_id)) == ["gate_of_market", "gate_same"]
    released = await floor.shift.sign(received.receipt_id, login="zhou")
    assert set(await lies(floor, received)) == {"released"}
    decisions = await floor.store.read.all(
        Release, "receipt_id = $1 order by decided_at", received.receipt_id
    )
    assert [(each.decision, each.superseded_at is None) for each in decisions] == [
        ("production", False),
        ("release", True),
    ]
    assert len({each.person_id for each in decisions}) == 2
    assert decisions[-1].id == released.release_id
    await consumed(floor, await started(floor), received.lot_number, "1")


@pytest.mark.proves("REL-9")
async def test_production_and_market_release_are_of_two_people_of_two_organisations(floor: Floor) -> None:
    await two_gates(floor)


@pytest.mark.proves("REL-9")
async def test_one_gate_where_two_are_due_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: whoever made it, one release is enough."""
    monkeypatch.setattr(deciding.Dossier, "gates", lambda *_: None)
    with pytest.raises(AssertionError):
        await two_gates(floor)


@pytest.mark.proves("REL-9")
async def test_who_changes_sides_does_not_pass_both_gates(floor: Floor) -> None:
    received = await made_elsewhere(floor)
    await floor.shift.sign(received.receipt_id, "production")
    command = SetOrganisation(
        id=floor.new_id(),
        person_id=(await person(floor, "sun")).id,
        organisation_id=None,
        reason="is ours now",
    )
    await set_organisation(floor.store, await floor.who("admin"), command)
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, received.receipt_id)) == ["gate_same"]
    me = SetOrganisation(
        id=floor.new_id(), person_id=(await person(floor, "admin")).id, organisation_id=None, reason="r"
    )
    assert await codes(set_organisation(floor.store, await floor.who("admin"), me)) == ["not_oneself"]


@pytest.mark.proves("REL-9")
async def test_what_we_make_ourselves_has_one_gate(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, received.receipt_id, "production")) == ["production_not_wanted"]
    await floor.shift.sign(received.receipt_id)
    release = await floor.store.read.first(Release, "receipt_id = $1", received.receipt_id)
    assert release is not None
    record = (await floor.store.read.get(Signature, release.signature_id)).record["decision"]
    assert isinstance(record, dict) and not {"delegated", "stands"} & set(record)


@pytest.mark.proves("REL-6", "REL-9")
def test_what_has_one_gate_behind_it_only_is_neither_used_nor_shipped() -> None:
    assert "production_released" not in {*USABLE, *SHIPPABLE}
    assert "conditional" not in SHIPPABLE
