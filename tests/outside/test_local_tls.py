"""The local authority: a browser's rules for a certificate, played by OpenSSL over a real handshake."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from backend.outside.local_authority import IPAddress, KeyPair, general_names, make_ca, make_server
from backend.outside.local_tls import LocalCertificate, local_certificate

NOW = datetime.now(UTC)
LAN: list[IPAddress] = [ip_address("192.168.7.20")]


def handshake(certificate: LocalCertificate, host: str) -> None:
    """A client that trusts the authority alone greets the server as `host`; raises as a browser would."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate.certificate, certificate.key)
    client = ssl.create_default_context(cafile=str(certificate.ca))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=host),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(10):
        for end in list(ends):
            try:
                end.do_handshake()
                ends.remove(end)
            except ssl.SSLWantReadError:
                pass
        if not ends:
            return
    raise AssertionError("the handshake did not end")


def write(pair: KeyPair, ca: KeyPair, folder: Path) -> LocalCertificate:
    """Files for a handshake, whatever the authority was willing to sign."""
    files = LocalCertificate(folder / "x.crt", folder / "x.key", folder / "x-ca.crt", True)
    files.certificate.write_bytes(pair.certificate.public_bytes(Encoding.PEM))
    files.key.write_bytes(pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    files.ca.write_bytes(ca.certificate.public_bytes(Encoding.PEM))
    return files


def unconstrained_ca() -> KeyPair:
    """The broken twin: the authority that most recipes make, good for every site of the world."""
    key = ec.generate_private_key(ec.SECP256R1())
    good = make_ca(["factory.local"], [], NOW).certificate
    builder = x509.CertificateBuilder(
        good.subject,
        good.subject,
        key.public_key(),
        good.serial_number,
        NOW - timedelta(days=1),
        NOW + timedelta(9),
    )
    for extension in good.extensions:
        if extension.oid not in (
            x509.NameConstraints.oid,
            x509.SubjectKeyIdentifier.oid,
        ):
            builder = builder.add_extension(extension.value, extension.critical)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return KeyPair(builder.add_extension(identifier, False).sign(key, hashes.SHA256()), key)


@pytest.mark.parametrize("host", ["factory.local", "localhost", "192.168.7.20"])
def test_a_phone_that_trusts_the_authority_connects(tmp_path: Path, host: str) -> None:
    handshake(local_certificate(tmp_path, ["Factory.local.", "localhost"], LAN, NOW), host)


def test_another_name_is_refused(tmp_path: Path) -> None:
    certificate = local_certificate(tmp_path, ["factory.local"], LAN, NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(certificate, "other.local")


def test_a_stolen_authority_signs_for_no_public_site(tmp_path: Path) -> None:
    ca = make_ca(["factory.local"], LAN, NOW)
    forged = make_server(ca, general_names(["bank.example.com"], []), NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(write(forged, ca, tmp_path), "bank.example.com")


def test_the_twin_without_constraints_lets_the_public_site_pass(tmp_path: Path) -> None:
    ca = unconstrained_ca()
    forged = make_server(ca, general_names(["bank.example.com"], []), NOW)
    handshake(write(forged, ca, tmp_path), "bank.example.com")


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    certificate = local_certificate(tmp_path, ["factory.local"], LAN, NOW)
    for key in (certificate.key, tmp_path / "ca.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    first = local_certificate(tmp_path, ["factory.local"], LAN, NOW)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    second = local_certificate(tmp_path, ["factory.local"], LAN, NOW + timedelta(days=300))
    assert first.ca_made and not second.ca_made
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("hosts", "later"),
    [
        pytest.param(["factory.local"], timedelta(days=370), id="near-its-end"),
        pytest.param(["factory.local", "plant.local"], timedelta(0), id="a-host-more"),
        pytest.param(["factory.local"], timedelta(days=-2), id="clock-set-back"),
    ],
)
def test_the_server_certificate_is_renewed_and_the_authority_stays(
    tmp_path: Path, hosts: list[str], later: timedelta
) -> None:
    first = local_certificate(tmp_path, ["factory.local"], LAN, NOW)
    server, ca = first.certificate.read_bytes(), first.ca.read_bytes()
    second = local_certificate(tmp_path, hosts, LAN, NOW + later)
    assert second.certificate.read_bytes() != server
    assert second.ca.read_bytes() == ca
    assert not second.ca_made


@pytest.mark.parametrize(
    ("host", "later"),
    [
        pytest.param("lots.maker.example", timedelta(0), id="a-name-outside-its-constraints"),
        pytest.param("factory.local", timedelta(days=3400), id="near-its-end"),
    ],
)
def test_a_new_authority_says_that_phones_must_trust_it_again(
    tmp_path: Path, host: str, later: timedelta
) -> None:
    local_certificate(tmp_path, ["factory.local"], LAN, NOW)
    assert local_certificate(tmp_path, [host], LAN, NOW + later).ca_made


@pytest.mark.parametrize("damaged", ["server.crt", "server.key", "ca.crt", "ca.key"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damaged: str) -> None:
    local_certificate(tmp_path, ["factory.local"], LAN, NOW)
    (tmp_path / damaged).write_bytes(b"half a fi")
    handshake(local_certificate(tmp_path, ["factory.local"], LAN, NOW), "factory.local")


def test_nothing_to_certify_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="host or an address"):
        local_certificate(tmp_path, [], [], NOW)
