"""Signed checkpoints: another implementation's note, strictness, and the maker's key on disk."""

from __future__ import annotations

import stat
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domain.merkle import EMPTY, Tree, leaf_hash
from backend.domain.notes import (
    BadNote,
    Checkpoint,
    open_checkpoint,
    open_note,
    read_vkey,
    sign_checkpoint,
    verifier_key,
)
from backend.outside.key_file import UnsafeKeyFile
from backend.outside.maker_key import FILE, maker_key, verify_ed25519

# The key and note by which Go's sumdb/note package documents itself.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
KEY = Ed25519PrivateKey.from_private_bytes(b"a maker's key for tests only !!!")
VKEY = str(verifier_key("maker.example/log", KEY.public_key().public_bytes_raw()))
TREE = Tree(leaf_hash(str(number).encode()) for number in range(7))
GOOD = sign_checkpoint(VKEY, 7, TREE.root(), KEY.sign)


def test_a_note_of_another_implementation_is_read() -> None:
    key = read_vkey(NEUMANN)
    text, signatures = open_note(NOTE)
    assert [(line.name, line.key_id) for line in signatures] == [("PeterNeumann", key.id)]
    assert str(key) == NEUMANN
    assert verify_ed25519(key.public, text, signatures[0].signature)
    assert not verify_ed25519(key.public, text + b" ", signatures[0].signature)


@pytest.mark.proves("AUD-2")
def test_a_checkpoint_comes_back_as_it_was_signed() -> None:
    assert open_checkpoint(GOOD, VKEY, verify_ed25519) == Checkpoint("maker.example/log", 7, TREE.root())
    empty = sign_checkpoint(VKEY, 0, EMPTY, KEY.sign)
    assert open_checkpoint(empty, VKEY, verify_ed25519).size == 0


@pytest.mark.proves("AUD-2")
def test_every_single_byte_counts() -> None:
    survivors = [at for at in range(len(GOOD)) if opens(GOOD[:at] + bytes([GOOD[at] ^ 1]) + GOOD[at + 1 :])]
    assert survivors == []
    assert not any(opens(GOOD[:at]) for at in range(len(GOOD)))


def test_witnesses_are_ignored_and_never_needed() -> None:
    witness = Ed25519PrivateKey.from_private_bytes(bytes(32))
    name = str(verifier_key("witness.example", witness.public_key().public_bytes_raw()))
    line = sign_checkpoint(name, 7, TREE.root(), witness.sign).split(b"\n\n")[1]
    assert opens(GOOD + line)
    text = GOOD.split(b"\n\n")[0]
    with pytest.raises(BadNote, match="unknown_key"):
        open_checkpoint(text + b"\n\n" + line, VKEY, verify_ed25519)


def signed(text: bytes) -> bytes:
    """Any text with a true signature of the maker's key."""
    line = b64encode(read_vkey(VKEY).id + KEY.sign(text)).decode()
    return text + f"\n\u2014 maker.example/log {line}\n".encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n7\n", b"\n07\n"),
        (b"\n7\n", b"\n+7\n"),
        (b"\n7\n", b"\n7 \n"),
        (b"\n7\n", "\n７\n".encode()),
        (b"\n7\n", b"\n-7\n"),
        (b"\n7\n", b"\n7\n\n"),
        (b"\n7\n", b"\n7\r\n"),
        (b"\n7\n", b"\n"),
        (b"=\n", b"\n"),
        (b"=\n", b"==\n"),
        (b"=\n", b"=\n\n"),
        (b"maker.example", b"other.example"),
        (b"maker", b"maker\x00"),
        (b"maker", b"\xff"),
    ],
)
def test_a_true_signature_does_not_excuse_another_spelling(old: bytes, new: bytes) -> None:
    text = GOOD.split(b"\n\n")[0] + b"\n"
    assert opens(signed(text)) and old in text
    assert not opens(signed(text.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [("\u2014 ", "- "), ("\u2014 ", "\u2014  "), ("\n\n", "\n"), ("\n\n", "\n\n\n"), ("\n\n", "\r\n\r\n")],
)
def test_the_frame_of_a_note_is_strict(old: str, new: str) -> None:
    assert not opens(GOOD.decode().replace(old, new).encode())
    assert not opens(GOOD + b"\n")
    assert not opens(GOOD + "\u2014 x AAAAAAAA\n".encode() * 40)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a+b",
        VKEY + "=",
        VKEY.replace("maker", "Maker"),
        "a b" + VKEY,
        "制造商" + VKEY,
        NEUMANN[:-4] + "AAAA",
    ],
)
def test_a_key_text_holds_together(vkey: str) -> None:
    with pytest.raises(BadNote):
        read_vkey(vkey)


@pytest.mark.proves("AUD-2")
def test_the_naive_reader_takes_any_note() -> None:
    """The broken twin believes the text because a signature line is there."""

    def naive(note: bytes) -> int:
        return int(note.split(b"\n")[1])

    forged = GOOD.replace(b"\n7\n", b"\n6\n")
    assert naive(forged) == 6
    assert not opens(forged)


def opens(note: bytes) -> bool:
    try:
        open_checkpoint(note, VKEY, verify_ed25519)
    except BadNote:
        return False
    return True


def test_the_maker_s_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = maker_key(tmp_path, "maker.example/log")
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    again = maker_key(tmp_path, "maker.example/log")
    assert again.vkey == first.vkey
    note = sign_checkpoint(first.vkey, 7, TREE.root(), again.sign)
    assert open_checkpoint(note, first.vkey, verify_ed25519).size == 7


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    maker_key(tmp_path, "maker.example/log")
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(UnsafeKeyFile):
        maker_key(tmp_path, "maker.example/log")
