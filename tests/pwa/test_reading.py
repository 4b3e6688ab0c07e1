"""What the phone's camera reads by itself: slanted bars; and what it says when it reads nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import expect

from scanner.draw import draw_code, draw_label
from scanner.film import BENCH, FRAME_SIZE, scene, write_y4m
from scanner.picture import Grey
from tests.pwa.house import House
from tests.pwa.views import enter

TEXT = "(01)09506000134352(17)281130(10)SLANT-7"


def filmed(label: Grey, path: Path, angle_deg: float, seed: int = 7, light: float = 1.0) -> Path:
    """A label that lies turned on the bench, in a hand that trembles. `light`: what is left of it, lower left."""
    rng = np.random.default_rng(seed)
    down, right = np.mgrid[0 : FRAME_SIZE[1], 0 : FRAME_SIZE[0]] / FRAME_SIZE[1]
    shadow = np.where(down > right - 0.4, light, 1.0)
    frames = [
        scene(
            label,
            angle_deg=angle_deg + rng.normal(0, 0.8),
            shift=tuple(rng.normal(0, 3, 2)),
            noise=4.0,
            rng=rng,
        )
        for _ in range(20)
    ]
    write_y4m([(frame * shadow).astype(np.uint8) for frame in frames], path)
    return path


@pytest.mark.parametrize("angle", [30, 75, 135])
async def test_slanted_bars_are_read(house: House, tmp_path: Path, angle: int) -> None:
    """A decoder that follows rows and columns alone reads none of these."""
    label = draw_label(["PCH-15", "LOT SLANT-7"], TEXT, "Code128")
    film = filmed(label, tmp_path / "slanted.y4m", angle)
    async with house.phone(camera=film) as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scan")
        await expect(phone.at("scan-answer")).to_be_visible(timeout=30_000)
        await expect(phone.at("scan-answer")).to_contain_text("SLANT-7")


async def test_a_code_in_the_phones_own_shadow_is_read(house: House, tmp_path: Path) -> None:
    """Its edge across the symbol; a decoder that takes what is dark for ink never finds it."""
    code = draw_code("(01)09506000134352(17)281130(10)SHADE-7", "DataMatrix")
    film = filmed(code, tmp_path / "shadow.y4m", 0, light=0.4)
    async with house.phone(camera=film) as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scan")
        await expect(phone.at("scan-answer")).to_contain_text("SHADE-7", timeout=30_000)


async def test_what_a_laser_marked_on_dark_metal_is_read(house: House, tmp_path: Path) -> None:
    """Light bars on dark, slanted; a decoder that takes what is dark for ink never finds them."""
    mark = draw_label(["PCH-15", "LOT ETCH-7"], TEXT.replace("SLANT-7", "ETCH-7"), "Code128")
    film = filmed(255 - mark, tmp_path / "etched.y4m", 30)
    async with house.phone(camera=film) as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scan")
        await expect(phone.at("scan-answer")).to_contain_text("ETCH-7", timeout=30_000)


async def test_an_empty_bench_brings_a_hint_and_the_longer_look(house: House, tmp_path: Path) -> None:
    bench = np.full(FRAME_SIZE[::-1], BENCH, np.uint8)
    write_y4m([bench] * 5, tmp_path / "bench.y4m")
    async with house.phone(camera=tmp_path / "bench.y4m") as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scan")
        await expect(phone.at("said")).to_contain_text("Nothing read yet")
        await phone.tap("look-longer")
        await expect(phone.at("error-summary")).to_contain_text("No code")
