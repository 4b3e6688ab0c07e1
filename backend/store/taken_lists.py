"""A list of lots that is taken over by one signature: the record of each, and the record of the list (ADR 38)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from backend.domain.canonical import canonical
from backend.domain.certificates import CertificateRecord, Language, ListRecord, Signer, Signing
from backend.domain.errors import Reason, Refused, refuse
from backend.domain.merkle import Tree, leaf_hash
from backend.domain.people import Who
from backend.domain.proofs import Listed
from backend.domain.releases import blockers
from backend.domain.signing import LIST_STATEMENT, WORDING_VERSION
from backend.store.change import Change
from backend.store.deciding import Asked, Dossier, dossier
from backend.store.signing import release_record

MOST = 200
"""Lots of a list: what a person can go through at a sitting."""


class TakenList(NamedTuple):
    """In the order in which they were asked for."""

    record: ListRecord
    records: list[CertificateRecord]
    tree: Tree

    def listed(self, index: int) -> Listed:
        """What proves that a record was among them."""
        path = [b64encode(step).decode() for step in self.tree.inclusion(index)]
        return Listed(msgspec.to_builtins(self.record), index, path)


async def asked_about(tx: Change, receipt_id: str, who: Who) -> tuple[Dossier, Asked]:
    """One lot of a list, all that is undecided of it; refused with every reason, each with the lot's number."""
    today = tx.today.isoformat()
    file = await dossier(tx, receipt_id, who.person_id, today)
    found = blockers(file.case(who.person_id, today, "take_over"), "take_over")
    if found:
        raise Refused(*(_named(reason, file.lot.number) for reason in found))
    return file, Asked("take_over", file.parts("take_over"))


def _named(reason: Reason, lot: str) -> Reason:
    return msgspec.structs.replace(reason, facts={"of_lot": lot, **reason.facts})


async def taken_list(
    tx: Change, receipt_ids: Sequence[str], who: Who, passkey: bool, language: str
) -> TakenList:
    """All records of a list; refused where one of its lots can't be taken over."""
    if not 0 < len(receipt_ids) <= MOST or len({*receipt_ids}) != len(receipt_ids):
        raise refuse("list_too_long", field="receipt_ids", most=MOST)
    records, reasons = list[CertificateRecord](), list[Reason]()
    for receipt_id in receipt_ids:
        try:
            file, asked = await asked_about(tx, receipt_id, who)
        except Refused as error:
            reasons += error.reasons
            continue
        records.append(await release_record(tx, file, who, asked, passkey, language))
    if reasons:
        raise Refused(*reasons)
    tree = Tree(leaf_hash(canonical(record)) for record in records)
    tongue: Language = "zh" if language == "zh" else "en"
    signing = Signing(
        meaning="take_over",
        statement=LIST_STATEMENT.in_language(tongue).format(count=len(records)),
        language=tongue,
        wording_version=WORDING_VERSION,
        signer=Signer(who.person_id, who.printed_name, who.login),
        method="passkey" if passkey else "password_totp",
    )
    root = b64encode(tree.root()).decode()
    first = records[0]
    return TakenList(ListRecord(first.maker, first.site, len(records), root, signing), records, tree)
