"""Drawings: well-formed pictures that say what they show."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from backend.domain.control_charts import individuals, signals
from backend.views.drawings import HEIGHT, WIDTH, chart_svg
from tests.cli.lotgate import Lotgate

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("more", [(), ("--double",), ("--severity", "reduced", "--standard", "z1.4")])
async def test_what_a_plan_lets_pass_is_drawn(
    lotgate: Lotgate, tmp_path: Path, more: tuple[str, ...]
) -> None:
    file = tmp_path / "curve.svg"
    said = await lotgate(
        "sampling", "--lot-size", "1200", "--aql", "1.0", "--svg", str(file), "--lang", "zh", *more
    )
    assert said.code == 0, said.err
    drawn = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    line = drawn.find(f"{SVG}polyline")
    assert line is not None
    points = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
    heights = [y for _, y in points]
    assert heights == sorted(heights), "worse quality is accepted less"
    assert len(points) == 101 and all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert "AQL 1.0" in (drawn.findtext(f"{SVG}title") or "")


async def test_a_picture_that_can_not_be_written_is_said(lotgate: Lotgate, tmp_path: Path) -> None:
    said = await lotgate(
        "sampling", "--lot-size", "1200", "--aql", "1.0", "--svg", str(tmp_path / "no" / "x.svg")
    )
    assert (said.code, said.out) == (2, "")
    assert "x.svg" in said.err


def test_a_control_chart_marks_its_signals_and_escapes_its_words() -> None:
    chart = individuals([10.0, 10.1, 9.9, 10.0, 10.1, 13.0])
    found = signals(chart.positions, chart.position)
    assert [signal.point for signal in found] == [5]
    drawn = ElementTree.fromstring(
        chart_svg("<b>Ø</b> & more", chart.positions, chart.position, found, ["<L1>"])
    )
    assert drawn.findtext(f"{SVG}title") == "<b>Ø</b> & more"
    circles = drawn.findall(f"{SVG}circle")
    assert [circle.attrib["class"] for circle in circles] == ["point"] * 5 + ["signal"]
    assert circles[0].findtext(f"{SVG}title") == "<L1>: 10"
    assert {text.text for text in drawn.findall(f"{SVG}text")} >= {"1"}
