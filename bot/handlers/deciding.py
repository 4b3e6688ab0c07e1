"""Nonconformity reports and follow-ups in chat: contain, decide, promise, keep, close (QUA-1)."""

from __future__ import annotations

import msgspec

from backend.actions.close_ncr import CloseNcr, close_ncr
from backend.actions.complete_follow_up import CompleteFollowUp, complete_follow_up
from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.send_back_release import SendBackRelease, send_back_release
from backend.domain.ncrs import Disposition, PlannedFollowUp
from backend.views.ncrs import ncr_report
from backend.views.releases import release_sheet
from backend.views.worklist import my_follow_ups
from bot.dialogues.deciding import missing_screen, ncr_screen, outcome_screen
from bot.handlers.home import show_home
from bot.screens import Screen
from bot.talk import Home, Missing, NcrShown, Outcome
from bot.turn import Turn


async def open_ncr(turn: Turn, ncr_id: str, asking: str = "") -> None:
    """Show it as it is now; what is no longer possible is explained instead of asked."""
    report = await ncr_report(turn.read, ncr_id)
    possible = {"containment": ("open",), "disposition": ("open", "contained")}
    if asking and report.status not in possible[asking]:
        turn.tell("gone")
        asking = ""
    turn.talk.step = NcrShown(ncr_id, report.version, asking)


async def show_ncr(turn: Turn, step: NcrShown) -> Screen:
    """The report and the question."""
    return ncr_screen(turn.wording, await ncr_report(turn.read, step.ncr), step, turn.today)


async def contain(turn: Turn, ncr_id: str) -> None:
    """Ask what was done at once."""
    await open_ncr(turn, ncr_id, "containment")


async def decide(turn: Turn, ncr_id: str) -> None:
    """Ask what becomes of it."""
    await open_ncr(turn, ncr_id, "disposition")


async def typed(turn: Turn, step: NcrShown, text: str) -> None:
    """Containment, justification, or what has to be done."""
    text = text.strip()
    if step.asking == "containment":
        command = ContainNcr(
            id=turn.command_id("contain"), ncr_id=step.ncr, containment=text, version=step.version
        )
        await contain_ncr(turn.store, turn.who, command)
        turn.tell("ncr_contained")
        await open_ncr(turn, step.ncr)
    elif step.asking == "justification" and text:
        turn.talk.step = msgspec.structs.replace(step, justification=text, asking="more")
    elif step.asking == "what" and text:
        turn.talk.step = msgspec.structs.replace(step, what=text, asking="owner")


async def choose_disposition(turn: Turn, disposition: Disposition) -> None:
    """Then why."""
    step = turn.talk.step
    if isinstance(step, NcrShown):
        turn.talk.step = msgspec.structs.replace(step, disposition=disposition, asking="justification")


async def promise(turn: Turn) -> None:
    """A follow-up: what?"""
    step = turn.talk.step
    if isinstance(step, NcrShown):
        turn.talk.step = msgspec.structs.replace(step, asking="what")


async def more_owners(turn: Turn, first: str) -> None:
    """The next page of people."""
    step = turn.talk.step
    if isinstance(step, NcrShown):
        turn.talk.step = msgspec.structs.replace(step, first=int(first))


async def choose_owner(turn: Turn, owner_id: str) -> None:
    """Then by when."""
    step = turn.talk.step
    if isinstance(step, NcrShown):
        turn.talk.step = msgspec.structs.replace(step, owner=owner_id, asking="due")


async def choose_due(turn: Turn, day: str) -> None:
    """It is planned; perhaps there is another."""
    step = turn.talk.step
    if isinstance(step, NcrShown):
        planned = [*step.planned, PlannedFollowUp(step.what, step.owner, day)]
        turn.talk.step = msgspec.structs.replace(
            step, planned=planned, what="", owner="", first=0, asking="more"
        )


async def dispose(turn: Turn) -> None:
    """Decide."""
    step = turn.talk.step
    if not isinstance(step, NcrShown) or step.disposition is None:
        return
    command = DisposeNcr(
        id=turn.command_id("dispose"),
        ncr_id=step.ncr,
        disposition=step.disposition,
        justification=step.justification,
        follow_ups=step.planned,
        version=step.version,
    )
    await dispose_ncr(turn.store, turn.who, command)
    turn.tell("ncr_decided", disposition=turn.wording.one_of("disposition", step.disposition))
    await open_ncr(turn, step.ncr)


async def close(turn: Turn, ncr_id: str) -> None:
    """Close it; what is still open is said."""
    step = turn.talk.step
    version = step.version if isinstance(step, NcrShown) else None
    closed = await close_ncr(
        turn.store, turn.who, CloseNcr(id=turn.command_id("close"), ncr_id=ncr_id, version=version)
    )
    turn.tell("ncr_closed", ncr=closed.number)
    turn.talk.step = Home()


def ask_what_is_missing(turn: Turn, receipt_id: str) -> None:
    """Before this release can be decided on."""
    turn.talk.step = Missing(receipt_id)


async def show_missing(turn: Turn, step: Missing) -> Screen:
    """The question; a receipt that was decided on meanwhile is explained."""
    sheet = await release_sheet(turn.read, step.receipt, turn.who, turn.today.isoformat())
    if sheet.decided is None:
        return missing_screen(turn.wording, sheet.lot)
    turn.tell("gone")
    turn.talk.step = Home()
    return await show_home(turn, Home())


async def typed_missing(turn: Turn, step: Missing, text: str) -> None:
    """It goes back to whoever inspected it."""
    command = SendBackRelease(id=turn.command_id("send_back"), receipt_id=step.receipt, what=text)
    await send_back_release(turn.store, turn.who, command)
    turn.tell("release_is_sent_back")
    turn.talk.step = Home()


async def ask_outcome(turn: Turn, follow_up_id: str) -> None:
    """What came of a promise?"""
    turn.talk.step = Outcome(follow_up_id)


async def show_outcome(turn: Turn, step: Outcome) -> Screen:
    """The promise; one that is kept already is explained."""
    promises = await my_follow_ups(turn.read, turn.who.person_id)
    mine = next((each for each in promises if each.id == step.follow_up), None)
    if mine is not None:
        return outcome_screen(turn.wording, mine)
    turn.tell("gone")
    turn.talk.step = Home()
    return await show_home(turn, Home())


async def typed_outcome(turn: Turn, step: Outcome, text: str) -> None:
    """It is kept."""
    command = CompleteFollowUp(id=turn.command_id("done"), follow_up_id=step.follow_up, outcome=text)
    await complete_follow_up(turn.store, turn.who, command)
    turn.tell("follow_up_kept")
    turn.talk.step = Home()
