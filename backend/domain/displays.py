"""Numbers on the photo of a gauge's display: proposals for an answer, which a person confirms or types instead.

| what is on the photo           | proposed                                                  |
|--------------------------------|-----------------------------------------------------------|
| one number                     | it                                                        |
| a number and its unit          | the number                                                |
| several numbers                | the tallest first: a display is larger than its labels    |
| a number that lies upside down | as the picture lies: people hold a phone upright          |
| no number                      | nothing: the photo is kept, and the number is typed       |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

MOST = 3
SURE = 0.6
"""Below this the engine guesses."""
_NUMBER = re.compile(r"(?<![\d.,A-Za-z])[-−–]?\s?\d{1,7}(?:[.,]\d{1,6})?(?![\d.,])")


class Seen(msgspec.Struct, frozen=True):
    """A line on a photo; `height` in pixels, `score` 0 to 1."""

    text: str
    height: float
    score: float


def numbers_on(lines: Iterable[Seen], lower: Decimal | None, upper: Decimal | None) -> list[str]:
    """Up to three numbers as one would type them, the likeliest first: tall ones, then those near the limits."""
    found: dict[str, tuple[float, bool]] = {}
    for line in lines:
        if line.score < SURE:
            continue
        for match in _NUMBER.finditer(line.text):
            text = re.sub(r"^[−–]", "-", match[0].replace(" ", "")).replace(",", ".")
            near = _near(Decimal(text), lower, upper)
            found[text] = max(found.get(text, (0.0, near)), (line.height, near))
    tallest = max((height for height, _ in found.values()), default=0.0)
    ranked = sorted(
        found, key=lambda text: (found[text][0] < tallest / 2, not found[text][1], -found[text][0])
    )
    return ranked[:MOST]


def _near(value: Decimal, lower: Decimal | None, upper: Decimal | None) -> bool:
    """Within a whole width of the limits, or ten times the only one."""
    if lower is not None and upper is not None:
        return lower - (upper - lower) * 10 <= value <= upper + (upper - lower) * 10
    limit = lower if lower is not None else upper
    return limit is None or abs(value) <= max(10 * abs(limit), Decimal(1))


def seen(lines: Sequence[tuple[str, str, float, float]]) -> list[Seen]:
    """Lines as (text, text as the picture lies, height, score): the latter counts where there is one."""
    return [Seen(as_lies or text, height, score) for text, as_lies, height, score in lines]
