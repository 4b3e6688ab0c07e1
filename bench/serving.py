"""Servers under measurement: each a process of its own, asked over loopback HTTP."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

START_SECONDS = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


class Serving(NamedTuple):
    """A running server; `started` is the seconds from its start to its first answer."""

    name: str
    port: int
    pid: int
    started: float

    def resident(self) -> float:
        """MB in memory, children included."""
        return sum(_resident(pid) for pid in (self.pid, *_children(self.pid)))

    def cpu(self) -> float:
        """Seconds of processor time so far, its Rust threads included."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def free_port() -> int:
    """A port that nobody listens on; its neighbour for phones is not used."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def serving(
    name: str, arguments: Sequence[str], environment: Mapping[str, str], health: str
) -> Iterator[Serving]:
    """`python -m ARGUMENTS` with LOTGATE_PORT set, from its first answer at `health` to the end of the block."""
    port = free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env={**os.environ, **environment, "LOTGATE_PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _first_answer(process, port, health)
        yield Serving(name, port, process.pid, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_answer(process: subprocess.Popen[bytes], port: int, health: str) -> None:
    deadline = time.perf_counter() + START_SECONDS
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", health)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise RuntimeError("the server does not answer")
