"""A notice as a message: what happened, and the one or two things that can be done about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.domain.notices import Notice
from backend.views.releases import ReleaseSheet
from bot.cards import Card
from bot.dialogues.worklist import release_address
from bot.screens import Button, Screen, fitted, notice_data
from bot.words.wording import Markup, Wording, escaped

CHARTED = "chart_signal"
"""Told with a picture where the chat takes one."""

RELEASES = ("release_waiting", "release_answered", "release_deputy", "release_escalated")
"""They ask for a decision."""
MOST_LINES = 20

ON_PAGE = {
    "capa": "capas",
    "change_request": "changes",
    "complaint": "complaints",
    "complaints": "complaints",
    "equipment": "equipment",
    "folder": "imports",
    "opening_stock": "opening",
    "report_schedule": "reports",
    "webhook": "webhooks",
}
"""Matters that are dealt with on the page; a promise made in one is kept in chat as well."""
WHOLE = frozenset({"complaints", "folder", "opening_stock", "webhook"})
"""Of these the page has a list and no screen for each."""

# code -> (verb, key of the button's text)
VERBS: dict[str, tuple[tuple[str, str], ...]] = {
    "inspection_opened": (("inspect", "button_inspect"),),
    "inspection_handed_over": (("inspect", "button_inspect"),),
    "ncr_opened": (("contain", "button_contain"), ("decide", "button_decide")),
    "ncr_reported": (("contain", "button_contain"), ("decide", "button_decide")),
    "ncr_due": (("open", "button_open_ncr"),),
    "ncr_overdue": (("open", "button_open_ncr"),),
    "containment_due": (("contain", "button_contain"),),
    "inspection_left": (("inspect", "button_inspect"),),
    "inspection_returned": (("inspect", "button_inspect"),),
    "morning_digest": (("work", "button_home"),),
    "release_sent_back": (("done", "button_answer"),),
    "follow_up_assigned": (("done", "button_done"),),
    "follow_up_due": (("done", "button_done"),),
    "follow_up_overdue": (("open", "button_open_ncr"),),
    "follow_up_done": (("open", "button_open_ncr"),),
}


def notice_text(w: Wording, notice: Notice) -> str:
    """The sentence; a notice of a later version says at least its code and facts."""
    key = f"notice.{notice.code}"
    facts = {name: _fact(w, name, value) for name, value in notice.facts.items()}
    if notice.code in RELEASES and "item" not in facts:
        facts["item"] = facts.get("ncr", "")
    if w.knows(key):
        return w.say(key, **facts)
    said = [f"{name} {value}" for name, value in facts.items()]
    return w.say("notice.other", code=notice.code, facts=said)


def _fact(w: Wording, name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return w.name(value)
    if name == "rules" and isinstance(value, list):
        return Markup("\n".join(w.one_of("nelson", str(rule)) for rule in value))
    if name in ("severity", "sampling", "stage", "status", "role") and isinstance(value, str):
        return w.one_of(name, value)
    if name == "reason" and isinstance(value, str):
        return w.one_of("reason", value)
    if name in ("at", "until") and isinstance(value, str):
        return w.clock(value)
    return value


def notice_screen(w: Wording, notice: Notice, sheet: ReleaseSheet | None, base_url: str) -> Screen:
    """The message as it is delivered; `sheet` for a release that waits."""
    text = notice_text(w, notice)
    if notice.code in RELEASES and sheet is not None:
        address = release_address(base_url, notice.subject_id)
        ways = [Button(w.say("button_open_release"), url=address)]
        if sheet.decided is None:
            ways.append(Button(w.say("button_send_back"), data=notice_data(notice.id, "send_back")))
        return Screen("\n".join([text, *_summary(w, sheet)]), [[way] for way in ways])
    if notice.code == CHARTED:
        address = f"{base_url}/#/signals/{notice.subject_id}"
        return Screen(text, [[Button(w.say("button_open_chart"), url=address)]])
    if notice.subject_kind == "recall":
        address = f"{base_url}/#/recalls/{notice.subject_id}"
        return Screen(text, [[Button(w.say("button_open_recall"), url=address)]])
    if notice.subject_kind == "supplier":
        address = f"{base_url}/#/suppliers/{notice.subject_id}"
        return Screen(text, [[Button(w.say("button_open_supplier"), url=address)]])
    verbs = VERBS.get(notice.code, ())
    row = [Button(w.say(key), data=notice_data(notice.id, verb)) for verb, key in verbs]
    if notice.subject_kind in ON_PAGE:
        own = "" if notice.subject_kind in WHOLE else f"/{notice.subject_id}"
        address = f"{base_url}/#/{ON_PAGE[notice.subject_kind]}{own}"
        kept = [button for (verb, _), button in zip(verbs, row, strict=True) if verb == "done"]
        row = [*kept, Button(w.say("button_open_page"), url=address)]
    return Screen(text, [row] if row else [])


def digest_screen(w: Wording, notices: Sequence[Notice]) -> Screen:
    """Several at once, a line each, and the way to what waits."""
    lines = [notice_text(w, each).split("\n", 1)[0] for each in notices[:MOST_LINES]]
    if len(notices) > MOST_LINES:
        lines.append(w.say("digest_more", count=len(notices) - MOST_LINES))
    button = Button(w.say("button_home"), data=notice_data(notices[-1].id, "work"))
    return Screen(fitted("\n".join([w.say("digest_head", count=len(notices)), *lines])), [[button]])


def group_screen(card: Card, link: str) -> Screen:
    """A card for a group: text without markup of its own, and one link."""
    lines = [escaped(line) for line in (card.title, *card.lines)]
    return Screen("\n".join(lines), [[Button(card.opens, url=link)]])


def _summary(w: Wording, sheet: ReleaseSheet) -> list[str]:
    """What, how it was judged, and what stands in the way: enough to know whether to open the page now."""
    verdicts = [inspection.verdict for inspection in sheet.inspections]
    verdict = "passed" if verdicts and all(each == "passed" for each in verdicts) else "failed"
    summary = w.say(
        "release_summary", quantity=sheet.quantity, unit=sheet.unit, verdict=w.one_of("status", verdict)
    )
    count = len(sheet.blockers)
    if not count:
        return [summary, w.say("release_clear"), w.say("release_page")]
    stands = [f"• {w.reason(reason)}" for reason in sheet.blockers[:5]]
    return [summary, w.say("release_stands", count=count), *stands, w.say("release_page")]


def settled_text(w: Wording, notice: Notice, code: str, by: str | None, at: str | None) -> str:
    """The message once its matter is done."""
    key = f"settled.{code}"
    said = w.say(key, by=by, at=w.time_after(at, notice.created_at) if at else "") if w.knows(key) else ""
    return "\n".join([notice_text(w, notice), said])
