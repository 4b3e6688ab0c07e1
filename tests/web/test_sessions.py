"""Who is asking: sessions that are worth something, and what the others leave behind (AUD-8, AUD-9, SIG-6)."""

from __future__ import annotations

import asyncio

import pytest

from backend.demo.people import BY_LOGIN
from backend.domain.people import Person
from backend.web.attempts import ADDRESS, LOGIN, MOST_KEYS, UNKNOWN_SESSION, Attempts
from backend.web.session import COOKIE, HEADER
from tests.web.served import ORIGIN, Served, codes
from tests.web.walk import enrol_passkey

OPEN = {"/healthz", "/api/session", "/api/verifier.html", "/api/lotgate_verify.py", "/api/maker.vkey"}
NOW = "2026-11-23T18:18:00.000000Z"


@pytest.fixture
def engine() -> str:
    """Sessions ask the same statements of both engines; one is enough here."""
    return "sqlite"


async def security_events(served: Served) -> list[str]:
    """Codes of the security events, the newest first."""
    return [event["facts"]["code"] for event in await served.events(type="security")]


@pytest.mark.proves("AUD-8")
async def test_without_a_session_every_address_gives_nothing(shared: Served) -> None:
    stranger = shared.phone()
    paths = (await stranger.client.get("/schema/openapi.json")).json()["paths"]
    asked = 0
    for path, operations in paths.items():
        for method in operations:
            if path in OPEN:
                continue
            answer = await stranger.client.request(
                method.upper(), path.replace("{", "").replace("}", ""), json={}
            )
            assert (answer.status_code, codes(answer.json())) == (401, ["not_signed_in"]), (method, path)
            asked += 1
    assert asked > 40


@pytest.mark.proves("AUD-8")
async def test_an_unknown_session_leaves_a_security_event(served: Served) -> None:
    stranger = served.phone()
    stranger.client.cookies.set(COOKIE, "made up")
    assert codes(await stranger.get("/api/worklist", 401)) == ["not_signed_in"]
    assert (await security_events(served))[0] == "session_unknown"


@pytest.mark.proves("AUD-8")
async def test_a_stranger_cannot_fill_the_log_with_worthless_sessions(served: Served) -> None:
    stranger = served.phone()
    for number in range(UNKNOWN_SESSION.most + 20):
        stranger.client.cookies.set(COOKIE, f"made up {number}")
        await stranger.get("/api/worklist", 401)
    seen = await security_events(served)
    assert seen[0] == "too_many_sessions" and len(seen) == UNKNOWN_SESSION.most + 1


@pytest.mark.proves("AUD-8", "SIG-4")
async def test_a_deactivated_person_is_out_of_every_session_at_once(served: Served) -> None:
    phones = [await served.phone().sign_in("garcia") for _ in range(3)]
    admin = await served.by("admin")
    person = phones[0].session["person"]["id"]
    ended = await admin.post(f"/api/people/{person}/deactivation", 200, reason="left the company")
    assert ended["sessions"] == 3
    for phone in phones:
        assert codes(await phone.get("/api/worklist", 401)) == ["not_signed_in"]
        await phone.post("/api/notices/seen", 401, notice_ids=[])
    body = {"login": "garcia", "password": BY_LOGIN["garcia"].password}
    assert (await served.phone().client.post("/api/session", json=body)).status_code == 403
    assert (await security_events(served))[0] == "session_ended"


async def test_signing_out_ends_the_session_on_the_server(served: Served) -> None:
    phone = await served.phone().sign_in("li")
    secret = phone.cookie
    assert (await phone.client.delete("/api/session")).status_code == 204
    copied = served.phone()
    copied.client.cookies.set(COOKIE, secret)
    await copied.get("/api/session", 401)


async def test_a_session_ends_by_itself(served: Served) -> None:
    phone = await served.phone().sign_in("li")
    served.clock.ahead = 12 * 3600 + 1
    await phone.get("/api/session", 401)


async def test_the_cookie_is_for_our_own_pages_and_no_script(shared: Served) -> None:
    phone = shared.phone()
    body = {"login": "li", "password": BY_LOGIN["li"].password}
    plain = (await phone.client.post("/api/session", json=body)).headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in plain.split(";")}
    phone.client.base_url = "https://localhost:8443"
    secure = (await phone.client.post("/api/session", json=body)).headers["set-cookie"].lower()
    assert "secure" in {part.strip() for part in secure.split(";")}


@pytest.mark.proves("AUD-8")
async def test_a_session_set_before_signing_in_is_not_adopted(served: Served) -> None:
    phone, fixed = served.phone(), "a" * 43
    phone.client.cookies.set(COOKIE, fixed, domain="localhost.local")
    await phone.sign_in("li")
    assert fixed not in {cookie.value for cookie in phone.client.cookies.jar if not cookie.domain}
    attacker = served.phone()
    attacker.client.cookies.set(COOKIE, fixed)
    await attacker.get("/api/session", 401)


