"""The print on a label as lines of text, Chinese and English, whichever way the label lies."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.cli import scan as scan_command
from scanner.draw import draw_label
from scanner.print_text import read_lines
from scanner.problems import UnreadablePicture
from scanner.worker import PRINT, Decoder, read_print_safely
from tests.scanner.test_limits import png_bomb
from tests.scanner.test_scan_command import command

CODE = "(01)09506000134352(17)290314(10)B81-XY"
WORDS = ["一次性使用输液器 Infusion set", "批号 LOT: B81-XY", "生产日期 2026-03-15", "有效期至 2029-03-14"]
LABEL = draw_label(WORDS, CODE, "DataMatrix")


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("turns", range(4))
def test_print_is_read_whichever_way_the_label_lies(turns: int) -> None:
    lines = read_lines(np.ascontiguousarray(np.rot90(LABEL, turns)))
    read = {squeezed(line.text): line for line in lines}
    assert {squeezed(word) for word in WORDS} <= set(read)
    assert min(read[squeezed(word)].score for word in WORDS) > 0.9
    begin, end, _, below = np.array(read["批号LOT:B81-XY"].box)
    along, across = end - begin, below - begin
    assert np.hypot(*along) > 3 * np.hypot(*across)
    assert np.cross(np.append(along, 0), np.append(across, 0))[2] > 0, (
        "down is to the right of the reading direction"
    )
    assert round(float(np.degrees(np.arctan2(along[1], along[0]))) / 90) % 4 == -turns % 4


def test_paper_without_print_has_no_lines() -> None:
    assert read_lines(np.full((300, 500), 255, np.uint8)) == []
    assert read_lines(np.full((3, 5000), 255, np.uint8)) == []


async def test_print_is_read_in_a_process_of_its_own() -> None:
    lines = await read_print_safely(bytes(cv2.imencode(".png", LABEL)[1]))
    assert "批号LOT:B81-XY" in {squeezed(line.text) for line in lines}
    with pytest.raises(UnreadablePicture, match="picture_too_many_pixels"):
        await read_print_safely(png_bomb(16_000, 12_000))


def test_a_picture_full_of_noise_ends_within_the_limits() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (3000, 4000), np.uint8)
    decoder = Decoder(PRINT)
    try:
        decoder.look(bytes(cv2.imencode(".png", noise)[1]), timeout_s=60)
        status = Path(f"/proc/{decoder.pid}/status").read_text()
        peak_kb = int(status.split("VmHWM:")[1].split()[0])
        assert peak_kb < 1_200_000
    finally:
        decoder.close()


def test_the_command_compares_print_and_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), LABEL)
    cv2.imwrite(str(tmp_path / "b.png"), draw_label([*WORDS[:1], "批号 LOT: B87-XY"], CODE, "DataMatrix"))
    assert command(tmp_path, "--json", "--print-text") == 0
    same, other = (json.loads(line)["print"] for line in capsys.readouterr().out.splitlines())
    verdicts = {row["field"]: row["verdict"] for row in same["comparison"]}
    assert verdicts == {
        "device_identifier": "agree",
        "lot": "agree",
        "production_date": "only_printed",
        "expiry": "agree",
    }
    assert {
        "field": "lot",
        "code": "B81-XY",
        "printed": "B87-XY",
        "verdict": "disagree",
        "word": "批号 LOT",
        "how": "after_word",
    } in [
        {**row, "word": "批号 LOT"} if row["word"].startswith("批号") else row for row in other["comparison"]
    ]
    assert same["print_ms"] > 0
    assert command(tmp_path / "b.png", "--print-text") == 0
    assert "disagree     lot                code B81-XY  printed B87-XY" in capsys.readouterr().out


def test_without_the_extra_the_command_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scanner.extras.find_spec", lambda _name: None)
    assert command(tmp_path, "--print-text") == 2
    assert "lotgate[ocr]" in capsys.readouterr().err
    assert scan_command.run.__module__ == "backend.cli.scan"
