"""GS1 element strings, raw with FNC1 and in brackets, and what a lost FNC1 could have meant (LBL-2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

import msgspec

from backend.domain.errors import Reason
from backend.domain.gs1_identifiers import EXCLUDED, check_value, identifier_at, identifiers

FNC1 = "\x1d"
_MOST_READINGS = 8
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


def read_message(message: str) -> Elements:
    """Read a raw message, FNC1 as \\x1d, without symbology identifier.

    One FNC1 behind the first place shows that the reader hands separators on: then every value ends where it
    says. Without any, each split into application identifiers is a possible reading; more than one, or one
    that needs a separator which is not there, is `label_ambiguous`.
    """
    message = message.removeprefix(FNC1)
    exact = _read_as_separated(message)
    if FNC1 in message:
        return exact
    splits, complete = _splits(message)
    if not splits and complete:
        return exact if exact.error else Elements([], Reason("not_a_label"))
    if complete and splits == [exact.elements] and exact.error is None:
        return exact
    readings = [in_brackets(split) for split in splits]
    certain = _shared(splits) if complete and len(splits) > 1 else _fixed_beginning(exact.elements)
    return Elements(certain, Reason("label_ambiguous", {"readings": readings}), readings)


def read_brackets(text: str) -> Elements:
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
    return checked(elements)


def checked(elements: list[Element]) -> Elements:
    """Check each value and the message as a whole; the same identifier twice must say the same."""
    values: dict[str, str] = {}
    for element in elements:
        if reason := check_value(element.ai, element.value):
            return Elements(elements, reason)
        if values.setdefault(element.ai, element.value) != element.value:
            return Elements(elements, Reason("ai_repeated", {"ai": element.ai}))
    if pair := next((pair for pair in EXCLUDED if set(pair) <= values.keys()), None):
        return Elements(elements, Reason("ai_pair_excluded", {"ais": list(pair)}))
    return Elements([Element(ai, value) for ai, value in values.items()])


def in_brackets(elements: list[Element]) -> str:
    """The text that `read_brackets` reads back to these elements."""
    return "".join(f"({element.ai}){element.value.replace('(', chr(92) + '(')}" for element in elements)


def _read_as_separated(message: str) -> Elements:
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
    return checked(elements) if elements else Elements([], Reason("not_a_label"))


def _splits(message: str) -> tuple[list[list[Element]], bool]:
    """The ways to split a message without separators, longest values first, and whether these are all."""
    found: list[list[Element]] = []
    steps = 0
    pending: list[Iterator[list[Element]]] = [iter([[]])]
    while pending:
        elements = next(pending[-1], None)
        if elements is None:
            pending.pop()
            continue
        steps += 1
        at = sum(len(element.ai) + len(element.value) for element in elements)
        if at == len(message):
            if elements and checked(elements).error is None:
                found.append(elements)
        else:
            pending.append(_next_elements(message, at, elements))
        if len(found) == _MOST_READINGS or steps > _MOST_STEPS:
            return found, False
    return found, True


def _next_elements(message: str, at: int, before: list[Element]) -> Iterator[list[Element]]:
    identifier = identifier_at(message, at)
    if identifier is None or any(element.ai == identifier.ai for element in before):
        return
    start = at + len(identifier.ai)
    longest = min(identifier.most, len(message) - start)
    for size in range(longest, identifier.least - 1, -1):
        element = Element(identifier.ai, message[start : start + size])
        if check_value(element.ai, element.value) is None:
            yield [*before, element]


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