@pytest.mark.parametrize("given", [None, "", "wrong", "x" * 43])
async def test_a_change_without_the_csrf_header_is_refused_and_logged(
    served: Served, given: str | None
) -> None:
    phone = await served.phone().sign_in("wang")
    del phone.client.headers[HEADER]
    headers = {} if given is None else {HEADER: given}
    for method, path in (
        ("POST", "/api/notices/seen"),
        ("PUT", "/api/session/language"),
        ("DELETE", "/api/session"),
    ):
        answer = await phone.client.request(method, path, headers=headers, json={"language": "en"})
        assert (answer.status_code, codes(answer.json())) == (403, ["csrf_wrong"])
    assert await phone.get("/api/session")
    assert (await security_events(served))[:3] == ["csrf_wrong"] * 3


async def test_another_sites_page_changes_nothing(served: Served) -> None:
    phone = await served.phone().sign_in("wang")
    foreign = {"origin": "https://evil.example"}
    answer = await phone.client.post("/api/notices/seen", json={}, headers=foreign)
    assert (answer.status_code, codes(answer.json())) == (403, ["origin_foreign"])
    body = {"login": "li", "password": BY_LOGIN["li"].password}
    assert (await phone.client.post("/api/session", json=body, headers=foreign)).status_code == 403
    assert (await phone.client.post("/api/session", json=body, headers={"origin": ORIGIN})).status_code == 200
    assert (await security_events(served))[:2] == ["origin_foreign"] * 2


@pytest.mark.proves("AUD-9", "SIG-6")
async def test_guessing_passwords_is_limited_logged_and_no_help(served: Served) -> None:
    stranger = served.phone().client
    wrong = {"login": "sun", "password": "lotgate-demo-sum"}
    answers = await asyncio.gather(
        *(stranger.post("/api/session", json=wrong) for _ in range(LOGIN.most + 12))
    )
    assert sorted(answer.status_code for answer in answers) == [403] * LOGIN.most + [429] * 12
    right = {"login": " SUN ", "password": BY_LOGIN["sun"].password}
    refused = await stranger.post("/api/session", json=right)
    assert (refused.status_code, codes(refused.json())) == (429, ["too_many_attempts"])
    unknown = await stranger.post("/api/session", json={"login": "nobody", "password": "x"})
    known = answers[0].json() if answers[0].status_code == 403 else answers[-1].json()
    assert unknown.json() == known, "the answer does not say whether the login exists"
    assert "too_many_attempts" in await security_events(served)
    failures = await served.events(type="sign_in_failed")
    assert len(failures) == LOGIN.most + 1
    served.clock.ahead = 601
    assert (await stranger.post("/api/session", json=right)).status_code == 200


class CountsAfterwards:
    """The broken twin: a try is counted once it has failed, so many at once are all within the limit."""

    failures = 0

    def may_try(self) -> bool:
        return self.failures < LOGIN.most

    def failed(self) -> None:
        self.failures += 1


def test_many_tries_at_once_are_no_way_around_the_limit() -> None:
    attempts = Attempts()
    through = sum(attempts.count(LOGIN, "sun", NOW) == 0 for _ in range(200))
    assert through == LOGIN.most
    twin = CountsAfterwards()
    begun = [twin.may_try() for _ in range(200)]  # passwords are looked at in threads, and only then:
    for _ in begun:
        twin.failed()
    assert sum(begun) == 200, "the twin lets them all through"
    assert attempts.minutes_left(LOGIN, "sun", NOW) == 10
    assert attempts.count(LOGIN, "sun", "2026-11-23T18:28:00.000001Z") == 0


def test_the_memory_of_tries_is_bounded() -> None:
    attempts = Attempts()
    for number in range(MOST_KEYS + 500):
        attempts.count(ADDRESS, str(number), NOW)
    assert len(attempts._tries) <= MOST_KEYS


@pytest.mark.proves("SIG-4")
async def test_nobody_revokes_anothers_key_or_reads_anothers_notices(served: Served) -> None:
    sun, novak = await served.by("sun"), await served.by("novak")
    await enrol_passkey(sun)
    key = (await sun.get("/api/me/keys"))["passkeys"][0]["id"]
    answer = await novak.client.delete(f"/api/me/passkeys/{key}")
    assert (answer.status_code, codes(answer.json())) == (403, ["not_the_owner"])
    mine = {notice["id"] for notice in await sun.get("/api/notices")}
    assert (await novak.post("/api/notices/seen", 200, notice_ids=sorted(mine)))["seen"] == 0
    person = await served.store.read.first(Person, "login = $1", "sun")
    assert person is not None and person.active
