"""Headers of every answer, errors included."""

from __future__ import annotations

from litestar.types import ASGIApp, Message, Receive, Scope, Send

# Scripts and workers from our own origin only; wasm is compiled, nothing is evaluated.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_RAW = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


TRIAL = b"x-lotgate-trial"
"""\"yes\": this is a trial run; an address: where this house has one. The page marks every screen by it."""


def with_headers(app: ASGIApp, trial: str | None = None) -> ASGIApp:
    """Around the whole application: put on once, as bytes (as headers of each route they cost 35 us an answer)."""
    headers = [*_RAW, (TRIAL, trial.encode())] if trial else _RAW

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        await app(scope, receive, send_with_headers)

    return answered
