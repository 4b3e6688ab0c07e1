"""`lotgate user`: people of a site, their roles and their access, from the machine that it runs on."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.domain.people import Person, Who
    from backend.store.door import Store

EXAMPLES = """examples:
  lotgate user first --site SZ1 --name "Shenzhen works" --zone Asia/Shanghai admin "Thomas Reed"
  lotgate user list
  lotgate user add li "李娜" --roles inspector --language zh --as admin
  lotgate user roles li inspector supervisor --as admin
  lotgate user deactivate li --reason "left the company" --as admin

It works on LOTGATE_DATA or LOTGATE_DATABASE_URL; the server may run or not. Whoever acts (--as) gives
their password and needs the right, as on every door. Passwords are asked for on the terminal; where there
is none they are read from standard input, one a line: first that of --as, then the new person's.
ends with 0 done, 1 refused or not reached
"""
ROLES = (
    "warehouse",
    "operator",
    "inspector",
    "supervisor",
    "quality_engineer",
    "quality_manager",
    "administrator",
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the commands below it."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="user_command", metavar="COMMAND", required=True)
    commands.add_parser("list", help="everybody, with roles")
    first = commands.add_parser("first", help="found an empty site with its first administrator")
    first.add_argument("--site", required=True, metavar="CODE", help="short code of the site")
    first.add_argument("--name", required=True, help="name of the site")
    first.add_argument("--name-zh", help="the same in Chinese")
    first.add_argument("--maker", help="name of the organisation (default: that of the site)")
    first.add_argument("--zone", default="UTC", help="time zone, such as Asia/Shanghai (default UTC)")
    new = commands.add_parser("add", help="add a person")
    for command in (first, new):
        command.add_argument("login", help="2 to 40 of a-z 0-9 . _ -; never used twice")
        command.add_argument("printed_name", help="as it stands beside signatures")
        command.add_argument("--language", choices=("en", "zh"), default="en")
    new.add_argument("--roles", nargs="+", choices=ROLES, default=[], metavar="ROLE")
    roles = commands.add_parser("roles", help="say which roles a person holds, all of them")
    roles.add_argument("login")
    roles.add_argument("roles", nargs="*", metavar="ROLE", help=", ".join(ROLES))
    gone = commands.add_parser(
        "deactivate", help="end a person's sessions, passkeys and chat accounts at once"
    )
    gone.add_argument("login")
    gone.add_argument("--reason", required=True)
    for command in (new, roles, gone):
        command.add_argument("--as", dest="acting", required=True, metavar="LOGIN", help="who does it")


def run(args: argparse.Namespace) -> int:
    """Do it; returns the exit code."""
    import asyncio
    import os

    from backend.app import opened
    from backend.domain.errors import LotgateError
    from backend.settings import read_settings
    from backend.store.database import Unavailable

    act = {"list": _list, "first": _first, "add": _add, "roles": _roles, "deactivate": _deactivate}

    async def work() -> None:
        async with opened(read_settings(os.environ)) as (store, _):
            await act[args.user_command](store, args)

    try:
        asyncio.run(work())
    except LotgateError as error:
        for reason in error.reasons:
            facts = ", ".join(f"{name} {value}" for name, value in reason.facts.items())
            print(
                f"refused: {reason.code.replace('_', ' ')}" + (f" ({facts})" if facts else ""),
                file=sys.stderr,
            )
        return 1
    except (Unavailable, OSError) as error:
        print(f"lotgate user: {error}", file=sys.stderr)
        return 1
    return 0


async def _list(store: Store, args: argparse.Namespace) -> None:
    from backend.views.people import list_people

    for site_id, code in await store.read.rows("select id, code from site order by code"):
        for person in await list_people(store.read, site_id):
            state = "" if person.active else "  (inactive)"
            print(f"{code:<8}{person.login:<20}{person.printed_name:<24}{', '.join(person.roles)}{state}")


async def _first(store: Store, args: argparse.Namespace) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from backend.actions.found_site import FirstLocation, FirstPerson, FoundSite, found_site
    from backend.domain.errors import Reason, Refused
    from backend.domain.security import system
    from backend.domain.words import Words

    if await store.read.rows("select 1 from site limit 1"):
        raise Refused(Reason("site_exists"))
    try:
        ZoneInfo(args.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refused(Reason("zone_unknown", {"zone": args.zone})) from error
    name = Words(args.name, args.name_zh or args.name)
    places = [
        FirstLocation("RCV-1", Words("Receiving dock", "收货区"), "receiving"),
        FirstLocation("QUA-1", Words("Quarantine", "待检区"), "quarantine"),
        FirstLocation("REL-1", Words("Released stock", "合格品区"), "released"),
        FirstLocation("REJ-1", Words("Rejected stock", "不合格品区"), "rejected"),
        FirstLocation("PRD-1", Words("Production", "生产区"), "production"),
        FirstLocation("SHP-1", Words("Shipping dock", "发货区"), "shipping"),
    ]
    _check_new(args.login, args.printed_name)
    administrator = FirstPerson(
        args.login, args.printed_name.strip(), args.language, ["administrator"], _new_hash()
    )
    site_id = store.new_id()
    command = FoundSite(
        id=store.new_id(),
        site_id=site_id,
        organisation=Words(args.maker, args.maker) if args.maker else name,
        code=args.site,
        name=name,
        zone=args.zone,
        locations=places,
        people=[administrator],
    )
    await found_site(store, system(site_id), command)
    print(f"{args.site} is founded; {args.login} is its administrator")


async def _add(store: Store, args: argparse.Namespace) -> None:
    from backend.actions.add_person import AddPerson, add_person

    who = await acting(store, args.acting)
    password = _new_password()
    command = AddPerson(
        id=store.new_id(),
        login=args.login,
        printed_name=args.printed_name,
        language=args.language,
        roles=args.roles,
        password_hash=_hash(password),
        password_length=len(password),
    )
    await add_person(store, who, command)
    print(f"{args.login} is added: {', '.join(args.roles) or 'no role yet'}")


async def _roles(store: Store, args: argparse.Namespace) -> None:
    from backend.actions.set_roles import SetRoles, set_roles

    _check_roles(args.roles)
    who = await acting(store, args.acting)
    person = await _person(store, args.login)
    roles = await set_roles(store, who, SetRoles(id=store.new_id(), person_id=person.id, roles=args.roles))
    print(f"{args.login} now is: {', '.join(roles) or 'without a role'}")


async def _deactivate(store: Store, args: argparse.Namespace) -> None:
    from backend.actions.deactivate_person import DeactivatePerson, deactivate_person

    who = await acting(store, args.acting)
    person = await _person(store, args.login)
    command = DeactivatePerson(id=store.new_id(), person_id=person.id, reason=args.reason)
    ended = await deactivate_person(store, who, command)
    print(f"{args.login} is out: {ended.sessions} sessions and {ended.passkeys} passkeys ended")


def _check_roles(roles: list[str]) -> None:
    from backend.domain.errors import Reason, Refused

    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise Refused(Reason("role_unknown", {"role": ", ".join(unknown), "known": ", ".join(ROLES)}))


async def _person(store: Store, login: str) -> Person:
    from backend.domain.errors import NotFound, Reason
    from backend.domain.people import Person

    person = await store.read.first(Person, "login = $1", login.strip().lower())
    if person is None:
        raise NotFound(Reason("person_unknown", {"login": login}))
    return person


async def acting(store: Store, login: str) -> Who:
    """Who acts, by their password; a wrong one is a security event like any failed sign-in."""
    from backend.actions.sign_in import sign_in
    from backend.actions.sign_out import sign_out
    from backend.domain.security import Plain

    sites = await store.read.rows("select id from site order by code limit 1")
    password = secret(f"Password of {login}: ")
    signed = await sign_in(store, sites[0][0] if sites else "", login, password, "command_line")
    await sign_out(store, signed.who, Plain(store.new_id()))
    return signed.who


def secret(prompt: str) -> str:
    """A password from the terminal, unseen; a line of standard input where there is no terminal."""
    from getpass import getpass

    if sys.stdin.isatty():
        return getpass(prompt)
    return sys.stdin.readline().rstrip("\n")


def _new_password() -> str:
    """Asked for twice on a terminal."""
    from backend.domain.errors import Reason, Refused

    password = secret("New person's password: ")
    if sys.stdin.isatty() and secret("The same again: ") != password:
        raise Refused(Reason("passwords_differ"))
    return password


def _hash(password: str) -> str:
    from backend.identity.passwords import hash_password

    return hash_password(password)


def _new_hash() -> str:
    from backend.domain.errors import Reason, Refused
    from backend.identity.passwords import SHORTEST

    password = _new_password()
    if len(password) < SHORTEST:
        raise Refused(Reason("password_short", {"least": SHORTEST}))
    return _hash(password)


def _check_new(login: str, printed_name: str) -> None:
    from backend.actions.add_person import LOGIN
    from backend.domain.errors import Reason, Refused

    if LOGIN.fullmatch(login) is None:
        raise Refused(Reason("login_wrong", {"login": login}))
    if not printed_name.strip():
        raise Refused(Reason("name_missing"))
