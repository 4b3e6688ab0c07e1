"""Results are invalidated for a cause and sampled again for a reason, by two people; the first ones stay."""

from __future__ import annotations

import pytest

from backend.actions import decide_proposal as deciding_proposals
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.decide_proposal import DecideProposal, decide_proposal
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.propose_invalidation import ProposeInvalidation, propose_invalidation
from backend.actions.propose_resample import ProposeResample, propose_resample
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.domain import standing_results
from backend.domain.inspections import Inspection, Reading, Sample
from backend.domain.ncrs import Ncr
from backend.domain.notices import Notice
from backend.domain.proposals import Proposal
from backend.domain.receiving import Received
from backend.domain.signatures import Release, Signature
from backend.domain.standing_results import Stand, check_stands, standing
from backend.store import deciding
from backend.store.inspecting import case_of
from backend.views.releases import release_sheet
from tests.actions.floor import Floor, codes, on_record
from tests.actions.test_part_decisions import NEEDLES


async def reading_of(floor: Floor, received: Received, key: str = "LEN-1") -> Reading:
    assert received.inspection is not None
    found = await floor.store.read.first(
        Reading,
        "inspection_id = $1 and item_key = $2 and status = 'current'",
        received.inspection.id,
        key,
    )
    assert found is not None
    return found


async def doubted(floor: Floor, received: Received, login: str = "li", **fields: str) -> Proposal:
    reading = await reading_of(floor, received)
    right = {"cause": "preparation", "reason": "the sample was not conditioned"}
    command = ProposeInvalidation(id=floor.new_id(), reading_id=reading.id, **(right | fields))
    return await propose_invalidation(floor.store, await floor.who(login), command)


async def decided(
    floor: Floor,
    proposal: Proposal,
    login: str = "novak",
    approve: bool = True,
    note: str = "log book shows it",
) -> Proposal:
    command = DecideProposal(id=floor.new_id(), proposal_id=proposal.id, approve=approve, note=note)
    return await decide_proposal(floor.store, await floor.who(login), command)


async def resampling(
    floor: Floor, received: Received, login: str = "li", reason: str = "wrong pallet"
) -> Proposal:
    assert received.inspection is not None
    command = ProposeResample(id=floor.new_id(), inspection_id=received.inspection.id, reason=reason)
    return await propose_resample(floor.store, await floor.who(login), command)


async def invalidated(floor: Floor) -> None:
    """Left out of the judgement, kept on record, asked again, decided anew."""
    received = await floor.inspected(NEEDLES)
    await floor.shift.sign(received.receipt_id)
    old = await reading_of(floor, received)
    proposal = await doubted(floor, received)
    assert (await reading_of(floor, received)).id == old.id, "it counts until a second person has approved"
    assert (await floor.lot(received)).status == "released"
    await decided(floor, proposal)
    kept = await floor.store.read.get(Reading, old.id)
    assert (kept.status, kept.entered, kept.value) == ("invalid", old.entered, old.value)
    case = await case_of(floor.store.read, old.inspection_id)
    assert case.inspection.status == "in_progress" and old.id not in {each.id for each in case.readings}
    assert (await floor.lot(received)).status == "inspecting", "what was signed over it is decided anew"
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, received.receipt_id)) == ["items_missing"]
    command = RecordResults(
        id=floor.new_id(), inspection_id=old.inspection_id, entries=[Entry(item_key="LEN-1", entered="25.0")]
    )
    await record_results(floor.store, await floor.who("garcia"), command)
    await floor.shift.sign(received.receipt_id)
    sheet = await release_sheet(floor.store.read, received.receipt_id, sun, "2026-11-28")
    assert sheet.changed_since_first_entry and sheet.corrections == 1
    change = sheet.changes[0]
    assert (change.item_key, change.old, change.new, change.kind) == (
        "LEN-1",
        old.entered,
        "25.0",
        "invalidated",
    )
    assert change.cause == "preparation" and change.second == "Anna Novak"


@pytest.mark.proves("RES-8", "REL-5", "AUD-5")
async def test_an_invalid_result_stays_visible_and_its_item_asks_again(floor: Floor) -> None:
    await invalidated(floor)


