"""Ten answers in six seconds are told to the one who releases, and nobody is told on for a network that was gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.inspections import Reading
from backend.domain.pace import MANY, SPAN, hurried
from backend.domain.people import Source
from backend.domain.signing import instant

START = datetime(2026, 11, 23, 8, tzinfo=UTC)


def answers(
    at: Sequence[float],
    device: Sequence[float] | None = None,
    who: str = "li",
    inspection: str = "i1",
    source: Source = "phone",
) -> list[Reading]:
    """Answers at these seconds by the server's clock, and by the phone's where it gave its own."""
    return [
        Reading(
            id=f"{who}-{inspection}-{place:03}",
            site_id="s",
            inspection_id=inspection,
            sample_id=None,
            item_key=f"A-{place}",
            characteristic="A",
            entered="0",
            value=None,
            qualifier=None,
            verdict="conforming",
            status="current",
            person_id=who,
            source=source,
            at=moment(seconds),
            device_at=moment(device[place]) if device is not None else None,
            attachments=[],
        )
        for place, seconds in enumerate(at)
    ]


def moment(seconds: float) -> str:
    return instant(START + timedelta(seconds=seconds))


def every(step: float, count: int = 10, start: float = 0) -> list[float]:
    return [start + place * step for place in range(count)]


TOGETHER = every(0.01)
CASES = [
    ("ten in exactly six seconds", answers([*every(0.5, 9), 6]), ["li"]),
    ("ten in a little more", answers([*every(0.5, 9), 6.000001]), []),
    ("nine at once", answers(every(0, 9)), []),
    ("ten in one command", answers(every(0)), ["li"]),
    ("a burst in the middle of careful work", answers([*every(30, 5), *every(0.5, 10, 200), 900]), ["li"]),
    ("nine quick ones, then a pause, then nine", answers([*every(0.5, 9), *every(0.5, 9, 60)]), []),
    ("a minute apart, sent together", answers(TOGETHER, every(60)), []),
    ("hurried, and sent together", answers(TOGETHER, every(0.5)), ["li"]),
    ("sent together, times of the phone missing", answers(TOGETHER), ["li"]),
    (
        "a hurried run among what waited",
        answers(every(0.01, 20), [*every(60), *every(0.2, 10, 900)]),
        ["li"],
    ),
    ("two people, five each", answers(every(0.5, 5)) + answers(every(0.5, 5), who="garcia"), []),
    ("one person, two inspections", answers(every(0.5, 5)) + answers(every(0.5, 5), inspection="i2"), []),
    (
        "both of them hurried",
        answers(every(0.1), who="li") + answers(every(0.1), who="garcia"),
        ["garcia", "li"],
    ),
    ("an instrument", answers(every(0), source="instrument"), []),
    ("an import", answers(every(0), source="import"), []),
    ("buttons in chat", answers(every(0.3), source="chat"), ["li"]),
    ("nothing", [], []),
]


@pytest.mark.parametrize(
    ("readings", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_who_hurried(readings: list[Reading], expected: list[str]) -> None:
    assert hurried(readings) == expected
    assert hurried(reversed(readings)) == expected


def by_the_server_alone(readings: Iterable[Reading]) -> list[str]:
    """The broken twin: it takes what waited for the network for haste."""
    times = sorted(datetime.fromisoformat(one.at) for one in readings)
    runs = zip(times, times[MANY - 1 :], strict=False)
    return ["li"] if any(last - first <= SPAN for first, last in runs) else []


def test_the_naive_rule_accuses_whoever_had_no_network() -> None:
    waited = answers(TOGETHER, every(60))
    assert (hurried(waited), by_the_server_alone(waited)) == ([], ["li"])
