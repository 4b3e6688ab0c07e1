"""`lotgate user`: an empty site gets its first administrator, and everybody after that acts by right."""

from __future__ import annotations

import pytest

from tests.cli.lotgate import Lotgate
from tests.stores import Templates

FIRST = (
    "user",
    "first",
    "--site",
    "SZ1",
    "--name",
    "Works",
    "--zone",
    "Asia/Shanghai",
    "admin",
    "Thomas Reed",
)
ADMIN, LI = "correct horse 99", "a long one for li"


@pytest.mark.proves("SIG-4", "AUD-8", "ROL-1")
async def test_a_site_from_nothing_to_people_who_come_and_go(
    lotgate: Lotgate, engine: str, templates: Templates
) -> None:
    await lotgate.on(engine, templates, "empty", None)
    founded = await lotgate(*FIRST, typed=f"{ADMIN}\n")
    assert founded.code == 0, founded.err
    add = ("user", "add", "li", "李娜", "--roles", "inspector", "--language", "zh", "--as", "admin")
    assert (await lotgate(*add, typed=f"{ADMIN}\n{LI}\n")).code == 0
    roles = await lotgate("user", "roles", "li", "supervisor", "--as", "admin", typed=f"{ADMIN}\n")
    assert roles.code == 0, roles.err
    listed = (await lotgate("user", "list")).out
    assert "Thomas Reed" in listed and "administrator" in listed
    assert "李娜" in listed and "supervisor" in listed and "inspector" not in listed
    gone = ("user", "deactivate", "li", "--reason", "left", "--as", "admin")
    assert (await lotgate(*gone, typed=f"{ADMIN}\n")).code == 0
    assert "(inactive)" in (await lotgate("user", "list")).out
    again = await lotgate(*add, typed=f"{ADMIN}\n{LI}\n")
    assert (again.code, "login taken" in again.err) == (1, True), "an identity is never used again"
    verified = await lotgate("log", "verify")
    assert (verified.code, verified.out) == (0, "")


REFUSED = [
    (("user", "add", "bo", "Bo", "--as", "admin"), "wrong\n", "sign in failed"),
    (("user", "add", "bo", "Bo", "--as", "nobody"), "x\n", "sign in failed"),
    (("user", "add", "bo", "Bo", "--as", "admin"), f"{ADMIN}\nshort\n", "password short"),
    (("user", "add", "B o", "Bo", "--as", "admin"), f"{ADMIN}\n{LI}\n", "login wrong"),
    (("user", "add", "bo", " ", "--as", "admin"), f"{ADMIN}\n{LI}\n", "name missing"),
    (("user", "roles", "nobody", "inspector", "--as", "admin"), f"{ADMIN}\n", "person unknown"),
    (("user", "roles", "li", "boss", "--as", "admin"), f"{ADMIN}\n", "role unknown"),
    (("user", "roles", "admin", "inspector", "--as", "admin"), f"{ADMIN}\n", "not oneself"),
    (("user", "roles", "admin", "--as", "li"), f"{LI}\n", "not allowed"),
    (("user", "deactivate", "admin", "--reason", "x", "--as", "li"), f"{LI}\n", "not allowed"),
    (("user", "deactivate", "admin", "--reason", "x", "--as", "admin"), f"{ADMIN}\n", "not oneself"),
    (FIRST, f"{ADMIN}\n", "site exists"),
]


@pytest.mark.proves("REL-10", "ROL-1")
async def test_nothing_is_done_without_the_password_and_the_right(lotgate: Lotgate) -> None:
    assert (await lotgate(*FIRST, typed=f"{ADMIN}\n")).code == 0
    add = ("user", "add", "li", "Li", "--roles", "inspector", "--as", "admin")
    assert (await lotgate(*add, typed=f"{ADMIN}\n{LI}\n")).code == 0
    before = (await lotgate("user", "list")).out
    for words, typed, code in REFUSED:
        said = await lotgate(*words, typed=typed)
        assert (said.code, said.out) == (1, ""), words
        assert code in said.err, (words, said.err)
        assert ADMIN not in said.err and "Traceback" not in said.err
    assert (await lotgate("user", "list")).out == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Asia/Shanghai": "Mars/Olympus"}, "zone unknown"),
        ({"Asia/Shanghai": "../etc"}, "zone unknown"),
        ({"admin": "A"}, "login wrong"),
        ({"Thomas Reed": " "}, "name missing"),
    ],
)
async def test_a_site_is_not_founded_by_halves(lotgate: Lotgate, change: dict[str, str], code: str) -> None:
    words = [change.get(word, word) for word in FIRST]
    said = await lotgate(*words, typed=f"{ADMIN}\n")
    assert said.code == 1 and code in said.err
    assert (await lotgate("user", "list")).out == ""
    short = await lotgate(*FIRST, typed="short\n")
    assert short.code == 1 and "password short" in short.err


async def test_help_shows_examples(lotgate: Lotgate) -> None:
    said = await lotgate("user", "--help")
    assert said.code == 0 and "examples:" in said.out and "lotgate user first" in said.out
    assert (await lotgate("user")).code == 2
