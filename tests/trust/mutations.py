"""One genuine proof file and a thousand that are not: damaged, edited, recombined, forged with every key.

The list is the same in each run. `Case.codes` are the exit codes that the verifiers may give for it when they
trust the maker's key: never 0; 3 only for a whole file that a forger signed with a key of his own.
"""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, count
from random import Random
from typing import Any

import msgspec

from backend.domain.proofs import base64url
from tests.trust.proof_files import (
    Maker,
    attested_evidence,
    good_file,
    passkey_evidence,
    record,
    zhou_passkey,
)
from tests.trust.proof_files import with_parts as rebuilt

COUNT = 1000
BROKEN, DAMAGED, FOREIGN = (1,), (1, 2), (3,)
BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"


@dataclass(frozen=True)
class Case:
    name: str
    file: bytes
    codes: tuple[int, ...]


@cache
def cases() -> tuple[Maker, bytes, list[Case]]:
    """The maker, a genuine file, and COUNT others; all bytes differ from the genuine one."""
    maker = Maker()
    good = good_file(maker)
    others = [
        good_file(maker, "TB-2611-08"),
        good_file(Maker("forger.example/lotgate", bytes(32)), "TB-2611-09"),
    ]
    thought_out = [*_recombined(good, others), *_by_insiders(), *_by_forgers(), *_edited(good)]
    made = {case.file: case for case in thought_out}
    assert good not in made
    for case in _damaged(good):
        made.setdefault(case.file, case)
        if len(made) == COUNT:
            break
    return maker, good, list(made.values())


def _damaged(good: bytes) -> Iterator[Case]:
    """Flips, replacements, truncations, insertions, deletions, neighbours exchanged."""
    chance = Random(2026)
    kinds = ("flip", "replace", "cut", "insert", "delete", "exchange", "repeat")
    for number in count():
        kind, at = kinds[number % len(kinds)], chance.randrange(len(good))
        before, byte, after = good[:at], good[at : at + 1], good[at + 1 :]
        file = {
            "flip": before + bytes([byte[0] ^ 1 << chance.randrange(8)]) + after,
            "replace": before + chance.choice(BASE64).encode() + after,
            "cut": before,
            "insert": before + chance.choice(' \n\t"0A=}').encode() + byte + after,
            "delete": before + after,
            "exchange": before + after[:1] + byte + after[1:],
            "repeat": before + byte + byte + after,
        }[kind]
        if file != good:
            yield Case(f"{kind} at {at}", file, DAMAGED)


def _edited(good: bytes) -> Iterator[Case]:
    """Still canonical and well formed, with one field changed; and other spellings of the same JSON."""
    parts = json.loads(good)
    for part in ("record", "evidence"):
        for path, value in _leaves(parts[part]):
            changed = json.loads(good)[part]
            _set(changed, path, _other(value))
            yield Case(f"{part} {path}", rebuilt(good, **{part: changed}), BROKEN)
    event = json.loads(parts["event"])
    for path, value in _leaves(event):
        changed = json.loads(parts["event"])
        _set(changed, path, _other(value))
        yield Case(f"event {path}", rebuilt(good, event=_compact(changed)), BROKEN)
    yield Case("event in another spelling", rebuilt(good, event=parts["event"] + " "), BROKEN)
    yield from _slack_bits(good, parts["proof"])
    yield Case("a key twice", good.replace(b'{"event"', b'{"format":"x","event"', 1), DAMAGED)
    yield Case("indented", json.dumps(parts, indent=1).encode(), BROKEN)
    yield Case("escaped", json.dumps(parts, sort_keys=True, separators=(",", ":")).encode() + b"\n", BROKEN)
    yield Case("a part more", rebuilt(good, note="released"), BROKEN)
    yield Case("a part less", _without(good, "evidence"), BROKEN)
    yield Case(
        "an extra line", rebuilt(good, proof=parts["proof"].replace("\nindex", "\nextra AAAA\nindex")), BROKEN
    )
    yield Case("a second signature", rebuilt(good, proof=parts["proof"] + "\u2014 other AAAAAAAA\n"), BROKEN)
    yield Case("a float", good.replace(b'"sample_size":5', b'"sample_size":5.0'), BROKEN)
    yield Case("not JSON", b"%PDF-1.7\n", (2,))
    yield Case("other JSON", b"{}\n", (2,))
    yield Case("another format", rebuilt(good, format="lotgate-proof/2"), (2,))
    yield Case("nothing", b"", (2,))
    yield Case("deep", b"[" * 100_000, DAMAGED)


def _slack_bits(good: bytes, proof: str) -> Iterator[Case]:
    """Base64 that decodes to the same bytes: the last character's unused bits set."""
    for number, line in enumerate(lines := proof.split("\n")):
        padding = len(line) - len(line.rstrip("="))
        if padding:
            last = BASE64.index(line[-padding - 1])
            slack = line[: -padding - 1] + BASE64[last + 1] + "=" * padding
            changed = "\n".join([*lines[:number], slack, *lines[number + 1 :]])
            yield Case(f"slack bits in line {number}", rebuilt(good, proof=changed), BROKEN)


