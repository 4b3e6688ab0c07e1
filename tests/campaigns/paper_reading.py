"""Certificates and the papers of a recall read back: whether a page says what its record says, all of it and nothing
else. Their layout is written down here a second time; their words are read from the page's own table."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pypdf

from backend.domain.certificates import Certificate, Decision, Inspection, Language
from backend.domain.recall_papers import PaperParty, RecallPaper
from backend.domain.words import Words
from backend.outside import certificate_pdf, recall_pdf
from backend.outside.certificate_pdf import local_time
from backend.outside.font_coverage import printable
from tests.campaigns.export_reading import squeezed

_WORD = re.compile(r'(\w+): \(\s*"([^"]*)",\s*"([^"]*)",?\s*\)')
_PLACES = {"zh": (0, 1), "en": (1, 0)}
Line = tuple[str, str | None]


@cache
def _words(page: Path) -> dict[str, tuple[str, str]]:
    """Chinese and English by code."""
    return {name: (zh, en) for name, zh, en in _WORD.findall(page.read_text("utf-8"))}


def read_pages(pdf: bytes, number: str, heads: Sequence[str]) -> str:
    """The text of all pages without white space, footers, and the heads of tables that go on."""
    found: list[str] = []
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        text, times = re.subn(
            rf"{re.escape(squeezed(printable(number)))}(页|page)\d+/\d+$", "", squeezed(page.extract_text())
        )
        assert times == 1, text[-60:]
        head = max((each for each in heads if found and text.startswith(each)), key=len, default="")
        found.append(text.removeprefix(head))
    return "".join(found)


class _Page:
    def __init__(self, page: Path, language: Language) -> None:
        self.words, self.language = _words(page), language

    def term(self, code: str) -> tuple[str, str]:
        """The reader's language first."""
        pair = self.words.get(code, (code, code))
        first, second = _PLACES[self.language]
        return pair[first], pair[second]

    def one(self, code: str) -> str:
        """In the reader's language alone."""
        return self.term(code)[0]

    def say(self, code: str) -> str:
        """In both."""
        return _both(*self.term(code))

    def ordered(self, name: Words) -> str:
        """A name of master data, the reader's language first."""
        return _both(*((name.zh, name.en) if self.language == "zh" else (name.en, name.zh)))


def _both(first: str, second: str) -> str:
    return first if first == second else f"{first} {second}"


# --- certificates


def certificate_agrees(pdf: bytes, certificate: Certificate, language: Language) -> bool:
    """Nothing before, between or after."""
    page = _Page(certificate_pdf.PAGE, language)
    head = squeezed("".join("".join(page.term(code)) for code in _RESULT))
    wanted = squeezed("".join(printable(part) for part in _certificate(certificate, page)))
    return read_pages(pdf, certificate.record.lot.number, [head]) == wanted


_RESULT = ("characteristic", "limits", "readings", "nonconforming", "verdict", "by")


