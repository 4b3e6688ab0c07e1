"""The page's own rules against the server's: what a phone computes offline or before signing must be the same."""

from __future__ import annotations

import hashlib
import random
import re
from base64 import b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domain.canonical import canonical
from backend.domain.errors import LotgateError
from backend.domain.merkle import Tree, leaf_hash
from backend.domain.notes import sign_checkpoint, verifier_key
from backend.domain.readings import parse_number
from tests.pwa.rules import Ask

# --- what is signed


@pytest.mark.proves("SIG-2")
def test_canonical_form_is_the_servers(ask: Ask) -> None:
    records = [
        {"b": 1, "a": {"z": [], "é": '\u2028\x07\\"/', "A": None}},
        {"lot": "L26-000001", "quantity": "12.340", "名称": {"zh": "软管", "en": "tubing"}, "ok": True},
        [0, -1, 2**53 - 1, "\U0001f600", ""],
        {},
    ]
    expected = [canonical(record).decode() for record in records]
    assert ask(*[("canonical", record) for record in records]) == expected
    assert ask(*[("canonicalWithoutOrder", record) for record in records]) != expected


def test_what_the_server_would_not_sign_the_page_refuses(ask: Ask) -> None:
    assert ask(("canonical", 1.5), ("canonical", 2**53), ("canonical", "\ud800")) == ["refused"] * 3


@pytest.mark.proves("SIG-2")
def test_digest_and_challenge_bind_record_and_nonce(ask: Ask) -> None:
    record, nonce = {"lot": "L26-000001", "decision": {"disposition": "release"}}, bytes(range(32))
    body = canonical(record)
    expected = [hashlib.sha256(body).hexdigest(), hashlib.sha256(body + nonce).hexdigest()]
    assert ask(("bind", record, nonce.hex())) == [expected]


def test_every_value_of_a_record_is_shown(ask: Ask) -> None:
    record = {"lot": {"number": "L26-1"}, "readings": ["3.1", "3.2"], "none": None, "empty": []}
    lines = {line["path"]: line["value"] for line in ask(("linesOf", record))[0]}
    assert lines == {
        "lot.number": "L26-1",
        "readings[1]": "3.1",
        "readings[2]": "3.2",
        "none": "null",
        "empty": "[]",
    }


# --- the phone as a witness


def _tree(count: int, salt: str = "") -> Tree:
    return Tree(leaf_hash(f"{salt}{place}".encode()) for place in range(count))


@pytest.mark.proves("AUD-2")
def test_consistency_is_believed_exactly_where_the_log_only_grew(ask: Ask) -> None:
    log, forged = _tree(70), _tree(70, "x")
    sizes = [(old, new) for old in (1, 2, 3, 7, 8, 33, 64, 69) for new in (8, 33, 64, 65, 70) if old <= new]
    honest, rewritten = [], []
    for old, new in sizes:
        path = [step.hex() for step in log.consistency(old, new)]
        honest.append(("consistency", old, new, path, log.root(old).hex(), log.root(new).hex()))
        fake = [step.hex() for step in forged.consistency(old, new)]
        rewritten.append(("consistency", old, new, fake, log.root(old).hex(), forged.root(new).hex()))
    assert ask(*honest) == [True] * len(sizes)
    assert ask(*rewritten) == [False] * len(sizes)
    assert ask(*[("consistencyBySize", *case[1:]) for case in rewritten]) == [True] * len(sizes)


def test_a_bent_proof_is_refused(ask: Ask) -> None:
    log, chance = _tree(50), random.Random(3)
    old, new = 21, 50
    path = log.consistency(old, new)
    cases = []
    for place, step in enumerate(path):
        bent = bytearray(step)
        bent[chance.randrange(32)] ^= 1 << chance.randrange(8)
        cases.append([*path[:place], bytes(bent), *path[place + 1 :]])
    cases += [path[:-1], [*path, path[0]], []]
    roots = (log.root(old).hex(), log.root(new).hex())
    questions = [("consistency", old, new, [step.hex() for step in case], *roots) for case in cases]
    assert ask(*questions) == [False] * len(cases)


def _signed(key: Ed25519PrivateKey, tree: Tree, name: str = "maker.example/log") -> tuple[str, str]:
    vkey = str(verifier_key(name, key.public_key().public_bytes_raw()))
    return sign_checkpoint(vkey, len(tree), tree.root(), key.sign).decode(), vkey


@pytest.mark.proves("AUD-2")
def test_a_head_counts_only_with_the_makers_signature(ask: Ask) -> None:
    maker, forger, log = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate(), _tree(9)
    note, vkey = _signed(maker, log)
    foreign, _ = _signed(forger, log)
    answers = ask(
        ("checkpoint", note, vkey),
        ("checkpoint", foreign, vkey),
        ("checkpoint", note.replace("\n9\n", "\n8\n"), vkey),
        ("checkpoint", note[:-10], vkey),
    )
    assert answers[0] == {"origin": "maker.example/log", "size": 9, "root": log.root().hex()}
    assert answers[1:] == ["unknown_key", "signature", "note"]


