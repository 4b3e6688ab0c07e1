"""A recall, or an exercise of one, as a report: the fields of its paper, for machines too (QUA-6, QUA-7, AUD-4).

They are made of the very struct that the paper of a recall is printed from, so the two cannot differ.
"""

from __future__ import annotations

from typing import Any

from backend.domain.errors import NotFound, Reason
from backend.domain.recall_papers import PaperLot, PaperParty, RecallPaper
from backend.domain.recalls import MockRecall, Recall
from backend.domain.record_exports import Field, both, listed
from backend.domain.record_labels import RECALL_FIGURES
from backend.domain.words import Words
from backend.store.reader import Reader
from backend.views.recall_papers import recall_report


async def recall_fields(read: Reader, site_id: str, number: str, mock: bool) -> list[Field]:
    """By its number. Raises NotFound where there is none; refuses a recall that nobody has signed second."""
    named = ("site_id = $1 and number = $2", site_id, number.strip().upper())
    found = await read.first(MockRecall, *named) if mock else await read.first(Recall, *named)
    if found is None:
        raise NotFound(Reason("recall_unknown", {"recall": number}, "recall"))
    return fields_of_paper(await recall_report(read, found.id))


def fields_of_paper(paper: RecallPaper) -> list[Field]:
    """Everything that stands on it, section by section as there."""
    mock = paper.kind == "mock"
    head = {
        "number": paper.recall, "maker": both(paper.maker), "site": both(paper.site.name), "started_at": paper.at,
        "ended_at": paper.ended_at, "basis": paper.basis, "reason": paper.reason,
    }  # fmt: skip
    figures = [
        {"figure": both(Words(*RECALL_FIGURES[code])), "value": value}
        for code, value in paper.figures
        if value
    ]
    stock = [
        {"lot": each.lot, "item": each.item, "name": both(each.name), "unit": each.unit,
         "books" if mock else "blocked": each.blocked, "counted" if mock else "lies": each.found,
         "disposed": each.disposed}
        for each in paper.stock
    ]  # fmt: skip
    signed = [{"printed_name": each.name, "at": each.at, "digest": each.digest} for each in paper.signatures]
    return [
        *listed("recalled", [head]),
        *listed("recall_figure", figures),
        *listed("recall_stock", stock),
        *listed("party", [_party(each, mock) for each in paper.parties]),
        *listed("party_lot", [_lot(party, each) for party in paper.parties for each in party.lots]),
        *listed("conclusion", [{"conclusion": paper.conclusion}] if paper.conclusion else []),
        *listed("signed", signed),
    ]


def _party(party: PaperParty, mock: bool) -> dict[str, Any]:
    return {
        "code": party.code, "name": party.name, "contacts": "; ".join(party.contacts), "letter_at": party.letter_at,
        "answered_at": party.answered_at, "reached" if mock else "said": party.answer,
    }  # fmt: skip


def _lot(party: PaperParty, lot: PaperLot) -> dict[str, Any]:
    return {
        "consignee": party.code, "lot": lot.lot, "item": lot.item, "quantity": lot.quantity, "unit": lot.unit,
        "shipment": lot.shipments, "returned": lot.returned, "destroyed": lot.destroyed, "used": lot.used,
        "lost": lot.lost, "came_back": lot.came_back,
    }  # fmt: skip
