"""A camera's view of a label, and films of it for browsers that take a file for their camera."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from scanner.picture import Grey

FRAME_SIZE = (1280, 720)
FRAMES_PER_SECOND = 10
BENCH = 70
"""Grey level of what the label lies on."""


def scene(
    label: Grey,
    *,
    size: tuple[int, int] = FRAME_SIZE,
    fill: float = 0.85,
    angle_deg: float = 0.0,
    shift: tuple[float, float] = (0.0, 0.0),
    blur_px: float = 0.0,
    noise: float = 0.0,
    shade: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Grey:
    """Lay `label` on a dark bench and photograph it: grey, `size` is (width, height).

    `fill`: share of the frame's largest centred square that the turned label takes, so that a phone held
    upright, which shows only the middle of a wide frame, has it whole. `shift` in pixels. `blur_px`,
    `noise`: standard deviations in pixels and grey levels (noise needs `rng`). `shade`: how much darker,
    0 to 1, the right edge is than the left.
    """
    width, height = size
    turn = np.deg2rad(angle_deg)
    cos, sin = abs(np.cos(turn)), abs(np.sin(turn))
    tall, wide = label.shape
    factor = fill * min(size) / max(wide * cos + tall * sin, wide * sin + tall * cos)
    affine = cv2.getRotationMatrix2D((wide / 2, tall / 2), angle_deg, factor)
    affine[:, 2] += (width / 2 - wide / 2 + shift[0], height / 2 - tall / 2 + shift[1])
    # INTER_AREA does not exist for warps: smooth first what will be shrunk.
    smooth = cv2.GaussianBlur(label, (0, 0), 0.35 / factor) if factor < 0.7 else label
    turned = cv2.warpAffine(smooth, affine, size, flags=cv2.INTER_LINEAR, borderValue=(BENCH,))
    blurred = cv2.GaussianBlur(turned, (0, 0), blur_px) if blur_px > 0 else turned
    view = np.asarray(blurred, np.float32) * np.linspace(1.0, 1.0 - shade, width, dtype=np.float32)
    if noise > 0 and rng is not None:
        view += rng.normal(0.0, noise, view.shape).astype(np.float32)
    return np.clip(view, 0, 255).astype(np.uint8)


def camera_film(
    labels: Sequence[Grey],
    path: Path,
    size: tuple[int, int] = FRAME_SIZE,
    *,
    rng: np.random.Generator,
    frames_each: int = 20,
    frames_between: int = 5,
) -> None:
    """Film the labels one after the other, in a hand that trembles, with an empty bench between them.

    Writes YUV4MPEG2 (4:2:0, 10 frames a second, about 1.4 MB a frame of 1280 x 720), which Chromium plays
    in a circle for `--use-file-for-fake-video-capture=PATH`. One label alone stays in view throughout.
    """
    write_y4m(_frames(labels, size, rng, frames_each, frames_between), path, size)


def _frames(
    labels: Sequence[Grey], size: tuple[int, int], rng: np.random.Generator, each: int, between: int
) -> Iterable[Grey]:
    empty = np.full((size[1], size[0]), BENCH, np.uint8)
    for label in labels:
        for _ in range(each):
            dx, dy, angle = rng.normal(0.0, (3.0, 3.0, 0.8))
            yield scene(label, size=size, angle_deg=angle, shift=(dx, dy), noise=4.0, shade=0.2, rng=rng)
        if len(labels) > 1:
            yield from [empty] * between


def write_y4m(frames: Iterable[Grey], path: Path, size: tuple[int, int] = FRAME_SIZE) -> None:
    """Grey frames, each height x width of `size` with even sides, as a film without colour."""
    width, height = size
    # Video levels: luma 16..235, and 128 for "no colour" in both quarter-size chroma planes.
    luma = np.round(16 + np.arange(256) * 219 / 255).astype(np.uint8)
    chroma = bytes([128]) * (width * height // 2)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            film.write(b"FRAME\n" + luma[frame].tobytes() + chroma)
