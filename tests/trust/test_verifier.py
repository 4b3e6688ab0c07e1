"""The offline verifier: one yes, a thousand no, and no check that could be left out."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from backend.verify import lotgate_verify as verifier
from tests.software_passkey import SoftwarePasskey, new_private_key
from tests.trust.mutations import COUNT, Case, cases
from tests.trust.proof_files import PDF, Maker, attested_evidence, good_file, passkey_evidence, record

MAKER, GOOD, CASES = cases()
KEYS = [verifier.read_key(MAKER.vkey)]


@cache
def answers() -> list[tuple[Case, verifier.Answer]]:
    return [(case, verifier.verify(case.file, KEYS)) for case in CASES]


@pytest.mark.proves("AUD-7", "SIG-2")
def test_one_yes_a_thousand_no() -> None:
    assert verifier.verify(GOOD, KEYS, PDF)[:2] == (0, "genuine")
    assert len(CASES) == COUNT
    assert [(case.name, answer) for case, answer in answers() if answer.code not in case.codes] == []


@pytest.mark.proves("AUD-7")
def test_every_reason_has_words_in_both_languages() -> None:
    for _, answer in answers():
        assert all(verifier.report(answer, language) for language in (0, 1))
        assert verifier.WORDS[answer.reason][0] != verifier.WORDS[answer.reason][1]


def test_the_key_inside_the_file_is_never_trusted() -> None:
    stranger = verifier.read_key(Maker("stranger.example", b"s" * 32).vkey)
    for keys in ([], [stranger]):
        answer = verifier.verify(GOOD, keys)
        assert (answer.code, answer.reason) == (3, "key_unknown")
        assert answer.fingerprint == KEYS[0].fingerprint
    assert verifier.verify(GOOD, [stranger, *KEYS]).code == 0


def test_another_pdf_is_found() -> None:
    assert verifier.verify(GOOD, KEYS, PDF + b" ").reason == "pdf_differs"
    assert verifier.verify(GOOD, KEYS).pdf == "not_checked"


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_passkeys_of_each_kind(algorithm: Any) -> None:
    passkey = SoftwarePasskey("lotgate.example", "https://lotgate.example", new_private_key(algorithm))
    shown = record()
    file = Maker().issue(shown, passkey_evidence(passkey, shown))
    assert verifier.verify(file, KEYS).code == 0


def test_what_the_server_attests_says_so() -> None:
    shown = record(method="password_totp")
    answer = verifier.verify(Maker().issue(shown, attested_evidence(shown)), KEYS)
    assert answer.code == 0
    assert "attested by the server" in verifier.report(answer, 1)
    assert "由服务器证明" in verifier.report(answer, 0)
    assert json.loads(verifier.as_json(answer))["attested_by_server"] is True


# --- broken twins: a verifier with one check left out says yes to some of the thousand ------------


def nothing(*_: object) -> None:
    return None


def always(*_: object) -> bool:
    return True


def sloppy_base64(text: str, url: bool = False) -> bytes:
    import base64

    return base64.urlsafe_b64decode(text + "==") if url else base64.b64decode(text)


def sloppy_event(text: str, proof: Any) -> Any:
    event = json.loads(text)
    return event if isinstance(event.get("facts"), dict) else {"facts": {}}


TWINS: dict[str, tuple[str, Callable[..., Any]]] = {
    "any spelling of the JSON": ("is_canonical", always),
    "base64 with slack bits": ("base64_strict", sloppy_base64),
    "checkpoint taken on trust": ("check_checkpoint", nothing),
    "Ed25519 not computed": ("ed25519_verify", always),
    "event not looked up in the log": ("in_tree", always),
    "any event": ("check_event", sloppy_event),
    "digests not compared": ("check_digests", nothing),
    "evidence not read": ("check_evidence", nothing),
    "passkey not checked": ("check_passkey", nothing),
    "passkey's signature not computed": ("cose_verify", always),
}


@pytest.mark.parametrize("twin", TWINS)
def test_a_sloppy_verifier_is_caught(twin: str) -> None:
    name, replacement = TWINS[twin]
    sloppy = fresh_copy()
    setattr(sloppy, name, replacement)
    keys = [sloppy.read_key(MAKER.vkey)]
    assert sloppy.verify(GOOD, keys).code == 0
    assert any(_code(sloppy, case.file, keys) not in case.codes for case in CASES)


def test_a_verifier_that_trusts_the_file_s_own_key_is_caught() -> None:
    def naive(file: bytes) -> int:
        found = verifier.verify(file, [])
        return 0 if found.code == 3 else found.code

    assert naive(GOOD) == 0
    assert any(naive(case.file) not in case.codes for case in CASES)


def fresh_copy() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sloppy", verifier.__file__)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _code(module: ModuleType, file: bytes, keys: list[Any]) -> int:
    try:
        return int(module.verify(file, keys).code)
    except Exception:  # a sloppy verifier may fall over; that is no yes
        return 1


# --- as one file on a stranger's machine ----------------------------------------------------------


def test_it_needs_the_standard_library_alone() -> None:
    tree = ast.parse(Path(verifier.__file__).read_text(encoding="utf-8"))
    names = [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.proves("AUD-7")
def test_exit_codes_as_a_program(tmp_path: Path) -> None:
    files = {"good": GOOD, "other": good_file(Maker("forger.example", b"f" * 32)), "junk": b"\xff\xfe"}
    files["changed"] = GOOD.replace(b'"verdict":"passed"', b'"verdict":"failed"')
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "maker.vkey").write_text(f"# the maker's key\n{MAKER.vkey}\n")
    (tmp_path / "lot.pdf").write_bytes(PDF)
    key = ["--key", "maker.vkey"]
    expected = {
        ("good", *key, "--pdf", "lot.pdf"): 0, ("changed", *key): 1, ("good", *key, "--pdf", "junk"): 1,
        ("junk", *key): 2, ("missing", *key): 2, ("good", "--key", "junk"): 2,
        ("other", *key): 3, ("good",): 3,
    }  # fmt: skip
    script = (tmp_path / "lotgate_verify.py").resolve()
    script.write_bytes(Path(verifier.__file__).read_bytes())
    for words, code in expected.items():
        done = run_alone(script, *words, "--lang", "zh")
        assert (done.returncode, done.stderr) == (code, ""), words
    shown = json.loads(run_alone(script, "good", *key, "--json").stdout)
    assert (shown["answer"], shown["reason"], shown["record"]["lot"]["number"]) == (
        "yes",
        "genuine",
        "TB-2611-07",
    )


def run_alone(script: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Without site packages, without our folder, in an empty one."""
    command = [sys.executable, "-I", "-S", str(script), *words]
    return subprocess.run(command, cwd=script.parent, capture_output=True, encoding="utf-8", check=False)
