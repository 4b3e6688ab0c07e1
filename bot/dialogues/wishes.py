"""The screens of how one is told: quiet hours, morning digest, deputy, channels. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from backend.views.ncrs import PersonRef
from backend.views.telling import TellingPage
from bot.screens import Button, Screen, rows_of
from bot.talk import Wishes
from bot.words.wording import Wording

SPANS = ("22:00-06:00", "20:00-07:00")
MORNINGS = ("07:00", "08:00")
PEOPLE_A_PAGE = 4


def wishes_screen(
    w: Wording, page: TellingPage, people: Sequence[PersonRef], step: Wishes, base_url: str
) -> Screen:
    """All of it, or the one that is to be changed."""
    if step.asking == "quiet":
        return _ask(w, "ask_quiet", [Button(each, ("wish", "quiet", each)) for each in SPANS], "quiet")
    if step.asking == "digest":
        return _ask(w, "ask_digest", [Button(each, ("wish", "digest", each)) for each in MORNINGS], "digest")
    if step.asking == "deputy":
        return _deputies(w, people, step.first)
    nothing = w.say("wish_none")
    lines: list[str] = [
        w.say("wishes"),
        w.say("wish_quiet", at=f"{page.quiet_from}–{page.quiet_until}" if page.quiet_from else nothing),
        w.say("wish_digest", at=page.digest_at or nothing),
        w.say("wish_deputy", name=page.deputy or nothing),
        *(
            w.say("wish_channel", name=each.name, kind=w.one_of("channel", each.kind))
            for each in page.channels
        ),
        w.say("wish_channels", link=f"{base_url}/#/telling"),
    ]
    rows = [
        [
            Button(w.say("button_quiet"), ("wishes", "quiet")),
            Button(w.say("button_digest"), ("wishes", "digest")),
        ],
        [
            Button(w.say("button_deputy"), ("wishes", "deputy")),
            Button(w.say("button_language"), ("languages",)),
        ],
        [Button(w.say("button_home"), ("home",))],
    ]
    return Screen("\n".join(lines), rows)


def _ask(w: Wording, key: str, choices: list[Button], of: str) -> Screen:
    off = Button(w.say("button_off"), ("wish", of, ""))
    return Screen(w.say(key), [choices, [off, Button(w.say("button_back"), ("wishes", ""))]])


def _deputies(w: Wording, people: Sequence[PersonRef], first: int) -> Screen:
    first = first if first < len(people) else 0
    page = people[first : first + PEOPLE_A_PAGE]
    rows = rows_of([Button(each.name, ("wish", "deputy", each.id)) for each in page])
    if len(people) > PEOPLE_A_PAGE:
        rows.append([Button(w.say("button_more"), ("wishes", "deputy", str(first + PEOPLE_A_PAGE)))])
    rows.append(
        [Button(w.say("button_nobody"), ("wish", "deputy", "")), Button(w.say("button_back"), ("wishes", ""))]
    )
    return Screen(w.say("ask_deputy"), rows)
