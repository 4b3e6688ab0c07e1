"""Where a dialogue stands, as it is stored: the step, the live message, what its buttons mean. JSON only.

A step holds ids and what was typed so far, never what the record says: that is read anew for each screen.
"""

from __future__ import annotations

import msgspec

from backend.domain.lots import ScannedCode
from backend.domain.ncrs import Disposition, PlannedFollowUp
from backend.domain.sessions import Conversation


class Home(msgspec.Struct, frozen=True, tag="home"):
    """The worklist, from a place in it."""

    first: int = 0


class At(msgspec.Struct, frozen=True):
    """Which item of which inspection; `later`: keys that were put off; photos that wait for the answer.

    `gauge`: chosen for the answer; "" another is to be chosen; None the one that was used before, if any.
    """

    inspection: str
    item: str
    later: list[str] = []
    photos: list[str] = []
    gauge: str | None = None


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """An item is on screen; `counting`: the number of nonconforming pieces is asked for."""

    at: At
    counting: bool = False


class Doubted(msgspec.Struct, frozen=True, tag="doubted"):
    """An entry that is asked back: implausible, out of limits, converted, or to be read in several ways.

    `also`: what else is asked about it. `value`: as it was understood, in the unit that is asked for. `failing`:
    confirmed, it does not conform.
    """

    at: At
    entered: str
    code: str
    readings: list[str] = []
    also: list[str] = []
    value: str = ""
    failing: bool = False


class ReadOff(msgspec.Struct, frozen=True, tag="read_off"):
    """Numbers were read from the photo of a display, which is the last of the photos: is it one of them?"""

    at: At
    readings: list[str]


class Judging(msgspec.Struct, frozen=True, tag="judging"):
    """Words were typed: does the piece conform?"""

    at: At
    entered: str


class Evidence(msgspec.Struct, frozen=True, tag="evidence"):
    """A failing answer: its photo and its reason are asked for before it is recorded."""

    at: At
    entered: str
    conforming: bool = True


class Correcting(msgspec.Struct, frozen=True, tag="correcting"):
    """A reading that was wrong: first why, then what it should be; `doubt` asks for a confirmation."""

    inspection: str
    item: str
    reading: str
    reason: str = ""
    entered: str = ""
    doubt: str = ""
    value: str = ""
    photos: list[str] = []


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """An inspection's result is on screen."""

    inspection: str


class NcrShown(msgspec.Struct, frozen=True, tag="ncr"):
    """A nonconformity report is on screen; `asking`: what a text would be."""

    ncr: str
    version: int
    asking: str = ""
    disposition: Disposition | None = None
    justification: str = ""
    planned: list[PlannedFollowUp] = []
    what: str = ""
    owner: str = ""
    first: int = 0


class Outcome(msgspec.Struct, frozen=True, tag="outcome"):
    """What came of a follow-up is asked for."""

    follow_up: str


class Missing(msgspec.Struct, frozen=True, tag="missing"):
    """What a release lacks is asked for, before it goes back."""

    receipt: str


class Label(msgspec.Struct, frozen=True, tag="label"):
    """A label was read; `asking`: which text is missing for `line` (an order line's id). `print_reason`,
    `print_looked`: what the person answered where print and code differ."""

    codes: list[ScannedCode]
    asking: str = ""
    line: str = ""
    supplier_lot: str = ""
    quantity: str = ""
    print_reason: str = ""
    print_looked: bool = False


class Card(msgspec.Struct, frozen=True, tag="card"):
    """A lot's card is on screen; `asks`: "where" or "blocks", what is wanted of it first."""

    number: str
    asks: str = ""


class Fitting(msgspec.Struct, frozen=True, tag="fitting"):
    """Several lots fit what was typed; which one is asked for."""

    text: str
    numbers: list[str]


class Languages(msgspec.Struct, frozen=True, tag="languages"):
    """The language is asked for."""


class Wishes(msgspec.Struct, frozen=True, tag="wishes"):
    """How one is told is on screen; `asking`: which of it is to be changed; `first`: from which person on."""

    asking: str = ""
    first: int = 0


Step = (
    Home
    | Asked
    | Doubted
    | ReadOff
    | Judging
    | Evidence
    | Correcting
    | Finished
    | NcrShown
    | Outcome
    | Missing
    | Label
    | Card
    | Fitting
    | Languages
    | Wishes
)


class Talk(msgspec.Struct):
    """One person's dialogue with one bot.

    `live`: the live message's id; `stamp` names its present state, so that a button of an earlier one is
    known as stale; `presses`: what its buttons mean, in order; `below`: messages that came after it;
    `at`: when a person last did something here; `reminded`: of what was left then. `parked`: the step at an
    item that was left so long that its inspection went back to the pool.
    """

    step: Step = Home()
    live: int | None = None
    stamp: str = ""
    presses: list[list[str]] = []
    below: int = 0
    at: str = ""
    reminded: bool = False
    parked: Asked | Doubted | ReadOff | Judging | Evidence | None = None


def talk_of(stored: Conversation | None) -> Talk:
    """As it was kept; a new one where there is none or an older version wrote it."""
    if stored is None:
        return Talk()
    try:
        return msgspec.convert(stored.data, Talk)
    except msgspec.ValidationError:
        return Talk()


def stored_form(id: str, talk: Talk) -> Conversation:
    """The row to keep."""
    return Conversation(id, type(talk.step).__name__, msgspec.to_builtins(talk))
