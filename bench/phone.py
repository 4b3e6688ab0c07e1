"""`./run bench phone`: the phone's reader in Chromium. Figures only; what must hold is asserted by tests/pwa.

How many frames a second, how long a 2 MP frame takes in the worker, aim to result at a quarter of the machine's
speed, bars at every angle, what the decoder weighs, what is asked of foreign hosts.
"""

from __future__ import annotations

import asyncio
import gzip
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.async_api import Request, async_playwright, expect

from scanner.draw import draw_label
from scanner.film import BENCH, FRAME_SIZE, scene, write_y4m
from scanner.picture import Grey
from tests.pwa.house import ROOT, House, Phone, running_house
from tests.pwa.views import enter

TEXT = "(01)09506000134352(17)281130(10)BENCH-7"
TWO_MEGAPIXELS = (1920, 1080)
THROTTLE = 4
ANGLES = range(0, 180, 15)
SEES = """() => {
  window.seen = [];
  const Plain = Worker;
  window.Worker = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (data && "milliseconds" in data)
          window.seen.push({ at: performance.now(), ms: data.milliseconds, codes: data.codes.length });
      });
    }
  };
}"""
"""Notes what the decode worker answers, and when."""


def film(label: Grey | None, path: Path, angle_deg: float = 0.0, size: tuple[int, int] = FRAME_SIZE) -> Path:
    """Two seconds of a label in a trembling hand, or of the empty bench."""
    rng = np.random.default_rng(7)
    if label is None:
        frames = [np.full(size[::-1], BENCH, np.uint8)] * 5
    else:
        frames = [
            scene(
                label,
                size=size,
                angle_deg=angle_deg + rng.normal(0, 0.8),
                shift=(rng.normal(0, 3), rng.normal(0, 3)),
                noise=4.0,
                rng=rng,
            )
            for _ in range(20)
        ]
    write_y4m(frames, path, size)
    return path


async def watched(house: House, camera: Path, seconds: float, throttle: int) -> list[dict[str, float]]:
    """What the worker said while the camera filmed."""
    async with house.phone(camera=camera) as phone:
        await open_scan(phone, throttle)
        await phone.page.wait_for_timeout(seconds * 1000)
        seen: list[dict[str, float]] = await phone.page.evaluate("window.seen")
        return seen


async def open_scan(phone: Phone, throttle: int) -> None:
    """Signed in, on the scan screen."""
    await phone.page.add_init_script(f"({SEES})()")
    await enter(phone, "wang", "en")
    if throttle > 1:
        session = await phone.context.new_cdp_session(phone.page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    await phone.go("/scan")


async def aim_to_result(house: House, camera: Path, rounds: int) -> list[float]:
    """Seconds from the first frame that holds the label to its answer, at a quarter of the speed."""
    times = []
    for _ in range(rounds):
        async with house.phone(camera=camera) as phone:
            await open_scan(phone, THROTTLE)
            await expect(phone.at("camera")).to_have_js_property("readyState", 4, timeout=60_000)
            begun = time.perf_counter()
            await expect(phone.at("scan-answer")).to_be_visible(timeout=60_000)
            times.append(time.perf_counter() - begun)
    return times


async def reads_at(house: House, camera: Path) -> bool:
    """Whether the label is read within eight seconds."""
    async with house.phone(camera=camera) as phone:
        await open_scan(phone, 1)
        try:
            await expect(phone.at("scan-answer")).to_be_visible(timeout=8_000)
        except AssertionError:
            return False
        return True


def decoder_bytes() -> dict[str, int]:
    """The decoder's files, gzip."""
    files = (ROOT / "pwa" / "dist" / "assets").glob("*")
    return {
        path.name: len(gzip.compress(path.read_bytes(), 9))
        for path in sorted(files)
        if path.suffix == ".wasm" or path.name.startswith("decode")
    }


async def phone_bench() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="lotgate-phone-") as name:
        folder = Path(name)
        async with async_playwright() as playwright, running_house(folder / "data", playwright) as house:
            await _print_all(house, folder)
    return 0


async def _print_all(house: House, folder: Path) -> None:
    weights = decoder_bytes()
    print(f"decoder: {sum(weights.values()) / 1000:.0f} kB gzip ({', '.join(weights)})")
    matrix = draw_label(["PCH-15", "LOT BENCH-7"], TEXT, "DataMatrix")
    bars = draw_label(["PCH-15", "LOT BENCH-7"], TEXT, "Code128")
    empty = film(None, folder / "empty.y4m", size=TWO_MEGAPIXELS)
    for throttle in (1, THROTTLE):
        seen = await watched(house, empty, 6, throttle)
        later = seen[2:]  # the first frames compile the decoder
        gaps = [b["at"] - a["at"] for a, b in pairwise(later)]
        if gaps:
            spent = sorted(one["ms"] for one in later)
            print(
                f"empty 2 MP frame, page at 1/{throttle}: {1000 / statistics.mean(gaps):.1f} frames a second, "
                f"worker p50 {statistics.median(spent):.0f} ms, p95 {spent[int(len(spent) * 0.95)]:.0f} ms"
            )
    asked: set[str] = set()

    def note(request: Request) -> None:
        asked.add(urlsplit(request.url).netloc)

    async with house.phone(camera=film(matrix, folder / "matrix.y4m")) as phone:
        phone.context.on("request", note)
        await open_scan(phone, 1)
        await expect(phone.at("scan-answer")).to_be_visible(timeout=60_000)
    foreign = asked - {urlsplit(house.url).netloc, ""}
    print(f"foreign hosts asked: {len(foreign)}")
    times = sorted(await aim_to_result(house, folder / "matrix.y4m", 5))
    print(
        f"aim to result at 1/{THROTTLE}, decoder's first start included: p50 {times[2]:.1f} s, worst {times[-1]:.1f} s"
    )
    read = [angle for angle in ANGLES if await reads_at(house, film(bars, folder / "bars.y4m", angle))]
    print(
        f"GS1-128 at every 15 degrees: {len(read)} of {len(ANGLES)} read {'' if len(read) == len(ANGLES) else read}"
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(phone_bench()))
