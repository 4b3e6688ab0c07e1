"""Pictures of strangers, hurt by chance: damaged, cut off, lying about their size, bombs; every one bounded.

First against the two reading processes alone, then uploaded to a running server by several people at once while
others go on working.
"""

from __future__ import annotations

import asyncio
import io
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import cv2
import httpx
import numpy as np
from PIL import Image

from scanner.draw import draw_label
from scanner.picture import PIXELS_MAX, Grey
from scanner.problems import UnreadablePicture
from scanner.worker import CODES, PRINT, PRINT_TIMEOUT_S, TIMEOUT_S, Decoder

ROOT = Path(__file__).parents[2]
PHOTO_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
SHARE_TO_PRINT = 20
"""Every so many pictures go to the reader of print as well, which takes far longer."""
SHARE_TO_SERVER = 20
CLIENTS = 3
GRACE_S = 5.0
MEMORY_MB = 1_600
"""More than a reading process may ever hold: what it needs to exist and the limit of one picture."""
HEADER = "X-Lotgate-CSRF"
Picture = tuple[str, bytes]


def label(rng: random.Random) -> Grey:
    """A label with a code and print."""
    text = f"(01)09506000134352(10)K{rng.randrange(10**6)}-X"
    return draw_label(
        ["一次性使用输液器", "LOT K7-X", "EXP 2029-03-14"],
        text,
        rng.choice(("DataMatrix", "QRCode")),
        dpi=150,
    )


def saved(rng: random.Random, pixels: Grey, photos: list[Path]) -> Picture:
    """A sound file: of ours in one of many kinds, or a photo as it is."""
    if photos and rng.random() < 0.3:
        chosen = rng.choice(photos)
        return chosen.suffix, chosen.read_bytes()
    grey = Image.fromarray(pixels)
    kind = rng.choice(tuple(KINDS))
    out = io.BytesIO()
    KINDS[kind](grey, out, rng)
    return kind, out.getvalue()


def _turned(grey: Image.Image, out: io.BytesIO, rng: random.Random) -> None:
    exif = Image.Exif()
    exif[0x0112] = rng.choice((*range(1, 9), 0, 9, 65535))
    grey.save(out, "JPEG", exif=exif)


def _sixteen(grey: Image.Image, out: io.BytesIO, _: random.Random) -> None:
    wide = np.asarray(grey, np.uint16) * 257
    out.write(bytes(cv2.imencode(".png", np.dstack([wide, wide, wide, wide]))[1]))


KINDS: dict[str, Callable[[Image.Image, io.BytesIO, random.Random], None]] = {
    "png": lambda grey, out, _: grey.save(out, "PNG"),
    "png palette": lambda grey, out, _: grey.convert("P").save(out, "PNG", transparency=0),
    "png alpha": lambda grey, out, _: grey.convert("RGBA").save(out, "PNG"),
    "png one bit": lambda grey, out, _: grey.convert("1").save(out, "PNG"),
    "png sixteen bit": _sixteen,
    "jpeg": lambda grey, out, rng: grey.save(out, "JPEG", quality=rng.randint(5, 95)),
    "jpeg progressive": lambda grey, out, _: grey.convert("RGB").save(out, "JPEG", progressive=True),
    "jpeg cmyk": lambda grey, out, _: grey.convert("CMYK").save(out, "JPEG"),
    "jpeg turned": _turned,
    "webp": lambda grey, out, rng: grey.save(out, "WEBP", lossless=rng.random() < 0.5),
    "webp alpha": lambda grey, out, _: grey.convert("RGBA").save(out, "WEBP"),
    "bmp": lambda grey, out, _: grey.save(out, "BMP"),
    "gif": lambda grey, out, _: grey.save(out, "GIF"),
    "tiff": lambda grey, out, _: grey.save(out, "TIFF"),
    "tiff cmyk": lambda grey, out, _: grey.convert("CMYK").save(out, "TIFF"),
}


def _cut(rng: random.Random, data: bytearray) -> None:
    del data[rng.randrange(len(data)) :]


def _flipped(rng: random.Random, data: bytearray) -> None:
    for _ in range(rng.choice((1, 3, 10, 100))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _head_flipped(rng: random.Random, data: bytearray) -> None:
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(min(64, len(data)))] = rng.randrange(256)


def _overwritten(rng: random.Random, data: bytearray) -> None:
    at = rng.randrange(len(data))
    block = rng.randbytes(rng.randint(1, 512)) if rng.random() < 0.5 else b"\xff" * rng.randint(1, 64)
    data[at : at + len(block)] = block


def _doubled(rng: random.Random, data: bytearray) -> None:
    start, end = sorted(rng.randrange(len(data)) for _ in range(2))
    data[start:start] = data[start:end]


