"""What leaves a trial run says so in both languages: paper, labels, pictures; what leaves a real house never does."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from backend.domain.lot_labels import MEDIA, Media
from backend.domain.record_exports import RecordExport
from backend.outside.certificate_pdf import certificate_pdf
from backend.outside.chart_picture import svg_png
from backend.outside.label_print import labels_pdf
from backend.outside.recall_pdf import recall_pdf
from backend.outside.record_pdf import record_pdf
from backend.outside.trial_mark import is_trial
from tests.outside.test_label_print import LABELS, SAID, pages, read_back
from tests.outside.test_recall_pdf import LETTER
from tests.trust.test_certificate_pdf import certificate

RECORD = RecordExport("lot_history", "L26-000042", "Asia/Shanghai", "2026-11-23T18:18:00.000000Z", "孙梅", [])
PAPERS: dict[str, Callable[[], bytes]] = {
    "certificate": lambda: certificate_pdf(certificate(), "en"),
    "recall letter": lambda: recall_pdf(LETTER, "zh"),
    "record": lambda: record_pdf(RECORD, "en"),
    "labels": lambda: labels_pdf(LABELS, MEDIA[0], 1),
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def marked(pdf: bytes) -> list[bool]:
    """Of each page."""
    texts = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
    return ["试运行" in text and "TRIALRUN" in text for text in texts]


@pytest.mark.parametrize("paper", PAPERS)
def test_each_page_of_a_trial_run_is_marked(paper: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOTGATE_TRIAL", raising=False)
    assert not any(marked(PAPERS[paper]()))
    monkeypatch.setenv("LOTGATE_TRIAL", "https://trial.local:8443")
    assert not any(marked(PAPERS[paper]())), "an address is where one can practise, not here"
    monkeypatch.setenv("LOTGATE_TRIAL", "yes")
    assert is_trial() and all(marked(PAPERS[paper]()))


@pytest.mark.parametrize("media", MEDIA, ids=lambda media: media.name)
def test_a_marked_label_is_read_as_before(monkeypatch: pytest.MonkeyPatch, media: Media) -> None:
    monkeypatch.setenv("LOTGATE_TRIAL", "yes")
    printed = labels_pdf(LABELS, media, 1)
    assert all(marked(printed))
    assert dict(code for page in pages(printed, 300) for code in read_back(page)) == SAID


def test_a_picture_for_a_chat_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOTGATE_TRIAL", raising=False)
    real = svg_png(SVG)
    monkeypatch.setenv("LOTGATE_TRIAL", "yes")
    assert svg_png(SVG) != real
