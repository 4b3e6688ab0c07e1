"""Both languages say everything: the same keys with the same facts, every reason and notice that the bot meets,
markup that a chat takes."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from backend.domain.errors import Reason
from backend.domain.notices import Notice
from backend.domain.words import Words
from bot.dialogues.notices import ON_PAGE, notice_screen
from bot.words.wording import LANGUAGES, Wording
from tests.bot.bot_api import visible

ROOT = Path(__file__).parents[2]
IN_CHAT = (
    "backend/domain/answering.py",
    "backend/domain/answers.py",
    "backend/domain/errors.py",
    "backend/store/gauging.py",
    "backend/domain/gs1.py",
    "backend/domain/gs1_digital_link.py",
    "backend/domain/gs1_identifiers.py",
    "backend/domain/judging.py",
    "backend/domain/label_counts.py",
    "backend/domain/labels.py",
    "backend/domain/qualifications.py",
    "backend/domain/readings.py",
    "backend/domain/receiving.py",
    "backend/domain/releases.py",
    "backend/domain/rounding.py",
    "backend/domain/steps.py",
    "backend/domain/tallies.py",
    "backend/actions/bind_chat_account.py",
    "backend/actions/close_ncr.py",
    "backend/actions/complete_follow_up.py",
    "backend/actions/contain_ncr.py",
    "backend/actions/correct_result.py",
    "backend/actions/dispose_ncr.py",
    "backend/actions/receive_lot.py",
    "backend/actions/record_results.py",
    "backend/store/change.py",
    "backend/store/door.py",
    "backend/store/witness.py",
    "backend/views/lots.py",
    "backend/views/ncrs.py",
    "backend/views/scans.py",
    "scanner/picture.py",
    "scanner/header.py",
    "scanner/worker.py",
)
"""Where a refusal that chat may show is made. A plan's own faults are for the page where plans are made."""
NOT_SHOWN = {"resolution_missing"}


def codes_of(path: Path, makers: tuple[str, ...]) -> set[str]:
    """First arguments of calls that make a reason, a notice or a picture's problem."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for argument in node.args[:3]:
                if name in makers and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
                    break
    return found


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_sentences_with_the_same_facts() -> None:
    en, zh = LANGUAGES["en"], LANGUAGES["zh"]
    assert set(en) == set(zh)
    unlike = {key for key in en if facts_of(en[key]) != facts_of(zh[key])}
    assert unlike == set()


def test_a_missing_or_unlike_sentence_is_found() -> None:
    assert facts_of("{lot} of {item}") != facts_of("{lot}")
    assert codes_of(ROOT / "backend/domain/receiving.py", ("Reason", "refuse")) >= {
        "lot_expired",
        "item_unknown",
    }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_that_chat_may_meet_is_worded(language: str) -> None:
    makers = ("refuse", "Reason", "_failed", "_fault", "UnreadablePicture", "_lock")
    codes = set[str]().union(*(codes_of(ROOT / path, makers) for path in IN_CHAT)) - NOT_SHOWN
    assert len(codes) > 70
    assert {code for code in codes if f"reason.{code}" not in LANGUAGES[language]} == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_notice_is_worded(language: str) -> None:
    paths = [*(ROOT / "backend/actions").glob("*.py"), *(ROOT / "backend/store").glob("*.py")]
    source = "\n".join(path.read_text() for path in paths)
    told = set(re.findall(r"tx\.tell\(\s*[\w.]+,\s*\"(\w+)\"", source))
    told |= set(re.findall(r"tell_role\(\s*(?:\w+|\(.*?\)),\s*\"(\w+)\"", source, re.DOTALL))
    told |= {"lot_released", "lot_rejected"}  # chosen by the decision
    assert {"ncr_opened", "release_waiting", "follow_up_assigned", "plan_missing"} <= told
    assert {code for code in told if f"notice.{code}" not in LANGUAGES[language]} == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_sentence_is_markup_that_a_chat_takes(language: str) -> None:
    wording = Wording(language, "Asia/Shanghai")
    for key in LANGUAGES[language]:
        assert visible(wording.say(key))


def test_facts_from_outside_are_text_whatever_they_hold() -> None:
    wording = Wording("en")
    said = wording.say("linked", name="<b>x</b> & <a href='tg://x'>\x1d")
    assert visible(said) == "Linked to <b>x</b> & <a href='tg://x'>␝."
    reason = wording.reason(Reason("number_expected", {"text": "<i>" * 1000}))
    assert visible(reason).count("<i>") == 100


def test_a_naive_wording_lets_markup_through() -> None:
    naive = "Linked to <b>{name}</b>.".format(name="<a href='tg://user?id=1'>press me</a>")
    with pytest.raises(AssertionError):
        visible(naive)


def test_times_are_the_sites_own() -> None:
    wording = Wording("zh", "Asia/Shanghai")
    assert wording.clock("2026-11-23T18:03:00.000000Z") == "2026-11-24 02:03"
    assert wording.time_after("2026-11-23T18:03:00.000000Z", "2026-11-23T17:00:00.000000Z") == "02:03"
    assert wording.name(Words("Tubing", "导管")) == "导管"


@pytest.mark.parametrize("kind", sorted(ON_PAGE))
def test_the_button_of_a_matter_on_the_page_leads_to_a_screen_of_the_page(kind: str) -> None:
    routes = (ROOT / "pwa" / "src" / "window" / "routes.ts").read_text()
    patterns = re.findall(r'^ *\["(/[^"]*)", load', routes, re.MULTILINE)
    notice = Notice("n", "s", "p", "told", kind, "x1", {}, "2026-11-28T09:00:00.000000Z")
    (button,) = notice_screen(Wording("en", "Asia/Shanghai"), notice, None, "https://lots.example").rows[0]
    path = (button.url or "").removeprefix("https://lots.example/#")
    assert any(re.fullmatch(re.sub(":[a-z]+", "[^/]+", each), path) for each in patterns), path
