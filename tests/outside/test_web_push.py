"""Notices of the browser: nobody but the browser reads them, the push service knows who sends, its answer decides."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from aiohttp import web
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.domain.push import answered
from backend.domain.telling import Sent
from backend.domain.webhooks import read_inside
from backend.outside.web_push import PushKey, body_of, send
from bot.cards import Card

CARD = Card("✍️ 待放行 · L26-000012", ["致：孙梅"], "https://lotgate.example/n/x", "Open", urgent=True)
AUTH = bytes(range(16))


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text_of(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def point_of(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def read(private: EllipticCurvePrivateKey, auth: bytes, body: bytes) -> bytes:
    """What a browser does (RFC 8291 3.4, RFC 8188 2): one record, its padding taken off."""
    salt, size = body[:16], body[20]
    sender, sealed = body[21 : 21 + size], body[21 + size :]
    shared = private.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender))
    info = b"WebPush: info\0" + point_of(private.public_key()) + sender
    secret = derived(shared, auth, info, 32)
    key = derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    return AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0").removesuffix(b"\2")


def test_the_reading_browser_reads_the_example_of_the_rfc() -> None:
    """RFC 8291, appendix A."""
    private = derive_private_key(
        int.from_bytes(raw("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), SECP256R1()
    )
    body = raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PB"
        "ru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert read(private, raw("BTBZMqHH6r4Tts7J_aSIgg"), body) == b"When I grow up, I want to be a watermelon"


def test_only_the_browser_that_subscribed_reads_a_card() -> None:
    mine, other = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    secret = f"{text_of(point_of(mine.public_key()))}.{text_of(AUTH)}"
    body = body_of("https://push.example/a", secret, CARD)
    assert body is not None and "L26" not in body.decode("latin-1")
    assert json.loads(read(mine, AUTH, body)) == {
        "title": CARD.title, "body": "致：孙梅", "link": CARD.link,
    }  # fmt: skip
    with pytest.raises(InvalidTag):
        read(other, AUTH, body)
    long = Card("t", ["长" * 5000], "l", "o")
    assert len(body_of("https://push.example/a", secret, long) or b"") <= 4096


def test_the_push_service_can_tell_who_sends(tmp_path: Path) -> None:
    """RFC 8292: a token for this service, for less than a day, signed by the key that the browser subscribed for."""
    key = PushKey(tmp_path, "https://lotgate.example")
    headers = key.headers("https://push.example:8443/a/b", True, 1_800_000_000)
    scheme, _, given = headers["Authorization"].partition(" ")
    fields = dict(part.strip().split("=", 1) for part in given.split(","))
    head, claims, signature = fields["t"].split(".")
    assert scheme == "vapid" and fields["k"] == key.public
    assert json.loads(raw(head))["alg"] == "ES256"
    assert json.loads(raw(claims)) == {
        "aud": "https://push.example:8443",
        "sub": "https://lotgate.example",
        "exp": 1_800_043_200,
    }
    r, s = (int.from_bytes(raw(signature)[part], "big") for part in (slice(32), slice(32, None)))
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw(key.public))
    public.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ECDSA(SHA256()))
    assert headers["urgency"] == "high" and headers["content-encoding"] == "aes128gcm"
    assert PushKey(tmp_path, "https://lotgate.example").public == key.public, "kept over a restart"
    assert (tmp_path / "push.key").stat().st_mode & 0o077 == 0


ANSWERS = [
    (201, None, Sent()),
    (204, None, Sent()),
    (404, None, Sent("push_gone", True)),
    (410, None, Sent("push_gone", True)),
    (413, None, Sent("HTTP 413 no", True)),
    (403, None, Sent("HTTP 403 no", True)),
    (429, "30", Sent("HTTP 429 no", False, 30.0)),
    (503, None, Sent("HTTP 503 no", False)),
    (301, None, Sent("webhook_redirected")),
]


@pytest.mark.parametrize(("status", "after", "expected"), ANSWERS)
def test_what_an_answer_means(status: int, after: str | None, expected: Sent) -> None:
    assert answered(status, "no", after) == expected


async def test_over_a_push_service_and_never_into_the_house(tmp_path: Path) -> None:
    mine, heard = generate_private_key(SECP256R1()), list[tuple[dict[str, str], bytes]]()
    secret = f"{text_of(point_of(mine.public_key()))}.{text_of(AUTH)}"
    key = PushKey(tmp_path, "https://lotgate.example")

    async def hear(request: web.Request) -> web.Response:
        heard.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(status=201)

    app = web.Application()
    app.router.add_post("/in", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/in"
        assert await send(key, address, secret, CARD, read_inside("127.0.0.0/8")) == Sent()
        assert (await send(key, address, secret, CARD, read_inside(""))).why == "webhook_inside"
        assert await send(key, address, "a.b", CARD, read_inside("127.0.0.0/8")) == Sent("push_keys", True)
    finally:
        await runner.cleanup()
    ((headers, body),) = heard
    assert headers["ttl"] == "86400" and headers["authorization"].startswith("vapid t=")
    assert json.loads(read(mine, AUTH, body))["title"] == CARD.title
