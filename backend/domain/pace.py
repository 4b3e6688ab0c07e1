"""How fast answers came: ten in six seconds are more than anybody measures, so the one who releases is told.

answers of one person to one inspection              flagged
10 within 6 s by the server's clock                  yes, with or without the phone's own times
10 within 6 s by the server, 7 s by the phone        no: they waited for the network and came together
9 within 6 s, or 10 of two people                    no
10 from an instrument or an import                   no

It blocks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from backend.domain.inspections import Reading
from backend.domain.people import Source

MANY = 10
SPAN = timedelta(seconds=6)
BY_HAND: tuple[Source, ...] = ("phone", "chat", "command_line")


def hurried(readings: Iterable[Reading]) -> list[str]:
    """The ids of those who answered `MANY` items of one inspection within `SPAN`, sorted; corrections count too."""
    answers = sorted((one for one in readings if one.source in BY_HAND), key=_place)
    series = (list(group) for _, group in groupby(answers, lambda one: (one.person_id, one.inspection_id)))
    return sorted({one[0].person_id for one in series if _rushes(one)})


def _place(answer: Reading) -> tuple[str, str, str, str]:
    return (answer.person_id, answer.inspection_id, answer.at, answer.id)


def _rushes(answers: Sequence[Reading]) -> bool:
    runs = (answers[start : start + MANY] for start in range(len(answers) - MANY + 1))
    return any(_within([one.at for one in run]) and not _waited(run) for run in runs)


def _waited(run: Sequence[Reading]) -> bool:
    """Whether the phone's own clock says that these were entered more slowly than they arrived."""
    times = [one.device_at for one in run if one.device_at is not None]
    return len(times) == len(run) and not _within(times)


def _within(instants: Sequence[str]) -> bool:
    moments = [datetime.fromisoformat(one) for one in instants]
    return max(moments) - min(moments) <= SPAN
