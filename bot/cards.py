"""A notice as a card for groups and foreign channels: what kind of thing, whose number, for whom; no value, no
name from outside, and a link that acts only for the one it is for (SIG-7, AUD-8)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from backend.domain.notices import Notice
from backend.domain.telling import is_urgent
from bot.words.wording import Wording, plain

NUMBERS = ("inspection", "ncr", "lot", "plan", "gauge", "assessment", "revocation", "recall", "document", "capa",
           "change", "complaint", "rework")  # fmt: skip
"""Facts that may stand on a card: numbers that we gave ourselves, and nothing that was measured or typed."""
KINDS = ("recall", "supplier", "release", "inspection", "ncr", "containment", "follow_up", "assessment", "gauge",
         "plan", "document", "training", "revocation", "capa", "change", "complaint", "rework", "lot", "channel",
         "morning")  # fmt: skip
"""By the first word of a notice's code, the first that fits."""
MOST_LINES = 12


class Card(msgspec.Struct, frozen=True):
    """`title` in a few words, `lines` below it, and where it leads."""

    title: str
    lines: list[str]
    link: str
    opens: str
    """What the link is called."""
    urgent: bool = False

    def text(self) -> str:
        """As plain text, the link last."""
        return "\n".join([self.title, *self.lines, self.link])


def card_of(w: Wording, notice: Notice, names: Sequence[str], base_url: str) -> Card:
    """One matter."""
    return Card(
        _title(w, notice),
        [plain(w.say("card_for", names=", ".join(names)))],
        f"{base_url}/n/{notice.id}",
        plain(w.say("card_open")),
        is_urgent(notice.code),
    )


def digest_of(w: Wording, notices: Sequence[Notice], base_url: str) -> Card:
    """Several at once."""
    lines = [f"· {_title(w, each)}" for each in notices[:MOST_LINES]]
    if len(notices) > MOST_LINES:
        lines.append(plain(w.say("digest_more", count=len(notices) - MOST_LINES)))
    title = plain(w.say("digest_head", count=len(notices)))
    return Card(title, lines, f"{base_url}/#/notices", plain(w.say("card_open")))


def handle_of(notice_id: str) -> str:
    """What a link into the chat carries: it names the notice, and grants nothing."""
    return f"n-{notice_id}"


def named_by(handle: str) -> str | None:
    """The notice's id; None where it is no such handle."""
    return handle.removeprefix("n-") if re.fullmatch(r"n-[0-9a-f-]{36}", handle) else None


def _title(w: Wording, notice: Notice) -> str:
    kind = next((each for each in KINDS if notice.code.startswith(each)), "other")
    numbers = [str(notice.facts[name]) for name in NUMBERS if isinstance(notice.facts.get(name), str)]
    return " · ".join([plain(w.say(f"card.{kind}")), *numbers])
