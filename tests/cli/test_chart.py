"""`lotgate chart`: NIST's flow rates from a file, and what is no chart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.lotgate import Lotgate

RATES = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
FLOW = "batch,rate\n" + "\n".join(f"{batch},{rate}" for batch, rate in enumerate(RATES, 1))


async def test_nists_flow_rates(lotgate: Lotgate, tmp_path: Path) -> None:
    file, picture = tmp_path / "flow.csv", tmp_path / "flow.svg"
    file.write_text(FLOW)
    asked = ("chart", str(file), "--column", "rate", "--lower", "40", "--upper", "60", "--svg", str(picture))
    said = await lotgate(*asked, "--lang", "en")
    assert (said.code, said.err) == (0, "")
    assert "mean 50.81, control limits 45.8159 to 55.8041" in said.out
    assert "moving range 1.87778" in said.out and "no signal" in said.out
    assert "Cp 2.002  Cpk 1.840" in said.out
    assert picture.read_text().startswith("<svg")
    assert "无异常信号" in (await lotgate(*asked, "--lang", "zh")).out


async def test_a_signal_is_named_with_its_rule(lotgate: Lotgate, tmp_path: Path) -> None:
    file = tmp_path / "jump.csv"
    file.write_text("x\n10\n10.1\n9.9\n10\n10.1\n13\n")
    said = await lotgate("chart", str(file), "--lang", "en")
    assert "value 6 (13): rule 1, beyond a control limit" in said.out


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        ("x\n1\ntwo\n", (), "line 3: 'two' is no number"),
        ("x\n1\nnan\n", (), "line 3: 'nan' is no number"),
        ("x,y\n1,\n", ("--column", "y"), "line 2: '' is no number"),
        ("x\n1\n", (), "two values at least"),
        ("", (), "two values at least"),
        ("x\n1\n2\n", ("--column", "z"), "no column 'z'. It has x"),
        (None, (), "cannot be read"),
    ],
)
async def test_what_makes_no_chart_is_said(
    lotgate: Lotgate, tmp_path: Path, content: str | None, more: tuple[str, ...], words: str
) -> None:
    file = tmp_path / "x.csv"
    if content is not None:
        file.write_text(content)
    said = await lotgate("chart", str(file), *more, "--lang", "en")
    assert (said.code, said.out) == (2, "")
    assert words in said.err
