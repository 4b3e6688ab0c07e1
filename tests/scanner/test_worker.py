"""Pictures of strangers: bounded time, bounded memory, and a server that goes on."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanner.draw import draw_label
from scanner.problems import UnreadablePicture
from scanner.worker import WAITING_MAX, Decoder, read_safely
from tests.scanner.test_limits import png_bomb

LABEL = bytes(cv2.imencode(".png", draw_label(["Tubing"], "(10)AB-12(21)S1", "DataMatrix"))[1])
TEXTS = ["10AB-12\x1d21S1"]
ROOT = Path(__file__).parents[2]

HANGS = "import sys, time; sys.stdout.buffer.write(bytes(4)); sys.stdout.flush(); time.sleep(600)"
DIES = (
    "import sys; sys.stdout.buffer.write(bytes(4)); sys.stdout.flush(); sys.stdin.buffer.read(9); sys.exit(3)"
)
LIES = (
    "import sys; out = sys.stdout.buffer; out.write(bytes(4)); out.flush();"
    "sys.stdin.buffer.read(10); out.write(b'\\0\\0\\0\\2hi'); out.flush(); sys.stdin.read()"
)


def stand_in(program: str) -> Decoder:
    return Decoder((sys.executable, "-c", program))


def texts(decoder: Decoder) -> list[str]:
    return [code.text for code in decoder.read(LABEL) if code.confirmed]


async def test_a_picture_is_read_in_another_process() -> None:
    codes = await read_safely(LABEL)
    assert [code.text for code in codes] == TEXTS


async def test_a_decompression_bomb_is_refused_and_the_next_picture_read() -> None:
    bomb = png_bomb(16_000, 12_000)  # 576 MB of pixels
    assert len(bomb) < 700_000
    with pytest.raises(UnreadablePicture, match="picture_too_many_pixels"):
        await read_safely(bomb)
    assert [code.text for code in await read_safely(LABEL)] == TEXTS


def run_limited(program: str, file: Path) -> subprocess.CompletedProcess[str]:
    """Run `program` on `file` with 200 MB beyond what its imports take."""
    head = (
        "import sys, cv2, numpy as np; from scanner.decoder import *; data = open(sys.argv[1], 'rb').read();"
    )
    return subprocess.run(
        [sys.executable, "-c", f"{head} answer(data); limit_memory(200); {program}", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_bomb_explodes_in_a_reader_without_limits(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_bomb(16_000, 12_000))
    naive = run_limited("cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)", bomb)
    assert naive.returncode != 0 and "memory" in naive.stderr
    ours = run_limited("print(answer(data).problem)", bomb)
    assert (ours.returncode, ours.stdout.strip()) == (0, "picture_too_many_pixels")


def test_a_picture_within_the_limits_that_needs_too_much_memory(tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    large.write_bytes(bytes(cv2.imencode(".png", np.zeros((7000, 7000, 4), np.uint8))[1]))
    done = run_limited("print(answer(data).problem)", large)
    # 196 MB of colour and the grey copy do not fit; how the answer looks depends on who runs out.
    assert (done.returncode, done.stdout.strip()) == (0, "picture_out_of_memory")


def test_a_hanging_decoder_is_killed_and_another_started() -> None:
    decoder = stand_in(HANGS)
    with pytest.raises(UnreadablePicture, match="picture_timeout") as raised:
        decoder.read(LABEL, timeout_s=0.3)
    assert raised.value.facts == {"timeout_ms": 300}
    assert decoder.pid is None


@pytest.mark.parametrize("program", [DIES, LIES])
def test_a_decoder_that_dies_or_talks_nonsense_makes_an_unreadable_picture(program: str) -> None:
    decoder = stand_in(program)
    with pytest.raises(UnreadablePicture, match="picture_not_readable"):
        decoder.read(LABEL)
    decoder.close()


def test_after_a_kill_the_next_picture_is_read() -> None:
    decoder = Decoder()
    try:
        assert texts(decoder) == TEXTS
        first = decoder.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert texts(decoder) == TEXTS
        assert decoder.pid not in (None, first)
    finally:
        decoder.close()


def test_the_decoder_ends_with_its_parent() -> None:
    program = (
        "from scanner.worker import Decoder; import os; from tests.scanner.test_worker import LABEL;"
        "d = Decoder(); d.read(LABEL); print(d.pid, flush=True); os._exit(1)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert ends(int(done.stdout))


def ends(pid: int) -> bool:
    """Wait until the process is gone, at most a minute."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 60)[0])  # readable when it has ended
    finally:
        os.close(handle)


def test_secrets_stay_with_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTGATE_TELEGRAM_TOKEN", "1:secret")
    decoder = Decoder()
    try:
        decoder.read(LABEL)
        assert b"secret" not in Path(f"/proc/{decoder.pid}/environ").read_bytes()
    finally:
        decoder.close()


async def test_a_crowd_is_served_up_to_a_limit_and_the_rest_turned_away() -> None:
    answers = await asyncio.gather(
        *(read_safely(LABEL) for _ in range(WAITING_MAX + 3)), return_exceptions=True
    )
    read = [answer for answer in answers if isinstance(answer, list)]
    refused = [answer.code for answer in answers if isinstance(answer, UnreadablePicture)]
    assert (len(read), refused) == (WAITING_MAX, ["scanner_busy"] * 3)
    assert [code.text for code in await read_safely(LABEL)] == TEXTS


async def test_the_event_loop_stays_awake_while_a_picture_is_read() -> None:
    reading = asyncio.create_task(read_safely(LABEL))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert [code.text for code in reading.result()] == TEXTS
    assert turns > 1
