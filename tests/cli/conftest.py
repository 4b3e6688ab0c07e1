"""`lotgate` on a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.lotgate import Lotgate


@pytest.fixture
def lotgate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lotgate:
    """The command, its data folder not there yet."""
    return Lotgate(tmp_path / "data", monkeypatch, capsys)
