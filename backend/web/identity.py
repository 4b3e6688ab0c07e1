"""Signing in and out, and one's own keys."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.params import JSONBody

from backend.actions.add_passkey import AddPasskey, add_passkey
from backend.actions.begin_passkey import BeginPasskey, begin_passkey
from backend.actions.begin_totp import BeginTotp, begin_totp
from backend.actions.confirm_totp import ConfirmTotp, confirm_totp
from backend.actions.make_binding_code import BindingCodeMade, make_binding_code
from backend.actions.note_security import note_security
from backend.actions.revoke_passkey import RevokePasskey, revoke_passkey
from backend.actions.set_language import SetLanguage, set_language
from backend.actions.sign_in import sign_in
from backend.actions.sign_out import sign_out
from backend.domain.security import Plain
from backend.domain.words import Language
from backend.views.people import Keys, keys_of
from backend.views.sessions import SessionView, session_view
from backend.web.asking import Has, Id, Me
from backend.web.attempts import ADDRESS, LOGIN
from backend.web.parts import Parts
from backend.web.problems import TooMany
from backend.web.qr import svg_of
from backend.web.session import COOKIE, address_of, find, refuse_foreign


class SignInBody(msgspec.Struct, forbid_unknown_fields=True):
    """Login and password."""

    login: str
    password: str


class TotpSetUp(msgspec.Struct):
    """The secret as text, as the address that an app opens, and as a picture of it (`qr`, SVG) for another phone."""

    secret: str
    uri: str
    qr: str


class LanguageBody(msgspec.Struct, forbid_unknown_fields=True):
    """The person's language."""

    language: Language
    id: str | None = None


@post("/api/session", operation_id="sign_in", status_code=200)
async def start_session(
    data: JSONBody[SignInBody], request: Request[Any, Any, Any], parts: Has
) -> Response[SessionView]:
    """Start a session; its cookie cannot be read by scripts."""
    await refuse_foreign(request, parts.store)
    login, address = data.login.strip().lower(), address_of(request)
    await _refuse_too_many(parts, login, address)
    sites = await parts.store.read.rows("select id from site order by code limit 1")
    signed = await sign_in(parts.store, sites[0][0] if sites else "", login, data.password)
    parts.attempts.succeeded(LOGIN, login)
    parts.attempts.take_back(ADDRESS, address)
    view = await session_view(parts.store.read, signed.who, signed.session, parts.store.clock())
    cookie = Cookie(
        COOKIE,
        value=signed.secret,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
        max_age=12 * 3600,
    )
    return Response(view, cookies=[cookie])


async def _refuse_too_many(parts: Parts, login: str, address: str) -> None:
    """Count this try for its login and its address; the first one too many is a security event."""
    now = parts.store.clock()
    for limit, place in ((LOGIN, login), (ADDRESS, address)):
        over = parts.attempts.count(limit, place, now)
        if over == 1:
            await note_security(parts.store, "too_many_attempts", place[:80], address)
        if over:
            raise TooMany(parts.attempts.minutes_left(limit, place, now))


@get("/api/session", operation_id="get_session")
async def my_session(request: Request[Any, Any, Any], parts: Has) -> SessionView:
    """Who am I, and what may I do?"""
    me = await find(parts, request.cookies.get(COOKIE), address_of(request))
    return await session_view(parts.store.read, me.who, me.session, parts.store.clock())


@delete("/api/session", operation_id="sign_out", status_code=204)
async def end_session(me: Me, parts: Has) -> None:
    """End it."""
    await sign_out(parts.store, me.who, Plain(parts.store.new_id()))


@put("/api/session/language", operation_id="set_language")
async def language(data: JSONBody[LanguageBody], me: Me, parts: Has) -> SessionView:
    """Everything that is written to me from now on."""
    command = SetLanguage(id=data.id or parts.store.new_id(), language=data.language)
    await set_language(parts.store, me.who, command)
    return await session_view(parts.store.read, me.who, me.session, parts.store.clock())


@get("/api/me/keys", operation_id="list_keys")
async def my_keys(me: Me, parts: Has) -> Keys:
    """What I sign with."""
    return await keys_of(parts.store.read, me.who.person_id)


@post("/api/me/passkeys/options", operation_id="begin_passkey")
async def passkey_options(
    data: JSONBody[BeginPasskey], request: Request[Any, Any, Any], me: Me, parts: Has
) -> dict[str, Any]:
    """For `navigator.credentials.create`."""
    return (
        await begin_passkey(parts.store, me.who, data, parts.party(request.headers.get("host", "")))
    ).options


@post("/api/me/passkeys", operation_id="add_passkey")
async def new_passkey(
    data: JSONBody[AddPasskey], request: Request[Any, Any, Any], me: Me, parts: Has
) -> Keys:
    """Keep the browser's answer."""
    await add_passkey(parts.store, me.who, data, parts.party(request.headers.get("host", "")))
    return await keys_of(parts.store.read, me.who.person_id)


@delete("/api/me/passkeys/{passkey_id:str}", operation_id="revoke_passkey", status_code=200)
async def drop_passkey(passkey_id: Id, me: Me, parts: Has) -> Keys:
    """A lost device."""
    await revoke_passkey(parts.store, me.who, RevokePasskey(id=parts.store.new_id(), passkey_id=passkey_id))
    return await keys_of(parts.store.read, me.who.person_id)


@post("/api/me/totp", operation_id="begin_totp")
async def new_totp(data: JSONBody[BeginTotp], me: Me, parts: Has) -> TotpSetUp:
    """A secret for the authenticator app, shown once."""
    begun = await begin_totp(parts.store, me.who, data)
    return TotpSetUp(begun.secret, begun.uri, svg_of(begun.uri))


@post("/api/me/totp/confirmation", operation_id="confirm_totp")
async def totp_confirmed(data: JSONBody[ConfirmTotp], me: Me, parts: Has) -> Keys:
    """With the first code."""
    await confirm_totp(parts.store, me.who, data)
    return await keys_of(parts.store.read, me.who.person_id)


@post("/api/me/chat/code", operation_id="make_binding_code")
async def chat_code(me: Me, parts: Has) -> BindingCodeMade:
    """A one-time code that binds my chat account: `/start CODE` to the bot, within ten minutes."""
    return await make_binding_code(parts.store, me.who)


HANDLERS = [
    start_session,
    my_session,
    end_session,
    language,
    my_keys,
    passkey_options,
    new_passkey,
    drop_passkey,
    new_totp,
    totp_confirmed,
    chat_code,
]
