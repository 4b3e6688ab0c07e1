"""Proof files as they are made: parts that do not fit are found before they leave the house."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import webauthn
from webauthn.helpers import base64url_to_bytes

from backend.cli import verify as command
from backend.domain.canonical import canonical
from backend.domain.merkle import Tree, leaf_hash
from backend.domain.notes import sign_checkpoint
from backend.domain.proofs import BrokenProof, base64url, build_proof, digests, signing_challenge
from tests.software_passkey import SoftwarePasskey, new_private_key
from tests.trust.proof_files import PDF, Maker, good_file, passkey_evidence, record, zhou_passkey

SHOWN = record()
EVIDENCE = passkey_evidence(zhou_passkey(), SHOWN)


def event(**changed: Any) -> dict[str, Any]:
    facts = msgspec.to_builtins(digests(SHOWN, EVIDENCE, PDF))
    return {
        "seq": 3,
        "type": "certificate_issued",
        "at": "2026-11-23T18:18:00.000000Z",
        "facts": facts,
        **changed,
    }


def build(
    entry: bytes, shown: object = SHOWN, leaf: bytes | None = None, signer: Maker | None = None
) -> bytes:
    maker = Maker()
    tree = Tree(
        [*(leaf_hash(b"%d" % number) for number in range(3)), leaf_hash(leaf or entry), leaf_hash(b"later")]
    )
    key = signer or maker
    note = sign_checkpoint(key.vkey, len(tree), tree.root(), key.key.sign)
    return build_proof(shown, EVIDENCE, entry, tree.inclusion(3), note, maker.vkey)


def test_the_file_is_canonical_and_holds_the_record_as_signed() -> None:
    file = build(canonical(event()))
    parts = json.loads(file)
    assert canonical(parts) + b"\n" == file
    assert canonical(parts["record"]) == canonical(SHOWN)
    assert parts["proof"].startswith("c2sp.org/tlog-proof@v1\nindex 3\n")
    assert len(file) < 4096


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"entry": canonical(event(type="lot_received"))}, "event"),
        ({"entry": canonical(event()) + b" "}, "event"),
        ({"entry": canonical(event()), "shown": record("TB-2611-08")}, "digests"),
        ({"entry": canonical(event()), "leaf": b"another event"}, "inclusion"),
        ({"entry": canonical(event(seq=2))}, "inclusion"),
        ({"entry": canonical(event()), "signer": Maker("other.example", bytes(32))}, "checkpoint"),
    ],
)
def test_parts_that_do_not_fit_make_no_proof(arguments: dict[str, Any], reason: str) -> None:
    with pytest.raises(BrokenProof, match=reason):
        build(**arguments)


@pytest.mark.proves("SIG-2")
def test_the_challenge_binds_every_byte_of_the_record() -> None:
    nonce = bytes(32)
    assert signing_challenge(SHOWN, nonce) == hashlib.sha256(canonical(SHOWN) + nonce).digest()
    others = [record("TB-2611-08"), record(credential="x"), msgspec.structs.replace(SHOWN, verdict="failed")]
    assert len({signing_challenge(other, nonce) for other in [SHOWN, *others]}) == 4
    assert signing_challenge(SHOWN, bytes(31) + b"\1") != signing_challenge(SHOWN, nonce)


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_the_software_passkey_convinces_the_server_s_library(algorithm: Any) -> None:
    """What the tests sign with is a real passkey to the library that the server uses."""
    passkey = SoftwarePasskey(private_key=new_private_key(algorithm))
    site: dict[str, Any] = {"expected_rp_id": passkey.rp_id, "expected_origin": passkey.origin}
    made = webauthn.verify_registration_response(
        credential=passkey.register(b"register me 1234"), expected_challenge=b"register me 1234", **site,
        require_user_verification=True,
    )  # fmt: skip
    assert made.credential_public_key == passkey.cose_key()
    challenge = signing_challenge(SHOWN, bytes(32))
    answer = passkey.sign(challenge)
    webauthn.verify_authentication_response(
        credential=answer, expected_challenge=challenge, **site, require_user_verification=True,
        credential_public_key=made.credential_public_key, credential_current_sign_count=0,
    )  # fmt: skip
    assert base64url_to_bytes(str(answer["rawId"])) == passkey.credential_id
    assert base64url(passkey.credential_id) == answer["id"]


@pytest.mark.proves("AUD-7")
def test_the_command_answers_like_the_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lot.lotgate").write_bytes(good_file())
    (tmp_path / "maker.vkey").write_text(Maker().vkey)
    parser = argparse.ArgumentParser()
    command.add(parser)
    file, key = str(tmp_path / "lot.lotgate"), str(tmp_path / "maker.vkey")
    assert command.run(parser.parse_args([file, "--key", key, "--lang", "zh"])) == 0
    assert "是：证书有效" in capsys.readouterr().out
    assert command.run(parser.parse_args([file])) == 3
    assert "NOT CONFIRMED" in capsys.readouterr().out
