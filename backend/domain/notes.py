"""Signed checkpoints of the log: C2SP signed-note and tlog-checkpoint, Ed25519.

    lotgate.example/log            origin = name of the key
    109482                         leaves in the tree
    sFodV/vSp5O8n9a8...            root, base64
                                   empty line
    \u2014 lotgate.example/log hI2DJw...   base64 of key id (4 bytes) + signature (64 bytes)

| C2SP | here |
|---|---|
| signed-note: UTF-8, no control character but newline, signatures after the last empty line | open_note |
| signed-note: unknown keys are ignored, a known key that fails rejects the note | open_checkpoint |
| signed-note: key id = SHA-256(name, newline, type, public key)[:4] | key_id |
| tlog-checkpoint: origin, size without leading zeros, root, optional further lines | read_checkpoint |

Readers are byte-strict: what they accept, the writers write. The verifier key text ("vkey") is
`name+hex key id+base64(type + public key)`.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256

import msgspec

ED25519 = b"\x01"
MOST_SIGNATURES = 32
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_NAME = re.compile(r"[^\s+\x00-\x20\x7f]+")
_OWN_NAME = re.compile(r"[!-*,-~]+")  # our own keys: visible ASCII, which every verifier reads alike

Sign = Callable[[bytes], bytes]
Verify = Callable[[bytes, bytes, bytes], bool]
"""(public key, message, signature) -> does it hold."""


class BadNote(ValueError):
    """The text is no well-formed note, checkpoint or key, or no trusted key signed it; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class VerifierKey(msgspec.Struct, frozen=True):
    """Who may sign: the key's name, its 4-byte id and the 32-byte Ed25519 public key."""

    name: str
    id: bytes
    public: bytes

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    def fingerprint(self) -> str:
        """SHA-256 of the public key, hex: what two people compare aloud."""
        return sha256(self.public).hexdigest()


class Checkpoint(msgspec.Struct, frozen=True):
    """The head of the log at one size."""

    origin: str
    size: int
    root: bytes


class Signature(msgspec.Struct, frozen=True):
    """One signature line of a note."""

    name: str
    key_id: bytes
    signature: bytes


def strict_base64(text: str) -> bytes:
    """Standard base64 with padding and no slack bits; anything else raises BadNote."""
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (ValueError, UnicodeEncodeError) as error:
        raise BadNote("base64") from error
    if b64encode(data).decode() != text:
        raise BadNote("base64")
    return data


def key_id(name: str, public: bytes) -> bytes:
    """The 4 bytes that, with the name, say which key signed."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> VerifierKey:
    """The key of `name` for a 32-byte Ed25519 public key."""
    if not _OWN_NAME.fullmatch(name) or len(public) != 32:
        raise BadNote("key")
    return VerifierKey(name, key_id(name, public), public)


def read_vkey(text: str) -> VerifierKey:
    """Parse a vkey; its id must be the one that follows from name and key."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise BadNote("key")
    data = strict_base64(parts[2])
    if data[:1] != ED25519:
        raise BadNote("key")
    key = verifier_key(parts[0], data[1:])
    if key.id.hex() != parts[1]:
        raise BadNote("key")
    return key


def checkpoint_text(checkpoint: Checkpoint) -> bytes:
    """The note text of a checkpoint, final newline included."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{b64encode(checkpoint.root).decode()}\n".encode()


def sign_checkpoint(vkey: str, size: int, root: bytes, sign: Sign) -> bytes:
    """The signed note of the log named by `vkey`; `sign` holds the private key."""
    key = read_vkey(vkey)
    if size < 0 or len(root) != 32:
        raise BadNote("checkpoint")
    text = checkpoint_text(Checkpoint(key.name, size, root))
    return text + f"\n\u2014 {key.name} {b64encode(key.id + sign(text)).decode()}\n".encode()


def open_note(note: bytes) -> tuple[bytes, list[Signature]]:
    """Split a note into its text and its signature lines, unverified."""
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNote("note") from error
    if any(character < " " and character != "\n" for character in whole):
        raise BadNote("note")
    text, gap, tail = whole.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise BadNote("note")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote("note")
    return (text + "\n").encode(), [_signature(line) for line in lines]


def _signature(line: str) -> Signature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not _NAME.fullmatch(parts[1]):
        raise BadNote("note")
    data = strict_base64(parts[2])
    if len(data) < 5:
        raise BadNote("note")
    return Signature(parts[1], data[:4], data[4:])


def read_checkpoint(text: bytes) -> Checkpoint:
    """Parse the note text of a checkpoint; further lines are allowed, empty ones are not."""
    lines = text.decode("utf-8").split("\n")
    if len(lines) < 4 or lines.pop() != "" or "" in lines or not _SIZE.fullmatch(lines[1]):
        raise BadNote("checkpoint")
    root = strict_base64(lines[2])
    if len(root) != 32:
        raise BadNote("checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def open_checkpoint(note: bytes, vkey: str, verify: Verify) -> Checkpoint:
    """The checkpoint in `note` when the key `vkey` signed it and it is that key's own log; raises BadNote.

    Lines of other keys (witnesses, an older key) are ignored, as the standard demands.
    """
    key = read_vkey(vkey)
    text, signatures = open_note(note)
    ours = [line.signature for line in signatures if (line.name, line.key_id) == (key.name, key.id)]
    if not ours:
        raise BadNote("unknown_key")
    if not all(verify(key.public, text, signature) for signature in ours):
        raise BadNote("signature")
    checkpoint = read_checkpoint(text)
    if checkpoint.origin != key.name:
        raise BadNote("origin")
    return checkpoint
