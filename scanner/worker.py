"""Reading a stranger's picture without risk: in another process, that is killed when it takes too long."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from scanner.codes import Code
from scanner.decoder import Answer, receive, send
from scanner.extras import reads_print
from scanner.picture import check_limits
from scanner.print_text import PrintedLine
from scanner.problems import UnreadablePicture

TIMEOUT_S = 10.0
PRINT_TIMEOUT_S = 20.0
START_TIMEOUT_S = 60.0
WAITING_MAX = 16
"""Pictures that may wait for the one process; the next is turned away at once."""

PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
"""Of the environment; secrets (database address, bot token) stay with the parent."""


CODES = (sys.executable, "-m", "scanner.decoder")
PRINT = (*CODES, "print")


class Decoder:
    """One decoding process, started when first needed and again after it was killed or crashed."""

    def __init__(self, command: tuple[str, ...] = CODES) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(self, data: bytes, *, timeout_s: float = TIMEOUT_S) -> list[Code]:
        """The codes of `look`."""
        return self.look(data, timeout_s=timeout_s).codes

    def look(self, data: bytes, *, timeout_s: float = TIMEOUT_S) -> Answer:
        """Read `data`. Blocks; one picture at a time.

        Errors: `UnreadablePicture`. The limits are checked before the process hears of the picture. A
        process that dies over a picture gets it once more, for it may have died of something else.
        """
        check_limits(data)
        with self._lock:
            reply = self._ask(data, timeout_s) or self._ask(data, timeout_s)
        if reply is None:
            raise UnreadablePicture("picture_not_readable")
        if reply.problem is not None:
            raise UnreadablePicture(reply.problem, reply.facts)
        return reply

    def close(self) -> None:
        """End the process; the next `read` starts another."""
        with self._lock:
            self._drop()

    @property
    def pid(self) -> int | None:
        """The process's id, while there is one."""
        return self._process.pid if self._process else None

    def _ask(self, data: bytes, timeout_s: float) -> Answer | None:
        """The answer, None if the process died. The timer kills it, which ends the blocking read."""
        process = self._running()
        timer = threading.Timer(timeout_s, process.kill)
        timer.start()
        body = _exchange(process, data)
        in_time = timer.is_alive()
        timer.cancel()
        timer.join()
        if body is not None and in_time:
            with contextlib.suppress(msgspec.DecodeError):  # else its memory is damaged: as good as dead
                return msgspec.msgpack.decode(body, type=Answer)
        self._drop()
        if not in_time:
            raise UnreadablePicture("picture_timeout", {"timeout_ms": round(timeout_s * 1000)})
        return None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._drop()
        self._process = self._start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = str(Path(__file__).parents[1])
        environment["OPENBLAS_NUM_THREADS"] = environment["OMP_NUM_THREADS"] = "1"
        process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=-1
        )
        timer = threading.Timer(START_TIMEOUT_S, process.kill)
        timer.start()
        assert process.stdout is not None
        receive(process.stdout)
        timer.cancel()
        return process

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):  # what was not sent is of no interest
                    stream.close()


def _exchange(process: subprocess.Popen[bytes], data: bytes) -> bytes | None:
    assert process.stdin is not None and process.stdout is not None
    try:
        send(process.stdin, data)
        return receive(process.stdout)
    except BrokenPipeError:
        return None


class Turns:
    """One process and the pictures that wait for it, each in its turn."""

    def __init__(self, decoder: Decoder, name: str) -> None:
        self._decoder = decoder
        self._reading = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._waiting = 0
        atexit.register(decoder.close)

    async def look(self, data: bytes, timeout_s: float) -> Answer:
        """In bounded time and memory; `timeout_s` counts from when the picture's turn comes."""
        if self._waiting >= WAITING_MAX:
            raise UnreadablePicture("scanner_busy", {"waiting": self._waiting})
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                self._reading, lambda: self._decoder.look(data, timeout_s=timeout_s)
            )
        finally:
            self._waiting -= 1


_CODES = Turns(Decoder(CODES), "scanner")
_PRINT = Turns(Decoder(PRINT), "scanner-print")


async def read_safely(data: bytes, *, timeout_s: float = TIMEOUT_S) -> list[Code]:
    """Codes of a picture file from anywhere. Errors: `UnreadablePicture`."""
    return (await _CODES.look(data, timeout_s)).codes


async def read_print_safely(data: bytes, *, timeout_s: float = PRINT_TIMEOUT_S) -> list[PrintedLine]:
    """What is printed on a picture file from anywhere; needs the extra `ocr`. Errors: `UnreadablePicture`."""
    return (await _PRINT.look(data, timeout_s)).lines


def print_reader() -> Callable[[bytes], Awaitable[list[PrintedLine]]] | None:
    """`read_print_safely` where the extra `ocr` is installed."""
    return read_print_safely if reads_print() else None