def _recombined(good: bytes, others: list[bytes]) -> Iterator[Case]:
    """Every mixture of the parts of two genuine files."""
    names = ["record", "evidence", "event", "proof", "key"]
    for number, other in enumerate(map(json.loads, others)):
        usable = names if number else names[:-1]  # both lots of one maker have the same key
        for size in range(1, len(usable)):
            for chosen in combinations(usable, size):
                file = rebuilt(good, **{name: other[name] for name in chosen})
                yield Case(f"{'+'.join(chosen)} of file {number}", file, BROKEN)


def _by_insiders() -> Iterator[Case]:
    """Logged and signed by the maker's own key, but not what the person signed."""
    passkey, other = zhou_passkey(), zhou_passkey(2)
    name = base64url(passkey.credential_id)
    shown, lot_b = record(credential=name), record("TB-2611-08", name)
    true = passkey_evidence(passkey, shown)
    replace = msgspec.structs.replace
    evil = "https://evil.example"
    evidences: dict[str, Any] = {
        "signature of another lot (SIG-2)": passkey_evidence(passkey, lot_b),
        "nobody verified": passkey_evidence(passkey, shown, user_verified=False),
        "signed at another site": passkey_evidence(passkey, shown, origin=evil),
        "origin rewritten": replace(passkey_evidence(passkey, shown, origin=evil), origin=passkey.origin),
        "a registration": passkey_evidence(passkey, shown, kind="webauthn.create"),
        "another credential": passkey_evidence(other, shown),
        "another key": replace(true, public_key=base64url(other.cose_key())),
        "another person": replace(true, person_id="somebody else"),
        "another relying party": replace(true, rp_id="example"),
        "another nonce": replace(true, nonce=base64url(bytes(32))),
        "no nonce": replace(true, nonce=""),
        "slack in the nonce": replace(true, nonce=true.nonce[:-1] + "9"),
        "no key": replace(true, public_key=base64url(b"\xa0")),
        "half a key": replace(true, public_key=true.public_key[:40]),
        "attested instead of signed": attested_evidence(shown),
    }
    for title, evidence in evidences.items():
        yield Case(title, Maker().issue(shown, evidence, checked=False), BROKEN)
    attested, attested_b = record(method="password_totp"), record("TB-2611-08", method="password_totp")
    copied = attested_evidence(attested_b)
    yield Case("attestation of another lot (SIG-2)", Maker().issue(attested, copied, checked=False), BROKEN)
    facts = {"record_digest": "0" * 64, "evidence_digest": "0" * 64, "pdf_digest": "0" * 64}
    fields: list[dict[str, Any]] = [
        {"type": "lot_received"}, {"seq": 9}, {"seq": True}, {"seq": "10"}, {"facts": facts}, {"facts": {}},
        {"facts": []}, {"at": None},
    ]  # fmt: skip
    for changed in fields:
        yield Case(f"event {changed}", Maker().issue(shown, true, checked=False, **changed), BROKEN)
    for field in ("lot", "item", "verdict", "signature"):
        less = {name: value for name, value in msgspec.to_builtins(shown).items() if name != field}
        yield Case(
            f"record without {field}",
            Maker().issue(less, passkey_evidence(passkey, less), checked=False),
            BROKEN,
        )


def _by_forgers() -> Iterator[Case]:
    """Other people's keys: whole files are answered with 3, pretending to be the maker with 1."""
    maker = Maker()
    for number, name in enumerate(["forger.example/lotgate", maker.name, maker.name + "2"]):
        forger = Maker(name, bytes([number + 1]) * 32)
        own = good_file(forger, "TB-FORGED")
        yield Case(f"forger {name}", own, FOREIGN)
        yield Case(f"forger {name} naming the maker's key", rebuilt(own, key=maker.vkey), BROKEN)
        parts = json.loads(own)
        lines = parts["proof"].split("\n")
        for vkey in (forger.vkey, maker.vkey):
            lines[-2] = json.loads(good_file(Maker()))["proof"].split("\n")[-2]
            borrowed = rebuilt(own, proof="\n".join(lines), key=vkey)
            yield Case(f"forger {name} with the maker's signature line, key {vkey[-6:]}", borrowed, BROKEN)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    inner = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if inner is None:
        yield path, value
    else:
        for key, one in inner:
            yield from _leaves(one, (*path, key))


def _set(value: Any, path: tuple[Any, ...], leaf: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = leaf


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return "x" if not value else value[:-1] + ("0" if value[-1] != "0" else "1")


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _without(file: bytes, name: str) -> bytes:
    return (_compact({key: value for key, value in json.loads(file).items() if key != name}) + "\n").encode()