@pytest.mark.proves("RES-8")
async def test_invalidating_needs_a_cause_and_a_second_person(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    before = await on_record(floor.store)
    assert await codes(doubted(floor, received, cause="outlier", reason=" ")) == [
        "cause_missing",
        "reason_missing",
    ]
    assert await codes(doubted(floor, received, login="wang")) == ["not_allowed"]
    assert await on_record(floor.store) == before
    proposal = await doubted(floor, received, login="novak")
    assert await codes(doubted(floor, received)) == ["proposal_open_already"]
    assert await codes(decided(floor, proposal, "novak")) == ["proposal_own"]
    assert await codes(decided(floor, proposal, "li")) == ["not_allowed"]
    assert await codes(decided(floor, proposal, "sun", note=" ")) == ["reason_missing"]
    told = await floor.store.read.all(Notice, "code = 'proposal_waiting'")
    assert {each.person_id for each in told} >= {(await floor.who("sun")).person_id}
    await decided(floor, proposal, "sun", approve=False)
    assert (await reading_of(floor, received)).status == "current"
    assert await codes(decided(floor, proposal, "zhou")) == ["step_not_allowed"]


async def decided_by_who_measured(floor: Floor) -> None:
    """Somebody who has become a supervisor since can't wave their own results through."""
    received = await floor.inspected(NEEDLES, "li")
    proposal = await doubted(floor, received, login="novak")
    from backend.domain.people import RoleGrant

    li = await floor.who("li")

    async def promote(tx: object) -> None:
        tx.insert(RoleGrant(floor.new_id(), floor.site_id, li.person_id, "supervisor"))  # type: ignore[attr-defined]
        tx.record("roles_set", "person", li.person_id, login="li", begun=["supervisor"], ended=[])  # type: ignore[attr-defined]

    from backend.domain.security import Plain, system

    await floor.store.change(system(floor.site_id), "set_roles", Plain(floor.new_id()), promote, None)
    assert await codes(decided(floor, proposal, "li")) == ["proposal_own_result"]


@pytest.mark.proves("RES-8", "REL-3")
async def test_nobody_decides_about_results_of_their_own(floor: Floor) -> None:
    await decided_by_who_measured(floor)


def naive_contributors(_: object) -> list[str]:
    """The broken twin of RES-8: only who proposed it is kept from deciding it."""
    return []


@pytest.mark.proves("RES-8")
async def test_asking_only_who_proposed_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding_proposals, "contributors", naive_contributors)
    with pytest.raises(AssertionError):
        await decided_by_who_measured(floor)


