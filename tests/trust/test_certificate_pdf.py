"""The certificate on paper: what must stand on it, in both languages, and nothing lost on the way."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import pytest
import typst
from pypdf import PdfReader

from backend.domain.certificates import Certificate, CertificateRecord, MissingLabels
from backend.outside import certificate_pdf as printing
from backend.outside.certificate_pdf import certificate_pdf, local_time
from backend.outside.font_coverage import has, printable
from tests.trust.proof_files import record

replace = msgspec.structs.replace
DIGEST, FINGERPRINT = "5a" * 32, "c3" * 32
ROOT = "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08="


def certificate(shown: CertificateRecord | None = None) -> Certificate:
    return Certificate(
        record=shown or record(),
        signed_at="2026-11-23T18:18:00.123456Z",
        signature_id="0190a000-0000-7000-8000-000000000099",
        record_digest=DIGEST,
        fingerprint=FINGERPRINT,
        checkpoint=f"maker.example/lotgate\n1234\n{ROOT}\n",
    )


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.proves("SIG-1")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_signature_shows_name_time_with_offset_and_meaning(language: Any) -> None:
    text = text_of(certificate_pdf(certificate(), language))
    for part in ("Zhou Min 周敏", "2026-11-24 02:18:00 +08:00 (Asia/Shanghai)", "放行", "release", DIGEST):
        assert part in text
    assert record().signature.statement in text


@pytest.mark.proves("AUD-5")
def test_it_says_whether_data_was_changed_since_first_entry() -> None:
    changed = record()
    unchanged = replace(
        changed, corrections=replace(changed.corrections, changed_since_first_entry=False, count=0)
    )
    assert "是 yes · 更正次数 corrections 1" in text_of(certificate_pdf(certificate(changed), "zh"))
    assert "否 no" in text_of(certificate_pdf(certificate(unchanged), "zh"))


def test_every_word_of_the_record_is_printed() -> None:
    shown = record()
    text = "".join(text_of(certificate_pdf(certificate(), "en")).split())
    # ids and codes have words on paper; the rest stands as it is
    coded = {shown.format, shown.signature.signer.person_id, "passkey", "incoming", "en", "Asia/Shanghai"}
    printed = [leaf for leaf in leaves(msgspec.to_builtins(shown)) if leaf not in coded]
    missing = [leaf for leaf in printed if "".join(leaf.split()) not in text]
    assert len(printed) > 30
    assert missing == []
    assert ROOT in text and FINGERPRINT in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_bytes_twice_and_archivable(language: Any) -> None:
    pdf = certificate_pdf(certificate(), language)
    assert pdf == certificate_pdf(certificate(), language)
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert pdf != certificate_pdf(certificate(record("TB-2611-08")), language)


def test_one_in_another_order_for_another_reader() -> None:
    zh, en = (text_of(certificate_pdf(certificate(), language)) for language in ("zh", "en"))
    assert zh.startswith("批次放行证书") and en.startswith("Certificate of lot release")
    rejected = replace(record(), decision=replace(record().decision, disposition="reject"))
    assert text_of(certificate_pdf(certificate(rejected), "en")).startswith("Certificate of lot disposition")


@pytest.mark.proves("LBL-8")
def test_scanned_markup_is_plain_text() -> None:
    tricks = '#sys.inputs *x* _y_ $z$ `q` <b> \\ "quoted" // = h'
    shown = replace(record(), lot=replace(record().lot, supplier=tricks))
    assert tricks in text_of(certificate_pdf(certificate(shown), "en"))


def test_a_character_without_a_shape_is_named_never_dropped() -> None:
    assert printable("𠮷野 a\u200bb\u202e\n") == "[U+20BB7]野 a[U+200B]b[U+202E][U+000A]"
    shown = replace(record(), lot=replace(record().lot, supplier="𠮷野家"))
    assert "[U+20BB7]野家" in text_of(certificate_pdf(certificate(shown), "zh"))
    for text in ("中文字符 Äöß 5 µm ≤ 37 ℃ ± 0.05 % Ω ① ￥ 《》 喆堃", "批次放行证书"):
        assert all(map(has, text)) and printable(text) == text


def test_the_naive_print_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin hands the text over as it is; PDF/A refuses a character without a shape."""
    monkeypatch.setattr(printing, "printable", lambda text: text)
    shown = replace(record(), lot=replace(record().lot, supplier="𠮷野家"))
    with pytest.raises(typst.TypstError):
        certificate_pdf(certificate(shown), "zh")


def test_long_words_stay_on_the_page_and_many_results_go_on() -> None:
    first = record().inspections[0].results[0]
    many = [replace(first, characteristic=f"C{number}", readings=["4.10"] * 125) for number in range(12)]
    shown = replace(record("N" * 120 + "-END"), inspections=[replace(record().inspections[0], results=many)])
    pdf = certificate_pdf(certificate(shown), "en")
    text = "".join(text_of(pdf).split()).replace("\u200b", "")
    assert "N" * 120 + "-END" in text and "C11" in text
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 2


def test_local_time_keeps_the_offset() -> None:
    assert local_time("2026-07-01T00:30:00.000000Z", "America/New_York") == "2026-06-30 20:30:00 -04:00"
    assert local_time("2026-11-23T18:18:00.999999Z", "Asia/Kolkata") == "2026-11-23 23:48:00 +05:30"


@pytest.mark.proves("QUA-9")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_missing_labels_are_printed_with_who_accepted_them(language: Any) -> None:
    lost = MissingLabels(2, 500, ["torn #by *the* press"], ["Li Na 李娜"])
    shown = replace(record(), decision=replace(record().decision, missing_labels=lost))
    text = text_of(certificate_pdf(certificate(shown), language))
    assert "Missing labels" in text and "缺失的标签" in text
    assert "2 / 500 · torn #by *the* press · Li Na 李娜" in text
    assert "Missing labels" not in text_of(certificate_pdf(certificate(), language))
