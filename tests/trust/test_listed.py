"""One signature over many lots: each lot's proof file stands alone, and none that was not in the list does (SIG-2,
AUD-7, ADR 38). The script and the page give the same answers."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, NamedTuple

import msgspec
import pytest
from playwright.async_api import Page

from backend.domain import certificates as cert
from backend.domain.canonical import canonical
from backend.domain.merkle import Tree, leaf_hash
from backend.domain.proofs import base64url
from backend.domain.words import Words
from backend.verify import lotgate_verify as verifier
from tests.trust.proof_files import Maker, attested_evidence, passkey_evidence, record, zhou_passkey
from tests.trust.test_verify_page import ask, page

__all__ = ["page"]
KEYS = [verifier.read_key(Maker().vkey)]


class Signed(NamedTuple):
    """A list of lots, its record, and the evidence of its one signature."""

    records: list[cert.CertificateRecord]
    record: dict[str, Any]
    evidence: dict[str, Any]
    tree: Tree

    def of(self, at: int, /, **changed: Any) -> dict[str, Any]:
        """The evidence of one lot; `changed` fields of its place in the list."""
        path = [b64encode(step).decode() for step in self.tree.inclusion(at)]
        return {**self.evidence, "list": {"record": self.record, "index": at, "path": path, **changed}}


def signed(count: int, method: str = "passkey", **wrong: Any) -> Signed:
    """As the server makes it."""
    passkey = zhou_passkey()
    credential = base64url(passkey.credential_id) if method == "passkey" else None
    records = [record(f"TB-{number:04}", credential, method) for number in range(count)]
    tree = Tree(leaf_hash(canonical(each)) for each in records)
    root = b64encode(tree.root()).decode()
    listed = cert.ListRecord(
        Words("Example Infusion", "示例输液器械"), records[0].site, count, root, records[0].signature
    )
    shown: dict[str, Any] = {**msgspec.to_builtins(listed), **wrong}
    made = passkey_evidence(passkey, shown) if method == "passkey" else attested_evidence(shown)
    return Signed(records, shown, msgspec.to_builtins(made), tree)


def file(shown: object, evidence: Any) -> bytes:
    """Put together whether it fits or not."""
    return Maker().issue(shown, evidence, checked=False)


def good() -> list[bytes]:
    """Lists of every small size, each place in them, by passkey and as the server attests."""
    lists = [signed(count, method) for count in (1, 2, 3, 5, 8) for method in ("passkey", "password_totp")]
    return [file(of.records[index], of.of(index)) for of in lists for index in range(len(of.records))]


def bad() -> dict[str, tuple[bytes, str]]:
    """What a forger tries, and what is found."""
    of, other = signed(5), signed(6)
    first = of.records[0]
    signing = first.signature
    meant = msgspec.structs.replace(signing, meaning="take_over")
    stranger = msgspec.to_builtins(msgspec.structs.replace(signing, meaning="take_over"))
    inner = Tree(leaf_hash(canonical(each)) for each in of.records[:2]).root()
    twice = {**of.evidence, "list": {**of.of(0)["list"], "more": 1}}
    return {
        "another record": (file(record("TB-9999", signing.credential_id), of.of(0)), "not_in_list"),
        "another place": (file(of.records[1], of.of(0)), "not_in_list"),
        "a changed record": (
            file(msgspec.structs.replace(first, verdict="failed"), of.of(0)),
            "not_in_list",
        ),
        "the place alone": (file(first, of.of(0, index=1)), "not_in_list"),
        "a path cut short": (file(first, of.of(0, path=of.of(0)["list"]["path"][:-1])), "not_in_list"),
        "a node for a leaf": (file(first, of.of(0, path=[b64encode(inner).decode()])), "not_in_list"),
        "a list of one's own": (file(other.records[5], {**other.of(5), **of.evidence}), "challenge_differs"),
        "a count of one's own": (
            file(of.records[0], of.of(0, record={**of.record, "count": 6, "root": other.record["root"]})),
            "not_in_list",
        ),
        "a root of one's own": (
            file(other.records[0], {**of.evidence, "list": {**other.of(0)["list"], "record": other.record}}),
            "challenge_differs",
        ),
        "no list at all": (file(first, of.evidence), "challenge_differs"),
        "another meaning": (
            file(msgspec.structs.replace(first, signature=meant), of.of(0)),
            "signer_differs",
        ),
        "a signature of another meaning": (
            file(first, of.of(0, record={**of.record, "signature": stranger})),
            "signer_differs",
        ),
        "a list that is none": (file(first, {**of.evidence, "list": None}), "malformed"),
        "a list of another format": (
            file(first, of.of(0, record={**of.record, "format": "lotgate-record/1"})),
            "malformed",
        ),
        "a place that is no number": (file(first, of.of(0, index="0")), "malformed"),
        "a place that is true": (file(of.records[1], of.of(1, index=True)), "malformed"),
        "a place below none": (file(first, of.of(0, index=-1)), "malformed"),
        "a path that is none": (file(first, of.of(0, path="")), "malformed"),
        "more than there is": (file(first, twice), "malformed"),
    }


@pytest.mark.proves("AUD-7", "SIG-2")
def test_each_lot_of_a_list_is_genuine_alone_and_no_other_is() -> None:
    assert [verifier.verify(each, KEYS)[:2] for each in good()] == [(0, "genuine")] * len(good())
    assert {name: verifier.verify(each, KEYS).reason for name, (each, _) in bad().items()} == {
        name: reason for name, (_, reason) in bad().items()
    }


@pytest.mark.proves("AUD-7", "SIG-2")
async def test_the_page_says_the_same(page: Page) -> None:
    vkey = Maker().vkey
    answers = await ask(page, good(), [vkey])
    assert [each[:2] for each in answers] == [[0, "genuine"]] * len(good())
    answers = await ask(page, [each for each, _ in bad().values()], [vkey])
    assert {name: each[1] for name, each in zip(bad(), answers, strict=True)} == {
        name: reason for name, (_, reason) in bad().items()
    }


def test_a_sloppy_verifier_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin takes the list's signature for the record's, wherever the record comes from."""
    monkeypatch.setattr(verifier, "check_list", lambda record, listed: listed["record"])
    answers = {
        name: verifier.verify(each, KEYS).code for name, (each, _) in bad().items() if "list" not in name
    }
    assert answers["another record"] == 0
