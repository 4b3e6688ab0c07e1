"""One contest: product and yardsticks on copies of the same database, taking turns at each work."""

from __future__ import annotations

import asyncio
import http.client
import shutil
import statistics
import subprocess
import sys
from contextlib import AbstractContextManager, ExitStack
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

import asyncpg
import msgspec

from bench.factory import Factory
from bench.ground import PASSWORD
from bench.load import Load, Told
from bench.serving import Serving, serving
from bench.works import CLIENTS, WORKS, Seat, Work, reads, records

Engine = Literal["sqlite", "postgres"]
Name = Literal["lotgate", "minimal", "orm"]
NAMES: tuple[Name, ...] = ("lotgate", "minimal", "orm")


class Effort(NamedTuple):
    """How long to measure: rounds, seconds a turn of reading, inspections a turn of recording."""

    rounds: int
    seconds: float
    inspections: int

    def needed(self) -> int:
        """Inspections that a contestant records in all, its warm-up included."""
        return self.inspections * (self.rounds + 1)


class Score(NamedTuple):
    """A work's median over the rounds: answers a second, microseconds of the server's processor an answer,
    milliseconds an answer (median)."""

    rate: float
    cpu: float
    wait: float


class Result(NamedTuple):
    """What came out on one engine."""

    engine: Engine
    scores: dict[tuple[Name, Work], Score]
    started: dict[Name, float]
    resident: dict[Name, float]


def contest(
    engine: Engine,
    source: str,
    folder: Path,
    factory: Factory,
    effort: Effort,
    names: tuple[Name, ...] = NAMES,
) -> Result:
    """`source`: the file that each gets a copy of, or the template's URL."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(_server(name, engine, source, folder)) for name in names}
        seats = {
            name: _seats(servers[name], factory) if name == "lotgate" else [Seat()] * CLIENTS
            for name in names
        }
        waiting = {name: iter(factory.open_inspections) for name in names}
        turns: dict[tuple[Name, Work], list[Score]] = {}
        for turn in range(effort.rounds + 1):
            for work in WORKS:
                for name in names[turn % len(names) :] + names[: turn % len(names)]:
                    requests = (
                        records(list(islice(waiting[name], effort.inspections)), seats[name], turn)
                        if work == "W2"
                        else reads(work, factory, seats[name], turn)
                    )
                    score = _measure(servers[name], work, requests, effort)
                    if turn:  # the first round warms up
                        turns.setdefault((name, work), []).append(score)
        return Result(
            engine,
            {key: _median(scores) for key, scores in turns.items()},
            {name: server.started for name, server in servers.items()},
            {name: server.resident() for name, server in servers.items()},
        )


def _median(scores: list[Score]) -> Score:
    return Score(*(statistics.median(values) for values in zip(*scores, strict=True)))


def _measure(server: Serving, work: Work, requests: list[list[bytes]], effort: Effort) -> Score:
    load = Load(server.port, requests, None if work == "W2" else effort.seconds)
    before = server.cpu()
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=msgspec.msgpack.encode(load),
        stdout=subprocess.PIPE,
        check=True,
    )
    told = msgspec.msgpack.decode(done.stdout, type=Told)
    if told.wrong:
        raise RuntimeError(f"{server.name} {work}: {told.wrong[0]}")
    cpu = (server.cpu() - before) / told.answers
    return Score(told.answers / told.seconds, cpu * 1e6, told.median * 1e3)


def _server(name: Name, engine: Engine, source: str, folder: Path) -> AbstractContextManager[Serving]:
    address = _copied_file(source, folder / name) if engine == "sqlite" else _copied_database(source, name)
    if name == "lotgate":
        environment = {"LOTGATE_DATA": str(folder / name)}
        if engine == "postgres":
            environment["LOTGATE_DATABASE_URL"] = address
        arguments = ["backend.cli.main", "serve"]
    else:
        environment, arguments = {}, [f"bench.{name}", address]
    return serving(name, arguments, environment, "/healthz")


def _copied_file(source: str, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return str(shutil.copyfile(source, folder / "lotgate.sqlite3"))


def _copied_database(template: str, name: str) -> str:
    server, _, database = template.rpartition("/")

    async def copy() -> None:
        connection = await asyncpg.connect(f"{server}/postgres")
        await connection.execute(f'drop database if exists "{name}" with (force)')
        await connection.execute(f'create database "{name}" template "{database}"')
        await connection.close()

    asyncio.run(copy())
    return f"{server}/{name}"


def _seats(server: Serving, factory: Factory) -> list[Seat]:
    """Everybody signs in as people do."""
    seats = []
    for login in factory.logins:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        body = msgspec.json.encode({"login": login, "password": PASSWORD})
        connection.request("POST", "/api/session", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        session = msgspec.json.decode(answer.read())
        cookie = (answer.getheader("set-cookie") or "").partition("=")[2].partition(";")[0]
        seats.append(Seat(cookie, session["csrf"]))
        connection.close()
    return seats
