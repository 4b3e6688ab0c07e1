"""The fast reader against the slow one, over valid and spoilt messages."""

from __future__ import annotations

import random
from typing import NamedTuple

from backend.domain.gs1 import FNC1, read_message
from tests.campaigns import slow_reader
from tests.campaigns.label_maker import Maker, message

SIGNS = "0123456789" * 4 + "ABCZaz-/%#=@ " + FNC1
MOST_SHOWN = 10


class Agreement(NamedTuple):
    """How many messages both took, both refused, and the texts about which they differ."""

    taken: int
    refused: int
    differing: list[str]


def two_readers(count: int, seed: int) -> Agreement:
    """Every label, each second one spoilt; FNC1 at the end, so that separators are known to be there."""
    chance = random.Random(seed)
    maker, taken, refused, differing = Maker(chance), 0, 0, []
    for number in range(count):
        text = message(maker.label())
        text = (spoilt(text, chance) if number % 2 else text) + FNC1
        fast, slow = by_fast(text), slow_reader.read(text)
        taken, refused = taken + (fast is not None), refused + (fast is None)
        if fast != (slow and list(dict.fromkeys(slow))):
            differing.append(text.replace(FNC1, r"\x1d"))
    return Agreement(taken, refused, differing)


def by_fast(text: str) -> list[tuple[str, str]] | None:
    read = read_message(text, exact_separators=True)
    return None if read.error else [(element.ai, element.value) for element in read.elements]


def spoilt(text: str, chance: random.Random) -> str:
    """The message with one to three faults: a sign changed, lost, put in, exchanged; a piece moved or doubled."""
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(text))
        end = min(len(text), place + chance.randint(1, 20))
        text = (
            text[:place] + chance.choice(SIGNS) + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + chance.choice(SIGNS) + text[place:],
            text[:place] + text[place:end][::-1] + text[end:],
            text[place:end] + text[:place] + text[end:],
            text[:place] + text[place:end] + text[place:],
        )[chance.randrange(6)] or text
    return text


def table(found: Agreement) -> str:
    """The figures in words."""
    total = found.taken + found.refused
    shown = found.differing[:MOST_SHOWN]
    agreed = (total - len(found.differing)) / max(total, 1)
    head = (
        f"{total} messages: {found.taken} taken, {found.refused} refused; the readers agree on {agreed:.4%}"
    )
    return "\n".join([head, *shown])
