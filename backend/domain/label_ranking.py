"""Which reading of a code that lost its separators is the likeliest: what is known ranks, and never decides (LBL-2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from backend.domain.labels import read_label


class Known(msgspec.Struct, frozen=True):
    """What stands on record: device identifiers of items, and (device identifier, supplier lot) of their lots."""

    identifiers: frozenset[str] = frozenset()
    lots: frozenset[tuple[str, str]] = frozenset()


class Ranking(msgspec.Struct, frozen=True):
    """The readings, likeliest first. `likeliest` is one whose lot is on record where no other's is."""

    readings: list[str]
    likeliest: str | None = None


def rank(readings: Sequence[str], known: Known, today: date) -> Ranking:
    """Order readings (texts in brackets) by what is known; among equals the given order stays."""
    worth = {text: _worth(text, known, today) for text in readings}
    ranked = sorted(readings, key=lambda text: -worth[text])
    recorded = [text for text in ranked if worth[text] == 2]
    return Ranking(ranked, recorded[0] if len(recorded) == 1 else None)


def names_of(readings: Sequence[str], today: date) -> list[tuple[str, str]]:
    """(device identifier, lot) of every reading that has both: what to look for."""
    read = (read_label(text, today=today) for text in readings)
    return [(one.device_identifier, one.lot) for one in read if one.device_identifier and one.lot]


def _worth(text: str, known: Known, today: date) -> int:
    reading = read_label(text, today=today)
    if (reading.device_identifier, reading.lot) in known.lots:
        return 2
    return int(reading.device_identifier in known.identifiers)
