"""GS1 element strings, raw with FNC1 and in brackets, and what a lost FNC1 could have meant (LBL-2)."""

from __future__ import annotations

import re
from itertools import takewhile

import msgspec

from backend.domain.errors import Reason
from backend.domain.gs1_associations import broken
from backend.domain.gs1_identifiers import Identifier, check_value, identifier_at, identifiers

FNC1 = "\x1d"
_MOST_READINGS = 8
_LONGEST_UNSEPARATED = 500  # beyond, a message without separators is not searched for its readings
_MOST_STEPS = 5_000  # a string made to have millions of readings is given up as ambiguous


class Element(msgspec.Struct, frozen=True):
    """An application identifier and its value."""

    ai: str
    value: str


class Elements(msgspec.Struct, frozen=True):
    """What a message says. `readings`: more than one way to read it, in brackets; `elements`: what all share."""

    elements: list[Element]
    error: Reason | None = None
    readings: list[str] = []


def read_message(message: str, *, whole: bool = False, exact_separators: bool = False) -> Elements:
    """Read a raw message, FNC1 as \\x1d, without symbology identifier.

    `exact_separators`: whoever read it tells FNC1 apart and hands all of them on, as an FNC1 in the first place
    shows; one behind it then proves that every value ends where it says. In any other text each separator may
    have been lost, even where another is left: each split into application identifiers that keeps those there
    are is a possible reading; more than one, or one that needs a separator which is not there, is
    `label_ambiguous`.
    """
    exact_separators |= message.startswith(FNC1)
    message = message.removeprefix(FNC1)
    exact = _read_as_separated(message, whole=whole)
    if FNC1 in message and exact_separators:
        return exact
    splits, complete = _splits(message)
    if (not splits and exact.error is not None) or (complete and splits == [exact.elements]):
        return exact
    splits.sort(key=lambda split: checked(split).error is not None)
    readings = [in_brackets(split) for split in splits]
    certain = _shared(splits) if complete and len(splits) > 1 else _fixed_beginning(exact.elements)
    return Elements(certain, Reason("label_ambiguous", {"readings": readings}), readings)


def read_brackets(text: str, *, whole: bool = False) -> Elements:
    """Read `(01)...(10)...`, as printed under a code. A literal bracket in a value is written `\\(`."""
    pieces = re.split(r"(?<!\\)\(([0-9]{2,4})\)", text)
    if pieces[0].strip(" ") or len(pieces) < 3:
        return Elements([], Reason("not_a_label"))
    elements: list[Element] = []
    for ai, printed in zip(pieces[1::2], pieces[2::2], strict=True):
        identifier = identifiers().get(ai)
        digits_only = identifier is not None and all(part.characters == "N" for part in identifier.parts)
        value = printed.replace(" ", "") if digits_only else printed.strip(" ")
        if re.search(r"(?<!\\)\(", value):
            return Elements(elements, Reason("ai_value_invalid", {"ai": ai, "value": value}))
        elements.append(Element(ai, value.replace("\\(", "(")))
    return checked(elements, whole=whole)


def checked(elements: list[Element], *, whole: bool = False) -> Elements:
    """Check each value and the message as a whole; the same identifier twice must say the same.

    `whole`: these are all elements of the item, so what they need must be among them even where no key is.
    """
    for element in elements:
        if reason := check_value(element.ai, element.value):
            return Elements(elements, reason)
    values: dict[str, str] = {}
    for element in elements:
        if values.setdefault(element.ai, element.value) != element.value:
            return Elements(elements, Reason("ai_repeated", {"ai": element.ai}))
    once = elements if len(values) == len(elements) else [Element(ai, value) for ai, value in values.items()]
    return Elements(once, broken(values, whole=whole))


def in_brackets(elements: list[Element]) -> str:
    """The text that `read_brackets` reads back to these elements."""
    return "".join(f"({element.ai}){element.value.replace('(', chr(92) + '(')}" for element in elements)


def _read_as_separated(message: str, *, whole: bool) -> Elements:
    elements: list[Element] = []
    at = 0
    while at < len(message):
        identifier = identifier_at(message, at)
        if identifier is None:
            return Elements(elements, Reason("ai_unknown", {"ai": message[at : at + 4]}))
        at += len(identifier.ai)
        end = message.find(FNC1, at)
        end = len(message) if end < 0 else end
        if not identifier.separated:
            end = min(end, at + identifier.most)
        elements.append(Element(identifier.ai, message[at:end]))
        at = end + 1 if message[end : end + 1] == FNC1 else end
    return checked(elements, whole=whole) if elements else Elements([], Reason("not_a_label"))


def _splits(message: str) -> tuple[list[list[Element]], bool]:
    """The ways to split a message without separators, longest values first, and whether these are all.

    Only the form of the values counts here: a label may break GS1's other rules and still be the one printed.
    """
    found: list[list[Element]] = []
    steps = 0
    ways = _ways(message) if len(message) <= _LONGEST_UNSEPARATED else {}
    pending: list[tuple[int, list[Element]]] = [(0, [])]
    while pending:
        steps += 1
        at, elements = pending.pop()
        if message[at : at + 1] == FNC1:
            at += 1
        if at == len(message):
            found.append(list(dict.fromkeys(elements)))
        else:
            before = {each.ai: each.value for each in elements}
            fitting = [each for each in ways.get(at, ()) if before.get(each.ai, each.value) == each.value]
            pending += [
                (at + len(each.ai) + len(each.value), [*elements, each]) for each in reversed(fitting)
            ]
        if len(found) == _MOST_READINGS or steps > _MOST_STEPS:
            return found, not pending
    return found, bool(ways) or not message


def _ways(message: str) -> dict[int, list[Element]]:
    """Place -> the elements that may stand there, longest first, where the rest can be read behind them."""
    ways: dict[int, list[Element]] = {}
    length = len(message)

    def goes_on(end: int) -> bool:
        after = end + (message[end : end + 1] == FNC1)
        return after == length or after in ways

    for at, identifier in reversed(_places(message).items()):
        ai = identifier.ai
        start = at + len(ai)
        fitting = [
            Element(ai, message[start:end])
            for end in range(min(start + identifier.most, length), start + identifier.least - 1, -1)
            if goes_on(end) and check_value(ai, message[start:end]) is None
        ]
        if fitting:
            ways[at] = fitting
    return ways


def _places(message: str) -> dict[int, Identifier]:
    """Place -> the identifier there, wherever the lengths of values before it let one begin."""
    places: dict[int, Identifier] = {}
    open_ends = {0}
    for at in range(len(message)):
        if at in open_ends and (identifier := identifier_at(message, at)):
            places[at] = identifier
            start = at + len(identifier.ai)
            open_ends.update(range(start + identifier.least, start + identifier.most + 2))
    return places


def _shared(splits: list[list[Element]]) -> list[Element]:
    """The elements at the beginning on which all readings agree."""
    shared: list[Element] = []
    for same in zip(*splits, strict=False):
        if any(element != same[0] for element in same):
            break
        shared.append(same[0])
    return shared


def _fixed_beginning(elements: list[Element]) -> list[Element]:
    """The elements before the first whose end only a separator could tell."""
    return list(takewhile(lambda element: not identifiers()[element.ai].separated, elements))
