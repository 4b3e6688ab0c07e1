"""Letters and reports of a recall: everything that has to stand on them, in both languages, nothing lost."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from backend.domain.certificates import Site
from backend.domain.recall_papers import PaperLot, PaperParty, PaperSignature, PaperStock, RecallPaper
from backend.domain.words import Words
from backend.outside.recall_pdf import recall_pdf

NAME = Words("Infusion set", "输液器")
LOT = PaperLot(
    "L26-000042", "SET-20", NAME, "pc", "40", "S26-000001 (2026-11-20)", "10", "5", "20", "5", "10"
)
LETTER = RecallPaper(
    kind="letter",
    recall="C26-000001",
    maker=Words("Lanting Medical", "兰亭医疗器械"),
    site=Site("SZ1", Words("Shenzhen works", "深圳工厂"), "Asia/Shanghai"),
    reason="连接处可能脱开 #1 *not markup*",
    basis="lot L26-000040",
    at="2026-11-23T18:18:00.000000Z",
    language="zh",
    code="H-01",
    name="上海第六人民医院",
    address="宜山路 600 号",
    contacts=["陈医生 · +86 21 5550 0100"],
    due_on="2026-11-27",
    lots=[LOT],
)
REPORT = msgspec.structs.replace(
    LETTER,
    kind="report",
    stock=[PaperStock("L26-000040", "NDL-21", Words("Needle", "针"), "pc", "1700", "1650", "50")],
    parties=[PaperParty("H-01", "上海第六人民医院", ["陈医生"], LETTER.at, LETTER.at, "by telephone", [LOT])],
    figures=[("accounted", "100 %"), ("recovered", "37 %"), ("first_letter", "0.5 h")],
    signatures=[PaperSignature("孙梅", LETTER.at, "5a" * 32), PaperSignature("周文", LETTER.at, "c3" * 32)],
    ended_at="2026-11-25T01:00:00.000000Z",
    conclusion="effective",
)
MOCK = msgspec.structs.replace(
    REPORT, kind="mock", figures=[("time", "42 min 7 s")], signatures=REPORT.signatures[:1]
)


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.proves("QUA-6")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("召回通知", "回执", "退回", "输液器", "2026-11-27")),
        ("en", ("Recallnotice", "Youranswer", "Sentback", "Infusionset")),
    ],
)
def test_a_letter_says_what_why_to_whom_and_asks_for_an_answer(language: Any, words: tuple[str, ...]) -> None:
    text = text_of(recall_pdf(LETTER, language))
    common = (
        "C26-000001",
        "上海第六人民医院",
        "宜山路600号",
        "陈医生",
        "L26-000042",
        "40pc",
        "*notmarkup*",
        "S26-000001",
    )
    assert [word for word in (*common, *words) if word not in text] == []
    assert "2026-11-2402:18:00+08:00" in text, "in the site's own time"
    assert "[U+" not in text


@pytest.mark.proves("QUA-6", "SIG-1")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_holds_figures_signatures_and_every_line(language: Any) -> None:
    text = text_of(recall_pdf(REPORT, language))
    wanted = ("100%", "37%", "0.5h", "孙梅", "周文", "5a" * 32, "1700", "1650", "bytelephone", "effective")
    assert [word for word in wanted if word not in text] == []


@pytest.mark.proves("QUA-7")
def test_the_report_of_an_exercise_says_its_time_and_that_nothing_changed() -> None:
    assert "42min7s" in text_of(recall_pdf(MOCK, "en"))
    assert "Thisexercisehaschangednostock" in text_of(recall_pdf(MOCK, "en"))
    assert "模拟召回报告" in text_of(recall_pdf(MOCK, "zh"))


def test_the_same_bytes_twice() -> None:
    assert recall_pdf(LETTER, "zh") == recall_pdf(LETTER, "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_address_and_a_reason_of_several_lines_are_lines_on_paper(language: Any) -> None:
    paper = msgspec.structs.replace(
        LETTER, address="1 Nanjing Road\r\nShanghai", reason="needles may break\nsee C-7\x0b"
    )
    text = text_of(recall_pdf(paper, language))
    assert "1NanjingRoadShanghai" in text and "needlesmaybreakseeC-7[U+000B]" in text
    assert "[U+000A]" not in text and "[U+000D]" not in text


def test_a_report_does_not_address_whoever_answered() -> None:
    for paper in (REPORT, MOCK):
        text = text_of(recall_pdf(paper, "en"))
        assert "Answerbytelephone" in text and "Youranswer" not in text
    assert "Youranswer" in text_of(recall_pdf(LETTER, "en"))
