"""The process in which pictures of strangers are decoded: `python -m scanner.decoder`.

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
from typing import IO

import msgspec

from scanner.codes import Code
from scanner.problems import PictureFact, UnreadablePicture

MEMORY_MB = 1024
"""What one picture may take beyond what the process needs to exist (50 megapixels in colour: 200 MB)."""


class Answer(msgspec.Struct, frozen=True):
    """The codes, or the code and facts of an `UnreadablePicture`."""

    codes: list[Code] = []
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


def answer(data: bytes) -> Answer:
    """Decode one picture."""
    from scanner.reader import read

    try:
        return Answer(codes=read(data))
    except UnreadablePicture as problem:
        return Answer(problem=problem.code, facts=problem.facts)
    except MemoryError:
        return Answer(problem="picture_out_of_memory", facts={"limit_mb": MEMORY_MB})


def limit_memory(extra_mb: int) -> None:
    """Cap the address space at what is mapped now plus `extra_mb`, and write no core dumps."""
    with open("/proc/self/statm") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    limit = mapped + extra_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Answer until the input ends. The first message, sent when all is loaded, is empty."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not write into the answers
    import cv2

    from scanner import reader

    cv2.setNumThreads(1)
    reader.read(_blank_picture())  # load every engine before the limit is set
    limit_memory(MEMORY_MB)
    send(replies, b"")
    while (data := receive(sys.stdin.buffer)) is not None:
        send(replies, msgspec.msgpack.encode(answer(data)))


def _blank_picture() -> bytes:
    import cv2
    import numpy as np

    return bytes(cv2.imencode(".png", np.full((64, 64), 255, np.uint8))[1])


if __name__ == "__main__":
    main()
