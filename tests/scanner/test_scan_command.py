"""`lotgate scan`, through its parser."""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.cli import scan
from scanner.draw import draw_code


def command(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    scan.add(parser)
    return scan.run(parser.parse_args([str(argument) for argument in arguments]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cv2.imwrite(
        str(tmp_path / "a.png"), np.pad(draw_code("(10)A1(21)S1", "DataMatrix"), 30, constant_values=255)
    )
    (tmp_path / "below").mkdir()
    cv2.imwrite(str(tmp_path / "below" / "empty.JPG"), np.full((200, 200), 255, np.uint8))
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


def test_one_json_line_a_picture(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(folder, "--json") == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["a.png", "empty.JPG"]
    [code] = lines[0]["codes"]
    assert {name: code[name] for name in ("format", "text", "symbology_id", "confirmed", "attempt")} == {
        "format": "DataMatrix",
        "text": "10A1\x1d21S1",
        "symbology_id": "]d2",
        "confirmed": True,
        "attempt": "zx",
    }
    assert len(code["corners"]) == 4 and base64.b64decode(code["raw"]) == b"10A1\x1d21S1"
    assert lines[1]["codes"] == [] and lines[1]["ms"] >= 0


def test_a_table_for_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(folder / "a.png") == 0
    assert "confirmed    DataMatrix   ]d2  10A1␝21S1  [zx]" in capsys.readouterr().out


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = command(folder / "gone.png", folder / "notes.txt", folder / "a.png", "--json")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 2
    assert [line.get("error") for line in lines] == ["file_not_readable", "picture_kind_not_supported", None]


@pytest.mark.proves("LBL-8")
def test_a_code_cannot_command_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "evil.png"
    cv2.imwrite(str(file), draw_code("\x1b]0;owned\x07\n\u202elot", "QRCode"))
    assert command(file) == 0
    printed = capsys.readouterr().out
    assert r"\x1b]0;owned\x07\n\u202elot" in printed
    assert not {"\x1b", "\x07", "\u202e"} & set(printed)


def test_help_loads_no_decoder() -> None:
    program = (
        "import sys, argparse; from backend.cli import scan; p = argparse.ArgumentParser(); scan.add(p);"
        "p.format_help(); print(sorted({'cv2', 'numpy', 'zxingcpp'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
