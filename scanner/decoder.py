"""The process in which pictures of strangers are read: `python -m scanner.decoder` for their codes,
`python -m scanner.decoder print` for what is printed on them.

It reads pictures from standard input and writes answers to standard output, each as a 4-byte big-endian
length and that many bytes; an answer is a MessagePack `Answer`. It ends when its input ends, so it does not
outlive its parent. Decoders are C and C++ fed with hostile bytes: here they can crash, hang or eat memory
without taking the server along, and there are no secrets to find.
"""

from __future__ import annotations

import os
import resource
import struct
import sys
import time
from typing import IO, Literal

import msgspec

from scanner.codes import Code
from scanner.print_text import PrintedLine
from scanner.problems import PictureFact, UnreadablePicture

MEMORY_MB = 1024
"""What one picture may take beyond what the process needs to exist (50 megapixels in colour: 200 MB)."""
Wanted = Literal["codes", "print"]


class Answer(msgspec.Struct, frozen=True):
    """The codes or the lines of print, or the code and facts of an `UnreadablePicture`. `ms`: processor time
    that the picture took, in this process."""

    codes: list[Code] = []
    lines: list[PrintedLine] = []
    ms: float = 0.0
    problem: str | None = None
    facts: dict[str, PictureFact] = {}


def receive(stream: IO[bytes]) -> bytes | None:
    """One message, None at the end of the stream or in the middle of a message cut off."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    length = struct.unpack(">I", head)[0]
    body = stream.read(length)
    return body if len(body) == length else None


def send(stream: IO[bytes], body: bytes) -> None:
    """One message."""
    stream.write(struct.pack(">I", len(body)))
    stream.write(body)
    stream.flush()


def answer(data: bytes, wanted: Wanted = "codes") -> Answer:
    """Read one picture."""
    began = time.process_time()
    try:
        found = _read(data, wanted)
    except UnreadablePicture as problem:
        found = Answer(problem=problem.code, facts=problem.facts)
    except MemoryError:
        found = Answer(problem="picture_out_of_memory", facts={"limit_mb": MEMORY_MB})
    return msgspec.structs.replace(found, ms=round((time.process_time() - began) * 1000, 1))


def _read(data: bytes, wanted: Wanted) -> Answer:
    if wanted == "print":
        from scanner.print_text import read_lines

        return Answer(lines=read_lines(data))
    from scanner.reader import read

    return Answer(codes=read(data))


def limit_memory(extra_mb: int) -> None:
    """Cap the address space at what is mapped now plus `extra_mb`, and write no core dumps."""
    with open("/proc/self/statm") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    limit = mapped + extra_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(wanted: Wanted) -> None:
    """Answer until the input ends. The first message, sent when all is loaded, is empty."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not write into the answers
    import cv2

    cv2.setNumThreads(1)
    _read(_specimen(), wanted)  # load every engine before the limit is set
    limit_memory(MEMORY_MB)
    send(replies, b"")
    while (data := receive(sys.stdin.buffer)) is not None:
        send(replies, msgspec.msgpack.encode(answer(data, wanted)))


def _specimen() -> bytes:
    """A picture with a line of print."""
    import cv2
    import numpy as np

    paper = np.full((96, 320), 255, np.uint8)
    cv2.putText(paper, "LOT 1", (20, 64), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0,), 3)
    return bytes(cv2.imencode(".png", paper)[1])


if __name__ == "__main__":
    main("print" if sys.argv[1:] == ["print"] else "codes")