def _certificate(paper: Certificate, page: _Page) -> Iterator[str]:
    record = paper.record
    kind = record.decision.disposition
    yield from page.term(f"title_{kind}" if kind in ("release", "take_over") else "title")
    site, item, lot = record.site, record.item, record.lot
    yield from _pairs(page, [
        ("maker", page.ordered(record.maker)), ("site", f"{site.code} · {page.ordered(site.name)}"),
        ("item", f"{item.code} · {page.ordered(item.name)}"), ("device_identifier", item.device_identifier),
        ("lot", lot.number), ("quantity", f"{lot.quantity} {lot.unit}"), ("supplier", lot.supplier),
        ("supplier_lot", lot.supplier_lot), ("receipt", lot.receipt), ("received_on", lot.received_on),
        ("made_on", lot.made_on), ("expires_on", lot.expires_on), ("verdict", page.say(record.verdict)),
    ])  # fmt: skip
    for inspection in record.inspections:
        yield from _inspected(inspection, page)
    yield page.say("decision")
    yield from _pairs(page, _decided(record.decision, page))
    again = record.corrections
    changed = f"{page.say('yes')} · {page.say('corrections')} {again.count}"
    yield from _pairs(page, [("changed", changed if again.changed_since_first_entry else page.say("no"))])
    yield page.say("signature")
    signing = record.signature
    head = " / ".join(paper.checkpoint.splitlines()) if paper.checkpoint else None
    yield from _pairs(page, [
        ("name", f"{signing.signer.name} ({signing.signer.login})"),
        ("time", f"{local_time(paper.signed_at, site.zone)} ({site.zone})"), ("meaning", page.say(signing.meaning)),
        ("statement", signing.statement), ("method", page.say(signing.method)), ("signature_id", paper.signature_id),
        ("digest", paper.record_digest), ("checkpoint", head), ("fingerprint", paper.fingerprint),
    ])  # fmt: skip
    yield page.say("check")
    text = certificate_pdf.PAGE.read_text("utf-8")
    zh, en = re.findall(r'^ {4}"(.+)",$', text[text.index("#for line in order((") :], re.M)
    yield from (zh, en) if page.language == "zh" else (en, zh)
    yield "python3 lotgate_verify.py LOT.lotgate --pdf LOT.pdf --key MAKER.vkey"


def _pairs(page: _Page, lines: Sequence[Line]) -> Iterator[str]:
    for code, value in lines:
        if value is not None:
            yield page.say(code)
            yield value


def _inspected(one: Inspection, page: _Page) -> Iterator[str]:
    yield f"{page.say('inspection')} {one.number} · {page.say(one.stage)}"
    yield f"{page.say('plan')} {one.plan} v{one.plan_version} · {page.say('sample')} {one.sample_size}"
    yield f"· {page.say('verdict')} {page.say(one.verdict)}"
    for code in _RESULT:
        yield from page.term(code)
    for each in one.results:
        yield f"{each.characteristic} {page.ordered(each.name)}"
        yield f"{each.limits} {each.unit or ''}"
        yield ", ".join(each.readings) or "–"
        yield f"{each.nonconforming} / {each.acceptance} (n {each.sample_size})"
        yield page.say(each.verdict)
        yield ", ".join(each.by) or "–"


def _decided(decision: Decision, page: _Page) -> list[Line]:
    lines: list[Line] = [
        ("decision", f"{page.say(decision.disposition)} · {decision.quantity} {decision.unit}")
    ]
    if (taken := decision.taken_over) is not None:
        on_paper = (taken.released_by, taken.released_on, taken.reference)
        lines += [
            ("old_number", taken.old_number),
            ("on_paper", " · ".join(each or "" for each in on_paper) if taken.released_by else None),
            ("imported", f"{taken.file} · {page.say('row')} {taken.line} · {taken.imported_by} · {taken.imported_on}"),
        ]  # fmt: skip
    lines += [("condition", decision.condition), ("ends_on", decision.ends_on)]
    parts = [
        " · ".join(
            text
            for text in (
                part.location, part.container, f"{part.quantity} {decision.unit}",
                f"{page.say('used')} {part.used}" if part.used else None,
            )
            if text is not None
        )
        for part in decision.parts
    ]  # fmt: skip
    lines.append(("parts", "; ".join(parts) if parts else None))
    lines.append(("left", None if decision.left in (None, "0") else f"{decision.left} {decision.unit}"))
    if (lost := decision.missing_labels) is not None:
        words = " · ".join((f"{lost.count} / {lost.printed}", *lost.reasons, *lost.accepted_by))
        lines.append(("missing_labels", words))
    lines += [
        ("stands", f"{each.inspection} ({', '.join(each.beside)}): {each.reason}") for each in decision.stands
    ]
    return lines


# --- papers of a recall


def recall_agrees(pdf: bytes, paper: RecallPaper, language: Language) -> bool:
    """Nothing before, between or after."""
    page = _Page(recall_pdf.PAGE, language)
    heads = [squeezed("".join(map(page.one, codes))) for codes in _heads(paper)]
    wanted = squeezed("".join(printable(line) for part in _recall(paper, page) for line in part.splitlines()))
    return read_pages(pdf, paper.recall, heads) == wanted