@pytest.mark.proves("AUD-2")
def test_a_rewritten_log_is_kept_as_evidence_and_not_forgotten(ask: Ask) -> None:
    maker, log, forged = Ed25519PrivateKey.generate(), _tree(9), _tree(12, "x")

    def answer(tree: Tree, since: int) -> dict[str, Any]:
        note, vkey = _signed(maker, tree)
        proof = [step.hex() for step in tree.consistency(since)] if since <= len(tree) else []
        head = {"checkpoint": note, "size": len(tree), "root": tree.root().hex(), "vkey": vkey}
        return {**head, "consistency": proof}

    kept = ask(("compared", None, answer(log, 0), "first"))[0]
    assert (kept["size"], kept["contradiction"]) == (9, None)
    grown = ask(("compared", kept, answer(_tree(12), 9), "second"))[0]
    assert (grown["size"], grown["contradiction"]) == (12, None)
    caught = ask(("compared", kept, answer(forged, 9), "second"))[0]
    assert (caught["size"], caught["contradiction"]["code"]) == (9, "witness_rewritten")
    later = ask(("compared", caught, answer(_tree(12), 9), "third"))[0]
    assert later["contradiction"]["at"] == "second"
    cut = ask(("compared", grown, answer(_tree(5), 12), "third"))[0]
    assert cut["contradiction"]["code"] == "witness_shorter"


# --- the camera


def _frames(pattern: str, text: str, format: str = "DataMatrix", every: int = 100) -> list[dict[str, Any]]:
    """`X` the code is seen, `.` it is not; `every` milliseconds a frame."""
    symbology = "]E0" if format == "EAN13" else "]d2"
    code = {"text": text, "symbology_id": symbology, "format": format}
    return [{"at": n * every, "codes": [code] if sign == "X" else []} for n, sign in enumerate(pattern)]


LABEL = "0109527101000094" + "10QH1"


@pytest.mark.proves("DUP-1")
def test_a_code_held_in_view_for_a_minute_is_one_label(ask: Ask) -> None:
    flickering = _frames("XX.X..XXX." * 60, LABEL)
    once, naive = ask(("watch", flickering), ("watchWithoutLock", flickering))
    assert once == [LABEL]
    assert len(naive) > 100
    gone_and_back = _frames("XXX" + "." * 30 + "XXX", LABEL)
    assert ask(("watch", gone_and_back)) == [[LABEL, LABEL]]


def test_a_slanted_code_that_only_some_looks_see_stays_locked(ask: Ask) -> None:
    seldom = _frames("X..." * 40, LABEL, every=600)
    assert ask(("watch", seldom), ("watchByTimeAlone", seldom)) == [[LABEL], [LABEL] * 40]


def test_a_camera_that_reads_nothing_says_so(ask: Ask) -> None:
    bright, dark = 120, 12
    said = ask(*(("hintAfter", at, bright) for at in range(0, 30_000, 500)))
    assert set(said[:6]) == {"nothing"}
    assert "nothing" not in said[6:]
    assert set(said[6:]) == {"distance", "still", "other"}
    assert ask(("hintAfter", 3500, dark)) == ["dark"]


def test_a_retail_code_needs_two_frames_and_a_lone_product_waits_for_its_lot(ask: Ask) -> None:
    ean = "9527101000094"
    assert ask(("watch", _frames("X.........", ean, "EAN13"))) == [[]]
    assert ask(("watch", _frames("X" * 45, ean, "EAN13"))) == [[]]
    assert ask(("watch", _frames("X" * 70, ean, "EAN13"))) == [[ean]]
    # Two looks that are far apart agree by chance only.
    assert ask(("watch", _frames("X" + "." * 20 + "X", "(01)1", "Code39"))) == [[]]
    assert ask(("watch", _frames("XX", "+A123BJC5D6E71", "Code39Std"))) == [["+A123BJC5D6E71"]]
    assert ask(("watch", _frames("X", "+A123BJC5D6E71", "Code128"))) == [["+A123BJC5D6E71"]]
    lot = {"text": "10QH1", "symbology_id": "]C1", "format": "Code128"}
    pair = [*_frames("XX", ean, "EAN13"), {"at": 300, "codes": [lot]}]
    assert ask(("watch", pair)) == [[f"{ean}+10QH1"]]


# --- numbers


TYPED = [
    "3.2",
    "3,2",
    "３．２",
    "3。2",
    "-3.2",
    "−3.2",
    "- 3.2",
    "<0.05",
    "≤0,05",
    "3.20 mm",
    "12",
    "0",
    ".5",
]
DOUBTFUL = ["1,234", "1 234", "1,234.5", "3.2 kg", "1e3", "3.2.1", "--3", "5."]


