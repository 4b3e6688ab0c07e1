"""The ceremony's rules: the sentence that is signed, what a session still has to show, when signing locks."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.domain.certificates import Language
from backend.domain.signatures import Meaning
from backend.domain.words import Words

WORDING_VERSION = 1
"""Stands in every signed record; a changed sentence gets a new number and the old ones stay readable."""

STATEMENTS: dict[Meaning, Words] = {
    "release": Words(
        "I have reviewed the record above and release {quantity} {unit} of lot {lot} for use.",
        "本人已审核上述记录，放行批次 {lot}，数量 {quantity} {unit}。",
    ),
    "conditional": Words(
        "I have reviewed the record above and release {quantity} {unit} of lot {lot} for use at risk, not for "
        "shipping, until the final decision: {condition}.",
        "本人已审核上述记录，有条件放行批次 {lot}，数量 {quantity} {unit}，"
        "仅供内部使用并承担风险，最终决定前不得发货：{condition}。",
    ),
    "concession": Words(
        "I have reviewed the record above and accept {quantity} {unit} of lot {lot} by concession until {ends_on}: "
        "{condition}.",
        "本人已审核上述记录，让步接收批次 {lot}，数量 {quantity} {unit}，有效期至 {ends_on}：{condition}。",
    ),
    "production": Words(
        "I have reviewed the record above and release {quantity} {unit} of lot {lot} from production, "
        "not for the market.",
        "本人已审核上述记录，对批次 {lot} 作生产放行，数量 {quantity} {unit}，未经上市放行不得上市。",
    ),
    "take_over": Words(
        "I have reviewed the record above and take over {quantity} {unit} of lot {lot} as released before Lotgate by "
        "{released_by} on {released_on}, reference {reference}.",
        "本人已审核上述记录，接管批次 {lot}，数量 {quantity} {unit}："
        "该批已由 {released_by} 于 {released_on} 在启用 Lotgate 前放行，依据 {reference}。",
    ),
    "reject": Words(
        "I have reviewed the record above and reject {quantity} {unit} of lot {lot}.",
        "本人已审核上述记录，拒收批次 {lot}，数量 {quantity} {unit}。",
    ),
}
ACCOUNTABILITY = Words(
    "My electronic signature is the legally binding equivalent of my handwritten signature. "
    "I alone use it, and I answer for everything signed with it.",
    "本人的电子签名与手写签名具有同等法律效力。该签名仅由本人使用，本人对以其签署的一切内容负责。",
)

SIGNING_SESSION = timedelta(minutes=15)
"""After this long without a signature both components are asked for again (11.200(a)(1)(ii))."""
REQUEST_LIFE = timedelta(minutes=5)
MOST_FAILURES = 5
LOCK = timedelta(minutes=15)


LIST_STATEMENT = Words(
    "I have reviewed each of the {count} records listed and take over each of these lots as released before Lotgate, "
    "by whom, when and by which reference its record says.",
    "本人已逐一审核所列 {count} 份记录，并按各记录所载放行人、日期和依据，接管这些批次在启用 Lotgate 前的放行。",
)
"""Signed once for a list of lots; each lot's record holds its own sentence."""


def statement(meaning: Meaning, language: Language, **facts: str) -> str:
    """The sentence that the signer sees and signs: of `lot` and `quantity` `unit`, its `condition`, `ends_on`,
    and what it is taken over by."""
    return STATEMENTS[meaning].in_language(language).format(**facts)


def password_needed(signed_at: str | None, now: str) -> bool:
    """Whether this signature also needs the password: the first of a session, and after a pause (SIG-3)."""
    if signed_at is None:
        return True
    return datetime.fromisoformat(now) - datetime.fromisoformat(signed_at) > SIGNING_SESSION


def locked_until(failures: int, now: str) -> str | None:
    """When signing opens again after this many failures in a row; None: it is open (SIG-6)."""
    if failures < MOST_FAILURES:
        return None
    return instant(datetime.fromisoformat(now) + LOCK)


def instant(moment: datetime) -> str:
    """The one text form of an instant."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def later(now: str, span: timedelta) -> str:
    """The instant `span` after `now`."""
    return instant(datetime.fromisoformat(now) + span)
