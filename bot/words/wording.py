"""Sentences in a person's language. Whatever comes from outside is escaped here, so that it is text in
every message (LBL-8)."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backend.domain.errors import LotgateError, Reason
from backend.domain.words import Words
from bot.words.en import SENTENCES as EN
from bot.words.en_notices import NOTICES as EN_NOTICES
from bot.words.en_reasons import REASONS as EN_REASONS
from bot.words.zh import SENTENCES as ZH
from bot.words.zh_notices import NOTICES as ZH_NOTICES
from bot.words.zh_reasons import REASONS as ZH_REASONS

LANGUAGES: dict[str, Mapping[str, str]] = {
    "en": {**EN, **EN_NOTICES, **EN_REASONS},
    "zh": {**ZH, **ZH_NOTICES, **ZH_REASONS},
}
LONGEST = 300
"""Characters of one fact in a message."""


class Markup(str):
    """Text that is marked up already; everything else is escaped."""

    __slots__ = ()


def escaped(value: object) -> str:
    """A value as message text: no markup, no control characters, cut where it has no end."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple):
        return ", ".join(escaped(each) for each in value)
    text = "" if value is None else str(value)
    shown = "".join(sign if sign.isprintable() else "␝" if sign == "\x1d" else " " for sign in text)
    if len(shown) > LONGEST:
        shown = shown[:LONGEST] + "…"
    return html.escape(shown, quote=False)


def plain(text: str) -> str:
    """A sentence for places without markup."""
    return html.unescape(re.sub(r"</?(?:b|i|code)>", "", text))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


class Wording:
    """The words for one person: language, and the site's time zone."""

    def __init__(self, language: str, zone: str = "UTC") -> None:
        self.language = "zh" if language.startswith("zh") else "en"
        self.zone = zone
        self._sentences = LANGUAGES[self.language]

    def say(self, key: str, **facts: object) -> Markup:
        """The sentence with its facts, escaped."""
        return Markup(
            self._sentences[key].format_map(_Facts({name: escaped(v) for name, v in facts.items()}))
        )

    def knows(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._sentences

    def one_of(self, family: str, value: str) -> Markup:
        """A word of a closed list (`status.held`); the value itself where the list does not hold it."""
        key = f"{family}.{value}"
        return self.say(key) if self.knows(key) else Markup(escaped(value))

    def name(self, words: Words | Mapping[str, object] | object) -> Markup:
        """A name of master data; a plain text stays what it is."""
        if isinstance(words, Words):
            return Markup(escaped(words.in_language(self.language)))
        if isinstance(words, Mapping):
            return Markup(escaped(words.get(self.language, "")))
        return Markup(escaped(words))

    def reason(self, reason: Reason) -> Markup:
        """Why something was not done, and what to do next."""
        key = f"reason.{reason.code}"
        facts = {name: self._fact(name, value) for name, value in reason.facts.items()}
        if self.knows(key):
            return self.say(key, **facts)
        return self.say("reason.other", code=reason.code)

    def _fact(self, name: str, value: object) -> object:
        """Codes among the facts in words; instants as local times."""
        if name in ("status", "state", "severity", "hold", "step") and isinstance(value, str):
            return self.one_of(name, value)
        if name == "printed_field" and isinstance(value, str):
            return self.one_of(name, value)
        if name in ("type", "wanted") and isinstance(value, str):
            return self.one_of("instrument", value)
        if name in ("at", "until") and isinstance(value, str):
            return self.clock(value)
        return value

    def reasons(self, error: LotgateError) -> Markup:
        """Every reason, one a line."""
        return Markup("\n".join(f"⚠️ {self.reason(reason)}" for reason in error.reasons))

    def clock(self, instant: str) -> str:
        """An instant as local date and time of the site: `2026-11-23 14:03`."""
        try:
            zone: ZoneInfo | None = ZoneInfo(self.zone)
        except ZoneInfoNotFoundError:  # no time zone data on this machine: UTC, and it says so
            zone = None
        moment = datetime.fromisoformat(instant)
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if zone else f"{instant[:16]}Z"

    def time_after(self, instant: str, since: str) -> str:
        """`14:03`, with its day where that is another than the day of `since`."""
        full, day = self.clock(instant), self.clock(since)[:10]
        return full.removeprefix(f"{day} ").removeprefix(f"{day}T")

    def limits(self, lower: Decimal | None, upper: Decimal | None) -> Markup:
        """`1.20–1.30`, `≥ 15`, `≤ 0.5`; empty where there are none."""
        if lower is not None and upper is not None:
            return Markup(f"{lower:f}–{upper:f}")
        if lower is not None:
            return Markup(f"≥ {lower:f}")
        return Markup(f"≤ {upper:f}" if upper is not None else "")