def _other_head(rng: random.Random, data: bytearray) -> None:
    heads = (
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"BM",
        b"GIF89a",
        b"II*\0",
        b"MM\0*",
    )
    head = rng.choice((*heads, b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif", b"%PDF-1.7"))
    data[: len(head)] = head


def _absurd_size(rng: random.Random, data: bytearray) -> None:
    """The header announces another size; a PNG's checksum is put right, so that its decoder goes on."""
    sizes = (0, 1, 2, 6_999, 7_071, 65_535, 2**31 - 1, 2**32 - 1)
    width, height = rng.choice(sizes), rng.choice(sizes)
    if data.startswith(b"\x89PNG") and len(data) > 33:
        data[16:24] = struct.pack(">II", width, height)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    elif data.startswith(b"BM") and len(data) > 26:
        data[18:26] = struct.pack("<II", width, height)
    elif data.startswith(b"\xff\xd8"):
        at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
        if 0 < at < len(data) - 9:
            data[at + 5 : at + 9] = struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)
    elif data[8:12] == b"WEBP" and len(data) > 30:
        data[24:30] = rng.randbytes(6)


HURTS = (_cut, _flipped, _head_flipped, _overwritten, _doubled, _other_head, _absurd_size)


def bomb(rng: random.Random) -> Picture:
    """A small file of very many pixels: over the limit, just below, or a strip."""
    width, height = rng.choice(
        ((16_000, 12_000), (7_000, 7_000), (7_071, 7_072), (50_000_000, 1), (1, 60_000), (65_500, 700))
    )
    packer = zlib.compressobj(9)
    rows = min(height, PIXELS_MAX * 2 // width)
    body = b"".join(packer.compress(b"\0" + b"\xff" * width) for _ in range(rows)) + packer.flush()

    def chunk(name: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    whole = chunk(b"IHDR", size) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return f"bomb {width} x {height}", b"\x89PNG\r\n\x1a\n" + whole


def pictures(count: int, seed: int, folder: Path | None = None) -> Iterator[Picture]:
    """`count` hostile pictures with what was done to them; one in ten is sound, a few are bombs."""
    rng = random.Random(seed)
    photos = sorted(each for each in folder.rglob("*") if each.suffix in PHOTO_SUFFIXES) if folder else []
    for _ in range(count):
        if rng.random() < 0.01:
            yield bomb(rng)
            continue
        kind, sound = saved(rng, label(rng), photos)
        data, done = bytearray(sound), [kind]
        for hurt in rng.sample(HURTS, 0 if rng.random() < 0.1 else rng.randint(1, 3)):
            if data:
                hurt(rng, data)
                done.append(hurt.__name__.strip("_"))
        yield ", ".join(done), bytes(data)


class Worst(NamedTuple):
    """The most that a picture took of something, and which picture."""

    value: float
    name: str


class Alone(NamedTuple):
    """What the reading processes made of the pictures. `wrong`: what must never be."""

    answers: Counter[str]
    seconds: Worst
    cpu_ms: Worst
    memory_mb: Worst
    killed: int
    wrong: list[str]


def alone(count: int, seed: int, folder: Path | None = None) -> Alone:
    """Every picture by the reader of codes, some by the reader of print; each in bounded time and memory."""
    answers: Counter[str] = Counter()
    wrong: list[str] = []
    seconds = cpu_ms = memory = Worst(0, "")
    killed = 0
    readers = ((Decoder(CODES), TIMEOUT_S, 1), (Decoder(PRINT), PRINT_TIMEOUT_S, SHARE_TO_PRINT))
    probe = bytes(cv2.imencode(".png", label(random.Random(0)))[1])
    try:
        for decoder, _, _ in readers:
            decoder.look(probe)
        for number, (name, data) in enumerate(pictures(count, seed, folder)):
            for decoder, timeout_s, share in readers:
                if number % share:
                    continue
                before, began = decoder.pid, time.monotonic()
                try:
                    found = decoder.look(data, timeout_s=timeout_s)
                    came = "read" if found.codes or found.lines else "nothing on it"
                    cpu_ms = max(cpu_ms, Worst(found.ms, name))
                except UnreadablePicture as problem:
                    came = problem.code
                except Exception as error:
                    came = type(error).__name__
                    wrong.append(f"{came}: {name}")
                answers[came] += 1
                seconds = max(seconds, Worst(time.monotonic() - began, name))
                killed += decoder.pid != before
                memory = max(memory, Worst(_peak_mb(decoder.pid), name))
                if seconds.value > timeout_s + GRACE_S:
                    wrong.append(f"{seconds.value:.1f} s: {name}")
        if memory.value > MEMORY_MB:
            wrong.append(f"{memory.value:.0f} MB: {memory.name}")
        if not readers[0][0].look(probe).codes:
            wrong.append("a sound label is not read any more")
    finally:
        for decoder, _, _ in readers:
            decoder.close()
    return Alone(answers, seconds, cpu_ms, memory, killed, wrong)


def _peak_mb(pid: int | None) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


class Served(NamedTuple):
    """What a server made of the uploads, and how it answered others meanwhile (ms)."""

    answers: Counter[str]
    upload_s: Worst
    meanwhile_ms: list[float]
    wrong: list[str]


def served(count: int, seed: int, folder: Path | None = None) -> Served:
    """Upload them to a demo server of its own, and ask it for other things meanwhile."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    with tempfile.TemporaryDirectory() as data:
        environment = os.environ | {
            "LOTGATE_PORT": str(port),
            "LOTGATE_DATA": data,
            "LOTGATE_PAGE": str(ROOT / "tests/web/page"),
        }
        command = [str(Path(sys.executable).parent / "lotgate"), "demo", "--no-phone"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            next((line for line in process.stdout if "Ctrl-C" in line), None)
            try:
                return asyncio.run(
                    _uploads(f"http://localhost:{port}", list(pictures(count, seed, folder)), process)
                )
            finally:
                process.send_signal(signal.SIGTERM)
                process.stdout.read()


async def _uploads(address: str, hostile: list[Picture], process: subprocess.Popen[str]) -> Served:
    answers: Counter[str] = Counter()
    wrong: list[str] = []
    slowest = Worst(0, "")
    meanwhile: list[float] = []
    waiting = list(reversed(hostile))

    async def upload(client: httpx.AsyncClient) -> None:
        nonlocal slowest
        while waiting:
            name, data = waiting.pop()
            began = time.monotonic()
            answer = await client.post(
                "/api/scan/picture", content=data, headers={"content-type": "image/jpeg"}
            )
            slowest = max(slowest, Worst(time.monotonic() - began, name))
            answers["read" if answer.status_code == 200 else str(answer.json().get("code"))] += 1
            if answer.status_code not in (200, 409, 413):
                wrong.append(f"{answer.status_code}: {name}")

    async def work(client: httpx.AsyncClient) -> None:
        asked = {"codes": [{"text": "(01)09506000134352(10)A1", "symbology_id": ""}]}
        while True:
            for ask in (partial(client.get, "/healthz"), partial(client.post, "/api/scan", json=asked)):
                began = time.monotonic()
                if (status := (await ask()).status_code) != 200:
                    wrong.append(f"{status} meanwhile")
                meanwhile.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(0.05)

    clients = [await _signed_in(address) for _ in range(CLIENTS + 1)]
    working = asyncio.create_task(work(clients[0]))
    await asyncio.gather(*(upload(client) for client in clients[1:]))
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    for client in clients:
        await client.aclose()
    if process.poll() is not None:
        wrong.append("the server ended")
    return Served(answers, slowest, sorted(meanwhile), wrong)


async def _signed_in(address: str) -> httpx.AsyncClient:
    client = httpx.AsyncClient(base_url=address, timeout=120)
    answer = await client.post("/api/session", json={"login": "wang", "password": "lotgate-demo-wang"})
    client.headers[HEADER] = answer.json()["csrf"]
    return client


def table(one: Alone, other: Served) -> str:
    """In words and figures."""
    shown = ", ".join(f"{name} {number}" for name, number in one.answers.most_common())
    uploads = ", ".join(f"{name} {number}" for name, number in other.answers.most_common())
    ms = other.meanwhile_ms or [0.0]
    return "\n".join(
        [
            f"reading processes: {one.answers.total()} pictures: {shown}",
            f"  longest {one.seconds.value:.2f} s ({one.seconds.name})",
            f"  most processor {one.cpu_ms.value:.0f} ms ({one.cpu_ms.name})",
            f"  most memory {one.memory_mb.value:.0f} MB ({one.memory_mb.name})",
            f"  processes killed or died: {one.killed}",
            f"server: {other.answers.total()} uploads by {CLIENTS} people: {uploads}",
            f"  longest upload {other.upload_s.value:.2f} s ({other.upload_s.name})",
            f"  {len(ms)} other requests meanwhile: p50 {ms[len(ms) // 2]:.1f} ms, "
            f"p95 {ms[len(ms) * 95 // 100]:.1f} ms, longest {ms[-1]:.1f} ms",
            f"wrong: {len(one.wrong) + len(other.wrong)}",
            *one.wrong[:20],
            *other.wrong[:20],
        ]
    )
