"""What sensors say of a place while things are made there: temperature, humidity, particles, pressure.

A value belongs to a place (the code of a line, a machine or a room), a quantity with its unit, and an instant. It goes
with a production order that names the place as its line or equipment, in the time in which that was made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import msgspec

from backend.domain.errors import Reason, refuse
from backend.domain.import_cells import YEARS
from backend.domain.signing import instant

MOST = 1000
"""Values of one command."""
LONGEST = 60
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,9})?")
_INSTANT = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年 ?([0-9]{1,2})月 ?([0-9]{1,2})日)[ T] *"
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)? *(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


class EnvironmentValue(msgspec.Struct, frozen=True):
    """One value; `at` when it was measured, UTC."""

    id: str
    site_id: str
    place: str
    quantity: str
    unit: str
    value: Decimal
    at: str
    person_id: str
    recorded_at: str


class EnvironmentLimit(msgspec.Struct, frozen=True):
    """Between which values, both right, a quantity is to stay at a place; None: none on that side."""

    id: str
    site_id: str
    place: str
    quantity: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    reason: str
    set_by: str
    set_at: str
    version: int = 1

    def holds(self, value: Decimal) -> bool:
        """Whether a value is within."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


class SensorSummary(msgspec.Struct, frozen=True):
    """What one sensor said in a time. `mean`: unweighted, one place finer than the values, half even. `outside`: how
    many were out of the limits, None where it has none; `outside_from`, `outside_until`: the first and the last."""

    place: str
    quantity: str
    unit: str
    count: int
    least: Decimal
    mean: Decimal
    most: Decimal
    low: Decimal | None
    high: Decimal | None
    outside: int | None
    outside_from: str | None = None
    outside_until: str | None = None


def summary(values: Sequence[EnvironmentValue], limit: EnvironmentLimit | None) -> SensorSummary:
    """Of one sensor's values, one at least, in the order of time."""
    numbers = [each.value for each in values]
    finer = min(int(number.as_tuple().exponent) for number in numbers) - 1
    mean = (sum(numbers, Decimal(0)) / len(numbers)).quantize(Decimal(1).scaleb(finer), ROUND_HALF_EVEN)
    stated = limit is not None and not (limit.low is None and limit.high is None)
    outside = [each.at for each in values if limit is not None and not limit.holds(each.value)]
    return SensorSummary(
        values[0].place, values[0].quantity, values[0].unit, len(values), min(numbers), mean, max(numbers),
        limit.low if limit else None, limit.high if limit else None, len(outside) if stated else None,
        outside[0] if outside else None, outside[-1] if outside else None,
    )  # fmt: skip


def against_limit(
    place: str, quantity: str, unit: str, low: Decimal | None, high: Decimal | None, reason: str
) -> list[Reason]:
    """Why these can't be limits."""
    found = [
        Reason("environment_text", {"text": text, "most": LONGEST}, name)
        for name, text in (("place", place), ("quantity", quantity), ("unit", unit))
        if len(text) > LONGEST or not text.isprintable() or (not text and name != "unit")
    ]
    if low is not None and high is not None and low > high:
        found.append(Reason("limits_crossed", {"low": format(low, "f"), "high": format(high, "f")}, "high"))
    if not reason.strip():
        found.append(Reason("reason_missing", field="reason"))
    return found


class StatedValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As a system says it: `at` ISO 8601; without an offset it is the site's time. `value`: a plain decimal as text."""

    place: str
    quantity: str
    unit: str
    at: str
    value: str


class ReadValue(msgspec.Struct, frozen=True):
    """As it was understood."""

    place: str
    quantity: str
    unit: str
    at: str
    value: Decimal


def read_values(stated: Sequence[StatedValue], zone: str, now: str) -> tuple[list[ReadValue], list[Reason]]:
    """What was understood, and what is wrong, each with its place in the list. Refuses too many at once, and none."""
    if not stated or len(stated) > MOST:
        raise refuse("environment_count", field="values", given=len(stated), most=MOST)
    found, reasons = [], []
    for place, each in enumerate(stated):
        texts = {
            "place": unicodedata.normalize("NFKC", each.place).strip(),
            "quantity": each.quantity.strip(),
            "unit": each.unit.strip(),
        }
        wrong = [
            Reason("environment_text", {"text": text, "most": LONGEST}, f"values.{place}.{name}")
            for name, text in texts.items()
            if len(text) > LONGEST or not text.isprintable() or (not text and name != "unit")
        ]
        at = read_instant(each.at, zone)
        if at is None or at > now:
            wrong.append(Reason("environment_time", {"text": each.at[:LONGEST]}, f"values.{place}.at"))
        value = _decimal(unicodedata.normalize("NFKC", each.value).strip().replace("\u2212", "-"))
        if value is None:
            wrong.append(Reason("environment_value", {"text": each.value[:LONGEST]}, f"values.{place}.value"))
        reasons += wrong
        if not wrong and at is not None and value is not None:
            found.append(ReadValue(texts["place"], texts["quantity"], texts["unit"], at, value))
    return found, reasons


def read_instant(text: str, zone: str) -> str | None:
    """UTC in the one text form: 2026-11-28 14:05, 2026/3/5 9:05:07, 2026年3月5日 9:05, T and an offset as in ISO 8601.

    None for what is no instant, a day without a time, or an hour that the site's clocks showed twice.
    """
    match = _INSTANT.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if match is None:
        return None
    year, _, *day, hour, minute, second, fraction, offset = match.groups()
    month, date = (int(each) for each in day if each is not None)
    clock = (int(hour), int(minute), int(second or 0), int((fraction or "").ljust(6, "0")[:6]))
    if int(year) not in YEARS:
        return None
    try:
        moment = datetime(int(year), month, date, *clock)
        if offset is not None:
            moment = datetime.fromisoformat(moment.isoformat() + offset)
        return instant(_at_site(moment, zone).astimezone(ZoneInfo("UTC")))
    except (ValueError, OverflowError):
        return None


def _at_site(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is not None:
        return moment
    local = moment.replace(tzinfo=ZoneInfo(zone))
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise ValueError("an hour that was twice, or never")
    return local


def _decimal(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
