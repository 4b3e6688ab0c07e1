"""HTTPS on a factory's own network: this installation's authority and its server certificate, as files.

Camera, service worker and passkeys need HTTPS, and no public authority signs names such as `factory.local`.
Each phone trusts our authority once; `local_authority` says how little that trust covers.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from backend.outside.local_authority import (
    IPAddress,
    KeyPair,
    ca_serves,
    general_names,
    make_ca,
    make_server,
    server_serves,
)


class LocalCertificate(NamedTuple):
    """PEM files. `ca_made`: the authority is new, so every phone has to trust it (again)."""

    certificate: Path
    key: Path
    ca: Path
    ca_made: bool


def local_certificate(
    folder: Path, hosts: Sequence[str], addresses: Sequence[IPAddress], now: datetime
) -> LocalCertificate:
    """The server certificate for `hosts` and `addresses`, kept in `folder` and made or renewed where needed.

    `now` has a time zone. Keys have mode 0600 from their first byte. A new authority is made when there is
    none, when it would end before a server certificate, or when it excludes a host or an address.
    Raises ValueError where there is neither host nor address.
    """
    if not hosts and not addresses:
        raise ValueError("a server certificate needs a host or an address")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca_path, ca_key_path = folder / "ca.crt", folder / "ca.key"
    path, key_path = folder / "server.crt", folder / "server.key"

    ca = _load(ca_path, ca_key_path)
    ca_made = ca is None or not ca_serves(ca.certificate, hosts, addresses, now)
    if ca is None or ca_made:
        ca = make_ca(hosts, addresses, now)
        _store(ca, ca_path, ca_key_path)
    names = general_names(hosts, addresses)
    server = _load(path, key_path)
    if server is None or not server_serves(server.certificate, ca.certificate, names, now):
        _store(make_server(ca, names, now), path, key_path)
    return LocalCertificate(path, key_path, ca_path, ca_made)


def _load(path: Path, key_path: Path) -> KeyPair | None:
    """The pair as stored; None where a file is missing, is no PEM, or the two do not belong together."""
    with contextlib.suppress(FileNotFoundError, ValueError, TypeError):
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        key = load_pem_private_key(key_path.read_bytes(), password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and certificate.public_key() == key.public_key():
            key_path.chmod(0o600)  # a restored copy may have come back open
            return KeyPair(certificate, key)
    return None


def _store(pair: KeyPair, path: Path, key_path: Path) -> None:
    """The key first: a crash in between leaves a pair that does not match and is made again."""
    private = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _replace(key_path, private, 0o600)
    _replace(path, pair.certificate.public_bytes(Encoding.PEM), 0o644)


def _replace(path: Path, content: bytes, mode: int) -> None:
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