_FATES = ("returned", "destroyed", "used", "lost")


def _heads(paper: RecallPaper) -> list[tuple[str, ...]]:
    """Of the tables, in the order in which they stand."""
    if paper.kind == "letter":
        return [("lot", "item", "quantity", "shipments"), ("lot", "quantity", *_FATES)]
    if paper.kind == "mock":
        return [("lot", "item", "books", "found", "disposed"), ("lot", "quantity", "shipments")]
    return [("lot", "item", "blocked", "lies", "disposed"), ("lot", "quantity", *_FATES, "came_back")]


def _recall(paper: RecallPaper, page: _Page) -> Iterator[str]:
    zone = paper.site.zone
    letter, first, second = paper.kind == "letter", *_heads(paper)

    def own(name: Words) -> str:
        return name.in_language(page.language)

    def product(item: str, name: Words) -> str:
        return " · ".join(part for part in (item, own(name)) if part) or "–"

    yield page.one(paper.kind)
    if letter:
        yield page.one("urgent")
    yield from _said(page, 
        ("number", paper.recall), ("from", f"{own(paper.maker)} · {own(paper.site.name)}"),
        ("to", f"{paper.code} · {paper.name}\n{paper.address}" if letter else None),
        ("contacts", "\n".join(paper.contacts) if letter else None), ("started", _at(paper.at, zone)),
        ("ended", _at(paper.ended_at, zone)), ("basis", None if letter else paper.basis), ("why", paper.reason),
    )  # fmt: skip
    if letter:
        yield page.one("intro")
        yield page.one("lots")
        yield from map(page.one, first)
        for lot in paper.lots:
            yield lot.lot + product(lot.item, lot.name) + f"{lot.quantity} {lot.unit}" + lot.shipments
        yield page.one("what")
        for step in (1, 2, 3, 4):
            yield f"{step}." + page.one(f"step{step}").replace("{due}", paper.due_on)
        yield f"{page.one('form')} · {paper.recall} · {paper.code}"
        yield from map(page.one, second)
        for lot in paper.lots:
            yield f"{lot.lot}{lot.quantity} {lot.unit}"
        yield from map(page.one, ("name", "day", "signature"))
        return
    yield page.one("figures")
    yield from _said(page, *paper.figures)
    if paper.kind == "mock":
        yield page.one("nothing")
    yield page.one("stock")
    yield from map(page.one, first)
    for each in paper.stock:
        yield (
            each.lot
            + product(each.item, each.name)
            + f"{each.blocked} {each.unit}"
            + each.found
            + each.disposed
        )
    yield page.one("parties")
    if not paper.parties:
        yield page.one("nobody")
    for party in paper.parties:
        yield from _party(party, page, zone, second)
    if paper.conclusion is not None:
        yield page.one("conclusion")
        yield paper.conclusion
    yield page.one("people" if paper.kind == "mock" else "signatures")
    for signed in paper.signatures:
        yield from _said(
            page, ("name", signed.name), ("date", _at(signed.at, zone)), ("digest", signed.digest)
        )


def _said(page: _Page, *lines: Line) -> Iterator[str]:
    for code, value in lines:
        if value:
            yield page.one(code)
            yield value


def _at(instant: str | None, zone: str) -> str | None:
    return None if instant is None else local_time(instant, zone)


def _party(party: PaperParty, page: _Page, zone: str, head: Sequence[str]) -> Iterator[str]:
    yield f"{party.code} · {party.name}"
    answer = page.one(party.answer) if party.answer in ("reached", "unreached") else party.answer
    yield from _said(
        page, ("contacts", "\n".join(party.contacts)), ("letter_at", _at(party.letter_at, zone)),
        ("answered_at", _at(party.answered_at, zone)), ("said", answer),
    )  # fmt: skip
    yield from map(page.one, head)
    for lot in party.lots:
        yield f"{lot.lot}{lot.quantity} {lot.unit}" + "".join(getattr(lot, name) for name in head[2:])