@pytest.mark.proves("RES-8")
async def test_a_reading_that_was_corrected_meanwhile_is_not_invalidated(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    proposal = await doubted(floor, received)
    old = await reading_of(floor, received)
    command = CorrectResult(
        id=floor.new_id(), reading_id=old.id, entered="25.1", reason="misread", confirmed=True
    )
    await correct_result(floor.store, await floor.who("li"), command)
    assert await codes(decided(floor, proposal)) == ["reading_superseded"]
    assert await codes(
        propose_invalidation(
            floor.store,
            await floor.who("li"),
            ProposeInvalidation(id=floor.new_id(), reading_id=old.id, cause="measurement", reason="r"),
        )
    ) == ["reading_superseded"]


async def failed(floor: Floor) -> Received:
    received = await floor.receive(NEEDLES)
    assert received.inspection is not None
    await floor.shift.inspect(received.inspection.id, "li", {"TIP-0": "1"})
    return received


async def sampled_again(floor: Floor, received: Received) -> Inspection:
    """Approved, opened, answered with what conforms."""
    opened = (await decided(floor, await resampling(floor, received))).opened_id
    assert opened is not None
    await floor.shift.inspect(opened, "garcia")
    return await floor.store.read.get(Inspection, opened)


@pytest.mark.proves("SMP-6")
async def test_a_resample_needs_an_approved_reason_and_draws_its_units_anew(floor: Floor) -> None:
    received = await floor.receive(NEEDLES)
    assert received.inspection is not None
    assert await codes(resampling(floor, received)) == ["inspection_unfinished"]
    await floor.shift.inspect(received.inspection.id, "li", {"TIP-0": "1"})
    assert await codes(resampling(floor, received, reason=" ")) == ["reason_missing"]
    proposal = await resampling(floor, received)
    assert await floor.count("inspection where receipt_id = $1", received.receipt_id) == 1, (
        "nothing opens yet"
    )
    assert await codes(decided(floor, proposal, "li")) == ["not_allowed"]
    first = await floor.store.read.get(Inspection, received.inspection.id)
    readings = await floor.store.read.all(Reading, "inspection_id = $1 order by id", first.id)
    done = await decided(floor, proposal)
    assert done.opened_id is not None
    again = await floor.store.read.get(Inspection, done.opened_id)
    assert (again.purpose, again.again_of, again.repeats) == ("resample", first.id, None)
    assert again.seed != first.seed

    async def units(of: str) -> list[int]:
        return [
            each.unit for each in await floor.store.read.all(Sample, "inspection_id = $1 order by number", of)
        ]

    assert await units(again.id) != await units(first.id), "other units, unpredictable"
    assert await floor.store.read.all(Reading, "inspection_id = $1 order by id", first.id) == readings
    assert await codes(resampling(floor, received)) == ["resample_open_already"]


async def latest_does_not_win(floor: Floor) -> None:
    received = await failed(floor)
    again = await sampled_again(floor, received)
    assert again.status == "passed"
    sun = (await floor.sign_in("sun")).who
    assert "ncr_open" in await codes(floor.begin(sun, received.receipt_id)), "the failure still stands"
    ncr = await floor.store.read.first(Ncr, "receipt_id = $1", received.receipt_id)
    assert ncr is not None
    dispose = DisposeNcr(
        id=floor.new_id(),
        ncr_id=ncr.id,
        disposition="use_as_is",
        justification="the sample was of another pallet",
    )
    await dispose_ncr(floor.store, await floor.who("novak"), dispose)
    sheet = await release_sheet(floor.store.read, received.receipt_id, sun, "2026-11-28")
    first = received.inspection
    assert first is not None
    assert [each.number for each in sheet.inspections] == [first.number, again.number], "both are shown"
    assert sheet.twice == [[first.number, again.number]]
    assert await codes(floor.begin(sun, received.receipt_id)) == ["stand_unsaid"]
    blank = [Stand(again.number, "  ")]
    assert await codes(floor.begin(sun, received.receipt_id, stands=blank)) == ["reason_missing"]
    failing = [Stand(first.number, "it is what we found")]
    assert await codes(floor.begin(sun, received.receipt_id, stands=failing)) == ["concession_needed"]
    stands = [Stand(again.number, "the first was drawn from another pallet")]
    released = await floor.shift.sign(received.receipt_id, stands=stands)
    release = await floor.store.read.get(Release, released.release_id)
    record = (await floor.store.read.get(Signature, release.signature_id)).record
    assert record["verdict"] == "passed"
    decision = record["decision"]
    assert isinstance(decision, dict)
    assert decision["stands"] == [
        {
            "inspection": again.number,
            "beside": [first.number],
            "reason": "the first was drawn from another pallet",
        }
    ]
    shown = record["inspections"]
    assert isinstance(shown, list) and len(shown) == 2, "the signed record holds both"


@pytest.mark.proves("SMP-6", "REL-6")
async def test_the_latest_result_does_not_win_by_itself(floor: Floor) -> None:
    await latest_does_not_win(floor)


def naive_standing(inspections: list[Inspection], _stands: object) -> list[Inspection]:
    """The broken twin of SMP-6: the newest inspection of each question counts."""
    return [family[-1] for family in standing_results.families(inspections)]


@pytest.mark.proves("SMP-6")
async def test_taking_the_latest_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.actions import begin_signing as beginning
    from backend.actions import sign_release as signing

    monkeypatch.setattr(deciding, "standing", naive_standing)
    for module in (beginning, signing):
        monkeypatch.setattr(module, "check_stands", lambda *_: [])
    with pytest.raises(AssertionError):
        await latest_does_not_win(floor)


def inspection(number: str, status: str, again_of: str | None = None) -> Inspection:
    return Inspection(
        number, "s", number, "l", "r", "v", "incoming", status, 1, "", number, again_of=again_of
    )  # type: ignore[arg-type]


FIRST, AGAIN, OTHER = inspection("A", "failed"), inspection("B", "passed", "A"), inspection("C", "passed")
SAID: list[tuple[list[Stand], list[str]]] = [
    ([], ["stand_unsaid"]),
    ([Stand("A", "r")], []),
    ([Stand("B", "r")], []),
    ([Stand("A", "r"), Stand("B", "r")], ["stand_unknown"]),
    ([Stand("C", "r")], ["stand_unknown", "stand_unsaid"]),
    ([Stand("B", "")], ["reason_missing"]),
]


@pytest.mark.proves("SMP-6")
@pytest.mark.parametrize(("stands", "expected"), SAID)
def test_each_question_that_was_asked_twice_is_spoken_of_once(
    stands: list[Stand], expected: list[str]
) -> None:
    assert [each.code for each in check_stands([FIRST, AGAIN, OTHER], stands)] == expected


@pytest.mark.proves("SMP-6")
def test_what_is_judged_is_what_was_said() -> None:
    everything = [FIRST, AGAIN, OTHER]
    assert standing(everything, [Stand("A", "r")]) == [FIRST, OTHER]
    assert standing(everything, [Stand("B", "r")]) == [AGAIN, OTHER]
    assert standing(everything, []) == everything, "said of nothing: all of them are judged"
    assert standing(everything, None) == [AGAIN, OTHER], "a preview of what could be said"
