"""The certificates of a local authority as values: how they are made, until when and for whom they serve.

The authority is bound by name constraints (RFC 5280 4.2.1.10) to private networks and to the names asked for
when it was made: even with a stolen key it signs for no other place. Server certificates run 397 days, the
longest that browsers accept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_LIFE = timedelta(days=3650)
SERVER_LIFE = timedelta(days=397)
RENEW_BEFORE_END = timedelta(days=30)
CLOCK_SKEW = timedelta(days=1)  # a phone whose clock is late must not refuse a new certificate
PRIVATE_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")
PRIVATE_NETWORKS = (
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network


class KeyPair(NamedTuple):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_ca(hosts: Sequence[str], addresses: Sequence[IPAddress], now: datetime) -> KeyPair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Lotgate local authority {now:%Y-%m-%d}")])
    permitted = [x509.DNSName(name) for name in sorted({*PRIVATE_NAMES, *map(_ascii, hosts)})]
    networks = [ip_network(n) for n in PRIVATE_NETWORKS]
    own = [ip_network(a) for a in addresses if not any(a in network for network in networks)]
    constraints = x509.NameConstraints([*permitted, *map(x509.IPAddress, [*networks, *own])], None)
    certificate = (
        _builder(name, name, key, now, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(constraints, critical=True)
        .sign(key, hashes.SHA256())
    )
    return KeyPair(certificate, key)


def make_server(ca: KeyPair, names: list[x509.GeneralName], now: datetime) -> KeyPair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lotgate")])
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key())
    certificate = (
        _builder(subject, ca.certificate.subject, key, now, SERVER_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(authority, critical=False)
        .sign(ca.key, hashes.SHA256())
    )
    return KeyPair(certificate, key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    start = now - CLOCK_SKEW
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def ca_serves(
    ca: x509.Certificate, hosts: Sequence[str], addresses: Sequence[IPAddress], now: datetime
) -> bool:
    if ca.not_valid_after_utc < now + SERVER_LIFE:
        return False
    permitted = ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    names = [subtree.value for subtree in permitted if isinstance(subtree, x509.DNSName)]
    networks = [subtree.value for subtree in permitted if isinstance(subtree, x509.IPAddress)]
    return all(
        any(host == name or host.endswith(f".{name}") for name in names) for host in map(_ascii, hosts)
    ) and all(any(_holds(network, address) for network in networks) for address in addresses)


def _holds(network: IPAddress | IPNetwork, address: IPAddress) -> bool:
    return isinstance(network, IPv4Network | IPv6Network) and address in network


def server_serves(
    server: x509.Certificate, ca: x509.Certificate, names: list[x509.GeneralName], now: datetime
) -> bool:
    try:
        server.verify_directly_issued_by(ca)
    except (ValueError, TypeError, InvalidSignature):
        return False
    held = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    in_time = server.not_valid_before_utc <= now < server.not_valid_after_utc - RENEW_BEFORE_END
    return in_time and set(held) == set(names)


def general_names(hosts: Sequence[str], addresses: Sequence[IPAddress]) -> list[x509.GeneralName]:
    dns = [x509.DNSName(host) for host in sorted(set(map(_ascii, hosts)))]
    return [*dns, *(x509.IPAddress(address) for address in sorted(set(addresses), key=str))]


def _ascii(host: str) -> str:
    """A certificate holds host names in their ASCII form (RFC 5280 7.2)."""
    return host.rstrip(".").lower().encode("idna").decode("ascii")
