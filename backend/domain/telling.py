"""How a person wants to be told: quiet hours, a morning digest, who stands in, and channels beside page and bot.

| what waits                       | told                                                                     |
|----------------------------------|--------------------------------------------------------------------------|
| anything in quiet hours          | when they end                                                            |
| a recall                         | at once, whatever the hour                                               |
| a release that nobody decides on | after 10 min to the deputy of whoever was asked, after 30 to the manager |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from backend.domain.errors import Reason
from backend.domain.signing import instant

DEPUTY_AFTER = timedelta(minutes=10)
MANAGER_AFTER = timedelta(minutes=30)
REMINDED_AFTER = timedelta(days=1)
"""Whoever is to answer a release that was sent back."""
LONGEST_NAME = 60
MANY = 6
"""From so many messages at once for one chat or channel they come as one digest."""
Kind = Literal["wecom", "dingtalk", "feishu", "email", "apprise", "web_push", "telegram_group"]
ROBOTS = ("wecom", "dingtalk", "feishu")
LOUD = ("recall",)
"""Notices whose code begins so ignore quiet hours."""
URGENT = (*LOUD, "release_", "revocation_waiting", "signing_locked", "channel_test")
"""What a channel that is kept for urgent matters still hears."""


class Telling(msgspec.Struct, frozen=True):
    """How one person is told; `id` is the person's. Times are `HH:MM` at the site; None: not wanted."""

    id: str
    site_id: str
    person_id: str
    quiet_from: str | None = None
    quiet_until: str | None = None
    digest_at: str | None = None
    deputy_id: str | None = None
    version: int = 1


class Channel(msgspec.Struct, frozen=True):
    """An address where notices are told too, as a card without values and with a link.

    `address`: a robot's key, a mail address, an apprise address, a browser's push address (`secret`: its keys, see
    `push.read_keys`), a Telegram group's id. `roles`: a group's channel
    hears what people of these roles are told; none: it is its person's own.
    """

    id: str
    site_id: str
    person_id: str
    kind: Kind
    name: str
    address: str
    secret: str | None
    roles: list[str]
    urgent_only: bool
    added_at: str
    ended_at: str | None = None
    version: int = 1


class ChannelAdded(msgspec.Struct, frozen=True):
    """Which channel there is now, without its address."""

    id: str
    kind: Kind
    name: str


class Sent(msgspec.Struct, frozen=True):
    """What became of a card: taken where `why` is None. `final`: it never will be. `wait`: seconds until it may."""

    why: str | None = None
    final: bool = False
    wait: float = 0.0


def is_loud(code: str) -> bool:
    """Whether a notice ignores quiet hours."""
    return code.startswith(LOUD)


def is_urgent(code: str) -> bool:
    """Whether a channel for urgent matters hears it."""
    return code.startswith(URGENT)


def quiet_until(telling: Telling | None, now: str, zone: str) -> str | None:
    """The instant at which this person's quiet hours end; None: they may be told now."""
    if telling is None or telling.quiet_from is None or telling.quiet_until is None:
        return None
    local = datetime.fromisoformat(now).astimezone(ZoneInfo(zone))
    begins, ends = _time(telling.quiet_from), _time(telling.quiet_until)
    clock = local.time().replace(tzinfo=None)
    inside = begins <= clock < ends if begins <= ends else clock >= begins or clock < ends
    return _next(local, ends) if inside else None


def next_at(at: str, now: str, zone: str) -> str:
    """The next instant at which clocks of the site show `HH:MM`, after `now`."""
    return _next(datetime.fromisoformat(now).astimezone(ZoneInfo(zone)), _time(at))


def shows(at: str | None, moment: str, zone: str) -> bool:
    """Whether the site's clocks show `HH:MM` at an instant."""
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    return at is not None and local.strftime("%H:%M") == at


def _next(local: datetime, at: time) -> str:
    day = local.date() if local.time().replace(tzinfo=None) < at else local.date() + timedelta(days=1)
    return instant(datetime.combine(day, at, local.tzinfo).astimezone(ZoneInfo("UTC")))


def _time(text: str) -> time:
    return time.fromisoformat(text)


def is_time(text: str | None) -> bool:
    """`HH:MM`, or none."""
    return text is None or re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is not None


def against_times(quiet_from: str | None, quiet_until: str | None, digest_at: str | None) -> list[Reason]:
    """Times are times of the day, and quiet hours have both ends, which differ."""
    given = {"quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at}
    reasons = [
        Reason("time_of_day", {"text": str(at)}, name) for name, at in given.items() if not is_time(at)
    ]
    halved = (quiet_from is None) != (quiet_until is None)
    if not reasons and (halved or (quiet_from is not None and quiet_from == quiet_until)):
        reasons.append(Reason("time_of_day", {"text": f"{quiet_from}-{quiet_until}"}, "quiet_until"))
    return reasons


_ADDRESSES: dict[Kind, str] = {
    "wecom": r"(?:https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=)?([0-9a-fA-F-]{20,64})",
    "dingtalk": r"(?:https://oapi\.dingtalk\.com/robot/send\?access_token=)?([0-9a-fA-F]{20,128})",
    "feishu": r"(?:https://open\.feishu\.cn/open-apis/bot/v2/hook/)?([0-9a-zA-Z-]{20,64})",
    "email": r"([A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)",
    "apprise": r"((?:discord|join|lark|pbul|pover|pushplus|pushy|schan|signl4|slack|spush|tgram|wxpusher|wxteams)://[!-~]{8,500})",
    "web_push": r"(https?://[!-~]{4,1000})",
    "telegram_group": r"(-\d{5,20})",
}
"""A robot's key alone is kept, and apprise services of a fixed host alone are taken: no address leads inside. Where a
push address leads is looked at like a webhook's, at every attempt."""


def read_address(kind: Kind, text: str) -> str | None:
    """What is kept of an address as it was pasted; None: it is none of this kind."""
    found = re.fullmatch(_ADDRESSES[kind], text.strip())
    return found[1] if found else None


def hears(channel: Channel, person_id: str, roles: Sequence[str], code: str) -> bool:
    """Whether a channel tells this notice to this person."""
    if channel.urgent_only and not is_urgent(code):
        return False
    return not set(channel.roles).isdisjoint(roles) if channel.roles else channel.person_id == person_id
