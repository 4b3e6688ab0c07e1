"""What the letter and the reports of a recall say."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.certificates import Site as SiteName
from backend.domain.consignees import Consignee, Contact
from backend.domain.errors import refuse
from backend.domain.recall_papers import PaperLot, PaperParty, PaperSignature, PaperStock, RecallPaper
from backend.domain.recalls import MockRecall, Recall, RecallConsignee, Standing, mock_outcome, said
from backend.domain.signatures import Signature
from backend.domain.sites import Organisation, Site
from backend.domain.words import Words
from backend.store.aliases import aliases_at
from backend.store.reader import Reader
from backend.store.recalling import standings
from backend.store.shipping import shipped_of
from backend.views.lots import LotLine, lines_by_id
from backend.views.recalls import recall_view

_WORDS = msgspec.json.Decoder(Words)


async def recall_letter(read: Reader, recall_id: str, consignee_id: str) -> RecallPaper:
    """To one consignee, with the lots that they have."""
    recall = await read.get(Recall, recall_id)
    if recall.status not in ("in_force", "closed") or recall.second_at is None:
        raise refuse("recall_not_in_force", recall=recall.number, status=recall.status)
    to = await read.get(Consignee, consignee_id)
    stands = await standings(read, recall)
    own = [each for each in stands if each.line.consignee_id == consignee_id]
    if not own:
        raise refuse("consignee_not_of_recall", recall=recall.number)
    site, maker = await _house(read, recall.site_id)
    return RecallPaper(
        kind="letter",
        recall=recall.number,
        maker=maker.name,
        site=site,
        reason=recall.reason,
        basis=said(recall.basis),
        at=recall.second_at,
        language=to.language,
        code=to.code,
        name=to.name,
        address=to.address,
        contacts=[_contact(each) for each in to.contacts],
        due_on=recall.due_on,
        lots=await _lots(read, recall, own, stands),
    )


async def recall_report(read: Reader, recall_id: str) -> RecallPaper:
    """Of a recall, or of an exercise by its id."""
    mock = await read.first(MockRecall, "id = $1", recall_id)
    return (
        await _mock(read, mock)
        if mock is not None
        else await _recall(read, await read.get(Recall, recall_id))
    )


async def _recall(read: Reader, recall: Recall) -> RecallPaper:
    if recall.second_at is None:
        raise refuse("recall_not_in_force", recall=recall.number, status=recall.status)
    view = await recall_view(read, recall.id)
    site, maker = await _house(read, recall.site_id)
    stands = await standings(read, recall)
    lots = await lines_by_id(read, sorted({each.line.lot_id for each in stands}))
    parties = await read.all(RecallConsignee, "recall_id = $1", recall.id)
    known = {each.id: each for each in await read.all(Consignee, "site_id = $1", recall.site_id)}
    signatures = [
        await _signature(read, id) for id in (recall.first_signature_id, recall.second_signature_id) if id
    ]
    of_lot = {
        line.number: line for line in (await lines_by_id(read, await _recalled(read, recall.id))).values()
    }
    effect = view.effect
    return RecallPaper(
        kind="report",
        recall=recall.number,
        maker=maker.name,
        site=site,
        reason=recall.reason,
        basis=view.said,
        at=recall.second_at,
        language="en",
        stock=[
            PaperStock(
                each.number,
                each.item_code,
                of_lot[each.number].item.name,
                each.unit,
                f"{each.blocked:f}",
                f"{each.lies:f}",
                f"{each.disposed:f}",
            )
            for each in view.lots
        ],
        parties=sorted(
            (
                PaperParty(
                    known[each.consignee_id].code,
                    known[each.consignee_id].name,
                    [_contact(contact) for contact in known[each.consignee_id].contacts],
                    each.letter_at,
                    each.answered_at,
                    each.answer,
                    [
                        _lot(one, lots[one.line.lot_id], "")
                        for one in stands
                        if one.line.consignee_id == each.consignee_id
                    ],
                )
                for each in parties
            ),
            key=lambda party: party.code,
        ),
        figures=[
            ("consignees", str(effect.consignees)),
            ("written", str(effect.written)),
            ("answered", str(effect.answered)),
            ("accounted", f"{effect.accounted} %"),
            ("recovered", f"{effect.recovered} %"),
            ("first_letter", _hours(effect.first_letter_hours)),
            ("last_answer", _hours(effect.last_answer_hours)),
        ],
        signatures=signatures,
        ended_at=recall.ended_at,
        conclusion=recall.conclusion,
    )


async def _mock(read: Reader, mock: MockRecall) -> RecallPaper:
    outcome = mock_outcome(mock)
    site, maker = await _house(read, mock.site_id)
    found = {each.lot: each.found for each in mock.counted}
    names: dict[str, str] = dict(
        await read.rows("select code, name from item where site_id = $1", mock.site_id)
    )
    people: dict[str, str] = dict(
        await read.rows("select id, printed_name from person where site_id = $1", mock.site_id)
    )
    seconds = "" if outcome.seconds is None else f"{outcome.seconds // 60} min {outcome.seconds % 60} s"
    return RecallPaper(
        kind="mock",
        recall=mock.number,
        maker=maker.name,
        site=site,
        reason=mock.reason,
        basis=said(mock.basis),
        at=mock.started_at,
        language="en",
        stock=[
            PaperStock(
                lot.lot,
                lot.item,
                _WORDS.decode(names[lot.item]),
                lot.unit,
                f"{lot.on_hand:f}",
                found.get(lot.lot, ""),
                "",
            )
            for lot in mock.lots
        ],
        parties=[
            PaperParty(
                each.code,
                each.name,
                [_contact(contact) for contact in each.contacts],
                None,
                None,
                "reached" if each.code in mock.reached else "unreached",
                [
                    PaperLot(parts[0], "", Words("", ""), parts[2], parts[1], " ".join(parts[3:]))
                    for parts in (line.split(" ") for line in each.has)
                ],
            )
            for each in mock.consignees
        ],
        figures=[
            ("time", seconds),
            ("lots", str(outcome.lots)),
            ("counted", f"{outcome.on_hand} %"),
            ("consignees", str(outcome.consignees)),
            ("reached", str(outcome.reached)),
        ],
        signatures=[
            PaperSignature(people.get(mock.started_by, ""), mock.started_at),
            *(
                [PaperSignature(people.get(mock.finished_by or "", ""), mock.finished_at)]
                if mock.finished_at
                else []
            ),
        ],
        ended_at=mock.finished_at,
        conclusion=mock.note,
    )


async def _house(read: Reader, site_id: str) -> tuple[SiteName, Organisation]:
    site = await read.get(Site, site_id)
    return SiteName(site.code, site.name, site.zone), await read.get(Organisation, site.organisation_id)


async def _recalled(read: Reader, recall_id: str) -> list[str]:
    return [
        row[0] for row in await read.rows("select lot_id from recall_lot where recall_id = $1", recall_id)
    ]


async def _signature(read: Reader, signature_id: str) -> PaperSignature:
    found = await read.get(Signature, signature_id)
    return PaperSignature(found.printed_name, found.signed_at, found.digest)


async def _lots(read: Reader, recall: Recall, own: list[Standing], stands: list[Standing]) -> list[PaperLot]:
    """What was shipped to an alias went to the consignee that it is, where the recall asks that one."""
    kept = await aliases_at(read, recall.site_id, "consignee")
    asked = {(each.line.consignee_id, each.line.lot_id) for each in stands}
    to = own[0].line.consignee_id
    ids = sorted({each.line.lot_id for each in own})
    lines = await lines_by_id(read, ids)
    sent: dict[str, list[str]] = {}
    for line in await shipped_of(read, "lot_id", ids):
        named = line.consignee_id
        if named == to or (kept.get(named) == to and (named, line.lot_id) not in asked):
            sent.setdefault(line.lot_id, []).append(f"{line.shipment} ({line.shipped_at[:10]})")
    return [
        _lot(each, lines[each.line.lot_id], ", ".join(dict.fromkeys(sent.get(each.line.lot_id, []))))
        for each in own
    ]


def _lot(each: Standing, line: LotLine, shipments: str) -> PaperLot:
    fate = each.line.fate
    return PaperLot(
        each.lot,
        line.item.code,
        line.item.name,
        line.item.unit,
        f"{each.line.quantity:f}",
        shipments,
        f"{fate.returned:f}" if fate is not None else "",
        f"{fate.destroyed:f}" if fate is not None else "",
        f"{fate.used:f}" if fate is not None else "",
        f"{fate.lost:f}" if fate is not None else "",
        f"{each.came_back:f}",
    )


def _contact(contact: Contact) -> str:
    return " · ".join(part for part in (contact.name, contact.phone, contact.email) if part)


def _hours(hours: Decimal | None) -> str:
    return "" if hours is None else f"{hours} h"