@pytest.mark.proves("RES-4")
def test_a_typed_number_is_echoed_as_the_server_reads_it(ask: Ask) -> None:
    for text, read in zip(TYPED, ask(*[("readTyped", text, "mm") for text in TYPED]), strict=True):
        server = parse_number(text, unit="mm")
        assert read["state"] == "read", text
        assert (read["value"], read["qualifier"] or "") == (format(server.value, "f"), server.qualifier), text


@pytest.mark.proves("RES-4")
def test_what_the_server_asks_about_is_not_echoed_as_a_number(ask: Ask) -> None:
    states = [read["state"] for read in ask(*[("readTyped", text, "mm") for text in DOUBTFUL])]
    assert "read" not in states
    assert ask(("readTyped", "abc", "mm"))[0]["state"] == "not_a_number"


def test_verdicts_are_taken_in_decimals(ask: Ask) -> None:
    limits = {"lower": "0.1", "upper": "0.3"}
    values = ["0.1", "0.30", "0.3000000000000000000001", "0.09999999999999999999"]
    verdicts = ask(*[("judgeNumber", value, limits) for value in values])
    assert verdicts == ["conforming", "conforming", "nonconforming", "nonconforming"]
    assert ask(("add", "0.1", "0.2"), ("add", "-1", "0.25"), ("compare", "-2", "-10")) == ["0.3", "-0.75", 1]


# --- the rest


@pytest.mark.proves("DUP-1")
def test_ids_are_uuid7_and_sort_by_time(ask: Ask) -> None:
    early, late = ask(("makeId", 1_700_000_000_000, "ff" * 10), ("makeId", 1_700_000_000_001, "00" * 10))
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", early)
    assert early < late


@pytest.mark.proves("LBL-8")
def test_markup_of_a_chat_message_is_text(ask: Ask) -> None:
    shown = ask(("pieces", "<b>Lot</b> <img src=x onerror=alert(1)> &lt;b&gt;"))[0]
    assert shown == [
        {"text": "Lot", "style": "b"},
        {"text": " <img src=x onerror=alert(1)> <b>", "style": ""},
    ]


def test_a_trace_is_drawn_in_columns_without_overlap(ask: Ask) -> None:
    depths = {"a": -1, "b": -1, "c": -1, "p": 0, "q": 1}
    nodes = [{"lot_id": lot, "depth": depth} for lot, depth in depths.items()]
    edges = [{"parent": lot, "child": "p", "quantity": "1"} for lot in "abc"]
    drawing = ask(("layOut", {"lot_id": "p", "nodes": nodes, "edges": edges}))[0]
    at = {box["node"]["lot_id"]: (box["x"], box["y"]) for box in drawing["boxes"]}
    assert at["a"][0] < at["p"][0] < at["q"][0]
    assert len(set(at.values())) == 5 and len(drawing["lines"]) == 3


def test_both_languages_say_everything_with_the_same_facts(ask: Ask) -> None:
    words = ask(("words",))[0]
    assert words["en"].keys() == words["zh"].keys()

    def facts(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)", text))

    differing = {
        key
        for key in words["en"]
        if not facts(words["zh"][key]) <= facts(words["en"][key]) or not words["zh"][key]
    }
    assert not differing


# Reasons that only programs and the makers of plans and sites meet: the page shows the server's own text.
NOT_FOR_THE_PAGE = {
    "file_not_ours", "file_not_readable", "watch_kind_unknown",
    "binding_code_wrong", "chat_account_taken", "item_twice", "log_shorter_than_checkpoint", "login_taken",
    "login_wrong", "lot_size_invalid", "name_missing", "password_short", "passwords_differ", "person_unknown",
    "role_unknown", "seed_too_short", "severity_unsupported", "site_exists", "zone_unknown",
    # Sampling plans and charts of the command line, which words them itself.
    "columns_missing", "columns_twice", "drawn_out_of_range", "lot_band_has_several_plans", "no_spread",
    "row_too_long",
    "not_offered", "plan_stages_contradict", "quality_out_of_range", "readings_do_not_make_a_sample",
    "skip_lot_rule_invalid", "standard_unsupported", "subgroup_size_unsupported", "subgroups_differ",
    "too_few_values",
}  # fmt: skip


def test_the_servers_reading_of_base64_is_the_pages(ask: Ask) -> None:
    """A checkpoint with slack bits in its root is no checkpoint (strict on both sides)."""
    maker, log = Ed25519PrivateKey.generate(), _tree(3)
    note, vkey = _signed(maker, log)
    root = b64encode(log.root()).decode()
    slack = root[:-2] + chr(ord(root[-2]) + 1) + "="
    text = note[: note.index("\n\n") + 1].replace(root, slack)
    line = b64encode(bytes.fromhex(vkey.split("+")[1]) + maker.sign(text.encode())).decode()
    forged = f"{text}\n\u2014 maker.example/log {line}\n"
    assert ask(("checkpoint", forged, vkey)) == ["base64"]


def test_the_server_refuses_what_the_page_doubts() -> None:
    for text in DOUBTFUL:
        try:
            read = parse_number(text, unit="mm")
        except LotgateError:
            continue
        assert text == "1e3", f"{text} was read as {read.value}"
