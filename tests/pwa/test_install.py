"""The page can be installed on a phone, says Chromium itself."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from playwright.async_api import Page, Playwright, Route

from tests.pwa.house import FLAGS, House


async def errors_of(page: Page, url: str) -> list[str]:
    """What Chromium has against installing it, by its own words."""
    await page.goto(url)
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    session = await page.context.new_cdp_session(page)
    answer = await session.send("Page.getInstallabilityErrors")
    return sorted(error["errorId"] for error in answer["installabilityErrors"])


async def with_manifest(page: Page, **changed: Any) -> None:
    """The page with another manifest."""

    async def answer(route: Route) -> None:
        body = (await (await route.fetch()).json()) | changed
        await route.fulfill(body=json.dumps(body), content_type="application/manifest+json")

    await page.route("**/manifest.webmanifest", answer)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"icons": []}, ["manifest-missing-suitable-icon", "no-acceptable-icon"]),
        ({"display": "browser"}, ["manifest-display-not-supported"]),
    ],
    ids=["as it is", "without icons", "as a tab"],
)
async def test_chromium_would_install_it(
    house: House, playwright: Playwright, tmp_path: Path, changed: dict[str, Any], expected: list[str]
) -> None:
    """The manifests without icons, or for a tab, are the broken twins."""
    browser = os.environ.get("LOTGATE_CHROMIUM") or shutil.which("chromium")
    context = await playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=browser, args=FLAGS
    )
    try:
        page = context.pages[0]
        if changed:
            await with_manifest(page, **changed)
        assert await errors_of(page, house.url) == expected
    finally:
        await context.close()


async def test_the_icons_are_what_the_manifest_says(house: House) -> None:
    async with httpx.AsyncClient(base_url=house.url) as client:
        manifest = (await client.get("/manifest.webmanifest")).raise_for_status().json()
        pictures = {
            icon["src"]: pixels((await client.get(icon["src"])).raise_for_status().content)
            for icon in manifest["icons"]
            if icon["type"] == "image/png"
        }
    assert {manifest["name"], manifest["short_name"]} == {"Lotgate"}
    sizes = {icon["src"]: icon["sizes"] for icon in manifest["icons"]}
    assert {source: f"{each.shape[1]}x{each.shape[0]}" for source, each in pictures.items()} == {
        source: sizes[source] for source in pictures
    }
    assert {"192x192", "512x512"} <= set(sizes.values())
    maskable = [icon["src"] for icon in manifest["icons"] if icon.get("purpose") == "maskable"]
    assert len(maskable) == 1
    assert _fills_its_mask(pictures[maskable[0]])
    assert not _fills_its_mask(pictures["/icons/lotgate-512.png"]), (
        "the round-cornered one is no maskable icon"
    )


def pixels(png: bytes) -> Any:
    """Height x width x 3 or 4, BGR(A)."""
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


def _fills_its_mask(picture: Any) -> bool:
    """Opaque to the corners, and outside of the middle 80 % of its width (the safe zone) one colour only."""
    height, width = picture.shape[:2]
    if picture.shape[2] == 4 and picture[..., 3].min() < 255:
        return False
    y, x = np.mgrid[:height, :width]
    outside = np.hypot(x - width / 2, y - height / 2) > 0.4 * width
    colours = picture[outside][:, :3].astype(int)
    return bool((np.ptp(colours, axis=0) <= 8).all())
