"""Eight clients on kept-alive connections, as thin as Python allows, in a process of its own.

Reads one `Load` (msgpack) from standard input, writes one `Told` to standard output. Each client sends its
next request when the answer to the last one is whole.
"""

from __future__ import annotations

import select
import socket
import sys
import time

import msgspec

WARM_UP = 0.15


class Load(msgspec.Struct):
    """`clients` holds each client's requests as whole HTTP messages: gone through once, or round and round for
    `seconds`."""

    port: int
    clients: list[list[bytes]]
    seconds: float | None = None


class Told(msgspec.Struct):
    """How many answers in how many seconds; `wrong` are the first bytes of answers that were not 2xx."""

    answers: int
    seconds: float
    slowest: float
    median: float
    wrong: list[str]


class Client:
    """One connection: what to send next, what has come back so far."""

    def __init__(self, port: int, requests: list[bytes], cycle: bool) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests, self._cycle, self._place = requests, cycle, 0
        self._got = b""
        self._sent = 0.0

    def send(self) -> bool:
        """The next request; False: none is left."""
        if self._place == len(self._requests):
            if not self._cycle:
                return False
            self._place = 0
        self._sent = time.perf_counter()
        self.socket.sendall(self._requests[self._place])
        self._place += 1
        return True

    def receive(self) -> tuple[float, bytes] | None:
        """Seconds and start of an answer that is whole now."""
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server hung up")
        got = self._got + data if self._got else data
        end = got.find(b"\r\n\r\n")
        if end < 0 or len(got) < end + 4 + length_of(got[:end]):
            self._got = got
            return None
        self._got = b""
        return time.perf_counter() - self._sent, got


def length_of(head: bytes) -> int:
    """The body's length by its header."""
    lower = head.lower()
    start = lower.index(b"content-length:") + 15
    end = lower.find(b"\r", start)
    return int(lower[start : end if end >= 0 else len(lower)])


def run(load: Load) -> Told:
    """Drive all clients at once."""
    clients = {}
    poll = select.epoll()
    for requests in load.clients:
        client = Client(load.port, requests, load.seconds is not None)
        clients[client.socket.fileno()] = client
        poll.register(client.socket.fileno(), select.EPOLLIN)
    begun = time.perf_counter()
    until = begun + load.seconds if load.seconds is not None else float("inf")
    waiting = sum(client.send() for client in clients.values())
    times: list[float] = []
    wrong: list[str] = []
    while waiting:
        for number, _ in poll.poll():
            client = clients[number]
            answer = client.receive()
            if answer is None:
                continue
            times.append(answer[0])
            if answer[1][9:10] != b"2" and len(wrong) < 3:
                wrong.append(answer[1][:600].decode(errors="replace"))
            if time.perf_counter() >= until or not client.send():
                waiting -= 1
    seconds = time.perf_counter() - begun
    times.sort()
    return Told(len(times), seconds, times[-1], times[len(times) // 2], wrong)


def main() -> None:
    """Once a process."""
    load = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Load)
    sys.stdout.buffer.write(msgspec.msgpack.encode(run(load)))


if __name__ == "__main__":
    main()
