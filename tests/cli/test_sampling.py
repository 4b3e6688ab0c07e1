"""`lotgate sampling`: one plan, or a table of them, answered entirely or not at all."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.lotgate import Lotgate

FACTS = Path(__file__).parents[1] / "domain" / "sampling_facts.csv"
KEYS = ["code_letter", "sample_size", "accept", "reject", "inspect_all"]


@pytest.mark.proves("SMP-2")
async def test_one_plan_as_json_and_as_text(lotgate: Lotgate) -> None:
    said = await lotgate("sampling", "--lot-size", "1200", "--aql", "1.0", "--json")
    assert (said.code, said.err) == (0, "")
    answer = json.loads(said.out)
    assert list(answer) == KEYS
    assert answer == dict(zip(KEYS, ("J", 80, 2, 3, False), strict=True))
    text = (await lotgate("sampling", "--lot-size", "1200", "--aql", "1.0", "--lang", "en")).out
    assert "sample 80" in text and "accept up to 2" in text
    assert "10 of 100 lots are accepted at  6.52" in text
    chinese = (await lotgate("sampling", "--lot-size", "1200", "--aql", "1.0", "--lang", "zh")).out
    assert "样本量 80" in chinese and "每 100 批接收 95 批" in chinese


@pytest.mark.proves("SMP-2")
async def test_the_edition_is_named(lotgate: Lotgate) -> None:
    asked = ("sampling", "--lot-size", "1000", "--aql", "2.5", "--severity", "reduced", "--json")
    iso = json.loads((await lotgate(*asked)).out)
    z14 = json.loads((await lotgate(*asked, "--standard", "z1.4")).out)
    assert (iso["accept"], iso["reject"]) == (3, 4)
    assert (z14["accept"], z14["reject"]) == (2, 5)


def table_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.proves("SMP-2")
async def test_a_table_is_answered_line_by_line(lotgate: Lotgate, tmp_path: Path) -> None:
    facts = table_of(FACTS.read_text())
    asked = tmp_path / "plans.csv"
    asked.write_text(FACTS.read_text().replace("severity,", "type,", 1), encoding="utf-8-sig")
    said = await lotgate("sampling", "--batch", str(asked))
    assert (said.code, said.err) == (0, "")
    answers = table_of(said.out)
    assert list(answers[0]) == ["type", "level", "lot_size", "aql", "n", "ac", "re", "inspect_all"]
    for fact, answer in zip(facts, answers, strict=True):
        assert answer["type"] == fact["severity"]
        assert [answer[name] for name in ("level", "lot_size", "aql", "n", "ac", "re")] == [
            fact[name] for name in ("level", "lot_size", "aql", "n", "ac", "re")
        ]
        last = fact["lot_size"].rstrip("-").split("-")[-1]
        largest = float("inf") if fact["lot_size"].endswith("-") else int(last)
        assert answer["inspect_all"] == ("true" if int(fact["n"]) >= largest else "false")
    lines = (await lotgate("sampling", "--batch", str(asked), "--json")).out.splitlines()
    assert [json.loads(line)["n"] for line in lines] == [int(fact["n"]) for fact in facts]


GOOD = "normal,II,500,1.0\n"
BAD = [
    (GOOD + "normal,II,500,0.3\n", "line 3, column aql", "Take one of"),
    (GOOD + "normal,IV,500,1.0\n", "line 3, column level", "S-1"),
    ("loose,II,500,1.0\n" + GOOD, "line 2, column type", "tightened"),
    (GOOD + "\n" + "normal,II,0,1.0\n", "line 4, column lot_size", "from 1 up"),
    (GOOD + "normal,II,281-501,1.0\n", "line 3, column lot_size", "Split the band"),
    (GOOD + "normal,II\n", "line 3, column lot_size", "no lot size"),
]


@pytest.mark.proves("SMP-3")
@pytest.mark.parametrize(("lines", "place", "way_out"), BAD)
async def test_a_bad_line_is_named_and_nothing_is_answered(
    lotgate: Lotgate, tmp_path: Path, lines: str, place: str, way_out: str
) -> None:
    asked = tmp_path / "plans.csv"
    asked.write_text("type,level,lot_size,aql\n" + lines)
    said = await lotgate("sampling", "--batch", str(asked), "--lang", "en")
    assert (said.code, said.out) == (2, "")
    assert place in said.err and way_out in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"type,level,lot_size\n", "columns are missing: aql"),
        (b"", "columns are missing"),
        (
            b"type,level,lot_size,aql,aql\nnormal,II,500,1.0,2.5\n",
            "line 1: these columns stand there twice: aql",
        ),
        (b"type,level,lot_size,aql\nnormal,II,3,250\nnormal,II,3,250,1.0\n", "line 3: 5 cells for 4 columns"),
        (b'type,level,lot_size,aql\nnormal,II,"500,1.0\n', "line 2: a quotation mark"),
        (b"\x00\xff", "is not text"),
        (None, "cannot be read"),
    ],
)
async def test_a_file_that_is_no_table_is_refused(
    lotgate: Lotgate, tmp_path: Path, content: bytes | None, words: str
) -> None:
    asked = tmp_path / "plans.csv"
    if content is not None:
        asked.write_bytes(content)
    said = await lotgate("sampling", "--batch", str(asked), "--lang", "en")
    assert (said.code, said.out) == (2, "")
    assert words in said.err


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
async def test_a_table_is_read_as_spreadsheets_save_it(
    lotgate: Lotgate, tmp_path: Path, codec: str, separator: str
) -> None:
    asked = tmp_path / "plans.csv"
    rows = (("备注", "aql", "lot_size", "type", "level"), ("原料", "1.0", "1200", "normal", "II"), ())
    asked.write_bytes("\r\n".join(map(separator.join, rows)).encode(codec))
    said = await lotgate("sampling", "--batch", str(asked), "--json")
    assert (said.code, said.err) == (0, "")
    answer = json.loads(said.out)
    assert [answer[name] for name in ("type", "level", "lot_size", "aql")] == ["normal", "II", "1200", "1.0"]
    assert [answer[name] for name in ("n", "ac", "re")] == [80, 2, 3]


@pytest.mark.proves("SMP-3")
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--lot-size", "500", "--aql", "1_5"), "AQL '1_5'"),
        (("--lot-size", "281-501", "--aql", "1.0", "--double"), "Split the band"),
        (("--lot-size", "500", "--aql", "3"), "AQL '3'"),
        (("--lot-size", "500", "--aql", "1.0", "--level", "G2"), "level 'G2'"),
        (("--lot-size", "500", "--aql", "1.0", "--standard", "jis"), "'jis'"),
        (("--lot-size", "no", "--aql", "1.0"), "'no' is no lot size"),
        (("--lot-size", "500"), "--aql is missing"),
    ],
)
async def test_what_the_standard_does_not_print_is_refused(
    lotgate: Lotgate, asked: tuple[str, ...], words: str
) -> None:
    said = await lotgate("sampling", *asked, "--lang", "en")
    assert (said.code, said.out) == (2, "")
    assert words in said.err


@pytest.mark.proves("SMP-2")
async def test_a_double_plan(lotgate: Lotgate) -> None:
    asked = ("sampling", "--double", "--lot-size", "1200", "--aql", "1.0", "--lang", "en")
    answer = json.loads((await lotgate(*asked, "--json")).out)
    assert answer == {
        "code_letter": "J",
        "n1": 50,
        "ac1": 0,
        "re1": 3,
        "n2": 50,
        "ac2": 3,
        "re2": 4,
        "inspect_all": False,
    }
    said = (await lotgate(*asked)).out
    assert "ANSI/ASQ Z1.4" in said and "second sample 50   accept up to 3" in said
    single = json.loads((await lotgate(*asked[:-4], "--aql", "0.015", "--json")).out)
    assert (single["n1"], single["n2"]) == (800, None)
    refused = await lotgate(*asked, "--standard", "iso2859-1")
    assert (refused.code, "Take those of z1.4" in refused.err) == (2, True)


@pytest.mark.proves("SMP-2")
async def test_what_a_table_passes_over_is_said(lotgate: Lotgate, tmp_path: Path) -> None:
    table = tmp_path / "plans.csv"
    table.write_text("type,level,lot_size,aql\nnormal,II,1200,1.0\n")
    plain = await lotgate("sampling", "--batch", str(table))
    said = await lotgate(
        "sampling", "--batch", str(table), "--severity", "reduced", "--aql", "4.0", "--lang", "zh"
    )
    assert (plain.err, said.code, said.out) == ("", 0, plain.out)
    assert "--aql, --severity" in said.err and "以表中每行为准" in said.err
